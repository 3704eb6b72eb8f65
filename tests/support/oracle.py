"""States, slots and periods computed a second time, from the contract (§5, §7) and the published tables only.

Slow and simple on purpose: no SQL, and no code of the release. Sentences in quotation marks are the
contract's. `Tables` are frames of the tables in `NAMES`, with days as datetime.date (see `read`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd

Tables = dict[str, pd.DataFrame]
Record = dict[str, Any]

TOTAL = "_T"
NAMES = (
    "dim_plan", "dim_activity", "dim_agency", "dim_reporting_unit", "dim_time_period", "dim_reporting_period",
    "bridge_activity_agency", "bridge_measure_recommendation", "activity_decision", "fact_progress",
)  # fmt: skip
STATUSES = (
    "not_started", "in_progress", "substantially_completed", "completed", "delivered", "suspended", "cancelled",
)  # fmt: skip


# --------------------------------------------------------------------------------------------------- what is published


def read(con: duckdb.DuckDBPyConnection) -> Tables:
    """Return the tables of a release, with days as datetime.date and what is missing as None."""
    return {name: read_table(con, name) for name in NAMES}


def read_table(con: duckdb.DuckDBPyConnection, name: str) -> pd.DataFrame:
    """Return one table (or whatever can follow FROM), cells as Python has them."""
    result = con.execute(f"FROM {name}")
    columns = [column[0] for column in result.description or []]
    return pd.DataFrame(result.fetchall(), columns=columns, dtype=object)


Respondent = tuple[str, str]  # agency and unit, _T of an agency without units


@dataclass(frozen=True)
class Report:
    """One accepted line of a progress report."""

    respondent: Respondent
    time_period: str  # the year or half-year that the report is about
    reported_on: dt.date
    received_on: dt.date | None
    effective_on: dt.date
    status: str
    percent_complete: float | None
    completed_on: dt.date | None
    result_text: str | None
    evidence_kind: str | None

    @property
    def known_on(self) -> dt.date:
        """Return the day from which the report is known."""
        return self.received_on or self.reported_on

    @property
    def is_claim(self) -> bool:
        """Return True for "cancelled", which is a claim."""
        return self.status == "cancelled"


@dataclass(frozen=True)
class Expected:
    """One period that reports are to be about, and when they are expected."""

    time_period: str
    start: dt.date
    end: dt.date
    opens_on: dt.date
    due_on: dt.date


@dataclass(frozen=True)
class Decision:
    """What the approving body decided: cancelled (without new_end), or extended."""

    decided_on: dt.date
    new_end: dt.date | None


@dataclass(frozen=True, repr=False)
class Activity:
    """One activity with all that is needed to judge it."""

    activity_id: str
    plan_id: str
    timeframe: str
    window_start: dt.date
    window_end: dt.date  # as the plan has it
    is_duplicate: bool
    agencies: tuple[str, ...]
    reporting: tuple[Respondent, ...]  # without collectives
    answering: frozenset[Respondent]  # those whose reports say how it stands
    recommendations: frozenset[str]
    expected: tuple[Expected, ...]  # of its plan
    decisions: tuple[Decision, ...]
    reports: tuple[Report, ...]

    def __repr__(self) -> str:
        return self.activity_id  # short, for the messages of tests

    def end_on(self, day: dt.date) -> dt.date:
        """Return its end as known on a day: "an end that a decision moves counts from the day of the decision on"."""
        moved = [d.new_end for d in self.decisions if d.new_end and d.decided_on <= day]
        return max([self.window_end, *moved])

    def is_cancelled_on(self, day: dt.date) -> bool:
        """Return True if a decision of that day or before cancels it."""
        return any(d.new_end is None and d.decided_on <= day for d in self.decisions)


def effective_on(time_period: str, reported_on: dt.date, status: str, completed_on: dt.date | None) -> dt.date:
    """Return the day from which a report counts.

    "A report takes effect (effective_on) on completed_on where it reports completion with a date, else on the earlier
    of reported_on and the last day of the year or half-year it is about."
    """
    if status == "completed" and completed_on is not None:
        return completed_on
    last = (6, 30) if time_period.endswith("-S1") else (12, 31)
    return min(reported_on, dt.date(int(time_period[:4]), *last))


def activities(tables: Tables) -> list[Activity]:
    """Return every activity of the release, including second prints."""
    links = _by("activity_id", tables["bridge_activity_agency"])
    units = _by("agency_id", tables["dim_reporting_unit"])
    decisions, reports = (_by("activity_id", tables[name]) for name in ("activity_decision", "fact_progress"))
    collective = {row["agency_id"] for row in _records(tables["dim_agency"]) if row["is_collective"]}
    answers: dict[str, set[str]] = defaultdict(set)
    for link in _records(tables["bridge_measure_recommendation"]):
        answers[link["measure_id"]].add(link["recommendation_id"])
    expected = _expected(tables)
    result = []
    for row in _records(tables["dim_activity"]):
        printed = sorted(links[row["activity_id"]], key=lambda link: link["position"])
        responsible = [
            (link["agency_id"], unit["reporting_unit"])
            for link in printed
            for unit in units[link["agency_id"]] or [{"reporting_unit": TOTAL}]
        ]
        reporting = [respondent for respondent in responsible if respondent[0] not in collective]
        leads = {link["agency_id"] for link in printed if link["is_lead"]}
        leading = [respondent for respondent in responsible if respondent[0] in leads]
        result.append(
            Activity(
                activity_id=row["activity_id"],
                plan_id=row["plan_id"],
                timeframe=row["timeframe"],
                window_start=row["window_start"],
                window_end=row["window_end"],
                is_duplicate=row["duplicate_of"] is not None,
                agencies=tuple(link["agency_id"] for link in printed),
                reporting=tuple(reporting),
                answering=frozenset(leading or reporting or responsible),
                recommendations=frozenset(answers[row["measure_id"]]),
                expected=tuple(expected[row["plan_id"]]),
                decisions=tuple(Decision(d["decided_on"], d["new_end"]) for d in decisions[row["activity_id"]]),
                reports=tuple(_report(record) for record in reports[row["activity_id"]]),
            )
        )
    return result


def _expected(tables: Tables) -> dict[str, list[Expected]]:
    """Return by plan the periods that reports are to be about."""
    days = {row["time_period"]: (row["start_date"], row["end_date"]) for row in _records(tables["dim_time_period"])}
    expected: dict[str, list[Expected]] = defaultdict(list)
    for row in _records(tables["dim_reporting_period"]):
        period = row["time_period"]
        expected[row["plan_id"]].append(Expected(period, *days[period], row["opens_on"], row["due_on"]))
    return expected


def _records(frame: pd.DataFrame) -> list[Record]:
    rows = frame.to_dict("records")
    return [{str(name): None if pd.isna(cell) else cell for name, cell in row.items()} for row in rows]


def _by(column: str, frame: pd.DataFrame) -> dict[str, list[Record]]:
    grouped: dict[str, list[Record]] = defaultdict(list)
    for row in _records(frame):
        grouped[row[column]].append(row)
    return grouped


def _report(row: Record) -> Report:
    return Report(
        respondent=(row["agency_id"], row["reporting_unit"]),
        time_period=row["time_period"],
        reported_on=row["reported_on"],
        received_on=row["received_on"],
        effective_on=row["effective_on"],
        status=row["status"],
        percent_complete=row["percent_complete"],
        completed_on=row["completed_on"],
        result_text=row["result_text"],
        evidence_kind=row["evidence_kind"],
    )


# ----------------------------------------------------------------------------------------------------- activity_status

DONE = {"completed", "cancelled"}


def status(tables: Tables, as_of: dt.date, known_on: dt.date | None = None) -> list[Record]:
    """Return activity_status(as_of, known_on): "One row an activity, as it stood at the end of as_of by the
    reports received by known_on (NULL: by as_of)"."""
    return [status_of(activity, as_of, known_on or as_of) for activity in activities(tables)]


def status_of(activity: Activity, as_of: dt.date, known_on: dt.date) -> Record:
    decided = min(as_of, known_on)  # the last day whose decisions are known
    end, is_cancelled = activity.end_on(decided), activity.is_cancelled_on(decided)
    reports = in_effect(activity, as_of, known_on)
    own = own_reports(activity, reports)
    said = [report.status for report in own]
    reported_status = "cancelled" if is_cancelled else _state(activity, said)
    is_awaiting = _is_awaiting(activity, as_of, end, reports) and reported_status not in DONE
    is_overdue = None
    # "is_overdue is NULL unless timeframe is dated"; a second print can have no report and never counts: NULL too.
    if activity.timeframe == "dated" and not activity.is_duplicate:
        is_overdue = end < as_of and reported_status not in DONE and not is_awaiting
    latest = max(own, key=lambda r: (r.time_period, r.reported_on, r.effective_on), default=None)
    days = [report.completed_on for report in own if report.completed_on]
    return {
        "activity_id": activity.activity_id,
        "as_of": as_of,
        # "timing (upcoming, open, closed: window_end_in_effect ≤ as_of)"
        "timing": "closed" if end <= as_of else "open" if activity.window_start <= as_of else "upcoming",
        "window_end_in_effect": end,
        "reported_status": reported_status,
        # "last_reported_on is the latest reported_on in effect, of any agency"
        "last_reported_on": max((report.reported_on for report in reports), default=None),
        "percent_complete": min((r.percent_complete for r in own if r.percent_complete is not None), default=None),
        "completed_on": max(days, default=None) if reported_status == "completed" else None,
        "completed_by_all": len(own) == len(activity.answering) and set(said) == {"completed"},
        "completed_by_any": "completed" in said,
        "agencies_disagree": not is_cancelled and len({_COUNTED[status] for status in said}) > 1,
        "cancellation_claims": 0 if is_cancelled else _claims(reports),
        "is_awaiting_report": is_awaiting,
        "is_overdue": is_overdue,
        "days_overdue": (as_of - end).days if is_overdue else None,
        "evidence_age_days": (as_of - latest.effective_on).days if latest else None,
        "is_stale": reported_status not in DONE and _is_stale(activity, as_of, known_on, latest),
    }


# What a status is counted as: done, under way, not under way.
_COUNTED = {"completed": 1, "delivered": 1, "in_progress": 2, "substantially_completed": 2, "not_started": 3,
            "suspended": 3}  # fmt: skip


def in_effect(activity: Activity, as_of: dt.date, known_on: dt.date) -> list[Report]:
    """Return "the reports with effective_on ≤ as_of" that are known by known_on."""
    return [r for r in activity.reports if r.effective_on <= as_of and r.known_on <= known_on]


def _latest(reports: Iterable[Report]) -> Report | None:
    """Return the report of one respondent "about the latest period", "then the one reported last"."""
    return max(reports, key=lambda report: (report.time_period, report.reported_on), default=None)


def own_reports(activity: Activity, reports: list[Report]) -> list[Report]:
    """Return of each that answers for the activity and has reported its own latest report in effect; "a claim of
    cancellation does not count"."""
    latest = (_latest(r for r in reports if r.respondent == who and not r.is_claim) for who in activity.answering)
    return [report for report in latest if report]


def _claims(reports: list[Report]) -> int:
    """Return how many agencies or units last claimed that the activity is cancelled."""
    latest = (_latest(r for r in reports if r.respondent == who) for who in {r.respondent for r in reports})
    return sum(report.is_claim for report in latest if report)


def _state(activity: Activity, said: list[str]) -> str:
    """Return the state that the own states of agencies give, by the rules in their order."""
    if not said:
        return "no_evidence"
    if set(said) <= {"completed"}:
        return "completed"
    if set(said) <= {"completed", "substantially_completed"}:
        return "substantially_completed"
    if activity.timeframe == "continuous" and set(said) <= {"delivered", "completed"}:
        return "delivered"
    if set(said) <= {"not_started"}:
        return "not_started"
    if set(said) <= {"not_started", "suspended"}:
        return "suspended"
    return "in_progress"


def _is_awaiting(activity: Activity, day: dt.date, end: dt.date, reports: list[Report]) -> bool:
    """Return "dated, window_end < day ≤ due_on of its last year, … and no report about that year yet. Without slots:
    never"."""
    last = [expected for expected in activity.expected if expected.start <= end <= expected.end]
    if activity.timeframe != "dated" or activity.is_duplicate or not activity.reporting or not last:
        return False
    is_reported = any(report.time_period == last[0].time_period for report in reports)
    return end < day <= last[0].due_on and not is_reported


def _is_stale(activity: Activity, day: dt.date, known: dt.date, latest: Report | None) -> bool:
    """Return "the latest report of its agencies is about year t, …, and a slot of the activity of a year > t has
    due_on < day and is not filled"."""
    return latest is not None and any(
        slot["time_period"] > latest.time_period and slot["due_on"] < day and not slot["is_filled"]
        for slot in slots_of(activity, known)
    )


# ----------------------------------------------------------------------------------------------------- reporting slots


def slots(tables: Tables, known: dt.date) -> list[Record]:
    """Return reporting_slots(known): one row per activity × responsible agency that is no collective, or its unit ×
    period of the activity's window, where a report is expected, without duplicates."""
    return [slot for activity in activities(tables) if not activity.is_duplicate for slot in slots_of(activity, known)]


def slots_of(activity: Activity, known: dt.date) -> Iterator[Record]:
    for expected in activity.expected:
        if not _is_expected(activity, expected, known):
            continue
        # "A slot closes for an agency only by its own completion, or by a decision of the approving body."
        before = expected.start - dt.timedelta(1)
        reports = in_effect(activity, before, known)
        for respondent in activity.reporting:
            last = _latest(r for r in reports if r.respondent == respondent and not r.is_claim)
            if (last and last.status == "completed") or activity.is_cancelled_on(min(before, known)):
                continue
            filling = _filling(activity, respondent, expected, known)
            filled_on = min((report.known_on for report in filling), default=None)
            yield {
                "activity_id": activity.activity_id,
                "agency_id": respondent[0],
                "reporting_unit": respondent[1],
                "time_period": expected.time_period,
                "plan_id": activity.plan_id,
                "opens_on": expected.opens_on,
                "due_on": expected.due_on,
                "filled_on": filled_on,
                "is_self_dated": None if filled_on is None else filled_on not in {r.received_on for r in filling},
                "is_filled": filled_on is not None,
                "is_on_time": filled_on is not None and filled_on <= expected.due_on,
            }


def _is_expected(activity: Activity, expected: Expected, known: dt.date) -> bool:
    """Return True for a period of the window, or of what a decision adds to it that was taken before it was due."""
    if expected.end < activity.window_start:
        return False
    end = activity.end_on(min(known, expected.due_on))
    return expected.start <= max(activity.window_end, end)


def _filling(activity: Activity, respondent: Respondent, expected: Expected, known: dt.date) -> list[Report]:
    """Return: "A slot is filled by a report about its year made on or after the opening day, or one that reports
    completed or cancelled"."""
    return [
        report
        for report in activity.reports
        if report.respondent == respondent and report.time_period == expected.time_period and report.known_on <= known
        if report.reported_on >= expected.opens_on or report.status in {"completed", "cancelled"}
    ]


# ------------------------------------------------------------------------------------------------------------- periods


@dataclass(frozen=True)
class Period:
    """A year or a quarter."""

    time_period: str
    start: dt.date
    end: dt.date

    @property
    def is_year(self) -> bool:
        """Return True for a year, False for a quarter."""
        return len(self.time_period) == 4


def periods(tables: Tables, as_of: dt.date) -> list[Period]:
    """ "Periods run from the first plan's start to the release's as_of, at most to the end of the year after the last
    plan's end", or up to which a decision extends an activity; "A period that begins after the release's as_of has no
    row." """
    first, last = _range(tables, as_of)
    all_of_them = [period for year in range(first.year, last.year + 1) for period in _year_and_quarters(year)]
    return [period for period in all_of_them if period.start <= as_of]


def _range(tables: Tables, known: dt.date) -> tuple[dt.date, dt.date]:
    plans, decisions = _records(tables["dim_plan"]), _records(tables["activity_decision"])
    moved = [row["new_end"] for row in decisions if row["new_end"] and row["decided_on"] <= known]
    first, last = min(plan["start_date"] for plan in plans), max([*(plan["end_date"] for plan in plans), *moved])
    return dt.date(first.year, 1, 1), dt.date(last.year + 1, 12, 31)


def _year_and_quarters(year: int) -> Iterator[Period]:
    yield Period(f"{year}", dt.date(year, 1, 1), dt.date(year, 12, 31))
    for quarter, last_day in enumerate((31, 30, 30, 31), start=1):
        start = dt.date(year, 3 * quarter - 2, 1)
        yield Period(f"{year}-Q{quarter}", start, dt.date(year, 3 * quarter, last_day))
