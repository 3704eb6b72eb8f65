"""What each agency owes and has sent, computed a second time: the views `agency_status` and `agency_reporting`."""

import datetime as dt
from collections import defaultdict
from typing import Any

from tests.support import oracle
from tests.support.oracle import Record, Tables

_STATES = {
    "completed": {"completed"},
    "under_way": {"in_progress", "substantially_completed", "delivered"},
    "not_under_way": {"not_started", "suspended", "cancelled"},
    "without_evidence": {"no_evidence"},
}


def agency_status(tables: Tables, as_of: dt.date) -> list[Record]:
    """Return agency_status: "One row per agency with activities: its own reporting, and the states of its activities as
    of the release, second prints left out"; without its names and refused rows."""
    activities = [activity for activity in oracle.activities(tables) if not activity.is_duplicate]
    states = {activity.activity_id: oracle.status_of(activity, as_of, as_of) for activity in activities}
    due = [slot for slot in oracle.slots(tables, as_of) if slot["due_on"] <= as_of]
    rows = []
    for agency_id in sorted({agency for activity in activities for agency in activity.agencies}):
        own = [activity for activity in activities if agency_id in activity.agencies]
        slots = [slot for slot in due if slot["agency_id"] == agency_id]
        filled = [slot for slot in slots if slot["is_filled"]]
        days = [day for days in _days_of_reports(own, agency_id, as_of).values() for day in days]
        rows.append(
            {"agency_id": agency_id, **_counts([states[activity.activity_id] for activity in own])}
            | {
                "next_due_on": min(
                    (
                        states[activity.activity_id]["window_end_in_effect"]
                        for activity in own
                        if activity.timeframe == "dated" and states[activity.activity_id]["timing"] != "closed"
                    ),
                    default=None,
                ),
                "first_reported_on": min(days, default=None),
                "last_reported_on": max(days, default=None),
                "rows_accepted": len(days),
                "slots_due": len(slots),
                "slots_filled": len(filled),
                "slots_late": sum(not slot["is_on_time"] for slot in filled),
                "slots_missing": len(slots) - len(filled),
            }
        )
    return rows


def agency_reporting(tables: Tables, as_of: dt.date) -> list[Record]:
    """Return agency_reporting: "One row per agency × year about which it is to report: its own reports as of the
    release"; without its names."""
    activities = oracle.activities(tables)
    by_year: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for slot in oracle.slots(tables, as_of):
        by_year[slot["agency_id"], slot["time_period"][:4]].append(slot)
    rows = []
    for (agency_id, year), slots in by_year.items():
        due = [slot for slot in slots if slot["due_on"] <= as_of]
        days = _days_of_reports(activities, agency_id, as_of)[year]
        rows.append({
            "agency_id": agency_id,
            "time_period": year,
            "slots": len(slots),
            "slots_due": len(due),
            "slots_on_time": sum(slot["is_on_time"] for slot in due),
            "slots_late": sum(slot["is_filled"] and not slot["is_on_time"] for slot in due),
            "slots_missing": sum(not slot["is_filled"] for slot in due),
            "slots_to_come": sum(slot["due_on"] > as_of for slot in slots),
            "first_reported_on": min(days, default=None),
            "last_reported_on": max(days, default=None),
        })  # fmt: skip
    return rows


def _counts(states: list[Record]) -> dict[str, Any]:
    overdue = [state for state in states if state["is_overdue"]]
    return {
        "activities": len(states),
        **{name: sum(state["reported_status"] in those for state in states) for name, those in _STATES.items()},
        "overdue": len(overdue),
        "overdue_without_evidence": sum(state["reported_status"] == "no_evidence" for state in overdue),
        "disagreements": sum(state["agencies_disagree"] for state in states),
    }


def _days_of_reports(activities: list[oracle.Activity], agency_id: str, as_of: dt.date) -> dict[str, list[dt.date]]:
    """Return by year the days of an agency's own reports about it that are known."""
    days: dict[str, list[dt.date]] = defaultdict(list)
    for activity in activities:
        for report in activity.reports:
            if report.respondent[0] == agency_id and report.known_on <= as_of:
                days[report.time_period[:4]].append(report.reported_on)
    return days
