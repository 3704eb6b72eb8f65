"""recommendation_assessments.csv: grades that persons gave to recommendations, and rows that are rejected."""

import pytest

from flows.sources.plans import gather, read_plans
from schemas.tables import TABLES
from tests.support.inline_plan import InlinePlan
from transforms.indicators.registry import indicators
from transforms.plans.description.document import AssessmentRow, RecommendationRow
from transforms.quality.text import in_language

_ROWS = "1|Data on children (recommendation 9)|Build a database.|2019|AOS|Works."
_PARAGRAPHS = (
    f"{RecommendationRow.heading()}\n"
    "XKX-CRC-2019-R09,CRC/C/XKX/CO/1,final,9,recommendation,,,,,Read.\n"
    "XKX-CRC-2019-R11,CRC/C/XKX/CO/1,final,11,recommendation,,,,,Read.\n"
)
_GRADE = "XKX-CRC-2019-R09,Ombudsman,2021-03-01,A to E,B,No data by age.,Minutes No. 4\n"


def _plan(rows: str) -> InlinePlan:
    tables = {
        "recommendations.csv": _PARAGRAPHS,
        "recommendation_assessments.csv": f"{AssessmentRow.heading()}\n{rows}",
    }
    return InlinePlan(_ROWS, tables=tables)


def test_grades_are_published_as_they_are_written() -> None:
    """Of a paragraph that no measure cites, too; of two assessors, on two scales, and on two days."""
    others = (
        ("R09", "R11"), ("Ombudsman", "Commission"), ("A to E", "0 to 4"),
        ("2021-03-01,A to E,B", "2022-03-01,A to E,A"),
    )  # fmt: skip
    frame = _plan(_GRADE + "".join(_GRADE.replace(*pair) for pair in others)).read()["recommendation_assessment"]
    assert len(frame) == 5
    (row,) = frame[frame["grade"] == "A"].astype({"assessed_on": str}).to_dict("records")
    assert row == {
        "paragraph_id": "XKX-CRC-2019-R09", "assessor": "Ombudsman", "scale": "A to E", "assessed_on": "2022-03-01",
        "grade": "A", "reason": "No data by age.", "source": "Minutes No. 4",
        "source_file": "plans/xkx-plan/recommendation_assessments.csv", "source_row": 6,
    }  # fmt: skip


def test_nothing_is_computed_from_a_grade_or_into_one() -> None:
    assert len(InlinePlan(_ROWS).read()["recommendation_assessment"]) == 0
    assert [file.name for file in indicators() if "recommendation_assessment" in file.sql] == []
    personal = {c.name for c in TABLES["recommendation_assessment"].columns if c.personal}
    assert personal == {"assessor", "reason"}


REFUSED = {
    "unknown paragraph": (_GRADE.replace("R09", "R10"), ["csv:2", "no measure cites XKX-CRC-2019-R10"]),
    "two grades of one day": (_GRADE + _GRADE.replace(",B,", ",C,"), ["csv:3", "line 2 has the grade", "a later day"]),
    "no assessor": (_GRADE.replace("Ombudsman", ""), ["assessor", "it is blank"]),
    "no scale": (_GRADE.replace("A to E", ""), ["scale", "it is blank"]),
    "no grade": (_GRADE.replace(",B,", ",,"), ["grade", "it is blank"]),
    "no reason": (_GRADE.replace("No data by age.", ""), ["reason", "it is blank"]),
    "no source": (_GRADE.replace("Minutes No. 4", ""), ["source", "it is blank"]),
    "no day": (_GRADE.replace("2021-03-01", "2021"), ["day: it is no day", "2020-03-01"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_place_and_remedy(case: str) -> None:
    rows, expected = REFUSED[case]
    (fault,) = _plan(rows).faults()
    assert "plans/xkx-plan/recommendation_assessments.csv:" in fault
    assert [words for words in expected if words not in fault] == []


def test_all_faults_are_reported_at_once_and_translated() -> None:
    rows = _GRADE + REFUSED["unknown paragraph"][0] + _GRADE
    problems = gather([read_plans({"plans/xkx-plan": _plan(rows).files()})]).problems
    assert [problem.line for problem in problems] == [3, 4]
    for sentence in (text for problem in problems for text in (problem.what, problem.remedy)):
        assert in_language(sentence, "ru") != sentence != in_language(sentence, "tg")
