"""The monitoring figures computed a second time, from the contract (§5, §7) and the published tables only.

Slow and simple on purpose: no SQL, and no code of the release. Sentences in quotation marks are the
contract's. `Tables` are frames of the tables in `NAMES`, with days as datetime.date (see `read`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

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
ACTED = {"in_progress", "substantially_completed", "completed", "delivered"}


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
    evidence_url: str | None

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


def effective_on(year: int, reported_on: dt.date, status: str, completed_on: dt.date | None) -> dt.date:
    """Return the day from which a report counts.

    "A report takes effect (effective_on) on completed_on where it reports completion with a date, else on the earlier
    of reported_on and the last day of the year it is about."
    """
    if status == "completed" and completed_on is not None:
        return completed_on
    return min(reported_on, dt.date(year, 12, 31))


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
        evidence_url=row["evidence_url"],
    )


# ----------------------------------------------------------------------------------------------------- activity_status

DONE = {"completed", "cancelled"}


def status(tables: Tables, as_of: dt.date, known_on: dt.date | None = None) -> list[Record]:
    """Return activity_status(as_of, known_on): "One row an activity, as it stood at the end of as_of by the
    reports received by known_on (NULL: by as_of)"."""
    return [_status(activity, as_of, known_on or as_of) for activity in activities(tables)]


def _status(activity: Activity, as_of: dt.date, known_on: dt.date) -> Record:
    decided = min(as_of, known_on)  # the last day whose decisions are known
    end, is_cancelled = activity.end_on(decided), activity.is_cancelled_on(decided)
    reports = _in_effect(activity, as_of, known_on)
    own = _own(activity, reports)
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


def _in_effect(activity: Activity, as_of: dt.date, known_on: dt.date) -> list[Report]:
    """Return "the reports with effective_on ≤ as_of" that are known by known_on."""
    return [r for r in activity.reports if r.effective_on <= as_of and r.known_on <= known_on]


def _latest(reports: Iterable[Report]) -> Report | None:
    """Return the report of one respondent "about the latest period", "then the one reported last"."""
    return max(reports, key=lambda report: (report.time_period, report.reported_on), default=None)


def _own(activity: Activity, reports: list[Report]) -> list[Report]:
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
        for slot in _slots(activity, known)
    )


# ----------------------------------------------------------------------------------------------------- reporting slots


def slots(tables: Tables, known: dt.date) -> list[Record]:
    """Return reporting_slots(known): one row per activity × responsible agency that is no collective, or its unit ×
    period of the activity's window, where a report is expected, without duplicates."""
    return [slot for activity in activities(tables) if not activity.is_duplicate for slot in _slots(activity, known)]


def _slots(activity: Activity, known: dt.date) -> Iterator[Record]:
    for expected in activity.expected:
        if not _is_expected(activity, expected, known):
            continue
        # "A slot closes for an agency only by its own completion, or by a decision of the approving body."
        before = expected.start - dt.timedelta(1)
        in_effect = _in_effect(activity, before, known)
        for respondent in activity.reporting:
            last = _latest(r for r in in_effect if r.respondent == respondent and not r.is_claim)
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


# ---------------------------------------------------------------------------------------------------------- indicators


def all_indicators(tables: Tables, as_of: dt.date) -> list[Record]:
    """Return the rows of fact_indicator in a release with this as_of."""
    every = activities(tables)
    return [row for period in periods(tables, as_of) for row in _judge(every, period, as_of)]


def indicators(tables: Tables, day: dt.date) -> list[Record]:
    """Return indicators_at(day): "the same rows for the year and quarter of that day, as if the release's as_of
    were that day"; no row for a day outside the periods."""
    holding = [period for period in periods(tables, day) if period.start <= day <= period.end]
    every = activities(tables)
    return [row for period in holding for row in _judge(every, period, day)]


@dataclass(frozen=True)
class Judged:
    """An activity as at the end of e, by the reports that are known."""

    activity: Activity
    window_end: dt.date  # in effect as at the end of e
    status: str
    completed_on: dt.date | None
    status_before: str  # as at the end of the year before the period's

    @property
    def is_dated(self) -> bool:
        """Return True if its timeframe is dated."""
        return self.activity.timeframe == "dated"

    @property
    def is_done(self) -> bool:
        """Return "done": status completed as at e."""
        return self.status == "completed"

    @property
    def is_cancelled(self) -> bool:
        """Return True if it is cancelled as at e."""
        return self.status == "cancelled"

    @property
    def is_silent(self) -> bool:
        """Return True if nothing is reported as at e."""
        return self.status == "no_evidence"


Group = list[Judged]
Test = Callable[[Judged], bool]


@dataclass(frozen=True)
class Cell:
    """The subject of a row of indicators: the activities of a plan (or all) and an agency (or all), in a period."""

    period: Period
    e: dt.date
    known: dt.date
    agency_id: str
    group: Group
    slots: list[Record]

    def window_ends_in_period(self, judged: Judged) -> bool:
        """Return True if the last day of the window is in the period."""
        return self.period.start <= judged.window_end <= self.period.end

    def touches(self, judged: Judged) -> bool:
        """Return True if the window has a day in common with the period."""
        return judged.activity.window_start <= self.period.end and judged.window_end >= self.period.start

    def begun(self) -> Group:
        """Return "begun": window_start ≤ e."""
        return [judged for judged in self.group if judged.activity.window_start <= self.e]

    def due(self) -> Group:
        """Return "due": dated and window_end ≤ e."""
        return [judged for judged in self.dated() if judged.window_end <= self.e]

    def dated(self) -> Group:
        """Return the activities whose timeframe is dated."""
        return [judged for judged in self.group if judged.is_dated]


class Figure(NamedTuple):
    """The figures of an indicator for a cell."""

    numerator: int | None
    denominator: int | None
    excluded: int | None
    without_evidence: int | None
    value: float | None


def _judge(every: list[Activity], period: Period, as_of: dt.date) -> Iterator[Record]:
    """Yield all rows of one period in a release with this as_of."""
    # "e, the day as at whose end a period is judged, is the period's last day, or as_of of the release if that comes
    # first; it is published as as_of." "Status as at e is that of activity_status(e, known_on := as_of of the release)"
    e = min(period.end, as_of)
    counting = [activity for activity in every if not activity.is_duplicate]  # "duplicates never count"
    judged = [_as_at(activity, e, dt.date(period.start.year - 1, 12, 31), as_of) for activity in counting]
    due = [
        slot
        for activity in counting
        for slot in _slots(activity, as_of)
        if period.start <= slot["due_on"] <= period.end and slot["due_on"] <= e
    ]
    rates: dict[str, list[float]] = defaultdict(list)
    for plan_id, agency_id, group in _groups(judged, period):
        own = {item.activity.activity_id for item in group}
        its_slots = [s for s in due if s["activity_id"] in own and agency_id in {TOTAL, s["agency_id"]}]
        cell = Cell(period, e, as_of, agency_id, group, its_slots)
        for indicator_id, figure in _figures(cell, as_of).items():
            yield _row(indicator_id, plan_id, agency_id, cell, figure)
            if indicator_id == "IMPLEMENTATION_RATE_DUE" and plan_id != TOTAL:
                rates[agency_id] += [] if figure.value is None else [figure.value]
        if plan_id == TOTAL:  # _groups yields it last
            figure = _plan_mean(rates[agency_id])
            yield _row("IMPLEMENTATION_RATE_DUE_PLAN_MEAN", plan_id, agency_id, cell, figure)


def _as_at(activity: Activity, e: dt.date, year_before: dt.date, known: dt.date) -> Judged:
    now, before = _status(activity, e, known), _status(activity, year_before, known)
    end = now["window_end_in_effect"]
    return Judged(activity, end, now["reported_status"], now["completed_on"], before["reported_status"])


def _groups(judged: Group, period: Period) -> Iterator[tuple[str, str, Group]]:
    """ "Rows are published for every plan_id or _T with every agency_id or _T that has an activity." "Quarters are
    published for agency_id _T only." The plans first, their total last."""
    plans = sorted({item.activity.plan_id for item in judged})
    agencies = sorted({agency_id for item in judged for agency_id in item.activity.agencies})
    for plan_id in [*plans, TOTAL]:
        of_plan = [item for item in judged if plan_id in {TOTAL, item.activity.plan_id}]
        for agency_id in [TOTAL, *agencies] if period.is_year else [TOTAL]:
            group = [item for item in of_plan if agency_id == TOTAL or agency_id in item.activity.agencies]
            if group:
                yield plan_id, agency_id, group


def _row(indicator_id: str, plan_id: str, agency_id: str, cell: Cell, figure: Figure) -> Record:
    key = {
        "indicator_id": indicator_id,
        "plan_id": plan_id,
        "agency_id": agency_id,
        "time_period": cell.period.time_period,
        "as_of": cell.e,
    }
    return key | figure._asdict()


def _figures(cell: Cell, as_of: dt.date) -> dict[str, Figure]:
    """Return every indicator of one cell except the mean over plans."""
    results = {indicator_id: figure(cell) for indicator_id, figure in _BOTH.items()}
    for name in (*STATUSES, "no_evidence"):
        results[f"STATUS_SHARE_{name.upper()}"] = _status_share(cell, name)
    if cell.period.is_year:
        results["CARRYOVER_RATE"] = _carryover(cell)  # "once it has begun"
        # "Annual-only indicators are judged once the last day of their year is ≤ as_of; before, they have no row."
        if cell.period.end <= as_of:
            results |= {indicator_id: figure(cell) for indicator_id, figure in _YEARS.items()}
    return results


def _percent(numerator: int, denominator: int) -> float | None:
    """Return a percentage: "A zero denominator gives a NULL value." "Rates are percentages, not rounded."."""
    return 100 * numerator / denominator if denominator else None


def _rate(base: Group, hit: Test, doubtful: Test | None = None) -> Figure:
    """Return a rate: "Cancelled as at e leaves numerator and denominator", and those `doubtful`, if any."""
    counted = [judged for judged in base if not judged.is_cancelled and not (doubtful and doubtful(judged))]
    return _share(counted, hit, excluded=len(base) - len(counted))


def _share(counted: Group, hit: Test, excluded: int) -> Figure:
    numerator = sum(hit(judged) for judged in counted)
    silent = sum(judged.is_silent for judged in counted)
    return Figure(numerator, len(counted), excluded, silent, _percent(numerator, len(counted)))


def _count(group: Group) -> Figure:
    """Return ACTIVITIES_*: "value = numerator"; nothing is taken out, not even cancelled activities."""
    return Figure(len(group), None, None, None, float(len(group)))


def _in_force(cell: Cell) -> Figure:
    """ "activities whose window touches the period" """
    return _count([judged for judged in cell.group if cell.touches(judged)])


def _activities_due(cell: Cell) -> Figure:
    """ "due" """
    return _count(cell.due())


def _reporting(cell: Cell, flag: str) -> Figure:
    """ "slots filled by the release's as_of / slots with due_on in the period and ≤ e. In _T agency rows a slot is
    activity × year, filled when one of its agencies has reported; in an agency's row its own" """
    units: dict[tuple[str, str, str], list[bool]] = defaultdict(list)
    for slot in cell.slots:
        unit = TOTAL if cell.agency_id == TOTAL else slot["reporting_unit"]
        units[slot["activity_id"], slot["time_period"], unit].append(slot[flag])
    filled = sum(any(flags) for flags in units.values())
    return Figure(filled, len(units), 0, None, _percent(filled, len(units)))


def _reporting_rate(cell: Cell) -> Figure:
    return _reporting(cell, "is_filled")


def _reporting_on_time_rate(cell: Cell) -> Figure:
    """Return "the same, filled by due_on / the same"."""
    return _reporting(cell, "is_on_time")


def _no_evidence(cell: Cell) -> Figure:
    """ "begun with status no_evidence / begun" """
    return _rate(cell.begun(), lambda judged: judged.is_silent)


def _implementation_year(cell: Cell) -> Figure:
    """ "dated, window_end in the year, done / dated, window_end in the year" """
    return _rate(
        [judged for judged in cell.dated() if cell.window_ends_in_period(judged)], lambda judged: judged.is_done
    )


def _implementation_due(cell: Cell) -> Figure:
    """ "due and done / due" """
    return _rate(cell.due(), lambda judged: judged.is_done)


def _plan_mean(rates: list[float]) -> Figure:
    """ "plans whose IMPLEMENTATION_RATE_DUE is not NULL; value = their unweighted mean (only plan_id _T)" """
    return Figure(None, len(rates), None, None, sum(rates) / len(rates) if rates else None)


def _done_without_day(judged: Judged) -> bool:
    return judged.is_done and judged.completed_on is None


def _done_late(judged: Judged) -> bool:
    return judged.is_done and judged.completed_on is not None and judged.completed_on > judged.window_end


def _done_in_time(judged: Judged) -> bool:
    return judged.is_done and judged.completed_on is not None and judged.completed_on <= judged.window_end


def _on_time(cell: Cell) -> Figure:
    """ "due, done, completed_on ≤ window_end / due, less those done without completed_on (excluded)" """
    return _rate(cell.due(), _done_in_time, doubtful=_done_without_day)


def _late(cell: Cell) -> Figure:
    """ "due, done, completed_on > window_end / the same" """
    return _rate(cell.due(), _done_late, doubtful=_done_without_day)


def _overdue(cell: Cell) -> Figure:
    """ "due and not done / due": "Silence is never counted as done: OVERDUE_RATE … mean 'not known to be done'" """
    return _rate(cell.due(), lambda judged: not judged.is_done)


def _median_delay(cell: Cell) -> Figure:
    """ "dated, window_end < e, and either done with completed_on > window_end, or reported on and not done (excluded:
    no evidence, or done without completed_on); value = median days from window_end to completed_on, or to e" """
    past = [judged for judged in cell.dated() if judged.window_end < cell.e]
    out = [judged for judged in past if judged.is_cancelled or judged.is_silent or _done_without_day(judged)]
    days = []
    for judged in past:
        if _done_late(judged) and judged.completed_on:
            days.append((judged.completed_on - judged.window_end).days)
        elif not judged.is_done and not judged.is_silent and not judged.is_cancelled:
            days.append((cell.e - judged.window_end).days)
    return Figure(None, len(days), len(out), 0, float(median(days)) if days else None)


def _continuous_delivery(cell: Cell) -> Figure:
    """ "those with a report about the year of status delivered or completed, reported by the release's as_of /
    continuous, window touches the year, not completed as at the end of the year before" """

    def delivered(judged: Judged) -> bool:
        return any(
            report.time_period[:4] == f"{cell.period.start.year}"
            and report.status in {"delivered", "completed"}
            and report.known_on <= cell.known
            for report in judged.activity.reports
        )

    continuous = [judged for judged in cell.group if judged.activity.timeframe == "continuous" and cell.touches(judged)]
    return _rate([judged for judged in continuous if judged.status_before != "completed"], delivered)


def _completion(cell: Cell) -> Figure:
    """ "dated and done / dated" """
    return _rate(cell.dated(), lambda judged: judged.is_done)


def _high_completion(cell: Cell) -> Figure:
    """ "dated, status completed or substantially_completed / dated with any status but no_evidence" """
    reported = [judged for judged in cell.dated() if not judged.is_silent]
    return _rate(reported, lambda judged: judged.status in {"completed", "substantially_completed"})


def _status_share(cell: Cell, name: str) -> Figure:
    """ "begun with this status / begun; … cancelled is a status here, nothing is excluded" """
    return _share(cell.begun(), lambda judged: judged.status == name, excluded=0)


def _evidence(cell: Cell) -> Figure:
    """ "those with a report of completion, of any agency, in effect at e and received by the release's as_of, that has
    an evidence_url / dated and done" """

    def evidenced(judged: Judged) -> bool:
        reports = _in_effect(judged.activity, cell.e, cell.known)
        return any(report.status == "completed" and report.evidence_url is not None for report in reports)

    return _rate([judged for judged in cell.dated() if judged.is_done], evidenced)


def _by_recommendation(group: Group) -> list[Group]:
    """Return the activities of each recommendation with any in the group ("in an agency's row, by its own only")."""
    answering: dict[str, Group] = defaultdict(list)
    for judged in group:
        for recommendation_id in judged.activity.recommendations:
            answering[recommendation_id].append(judged)
    return list(answering.values())


def _recommendations(groups: list[Group], hit: Callable[[Group], bool]) -> Figure:
    """Return a rate of recommendations, without those whose activities are all cancelled."""
    counted = [[judged for judged in group if not judged.is_cancelled] for group in groups]
    counted = [group for group in counted if group]
    numerator = sum(hit(group) for group in counted)
    return Figure(numerator, len(counted), len(groups) - len(counted), None, _percent(numerator, len(counted)))


def _recommendation_action(cell: Cell) -> Figure:
    """ "cited paragraphs with an activity in progress, substantially completed, completed or delivered /
    cited paragraphs with an activity that is not cancelled" """
    return _recommendations(
        _by_recommendation(cell.group), lambda group: any(judged.status in ACTED for judged in group)
    )


def _recommendation_dated_full(cell: Cell) -> Figure:
    """ "cited paragraphs all of whose dated, not cancelled activities are done / cited paragraphs with such an
    activity" """
    return _recommendations(_by_recommendation(cell.dated()), lambda group: all(judged.is_done for judged in group))


def _carryover(cell: Cell) -> Figure:
    """ "dated, window_end before the year, not done and not cancelled as at the last day of the year before / those,
    and dated with window_end in the year (from the day the year begins)" """

    def carried(judged: Judged) -> bool:
        before_the_year = judged.window_end < cell.period.start
        return before_the_year and judged.status_before not in {"completed", "cancelled"}

    return _rate([judged for judged in cell.dated() if carried(judged) or cell.window_ends_in_period(judged)], carried)


# Published for years and for quarters.
_BOTH: dict[str, Callable[[Cell], Figure]] = {
    "ACTIVITIES_IN_FORCE": _in_force,
    "ACTIVITIES_DUE": _activities_due,
    "REPORTING_RATE": _reporting_rate,
    "REPORTING_ON_TIME_RATE": _reporting_on_time_rate,
    "NO_EVIDENCE_RATE": _no_evidence,
    "IMPLEMENTATION_RATE_DUE": _implementation_due,
    "ON_TIME_COMPLETION_RATE": _on_time,
    "LATE_COMPLETION_RATE": _late,
    "OVERDUE_RATE": _overdue,
    "MEDIAN_DELAY_DAYS": _median_delay,
    "COMPLETION_RATE": _completion,
    "HIGH_COMPLETION_RATE": _high_completion,
    "EVIDENCE_RATE": _evidence,
    "RECOMMENDATION_ACTION_RATE": _recommendation_action,
    "RECOMMENDATION_DATED_FULL_RATE": _recommendation_dated_full,
}
# Published for years that are over; CARRYOVER_RATE for years that have begun.
_YEARS: dict[str, Callable[[Cell], Figure]] = {
    "IMPLEMENTATION_RATE_YEAR": _implementation_year,
    "CONTINUOUS_DELIVERY_RATE": _continuous_delivery,
}
