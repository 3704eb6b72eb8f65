"""What may be wrong with the activity that a row of a table of judgement is about."""

from typing import Any

from transforms.plans.description.document import BreakdownRow, DecisionRow, LeadRow, StatisticRow

_AnyRow = StatisticRow | BreakdownRow | DecisionRow | LeadRow


def activity_fault(row: _AnyRow, activity: dict[str, Any]) -> tuple[str, str, str] | None:
    """Return what is wrong with the activity of a row, a row of dim_activity; the remedy, and the value at fault."""
    value = row.activity_id
    if not activity:
        what, remedy = "the document has no such activity", "Put the id right, or take the row out."
    elif activity["duplicate_of"]:
        what, remedy = "the activity is a second print", "Name {original}, the first print, instead."
    elif isinstance(row, StatisticRow | BreakdownRow) and row.activity_excerpt not in activity["activity_text"]:
        what = "activity {activity_id} does not print the words of the row (any more); it prints “{text}”"
        remedy, value = "Read it again: put id or excerpt right, or take the row out.", row.activity_excerpt
    else:
        return None
    return what, remedy, value
