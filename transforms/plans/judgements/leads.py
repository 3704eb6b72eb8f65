"""leads.csv: which agency leads an activity, each by a document that says so (contract §7)."""

from typing import Any

from transforms.plans.context import Context
from transforms.plans.description.document import LeadRow
from transforms.plans.judgements.activities import activity_fault


def check_leads(context: Context) -> None:
    """Refuse each row that names no responsible agency of an activity. `bridge_activity_agency` has the others.

    Needs the document's activities and agencies in the rows."""
    activities = {row["activity_id"]: row for row in context.rows.of("dim_activity")}
    collectives = {a["agency_id"] for a in context.rows.of("agency_of_document") if a["agency_type"] == "collective"}
    responsible: dict[str, list[str]] = {}
    for link in context.rows.of("bridge_activity_agency"):
        responsible.setdefault(link["activity_id"], []).append(link["agency_id"])
    first: dict[str, int] = {}  # line of an activity's first row
    for row in context.document.rows(LeadRow):
        activity, agencies = activities.get(row.activity_id, {}), responsible.get(row.activity_id, [])
        line = first.setdefault(row.activity_id, row.line)
        if fault := activity_fault(row, activity) or _agency_fault(row, agencies, collectives, line):
            names: dict[str, Any] = {"original": activity.get("duplicate_of"), "agencies": ", ".join(agencies)}
            context.refuse_if_whole(row, *fault, activity_id=row.activity_id, line=line, **names)


def _agency_fault(
    row: LeadRow, agencies: list[str], collectives: set[str], first_line: int
) -> tuple[str, str, str] | None:
    """Return what is wrong with the agency of a row, the remedy, and the value at fault."""
    if row.line != first_line:
        what, remedy = "{activity_id} has a lead in line {line} already", "Keep one row: an activity has one lead."
    elif row.agency_id not in agencies:
        what, remedy = "the agency is not responsible for {activity_id}", "Name one of those that are: {agencies}."
    elif row.agency_id in collectives:
        what, remedy = (
            "a collective is no single body, so it leads nothing",
            "Name another agency, or take the row out.",
        )
    else:
        return None
    return what, remedy, row.agency_id
