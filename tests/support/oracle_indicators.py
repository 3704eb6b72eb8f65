"""The indicators computed a second time, from the contract (§7) and the published tables only, like `oracle`.

Sentences in quotation marks are the contract's."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from tests.support.oracle import (
    STATUSES,
    TOTAL,
    Activity,
    Period,
    Record,
    Report,
    Tables,
    activities,
    in_effect,
    own_reports,
    periods,
    slots_of,
    status_of,
)

ACTED = {"in_progress", "substantially_completed", "completed", "delivered"}


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
    now: Record  # of activity_status, as at the end of e
    status_before: str  # as at the end of the year before the period's
    is_day_unknown: bool  # somebody who completed it states no day, and reported it after the end of the window

    @property
    def window_end(self) -> dt.date:
        """Return the end in effect as at the end of e."""
        return self.now["window_end_in_effect"]  # type: ignore[no-any-return]

    @property
    def status(self) -> str:
        """Return the state."""
        return self.now["reported_status"]  # type: ignore[no-any-return]

    @property
    def completed_on(self) -> dt.date | None:
        """Return the day of completion."""
        return self.now["completed_on"]  # type: ignore[no-any-return]

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

    def past(self) -> Group:
        """Return "dated, window_end < e"."""
        return [judged for judged in self.dated() if judged.window_end < self.e]

    def overdue(self) -> Group:
        """Return those overdue."""
        return [judged for judged in self.group if judged.now["is_overdue"]]


class Figure(NamedTuple):
    """The figures of an indicator for a cell."""

    numerator: int | None
    denominator: int | None
    excluded: int | None
    without_evidence: int | None
    value: float | None
    stale: int | None = None
    self_dated: int | None = None


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
        for slot in slots_of(activity, as_of)
        if period.start <= slot["due_on"] <= period.end and slot["due_on"] <= e
    ]
    rates: dict[str, list[float]] = defaultdict(list)
    statuses: dict[str, str] = {}
    for plan_id, agency_id, group in _groups(judged, period):
        if plan_id not in statuses:
            statuses[plan_id] = _obs_status(counting, plan_id, period, as_of)
        own = {item.activity.activity_id for item in group}
        its_slots = [s for s in due if s["activity_id"] in own and agency_id in {TOTAL, s["agency_id"]}]
        cell = Cell(period, e, as_of, agency_id, group, its_slots)
        for indicator_id, figure in _figures(cell, as_of).items():
            yield _row(indicator_id, plan_id, agency_id, cell, figure) | {"obs_status": statuses[plan_id]}
            if indicator_id == "IMPLEMENTATION_RATE_DUE" and plan_id != TOTAL:
                rates[agency_id] += [] if figure.value is None else [figure.value]
        if plan_id == TOTAL:  # _groups yields it last
            figure = _plan_mean(rates[agency_id])
            row = _row("IMPLEMENTATION_RATE_DUE_PLAN_MEAN", plan_id, agency_id, cell, figure)
            yield row | {"obs_status": statuses[plan_id]}


def _as_at(activity: Activity, e: dt.date, year_before: dt.date, known: dt.date) -> Judged:
    now, before = status_of(activity, e, known), status_of(activity, year_before, known)
    done = [r for r in own_reports(activity, in_effect(activity, e, known)) if r.status == "completed"]
    unknown = [r for r in done if not r.completed_on and _first_done(activity, r, known) > now["window_end_in_effect"]]
    return Judged(activity, now, before["reported_status"], bool(unknown))


def _first_done(activity: Activity, report: Report, known: dt.date) -> dt.date:
    """Return the day of the first report in which the one who made this report says that it is completed."""
    own = [r for r in activity.reports if r.respondent == report.respondent and r.known_on <= known]
    return min(r.reported_on for r in own if r.status == "completed")


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


def _obs_status(every: list[Activity], plan_id: str, period: Period, as_of: dt.date) -> str:
    """Return P "while as_of ≤ the last due_on of the reports about the period", or the period is not over."""
    last = [
        expected.due_on
        for activity in every
        if plan_id in {TOTAL, activity.plan_id}
        for expected in activity.expected
        if expected.start <= period.end and expected.end >= period.start
    ]
    return "P" if as_of < period.end or as_of <= max(last, default=dt.date.min) else "A"


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
    for state in ("DONE", "NOT_DONE", "UNKNOWN", "AWAITING"):
        results[f"DUE_SHARE_{state}"] = _due_share(cell, state)
    for years, name in enumerate(("0_1Y", "1_2Y", "2_3Y", "3Y_PLUS")):
        results[f"BACKLOG_AGE_{name}"] = _backlog(cell, years)
    for state in ("NONE", "BEGUN", "PARTLY", "ALL_DONE"):
        results[f"PARAGRAPH_ACTIVITY_STATE_{state}"] = _paragraph_state(cell, state)
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
    stale = sum(judged.now["is_stale"] for judged in counted)
    return Figure(numerator, len(counted), excluded, silent, _percent(numerator, len(counted)), stale)


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
    activity × period, filled when one of its agencies has reported; in an agency's row its own" """
    if cell.agency_id != TOTAL:
        return _agency_reporting(cell, flag)
    units: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for slot in cell.slots:
        units[slot["activity_id"], slot["time_period"]].append(slot)
    hits = [[slot for slot in slots if slot[flag]] for slots in units.values()]
    filled = sum(bool(hit) for hit in hits)
    self_dated = sum(bool(hit) and all(slot["is_self_dated"] for slot in hit) for hit in hits)
    share = Figure(filled, len(units), 0, None, _percent(filled, len(units)))
    return share._replace(self_dated=self_dated if flag == "is_on_time" else None)


def _agency_reporting(cell: Cell, flag: str) -> Figure:
    """ "slots of agencies filled by the release's as_of / slots with due_on in the period and ≤ e" """
    hits = [slot for slot in cell.slots if slot[flag]]
    self_dated = sum(slot["is_self_dated"] for slot in hits) if flag == "is_on_time" else None
    value = _percent(len(hits), len(cell.slots))
    return Figure(len(hits), len(cell.slots), 0, None, value, self_dated=self_dated)


def _agencies_reporting(cell: Cell) -> Figure:
    """ "agencies with at least one slot filled / agencies with at least one slot due" """
    due = {slot["agency_id"] for slot in cell.slots}
    filled = {slot["agency_id"] for slot in cell.slots if slot["is_filled"]}
    return Figure(len(filled), len(due), 0, None, _percent(len(filled), len(due)))


def _report_completeness(cell: Cell) -> Figure:
    """ "items filled in / items that the accepted reports received in the period should have" """
    items = [
        item
        for judged in cell.group
        for report in judged.activity.reports
        if cell.agency_id in {TOTAL, report.respondent[0]} and cell.period.start <= report.known_on <= cell.e
        for item in _items(report)
    ]
    return Figure(sum(items), len(items), 0, None, _percent(sum(items), len(items)))


def _items(report: Report) -> list[bool]:
    """Return whether each item is filled in: "percentage and result in each report, evidence in one of completion or
    delivery, the day in one of completion"."""
    items = [report.percent_complete is not None, report.result_text is not None]
    if report.status in {"completed", "delivered"}:
        items.append(report.evidence_kind is not None)
    if report.status == "completed":
        items.append(report.completed_on is not None)
    return items


def _no_evidence(cell: Cell) -> Figure:
    """ "begun with status no_evidence / begun" """
    return _rate(cell.begun(), lambda judged: judged.is_silent)


def _implementation_year(cell: Cell, hit: Test = lambda judged: judged.is_done) -> Figure:
    """ "dated, window_end in the year, done / dated, window_end in the year" """
    return _rate([judged for judged in cell.dated() if cell.window_ends_in_period(judged)], hit)


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


def _done_some_day(judged: Judged) -> bool:
    return judged.is_done and not _done_late(judged) and judged.is_day_unknown


def _done_in_time(judged: Judged) -> bool:
    return judged.is_done and not _done_late(judged) and not judged.is_day_unknown


def _on_time(cell: Cell) -> Figure:
    """ "due, done by window_end, or reported so by then without a day / due" """
    return _rate(cell.due(), _done_in_time)


def _late(cell: Cell) -> Figure:
    """ "due, done, completed_on > window_end / due" """
    return _rate(cell.due(), _done_late)


def _day_unknown(cell: Cell) -> Figure:
    """ "due, done, reported after window_end without completed_on / due" """
    return _rate(cell.due(), _done_some_day)


def _is_awaiting(judged: Judged) -> bool:
    return bool(judged.now["is_awaiting_report"])


def _overdue(cell: Cell) -> Figure:
    """ "overdue / dated, window_end < e, not cancelled, not awaiting; excluded = cancelled + awaiting" """
    return _rate(cell.past(), lambda judged: bool(judged.now["is_overdue"]), doubtful=_is_awaiting)


def _due_state(judged: Judged) -> str:
    """Return the part of what is due that it belongs to: "NOT_DONE: a fresh report says so; UNKNOWN: silent or
    stale"."""
    if judged.is_done:
        return "DONE"
    if _is_awaiting(judged):
        return "AWAITING"
    return "UNKNOWN" if judged.is_silent or judged.now["is_stale"] else "NOT_DONE"


def _due_share(cell: Cell, state: str) -> Figure:
    """Return "a partition of dated, window_end < e, not cancelled"."""
    return _rate(cell.past(), lambda judged: _due_state(judged) == state)


def _backlog(cell: Cell, years: int) -> Figure:
    """ "overdue by whole years", from the day after the window, 3 and more together, / overdue"""

    def age(judged: Judged) -> int:
        first = judged.window_end + dt.timedelta(1)
        return cell.e.year - first.year - ((cell.e.month, cell.e.day) < (first.month, first.day))

    return _share(cell.overdue(), lambda judged: min(age(judged), 3) == years, excluded=0)


def _median_late(cell: Cell) -> Figure:
    """ "median(completed_on − window_end) over due, done, later; excluded: done without a day" """
    late = [judged for judged in cell.due() if _done_late(judged)]
    days = [(judged.completed_on - judged.window_end).days for judged in late if judged.completed_on]
    out = sum(_done_without_day(judged) for judged in cell.due())
    return Figure(None, len(days), out, 0, float(median(days)) if days else None, 0)


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
    open_late = [j for j in past if not j.is_done and not j.is_silent and not j.is_cancelled]
    stale = sum(judged.now["is_stale"] for judged in open_late)
    return Figure(None, len(days), len(out), 0, float(median(days)) if days else None, stale)


def _continuous_delivery(cell: Cell, said_by: Callable[[list[bool], int], bool]) -> Figure:
    """ "those of which all that reported about the year (every responsible agency, at least one) say delivered or
    completed / continuous, window touches the year, not completed as at the end of the year before" """

    def delivered(judged: Judged) -> bool:
        who_answer = judged.activity.answering
        words = [word for who in who_answer if (word := _delivered(judged.activity, who, cell)) is not None]
        return bool(words) and said_by(words, len(who_answer))

    return _rate(_running(cell, "continuous"), delivered)


def _running(cell: Cell, *timeframes: str) -> Group:
    """Return "window touches the year, not completed as at the end of the year before"."""
    group = [judged for judged in cell.group if cell.touches(judged) and judged.status_before != "completed"]
    return [judged for judged in group if not timeframes or judged.activity.timeframe in timeframes]


def _delivered(activity: Activity, who: tuple[str, str], cell: Cell) -> bool | None:
    """Return whether its latest report about the year, or about one of its halves, says so; None without any."""
    latest: dict[str, Report] = {}
    for report in sorted(activity.reports, key=lambda report: report.reported_on):
        is_known = report.respondent == who and not report.is_claim and report.known_on <= cell.known
        if is_known and report.time_period[:4] == cell.period.time_period:
            latest[report.time_period] = report
    return any(report.status in {"delivered", "completed"} for report in latest.values()) if latest else None


def _reported_about_year(cell: Cell) -> Figure:
    """ "activities with at least one accepted report about the year received by as_of / in force in it, not completed
    before it, not cancelled at e" """

    def reported(judged: Judged) -> bool:
        about = [report for report in judged.activity.reports if report.time_period[:4] == cell.period.time_period]
        return any(report.known_on <= cell.known for report in about)

    return _rate(_running(cell), reported)


def _by_all(judged: Judged) -> bool:
    return bool(judged.now["completed_by_all"])


def _by_any(judged: Judged) -> bool:
    return bool(judged.now["completed_by_any"])


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
    a source / dated and done" """

    def evidenced(judged: Judged) -> bool:
        reports = in_effect(judged.activity, cell.e, cell.known)
        return any(report.status == "completed" and report.evidence_kind is not None for report in reports)

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


def _paragraph_state(cell: Cell, state: str) -> Figure:
    """ "none, begun, partly, all done of the planned activities" that are not cancelled"""

    def is_so(group: Group) -> bool:
        done = sum(judged.is_done for judged in group)
        if not any(judged.status in ACTED for judged in group):
            return state == "NONE"
        return state == ("BEGUN" if not done else "ALL_DONE" if done == len(group) else "PARTLY")

    return _recommendations(_by_recommendation(cell.group), is_so)


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
    "REPORTING_RATE": lambda cell: _reporting(cell, "is_filled"),
    "REPORTING_ON_TIME_RATE": lambda cell: _reporting(cell, "is_on_time"),
    "AGENCY_REPORTING_RATE": lambda cell: _agency_reporting(cell, "is_filled"),
    "AGENCY_REPORTING_ON_TIME_RATE": lambda cell: _agency_reporting(cell, "is_on_time"),
    "AGENCIES_REPORTING_RATE": _agencies_reporting,
    "REPORT_COMPLETENESS_RATE": _report_completeness,
    "NO_EVIDENCE_RATE": _no_evidence,
    "IMPLEMENTATION_RATE_DUE": _implementation_due,
    "IMPLEMENTATION_RATE_DUE_ALL_RESPONSIBLE": lambda cell: _rate(cell.due(), _by_all),
    "IMPLEMENTATION_RATE_DUE_ANY": lambda cell: _rate(cell.due(), _by_any),
    "ON_TIME_COMPLETION_RATE": _on_time,
    "LATE_COMPLETION_RATE": _late,
    "COMPLETION_DAY_UNKNOWN_RATE": _day_unknown,
    "OVERDUE_RATE": _overdue,
    "MEDIAN_DELAY_DAYS": _median_delay,
    "MEDIAN_LATE_COMPLETION_DAYS": _median_late,
    "COMPLETION_RATE": _completion,
    "HIGH_COMPLETION_RATE": _high_completion,
    "EVIDENCE_RATE": _evidence,
    "RECOMMENDATION_ACTION_RATE": _recommendation_action,
    "RECOMMENDATION_DATED_FULL_RATE": _recommendation_dated_full,
}
# Published for years that are over; CARRYOVER_RATE for years that have begun.
_YEARS: dict[str, Callable[[Cell], Figure]] = {
    "IMPLEMENTATION_RATE_YEAR": _implementation_year,
    "IMPLEMENTATION_RATE_YEAR_ALL_RESPONSIBLE": lambda cell: _implementation_year(cell, _by_all),
    "IMPLEMENTATION_RATE_YEAR_ANY": lambda cell: _implementation_year(cell, _by_any),
    "CONTINUOUS_DELIVERY_RATE": lambda cell: _continuous_delivery(cell, lambda words, _: all(words)),
    "CONTINUOUS_DELIVERY_RATE_ALL_RESPONSIBLE": lambda cell: _continuous_delivery(
        cell, lambda words, respondents: all(words) and len(words) == respondents
    ),
    "CONTINUOUS_DELIVERY_RATE_ANY": lambda cell: _continuous_delivery(cell, lambda words, _: any(words)),
    "REPORTED_ABOUT_YEAR_RATE": _reported_about_year,
}
