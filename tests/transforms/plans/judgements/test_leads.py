"""leads.csv: the agency that leads an activity, by a document, and rows that are rejected."""

import pytest

from flows.sources.plans import gather, read_plans
from tests.support.inline_plan import InlinePlan
from transforms.plans.description.document import LeadRow
from transforms.quality.text import in_language

_HEADING = f"{LeadRow.heading()}\n"
_ROWS = """1|Data on children (recommendation 1)|Build a database.|2019|AOS, relevant ministries|Works.
2|Schools (recommendation 4)|Build schools.|2020|MOE, AOS|Built."""
_AGENCIES = """abbreviation,agency_type,name,reason
AOS,state_agency,,x
MOE,ministry,,x
MOH,ministry,,x
RM,collective,relevant ministries,x
"""
_LEAD = "XKX-CRC-2019-02-01,XKX-AOS,Order No. 12\n"


def _plan(rows: str) -> InlinePlan:
    aliases = "alias,abbreviation,reason\nrelevant ministries,RM,x\n"
    tables = {"leads.csv": _HEADING + rows, "agencies.csv": _AGENCIES, "aliases.csv": aliases}
    return InlinePlan(_ROWS, tables=tables)


def test_the_lead_and_its_document_are_columns_of_the_responsible_agencies() -> None:
    frame = _plan(_LEAD).read()["bridge_activity_agency"]
    rows = frame[["activity_id", "agency_id", "is_lead", "lead_document"]].itertuples(index=False, name=None)
    assert {row[:2] for row in rows if row[2]} == {("XKX-CRC-2019-02-01", "XKX-AOS")}
    assert frame["lead_document"].dropna().tolist() == ["Order No. 12"]


REFUSED = {
    "unknown activity": (_LEAD.replace("02-01", "03-01"), ["no such activity", '"XKX-CRC-2019-03-01"']),
    "agency that is not responsible": (_LEAD.replace("AOS", "MOH"), ["not responsible for", "XKX-MOE, XKX-AOS"]),
    "abbreviation instead of the id": (_LEAD.replace("XKX-AOS", "AOS"), ["not responsible for", "XKX-MOE, XKX-AOS"]),
    "two leads": (_LEAD + _LEAD.replace("AOS", "MOE"), ["leads.csv:3", "has a lead in line 2 already", '"XKX-MOE"']),
    "collective": (_LEAD.replace("02-01,XKX-AOS", "01-01,XKX-RM"), ["no single body", '"XKX-RM"']),
    "no document": (_LEAD.replace("Order No. 12", ""), ["document", "it is blank"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_place_and_remedy(case: str) -> None:
    rows, expected = REFUSED[case]
    (fault,) = _plan(rows).faults()
    assert "plans/xkx-plan/leads.csv:" in fault
    assert [words for words in expected if words not in fault] == []


def test_all_faults_are_reported_at_once_and_translated() -> None:
    cases = ("unknown activity", "agency that is not responsible", "collective")
    rows = "".join(REFUSED[case][0] for case in cases) + _LEAD
    problems = gather([read_plans({"plans/xkx-plan": _plan(rows).files()})]).problems
    assert [problem.line for problem in problems] == [2, 3, 4, 5]
    for sentence in (text for problem in problems for text in (problem.what, problem.remedy)):
        assert in_language(sentence, "ru") != sentence != in_language(sentence, "tg")
