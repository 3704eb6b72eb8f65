"""The activities of a measure: number, text, period, result, agencies, years (contract §6)."""

from datetime import date

from schemas.enumerations import TIMEFRAME_OF
from transforms.plans.context import PlanScope
from transforms.plans.description.judgements import NumberingRow
from transforms.plans.grammar.cells import split_number
from transforms.plans.grammar.periods import Period, read_period
from transforms.plans.grammar.print_checks import Passage
from transforms.plans.grammar.second_prints import Printed
from transforms.plans.parsed import ACTIVITY, PERIOD, RESULT, SourceActivity, SourceMeasure
from transforms.plans.responsibilities import add_agencies
from transforms.quality.text import sentence
from transforms.text.lines import hyphenate


def add_activity(
    scope: PlanScope, source: SourceActivity, measure: SourceMeasure, measure_id: str, position: int
) -> None:
    """Add an activity with its agencies and years."""
    context, activity_id = scope.context, source.activity_id
    context.ids.add(activity_id)
    number, text = split_number(context.cell(source, ACTIVITY))
    period_text, result = context.cell(source, PERIOD), context.cell(source, RESULT)
    period = _read_period(scope, source, period_text)
    first, last = period.years or scope.years
    duplicate = context.cases.duplicate(activity_id, text)
    context.rows.add(
        "dim_activity",
        activity_id=activity_id,
        measure_id=measure_id,
        plan_id=scope.plan_id,
        activity_number=position,
        number_in_source=number,
        activity_text=text,
        expected_result=result or None,
        period_text=hyphenate(period_text) or None,
        schedule_kind=period.kind,
        timeframe=TIMEFRAME_OF[period.kind],
        window_start=date(first, 1, 1),
        window_end=date(last, 12, 31),
        window_source="stated" if period.years else "plan_period",
        duplicate_of=duplicate and duplicate.duplicate_of,
        line_first=source.line_first,
        line_last=source.line_last,
    )
    scope.counts["activities"] += 1
    _add_years(scope, activity_id, first, last)
    agencies = frozenset(add_agencies(scope, source))
    if not measure.is_doubtful:
        _check_number(scope, source, measure, number, position)
        printed_period = period.years or hyphenate(period_text).casefold()
        scope.printed.append(Printed(activity_id, source.line_first, text, printed_period, agencies))
    _check_texts(scope, source, text, result)
    _flag_period(scope, source, period, period_text)


def _check_number(
    scope: PlanScope, source: SourceActivity, measure: SourceMeasure, number: int | None, position: int
) -> None:
    """Check a number: several activities are numbered 1 … n, a single one is not; numbering.csv declares exceptions.

    If cells are merged down, rows are told apart by them, and a measure may print no number at all."""
    context, activity_id, count = scope.context, source.activity_id, len(measure.activities)
    is_merged = bool(context.document.description.layout.fill_down)
    expected = None if count == 1 or (is_merged and not _is_numbered(measure)) else position
    if number == expected:
        return
    case = context.cases.numbering(activity_id, number)
    if case:
        variant = "no_number" if number is None else "no_number_expected" if expected is None else ""
        numbers = {name: n for name, n in (("number", number), ("expected", expected)) if n is not None}
        printed = None if number is None else str(number)
        context.flag("numbering_exception", source.line_first, "number_in_source", variant=variant,
                     activity_id=activity_id, source_value=printed, published_value=printed, **numbers,
                     reason=case.reason)  # fmt: skip
        return
    what = "activity {activity_id} prints {printed}, but the layout asks for {usual} (activity {position} of {count})"
    printed = sentence("no number") if number is None else sentence("the number {number}", number=number)
    usual = sentence("none") if expected is None else str(expected)
    remedy, file = (
        "Put the number right, or declare the exception in {file}.",
        context.document.beside(NumberingRow.file),
    )
    context.refuse(source.line_first, what, remedy, activity_id=activity_id, printed=printed, usual=usual,
                   position=position, count=count, file=file)  # fmt: skip


def _is_numbered(measure: SourceMeasure) -> bool:
    return any(split_number(activity.text(ACTIVITY))[0] is not None for activity in measure.activities)


def _read_period(scope: PlanScope, source: SourceActivity, text: str) -> Period:
    """Return what the period says; a window must lie inside the plan."""
    words = scope.context.document.description.period_words
    scope.context.periods.add(words.plain(text))
    period = read_period(text, words)
    first, last = scope.years
    fault = ""
    if period is None:
        fault = "no rule reads the period"
    elif period.years and period.kind == "year_range" and period.years[1] <= period.years[0]:
        fault = "the years of the period are reversed or the same"
    elif period.years and not first <= period.years[0] <= period.years[1] <= last:
        fault = "the period lies outside that of the plan, {first_year}-{last_year}"
    if period and not fault:
        return period
    remedy = (
        "Write a year, a range of years, or a phrase of plan.toml, [periods]; if the "
        "print is wrong, correct it in corrections.csv."
    )
    line = source.cells[PERIOD].pieces[0][0] if PERIOD in source.cells else source.line_first
    scope.context.refuse(line, fault, remedy, text, first_year=first, last_year=last)
    return Period("unspecified")


def _add_years(scope: PlanScope, activity_id: str, first: int, last: int) -> None:
    """Add to `fact_activity_year`."""
    reporting = scope.context.document.description.reporting
    for year in range(first, last + 1):
        opens_on, due_on = reporting.days(year) if reporting else (None, None)
        scope.context.rows.add(
            "fact_activity_year",
            activity_id=activity_id,
            time_period=str(year),
            plan_id=scope.plan_id,
            is_first_year=year == first,
            is_due_year=year == last,
            report_opens_on=opens_on,
            report_due_on=due_on,
        )
        scope.counts["activity_years"] += 1


def _check_texts(scope: PlanScope, source: SourceActivity, text: str, result: str) -> None:
    """Refuse an activity without text, flag a blank result, and keep both texts for the checks of print."""
    context, activity_id, line = scope.context, source.activity_id, source.line_first
    if not text:
        what, remedy = "activity {activity_id} has no text", "Put it back; is a tab too many?"
        context.refuse(line, what, remedy, source.text(ACTIVITY) or None, activity_id=activity_id)
    context.passages.append(Passage(line, activity_id, "activity_text", text))
    if result:
        context.passages.append(Passage(line, activity_id, "expected_result", result))
    else:
        scope.counts["blank_results"] += 1
        context.flag("result_blank", line, "expected_result", activity_id=activity_id)


def _flag_period(scope: PlanScope, source: SourceActivity, period: Period, text: str) -> None:
    """Flag a period that is blank, or names no years: its window is the plan's period."""
    context, line = scope.context, source.line_first
    first_day, last_day = f"{scope.years[0]}-01-01", f"{scope.years[1]}-12-31"
    if not text:
        scope.counts["blank_periods"] += 1
        context.flag("period_blank", line, "period_text", activity_id=source.activity_id, first_day=first_day,
                     last_day=last_day)  # fmt: skip
    elif period.years is None:
        context.flag("period_without_years", line, "window_start", activity_id=source.activity_id,
                     source_value=text, published_value=f"{first_day} to {last_day}")  # fmt: skip
