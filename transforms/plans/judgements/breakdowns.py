"""breakdowns.csv: by what a plan asks statistics to be broken down, each judged by a person (contract §5)."""

from typing import Any

from transforms.plans.context import Context
from transforms.plans.description.document import BreakdownRow
from transforms.plans.judgements.activities import activity_fault

_PUBLISHED = {"activity_id", "breakdown", "reason"}


def add_breakdowns(context: Context) -> None:
    """Add to `bridge_activity_breakdown`. Needs the document's activities in the rows."""
    activities = {row["activity_id"]: row for row in context.rows.of("dim_activity")}
    asked: set[tuple[str, str]] = set()
    for row in context.document.rows(BreakdownRow):
        pair, activity = (row.activity_id, row.breakdown), activities.get(row.activity_id, {})
        fault = _fault(row, activity, is_second=pair in asked)
        asked.add(pair)
        if fault:
            names = {"original": activity.get("duplicate_of"), "text": activity.get("activity_text")}
            context.refuse_if_whole(row, *fault, activity_id=row.activity_id, **names)
            continue
        context.rows.add("bridge_activity_breakdown", **row.model_dump(include=_PUBLISHED))


def _fault(row: BreakdownRow, activity: dict[str, Any], *, is_second: bool) -> tuple[str, str, str] | None:
    """Return what is wrong with a row about a row of dim_activity, the remedy, and the value at fault."""
    if is_second and activity:
        what, remedy = "the activity asks for the breakdown twice", "Keep one row."
        return what, remedy, f"{row.activity_id}, {row.breakdown}"
    return activity_fault(row, activity)
