"""Histories of a plan, by hand or random: reports, decisions and leads, and who answers questions about them.

The oracle answers by the contract, the release by its macros; both must say the same."""

import datetime as dt
import itertools
import random
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import duckdb

from tests.support import oracle, oracle_indicators
from tests.support.oracle import TOTAL, Record, Tables

D = dt.date
CRC, OPAC, OPSC = "TJK-CRC-2018", "TJK-OPAC-2018", "TJK-OPSC-2018"
STATUS = (
    "activity_id", "as_of", "timing", "window_end_in_effect", "reported_status", "last_reported_on", "percent_complete",
    "completed_on", "completed_by_all", "completed_by_any", "agencies_disagree", "cancellation_claims",
    "is_awaiting_report", "is_overdue", "days_overdue", "evidence_age_days", "is_stale",
)  # fmt: skip
SLOT = (
    "activity_id", "agency_id", "reporting_unit", "time_period", "plan_id", "opens_on", "due_on", "filled_on",
    "is_self_dated", "is_filled", "is_on_time",
)  # fmt: skip
INDICATOR = (
    "indicator_id", "plan_id", "agency_id", "time_period", "as_of", "numerator", "denominator", "excluded",
    "without_evidence", "value", "stale", "self_dated", "obs_status",
)  # fmt: skip


class Line(NamedTuple):
    """One line of a progress report, as an agency returns it."""

    activity_id: str
    agency_id: str
    period: int | str  # a year, or a half-year such as 2019-S1
    reported_on: dt.date
    status: str
    percent_complete: float | None = None
    completed_on: dt.date | None = None
    evidence: str | None = None
    unit: str = TOTAL
    received_on: dt.date | None = None

    def row(self, number: int) -> tuple[Any, ...]:
        """Return the row of fact_progress."""
        effective_on = oracle.effective_on(str(self.period), self.reported_on, self.status, self.completed_on)
        is_web = self.evidence is not None and self.evidence.startswith("https://")
        cited = ("web", self.evidence, None) if is_web else (self.evidence and "reference", None, self.evidence)
        report = (self.received_on, None, self.status, self.percent_complete, self.completed_on, None, *cited)
        key = (self.activity_id, self.agency_id, self.unit, str(self.period), self.reported_on, effective_on)
        return (*key, *report, "invented.csv", None, number)


class Decided(NamedTuple):
    """One row of decisions.csv; without a new end, the activity is cancelled."""

    activity_id: str
    decided_on: dt.date
    new_end: dt.date | None = None


class Lead(NamedTuple):
    """One row of leads.csv."""

    activity_id: str
    agency_id: str


Fact = Line | Decided | Lead


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
        return oracle_indicators.indicators(self.tables, day)


class Release:
    """The answers of the macros in a copy of the release, whose reports, decisions and leads can be changed."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        years = con.execute("SELECT time_period FROM dim_time_period").fetchall()
        missing = {str(year) for year in range(2018, 2031)} - {year for (year,) in years}
        for year in sorted(missing):
            con.execute(
                "INSERT INTO dim_time_period (time_period, frequency, start_date, end_date) VALUES (?, 'A', ?, ?)",
                [year, D(int(year), 1, 1), D(int(year), 12, 31)],
            )
        for later in range(1, 4):  # to which decisions extend activities
            con.execute(f"""
                INSERT INTO dim_reporting_period
                SELECT plan_id, (time_period::INTEGER + {later})::VARCHAR, opens_on + INTERVAL {later} YEAR,
                       due_on + INTERVAL {later} YEAR
                FROM dim_reporting_period WHERE time_period = '2022'""")
        halves = [(year, half) for year in range(2018, 2031) for half in ("S1", "S2")]
        self._insert("dim_time_period", [
            (f"{year}-{half}", "S", D(year, 1, 1), D(year, 6, 30)) if half == "S1" else
            (f"{year}-{half}", "S", D(year, 7, 1), D(year, 12, 31)) for year, half in halves
        ])  # fmt: skip
        self.plan = oracle.read(con)
        self.yearly = con.execute("FROM dim_reporting_period").fetchall()
        self.half_yearly = [
            (plan_id, f"{year}-S1", D(int(year), 6, 15), D(int(year), 7, 31)) if half == "S1" else
            (plan_id, f"{year}-S2", D(int(year) + 1, 1, 10), D(int(year) + 1, 2, 10))
            for plan_id, year, *_ in self.yearly for half in ("S1", "S2")
        ]  # fmt: skip

    def put(self, facts: Sequence[Fact], units: Sequence[str] = (), *, is_half_yearly: bool = False) -> Oracle:
        """Make these all the reports, decisions and leads there are, and these the units of TJK-LA; all plans are
        reported on by years, or by half-years.

        Return the oracle of that history."""
        self.con.execute("DELETE FROM dim_reporting_period")
        self._insert("dim_reporting_period", self.half_yearly if is_half_yearly else self.yearly)
        self.con.execute("DELETE FROM fact_progress; DELETE FROM activity_decision; DELETE FROM dim_reporting_unit")
        self.con.execute("UPDATE bridge_activity_agency SET is_lead = false, lead_document = NULL WHERE is_lead")
        self._insert("dim_reporting_unit", [("TJK-LA", unit, unit) for unit in units])
        lines = [fact for fact in facts if isinstance(fact, Line)]
        self._insert("fact_progress", [line.row(number) for number, line in enumerate(lines, start=1)])
        decisions = [fact for fact in facts if isinstance(fact, Decided)]
        of_body = [(d.activity_id, d.decided_on, "Government", "extended" if d.new_end else "cancelled", d.new_end,
                    "Order", "Why.", "decisions.csv", number) for number, d in enumerate(decisions, 2)]  # fmt: skip
        self._insert("activity_decision", of_body)
        for lead in (fact for fact in facts if isinstance(fact, Lead)):
            self.con.execute(
                "UPDATE bridge_activity_agency SET is_lead = true WHERE activity_id = ? AND agency_id = ?", list(lead)
            )
        changed = (
            "dim_reporting_unit",
            "dim_reporting_period",
            "bridge_activity_agency",
            "activity_decision",
            "fact_progress",
        )
        return Oracle(self.plan | {name: oracle.read_table(self.con, name) for name in changed})

    def _insert(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            marks = ", ".join([f"({', '.join('?' * len(rows[0]))})"] * len(rows))
            self.con.execute(f"INSERT INTO {table} VALUES {marks}", list(itertools.chain.from_iterable(rows)))

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


def state(answers: Answers, activity_id: str, as_of: dt.date, known_on: dt.date | None = None) -> Record:
    (record,) = [r for r in answers.status(as_of, known_on) if r["activity_id"] == activity_id]
    return record


def figures(answers: Answers, day: dt.date, period: str, plan_id: str, agency_id: str) -> dict[str, tuple[Any, ...]]:
    """Return by indicator: numerator, denominator, excluded, without_evidence, value."""
    key = (plan_id, agency_id, period)
    records = [r for r in answers.indicators(day) if (r["plan_id"], r["agency_id"], r["time_period"]) == key]
    return {r["indicator_id"]: tuple(r[column] for column in INDICATOR[5:10]) for r in records}


PEO = (f"{OPAC}-10-01", "TJK-PEO")  # dated, 2018 and 2019
A, B, C = (f"{CRC}-14-0{n}" for n in (1, 2, 3))  # dated, only TJK-COYS; A and B 2018, C 2018 to 2022


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
    """Random reports, decisions and leads, valid by the contract §7. The same seed begins with the same facts.

    With `units`, TJK-LA reports by them."""

    def __init__(
        self,
        activities: list[oracle.Activity],
        seed: int,
        size: int,
        units: Sequence[str] = (),
        *,
        is_half_yearly: bool = False,
    ) -> None:
        self.chance, self.units, self.activities = random.Random(seed), units, activities
        self.is_half_yearly = is_half_yearly
        many = self.chance.choice([0, 0, 2, 5])  # of most histories, nobody decides anything
        self.leads = list({lead.activity_id: lead for lead in map(self._lead, range(many)) if lead}.values())
        self.decisions = self._decisions(many)
        reports = itertools.chain.from_iterable(self._reports_of_a_day(activities) for _ in range(size))
        # Of one agency on one activity, year and day: one line.
        self.lines = list({(*line[:4], line.unit): line for line in reports}.values())

    def __repr__(self) -> str:
        return "\n".join(map(str, [*self.units, *self.facts]))

    @property
    def facts(self) -> list[Fact]:
        """Return all of it."""
        return [*self.leads, *self.decisions, *self.lines]

    def day(self, first: dt.date = FIRST, last: dt.date = LAST) -> dt.date:
        """Return a day from first to last, mostly one on which something changes."""
        edges = [day for day in self.chance.choice([EDGES, EDGES, YEAR_ENDS]) if first <= day <= last]
        if edges and self.chance.random() < 0.8:
            return self.chance.choice(edges)
        return first + dt.timedelta(self.chance.randint(0, (last - first).days))

    def _lead(self, _: int) -> Lead | None:
        activity = self.chance.choice(self.activities)
        return Lead(activity.activity_id, self.chance.choice(activity.reporting)[0]) if activity.reporting else None

    def _decisions(self, size: int) -> list[Decided]:
        """Return decisions: each moves an end to a later day; what is cancelled is decided no more."""
        decisions: list[Decided] = []
        for decided_on in sorted({self.day(D(2018, 1, 1)) for _ in range(3 * size)}):
            activity = self.chance.choice(self.activities)
            earlier = [d for d in decisions if d.activity_id == activity.activity_id]
            if not earlier or earlier[-1].new_end:
                end = (earlier and earlier[-1].new_end) or activity.window_end
                new_end = self.chance.choice([end + dt.timedelta(180), D(end.year + 1, 12, 31), D(end.year + 2, 6, 30)])
                is_moved = self.chance.random() < 0.6 and new_end.year <= 2025
                decisions.append(Decided(activity.activity_id, decided_on, new_end if is_moved else None))
        return decisions

    def _reports_of_a_day(self, activities: list[oracle.Activity]) -> list[Line]:
        """Return what up to three agencies report about one activity and year on one day."""
        activity = self.chance.choice(activities)
        last = D(activity.window_start.year + self.chance.choice([1, 2, 3, 4, 7]), 3, 31)
        reported_on = self.day(activity.window_start, last)
        # "time_period after the year of reported_on or before the activity's window" is refused
        years = range(activity.window_start.year, reported_on.year + 1)
        period: int | str = self.chance.choice([*years[-2:], *years[-2:], *years])
        if self.is_half_yearly:
            halves = [f"{period}-S1"] + [f"{period}-S2"] * (reported_on >= D(int(period), 7, 1))
            period = self.chance.choice(halves)
        speaking = self.chance.choice([1, 1, 2, 3])
        agencies = self.chance.sample(activity.agencies, min(speaking, len(activity.agencies)))
        return [self._line(activity, agency_id, period, reported_on) for agency_id in agencies]

    def _line(self, activity: oracle.Activity, agency_id: str, period: int | str, reported_on: dt.date) -> Line:
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
        cited = self.chance.choice([None, PROOF, "Order No. 12"])
        report = (status, self.chance.choice([None, percent]), completed_on, cited)
        unit = self.chance.choice(self.units) if self.units and agency_id == "TJK-LA" else TOTAL
        received_on = self.chance.choice([None, None, reported_on + dt.timedelta(self.chance.choice([0, 3, 40]))])
        return Line(activity.activity_id, agency_id, period, reported_on, *report, unit, received_on)
