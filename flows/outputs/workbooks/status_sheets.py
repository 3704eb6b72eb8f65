"""What the officer's workbook of the status shows: a heading and a query for each sheet."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from flows.outputs.connection import fetch
from transforms.quality.catalogue import message_in
from transforms.reports.vocabulary import labels
from transforms.sql import statement

Row = dict[str, Any]
_OWED = """
SELECT g.agency_id, text_in(g.agency_id, 'name', g.name, NULL, $language) AS name, s.slots_due, s.slots_filled,
       s.slots_late, s.slots_missing, s.last_reported_on, s.open_refusals,
       (SELECT string_agg(DISTINCT coalesce(n.name, u.name), ', ' ORDER BY coalesce(n.name, u.name))
        FROM fact_reporting_slot AS t JOIN dim_reporting_unit AS u USING (agency_id, reporting_unit)
        LEFT JOIN dim_reporting_unit_name AS n
          ON (n.agency_id, n.reporting_unit, n.language) = (t.agency_id, t.reporting_unit, $language)
        WHERE t.agency_id = g.agency_id AND NOT t.is_filled AND t.due_on <= $day) AS missing_units,
       (SELECT string_agg(time_period, ', ' ORDER BY time_period) FROM agency_reporting AS r
        WHERE r.agency_id = g.agency_id AND r.slots_missing > 0) AS missing_about
FROM agency_status AS s JOIN dim_agency AS g USING (agency_id)
ORDER BY s.slots_missing DESC, g.agency_id"""
_TEXTS = """
SELECT a.activity_id, text_in(a.activity_id, 'activity_text', a.activity_text, d.language, $language) AS text
FROM dim_activity AS a JOIN dim_plan AS p USING (plan_id) JOIN dim_document AS d USING (document_id)"""
_REFUSED = """
SELECT coalesce(agency_id, '') AS agency_id, source_file, source_sheet, source_row, arguments
FROM rejected_row WHERE state = 'open' ORDER BY agency_id, rejection_id"""
_ABOUT = {"as_of": None, "agency_id": None, "plan_id": None}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: the id of its name, its columns with their widths, and its rows."""

    name: str
    columns: dict[str, float]
    rows: list[Row]


def status_sheets(con: duckdb.DuckDBPyConnection, day: date, language: str) -> list[Sheet]:
    """Return the sheets as of a day, that of the release."""
    parameters = _ABOUT | {"as_of": str(day)}
    con.execute(f"CREATE OR REPLACE TEMP TABLE asked AS {statement('indicators/status_asked').sql}", parameters)
    asked = statement("indicators/status", slots="fact_reporting_slot").sql
    texts = {row["activity_id"]: row["text"] for row in fetch(con, _TEXTS, language=language)}
    states = labels("statuses", language)
    found = [_shown(row, texts, states, language) for row in fetch(con, asked, **parameters)]

    def of(attention: str) -> list[Row]:
        return [row for row in found if row["attention"] == attention]

    activity = {"activity_id": 16.0, "activity_text": 60.0, "agencies": 24.0, "window_end": 11.0, "status": 18.0}
    reported = {"last_reported_on": 11.0}
    units = {"missing_units": 20.0} if fetch(con, "FROM dim_reporting_unit LIMIT 1") else {}
    return [
        Sheet("owed", _OWED_WIDTHS | units, fetch(con, _OWED, language=language, day=day)),
        Sheet("contradictions", _SAID_WIDTHS, [*_said(con, day, texts, states)]),
        Sheet("claims", _CLAIMED_WIDTHS, [*_claimed(con, day, texts)]),
        Sheet("overdue", activity | reported | {"days_overdue": 9.0}, of("overdue")),
        Sheet("due_soon", activity | reported, of("due within 90 days")),
        Sheet("refused", _REFUSED_WIDTHS, [*_refused(con, language)]),
    ]


_OWED_WIDTHS = {"agency_id": 14.0, "name": 45.0, "slots_due": 9.0, "slots_filled": 9.0, "slots_late": 9.0}
_OWED_WIDTHS |= {"slots_missing": 9.0, "missing_about": 18.0, "last_reported_on": 11.0, "open_refusals": 9.0}
_SAID_WIDTHS = {"activity_id": 16.0, "activity_text": 60.0, "agency": 14.0, "status": 25.0, "time_period": 9.0}
_SAID_WIDTHS |= {"reported_on": 11.0}
_CLAIMED_WIDTHS = {"activity_id": 16.0, "activity_text": 55.0, "agency": 14.0, "time_period": 9.0}
_CLAIMED_WIDTHS |= {"reported_on": 11.0, "reason": 40.0}
_REFUSED_WIDTHS = {"agency_id": 14.0, "source_file": 30.0, "source_sheet": 12.0, "source_row": 7.0, "fault": 75.0}


def _shown(row: Row, texts: dict[str, str], states: dict[str, str], language: str) -> Row:
    """Return a row of the status with the words of a language."""
    state = row["reported_status"]
    status = states.get(state) or (message_in(language, "desk.no_evidence", {}) if state else None)
    return row | {
        "activity_text": texts.get(row["activity_id"]), "agencies": ", ".join(row["agencies"] or ()), "status": status,
    }  # fmt: skip


def _said(con: duckdb.DuckDBPyConnection, day: date, texts: dict[str, str], states: dict[str, str]) -> Iterable[Row]:
    for row in fetch(con, statement("indicators/contradictions").sql, day=day):
        yield row | {
            "activity_text": texts[row["activity_id"]], "agency": row["name"], "status": states[row["status"]],
        }  # fmt: skip


def _claimed(con: duckdb.DuckDBPyConnection, day: date, texts: dict[str, str]) -> Iterable[Row]:
    for row in fetch(con, statement("indicators/cancellation_claims").sql, day=day):
        yield row | {"activity_text": texts[row["activity_id"]], "agency": row["name"]}


def _refused(con: duckdb.DuckDBPyConnection, language: str) -> Iterable[Row]:
    for row in fetch(con, _REFUSED):
        sentences = json.loads(row["arguments"])
        yield row | {"fault": " ".join(message_in(language, s["message_id"], s["arguments"]) for s in sentences)}
