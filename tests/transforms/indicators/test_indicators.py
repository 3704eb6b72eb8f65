"""State, reporting slots and indicators: the release compared with `oracle`, which uses only the contract's text.

First the oracle and the release answer hand-made histories, whose numbers are written here; then generated
histories, every row and column; then the real release, on which nobody has reported.
"""

import csv
import datetime as dt
import itertools
import math
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import oracle
from tests.support.command import Run
from tests.support.examples import examples
from tests.support.oracle import TOTAL, Record, Tables
from tests.support.paths import AS_OF

D = dt.date
CRC, OPAC, OPSC = "TJK-CRC-2018", "TJK-OPAC-2018", "TJK-OPSC-2018"
STATUS = (
    "activity_id", "as_of", "timing", "reported_status", "last_reported_on", "percent_complete", "completed_on",
    "agencies_disagree", "is_overdue", "days_overdue",
)  # fmt: skip
SLOT = (
    "activity_id", "agency_id", "reporting_unit", "time_period", "plan_id", "opens_on", "due_on", "filled_on",
    "is_self_dated", "is_filled", "is_on_time",
)  # fmt: skip
INDICATOR = (
    "indicator_id", "plan_id", "agency_id", "time_period", "as_of", "numerator", "denominator", "excluded",
    "without_evidence", "value",
)  # fmt: skip
ANNUAL = {"IMPLEMENTATION_RATE_YEAR", "CONTINUOUS_DELIVERY_RATE", "CARRYOVER_RATE"}
# Indicators whose unit is not an activity, or that have no denominator.
NO_ACTIVITY_RATE = ("REPORTING", "RECOMMENDATION", "ACTIVITIES", "IMPLEMENTATION_RATE_DUE_PLAN_MEAN")


class Line(NamedTuple):
    """One line of a progress report, as an agency returns it."""

    activity_id: str
    agency_id: str
    year: int
    reported_on: dt.date
    status: str
    percent_complete: float | None = None
    completed_on: dt.date | None = None
    evidence_url: str | None = None

    def row(self, number: int) -> tuple[Any, ...]:
        """Return the row of fact_progress."""
        effective_on = oracle.effective_on(self.year, self.reported_on, self.status, self.completed_on)
        report = (None, None, self.status, self.percent_complete, self.completed_on, None, self.evidence_url, None)
        key = (self.activity_id, self.agency_id, TOTAL, str(self.year), self.reported_on, effective_on)
        return (*key, *report, "invented.csv", None, number)


class Answers(Protocol):
    """The oracle or the release, which answer questions about a history."""

    def status(self, as_of: dt.date, known_on: dt.date | None = None) -> list[Record]: ...
    def slots(self, known: dt.date) -> list[Record]: ...
    def indicators(self, day: dt.date) -> list[Record]: ...


class Oracle:
    """The contract's answers."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def status(self, as_of: dt.date, known_on: dt.date | None = None) -> list[Record]:
        return oracle.status(self.tables, as_of, known_on)

    def slots(self, known: dt.date) -> list[Record]:
        return oracle.slots(self.tables, known)

    def indicators(self, day: dt.date) -> list[Record]:
        return oracle.indicators(self.tables, day)


class Release:
    """The answers of the macros in a copy of the release, whose fact_progress can be changed."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        years = con.execute("SELECT time_period FROM dim_time_period").fetchall()
        missing = {str(year) for year in range(2018, 2031)} - {year for (year,) in years}
        for year in sorted(missing):
            con.execute(
                "INSERT INTO dim_time_period (time_period, frequency, start_date, end_date) VALUES (?, 'A', ?, ?)",
                [year, D(int(year), 1, 1), D(int(year), 12, 31)],
            )
        self.plan = oracle.read(con)

    def put(self, lines: list[Line]) -> Oracle:
        """Make these lines all the reports there are, and return the oracle of that history."""
        self.con.execute("DELETE FROM fact_progress")
        rows = [line.row(number) for number, line in enumerate(lines, start=1)]
        if rows:
            marks = ", ".join([f"({', '.join('?' * len(rows[0]))})"] * len(rows))
            self.con.execute(f"INSERT INTO fact_progress VALUES {marks}", list(itertools.chain.from_iterable(rows)))
        return Oracle(self.plan | {"fact_progress": oracle.read_table(self.con, "fact_progress")})

    def status(self, as_of: dt.date, known_on: dt.date | None = None) -> list[Record]:
        known = f", known_on := DATE '{known_on}'" if known_on else ""
        return self._rows(STATUS, f"activity_status(DATE '{as_of}'{known})")

    def slots(self, known: dt.date) -> list[Record]:
        return self._rows(SLOT, f"reporting_slots(DATE '{known}')")

    def indicators(self, day: dt.date) -> list[Record]:
        return self._rows(INDICATOR, f"indicators_at(DATE '{day}')")

    def _rows(self, columns: tuple[str, ...], source: str) -> list[Record]:
        return rows(self.con, columns, source)


def rows(con: duckdb.DuckDBPyConnection, columns: tuple[str, ...], source: str) -> list[Record]:
    """Return the rows of a table or of a call of a table macro."""
    records = con.execute(f"SELECT {', '.join(columns)} FROM {source}").fetchall()
    return [dict(zip(columns, row, strict=True)) for row in records]


@pytest.fixture(scope="module")
def release(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """Yield a writable copy of the release of the real plan."""
    path = tmp_path_factory.mktemp("copy") / "npa.duckdb"
    shutil.copyfile(warehouse / "current" / "npa.duckdb", path)
    with duckdb.connect(str(path)) as con:
        yield Release(con)


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


@pytest.fixture(params=["contract", "release"])
def ask(request: pytest.FixtureRequest, release: Release) -> Any:
    """Return a function that stores a history and returns who answers: the oracle and the release must say the same."""

    def put(*lines: Line) -> Answers:
        by_contract = release.put(list(lines))
        return by_contract if request.param == "contract" else release

    return put


def state(answers: Answers, activity_id: str, as_of: dt.date, known_on: dt.date | None = None) -> Record:
    (record,) = [r for r in answers.status(as_of, known_on) if r["activity_id"] == activity_id]
    return record


def figures(answers: Answers, day: dt.date, period: str, plan_id: str, agency_id: str) -> dict[str, tuple[Any, ...]]:
    """Return by indicator: numerator, denominator, excluded, without_evidence, value."""
    key = (plan_id, agency_id, period)
    records = [r for r in answers.indicators(day) if (r["plan_id"], r["agency_id"], r["time_period"]) == key]
    return {r["indicator_id"]: tuple(r[column] for column in INDICATOR[5:]) for r in records}


PEO = (f"{OPAC}-10-01", "TJK-PEO")  # dated, 2018 and 2019
A, B, C = (f"{CRC}-14-0{n}" for n in (1, 2, 3))  # dated, only TJK-COYS; A and B 2018, C 2018 to 2022


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


def test_which_report_counts(ask: Any) -> None:
    first, second, third = (f"{CRC}-02-01", "TJK-CCR"), (f"{CRC}-02-01", "TJK-GPO"), (f"{CRC}-02-01", "TJK-MOJ")
    day = D(2019, 5, 1)
    latest_year = Line(*first, 2019, day, "in_progress", 30.0)
    reported_last = Line(*second, 2018, D(2019, 6, 1), "suspended", 10.0)  # but about the year before
    record = state(ask(latest_year, reported_last), first[0], D(2019, 7, 1))
    assert (record["reported_status"], record["percent_complete"]) == ("in_progress", 30.0)
    assert (record["last_reported_on"], record["agencies_disagree"]) == (D(2019, 6, 1), True)
    # The same year: the one reported last; the same day too: the agency printed first.
    tie = Line(*second, 2019, day, "suspended"), Line(*third, 2019, day, "not_started", 0.0)
    assert state(ask(latest_year, *tie), first[0], D(2019, 7, 1))["reported_status"] == "in_progress"
    assert state(ask(*tie), first[0], D(2019, 7, 1))["reported_status"] == "suspended"
    later = Line(*third, 2019, D(2019, 5, 2), "in_progress", None)
    record = state(ask(latest_year, *tie, later), first[0], D(2019, 7, 1))
    assert (record["reported_status"], record["percent_complete"]) == ("in_progress", None)  # that report's: NULL
    # An agency's own latest: MOJ now agrees with CCR, GPO does not; without GPO they agree.
    assert record["agencies_disagree"] is True
    assert state(ask(latest_year, tie[1], later), first[0], D(2019, 7, 1))["agencies_disagree"] is False


def test_overdue(ask: Any) -> None:
    activity_id = f"{CRC}-03-01"  # dated, 2018
    answers = ask(Line(activity_id, "TJK-CCR", 2019, D(2019, 3, 1), "cancelled"))
    cases = [
        (D(2017, 12, 31), "upcoming", False, None),
        (D(2018, 12, 30), "open", False, None),
        (D(2018, 12, 31), "closed", True, 0),
        (D(2019, 1, 31), "closed", True, 31),
        (D(2019, 3, 1), "closed", False, None),
    ]
    for as_of, *expected in cases:
        record = state(answers, activity_id, as_of)
        assert [record["timing"], record["is_overdue"], record["days_overdue"]] == expected, as_of
    continuous, second_print = (state(answers, i, D(2023, 6, 1)) for i in (f"{CRC}-35-01", f"{OPAC}-09-02"))
    for record in (continuous, second_print):
        assert (record["timing"], record["reported_status"]) == ("closed", "no_evidence")
        assert (record["is_overdue"], record["days_overdue"], record["last_reported_on"]) == (None, None, None)


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
    assert len([s for s in answers.slots(D(2018, 3, 1)) if s["activity_id"] == activity]) == 6
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
        Line(B, "TJK-COYS", 2018, D(2018, 12, 1), "cancelled"),
        Line(C, "TJK-COYS", 2019, D(2019, 12, 20), "substantially_completed", 80.0),
    )
    indicators = figures(answers, D(2019, 12, 31), "2019", CRC, "TJK-COYS")
    expected = {
        "ACTIVITIES_IN_FORCE": (10, None, None, None, 10.0),
        "ACTIVITIES_DUE": (2, None, None, None, 2.0),
        "REPORTING_RATE": (2, 12, 0, None, 200 / 12),  # about 2018: A in March, late, and B
        "REPORTING_ON_TIME_RATE": (1, 12, 0, None, 100 / 12),
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
    assert indicators.keys() == expected.keys()
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
        assert indicators[indicator_id] == (0, 1, 1, 0, figure)
    assert indicators["OVERDUE_RATE"] == (1, 2, 0, 0, 50.0)
    assert "IMPLEMENTATION_RATE_YEAR" not in indicators  # the year is not over
    assert "CARRYOVER_RATE" in indicators  # the year has begun


def test_continuous_delivery(ask: Any) -> None:
    """Use TJK-TNMAC: four continuous activities of the OPAC plan under one recommendation."""
    first, second, third, fourth = ((f"{OPAC}-08-0{n}", "TJK-TNMAC") for n in (1, 2, 3, 4))
    answers = ask(
        Line(*first, 2019, D(2020, 1, 20), "delivered", 100.0),
        Line(*second, 2018, D(2018, 12, 20), "completed", 100.0),
        Line(*third, 2019, D(2019, 6, 1), "cancelled"),
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
        again = oracle.all_indicators(answers.tables, D(2020, 12, 31))
        key = ("CONTINUOUS_DELIVERY_RATE", OPAC, "TJK-TNMAC", "2019")
        (row,) = [r for r in again if tuple(r[column] for column in INDICATOR[:4]) == key]
        assert tuple(row[column] for column in INDICATOR[4:]) == (D(2019, 12, 31), 1, 2, 1, 0, 50.0)


def test_carryover_and_cancelled_recommendations(ask: Any) -> None:
    """Use TJK-CCR: 02-01 (to 2019), 03-01 (2018), 19-02 (2019), and 35-01, continuous; each has a recommendation."""
    answers = ask(
        Line(f"{CRC}-02-01", "TJK-MOJ", 2018, D(2018, 11, 1), "in_progress"),  # another agency's report counts
        Line(f"{CRC}-03-01", "TJK-CCR", 2018, D(2019, 6, 1), "completed"),  # as at the end of 2018
        Line(f"{CRC}-19-02", "TJK-CCR", 2020, D(2020, 5, 1), "cancelled"),
        Line(f"{CRC}-35-01", "TJK-CCR", 2020, D(2020, 5, 1), "cancelled"),
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

# Small windows, sole agencies, shared recommendations, collectives, an original of a second print; all three plans.
SUBSET = (
    A, B, C, f"{CRC}-04-01", f"{CRC}-20-01", f"{CRC}-12-01", f"{CRC}-06-01", f"{CRC}-15-01", f"{CRC}-34-01",
    f"{OPAC}-01-01", f"{OPAC}-06-01", f"{OPAC}-07-01", f"{OPAC}-09-01", f"{OPAC}-08-01", f"{OPAC}-03-01",
    f"{OPSC}-01-02", f"{OPSC}-08-03", f"{OPSC}-05-01", f"{OPSC}-07-03",
)  # fmt: skip
# Days on which something changes: years, quarters, windows, the opening and the end of a slot.
_TURNS = [(1, 1), (1, 15), (1, 31), (2, 1), (3, 31), (4, 1), (6, 30), (9, 30), (10, 1), (12, 30), (12, 31)]
EDGES = [D(year, *turn) for year in range(2018, 2024) for turn in _TURNS]
YEAR_ENDS = [D(year, 12, 31) for year in range(2018, 2024)]
FIRST, LAST = D(2017, 12, 31), D(2024, 2, 1)  # a day before and some after the periods of the plan
SAID = ("completed", "completed", "completed", "cancelled", "delivered", "delivered", *oracle.STATUSES)
PROOF = "https://example.org/proof"


class History:
    """Random reports: valid lines by the contract §7. The same seed begins with the same reports."""

    def __init__(self, activities: list[oracle.Activity], seed: int, size: int) -> None:
        self.chance = random.Random(seed)
        reports = itertools.chain.from_iterable(self._reports_of_a_day(activities) for _ in range(size))
        # Of one agency on one activity, year and day: one line.
        self.lines = list({line[:4]: line for line in reports}.values())

    def __repr__(self) -> str:
        return "\n".join(map(str, self.lines))

    def day(self, first: dt.date = FIRST, last: dt.date = LAST) -> dt.date:
        """Return a day from first to last, mostly one on which something changes."""
        edges = [day for day in self.chance.choice([EDGES, EDGES, YEAR_ENDS]) if first <= day <= last]
        if edges and self.chance.random() < 0.8:
            return self.chance.choice(edges)
        return first + dt.timedelta(self.chance.randint(0, (last - first).days))

    def _reports_of_a_day(self, activities: list[oracle.Activity]) -> list[Line]:
        """Return what up to three agencies report about one activity and year on one day."""
        activity = self.chance.choice(activities)
        last = D(activity.window_start.year + self.chance.choice([1, 2, 3, 4, 7]), 3, 31)
        reported_on = self.day(activity.window_start, last)
        # "time_period after the year of reported_on or before the activity's window" is refused
        years = range(activity.window_start.year, reported_on.year + 1)
        year = self.chance.choice([*years[-2:], *years[-2:], *years])
        speaking = self.chance.choice([1, 1, 2, 3])
        agencies = self.chance.sample(activity.agencies, min(speaking, len(activity.agencies)))
        return [self._line(activity, agency_id, year, reported_on) for agency_id in agencies]

    def _line(self, activity: oracle.Activity, agency_id: str, year: int, reported_on: dt.date) -> Line:
        # "delivered for a dated activity" is refused
        status = self.chance.choice([s for s in SAID if s != "delivered" or activity.timeframe != "dated"])
        percent = {"completed": 100.0, "delivered": 100.0, "not_started": 0.0}.get(
            status, self.chance.choice([0.0, 62.5])
        )
        completed_on = None
        if status == "completed" and self.chance.random() < 0.7:
            # not "after reported_on or before the plan"; often about the day on which the window ends
            around = activity.window_end + dt.timedelta(self.chance.choice([-1, 0, 1, 40]))
            anywhere = self.day(D(2018, 1, 1), reported_on)
            completed_on = around if around <= reported_on and self.chance.random() < 0.6 else anywhere
        report = (status, self.chance.choice([None, percent]), completed_on, self.chance.choice([None, PROOF]))
        return Line(activity.activity_id, agency_id, year, reported_on, *report)


@pytest.fixture(scope="module")
def subset(release: Release) -> list[oracle.Activity]:
    """Return the activities that generated reports are about."""
    activities = [activity for activity in oracle.activities(release.plan) if activity.activity_id in SUBSET]
    assert len(activities) == len(SUBSET)
    return activities


SEEDS, SIZES = st.integers(0, 2**32), st.integers(0, 120)


@settings(max_examples=examples(30))
@given(seed=SEEDS, size=SIZES)
def test_release_says_what_the_contract_says(
    release: Release, subset: list[oracle.Activity], seed: int, size: int
) -> None:
    history = History(subset, seed, size)
    contract = release.put(history.lines)
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
    release.put(history.lines)
    day = history.day(D(2018, 1, 1), D(2023, 12, 31))
    rows = release.indicators(day)
    assert_rules(rows, day)
    assert {row["time_period"] for row in rows} == {f"{day.year}", f"{day.year}-Q{(day.month + 2) // 3}"}


@pytest.mark.parametrize(("seed", "as_of"), [(1, "2019-11-15"), (2, AS_OF)])
def test_release_with_reports(
    raw: Path, refresh: Run, tmp_path: Path, subset: list[oracle.Activity], seed: int, as_of: str
) -> None:
    """Take the whole way from a file in raw/progress/: here periods are judged by reports that came after them."""
    history = History(subset, seed, 120)
    folder = raw / "progress"
    folder.mkdir(exist_ok=True)
    with (folder / "invented.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(
            (
                "activity_id",
                "agency_id",
                "time_period",
                "reported_on",
                "status",
                "percent_complete",
                "completed_on",
                "evidence_url",
            )
        )
        out.writerows(history.lines)
    done = refresh("--as-of", as_of)
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(tmp_path / "warehouse" / "current" / "npa.duckdb"), read_only=True) as con:
        tables = oracle.read(con)
        key = ("activity_id", "agency_id", "reporting_unit", "time_period", "reported_on", "effective_on")
        published = rows(con, key, "fact_progress")
        day = D.fromisoformat(as_of)
        sent = [dict(zip(key, line.row(0), strict=False)) for line in history.lines]
        assert_same(published, sent, 5, "fact_progress")
        facts = rows(con, INDICATOR, "fact_indicator")
        assert_same(facts, oracle.all_indicators(tables, day), 4, history)
        assert_same(rows(con, SLOT, "fact_reporting_slot"), oracle.slots(tables, day), 4, history)
        assert_rules(facts, day)


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
    nothing = {"NO_EVIDENCE_RATE", "OVERDUE_RATE", "STATUS_SHARE_NO_EVIDENCE", "CARRYOVER_RATE"}
    for row in facts:
        indicator_id = row["indicator_id"]
        if not indicator_id.startswith(NO_ACTIVITY_RATE):
            assert row["without_evidence"] == row["denominator"], row
        if not indicator_id.startswith("ACTIVITIES") and indicator_id not in nothing:
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
    assert_same(facts, oracle.all_indicators(tables, as_of), 4, "fact_indicator")
    assert_same(rows(con, SLOT, "fact_reporting_slot"), oracle.slots(tables, as_of), 4, "fact_reporting_slot")
    for day in sorted({row["as_of"] for row in facts}):  # every end of a quarter, of a year
        answered = [row for row in rows(con, INDICATOR, f"indicators_at(DATE '{day}')") if ended(row, day)]
        assert_same(answered, [row for row in facts if row["as_of"] == day], 4, day)


def ended(row: Record, day: dt.date) -> bool:
    """Return True if the row's period ends on that day."""
    return bounds(row["time_period"])[1] == day
