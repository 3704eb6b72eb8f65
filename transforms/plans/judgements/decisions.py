"""decisions.csv: what the approving body decided after the plan: activities cancelled, ends moved (contract §7)."""

from datetime import date
from typing import Any

from transforms.plans.context import Context
from transforms.plans.description.document import DecisionRow
from transforms.plans.judgements.activities import activity_fault

_PUBLISHED = {"activity_id", "body", "new_end", "document", "reason"}


def add_decisions(context: Context) -> None:
    """Add to `activity_decision`. Needs the document's plans and activities in the rows."""
    starts = {row["plan_id"]: row["start_date"] for row in context.rows.of("dim_plan")}
    activities = {row["activity_id"]: row for row in context.rows.of("dim_activity")}
    place, earlier = {"source_file": context.document.path_of(DecisionRow.file)}, dict[str, DecisionRow]()
    for row in sorted(context.document.rows(DecisionRow), key=lambda row: (row.day, row.line)):
        activity, before = activities.get(row.activity_id, {}), earlier.get(row.activity_id)
        start: Any = starts.get(activity.get("plan_id", ""))
        end: Any = (before and before.new_end) or activity.get("window_end")
        if fault := activity_fault(row, activity) or _fault(row, start, end, before):
            names = {
                "original": activity.get("duplicate_of"),
                "line": before and before.line,
                "start": start,
                "end": end,
            }
            context.refuse_if_whole(row, *fault, activity_id=row.activity_id, **names)
            continue
        earlier[row.activity_id] = row
        published = row.model_dump(include=_PUBLISHED) | {"decided_on": row.day, "decision_kind": row.kind}
        context.rows.add("activity_decision", **published, **place, source_row=row.line)


def _fault(row: DecisionRow, start: date, end: date, before: DecisionRow | None) -> tuple[str, str, str] | None:
    """Return what is wrong with a decision about an activity, the remedy, and the value at fault.

    `start` is the first day of its plan, `end` that of its window by the plan or the decision before."""
    value, is_extension = str(row.day), row.kind == "extended"
    if before and before.day == row.day:
        what, remedy = "{activity_id} has a decision of this day in line {line} already", "Keep one."
    elif before and before.kind == "cancelled":
        what, remedy = "{activity_id} is cancelled by line {line}, an earlier decision", "Take one of the two out."
    elif row.day < start:
        what, remedy = "the day of the decision is before the plan, which begins on {start}", "Put the day right."
    elif is_extension != bool(row.new_end):
        what, value = (
            "what is extended has a new end, and what is cancelled has none",
            f"{row.kind}, {row.new_end or ''}",
        )
        remedy = "Fill new_end of a decision that extends, and leave it blank in one that cancels."
    elif row.new_end and row.new_end <= end:
        what, value = "the new end is not after the one that {activity_id} had before, {end}", str(row.new_end)
        remedy = "Put it right, or take the row out: a decision that extends moves the end to a later day."
    else:
        return None
    return what, remedy, value
