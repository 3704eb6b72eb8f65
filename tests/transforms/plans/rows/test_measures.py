"""Measures: the recommendations that they cite, and the cells that they leave blank."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.inline_plan import FIRST_ROW, InlinePlan
from transforms.plans.rows.measures import missing_numbers
from transforms.quality.catalogue import message_in


def cited(*brackets: str) -> InlinePlan:
    """Return a plan whose measures cite these recommendations."""
    rows = [f"{n}|Data (recommendation {b})|Do {n}.|2019|AOS|Done." for n, b in enumerate(brackets, 1)]
    return InlinePlan("\n".join(rows))


def messages(plan: InlinePlan, rule: str) -> list[tuple[int, int, str]]:
    """Return line, places and message of the issues of one rule."""
    return [(i["line_number"], i["places"], i["message"]) for i in plan.issues(rule)]


def test_numbers_that_are_not_cited_are_one_row() -> None:
    ((line, places, message),) = messages(cited("1", "6-7", "9"), "recommendation_not_cited")
    assert (line, places) == (FIRST_ROW + 1, 5)
    assert message == (
        "XKX-CRC-2019 does not cite 5 numbers between 1 and 9: 2-5, 8; the document does not say whether there are "
        "such paragraphs."
    )
    assert messages(cited("3", "4-6"), "recommendation_not_cited") == []


def test_numbers_that_are_cited_again_are_one_row() -> None:
    ((line, places, message),) = messages(cited("1-3", "2", "2 and 3"), "recommendation_cited_twice")
    assert (line, places) == (FIRST_ROW + 1, 3)
    assert message == "XKX-CRC-2019 cites paragraph numbers again 3 times (lines 6-7): 2-3."
    ((line, places, message),) = messages(cited("1, 1"), "recommendation_cited_twice")
    assert (line, places, message) == (FIRST_ROW, 1, "Paragraph 1 is cited on this line twice.")


@given(st.lists(st.integers(1, 60), unique=True, min_size=1).map(sorted))
def test_cited_and_missing_numbers_are_all_between_the_ends(numbers: list[int]) -> None:
    assert sorted([*numbers, *missing_numbers(numbers)]) == list(range(numbers[0], numbers[-1] + 1))


ROWS = """
1|Data (recommendation 1)|1. Build.|regularly|AOS|Built.
||2. Ask.|Regularly|AOS|
||3. Print.||AOS|
2|School (recommendation 2)|Build.|as set|SUE “Water”|Built.
"""
WATER = {
    "agencies.csv": "abbreviation,agency_type,name,reason\nAOS,state_agency,,x\nMOE,ministry,,x\nMOH,ministry,,x\n"
    "SUE-W,state_enterprise,SUE Water,x\n",
    "aliases.csv": "alias,abbreviation,reason\nSUE “Water”,SUE-W,x\n",
}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("period_without_years", [(5, 2, "2 activities, “regularly”"), (8, 1, "1 activity, “as set”")]),
        ("period_blank", [(7, 1, "1 activity has no period (line 7)")]),
        ("result_blank", [(6, 2, "2 activities have no expected result (lines 6-7)")]),
        ("agency_not_in_glossary", [(8, 1, "does not explain SUE Water, which 1 activity names")]),
    ],
)
def test_blank_and_doubtful_cells_are_one_row_a_cause(rule: str, expected: list[tuple[int, int, str]]) -> None:
    plan = InlinePlan(ROWS, periods='"regularly" = "recurring"\n"as set" = "by_procedure"', tables=WATER)
    found = messages(plan, rule)
    assert [(line, places) for line, places, _ in found] == [(line, places) for line, places, _ in expected]
    for (_, _, message), (_, _, words) in zip(found, expected, strict=True):
        assert words in message


def test_days_of_reporting_have_the_name_of_their_month_in_each_language() -> None:
    plan = InlinePlan(ROWS, head='[reporting]\nopens = "10-01"\ndue = "01-31"', tables=WATER,
                      periods='"regularly" = "recurring"\n"as set" = "by_procedure"')  # fmt: skip
    (issue,) = plan.issues("reporting_assumed")
    assert issue["published_value"] == "1 October to 31 January"
    assert "from 1 October of that year to the next 31 January." in issue["message"]
    assert "с 1 октября этого года до ближайшего 31 января." in message_in(
        "ru", issue["message_id"], json.loads(issue["arguments"])
    )
