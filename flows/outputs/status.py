"""`npa status`: what is overdue, due soon, or not reported on, the most urgent first.

Imports duckdb only, so that it answers at once."""

import shutil
import sys
from typing import Any

import duckdb

from flows.outputs.agency_lookup import agency_id_of
from flows.outputs.connection import interruptible, opened
from flows.outputs.query import write_answer
from flows.releases.warehouse import Warehouse
from transforms.errors import UnanswerableQuestion
from transforms.quality.text import sentence
from transforms.sql import statement

_COLOURS = {"overdue": "\033[31m", "due within 90 days": "\033[33m", "not reported for a year": "\033[36m"}
_PLAIN = "\033[0m"
_SHOWN = (
    "activity_id",
    "days_overdue",
    "window_end",
    "reported_status",
    "last_reported_on",
    "agencies",
    "activity_text",
)


def print_status(warehouse: Warehouse, as_of: str | None, agency: str | None, plan_id: str | None, form: str) -> None:
    """Print the activities that ask for attention as at `as_of` (None: the release's own), by `form`: table, csv, json.

    `agency` is an id or an abbreviation. Raises UnanswerableQuestion for a plan that is unknown."""
    with opened(warehouse.current_release() / "npa.duckdb") as con:
        interruptible(con, lambda: _print(con, as_of, agency, plan_id, form))


def _print(
    con: duckdb.DuckDBPyConnection, as_of: str | None, agency: str | None, plan_id: str | None, form: str
) -> None:
    plans = [row[0] for row in con.execute("SELECT plan_id FROM dim_plan ORDER BY plan_id").fetchall()]
    if plan_id is not None and plan_id.upper() not in plans:
        raise UnanswerableQuestion(
            sentence('no plan is called "{plan_id}"; there are {plans}', plan_id=plan_id, plans=", ".join(plans))
        )
    ((day,),) = con.execute("SELECT coalesce($day::DATE, as_of)::VARCHAR FROM release", {"day": as_of}).fetchall()
    asked = {
        "as_of": day,
        "agency_id": agency_id_of(con, agency) if agency else None,
        "plan_id": plan_id.upper() if plan_id else None,
    }
    if form == "table":
        _print_totals(con, asked)
        _print_rows(con, asked)
    else:
        write_answer(con.sql(statement("indicators/status").sql, params=asked), form, sys.stdout)


def _print_totals(con: duckdb.DuckDBPyConnection, asked: dict[str, Any]) -> None:
    answer = con.execute(statement("indicators/status_totals").sql, asked)
    (row,) = answer.fetchall()
    n = dict(zip([column[0] for column in answer.description], row, strict=True))
    of_whom = " ".join(filter(None, (asked["agency_id"], asked["plan_id"])))
    print(f"{of_whom + ': ' if of_whom else ''}{n['activities']} activities, {n['dated']} of them dated, "
          f"as of {asked['as_of']}")  # fmt: skip
    of_them = " on them, of whichever agency" if of_whom else ""
    if n["reports"] == 0:
        print("No reports received: nothing is known to be done, and what is called overdue may well have been done.")
    else:
        print(f"reports received{of_them}: {n['reports']}")
    if n["rejected"]:
        print(f"rows of reports refused: {n['rejected']} (npa rejected lists them)")
    print(f"completed {n['completed']}, under way {n['under_way']}, not started, suspended or cancelled "
          f"{n['not_under_way']}, nothing reported {n['without_evidence']}")  # fmt: skip
    print(f"overdue {n['overdue']}, of which nothing is reported on {n['overdue_without_evidence']}")


def _print_rows(con: duckdb.DuckDBPyConnection, asked: dict[str, Any]) -> None:
    """The activities under a heading for each kind of attention, cut to a terminal's width, coloured there."""
    answer = con.execute(statement("indicators/status").sql, asked)
    names = [column[0] for column in answer.description]
    groups: dict[str, list[list[str]]] = {}
    for row in answer.fetchall():
        values = dict(zip(names, row, strict=True))
        values["agencies"] = ", ".join(values["agencies"])
        groups.setdefault(values["attention"], []).append([_text(values[name]) for name in _SHOWN])
    is_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_terminal else None
    for attention, rows in groups.items():
        heading = f"{attention.capitalize()} ({len(rows)})"
        print(f"\n{_COLOURS[attention]}{heading}{_PLAIN}" if is_terminal else f"\n{heading}")
        widths = [max(map(len, column)) for column in zip(_SHOWN, *rows, strict=True)]
        for cells in (_SHOWN, *rows):
            line = "  ".join(f"{cell:<{w}}" for cell, w in zip(cells, widths, strict=True)).rstrip()
            print(line if width is None or len(line) <= width else line[: width - 1] + "…")


def _text(value: object) -> str:
    return "" if value is None else str(value)
