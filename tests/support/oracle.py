"""The monitoring figures computed a second time, from the contract (§5, §7) and the published tables only.

Slow and simple on purpose: no SQL, and no code of the release. Sentences in quotation marks are the
contract's. `Tables` are frames of dim_plan, dim_activity, dim_agency, bridge_activity_agency,
bridge_measure_recommendation, fact_activity_year and fact_progress, with days as datetime.date (see `read`).
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
    "dim_plan", "dim_activity", "dim_agency", "bridge_activity_agency", "bridge_measure_recommendation",
    "fact_activity_year", "fact_progress",
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


@dataclass(frozen=True)
class Report:
    """One accepted line of a progress report."""

    agency_id: str
    position: int  # of the agency in the order of first print
    year: int  # the year that the report is about
    reported_on: dt.date
    effective_on: dt.date
    status: str
    percent_complete: float | None
    completed_on: dt.date | None
    evidence_url: str | None


@dataclass(frozen=True)
class Year:
    """One year of an activity's window, and when a report about it is expected (None: no report is)."""

    year: int
    opens_on: dt.date | None
    due_on: dt.date | None


@dataclass(frozen=True, repr=False)
class Activity:
    """One activity with all that is needed to judge it."""

    activity_id: str
    plan_id: str
    timeframe: str
    window_start: dt.date
    window_end: dt.date
    is_duplicate: bool
    agencies: tuple[str, ...]
    reporting_agencies: tuple[str, ...]  # without collectives
    recommendations: frozenset[str]
    years: tuple[Year, ...]
    reports: tuple[Report, ...]

    def __repr__(self) -> str:
        return self.activity_id  # short, for the messages of tests


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
    agencies = _by_activity(tables["bridge_activity_agency"])
    years = _by_activity(tables["fact_activity_year"])
    reports = _by_activity(tables["fact_progress"])
    collective = {row["agency_id"] for row in _records(tables["dim_agency"]) if row["is_collective"]}
    answers: dict[str, set[str]] = defaultdict(set)
    for link in _records(tables["bridge_measure_recommendation"]):
        answers[link["measure_id"]].add(link["recommendation_id"])
    result = []
    for row in _records(tables["dim_activity"]):
        position = {link["agency_id"]: link["position"] for link in agencies[row["activity_id"]]}
        printed = sorted(position, key=lambda agency_id: position[agency_id])
        result.append(
            Activity(
                activity_id=row["activity_id"],
                plan_id=row["plan_id"],
                timeframe=row["timeframe"],
                window_start=row["window_start"],
                window_end=row["window_end"],
                is_duplicate=row["duplicate_of"] is not None,
                agencies=tuple(printed),
                reporting_agencies=tuple(agency_id for agency_id in printed if agency_id not in collective),
                recommendations=frozenset(answers[row["measure_id"]]),
                years=tuple(_year(record) for record in years[row["activity_id"]]),
                reports=tuple(_report(record, position) for record in reports[row["activity_id"]]),
            )
        )
    return result


def _records(frame: pd.DataFrame) -> list[Record]:
    rows = frame.to_dict("records")
    return [{str(name): None if pd.isna(cell) else cell for name, cell in row.items()} for row in rows]


def _by_activity(frame: pd.DataFrame) -> dict[str, list[Record]]:
    grouped: dict[str, list[Record]] = defaultdict(list)
    for row in _records(frame):
        grouped[row["activity_id"]].append(row)
    return grouped


def _year(row: Record) -> Year:
    return Year(int(row["time_period"]), row["report_opens_on"], row["report_due_on"])


def _report(row: Record, position: dict[str, int]) -> Report:
    year = int(row["time_period"])
    return Report(
        agency_id=row["agency_id"],
        position=position[row["agency_id"]],
        year=year,
        reported_on=row["reported_on"],
        effective_on=effective_on(year, row["reported_on"], row["status"], row["completed_on"]),
        status=row["status"],
        percent_complete=row["percent_complete"],
        completed_on=row["completed_on"],
        evidence_url=row["evidence_url"],
    )


# ----------------------------------------------------------------------------------------------------- activity_status


def status(tables: Tables, as_of: dt.date, known_on: dt.date | None = None) -> list[Record]:
    """Return activity_status(as_of, known_on): "One row an activity, as it stood at the end of as_of by the
    reports received by known_on (NULL: by as_of)"."""
    return [_status(activity, as_of, known_on or as_of) for activity in activities(tables)]


def _status(activity: Activity, as_of: dt.date, known_on: dt.date) -> Record:
    reports = _in_effect(activity, as_of, known_on)
    latest = _latest(reports)
    reported_status = latest.status if latest else "no_evidence"
    closed = activity.window_end <= as_of
    is_overdue = None
    # "is_overdue is NULL unless timeframe is dated"; a second print can have no report and never counts: NULL too.
    if activity.timeframe == "dated" and not activity.is_duplicate:
        # "is_overdue: closed, and not known to be completed or cancelled"
        is_overdue = closed and reported_status not in {"completed", "cancelled"}
    return {
        "activity_id": activity.activity_id,
        "as_of": as_of,
        # "timing (upcoming, open, closed: window_end ≤ as_of)"
        "timing": "closed" if closed else "open" if activity.window_start <= as_of else "upcoming",
        "reported_status": reported_status,
        # "last_reported_on is the latest reported_on in effect, of any agency"
        "last_reported_on": max((report.reported_on for report in reports), default=None),
        # "percent_complete and completed_on are that report's, even where NULL"
        "percent_complete": latest.percent_complete if latest else None,
        "completed_on": latest.completed_on if latest else None,
        "agencies_disagree": _disagree(reports),
        "is_overdue": is_overdue,
        # "days_overdue = as_of − window_end, NULL unless overdue"
        "days_overdue": (as_of - activity.window_end).days if is_overdue else None,
    }


def _in_effect(activity: Activity, as_of: dt.date, known_on: dt.date) -> list[Report]:
    """Return "the reports with effective_on ≤ as_of and reported_on ≤ known_on"."""
    return [r for r in activity.reports if r.effective_on <= as_of and r.reported_on <= known_on]


def _latest(reports: Iterable[Report]) -> Report | None:
    """Return the report "about the latest year", "then the one reported last, then the agency printed first"."""
    return max(reports, key=lambda report: (report.year, report.reported_on, -report.position), default=None)


def _disagree(reports: list[Report]) -> bool:
    """Return "agencies_disagree (their latest reports differ in status)"; False "with fewer than two agencies"."""
    reporting = {report.agency_id for report in reports}
    latest = [_latest(r for r in reports if r.agency_id == agency_id) for agency_id in reporting]
    return len({report.status for report in latest if report}) > 1


# ----------------------------------------------------------------------------------------------------- reporting slots


def slots(tables: Tables, known: dt.date) -> list[Record]:
    """Return reporting_slots(known): one row per activity × responsible agency that is no collective × year of the
    activity's window, where a report is expected, without duplicates."""
    return [slot for activity in activities(tables) if not activity.is_duplicate for slot in _slots(activity, known)]


def _slots(activity: Activity, known: dt.date) -> Iterator[Record]:
    for year in activity.years:
        if year.opens_on is None or year.due_on is None:
            continue
        # "There is no slot for a year before which the activity was completed or cancelled (status as at the end of
        # the year before, known by the release's as_of)."
        before = _status(activity, dt.date(year.year - 1, 12, 31), known)
        if before["reported_status"] in {"completed", "cancelled"}:
            continue
        for agency_id in activity.reporting_agencies:
            filled_on = _filled_on(activity, agency_id, year, known)
            yield {
                "activity_id": activity.activity_id,
                "agency_id": agency_id,
                "reporting_unit": TOTAL,
                "time_period": str(year.year),
                "plan_id": activity.plan_id,
                "opens_on": year.opens_on,
                "due_on": year.due_on,
                "filled_on": filled_on,
                "is_self_dated": None if filled_on is None else True,
                "is_filled": filled_on is not None,
                "is_on_time": filled_on is not None and filled_on <= year.due_on,
            }


def _filled_on(activity: Activity, agency_id: str, year: Year, known: dt.date) -> dt.date | None:
    """Return the day: "A slot is filled by a report about its year made on or after the opening day, or one that
    reports completed or cancelled", the earliest of several."""
    assert year.opens_on is not None
    days = [
        report.reported_on
        for report in activity.reports
        if report.agency_id == agency_id and report.year == year.year and report.reported_on <= known
        if report.reported_on >= year.opens_on or report.status in {"completed", "cancelled"}
    ]
    return min(days, default=None)


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
    plan's end"; "A period that begins after the release's as_of has no row." """
    first, last = _range(tables)
    all_of_them = [period for year in range(first.year, last.year + 1) for period in _year_and_quarters(year)]
    return [period for period in all_of_them if period.start <= as_of]


def _range(tables: Tables) -> tuple[dt.date, dt.date]:
    plans = _records(tables["dim_plan"])
    first, last = min(plan["start_date"] for plan in plans), max(plan["end_date"] for plan in plans)
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
        return self.period.start <= judged.activity.window_end <= self.period.end

    def touches(self, judged: Judged) -> bool:
        """Return True if the window has a day in common with the period."""
        return judged.activity.window_start <= self.period.end and judged.activity.window_end >= self.period.start

    def begun(self) -> Group:
        """Return "begun": window_start ≤ e."""
        return [judged for judged in self.group if judged.activity.window_start <= self.e]

    def due(self) -> Group:
        """Return "due": dated and window_end ≤ e."""
        return [judged for judged in self.dated() if judged.activity.window_end <= self.e]

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
    return Judged(activity, now["reported_status"], now["completed_on"], before["reported_status"])


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
    units: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for slot in cell.slots:
        units[slot["activity_id"], slot["time_period"]].append(slot[flag])
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
    return judged.is_done and judged.completed_on is not None and judged.completed_on > judged.activity.window_end


def _done_in_time(judged: Judged) -> bool:
    return judged.is_done and judged.completed_on is not None and judged.completed_on <= judged.activity.window_end


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
    past = [judged for judged in cell.dated() if judged.activity.window_end < cell.e]
    out = [judged for judged in past if judged.is_cancelled or judged.is_silent or _done_without_day(judged)]
    days = []
    for judged in past:
        if _done_late(judged) and judged.completed_on:
            days.append((judged.completed_on - judged.activity.window_end).days)
        elif not judged.is_done and not judged.is_silent and not judged.is_cancelled:
            days.append((cell.e - judged.activity.window_end).days)
    return Figure(None, len(days), len(out), 0, float(median(days)) if days else None)


def _continuous_delivery(cell: Cell) -> Figure:
    """ "those with a report about the year of status delivered or completed, reported by the release's as_of /
    continuous, window touches the year, not completed as at the end of the year before" """

    def delivered(judged: Judged) -> bool:
        return any(
            report.year == cell.period.start.year
            and report.status in {"delivered", "completed"}
            and report.reported_on <= cell.known
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
        before_the_year = judged.activity.window_end < cell.period.start
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
