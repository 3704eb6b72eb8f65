"""The activities of a measure: number, text, period, result (contract §6)."""

from datetime import date

from schemas.enumerations import TIMEFRAME_OF
from transforms.plans.context import PlanScope
from transforms.plans.description.plan_toml import DistinctRow, DuplicateRow, heading
from transforms.plans.grammar.cells import split_number
from transforms.plans.grammar.periods import Period, read_period
from transforms.plans.grammar.print_checks import Passage
from transforms.plans.grammar.second_prints import Printed, is_same_text, second_prints
from transforms.plans.parsed import ACTIVITY, PERIOD, RESULT, SourceActivity, SourceMeasure
from transforms.plans.responsibilities import add_agencies
from transforms.quality.text import sentence
from transforms.text.lines import csv_line, hyphenate


def add_activity(
    scope: PlanScope, source: SourceActivity, measure: SourceMeasure, measure_id: str, position: int
) -> None:
    """One activity with its agencies and years."""
    activity_id = f"{measure_id}-{position:02d}"
    scope.notes.places[source.line_first] = activity_id
    scope.notes.ids.add(activity_id)
    line = source.line_first

    number, text = split_number(scope.cell(activity_id, source, ACTIVITY))
    result, period_text = scope.cell(activity_id, source, RESULT), scope.cell(activity_id, source, PERIOD)
    if not text:
        what = sentence("activity {activity_id} has no text", activity_id=activity_id)
        scope.notes.refuse(line, what, "Put it back; is a tab too many?", source.text(ACTIVITY) or None)
    if not measure.is_doubtful:
        _check_number(scope, activity_id, number, position, measure, line)
    period = _read_period(scope, period_text, source)
    first, last = period.years or scope.years
    duplicate = scope.notes.cases.duplicate(activity_id, text)
    scope.rows.add(
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
        duplicate_of=duplicate,
        line_first=line,
        line_last=source.line_last,
    )
    scope.found["activities"] += 1
    _add_years(scope, activity_id, first, last)
    agencies = add_agencies(scope, activity_id, source)
    if not measure.is_doubtful:
        printed_period = period.years or hyphenate(period_text).casefold()
        scope.printed.append(Printed(activity_id, line, text, printed_period, frozenset(agencies)))
    _flag_blanks(scope, activity_id, period, period_text, result, line, (first, last))
    scope.notes.passages.append(Passage(line, activity_id, "activity_text", text))
    if result:
        scope.notes.passages.append(Passage(line, activity_id, "expected_result", result))


def _check_number(
    scope: PlanScope, activity_id: str, number: int | None, position: int, measure: SourceMeasure, line: int
) -> None:
    """Several activities are numbered 1 … n, a single one is not; numbering.csv declares exceptions.

    Where cells are merged down, rows are told apart by them, and a measure may print no number at all."""
    count = len(measure.activities)
    needs_none = count == 1 or (bool(scope.layout.fill_down) and not _is_numbered(measure))
    proper = None if needs_none else position
    printed = sentence("no number") if number is None else sentence("the number {number}", number=number)
    usual = sentence("none") if proper is None else str(proper)
    reason = scope.notes.cases.numbering(activity_id, number, is_exception=number != proper)
    if reason is not None:
        _flag_number(scope, activity_id, number, proper, reason, line)
    elif number != proper:
        scope.notes.refuse(
            line,
            sentence(
                "activity {activity_id} prints {printed}, but the layout asks for {usual} (activity "
                "{position} of {count})",
                activity_id=activity_id,
                printed=printed,
                usual=usual,
                position=position,
                count=count,
            ),
            sentence(
                "Put the number right, or declare the exception in {file}.", file=scope.document.beside("numbering.csv")
            ),
        )


def _flag_number(
    scope: PlanScope, activity_id: str, number: int | None, proper: int | None, reason: str, line: int
) -> None:
    """Note a number that numbering.csv declares an exception."""
    variant = "no_number" if number is None else "no_number_expected" if proper is None else ""
    numbers = {name: n for name, n in (("number", number), ("expected", proper)) if n is not None}
    printed = None if number is None else str(number)
    scope.notes.flag("numbering_exception", line, "number_in_source", variant=variant, activity_id=activity_id,
                     source_value=printed, published_value=printed, **numbers, reason=reason)  # fmt: skip


def _is_numbered(measure: SourceMeasure) -> bool:
    return any(split_number(activity.text(ACTIVITY))[0] is not None for activity in measure.activities)


def _read_period(scope: PlanScope, text: str, source: SourceActivity) -> Period:
    """What the period says; a window must lie inside the plan."""
    line = source.cells[PERIOD].pieces[0][0] if PERIOD in source.cells else source.line_first
    period = read_period(text, scope.period_words)
    scope.notes.periods.add(scope.period_words.plain(text))
    fault = None
    if period is None:
        fault = "no rule reads the period"
    elif period.years and period.kind == "year_range" and period.years[1] <= period.years[0]:
        fault = "the years of the period are reversed or the same"
    elif period.years and not scope.years[0] <= period.years[0] <= period.years[1] <= scope.years[1]:
        fault = sentence(
            "the period lies outside that of the plan, {first_year}-{last_year}",
            first_year=scope.years[0],
            last_year=scope.years[1],
        )
    if fault:
        scope.notes.refuse(
            line,
            fault,
            "Write a year, a range of years, or a phrase of plan.toml, [periods]; if the "
            "print is wrong, correct it in corrections.csv.",
            text,
        )
        return Period("unspecified")
    return period or Period("unspecified")


def _add_years(scope: PlanScope, activity_id: str, first: int, last: int) -> None:
    """`fact_activity_year`."""
    reporting = scope.document.description.reporting
    for year in range(first, last + 1):
        opens_on, due_on = reporting.days(year) if reporting else (None, None)
        scope.rows.add(
            "fact_activity_year",
            activity_id=activity_id,
            time_period=str(year),
            plan_id=scope.plan_id,
            is_first_year=year == first,
            is_due_year=year == last,
            report_opens_on=opens_on,
            report_due_on=due_on,
        )
        scope.found["activity_years"] += 1


def _flag_blanks(
    scope: PlanScope, activity_id: str, period: Period, period_text: str, result: str, line: int, years: tuple[int, int]
) -> None:
    """Blank cells, and periods that are not years."""
    first_day, last_day = f"{years[0]}-01-01", f"{years[1]}-12-31"
    if not period_text:
        scope.found["blank_periods"] += 1
        scope.notes.flag("period_blank", line, "period_text", activity_id=activity_id, first_day=first_day,
                         last_day=last_day)  # fmt: skip
    elif period.years is None:
        scope.notes.flag("period_without_years", line, "window_start", activity_id=activity_id,
                         source_value=period_text, published_value=f"{first_day} to {last_day}")  # fmt: skip
    if not result:
        scope.found["blank_results"] += 1
        scope.notes.flag("result_blank", line, "expected_result", activity_id=activity_id)


def check_duplicates(scope: PlanScope) -> None:
    """A row that seems to be printed twice is declared, as a second print or as two activities, or refused."""
    lines = {row.activity_id: row for row in scope.printed}
    cases = scope.notes.cases
    for first, second in second_prints(scope.printed):
        reason = cases.distinct(first, second)
        if reason is not None:
            _keep_similar(scope, first, second, reason)
        elif cases.declared(second.activity_id) is None and cases.declared(first.activity_id) is None:
            line = csv_line(second.activity_id, first.activity_id, second.activity_text, "<reason>")
            scope.notes.refuse(
                second.line,
                sentence(
                    "activity {activity_id} says what {other_activity_id} says (line {line}): the row seems "
                    "to be printed twice",
                    activity_id=second.activity_id,
                    other_activity_id=first.activity_id,
                    line=first.line,
                ),
                sentence(
                    "If it is one row printed twice, add to {duplicates}, below the heading "
                    "{duplicates_heading}: {line}. If it is two activities, add to {distinct}, below the "
                    "heading {distinct_heading}: {line}.",
                    duplicates=scope.document.beside("duplicates.csv"),
                    duplicates_heading=heading(DuplicateRow),
                    line=line,
                    distinct=scope.document.beside("distinct.csv"),
                    distinct_heading=heading(DistinctRow),
                ),
                second.activity_text,
            )
    for row in scope.printed:
        original = cases.declared(row.activity_id)
        if original is None:
            continue
        if original not in lines or not is_same_text(lines[original].activity_text, row.activity_text):
            if scope.notes.is_whole:
                scope.notes.refuse(
                    row.line,
                    sentence(
                        "{activity_id} is declared a second print of {original}, but that does not say the same",
                        activity_id=row.activity_id,
                        original=original,
                    ),
                    "Put duplicates.csv right.",
                    row.activity_text,
                )
            continue
        scope.notes.flag("row_printed_twice", row.line, "duplicate_of", activity_id=row.activity_id,
                         source_value=row.activity_text, published_value=original, original=original,
                         original_line=lines[original].line, reason=cases.reason(row.activity_id))  # fmt: skip


def _keep_similar(scope: PlanScope, first: Printed, second: Printed, reason: str) -> None:
    """Note that two rows that seem to be one are declared two activities."""
    scope.notes.flag("similar_rows_kept", second.line, "activity_text", activity_id=second.activity_id,
                     source_value=second.activity_text, published_value=second.activity_text, other=first.activity_id,
                     other_line=first.line, reason=reason)  # fmt: skip
