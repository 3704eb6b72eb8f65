"""`npa status`: who has not reported, then the activities that ask for attention. Imports nothing but duckdb."""

import shutil
import sys
from itertools import groupby
from typing import Any

import duckdb

from flows.outputs.connection import agency_id_of, fetch, interruptible, opened
from flows.outputs.files import write_table
from flows.outputs.query import write_answer
from flows.releases.totals import without_second_prints
from flows.releases.warehouse import Warehouse
from flows.runtime.streams import control
from transforms.errors import UnanswerableQuestion
from transforms.sql import statement

_COLOURS = {
    "has not reported": "\033[35m", "agencies disagree": "\033[35m", "cancellation claimed": "\033[35m",
    "overdue": "\033[31m",
    "due within 90 days": "\033[33m", "report awaited": "\033[33m", "not reported for a year": "\033[36m",
}  # fmt: skip
_PLAIN = "\033[0m"
_COLUMNS = ("activity_id", "days_overdue", "window_end", "reported_status", "last_reported_on", "agencies",
            "activity_text")  # fmt: skip
_OF_AGENCIES = ("agency_id", "reports_missing", "reports_due", "missing_about", "last_reported_on", "agency_name")


def print_status(warehouse: Warehouse, as_of: str | None, agency: str | None, plan_id: str | None, form: str) -> None:
    """Print who and what asks for attention as at `as_of` (None: the release's own) as table, csv or json.

    `agency` is an id or an abbreviation. Raises UnanswerableQuestion for an unknown plan; UnknownAgency."""

    def answer() -> None:
        plans = [row["plan_id"] for row in fetch(con, "SELECT plan_id FROM dim_plan ORDER BY plan_id")]
        if plan_id is not None and plan_id.upper() not in plans:
            raise UnanswerableQuestion(
                'no plan is called "{plan_id}"; there are {plans}', plan_id=plan_id, plans=", ".join(plans)
            )
        (question,) = fetch(con, "SELECT coalesce($day::DATE, as_of)::VARCHAR AS as_of FROM release", day=as_of)
        asked = statement("indicators/status", slots=_slots(con, question["as_of"])).sql
        question |= {"agency_id": agency_id_of(con, agency) if agency else None, "plan_id": plan_id and plan_id.upper()}
        con.execute(f"CREATE TEMP TABLE asked AS {statement('indicators/status_asked').sql}", question)
        if form == "table":
            _print_totals(con, question)
            _print_rows(fetch(con, asked, **question))
        else:
            write_answer(con.sql(asked, params=question), form, sys.stdout)

    with opened(warehouse.current_release() / "npa.duckdb") as con:
        interruptible(con, answer)


def _slots(con: duckdb.DuckDBPyConnection, as_of: str) -> str:
    """Return the reporting slots as known on a day: for the release's own, the table, which is quicker."""
    is_own = fetch(con, "FROM release WHERE as_of = $day::DATE", day=as_of)
    return "fact_reporting_slot" if is_own else "reporting_slots($as_of::DATE)"


def _print_totals(con: duckdb.DuckDBPyConnection, question: dict[str, Any]) -> None:
    (n,) = fetch(con, statement("indicators/status_totals").sql, **question)
    scope = " ".join(filter(None, (question["agency_id"], question["plan_id"])))
    without = without_second_prints(n["second_prints"])
    print(f"{scope + ': ' if scope else ''}{n['activities']} activities{without and ' ' + without}, {n['dated']} of "
          f"them dated, as of {question['as_of']}")  # fmt: skip
    if n["reports"] == 0:
        print("No reports received: nothing is known to be done, and what is called overdue may well have been done.")
    else:
        print(f"reports received{' on them, of whichever agency' if scope else ''}: {n['reports']}")
    if n["rejected"]:
        read = f" of {n['rows_read']} read" if n["rows_read"] else ""
        print(f"refused rows of reports that are open: {n['rejected']}{read} (npa rejected lists them)")
    print(f"completed {n['completed']}, under way {n['under_way']}, not started, suspended or cancelled "
          f"{n['not_under_way']}, nothing reported {n['without_evidence']}")  # fmt: skip
    print(f"overdue {n['overdue']}, of which nothing is reported on {n['overdue_without_evidence']}")


def _print_rows(rows: list[dict[str, Any]]) -> None:
    """Print the rows under a heading for each kind of attention, in a terminal cut to its width and coloured."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for attention, group in groupby(rows, lambda row: str(row["attention"])):
        table = list(group)
        print()
        control(sys.stdout, _COLOURS[attention])
        print(f"{attention.capitalize()} ({len(table)})")
        control(sys.stdout, _PLAIN)
        columns = _OF_AGENCIES if attention == "has not reported" else _COLUMNS
        write_table(sys.stdout, columns, [[_text(row[column]) for column in columns] for row in table], width)


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
