"""A plan that is reported on by half-years: slots, reports, states, and what years still mean."""

from pathlib import Path

import pytest

from flows.refresh.build.indicators import fill_indicators
from flows.refresh.cache import NO_CACHE
from tests.support.inline_plan import InlinePlan
from tests.support.judged_reports import DAYS, HEADINGS, MOE, ROWS, judged
from transforms.plans.description.document import DecisionRow

HALVES = """[reporting]
first_half = { opens = "06-15", due = "07-31" }
second_half = { opens = "01-10", due = "02-10" }
"""
PLAN = InlinePlan(ROWS, head=HALVES, periods="")
ALWAYS = InlinePlan(ROWS.replace("2019-2020", "regularly"), head=HALVES)


def _report(*rows: tuple[str, str, str], agency: str = "MOE") -> dict[str, str]:
    lines = (f"XKX-CRC-2019-01-01,XKX-{agency},{period},{day},{status}," for period, day, status in rows)
    return {f"{agency}.csv": "\n".join([HEADINGS, *lines])}


def test_two_slots_a_year(tmp_path: Path) -> None:
    files = _report(("I полугодие 2019", "2019-07-31", "in_progress"), ("2019-H2", "2020-02-11", "in_progress"))
    with judged(PLAN, tmp_path, files) as con:
        assert con.execute("""
            SELECT time_period, opens_on::VARCHAR, due_on::VARCHAR, filled_on::VARCHAR, is_on_time
            FROM fact_reporting_slot WHERE agency_id = 'XKX-MOE' ORDER BY 1""").fetchall() == [
            ("2019-S1", "2019-06-15", "2019-07-31", "2019-07-31", True),
            ("2019-S2", "2020-01-10", "2020-02-10", "2020-02-11", False),
            ("2020-S1", "2020-06-15", "2020-07-31", None, False),
            ("2020-S2", "2021-01-10", "2021-02-10", None, False),
        ]
        assert con.execute("SELECT time_period, effective_on::VARCHAR FROM fact_progress ORDER BY 1").fetchall() == [
            ("2019-S1", "2019-06-30"), ("2019-S2", "2019-12-31")
        ]  # fmt: skip
        assert con.execute("""
            SELECT time_period, start_date::VARCHAR, end_date::VARCHAR FROM dim_time_period
            WHERE frequency = 'S' AND time_period < '2020' ORDER BY 1""").fetchall() == [
            ("2019-S1", "2019-01-01", "2019-06-30"), ("2019-S2", "2019-07-01", "2019-12-31")
        ]  # fmt: skip
        # The whole year: from the opening of its first half to the end of its second.
        assert con.execute("""
            SELECT report_opens_on::VARCHAR, report_due_on::VARCHAR FROM fact_activity_year
            WHERE time_period = '2019'""").fetchall() == [("2019-06-15", "2020-02-10")]


@pytest.mark.parametrize(("new_end", "last"), [("2024-06-30", "2024-S1"), ("2024-07-01", "2024-S2")])
def test_an_extension_into_a_half_asks_for_no_later_one(new_end: str, last: str, tmp_path: Path) -> None:
    decided = f"XKX-CRC-2019-01-01,2019-06-01,Government,extended,{new_end},Order,A flood.\n"
    tables = {"decisions.csv": f"{DecisionRow.heading()}\n{decided}"}
    plan = InlinePlan(ROWS, head=HALVES, periods="", tables=tables)
    with judged(plan, tmp_path, _report(), as_of="2024-12-31") as con:
        assert con.execute("SELECT max(time_period) FROM dim_reporting_period").fetchall() == [(last,)]
        assert con.execute("SELECT max(time_period) FROM fact_reporting_slot").fetchall() == [(last,)]
        # The year is final once its last report is late.
        sql = "SELECT DISTINCT obs_status FROM indicators_at(DATE '2024-12-31') WHERE time_period = '2024'"
        assert con.execute(sql).fetchall() == [("A" if last == "2024-S1" else "P",)]


def test_the_later_half_decides_and_a_report_about_it_counts_for_its_year(tmp_path: Path) -> None:
    """The second half is reported on before a correction of the first."""
    files = _report(("2019-S1", "2020-03-01", "not_started"), ("2019-S2", "2020-02-01", "delivered"))
    with judged(ALWAYS, tmp_path, files) as con:
        for day, status in (("2019-06-30", "not_started"), ("2019-12-31", "delivered"), ("2020-12-31", "delivered")):
            found = con.execute(
                f"SELECT reported_status FROM activity_status(DATE '{day}', DATE '2021-01-01')"
            ).fetchall()
            assert found == [(status,)], day
        fill_indicators(con, "2021-06-30", NO_CACHE)
        assert con.execute("""
            SELECT time_period, numerator, denominator FROM fact_indicator
            WHERE indicator_id = 'CONTINUOUS_DELIVERY_RATE' AND plan_id = '_T' AND agency_id = '_T'
            ORDER BY 1""").fetchall() == [("2019", 1, 1), ("2020", 0, 1)]


def test_no_slot_after_the_own_completion_in_the_half_before(tmp_path: Path) -> None:
    files = _report(("2019-S1", "2019-06-20", "completed"))
    with judged(PLAN, tmp_path, files) as con:
        sql = "SELECT DISTINCT time_period FROM fact_reporting_slot WHERE agency_id = 'XKX-MOE'"
        assert con.execute(sql).fetchall() == [("2019-S1",)]


@pytest.mark.parametrize(
    ("head", "row", "rule", "words"),
    [
        (HALVES, ("2019", "2020-01-10", "in_progress"), "period_of_other_length", "write 2019-S1 or 2019-S2"),
        (DAYS, ("2019-S1", "2020-01-10", "in_progress"), "period_of_other_length", "report on 2019 instead of 2019-S1"),
        ("", ("2019-S1", "2020-01-10", "in_progress"), "period_of_other_length", "report on 2019 instead of 2019-S1"),
        (HALVES, ("2019-S2", "2019-06-30", "in_progress"), "year_after_report", "2019-S2, which had not begun"),
        (HALVES, ("2019-S3", "2020-01-10", "in_progress"), "year_unreadable", '"2019-S3" is no half-year'),
        (DAYS, ("2019-S3", "2020-01-10", "in_progress"), "year_unreadable", '"2019-S3" is no year'),
        (HALVES, ("", "2020-01-10", "in_progress"), "year_missing", "The half-year"),
        (HALVES, ("2018-S2", "2020-01-10", "in_progress"), "year_before_window", "2018-S2"),
    ],
)  # fmt: skip
def test_a_period_that_the_plan_does_not_ask_for_is_refused(
    head: str, row: tuple[str, str, str], rule: str, words: str, tmp_path: Path
) -> None:
    with judged(InlinePlan(ROWS, head=head, periods=""), tmp_path, _report(row)) as con:
        ((found, column, message),) = con.execute("SELECT rule, column_name, message FROM rejected_row").fetchall()
        assert (found, column) == (rule, "time_period")
        assert words in message


def test_a_report_after_the_plan_has_its_half_year(tmp_path: Path) -> None:
    with judged(PLAN, tmp_path, _report(("2024-S1", "2024-07-01", "completed")), as_of="2024-12-31") as con:
        assert con.execute("SELECT frequency FROM dim_time_period WHERE time_period = '2024-S1'").fetchall() == [("S",)]
        assert con.execute("SELECT time_period FROM fact_progress").fetchall() == [("2024-S1",)]


def test_units_and_half_years_together(tmp_path: Path) -> None:
    units = '[units]\nMOH = [{ id = "A", names = { en = "A" } }, { id = "B", names = { en = "B" } }]\n'
    row = "XKX-CRC-2019-01-01,XKX-MOH,2019-S1,2019-07-01,in_progress,,B"
    files = {"r.csv": f"{HEADINGS},reporting_unit\n{row}"}
    with judged(InlinePlan(ROWS, head=HALVES + units, periods=""), tmp_path, files) as con:
        slots = con.execute("SELECT count(*), count(filled_on) FROM fact_reporting_slot WHERE agency_id = 'XKX-MOH'")
        assert slots.fetchall() == [(8, 1)]


@pytest.mark.parametrize(
    ("reporting", "words"),
    [
        ('opens = "10-01"', "reporting.due: it is missing"),
        ('first_half = { opens = "06-15", due = "07-31" }', "reporting.second_half: it is missing"),
        (HALVES.partition("\n")[2] + 'opens = "10-01"\n', "reporting.opens: it is unknown"),
        ('first_half = { opens = "02-30", due = "07-31" }\nsecond_half = { opens = "01-10" }',
         "reporting.first_half.opens: it is no day of every year"),
        ('first_half = { opens = "02-30", due = "07-31" }\nsecond_half = { opens = "01-10" }',
         "reporting.second_half.due: it is missing"),
    ],
)  # fmt: skip
def test_days_of_reporting_that_are_incomplete(reporting: str, words: str) -> None:
    assert any(words in fault for fault in InlinePlan(ROWS, head=f"[reporting]\n{reporting}\n", periods="").faults())


def test_what_plan_toml_assumes_is_told_of_both_halves() -> None:
    issues = PLAN.issues("reporting_assumed")
    assert [issue["published_value"] for issue in issues] == ["15 June to 31 July", "10 January to 10 February"]
    assert "first half of each year" in issues[0]["message"]
    assert "from the first 10 January after its 30 June to the next 10 February" in issues[1]["message"]


def test_a_year_is_still_a_year(tmp_path: Path) -> None:
    with judged(InlinePlan(ROWS, head=DAYS, periods=""), tmp_path, {"a.csv": f"{HEADINGS}\n{MOE}"}) as con:
        assert con.execute("SELECT time_period FROM fact_progress").fetchall() == [("2019",)]
        assert con.execute("SELECT count(*) FROM dim_time_period WHERE frequency = 'S'").fetchall() == [(0,)]
