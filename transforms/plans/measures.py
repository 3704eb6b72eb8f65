"""One plan of a document: measures and recommendations."""

from itertools import pairwise

from transforms.plans.activities import add_activity, check_duplicates
from transforms.plans.context import PlanScope
from transforms.plans.grammar.print_checks import Passage
from transforms.plans.grammar.recommendations import UnreadableNumbers, read_numbers, split_summary
from transforms.plans.parsed import SourceMeasure, SourcePlan
from transforms.quality.text import sentence


def add_plan(scope: PlanScope, plan: SourcePlan) -> dict[str, int]:
    """Measures, activities, recommendations; returns what was counted, by the names of plan.toml's [plan.expected]."""
    last_first = 0
    for measure in plan.measures:
        last_first = _add_measure(scope, measure, last_first)
    check_duplicates(scope)
    for number in sorted(scope.cited):
        scope.rows.add(
            "dim_recommendation",
            recommendation_id=_recommendation_id(scope, number),
            plan_id=scope.plan_id,
            recommendation_number=number,
        )
    _flag_gaps(scope)
    _flag_column_numbers(scope, plan)
    return scope.found


def _recommendation_id(scope: PlanScope, number: int) -> str:
    """`TJK-CRC-2018-R09`."""
    return f"{scope.plan_id}-R{number:02d}"


def _add_measure(scope: PlanScope, measure: SourceMeasure, last_first: int) -> int:
    """One measure with its activities; the first recommendation number that it cites."""
    measure_id = f"{scope.plan_id}-{measure.number:02d}"
    scope.notes.ids.add(measure_id)
    words = scope.layout.recommendation_words
    text = scope.notes.corrected(measure_id, "summary", measure.summary.text, measure.line_first, None)
    parts = split_summary(text, words)
    if parts is None:
        scope.notes.refuse(
            measure.line_first,
            "the summary does not end in a bracket of recommendation numbers",
            "Write it like (Recommendations 20-22).",
            text,
        )
    summary, bracket = parts or (text, "")
    numbers = _cited_numbers(scope, bracket, measure) if parts else []
    if numbers and numbers[0] < last_first:
        scope.notes.refuse(
            measure.line_first,
            sentence(
                "the first recommendation number is less than {last_first}, that of a measure before",
                last_first=last_first,
            ),
            "First numbers ascend: put it right.",
            bracket,
        )
    scope.rows.add(
        "dim_measure",
        measure_id=measure_id,
        plan_id=scope.plan_id,
        measure_number=measure.number,
        summary=summary,
        recommendations_text=bracket,
        line_first=measure.line_first,
    )
    scope.found["measures"] += 1
    scope.notes.passages.append(Passage(measure.line_first, None, "summary", summary))
    _link_recommendations(scope, measure_id, numbers, measure.line_first)
    for position, activity in enumerate(measure.activities, 1):
        add_activity(scope, activity, measure, measure_id, position)
    return max([last_first, *numbers[:1]])


def _cited_numbers(scope: PlanScope, bracket: str, measure: SourceMeasure) -> list[int]:
    layout = scope.layout
    try:
        return read_numbers(bracket, layout.recommendation_words, layout.conjunctions)
    except UnreadableNumbers as error:
        scope.notes.refuse(
            measure.line_first,
            sentence("the recommendation numbers do not read: {error}", error=error.args[0]),
            "Numbers have no leading zero, ranges ascend, a comma or a word of plan.toml "
            "[layout] conjunctions parts them.",
            bracket,
        )
        return []


def _link_recommendations(scope: PlanScope, measure_id: str, numbers: list[int], line: int) -> None:
    """`bridge_measure_recommendation`; a number cited twice is flagged."""
    for number in dict.fromkeys(numbers):
        if number in scope.cited or numbers.count(number) > 1:
            _flag_second_citation(scope, number, line)
        scope.cited.setdefault(number, line)
        scope.rows.add(
            "bridge_measure_recommendation", measure_id=measure_id, recommendation_id=_recommendation_id(scope, number)
        )
        scope.found["recommendation_links"] += 1


def _flag_second_citation(scope: PlanScope, number: int, line: int) -> None:
    values = {"source_value": str(number), "published_value": str(number)}
    if number in scope.cited:
        scope.notes.flag("recommendation_cited_twice", line, "recommendation_number", **values, number=number,
                         first_line=scope.cited[number])  # fmt: skip
    else:
        scope.notes.flag("recommendation_cited_twice", line, "recommendation_number", variant="same_line", **values,
                         number=number)  # fmt: skip


def _flag_gaps(scope: PlanScope) -> None:
    """Recommendation numbers not cited between the lowest and the highest of the plan."""
    cited = sorted(scope.cited)
    for before, after in pairwise(cited):
        for number in range(before + 1, after):
            scope.notes.flag("recommendation_not_cited", scope.cited[after], "recommendation_number",
                             source_value=str(number), plan_id=scope.plan_id, number=number, before=before,
                             after=after)  # fmt: skip


def _flag_column_numbers(scope: PlanScope, plan: SourcePlan) -> None:
    """The heading that numbers the columns should count from 1."""
    if plan.column_numbers is None:
        return
    line, printed = plan.column_numbers
    proper = [str(n) for n in range(1, len(printed) + 1)]
    if printed != proper:
        texts = {"printed": " ".join(printed), "expected": " ".join(proper)}
        scope.notes.flag("column_numbers", line, source_value=texts["printed"], **texts)
