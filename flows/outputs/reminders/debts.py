"""What agencies owe: reports that are missing or due soon, refused rows, contradictions with other agencies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Literal

import duckdb

from flows.outputs.connection import fetch
from transforms.sql import statement

Kind = Literal["missing", "due", "refused", "contradiction"]
Row = dict[str, Any]
_SLOTS = """
SELECT agency_id, time_period, due_on, CASE WHEN due_on < $day::DATE THEN 'missing' ELSE 'due' END AS kind,
       count(*) AS reports,
       list(DISTINCT reporting_unit ORDER BY reporting_unit) FILTER (reporting_unit <> '_T') AS units
FROM reporting_slots($day::DATE)
WHERE NOT is_filled AND due_on <= $day::DATE + $days::INTEGER
GROUP BY agency_id, time_period, due_on ORDER BY agency_id, due_on, time_period"""
_REFUSED = """
SELECT * FROM rejected_row WHERE state = 'open' AND agency_id IN (SELECT agency_id FROM dim_agency)
ORDER BY agency_id, rejection_id"""


@dataclass(frozen=True, slots=True)
class Debt:
    """One thing that an agency owes. `cause` names it: the same thing has the same cause on another day."""

    agency_id: str
    kind: Kind
    cause: str
    rows: list[Row]  # of _SLOTS or rejected_row; of a contradiction, all that was said


def debts_of(con: duckdb.DuckDBPyConnection, day: date, days: int, agency_id: str | None) -> dict[str, list[Debt]]:
    """Return what each agency (or the one named) owes on a day: reports due within so many days, too."""
    debts = [*_of_slots(con, day, days), *_of_refusals(con), *_of_contradictions(con, day)]
    asked = sorted({debt.agency_id for debt in debts} if agency_id is None else {agency_id})
    return {each: own for each in asked if (own := [debt for debt in debts if debt.agency_id == each])}


def _of_slots(con: duckdb.DuckDBPyConnection, day: date, days: int) -> Iterable[Debt]:
    for row in fetch(con, _SLOTS, day=day, days=days):
        yield Debt(row["agency_id"], row["kind"], f"{row['kind']} {row['time_period']}", [row])


def _of_refusals(con: duckdb.DuckDBPyConnection) -> Iterable[Debt]:
    for row in fetch(con, _REFUSED):
        place = " ".join(str(row[key]) for key in ("source_file", "source_sheet", "source_row") if row[key] is not None)
        yield Debt(row["agency_id"], "refused", f"refused {place}", [row])


def _of_contradictions(con: duckdb.DuckDBPyConnection, day: date) -> Iterable[Debt]:
    rows = fetch(con, statement("indicators/contradictions").sql, day=day)
    for activity_id, group in groupby(rows, lambda row: row["activity_id"]):
        said = [*group]
        for agency_id in dict.fromkeys(row["agency_id"] for row in said):
            yield Debt(agency_id, "contradiction", f"contradiction {activity_id}", said)
