"""The activities of a measure: number, text, period, result, agencies, years (contract §6)."""

from datetime import date

from schemas.enumerations import TIMEFRAME_OF
from transforms.plans.description.judgements import NumberingRow
from transforms.plans.grammar.cells import split_number
from transforms.plans.grammar.periods import Period, read_period
from transforms.plans.lines.parsed import ACTIVITY, AGENCIES, PERIOD, RESULT, SourceActivity, SourceMeasure
from transforms.plans.rows.scope import PlanScope, PrintedRow
from transforms.quality.text import sentence
from transforms.text.lines import hyphenate


def add_activity(
    scope: PlanScope, source: SourceActivity, measure: SourceMeasure, measure_id: str, position: int
) -> None:
    """Add an activity with its agencies and years."""
    context, activity_id, line = scope.context, source.activity_id, source.line_first
    number, text = split_number(scope.cell(source, ACTIVITY))
    period_text, result = scope.cell(source, PERIOD), scope.cell(source, RESULT)
    period = _read_period(scope, source, period_text)
    first, last = period.years or scope.years
    duplicate = scope.cases.duplicate(activity_id, text)
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
        line_first=line,
        line_last=source.line_last,
    )
    scope.counts["activities"] += 1
    _add_years(scope, activity_id, first, last)
    _check_blanks(scope, source, text, period_text, result)
    agencies = scope.book.add_responsible(source, scope.cell(source, AGENCIES))
    scope.counts["agency_links"] += len(agencies)
    if not measure.is_doubtful:
        _check_number(scope, source, measure, number, position)
        printed_period = period.years or hyphenate(period_text).casefold()
        row = PrintedRow(activity_id, line, text, printed_period, frozenset(agencies), duplicate)
        scope.printed.append(row)


def _check_number(
    scope: PlanScope, source: SourceActivity, measure: SourceMeasure, number: int | None, position: int
) -> None:
    """Check a number: several activities are numbered 1 … n, a single one is not; numbering.csv declares exceptions.

    If cells are merged down, rows are told apart by them, and a measure may print no number at all."""
    context, activity_id, count = scope.context, source.activity_id, len(measure.activities)
    numbers_printed = [split_number(activity.text(ACTIVITY))[0] for activity in measure.activities]
    may_lack_numbers = bool(context.layout.fill_down) and not any(numbers_printed)
    expected = None if count == 1 or may_lack_numbers else position
    if number == expected:
        return
    case = scope.cases.numbering(activity_id, number)
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
    remedy = "Put the number right, or declare the exception in {file}."
    context.refuse(source.line_first, what, remedy, activity_id=activity_id, printed=printed, usual=usual,
                   position=position, count=count, file=context.document.path_of(NumberingRow.file))  # fmt: skip


def _read_period(scope: PlanScope, source: SourceActivity, text: str) -> Period:
    """Return what the period says, if it lies inside the plan; flag a text without years."""
    context, (first, last) = scope.context, scope.years
    period = read_period(text, context.document.description.period_words)
    fault = ""
    if period is None:
        fault = "no rule reads the period"
    elif period.years and period.kind == "year_range" and period.years[1] <= period.years[0]:
        fault = "the years of the period are reversed or the same"
    elif period.years and not first <= period.years[0] <= period.years[1] <= last:
        fault = "the period lies outside that of the plan, {first_year}-{last_year}"
    if period and not fault:
        if text and not period.years:
            window = f"{first}-01-01 to {last}-12-31"
            context.flag("period_without_years", source.line_first, "window_start", activity_id=source.activity_id,
                         source_value=text, published_value=window)  # fmt: skip
        return period
    remedy = (
        "Write a year, a range of years, or a phrase of plan.toml, [periods]; if the print is wrong, correct it in "
        "corrections.csv."
    )
    line = source.cells[PERIOD].pieces[0][0] if PERIOD in source.cells else source.line_first
    context.refuse(line, fault, remedy, text, first_year=first, last_year=last)
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


def _check_blanks(scope: PlanScope, source: SourceActivity, text: str, period_text: str, result: str) -> None:
    """Refuse an activity without text; flag and count other blank cells."""
    context, line, activity_id = scope.context, source.line_first, source.activity_id
    if not text:
        what, remedy = "activity {activity_id} has no text", "Put it back; is a tab too many?"
        context.refuse(line, what, remedy, source.text(ACTIVITY) or None, activity_id=activity_id)
    if not period_text:
        scope.counts["blank_periods"] += 1
        context.flag("period_blank", line, "period_text", activity_id=activity_id,
                     first_day=f"{scope.years[0]}-01-01", last_day=f"{scope.years[1]}-12-31")  # fmt: skip
    if not result:
        scope.counts["blank_results"] += 1
        context.flag("result_blank", line, "expected_result", activity_id=activity_id)
