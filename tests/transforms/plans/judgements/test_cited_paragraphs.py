"""recommendations.csv: what cited paragraphs hold, those that no measure cites, and rows that are rejected."""

import csv
from collections import Counter
from typing import Any

import duckdb
import pytest

from flows.sources.files import read_inputs
from flows.sources.plans import Plans, gather, read_plans
from tests.support.inline_plan import InlinePlan
from tests.support.paths import ROOT
from transforms.plans.description.document import RecommendationRow
from transforms.quality.text import in_language

_HEADING = f"{RecommendationRow.heading()}\n"
_PLAN = "XKX-CRC-2019"
_ROWS = """1|Data (recommendation 1 and 3)|Build a database.|2019|AOS|Works.
2|Schools (recommendation 4)|Build schools.|2020|MOE|Built."""
_THIRD = f"{_PLAN}-R03,CRC/C/XKX/CO/1,final,9 (b),recommendation,,,https://example.org/co,,Read there.\n"


def _plan(rows: str) -> InlinePlan:
    return InlinePlan(_ROWS, tables={"recommendations.csv": _HEADING + rows})


def _described(rows: str) -> dict[str, Any]:
    frame = _plan(rows).read()["dim_recommendation"]
    return {row["recommendation_id"]: row for row in frame.astype(object).to_dict("records")}


def test_a_row_fills_the_columns_of_the_cited_paragraph_and_of_no_other() -> None:
    described = _described(_THIRD)
    third = described[f"{_PLAN}-R03"]
    assert (third["symbol"], third["paragraph"], third["kind"]) == ("CRC/C/XKX/CO/1", "9 (b)", "recommendation")
    assert (third["document_version"], third["source_url"]) == ("final", "https://example.org/co")
    assert third["reason"] == "Read there."
    for blank in ("text", "language", "uhri_id"):
        assert third[blank] is None or third[blank] != third[blank], blank
    first = described[f"{_PLAN}-R01"]
    assert all(first[column] != first[column] for column in RecommendationRow.heading().split(",")[1:])


def test_without_the_table_nothing_is_said() -> None:
    frames = InlinePlan(_ROWS).read()
    assert frames["dim_recommendation"]["recommendation_number"].tolist() == [1, 3, 4]
    assert frames["dim_recommendation"]["symbol"].isna().all()
    assert len(frames["uncited_paragraph"]) == 0
    rules = {"cited_paragraph_without_recommendation", "recommendation_without_measure"}
    assert not rules & set(frames["quality_issue"]["rule"])


def test_a_text_is_the_documents_own_with_its_source() -> None:
    with_text = _THIRD.replace("recommendation,,,", 'recommendation,"The State party, it says, should count.",en,')
    assert _described(with_text)[f"{_PLAN}-R03"]["text"] == "The State party, it says, should count."


def test_paragraphs_that_no_measure_cites_are_apart_and_the_recommendations_among_them_are_flagged_once() -> None:
    uncited = "".join(
        f"{_PLAN}-R{number:02},CRC/C/XKX/CO/1,final,{number},{kind},,,,,Why.\n"
        for number, kind in ((2, "recommendation"), (5, "recommendation"), (6, "procedural"), (7, ""))
    )
    plan = _plan(_THIRD + uncited)
    assert plan.read()["uncited_paragraph"]["reference"].tolist() == [
        f"{_PLAN}-R{number:02}" for number in (2, 5, 6, 7)
    ]
    assert plan.read()["dim_recommendation"]["recommendation_number"].tolist() == [1, 3, 4]
    (issue,) = plan.issues("recommendation_without_measure")
    assert (
        issue["message"] == f"2 recommendations of CRC/C/XKX/CO/1 are cited by no measure of {_PLAN}: paragraphs 2, 5."
    )
    assert issue["places"] == 2


@pytest.mark.parametrize(
    ("doubt", "is_named"),
    [
        (f"{_PLAN}-01,summary,Data (recommendation 1 and 3),Probably 2.", True),
        (f"{_PLAN}-01-01,expected_result,Works.,It may not.", False),
    ],
)
def test_where_a_summary_is_doubted_both_sentences_name_the_doubt(doubt: str, is_named: bool) -> None:
    first = _THIRD.replace("R03", "R01").replace("9 (b),recommendation", "1,introductory")
    second = _THIRD.replace("R03", "R02").replace("9 (b)", "2")
    doubts = f"id,column_name,printed_value,reason\n{doubt}\n"
    plan = InlinePlan(_ROWS, tables={"recommendations.csv": _HEADING + first + second, "doubts.csv": doubts})
    for rule in ("cited_paragraph_without_recommendation", "recommendation_without_measure"):
        (issue,) = plan.issues(rule)
        assert issue["message"].endswith("see print_doubted.") == is_named


def test_cited_paragraphs_without_a_recommendation_are_flagged_once_with_their_lines() -> None:
    first = _THIRD.replace("R03", "R01").replace("9 (b),recommendation", "1,introductory")
    fourth = _THIRD.replace("R03", "R04").replace("9 (b),recommendation", "4,concern")
    (issue,) = _plan(first + _THIRD + fourth).issues("cited_paragraph_without_recommendation")
    assert (
        issue["message"]
        == f"By recommendations.csv, 2 of 3 paragraphs that {_PLAN} cites hold no recommendation: 1, 4; "
        "`reason` in dim_recommendation says how each is known."
    )
    assert (issue["line_number"], issue["places"]) == (5, 2)
    unknown = fourth.replace("concern", "")
    (issue,) = _plan(first + unknown).issues("cited_paragraph_without_recommendation")
    assert "1 of 1 paragraphs" in issue["message"]


def _real_plans(more: str) -> Plans:
    """Return the real document with more rows in recommendations.csv."""
    files = {path.name: path.read_bytes() for path in (ROOT / "raw/plans/tjk-npa-2018").iterdir()}
    files["recommendations.csv"] += more.encode()
    return gather([read_plans({"plans/tjk-npa-2018": files})])


def test_each_plan_of_a_document_has_its_own_cited_paragraphs() -> None:
    row = "TJK-OPSC-2018-R{0:02},CRC/C/OPSC/TJK/CO/1,final,{0},{1},,,,,Why.\n"
    plans = _real_plans(row.format(7, "introductory") + row.format(8, "recommendation"))
    said = {
        rule: [issue["message"] for issue in plans.rows.of("quality_issue") if issue["rule"] == rule]
        for rule in ("cited_paragraph_without_recommendation", "recommendation_without_measure")
    }
    with_kind, (first, second) = said.values()
    assert ["7 of 45" in with_kind[0], "1 of 1" in with_kind[1]] == [True, True]
    assert first.startswith("3 recommendations of CRC/C/TJK/CO/3-5 are cited by no measure of TJK-CRC-2018")
    assert second.startswith("1 recommendation of CRC/C/OPSC/TJK/CO/1 is cited by no measure of TJK-OPSC-2018")


def test_a_document_that_another_plan_cites_is_none_of_the_plan() -> None:
    (problem,) = _real_plans("TJK-OPSC-2018-R08,CRC/C/TJK/CO/3-5,final,99,recommendation,,,,,Why.\n").problems
    assert "the plan cites no other paragraph of CRC/C/TJK/CO/3-5" in str(problem)


_TEXT = _THIRD.replace("recommendation,,,", "recommendation,Count.,en,")
REFUSED = {
    "twice": (_THIRD + _THIRD, ["recommendations.csv:3", "the reference has two rows"]),
    "no such plan": (_THIRD.replace("XKX-CRC", "XKX-OPAC"), ["no such plan", '"XKX-OPAC-2019-R03"']),
    "stale": (_THIRD.replace("R03", "R08"), [f"no measure cites {_PLAN}-R08 (any more)", "CRC/C/XKX/CO/1"]),
    "uncited, of another document": (
        _THIRD + _THIRD.replace("R03", "R08").replace("CO/1", "CO/2"),
        ["recommendations.csv:3", "no other paragraph of CRC/C/XKX/CO/2"],
    ),
    "uncited, of a cited paragraph": (
        _THIRD + _THIRD.replace("R03", "R08"),
        ["recommendations.csv:3", "another row says that the plan cites paragraph 9 (b) of CRC/C/XKX/CO/1"],
    ),
    "two references of one paragraph": (
        _THIRD + _THIRD.replace("R03", "R04"),
        ["recommendations.csv:3", f"{_PLAN}-R04 is paragraph 9 (b) of CRC/C/XKX/CO/1, but so is {_PLAN}-R03"],
    ),
    "text without language": (_TEXT.replace(",en,", ",,"), ["text and language stand together"]),
    "language without text": (_TEXT.replace("Count.", ""), ["text and language stand together"]),
    "text without version": (_TEXT.replace("final", ""), ["the text of the paragraph has no source"]),
    "text without address": (_TEXT.replace("https://example.org/co", ""), ["the text of the paragraph has no source"]),
    "reference of another form": (_THIRD.replace("R03", "R3"), ["reference"]),
    "reference with a needless zero": (_THIRD.replace("R03", "R003"), ["reference"]),
    "symbol without parts": (_THIRD.replace("CRC/C/XKX/CO/1", "CRC"), ["symbol"]),
    "paragraph in words": (_THIRD.replace("9 (b)", "nine"), ["paragraph"]),
    "paragraph zero": (_THIRD.replace("9 (b)", "0"), ["paragraph"]),
    "unknown version": (_THIRD.replace("final", "draft"), ["document_version"]),
    "unknown kind": (_THIRD.replace("recommendation,", "advice,"), ["kind"]),
    "language in words": (_TEXT.replace(",en,", ",English,"), ["language"]),
    "address of another kind": (_THIRD.replace("https://", "file://"), ["source_url"]),
    "address with a blank": (_THIRD.replace("/co", "/the co"), ["source_url"]),
    "no reason": (_THIRD.replace("Read there.", " "), ["reason: it is blank", "Write why."]),
    "a reason to be filled in": (_THIRD.replace("Read there.", "<reason>"), ["reason"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_place_and_remedy(case: str) -> None:
    rows, expected = REFUSED[case]
    (fault,) = _plan(rows).faults()
    assert "plans/xkx-plan/recommendations.csv:" in fault
    assert [words for words in expected if words not in fault] == []


def test_blank_lines_are_no_rows() -> None:
    plan = _plan(f"\n{_THIRD}\n{',' * 9}\n  \n\n")
    assert plan.faults() == []
    assert len(plan.read()["dim_recommendation"].dropna(subset="symbol")) == 1


def test_sentences_are_translated() -> None:
    cases = ("no such plan", "uncited, of another document", "twice")
    rows = REFUSED["text without version"][0].replace("R03", "R01").replace("9 (b)", "1") + "".join(
        REFUSED[case][0] for case in cases
    )
    rows += REFUSED["text without language"][0].replace("R03", "R04").replace("9 (b)", "4")
    problems = gather([read_plans({"plans/xkx-plan": _plan(rows).files()})]).problems
    assert [problem.line for problem in problems] == [2, 3, 5, 6, 7, 8]
    for sentence in (text for problem in problems for text in (problem.what, problem.remedy)):
        assert in_language(sentence, "ru") != sentence != in_language(sentence, "tg")


def test_every_paragraph_of_the_real_document_has_one_row_and_no_text() -> None:
    path = ROOT / "raw/plans/tjk-npa-2018/recommendations.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["paragraph"] for row in rows] == [str(number) for number in range(1, 54)]
    assert [row["reference"] for row in rows] == [f"TJK-CRC-2018-R{number:02}" for number in range(1, 54)]
    assert {row["text"] for row in rows} == {""}  # the document itself was not at hand
    assert all(row["source_url"] or row["reason"].startswith("Inferred") for row in rows)


def test_the_real_release_says_which_cited_paragraphs_hold_a_recommendation(con: duckdb.DuckDBPyConnection) -> None:
    kinds = con.execute("SELECT plan_id, kind FROM recommendation_coverage").fetchall()
    known = Counter(kind for plan, kind in kinds if plan == "TJK-CRC-2018")
    assert known == {"recommendation": 38, "concern": 6, "introductory": 1}
    assert {kind for plan, kind in kinds if plan != "TJK-CRC-2018"} == {None}
    uncited = con.execute("SELECT paragraph, kind FROM uncited_paragraph ORDER BY reference").fetchall()
    assert [paragraph for paragraph, kind in uncited if kind == "recommendation"] == ["5", "49", "50"]
    assert [paragraph for paragraph, _ in uncited] == ["2", "3", "4", "5", "49", "50", "52", "53"]
    messages = con.execute("SELECT message FROM quality_issue WHERE rule = 'cited_paragraph_without_recommendation'")
    ((message,),) = messages.fetchall()
    assert "hold no recommendation: 1, 21, 24, 28, 30, 32, 46; `reason` in" in message
    assert message.endswith(": see print_doubted.")  # 1 is probably a misprint for 5


def test_the_map_of_the_founders_is_in_the_table() -> None:
    shared = ROOT.parent / "shared" / "monitoring" / "recommendations_map.csv"
    if not shared.exists():
        pytest.skip("the map lies beside the repository, not in it")
    with shared.open(encoding="utf-8", newline="") as file:
        wanted = {row["number"]: row["kind"] for row in csv.DictReader(file)}
    plans = gather([read_plans(read_inputs(ROOT / "raw").folders())])
    rows = [*plans.rows.of("uncited_paragraph"), *plans.rows.of("dim_recommendation")]
    known = {row["paragraph"]: row for row in rows if row["symbol"]}
    assert known.keys() == wanted.keys()
    for number, kind in wanted.items():
        assert known[number]["kind"] == kind.split(" ")[0]
        if "inferred" in kind:
            assert "nferred" in known[number]["reason"]
