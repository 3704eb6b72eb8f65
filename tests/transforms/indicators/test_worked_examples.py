"""The worked examples of the definitions: each counted by hand, and by the release."""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import oracle
from tests.support.cut_plan import AGENCIES, W, X, Y, Z, cut_plan
from tests.support.examples import examples
from tests.support.histories import CRC, INDICATOR, Answers, Decided, History, Line, Release
from tests.support.oracle import TOTAL, Record
from transforms.indicators.registry import indicators_between

D = dt.date
A, B, C = AGENCIES.values()


def rates(answers: Answers, day: dt.date, period: str = "", agency_id: str = TOTAL) -> dict[str, Record]:
    """Return the figures of all plans together by indicator, of the day's year or of another period of that day."""
    key = (TOTAL, agency_id, period or f"{day.year}")
    return {
        row["indicator_id"]: row
        for row in answers.indicators(day)
        if (row["plan_id"], row["agency_id"], row["time_period"]) == key
    }


def counts(row: Record) -> tuple[Any, Any]:
    return row["numerator"], row["denominator"]


def test_reports_of_agencies(warehouse: Path) -> None:
    """A reports x and y on time, B reports x late, C nothing."""
    release = cut_plan(warehouse, {X: "ABC", Y: "AB", Z: "A"})
    release.put([
        Line(X, A, 2018, D(2019, 1, 20), "in_progress"), Line(Y, A, 2018, D(2019, 1, 31), "in_progress"),
        Line(Y, A, 2018, D(2019, 5, 1), "in_progress", 50.0),  # a correction makes nothing late
        Line(X, B, 2018, D(2019, 2, 1), "in_progress"),
    ])  # fmt: skip
    found = rates(release, D(2019, 6, 30))
    expected = {
        "AGENCY_REPORTING_RATE": (3, 6), "AGENCY_REPORTING_ON_TIME_RATE": (2, 6), "AGENCIES_REPORTING_RATE": (2, 3),
        "REPORTING_RATE": (2, 3), "REPORTING_ON_TIME_RATE": (2, 3),
    }  # fmt: skip
    assert {name: counts(found[name]) for name in expected} == expected
    assert found["AGENCY_REPORTING_ON_TIME_RATE"]["self_dated"] == 2
    assert found["AGENCY_REPORTING_RATE"]["self_dated"] is None
    assert counts(rates(release, D(2019, 6, 30), agency_id=B)["AGENCY_REPORTING_RATE"]) == (1, 2)
    # The day of receipt counts where it is registered: A's report on x came in after the day.
    release.con.execute(f"UPDATE fact_progress SET received_on = '2019-02-04' WHERE activity_id = '{X}'")
    found = rates(release, D(2019, 6, 30))
    assert counts(found["AGENCY_REPORTING_ON_TIME_RATE"]) == (1, 6)
    assert found["AGENCY_REPORTING_ON_TIME_RATE"]["self_dated"] == 1
    # Registered in time, for A by a report that B's, dated by itself, does not make doubtful.
    release.con.execute(f"UPDATE fact_progress SET received_on = '2019-01-31' WHERE activity_id = '{X}'")
    release.con.execute(
        f"UPDATE fact_progress SET received_on = NULL, reported_on = '2019-01-31' WHERE agency_id = '{B}'"
    )
    found = rates(release, D(2019, 6, 30))
    for name, self_dated in (("AGENCY_REPORTING_ON_TIME_RATE", (3, 6, 2)), ("REPORTING_ON_TIME_RATE", (2, 3, 1))):
        assert (*counts(found[name]), found[name]["self_dated"]) == self_dated, name


def test_bounds_of_implementation(warehouse: Path) -> None:
    """W: both done; X: one done, one silent; Y: one done, then the other in progress; Z: silent."""
    release = cut_plan(warehouse, dict.fromkeys((W, X, Y, Z), "AB"))
    day = D(2019, 1, 10)
    done = [Line(activity, A, 2018, day, "completed") for activity in (W, X, Y)]
    release.put([*done, Line(W, B, 2018, day, "completed"), Line(Y, B, 2018, D(2019, 1, 20), "in_progress")])
    found = rates(release, D(2019, 1, 31))
    assert [found[f"IMPLEMENTATION_RATE_DUE{bound}"]["value"] for bound in ("_ALL_RESPONSIBLE", "", "_ANY")] == [
        25.0, 50.0, 75.0,
    ]  # fmt: skip
    assert found["IMPLEMENTATION_RATE_DUE"]["without_evidence"] == 1
    assert [found[f"DUE_SHARE_{state}"]["value"] for state in ("DONE", "NOT_DONE", "UNKNOWN", "AWAITING")] == [
        50.0, 25.0, 0.0, 25.0,
    ]  # fmt: skip
    later = rates(release, D(2019, 2, 1))
    assert [later[f"DUE_SHARE_{state}"]["value"] for state in ("UNKNOWN", "AWAITING")] == [25.0, 0.0]


def test_delivery_of_continuous_work(warehouse: Path) -> None:
    release = cut_plan(warehouse, dict.fromkeys((W, X, Y, Z), "AB"), 2022, "continuous")
    day = D(2019, 1, 10)
    release.put([
        Line(W, A, 2018, day, "delivered"), Line(W, B, 2018, day, "delivered"), Line(X, A, 2018, day, "delivered"),
        Line(Y, A, 2018, day, "delivered"), Line(Y, B, 2018, day, "in_progress"),
        Line(W, A, 2018, D(2019, 1, 25), "cancelled"),  # a claim says nothing
    ])  # fmt: skip
    years = indicators_between("DATE '2018-12-31'", "DATE '2019-03-01'")
    found = release.con.execute(f"""
        SELECT value FROM ({years}) WHERE indicator_id LIKE 'CONTINUOUS%' AND time_period = '2018' AND plan_id = '_T'
          AND agency_id = '_T' ORDER BY value""").fetchall()
    assert found == [(25.0,), (50.0,), (75.0,)]


def test_stale_states(warehouse: Path) -> None:
    """Delivered in 2019: fresh until the report about 2020 is overdue."""
    release = cut_plan(warehouse, {W: "A"}, 2022, "continuous")
    release.put([Line(W, A, 2019, D(2020, 1, 15), "delivered")])
    for day, stale in ((D(2021, 1, 31), 0), (D(2021, 2, 1), 1)):
        assert rates(release, day)["STATUS_SHARE_DELIVERED"]["stale"] == stale, day


def test_what_a_stale_report_says_of_what_is_due_is_unknown(warehouse: Path) -> None:
    release = cut_plan(warehouse, dict.fromkeys((W, X), "A"), 2019)
    release.put([Line(W, A, 2018, D(2019, 1, 10), "in_progress"), Line(X, A, 2019, D(2020, 1, 10), "in_progress")])
    for day, expected in ((D(2020, 1, 31), (1, 0, 1)), (D(2020, 2, 1), (1, 1, 0))):
        found = rates(release, day)
        shares = tuple(found[f"DUE_SHARE_{state}"]["numerator"] for state in ("NOT_DONE", "UNKNOWN", "AWAITING"))
        assert shares == expected, day
        assert found["OVERDUE_RATE"]["stale"] == expected[1]


def test_reported_about_the_year(warehouse: Path) -> None:
    """Ten in force, one completed before the year, one cancelled, five reported on: 5 of 8."""
    ids = [f"{CRC}-{measure:02}-01" for measure in range(1, 11)]
    release = cut_plan(warehouse, dict.fromkeys(ids, "A"), 2019)
    kept = [row[0] for row in release.con.execute("SELECT activity_id FROM dim_activity ORDER BY ALL").fetchall()]
    assert kept == ids
    about = [Line(activity, A, 2019, D(2019, 12, 1), "in_progress") for activity in ids[2:7]]
    release.put([Line(ids[0], A, 2018, D(2018, 12, 1), "completed"), Decided(ids[1], D(2019, 5, 1)), *about])
    row = rates(release, D(2019, 12, 31))["REPORTED_ABOUT_YEAR_RATE"]
    assert (*counts(row), row["excluded"], row["value"]) == (5, 8, 1, 62.5)


def test_days_of_completion(warehouse: Path) -> None:
    """Without a day: on time if it was reported by the end of the window, else unknown."""
    release = cut_plan(warehouse, dict.fromkeys((W, X, Y, Z), "A"))
    release.put([
        Line(W, A, 2018, D(2018, 12, 31), "completed"), Line(W, A, 2018, D(2019, 1, 20), "completed"),
        Line(X, A, 2018, D(2019, 1, 1), "completed"),
        Line(Y, A, 2018, D(2019, 1, 20), "completed", 100.0, D(2019, 1, 10)),
    ])  # fmt: skip
    found = rates(release, D(2019, 12, 31))
    names = ("ON_TIME_COMPLETION_RATE", "LATE_COMPLETION_RATE", "COMPLETION_DAY_UNKNOWN_RATE", "OVERDUE_RATE")
    assert [counts(found[name]) for name in names] == [(1, 4)] * 4
    late = found["MEDIAN_LATE_COMPLETION_DAYS"]
    assert (late["value"], late["denominator"], late["excluded"]) == (10.0, 1, 2)


def test_what_is_completed_on_the_last_day_is_not_late(warehouse: Path) -> None:
    release = cut_plan(warehouse, {W: "A"})
    for completed_on, late, median in ((D(2018, 12, 31), 0, None), (D(2019, 1, 1), 1, 1.0)):
        release.put([Line(W, A, 2018, D(2019, 1, 10), "completed", None, completed_on)])
        found = rates(release, D(2019, 1, 31))
        assert counts(found["LATE_COMPLETION_RATE"]) == (late, 1)
        assert counts(found["ON_TIME_COMPLETION_RATE"]) == (1 - late, 1)
        assert (found["MEDIAN_LATE_COMPLETION_DAYS"]["denominator"], found["MEDIAN_LATE_COMPLETION_DAYS"]["value"]) == (
            late, median,
        )  # fmt: skip


def test_the_day_of_completion_is_that_of_the_report_about_the_latest_year(warehouse: Path) -> None:
    release = cut_plan(warehouse, {W: "A"}, 2019)
    latest = Line(W, A, 2019, D(2020, 1, 10), "completed", None, D(2019, 12, 1))
    release.put([latest, Line(W, A, 2018, D(2020, 3, 1), "completed")])  # made later, about an earlier year
    found = rates(release, D(2020, 12, 31))
    assert counts(found["ON_TIME_COMPLETION_RATE"]) == (1, 1)
    assert counts(found["COMPLETION_DAY_UNKNOWN_RATE"]) == (0, 1)


def test_states_of_cited_paragraphs(warehouse: Path) -> None:
    """The four activities answer to one paragraph each; of the first, another is all done."""
    release = cut_plan(warehouse, dict.fromkeys((W, X, Y, Z), "A"))
    release.con.execute("DELETE FROM bridge_measure_recommendation")
    for paragraph, activities in {"R1": (W, X), "R2": (W,), "R3": (Y,), "R4": (Z,)}.items():
        for activity in activities:
            release.con.execute("INSERT INTO bridge_measure_recommendation VALUES (?, ?)", [activity[:-3], paragraph])
    day = D(2018, 11, 1)
    release.put([Line(W, A, 2018, day, "completed"), Line(Y, A, 2018, day, "in_progress")])
    found = rates(release, D(2018, 12, 31))
    for state in ("NONE", "BEGUN", "PARTLY", "ALL_DONE"):
        assert counts(found[f"PARAGRAPH_ACTIVITY_STATE_{state}"]) == (1, 4), state


def test_completeness_of_items(warehouse: Path) -> None:
    """A report of completion should have four items, another two."""
    release = cut_plan(warehouse, {W: "A", X: "B"})
    release.put([
        Line(W, A, 2018, D(2018, 11, 1), "completed", 100.0, None, "https://example.org/proof"),
        Line(X, B, 2018, D(2018, 12, 1), "in_progress"),
    ])  # fmt: skip
    for period, expected in (("2018", (2, 6)), ("2018-Q4", (2, 6))):
        assert counts(rates(release, D(2018, 12, 31), period)["REPORT_COMPLETENESS_RATE"]) == expected
    assert counts(rates(release, D(2018, 11, 30))["REPORT_COMPLETENESS_RATE"]) == (2, 4)
    assert counts(rates(release, D(2018, 12, 31), agency_id=B)["REPORT_COMPLETENESS_RATE"]) == (0, 2)


# ---------------------------------------------------------------------------------- the real release: no report yet


def figure(con: duckdb.DuckDBPyConnection, indicator_id: str, source: str, period: str) -> tuple[Any, ...]:
    (row,) = con.execute(
        f"""SELECT numerator, denominator, excluded FROM {source} WHERE indicator_id = ? AND plan_id = '_T'
            AND agency_id = '_T' AND time_period = ?""",
        [indicator_id, period],
    ).fetchall()
    return tuple(row)


def test_figures_of_the_real_plan(con: duckdb.DuckDBPyConnection) -> None:
    for year, due in (("2019", 576), ("2020", 602), ("2021", 486), ("2022", 392), ("2023", 385)):
        assert figure(con, "AGENCY_REPORTING_RATE", "fact_indicator", year)[:2] == (0, due), year
    for day, expected in (("2020-01-15", (10, 10, 21)), ("2020-02-01", (31, 31, 0))):
        assert figure(con, "OVERDUE_RATE", f"indicators_at(DATE '{day}')", "2020") == expected
    ages = [figure(con, f"BACKLOG_AGE_{age}", "fact_indicator", "2022") for age in ("0_1Y", "1_2Y", "2_3Y", "3Y_PLUS")]
    assert ages == [(1, 54, 0), (22, 54, 0), (21, 54, 0), (10, 54, 0)]


def test_provisional_until_the_last_day(con: duckdb.DuckDBPyConnection) -> None:
    for day, of_2019, of_2020 in (("2020-01-31", "P", "P"), ("2020-02-01", "A", "P")):
        sql = indicators_between("DATE '2019-12-31'", f"DATE '{day}'")
        found = dict(con.execute(f"SELECT time_period, any_value(obs_status) FROM ({sql}) GROUP BY 1").fetchall())
        assert found == {"2019": of_2019, "2019-Q4": of_2019, "2020": of_2020, "2020-Q1": of_2020}


# ---------------------------------------------------------------------------------------------------------- identities

_PARTITIONS = ("DUE_SHARE_", "BACKLOG_AGE_", "PARAGRAPH_ACTIVITY_STATE_", "STATUS_SHARE_")


@settings(max_examples=examples(8))
@given(seed=st.integers(0, 2**32))
def test_identities(release: Release, subset: list[oracle.Activity], seed: int) -> None:
    history = History(subset, seed, 80)
    release.put(history.facts)
    day = history.day(D(2018, 1, 1), D(2023, 12, 31))
    cells: dict[tuple[str, ...], dict[str, Record]] = {}
    for row in release.indicators(day):
        cells.setdefault(tuple(row[column] for column in INDICATOR[1:4]), {})[row["indicator_id"]] = row
    for (_, agency_id, _), found in cells.items():
        check_identities(found, agency_id)


def check_identities(found: dict[str, Record], agency_id: str) -> None:
    """Check what the figures of one cell owe to one another."""
    for prefix in _PARTITIONS:
        values = [row["value"] for name, row in found.items() if name.startswith(prefix)]
        assert None in values or sum(values) == pytest.approx(100), prefix
    for name in ("IMPLEMENTATION_RATE_DUE", "IMPLEMENTATION_RATE_YEAR", "CONTINUOUS_DELIVERY_RATE"):
        if name in found:
            least, middle, most = (found[f"{name}{bound}"] for bound in ("_ALL_RESPONSIBLE", "", "_ANY"))
            assert least["denominator"] == middle["denominator"] == most["denominator"]
            assert least["numerator"] <= middle["numerator"] <= most["numerator"]
            is_implementation = name.startswith("IMPLEMENTATION")
            assert not is_implementation or most["numerator"] + most["without_evidence"] <= most["denominator"]
    for row in found.values():
        if row["stale"] is not None and row["denominator"] is not None:
            assert row["stale"] + row["without_evidence"] <= row["denominator"], row
    completed = ("ON_TIME_COMPLETION_RATE", "LATE_COMPLETION_RATE", "COMPLETION_DAY_UNKNOWN_RATE")
    assert sum(found[name]["numerator"] for name in completed) == found["IMPLEMENTATION_RATE_DUE"]["numerator"]
    if agency_id != TOTAL:
        for name in ("REPORTING_RATE", "REPORTING_ON_TIME_RATE"):
            own = {key: value for key, value in found[f"AGENCY_{name}"].items() if key != "indicator_id"}
            assert own == {key: value for key, value in found[name].items() if key != "indicator_id"}
