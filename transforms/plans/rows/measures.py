"""One plan of a document: measures, recommendations, activities and their years (contract §6)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from schemas.enumerations import TIMEFRAME_OF
from transforms.plans.description.document import NumberingRow, RecommendationRow
from transforms.plans.grammar.cells import UnreadableNumbers, read_numbers, split_number, split_summary
from transforms.plans.grammar.periods import Period, read_period
from transforms.plans.lines.parsed import SourceActivity, SourceMeasure, SourcePlan
from transforms.plans.rows.scope import PlanScope, PrintedRow
from transforms.plans.rows.second_prints import check_duplicates
from transforms.quality.text import ranges, sentence
from transforms.text.lines import hyphenate

_NUMBER = "recommendation_number"
# The columns of a cited paragraph that recommendations.csv does not describe.
_NOT_DESCRIBED: dict[str, str | None] = dict.fromkeys(RecommendationRow.heading().split(",")[1:])


def add_plan(scope: PlanScope, plan: SourcePlan) -> None:
    """Add measures, activities, recommendations; check the numbers of columns."""
    last_first = 0
    for measure in plan.measures:
        last_first = _add_measure(scope, measure, last_first)
    check_duplicates(scope)
    _add_recommendations(scope)
    if plan.column_numbers:
        line, cells = plan.column_numbers
        printed, expected = " ".join(cells), " ".join(str(n) for n in range(1, len(cells) + 1))
        if printed != expected:
            scope.context.flag("column_numbers", line, None, printed, printed=printed, expected=expected)


def _add_recommendations(scope: PlanScope) -> None:
    """Add to `dim_recommendation`; flag numbers that are cited again, and those that are not
    cited and that recommendations.csv does not describe."""
    context, numbers, names = scope.context, sorted(scope.cited), {"plan_id": scope.plan_id}
    described = {row.reference: row.columns() for row in context.document.rows(RecommendationRow)}
    for number in numbers:
        recommendation_id = _recommendation_id(scope, number)
        ids = {"recommendation_id": recommendation_id, **names, "recommendation_number": number}
        context.rows.add("dim_recommendation", **ids, **described.get(recommendation_id, _NOT_DESCRIBED))
    again = {number: lines for number, (_, *lines) in scope.cited.items() if lines}
    if again:
        lines = sorted(line for of_number in again.values() for line in of_number)
        context.flag("recommendation_cited_twice", lines, _NUMBER, **names, numbers=ranges(again))
    missing = [n for n in missing_numbers(numbers) if _recommendation_id(scope, n) not in described]
    if missing:
        lines = [scope.cited[next(n for n in numbers if n > number)][0] for number in missing]
        ends = {"lowest": str(numbers[0]), "highest": str(numbers[-1]), "numbers": ranges(missing)}
        context.flag("recommendation_not_cited", lines, _NUMBER, **names, **ends)


def missing_numbers(cited: Sequence[int]) -> list[int]:
    """Return the numbers that are not cited, between the lowest and the highest of those that are."""
    return sorted(set(range(cited[0], cited[-1])) - set(cited)) if cited else []


def _recommendation_id(scope: PlanScope, number: int) -> str:
    return f"{scope.plan_id}-R{number:02d}"  # TJK-CRC-2018-R09


def _add_measure(scope: PlanScope, measure: SourceMeasure, last_first: int) -> int:
    """Add a measure with its activities; return the highest first number that a measure cites so far."""
    context, line = scope.context, measure.line_first
    ids = {"measure_id": f"{scope.plan_id}-{measure.number:02d}", "plan_id": scope.plan_id}
    text = scope.corrected(ids["measure_id"], "summary", measure.summary.text, line)
    summary, bracket, numbers = _read_summary(scope, text, line)
    if numbers and numbers[0] < last_first:
        what = "the first recommendation number is less than {last_first}, that of a measure before"
        context.refuse(line, what, "First numbers ascend: put it right.", bracket, last_first=last_first)
    texts = {"summary": summary, "recommendations_text": bracket}
    context.rows.add("dim_measure", **ids, measure_number=measure.number, **texts, line_first=line)
    scope.counts["measures"] += 1
    _link_recommendations(scope, ids["measure_id"], numbers, line)
    for position, activity in enumerate(measure.activities, 1):
        activity.activity_id = f"{ids['measure_id']}-{position:02d}"
        _add_activity(scope, activity, measure, ids, position)
    return max([last_first, *numbers[:1]])


def _read_summary(scope: PlanScope, text: str, line: int) -> tuple[str, str, list[int]]:
    """Return the summary without its closing bracket, the bracket, and the recommendation numbers in it."""
    layout = scope.context.layout
    parts = split_summary(text, layout.recommendation_words)
    if parts is None:
        what = "the summary does not end in a bracket of recommendation numbers"
        scope.context.refuse(line, what, "Write it like (Recommendations 20-22).", text)
        return text, "", []
    try:
        return *parts, read_numbers(parts[1], layout.recommendation_words, layout.conjunctions)
    except UnreadableNumbers as error:
        what = "the recommendation numbers do not read: {error}"
        remedy = (
            "Numbers have no leading zero, ranges ascend, a comma or a word of plan.toml [layout] conjunctions parts "
            "them."
        )
        scope.context.refuse(line, what, remedy, parts[1], error=error.args[0])
        return *parts, []


def _link_recommendations(scope: PlanScope, measure_id: str, numbers: list[int], line: int) -> None:
    """Add to `bridge_measure_recommendation`; flag a number that one bracket cites twice."""
    for number in dict.fromkeys(numbers):
        context = scope.context
        if numbers.count(number) > 1:
            printed = str(number)
            place = line, _NUMBER, printed, printed
            context.flag("recommendation_cited_twice", *place, variant="same_line", number=number)
        scope.cited.setdefault(number, []).append(line)
        link = {"measure_id": measure_id, "recommendation_id": _recommendation_id(scope, number)}
        context.rows.add("bridge_measure_recommendation", **link)
        scope.counts["recommendation_links"] += 1


def _add_activity(
    scope: PlanScope, source: SourceActivity, measure: SourceMeasure, ids: dict[str, str], position: int
) -> None:
    """Add an activity with its agencies and years; `ids` are those of measure and plan."""
    activity_id, line = source.activity_id, source.line_first
    number, text = split_number(scope.cell(source, "activity_text"))
    period_text, result = scope.cell(source, "period_text"), scope.cell(source, "expected_result")
    period = _read_period(scope, source, period_text)
    first, last = period.years or scope.years
    duplicate = scope.cases.duplicate(activity_id, text)
    numbers = {"activity_number": position, "number_in_source": number}
    texts = {"activity_text": text, "expected_result": result or None, "period_text": hyphenate(period_text) or None}
    kinds = {"schedule_kind": period.kind, "timeframe": TIMEFRAME_OF[period.kind]}
    window = {"window_start": date(first, 1, 1), "window_end": date(last, 12, 31)}
    judged = {"duplicate_of": duplicate and duplicate.duplicate_of}
    judged["window_source"] = "stated" if period.years else "plan_period"
    lines = {"line_first": line, "line_last": source.line_last}
    columns = {**ids, **numbers, **texts, **kinds, **window, **judged, **lines}
    scope.context.rows.add("dim_activity", activity_id=activity_id, **columns)
    scope.counts["activities"] += 1
    _add_years(scope, activity_id, first, last)
    _check_blanks(scope, source, text, period_text, result)
    if not duplicate:
        _flag_period_and_result(scope, source, period, period_text, result)
    agencies = scope.book.add_responsible(source, scope.cell(source, "agencies"))
    scope.counts["agency_links"] += len(agencies)
    if not measure.is_doubtful:
        _check_number(scope, source, measure, number, position, is_second_print=duplicate is not None)
        printed_period = period.years or hyphenate(period_text).casefold()
        scope.printed.append(PrintedRow(activity_id, line, text, printed_period, frozenset(agencies), duplicate))


def _check_number(
    scope: PlanScope,
    source: SourceActivity,
    measure: SourceMeasure,
    number: int | None,
    position: int,
    *,
    is_second_print: bool,
) -> None:
    """Check a number: several activities are numbered 1 … n, a single one is not; numbering.csv declares exceptions.

    If cells are merged down, rows are told apart by them, and a measure may print no number at all."""
    context, names, count = scope.context, {"activity_id": source.activity_id}, len(measure.activities)
    numbers_printed = [split_number(activity.text("activity_text"))[0] for activity in measure.activities]
    may_lack_numbers = bool(context.layout.fill_down) and not any(numbers_printed)
    expected = None if count == 1 or may_lack_numbers else position
    if number == expected:
        return
    case = scope.cases.numbering(source.activity_id, number)
    if case and not is_second_print:  # row_printed_twice says why a second print has another number
        variant = "no_number" if number is None else "no_number_expected" if expected is None else ""
        numbers: dict[str, Any] = {name: n for name, n in (("number", number), ("expected", expected)) if n is not None}
        printed = None if number is None else str(number)
        place = source.line_first, "number_in_source", printed, printed
        context.flag("numbering_exception", *place, variant=variant, **names, **numbers, reason=case.reason)
    if case:
        return
    what = "activity {activity_id} prints {printed}, but the layout asks for {usual} (activity {position} of {count})"
    names["printed"] = sentence("no number") if number is None else sentence("the number {number}", number=number)
    names["usual"] = sentence("none") if expected is None else str(expected)
    names["file"] = context.document.path_of(NumberingRow.file)
    remedy = "Put the number right, or declare the exception in {file}."
    context.refuse(source.line_first, what, remedy, **names, position=position, count=count)


def _read_period(scope: PlanScope, source: SourceActivity, text: str) -> Period:
    """Return what the period says, if it lies inside the plan."""
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
        return period
    remedy = (
        "Write a year, a range of years, or a phrase of plan.toml, [periods]; if the print is wrong, correct it in "
        "corrections.csv."
    )
    line = source.cells["period_text"].pieces[0][0] if "period_text" in source.cells else source.line_first
    context.refuse(line, fault, remedy, text, first_year=first, last_year=last)
    return Period("unspecified")


def _add_years(scope: PlanScope, activity_id: str, first: int, last: int) -> None:
    """Add to `fact_activity_year`."""
    reporting = scope.context.document.description.reporting
    for year in range(first, last + 1):
        periods = reporting.periods(year) if reporting else []
        opens_on, due_on = (periods[0].opens_on, periods[-1].due_on) if periods else (None, None)
        ids = {"activity_id": activity_id, "time_period": str(year), "plan_id": scope.plan_id}
        is_end = {"is_first_year": year == first, "is_due_year": year == last}
        scope.context.rows.add("fact_activity_year", **ids, **is_end, report_opens_on=opens_on, report_due_on=due_on)
        scope.counts["activity_years"] += 1


def _check_blanks(scope: PlanScope, source: SourceActivity, text: str, period_text: str, result: str) -> None:
    """Refuse an activity without text; count other blank cells as printed, those of second prints too."""
    if not text:
        what, remedy = "activity {activity_id} has no text", "Put it back; is a tab too many?"
        value = source.text("activity_text") or None
        scope.context.refuse(source.line_first, what, remedy, value, activity_id=source.activity_id)
    scope.counts["blank_periods"] += not period_text
    scope.counts["blank_results"] += not result


def _flag_period_and_result(
    scope: PlanScope, source: SourceActivity, period: Period, period_text: str, result: str
) -> None:
    """Flag a period that is blank or names no years, and a blank result. Not for second prints, which count nowhere."""
    context, line = scope.context, source.line_first
    ids = {"activity_id": source.activity_id, "plan_id": scope.plan_id}
    days = {"first_day": f"{scope.years[0]}-01-01", "last_day": f"{scope.years[1]}-12-31"}  # the window without years
    if not period_text:
        context.flag("period_blank", line, "period_text", **ids, **days)
    elif not period.years:
        phrase = context.document.description.period_words.plain(period_text)
        place = line, "window_start", period_text, f"{days['first_day']} to {days['last_day']}"
        context.flag("period_without_years", *place, **ids, phrase=phrase, **days)
    if not result:
        context.flag("result_blank", line, "expected_result", **ids)
