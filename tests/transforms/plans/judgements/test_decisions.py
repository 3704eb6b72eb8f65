"""decisions.csv: activities cancelled and ends moved after the plan, and rows that are rejected."""

from datetime import date

import pytest

from flows.sources.plans import gather, read_plans
from tests.support.inline_plan import InlinePlan
from transforms.plans.description.document import DecisionRow
from transforms.quality.text import in_language

_HEADING = f"{DecisionRow.heading()}\n"
_ROWS = """1|Data on children (recommendation 1)|Build a database.|2019|AOS|Works.
2|Schools (recommendation 4)|1. Build schools.|2020-2021|MOE|Built.
||2. Paint schools.|2020|MOE|Painted."""
_FIRST, _BUILD = "XKX-CRC-2019-01-01", "XKX-CRC-2019-02-01"
_CANCELLED = f"{_FIRST},2020-03-01,Government,cancelled,,Order No. 12,No money.\n"
_EXTENDED = f"{_BUILD},2021-03-01,Government,extended,2022-06-30,Order No. 13,A flood.\n"


def _plan(rows: str) -> InlinePlan:
    return InlinePlan(_ROWS, tables={"decisions.csv": _HEADING + rows})


def test_both_kinds_are_published_with_their_place() -> None:
    frame = _plan(_EXTENDED + _CANCELLED).read()["activity_decision"]
    rows = frame.sort_values("activity_id").astype(object).where(frame.notna(), None).to_dict("records")
    assert [(row["activity_id"], row["decision_kind"], row["new_end"] and row["new_end"].date()) for row in rows] == [
        (_FIRST, "cancelled", None),
        (_BUILD, "extended", date(2022, 6, 30)),
    ]
    assert [(row["source_file"], row["source_row"]) for row in rows] == [
        ("plans/xkx-plan/decisions.csv", 3),
        ("plans/xkx-plan/decisions.csv", 2),
    ]
    assert (rows[0]["body"], rows[0]["document"], rows[0]["reason"]) == ("Government", "Order No. 12", "No money.")


def test_an_end_is_moved_again_and_cancelled_whatever_the_order_of_the_rows() -> None:
    again = _EXTENDED.replace("2021-03-01", "2022-03-01").replace("2022-06-30", "2024-12-31")
    end = _EXTENDED.replace("2021-03-01", "2023-03-01").replace("extended,2022-06-30", "cancelled,")
    assert len(_plan(end + again + _EXTENDED).read()["activity_decision"]) == 3


def test_without_the_table_there_are_no_decisions() -> None:
    assert len(InlinePlan(_ROWS).read()["activity_decision"]) == 0


REFUSED = {
    "unknown activity": (_CANCELLED.replace("01-01", "01-07"), ["no such activity", '"XKX-CRC-2019-01-07"']),
    "two of one day": (_EXTENDED + _EXTENDED.replace("2022-06", "2023-06"), ["csv:3", "of this day in line 2 already"]),
    "after the end": (
        _CANCELLED + _CANCELLED.replace("2020-03-01", "2020-04-01"),
        ["csv:3", "is cancelled by line 2", '"2020-04-01"'],
    ),
    "extended after it was cancelled": (
        _CANCELLED + _EXTENDED.replace(_BUILD, _FIRST),
        ["csv:3", "is cancelled by line 2", '"2021-03-01"'],
    ),
    "before the plan": (_CANCELLED.replace("2020-03", "2018-03"), ["which begins on 2019-01-01", '"2018-03-01"']),
    "extended without an end": (_EXTENDED.replace("2022-06-30", ""), ["what is extended has a new end"]),
    "cancelled with an end": (_CANCELLED.replace("cancelled,", "cancelled,2022-06-30"), ["what is cancelled has none"]),
    "an end that is none later": (_EXTENDED.replace("2022-06-30", "2021-12-31"), ["had before, 2021-12-31"]),
    "an end before the one that a decision gave": (
        _EXTENDED + _EXTENDED.replace("2021-03", "2022-03").replace("2022-06", "2022-05"),
        ["csv:3", "had before, 2022-06-30", '"2022-05-30"'],
    ),
    "a day of another form": (_CANCELLED.replace("2020-03-01", "01.03.2020"), ["day: it is no day", "2020-03-01"]),
    "a day of no calendar": (_EXTENDED.replace("2022-06-30", "2022-06-31"), ["new_end: it is no day", '"2022-06-31"']),
    "no day": (_CANCELLED.replace("2020-03-01", ""), ["day: it is no day"]),
    "unknown kind": (_CANCELLED.replace("cancelled", "suspended"), ["kind", '"suspended"']),
    "no reason": (_CANCELLED.replace("No money.", ""), ["reason", "it is blank"]),
    "no document": (_CANCELLED.replace("Order No. 12", ""), ["document", "it is blank"]),
    "no body": (_CANCELLED.replace("Government", ""), ["body", "it is blank"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_place_and_remedy(case: str) -> None:
    rows, expected = REFUSED[case]
    (fault,) = _plan(rows).faults()
    assert "plans/xkx-plan/decisions.csv:" in fault
    assert [words for words in expected if words not in fault] == []


def test_all_faults_are_reported_at_once_and_translated() -> None:
    cases = ("unknown activity", "extended without an end", "before the plan")
    problems = gather([read_plans({"plans/xkx-plan": _plan("".join(REFUSED[c][0] for c in cases)).files()})]).problems
    assert [problem.line for problem in problems] == [4, 2, 3]
    for case in ("two of one day", "after the end", "an end that is none later", "a day of another form"):
        problems += gather([read_plans({"plans/xkx-plan": _plan(REFUSED[case][0]).files()})]).problems
    for sentence in (text for problem in problems for text in (problem.what, problem.remedy)):
        assert in_language(sentence, "ru") != sentence != in_language(sentence, "tg")
