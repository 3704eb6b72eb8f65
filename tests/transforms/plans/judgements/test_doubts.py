"""doubts.csv: printed cells that a reader doubts; they are published as printed, and flagged."""

import pytest

from tests.support.inline_plan import InlinePlan
from transforms.plans.description.document import DoubtRow

_ROWS = "1|Data (recommendation 1)|Build a database.|2019|AOS, MOE|Works."
_SUMMARY = "XKX-CRC-2019-01,summary,Data (recommendation 1),Its topic is that of 5.\n"


def _plan(rows: str, **tables: str) -> InlinePlan:
    return InlinePlan(_ROWS, tables={"doubts.csv": f"{DoubtRow.heading()}\n{rows}", **tables})


@pytest.mark.parametrize(
    ("row", "printed", "activity_id"),
    [
        (_SUMMARY, "Data (recommendation 1)", None),
        ("XKX-CRC-2019-01-01,activity_text,Build a database.,Which?\n", "Build a database.", "XKX-CRC-2019-01-01"),
        ('XKX-CRC-2019-01-01,agencies,"AOS, MOE",Why MOE?\n', "AOS, MOE", "XKX-CRC-2019-01-01"),
        ("XKX-CRC-2019-01-01,period_text,2019,So early?\n", "2019", "XKX-CRC-2019-01-01"),
        ("XKX-CRC-2019-01-01,expected_result,Works.,What does?\n", "Works.", "XKX-CRC-2019-01-01"),
    ],
)
def test_a_doubted_cell_is_published_as_printed_and_flagged(row: str, printed: str, activity_id: str | None) -> None:
    (issue,) = _plan(row).issues("print_doubted")
    assert (issue["source_value"], issue["published_value"]) == (printed, printed)
    assert issue["activity_id"] == activity_id or (activity_id is None and issue["activity_id"] != issue["activity_id"])
    assert row.rstrip().endswith(issue["message"].partition("A reader doubts it: ")[2])
    assert _plan(row).activities() == InlinePlan(_ROWS).activities()


REFUSED = {
    "print that has changed": (
        _SUMMARY.replace("Data", "Dates"),
        "does not match the document (any more), which prints",
    ),
    "unknown id": (_SUMMARY.replace("2019-01", "2019-02"), "does not match the document (any more)"),
    "declared again": (_SUMMARY + _SUMMARY, "declared again in line 3"),
    "unknown column": (_SUMMARY.replace("summary", "title"), "column_name"),
    "no reason": (_SUMMARY.replace("Its topic is that of 5.", ""), "reason"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    rows, words = REFUSED[case]
    (fault,) = _plan(rows).faults()
    assert "plans/xkx-plan/doubts.csv:" in fault
    assert words in fault


def test_a_cell_that_is_corrected_is_not_doubted_too() -> None:
    corrections = (
        "id,column_name,old_value,new_value,reason\n"
        "XKX-CRC-2019-01,summary,Data (recommendation 1),Data (recommendation 5),Why.\n"
    )
    (fault,) = _plan(_SUMMARY, **{"corrections.csv": corrections}).faults()
    assert "doubts.csv:2: the case of XKX-CRC-2019-01 does not match the document" in fault
