"""One plan of a document: measures and recommendations."""

from itertools import pairwise

from transforms.plans.grammar.cells import UnreadableNumbers, read_numbers, split_summary
from transforms.plans.lines.parsed import SourceMeasure, SourcePlan
from transforms.plans.rows.activities import add_activity
from transforms.plans.rows.duplicates import check_duplicates
from transforms.plans.rows.scope import PlanScope


def add_plan(scope: PlanScope, plan: SourcePlan) -> None:
    """Add measures, activities, recommendations."""
    last_first = 0
    for measure in plan.measures:
        last_first = _add_measure(scope, measure, last_first)
    check_duplicates(scope)
    _add_recommendations(scope)
    if plan.column_numbers:
        line, cells = plan.column_numbers
        printed, expected = " ".join(cells), " ".join(str(n) for n in range(1, len(cells) + 1))
        if printed != expected:
            scope.context.flag("column_numbers", line, source_value=printed, printed=printed, expected=expected)


def _add_recommendations(scope: PlanScope) -> None:
    """Add to `dim_recommendation`; flag numbers that are not cited between the lowest and the highest of the plan."""
    numbers, plan_id = sorted(scope.cited), scope.plan_id
    for number in numbers:
        recommendation_id = _recommendation_id(plan_id, number)
        scope.context.rows.add(
            "dim_recommendation", recommendation_id=recommendation_id, plan_id=plan_id, recommendation_number=number
        )
    for before, after in pairwise(numbers):
        for number in range(before + 1, after):
            scope.context.flag("recommendation_not_cited", scope.cited[after], "recommendation_number",
                               source_value=str(number), plan_id=plan_id, number=number, before=before,
                               after=after)  # fmt: skip


def _recommendation_id(plan_id: str, number: int) -> str:
    return f"{plan_id}-R{number:02d}"  # TJK-CRC-2018-R09


def _add_measure(scope: PlanScope, measure: SourceMeasure, last_first: int) -> int:
    """Add a measure with its activities; return the highest first number that a measure cites so far."""
    context, line = scope.context, measure.line_first
    measure_id = f"{scope.plan_id}-{measure.number:02d}"
    text = scope.corrected(measure_id, "summary", measure.summary.text, line)
    summary, bracket, numbers = _read_summary(scope, text, line)
    if numbers and numbers[0] < last_first:
        what = "the first recommendation number is less than {last_first}, that of a measure before"
        context.refuse(line, what, "First numbers ascend: put it right.", bracket, last_first=last_first)
    context.rows.add(
        "dim_measure",
        measure_id=measure_id,
        plan_id=scope.plan_id,
        measure_number=measure.number,
        summary=summary,
        recommendations_text=bracket,
        line_first=line,
    )
    scope.counts["measures"] += 1
    _link_recommendations(scope, measure_id, numbers, line)
    for position, activity in enumerate(measure.activities, 1):
        activity.activity_id = f"{measure_id}-{position:02d}"
        add_activity(scope, activity, measure, measure_id, position)
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
    """Add to `bridge_measure_recommendation`; flag a number that is cited twice."""
    for number in dict.fromkeys(numbers):
        values = {"source_value": str(number), "published_value": str(number)}
        if number in scope.cited:
            scope.context.flag("recommendation_cited_twice", line, "recommendation_number", **values, number=number,
                               first_line=scope.cited[number])  # fmt: skip
        elif numbers.count(number) > 1:
            scope.context.flag("recommendation_cited_twice", line, "recommendation_number", "same_line", **values,
                               number=number)  # fmt: skip
        scope.cited.setdefault(number, line)
        link = {"measure_id": measure_id, "recommendation_id": _recommendation_id(scope.plan_id, number)}
        scope.context.rows.add("bridge_measure_recommendation", **link)
        scope.counts["recommendation_links"] += 1
