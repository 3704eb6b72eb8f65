"""What the officer's workbook of the status shows of a release: a heading and a query for each sheet."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from flows.outputs.agency_languages import unit_names
from flows.outputs.connection import fetch
from transforms.quality.catalogue import message_in
from transforms.reports.vocabulary import labels
from transforms.sql import statement

Row = dict[str, Any]
_OWED = """
SELECT g.agency_id, text_in(g.agency_id, 'name', g.name, agency_language(g.agency_id), $language) AS name,
       s.slots_due, s.slots_filled, s.slots_late, s.slots_missing, m.missing_about, m.missing_since, s.last_reported_on,
       s.open_refusals
FROM agency_status AS s JOIN dim_agency AS g USING (agency_id)
LEFT JOIN (
    SELECT agency_id, string_agg(DISTINCT time_period, ', ' ORDER BY time_period) AS missing_about,
           min(due_on) AS missing_since
    FROM fact_reporting_slot CROSS JOIN release WHERE NOT is_filled AND due_on <= as_of GROUP BY agency_id
) AS m ON m.agency_id = g.agency_id
ORDER BY s.slots_missing DESC, g.agency_id"""
_MISSING = """
SELECT s.agency_id, s.reporting_unit, s.activity_id, s.time_period, s.due_on,
       CASE WHEN s.due_on < r.as_of THEN datediff('day', s.due_on, r.as_of) END AS days_late
FROM fact_reporting_slot AS s CROSS JOIN release AS r WHERE NOT s.is_filled AND s.opens_on <= r.as_of
ORDER BY s.agency_id, s.due_on, s.activity_id, s.reporting_unit, s.time_period"""
_TEXTS = """
SELECT a.activity_id, text_in(a.activity_id, 'activity_text', a.activity_text, d.language, $language) AS text
FROM dim_activity AS a JOIN dim_plan AS p USING (plan_id) JOIN dim_document AS d USING (document_id)"""
_REFUSED = """
SELECT coalesce(agency_id, '') AS agency_id, source_file, source_sheet, source_row, arguments
FROM rejected_row WHERE state = 'open' ORDER BY agency_id, rejection_id"""
_ABOUT = {"as_of": None, "agency_id": None, "plan_id": None}

# Columns and their widths, in digits; those of a sheet share the page.
_WIDTHS = {
    "agency_id": 14.0, "name": 36.0, "slots_due": 9.0, "slots_filled": 9.0, "slots_late": 9.0, "slots_missing": 9.0,
    "missing_about": 16.0, "missing_since": 11.0, "last_reported_on": 11.0, "open_refusals": 9.0, "reminded_on": 11.0,
    "activity_id": 16.0, "activity_text": 60.0, "agencies": 24.0, "window_end": 11.0, "status": 18.0,
    "days_overdue": 9.0, "agency": 14.0, "time_period": 9.0, "reported_on": 11.0, "result_text": 45.0, "due_on": 11.0,
    "days_late": 9.0, "unit": 16.0, "source_file": 30.0, "source_sheet": 12.0, "source_row": 7.0, "fault": 75.0,
    "change": 12.0, "received_on": 11.0, "rows_read": 8.0, "rows_accepted": 8.0, "rows_repeated": 8.0,
    "rows_rejected": 8.0, "closes": 9.0, "day": 11.0, "sent": 40.0, "addresses": 9.0, "missing": 9.0, "due": 9.0,
    "refused": 9.0, "contradictions": 9.0,
}  # fmt: skip
_ACTIVITY = "activity_id", "activity_text", "agencies", "window_end", "status", "last_reported_on"
_SAID = "activity_id", "activity_text", "agency", "status", "time_period", "reported_on"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: the id of its name, its columns, its rows, and a line above them."""

    name: str
    columns: tuple[str, ...]
    rows: list[Row]
    note: str = ""

    @property
    def widths(self) -> dict[str, float]:
        """The width of each column."""
        return {column: _WIDTHS[column] for column in self.columns}


def status_sheets(con: duckdb.DuckDBPyConnection, day: date, language: str) -> list[Sheet]:
    """Return the sheets as of a day, that of the release."""
    parameters = _ABOUT | {"as_of": str(day)}
    con.execute(f"CREATE OR REPLACE TEMP TABLE asked AS {statement('indicators/status_asked').sql}", parameters)
    asked = statement("indicators/status").sql
    words = _Words(con, language)
    found = [words.shown(row) for row in fetch(con, asked, **parameters)]

    def of(*attentions: str) -> list[Row]:
        return [row for row in found if row["attention"] in attentions]

    missing = [words.shown(row) for row in fetch(con, _MISSING)]
    units = ("unit",) if any(row["unit"] for row in missing) else ()
    owed = "agency_id", "name", "slots_due", "slots_filled", "slots_late", "slots_missing", "missing_about"
    return [
        Sheet("owed", (*owed, "missing_since", "last_reported_on", "open_refusals", "reminded_on"),
              fetch(con, _OWED, language=language)),
        Sheet("missing", ("agency_id", *units, "activity_id", "activity_text", "time_period", "due_on", "days_late"),
              missing),
        Sheet("contradictions", _SAID, [*words.said(con, "contradictions", day)]),
        Sheet("claims", (*_SAID[:3], "result_text", *_SAID[4:]), [*words.said(con, "claims", day)],
              message_in(language, "desk.claims", {})),
        Sheet("overdue", (*_ACTIVITY, "days_overdue"), of("overdue")),
        Sheet("due_soon", _ACTIVITY, of("due within 90 days")),
        Sheet("awaited", _ACTIVITY, of("report awaited")),
        Sheet("stale", _ACTIVITY, of("last report out of date", "not reported for a year")),
        Sheet("refused", ("agency_id", "source_file", "source_sheet", "source_row", "fault"),
              [*_refused(con, language)]),
    ]  # fmt: skip


class _Words:
    """The texts of activities, units and statuses in a language."""

    def __init__(self, con: duckdb.DuckDBPyConnection, language: str) -> None:
        self._texts = {row["activity_id"]: row["text"] for row in fetch(con, _TEXTS, language=language)}
        self._units = unit_names(con, language)
        silent = message_in(language, "desk.no_evidence", {})
        self._states = labels("statuses", language) | {"no_evidence": silent}

    def shown(self, row: Row) -> Row:
        """Return a row about an activity, or an agency's report on it, with words."""
        unit = None if row.get("reporting_unit") in (None, "_T") else row["reporting_unit"]
        return row | {
            "activity_text": self._texts.get(row["activity_id"]), "agencies": ", ".join(row.get("agencies") or ()),
            "status": self._states.get(row.get("reported_status") or row.get("status") or ""),
            "unit": unit and self._units.get((row["agency_id"], unit), unit),
        }  # fmt: skip

    def said(self, con: duckdb.DuckDBPyConnection, name: str, day: date) -> Iterable[Row]:
        """Yield the rows of a statement about what agencies or their units said."""
        for row in map(self.shown, fetch(con, statement(f"indicators/{name}").sql, day=day)):
            yield row | {"agency": " ".join(filter(None, (row["abbreviation"], row["unit"])))}


def _refused(con: duckdb.DuckDBPyConnection, language: str) -> Iterable[Row]:
    for row in fetch(con, _REFUSED):
        sentences = json.loads(row["arguments"])
        yield row | {"fault": " ".join(message_in(language, s["message_id"], s["arguments"]) for s in sentences)}
