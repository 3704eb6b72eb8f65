"""Windows before the approval, and years in a text that end before the window."""

import pytest

from tests.support.inline_plan import FIRST_ROW, InlinePlan

ROWS = """
1|Data (recommendation 1)|1. Build it.|2019|AOS|Built.
||2. Ask.|regularly|MOE|Asked.
||3. Print.|2020|MOE|Printed.
"""
APPROVED = 'approved_on = {day}\napproved_by = "The Chair"'


@pytest.mark.parametrize(
    ("day", "places", "first_day"),
    [("2019-04-19", 2, "2019-01-01"), ("2019-01-01", 0, ""), ("2020-06-01", 3, "2019-01-01"), ("", 0, "")],
)
def test_windows_that_begin_before_the_approval(day: str, places: int, first_day: str) -> None:
    issues = InlinePlan(ROWS, head=APPROVED.format(day=day) if day else "").issues("window_before_approval")
    assert [(i["places"], i["line_number"], i["column_name"]) for i in issues] == (
        [(places, FIRST_ROW, "window_start")] if places else []
    )
    for issue in issues:
        assert issue["message"].startswith(f"XKX-CRC-2019 was approved on {day}: {places} windows begin before")
        assert issue["message"].endswith(f"the first on {first_day}.")


@pytest.mark.parametrize(
    ("text", "period", "years"),
    [
        ("Follow the programme for 2017–2020.", "regularly", "2017–2020"),
        ("Follow the programme for 2010-2015.", "2019-2020", "2010-2015"),
        ("Follow the programmes for 2010-2015 and 2016- 2018.", "2019", "2010-2015, 2016- 2018"),
        ("Follow the programmes for 2016-2018 and 2019-2023.", "regularly", None),
        ("Follow the programme for 2017-2020.", "2019-2020", None),
        ("Follow the programme for 2017-2020.", "2019", None),
        ("Follow the law of 2017, no. 2020-2017, and the plan to 2030.", "regularly", None),
    ],
)
def test_years_that_end_before_the_window(text: str, period: str, years: str | None) -> None:
    for cells in (f"{text}|{period}|AOS|Done.", f"Do it.|{period}|AOS|{text}"):
        issues = InlinePlan(f"1|Data (recommendation 1)|{cells}").issues("years_end_before_window")
        assert [(i["source_value"], i["column_name"], i["line_number"]) for i in issues] == (
            [(years, "window_end", FIRST_ROW)] if years else []
        )
