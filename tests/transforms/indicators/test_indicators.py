"""State, reporting slots and indicators: the release compared with `oracle`, which uses only the contract's text.

First the oracle and the release answer hand-made histories, whose numbers are written here; then generated
histories, every row and column; then the real release, on which nobody has reported.
"""

import csv
import datetime as dt
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import oracle, oracle_indicators, oracle_views
from tests.support.command import Run
from tests.support.examples import examples
from tests.support.histories import (
    CRC,
    INDICATOR,
    OPAC,
    OPSC,
    PEO,
    SLOT,
    STATUS,
    YEAR_ENDS,
    A,
    B,
    C,
    D,
    Decided,
    History,
    Line,
    Oracle,
    Release,
    figures,
    rows,
    state,
)  # fmt: skip
from tests.support.oracle import TOTAL, Record, Tables
from tests.support.paths import AS_OF
from transforms.plans.description.document import DecisionRow, LeadRow

_BOUNDED = ("IMPLEMENTATION_RATE_YEAR", "CONTINUOUS_DELIVERY_RATE")
ANNUAL = {f"{name}{bound}" for name in _BOUNDED for bound in ("", "_ALL_RESPONSIBLE", "_ANY")}
ANNUAL |= {"CARRYOVER_RATE", "REPORTED_ABOUT_YEAR_RATE"}
# Indicators whose unit is not an activity, or that have no denominator.
NO_ACTIVITY_RATE = (
    "REPORTING", "REPORT_", "AGENCY", "AGENCIES", "RECOMMENDATION", "PARAGRAPH", "ACTIVITIES",
    "IMPLEMENTATION_RATE_DUE_PLAN_MEAN",
)  # fmt: skip


def assert_same(actual: list[Record], expected: list[Record], key: int, about: object) -> None:
    """Compare every row and column, numbers to 1e-9; the first `key` columns identify rows."""
    by_key, expected_by_key = (_by_key(records, key) for records in (actual, expected))
    assert len(by_key) == len(actual), "rows printed twice"
    assert len(expected_by_key) == len(expected), "rows printed twice in the oracle"
    wrong = [f"only in the release: {k}" for k in sorted(by_key.keys() - expected_by_key.keys())]
    wrong += [f"missing in the release: {k}" for k in sorted(expected_by_key.keys() - by_key.keys())]
    for k in sorted(by_key.keys() & expected_by_key.keys()):
        wrong += [
            f"{k} {column}: release {by_key[k][column]!r}, contract {value!r}"
            for column, value in expected_by_key[k].items()
            if not _equal(by_key[k][column], value)
        ]
    assert not wrong, f"{len(wrong)} differences, {about}:\n" + "\n".join(wrong[:20])


def _by_key(records: list[Record], key: int) -> dict[tuple[str, ...], Record]:
    return {tuple(str(value) for value in list(record.values())[:key]): record for record in records}


def _equal(actual: Any, expected: Any) -> bool:
    if isinstance(actual, int | float) and isinstance(expected, int | float):
        return math.isclose(actual, expected, rel_tol=1e-9, abs_tol=1e-9)
    return bool(actual == expected)


# ------------------------------------------------------------------------- histories by hand: the numbers stand here


def test_report_of_january_shows_the_end_of_last_year(ask: Any) -> None:
    answers = ask(Line(*PEO, 2018, D(2019, 1, 20), "in_progress", 40.0))
    cases = [
        (D(2018, 12, 31), None, "no_evidence"),  # not yet received
        (D(2018, 12, 31), D(2019, 1, 19), "no_evidence"),
        (D(2018, 12, 31), D(2019, 1, 20), "in_progress"),
        (D(2018, 12, 30), D(2019, 1, 20), "no_evidence"),
        (D(2019, 1, 20), None, "in_progress"),
        (D(2019, 1, 20), D(2019, 1, 19), "no_evidence"),
    ]
    for as_of, known_on, expected in cases:
        assert state(answers, PEO[0], as_of, known_on)["reported_status"] == expected, (as_of, known_on)
    record = state(answers, PEO[0], D(2018, 12, 31), D(2019, 1, 20))
    assert (record["last_reported_on"], record["percent_complete"], record["completed_on"]) == (
        D(2019, 1, 20),
        40.0,
        None,
    )
    assert (record["timing"], record["is_overdue"], record["agencies_disagree"]) == ("open", False, False)


def test_completion_counts_from_its_day(ask: Any) -> None:
    answers = ask(Line(*PEO, 2019, D(2019, 11, 5), "completed", 100.0, D(2019, 3, 10)))
    assert state(answers, PEO[0], D(2019, 3, 9), D(2019, 11, 5))["reported_status"] == "no_evidence"
    assert state(answers, PEO[0], D(2019, 3, 10), D(2019, 11, 5))["completed_on"] == D(2019, 3, 10)
    assert state(answers, PEO[0], D(2019, 3, 10))["reported_status"] == "no_evidence"
    # Completed after the year that the report is about: not yet at that year's end.
    answers = ask(Line(*PEO, 2018, D(2019, 2, 20), "completed", None, D(2019, 2, 10)))
    assert state(answers, PEO[0], D(2018, 12, 31), D(2019, 12, 31))["reported_status"] == "no_evidence"
    assert state(answers, PEO[0], D(2019, 2, 10), D(2019, 12, 31))["reported_status"] == "completed"


def test_overdue(ask: Any) -> None:
    activity_id = f"{CRC}-03-01"  # dated, 2018; its report is due on 31 January 2019
    answers = ask(Decided(activity_id, D(2019, 3, 1)))
    cases = [
        (D(2017, 12, 31), "upcoming", False, False, None),
        (D(2018, 12, 31), "closed", False, False, None),
        (D(2019, 1, 1), "closed", True, False, None),
        (D(2019, 1, 31), "closed", True, False, None),
        (D(2019, 2, 1), "closed", False, True, 32),
        (D(2019, 3, 1), "closed", False, False, None),
    ]
    columns = ("timing", "is_awaiting_report", "is_overdue", "days_overdue")
    for as_of, *expected in cases:
        assert [state(answers, activity_id, as_of)[column] for column in columns] == expected, as_of
    continuous, second_print = (state(answers, i, D(2023, 6, 1)) for i in (f"{CRC}-35-01", f"{OPAC}-09-02"))
    for record in (continuous, second_print):
        assert (record["timing"], record["reported_status"]) == ("closed", "no_evidence")
        assert (record["is_overdue"], record["days_overdue"], record["last_reported_on"]) == (None, None, None)
        assert record["is_awaiting_report"] is False


def test_begun(ask: Any) -> None:
    """Use TJK-CCR: three activities begin with 2018, 19-02 on the first day of 2019."""
    answers = ask(Line(f"{CRC}-19-02", "TJK-CCR", 2019, D(2019, 1, 1), "not_started", 0.0))
    cases = [(D(2018, 1, 1), 3, 3), (D(2018, 12, 31), 3, 3), (D(2019, 1, 1), 3, 4)]
    for day, silent, begun in cases:
        indicators = figures(answers, day, str(day.year), CRC, "TJK-CCR")
        assert indicators["NO_EVIDENCE_RATE"] == (silent, begun, 0, silent, 100 * silent / begun), day
        assert indicators["STATUS_SHARE_NOT_STARTED"][:2] == (begun - silent, begun), day
    assert state(answers, f"{CRC}-19-02", D(2018, 12, 31))["timing"] == "upcoming"
    assert state(answers, f"{CRC}-19-02", D(2019, 1, 1))["timing"] == "open"


def test_slots_and_reporting(ask: Any) -> None:
    activity = f"{OPAC}-09-01"  # dated, 2018 to 2020, six agencies
    early, filling, late, done = (
        Line(*PEO, 2018, D(2018, 9, 30), "in_progress"),  # before the slot opens
        Line(*PEO, 2018, D(2018, 10, 1), "in_progress"),
        Line(*PEO, 2019, D(2020, 2, 1), "in_progress"),  # the day after it was due
        Line(activity, "TJK-MOFA", 2018, D(2018, 3, 1), "completed"),  # fills, though early, and there is no later slot
    )
    answers = ask(early, filling, late, done)

    def slot(activity_id: str, agency_id: str, year: int, known: dt.date) -> tuple[Any, ...]:
        key = (activity_id, agency_id, str(year))
        records = [s for s in answers.slots(known) if (s["activity_id"], s["agency_id"], s["time_period"]) == key]
        (record,) = records
        return record["opens_on"], record["due_on"], record["filled_on"], record["is_on_time"]

    opens, due = D(2018, 10, 1), D(2019, 1, 31)
    assert slot(*PEO, 2018, D(2018, 9, 30)) == (opens, due, None, False)
    assert slot(*PEO, 2018, D(2018, 10, 1)) == (opens, due, D(2018, 10, 1), True)
    assert slot(*PEO, 2019, D(2022, 1, 1)) == (D(2019, 10, 1), D(2020, 1, 31), D(2020, 2, 1), False)
    assert slot(activity, "TJK-MOFA", 2018, D(2022, 1, 1)) == (opens, due, D(2018, 3, 1), True)
    assert len([s for s in answers.slots(D(2018, 2, 28)) if s["activity_id"] == activity]) == 18
    # MOFA's own completion closes its slots of 2019 and 2020, and no one else's.
    assert len([s for s in answers.slots(D(2018, 3, 1)) if s["activity_id"] == activity]) == 16
    assert not [s for s in answers.slots(D(2022, 1, 1)) if s["activity_id"] in {f"{OPAC}-09-02", f"{CRC}-34-01"}]
    # OPAC has eleven activities in 2018 that an agency is to report on; MOFA has two of them, PEO one.
    for day, agency_id, expected in [
        (D(2019, 1, 30), TOTAL, (0, 0, 0, None, None)),  # nothing was due yet
        (D(2019, 1, 31), TOTAL, (2, 11, 0, None, 200 / 11)),
        (D(2019, 1, 31), "TJK-MOFA", (1, 2, 0, None, 50.0)),
        (D(2019, 1, 31), "TJK-PEO", (1, 1, 0, None, 100.0)),
        (D(2020, 2, 1), "TJK-PEO", (1, 1, 0, None, 100.0)),  # about 2019, late
        (D(2020, 2, 1), "TJK-MOFA", (0, 1, 0, None, 0.0)),  # only 10-01 was still to be reported on
    ]:
        indicators = figures(answers, day, str(day.year), OPAC, agency_id)
        assert indicators["REPORTING_RATE"] == pytest.approx(expected), (day, agency_id)
    assert figures(answers, D(2020, 2, 1), "2020", OPAC, "TJK-PEO")["REPORTING_ON_TIME_RATE"] == (0, 1, 0, None, 0.0)


def test_completion_of_one_agency(ask: Any) -> None:
    """Use TJK-COYS in the CRC plan: A, B, C and nine continuous activities under eight other recommendations."""
    answers = ask(
        Line(A, "TJK-COYS", 2018, D(2019, 3, 1), "completed", 100.0, D(2019, 2, 15), "https://example.org/a"),
        Decided(B, D(2018, 12, 1)),
        Line(C, "TJK-COYS", 2019, D(2019, 12, 20), "substantially_completed", 80.0),
    )
    indicators = figures(answers, D(2019, 12, 31), "2019", CRC, "TJK-COYS")
    expected = {
        "ACTIVITIES_IN_FORCE": (10, None, None, None, 10.0),
        "ACTIVITIES_DUE": (2, None, None, None, 2.0),
        "REPORTING_RATE": (1, 12, 0, None, 100 / 12),  # about 2018: A in March, late
        "REPORTING_ON_TIME_RATE": (0, 12, 0, None, 0.0),
        "NO_EVIDENCE_RATE": (9, 11, 1, 9, 900 / 11),
        "IMPLEMENTATION_RATE_YEAR": (0, 0, 0, 0, None),
        "IMPLEMENTATION_RATE_DUE": (1, 1, 1, 0, 100.0),
        "ON_TIME_COMPLETION_RATE": (0, 1, 1, 0, 0.0),
        "LATE_COMPLETION_RATE": (1, 1, 1, 0, 100.0),
        "OVERDUE_RATE": (0, 1, 1, 0, 0.0),
        "MEDIAN_DELAY_DAYS": (None, 1, 1, 0, 46.0),
        "CONTINUOUS_DELIVERY_RATE": (0, 9, 0, 9, 0.0),
        "COMPLETION_RATE": (1, 2, 1, 0, 50.0),
        "HIGH_COMPLETION_RATE": (2, 2, 1, 0, 100.0),
        "STATUS_SHARE_NOT_STARTED": (0, 12, 0, 9, 0.0),
        "STATUS_SHARE_IN_PROGRESS": (0, 12, 0, 9, 0.0),
        "STATUS_SHARE_SUBSTANTIALLY_COMPLETED": (1, 12, 0, 9, 100 / 12),
        "STATUS_SHARE_COMPLETED": (1, 12, 0, 9, 100 / 12),
        "STATUS_SHARE_DELIVERED": (0, 12, 0, 9, 0.0),
        "STATUS_SHARE_SUSPENDED": (0, 12, 0, 9, 0.0),
        "STATUS_SHARE_CANCELLED": (1, 12, 0, 9, 100 / 12),
        "STATUS_SHARE_NO_EVIDENCE": (9, 12, 0, 9, 75.0),
        "EVIDENCE_RATE": (1, 1, 0, 0, 100.0),
        "RECOMMENDATION_ACTION_RATE": (1, 9, 0, None, 100 / 9),
        "RECOMMENDATION_DATED_FULL_RATE": (0, 1, 0, None, 0.0),  # C is not done
        "CARRYOVER_RATE": (1, 1, 0, 0, 100.0),  # A; B was cancelled before the year
    }
    assert indicators.keys() >= expected.keys()
    for indicator_id, figure in expected.items():
        assert indicators[indicator_id] == pytest.approx(figure), indicator_id
    # A year before, A was not completed, and B had just been cancelled.
    indicators = figures(answers, D(2018, 12, 31), "2018", CRC, "TJK-COYS")
    assert indicators["IMPLEMENTATION_RATE_YEAR"] == (0, 1, 1, 1, 0.0)
    assert indicators["CARRYOVER_RATE"] == (0, 1, 1, 1, 0.0)
    assert indicators["MEDIAN_DELAY_DAYS"] == (None, 0, 0, 0, None)  # a window that ends on e is not past
    assert indicators["RECOMMENDATION_ACTION_RATE"] == (0, 9, 0, None, 0.0)


def test_delay(ask: Any) -> None:
    waiting = Line(A, "TJK-COYS", 2019, D(2019, 6, 1), "in_progress")
    late = Line(B, "TJK-COYS", 2019, D(2019, 6, 1), "completed", None, D(2019, 1, 10))
    no_day = Line(B, "TJK-COYS", 2019, D(2019, 6, 1), "completed")
    in_time = Line(B, "TJK-COYS", 2018, D(2019, 1, 10), "completed", None, D(2018, 12, 31))
    for reports, expected in [
        ((waiting, late), (None, 2, 0, 0, (456 + 10) / 2)),
        ((waiting, no_day), (None, 1, 1, 0, 456.0)),
        ((waiting, in_time), (None, 1, 0, 0, 456.0)),
        ((late,), (None, 1, 1, 0, 10.0)),  # A is silent: taken out
        ((in_time,), (None, 0, 1, 0, None)),
    ]:
        indicators = figures(ask(*reports), D(2020, 3, 31), "2020", CRC, "TJK-COYS")
        assert indicators["MEDIAN_DELAY_DAYS"] == expected, reports
    indicators = figures(ask(waiting, no_day), D(2020, 3, 31), "2020", CRC, "TJK-COYS")
    for indicator_id, figure in [("ON_TIME_COMPLETION_RATE", 0.0), ("LATE_COMPLETION_RATE", 0.0)]:
        assert indicators[indicator_id] == (0, 2, 0, 0, figure)
    assert indicators["OVERDUE_RATE"] == (1, 2, 0, 0, 50.0)
    assert "IMPLEMENTATION_RATE_YEAR" not in indicators  # the year is not over
    assert "CARRYOVER_RATE" in indicators  # the year has begun


def test_continuous_delivery(ask: Any) -> None:
    """Use TJK-TNMAC: four continuous activities of the OPAC plan under one recommendation."""
    first, second, third, fourth = ((f"{OPAC}-08-0{n}", "TJK-TNMAC") for n in (1, 2, 3, 4))
    answers = ask(
        Line(*first, 2019, D(2020, 1, 20), "delivered", 100.0),
        Line(*second, 2018, D(2018, 12, 20), "completed", 100.0),
        Decided(third[0], D(2019, 6, 1)),
        Line(*fourth, 2019, D(2019, 11, 1), "in_progress"),
    )
    indicators = figures(answers, D(2018, 12, 31), "2018", OPAC, "TJK-TNMAC")
    assert indicators["CONTINUOUS_DELIVERY_RATE"] == (1, 4, 0, 3, 25.0)
    indicators = figures(answers, D(2019, 12, 31), "2019", OPAC, "TJK-TNMAC")
    assert indicators["CONTINUOUS_DELIVERY_RATE"] == (0, 2, 1, 1, 0.0)  # the first one's report is still to come
    assert indicators["RECOMMENDATION_ACTION_RATE"] == (1, 1, 0, None, 100.0)
    assert indicators["RECOMMENDATION_DATED_FULL_RATE"] == (0, 0, 0, None, None)
    # A later release has that report: the same year, judged again.
    if isinstance(answers, Oracle):
        again = oracle_indicators.all_indicators(answers.tables, D(2020, 12, 31))
        key = ("CONTINUOUS_DELIVERY_RATE", OPAC, "TJK-TNMAC", "2019")
        (row,) = [r for r in again if tuple(r[column] for column in INDICATOR[:4]) == key]
        assert tuple(row[column] for column in INDICATOR[4:10]) == (D(2019, 12, 31), 1, 2, 1, 0, 50.0)


def test_carryover_and_cancelled_recommendations(ask: Any) -> None:
    """Use TJK-CCR: 02-01 (to 2019), 03-01 (2018), 19-02 (2019), and 35-01, continuous; each has a recommendation."""
    answers = ask(
        Line(f"{CRC}-02-01", "TJK-MOJ", 2018, D(2018, 11, 1), "in_progress"),  # another agency's report counts
        Line(f"{CRC}-03-01", "TJK-CCR", 2018, D(2019, 6, 1), "completed"),  # as at the end of 2018
        Decided(f"{CRC}-19-02", D(2020, 5, 1)),
        Decided(f"{CRC}-35-01", D(2020, 5, 1)),
    )
    indicators = figures(answers, D(2020, 6, 30), "2020", CRC, "TJK-CCR")
    assert indicators["CARRYOVER_RATE"] == (1, 1, 1, 0, 100.0)  # 19-02 was carried over, and is cancelled since
    assert indicators["RECOMMENDATION_ACTION_RATE"] == (2, 2, 2, None, 100.0)
    assert indicators["RECOMMENDATION_DATED_FULL_RATE"] == (1, 2, 1, None, 50.0)
    assert indicators["EVIDENCE_RATE"] == (0, 1, 0, 0, 0.0)
    indicators = figures(answers, D(2019, 12, 31), "2019", CRC, "TJK-CCR")
    assert indicators["CARRYOVER_RATE"] == (0, 2, 0, 1, 0.0)
    assert indicators["IMPLEMENTATION_RATE_YEAR"] == (0, 2, 0, 1, 0.0)


def test_mean_of_plans_and_which_rows(ask: Any) -> None:
    answers = ask(Line(f"{OPSC}-01-02", "TJK-MLMEP", 2018, D(2018, 12, 1), "completed"))
    day = D(2018, 12, 31)  # due: seven activities of CRC, one of OPAC, two of OPSC
    indicators = figures(answers, day, "2018-Q4", TOTAL, TOTAL)
    assert indicators["IMPLEMENTATION_RATE_DUE"] == (1, 10, 0, 9, 10.0)
    mean = "IMPLEMENTATION_RATE_DUE_PLAN_MEAN"
    assert indicators[mean] == pytest.approx((None, 3, None, None, 50 / 3))
    # TJK-MLMEP has nothing due in OPAC: a mean of two.
    assert figures(answers, day, "2018", TOTAL, "TJK-MLMEP")[mean] == pytest.approx((None, 2, None, None, 25))
    assert figures(answers, D(2018, 12, 30), "2018", TOTAL, TOTAL)[mean] == (None, 0, None, None, None)
    for day, expected in [
        (D(2017, 12, 31), set()),
        (D(2018, 1, 1), {"2018", "2018-Q1"}),
        (D(2020, 5, 17), {"2020", "2020-Q2"}),
        (D(2023, 12, 31), {"2023", "2023-Q4"}),
        (D(2024, 1, 1), set()),
    ]:
        rows = answers.indicators(day)
        assert {row["time_period"] for row in rows} == expected
        assert {row["as_of"] for row in rows} <= {day}
        assert {row["agency_id"] for row in rows if "Q" in row["time_period"]} <= {TOTAL}
        assert {row["plan_id"] for row in rows if row["indicator_id"] == mean} <= {TOTAL}


# ---------------------------------------------------------------------------------------------- generated histories

SEEDS, SIZES = st.integers(0, 2**32), st.integers(0, 120)


@settings(max_examples=examples(30))
@given(seed=SEEDS, size=SIZES)
def test_release_says_what_the_contract_says(
    release: Release, subset: list[oracle.Activity], seed: int, size: int
) -> None:
    units, is_half_yearly = ("NORTH", "SOUTH") if seed % 2 else (), seed % 3 == 0
    history = History(subset, seed, size, units, is_half_yearly=is_half_yearly)
    contract = release.put(history.facts, history.units, is_half_yearly=is_half_yearly)
    for known_on in (None, history.day()):
        as_of = history.day()
        about = (as_of, known_on, history)
        assert_same(release.status(as_of, known_on), contract.status(as_of, known_on), 1, about)
    day = history.chance.choice([history.day(), history.chance.choice(YEAR_ENDS)])
    assert_same(release.slots(day), contract.slots(day), 4, (day, history))
    assert_same(release.indicators(day), contract.indicators(day), 4, (day, history))


@settings(max_examples=examples(10))
@given(seed=SEEDS, size=SIZES)
def test_rules_of_every_history(release: Release, subset: list[oracle.Activity], seed: int, size: int) -> None:
    history = History(subset, seed, size)
    release.put(history.facts)
    day = history.day(D(2018, 1, 1), D(2023, 12, 31))
    rows = release.indicators(day)
    assert_rules(rows, day)
    assert {row["time_period"] for row in rows} == {f"{day.year}", f"{day.year}-Q{(day.month + 2) // 3}"}


@pytest.mark.parametrize(("seed", "as_of"), [(1, "2020-01-31"), (2, AS_OF)])
def test_release_with_reports(
    raw: Path, refresh: Run, tmp_path: Path, subset: list[oracle.Activity], seed: int, as_of: str
) -> None:
    """Take the whole way from a file in raw/progress/: here periods are judged by reports that came after them, and
    reports are due on the first day."""
    history = History(subset, seed, 120)
    folder = raw / "progress"
    folder.mkdir(exist_ok=True)
    sent = [line._replace(received_on=None) for line in history.lines]
    half = len(sent) // 2  # the first half was registered, on the day after the last of them was made
    registered = max(line.reported_on for line in sent[:half]) + dt.timedelta(1)
    write(folder / "registered.csv", REPORTED, [(*line[:8], "Why.") for line in sent[:half]])
    write(folder / "invented.csv", REPORTED, [(*line[:8], "Why.") for line in sent[half:]])
    write(raw / "received.csv", "file,received_on,registry_number", [("progress/registered.csv", registered, "12")])
    plan = raw / "plans" / "tjk-npa-2018"
    of_body = (("extended", d.new_end) if d.new_end else ("cancelled", "") for d in history.decisions)
    decisions = [
        (*d[:2], "Government", *what, "Order", "Why.") for d, what in zip(history.decisions, of_body, strict=True)
    ]
    write(plan / "decisions.csv", DecisionRow.heading(), decisions)
    write(plan / "leads.csv", LeadRow.heading(), [(*lead, "Order") for lead in history.leads])
    done = refresh("--as-of", as_of)
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(tmp_path / "warehouse" / "current" / "npa.duckdb"), read_only=True) as con:
        tables = oracle.read(con)
        key = ("activity_id", "agency_id", "reporting_unit", "time_period", "reported_on", "effective_on")
        published = rows(con, key, "fact_progress")
        day = D.fromisoformat(as_of)
        assert_same(published, [dict(zip(key, line.row(0), strict=False)) for line in sent], 5, "fact_progress")
        facts = rows(con, INDICATOR, "fact_indicator")
        assert_same(facts, oracle_indicators.all_indicators(tables, day), 4, history)
        assert_same(rows(con, SLOT, "fact_reporting_slot"), oracle.slots(tables, day), 4, history)
        statuses, years = oracle_views.agency_status(tables, day), oracle_views.agency_reporting(tables, day)
        assert_same(rows(con, tuple(statuses[0]), "agency_status"), statuses, 1, history)
        assert_same(rows(con, tuple(years[0]), "agency_reporting"), years, 2, history)
        assert_rules(facts, day)


REPORTED = "activity_id,agency_id,time_period,reported_on,status,percent_complete,completed_on,evidence_url,result_text"


def write(path: Path, heading: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Write a table as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([heading.split(","), *rows])


def assert_rules(rows: list[Record], as_of: dt.date) -> None:
    """Check the contract's rules of every indicator."""
    shares: dict[tuple[str, ...], list[float | None]] = {}
    for row in rows:
        indicator_id, numerator, denominator = row["indicator_id"], row["numerator"], row["denominator"]
        start, end = bounds(row["time_period"])
        assert start <= as_of, "a period that begins after as_of has no row"
        assert row["as_of"] == min(end, as_of), row
        if denominator == 0:
            assert row["value"] is None, row
        elif numerator is not None and denominator is not None:
            assert 0 <= numerator <= denominator, row
            assert row["value"] == pytest.approx(100 * numerator / denominator, rel=1e-12), row
        if denominator is not None and row["without_evidence"] is not None:
            assert 0 <= row["without_evidence"] <= denominator, row
        if indicator_id in ANNUAL:
            assert "Q" not in row["time_period"], row
            assert indicator_id == "CARRYOVER_RATE" or end <= as_of, row
        if "Q" in row["time_period"]:
            assert row["agency_id"] == TOTAL, row
        if indicator_id.startswith("STATUS_SHARE_"):
            about = (row["plan_id"], row["agency_id"], row["time_period"])
            shares.setdefault(about, []).append(row["value"])
    for key, values in shares.items():
        assert len(values) == len(oracle.STATUSES) + 1, key
        given_values = [value for value in values if value is not None]
        assert not given_values or sum(given_values) == pytest.approx(100), key


def bounds(time_period: str) -> tuple[dt.date, dt.date]:
    """Return the first and last day of a year or quarter."""
    period = pd.Period(time_period.replace("-", ""), freq="Q" if "Q" in time_period else "Y")
    return period.start_time.date(), period.end_time.date()


# ---------------------------------------------------------------------------------- the real release: no report yet


@pytest.fixture(scope="module")
def tables(con: duckdb.DuckDBPyConnection) -> Tables:
    """Return the release of the real plan, for the oracle."""
    return oracle.read(con)


def test_oracle_reads_the_plan(tables: Tables) -> None:
    activities = oracle.activities(tables)
    counting = [activity for activity in activities if not activity.is_duplicate]
    assert (len(activities), len(counting)) == (129, 128)
    assert sum(activity.timeframe == "dated" for activity in counting) == 62
    at_the_end = [record for record in oracle.status(tables, D.fromisoformat(AS_OF)) if record["is_overdue"]]
    assert len(at_the_end) == 62  # nobody has reported: not known to be done


def test_nobody_has_reported(con: duckdb.DuckDBPyConnection, tables: Tables) -> None:
    assert tables["fact_progress"].empty
    as_of = D.fromisoformat(AS_OF)
    status = rows(con, STATUS, f"activity_status(DATE '{as_of}')")
    assert {record["reported_status"] for record in status} == {"no_evidence"}
    assert_same(status, oracle.status(tables, as_of), 1, as_of)
    facts = rows(con, INDICATOR, "fact_indicator")
    assert_rules(facts, as_of)
    nothing = (
        "NO_EVIDENCE_RATE", "OVERDUE_RATE", "STATUS_SHARE_NO_EVIDENCE", "CARRYOVER_RATE", "ACTIVITIES", "BACKLOG_AGE",
        "DUE_SHARE_UNKNOWN", "DUE_SHARE_AWAITING", "PARAGRAPH_ACTIVITY_STATE_NONE",
    )  # fmt: skip
    for row in facts:
        indicator_id = row["indicator_id"]
        if not indicator_id.startswith(NO_ACTIVITY_RATE):
            assert row["without_evidence"] == row["denominator"], row
        if not indicator_id.startswith(nothing):
            assert not row["numerator"], row
            assert not row["value"], row
    slots = rows(con, SLOT, "fact_reporting_slot")
    assert slots
    assert not [slot for slot in slots if slot["is_filled"] or slot["is_on_time"] or slot["filled_on"]]


def test_registry(con: duckdb.DuckDBPyConnection) -> None:
    registry = con.execute("SELECT indicator_id, periods FROM dim_indicator").fetchall()
    result = con.execute("SELECT indicator_id, bool_or(contains(time_period, 'Q')) FROM fact_indicator GROUP BY ALL")
    assert dict(registry) == {name: "AQ" if has_quarters else "A" for name, has_quarters in result.fetchall()}
    assert {name for name, periods in registry if periods == "A"} == ANNUAL


def test_facts_of_the_release(con: duckdb.DuckDBPyConnection, tables: Tables) -> None:
    as_of = D.fromisoformat(AS_OF)
    facts = rows(con, INDICATOR, "fact_indicator")
    assert_same(facts, oracle_indicators.all_indicators(tables, as_of), 4, "fact_indicator")
    assert_same(rows(con, SLOT, "fact_reporting_slot"), oracle.slots(tables, as_of), 4, "fact_reporting_slot")
    for day in sorted({row["as_of"] for row in facts}):  # every end of a quarter, of a year
        answered = [row for row in rows(con, INDICATOR, f"indicators_at(DATE '{day}')") if ended(row, day)]
        published = [row.copy() for row in facts if row["as_of"] == day]
        for row in published:
            del row["obs_status"]  # on that day itself most are provisional
        assert_same(answered, published, 4, day)


def ended(row: Record, day: dt.date) -> bool:
    """Return True if the row's period ends on that day."""
    return bounds(row["time_period"])[1] == day
