"""What the form of an agency says: its activities as the plan has them, what is asked for, and since when."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import duckdb

from flows.outputs.connection import fetch
from transforms.quality.catalogue import message_in, templates
from transforms.quality.text import ranges
from transforms.reports.vocabulary import COLUMNS, OF_FORM, labels

IDS, UNIT = ("activity_id", "agency_id"), "reporting_unit"
_YEARS_AFTER = 5  # late activities are reported after the plan's end
_PRINTED = "measure", "activity_text", "expected_result"  # texts of the plan
_MARK = re.compile(r"\[([a-z]{2,3})\] ")  # [en], by text_in
_AGENCY = """
SELECT w.* REPLACE (text_in(w.agency_id, 'name', w.name, agency_language(w.agency_id), $language) AS name),
       r.release_id, r.as_of, d.sender, d.phone, d.return_to
FROM agency_workload AS w CROSS JOIN release AS r CROSS JOIN (
    SELECT string_agg(DISTINCT text_in(document_id, 'form_sender', form_sender, language, $language), '; ') AS sender,
           string_agg(DISTINCT form_phone, '; ') AS phone,
           string_agg(DISTINCT text_in(document_id, 'form_return_to', form_return_to, language, $language), '; ')
               AS return_to
    FROM dim_document
    WHERE document_id IN (SELECT p.document_id FROM dim_plan AS p JOIN responsibilities AS b USING (plan_id)
                          WHERE b.agency_id = $agency_id)
) AS d
WHERE w.agency_id = $agency_id"""
_ACTIVITIES = """
WITH asked AS (
    SELECT activity_id,
           list(DISTINCT time_period ORDER BY time_period) FILTER (due_on >= $as_of) AS open_periods,
           min(due_on) FILTER (due_on >= $as_of) AS open_until,
           list(DISTINCT time_period ORDER BY time_period) FILTER (due_on < $as_of) AS late_periods,
           min(due_on) FILTER (due_on < $as_of) AS late_since
    FROM reporting_slots($as_of::DATE)
    WHERE agency_id = $agency_id AND NOT is_filled AND opens_on <= $as_of GROUP BY activity_id
),
decided AS (
    SELECT activity_id, arg_max(decision_kind, decided_on) AS decision, max(decided_on) AS decided_on,
           max(new_end) AS new_end, max(decided_on) FILTER (new_end IS NOT NULL) AS extended_on
    FROM activity_decision WHERE decided_on <= $as_of GROUP BY activity_id
),
others AS (
    SELECT DISTINCT b.activity_id
    FROM bridge_activity_agency AS b JOIN dim_agency AS g USING (agency_id)
    WHERE NOT g.is_collective AND b.agency_id <> $agency_id
)
SELECT a.activity_id, b.agency_id, a.plan_id, a.timeframe, p.start_date, p.end_date,
       concat(a.measure_number, '. ', text_in(a.measure_id, 'summary', a.measure_summary, d.language, $language))
           AS measure,
       text_in(a.activity_id, 'activity_text', a.activity_text, d.language, $language) AS activity_text,
       text_in(a.activity_id, 'expected_result', a.expected_result, d.language, $language) AS expected_result,
       concat_ws('–', year(a.window_start), nullif(year(a.window_end), year(a.window_start))) AS plan_years,
       concat_ws('–', year(a.window_start), nullif(year(coalesce(e.new_end, a.window_end)), year(a.window_start)))
           AS years,
       f.reporting_unit, f.time_period, f.reported_on, f.status, f.percent_complete,
       s.* EXCLUDE (activity_id), e.* EXCLUDE (activity_id),
       -- Where one leads, its status is that of the activity; else all agencies together decide, but for collectives.
       $has_units OR (o.activity_id IS NOT NULL AND NOT b.is_lead) AS is_part
FROM activities AS a JOIN bridge_activity_agency AS b USING (activity_id) JOIN dim_plan AS p USING (plan_id)
JOIN dim_document AS d ON d.document_id = p.document_id
LEFT JOIN asked AS s USING (activity_id) LEFT JOIN decided AS e ON e.activity_id = a.activity_id
LEFT JOIN others AS o ON o.activity_id = a.activity_id
LEFT JOIN fact_progress AS f
  ON (f.activity_id, f.agency_id) = (a.activity_id, b.agency_id) AND coalesce(f.received_on, f.reported_on) <= $as_of
WHERE a.duplicate_of IS NULL AND b.agency_id = $agency_id
QUALIFY row_number() OVER (PARTITION BY a.activity_id ORDER BY f.time_period DESC, f.reported_on DESC) = 1
ORDER BY a.activity_id"""
_UNITS = """
SELECT u.reporting_unit, coalesce(n.name, u.name) AS name
FROM dim_reporting_unit AS u
LEFT JOIN dim_reporting_unit_name AS n
  ON n.agency_id = u.agency_id AND n.reporting_unit = u.reporting_unit AND n.language = $language
WHERE u.agency_id = $agency_id ORDER BY u.reporting_unit"""
_HALF_YEARS = """
SELECT DISTINCT time_period FROM dim_reporting_period WHERE list_contains($plans, plan_id) AND time_period LIKE '%-S_'
ORDER BY 1"""
Row = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """The content of one workbook; `rows` are the agency's activities, `units` the names of its units by id."""

    agency: Row  # a row of _AGENCY
    as_of: date
    language: str
    rows: list[Row]
    units: dict[str, str]
    half_years: list[str]  # about which reports can be made; none where the plans are reported on by years

    def word(self, key: str, **values: object) -> str:
        """Return a heading, status or sentence in the form's language, filled in."""
        if key in self._words:
            return self._words[key]
        message_id, known = f"form.{key}", self._words | self.agency | self.span | values
        return message_in(self.language, message_id, {n: str(known[n]) for n in templates()[message_id].placeholders})

    @cached_property
    def _words(self) -> dict[str, str]:
        return labels("form", self.language) | labels("columns", self.language) | labels("statuses", self.language)

    @cached_property
    def span(self) -> Row:
        """The years that the agency's plans cover, and those that a report may be about."""
        start, end = min(row["start_date"] for row in self.rows), max(row["end_date"] for row in self.rows)
        years = {"first_year": start.year, "year": start.year + 1, "next_year": start.year + 2}
        years["last_year"] = end.year + _YEARS_AFTER
        years["unit"] = next(iter(self.units.values()), "")
        return years | {"start": start, "years": "–".join(map(str, sorted({start.year, end.year})))}

    @property
    def columns(self) -> list[str]:
        """The columns from left to right: what the plan says, then what the agency fills in."""
        filled_in = [key for key in COLUMNS if key not in (*IDS, UNIT)]
        return [*IDS, *OF_FORM, *([UNIT] if self.units else []), *filled_in]

    @property
    def open_periods(self) -> list[str]:
        """The periods about which a report can be made in time now."""
        return sorted({period for row in self.rows for period in row["open_periods"] or ()})

    def notes(self) -> Iterator[str]:
        """Yield what is said above the table, a paragraph each; what is not known stays out."""
        yield self.word("note")
        texts = [self.agency["name"], *(row[name] or "" for row in self.rows for name in _PRINTED)]
        if marks := sorted({mark for text in texts for mark in _MARK.findall(text)}):
            yield self.word("untranslated", mark=", ".join(f"[{mark}]" for mark in marks))
        if days := [row["open_until"] for row in self.rows if row["open_until"]]:
            yield self.word("deadline", day=min(days))
        elif any(row["late_since"] for row in self.rows):
            yield self.word("deadline_passed")
        if self.agency["return_to"]:
            yield self.word("return_to")
        if self.agency["sender"] or self.agency["phone"]:
            yield self.word("sender", office=", ".join(filter(None, (self.agency["sender"], self.agency["phone"]))))


def read_form(con: duckdb.DuckDBPyConnection, agency_id: str, as_of: date | None, language: str) -> Form:
    """Return the form of an agency, with the reports known at `as_of` (None: that of the release)."""
    about = {"agency_id": agency_id, "language": language}
    (agency,) = fetch(con, _AGENCY, **about)
    day = as_of or agency["as_of"]
    units = {row["reporting_unit"]: row["name"] for row in fetch(con, _UNITS, **about)}
    rows = fetch(con, _ACTIVITIES, as_of=day, has_units=bool(units), **about)
    half_years = fetch(con, _HALF_YEARS, plans=sorted({row["plan_id"] for row in rows}))
    form = Form(agency, day, language, rows, units, [row["time_period"] for row in half_years])
    for row in form.rows:
        row["window"] = "\n".join(_window(form, row))
        row["asked"] = "\n".join(_asked(form, row))
        if row["status"]:
            percent = "" if row["percent_complete"] is None else f", {row['percent_complete']:g} %"
            state = form.word(row["status"]) + percent
            of = ", ".join(filter(None, (units.get(row["reporting_unit"]), row["time_period"])))
            row["last_report"] = form.word("report_line", of=of, state=state, day=row["reported_on"])
    return form


def _window(form: Form, row: Row) -> Iterator[str]:
    """Yield the years of an activity up to the end in effect, and what was decided: the plan's own end next to it."""
    yield form.word(row["timeframe"], years=row["years"])
    if row["new_end"]:
        yield form.word("decided_extended", day=row["extended_on"], end=row["new_end"], years=row["plan_years"])
    if row["decision"] == "cancelled":
        yield form.word("decided_cancelled", day=row["decided_on"])


def _asked(form: Form, row: Row) -> Iterator[str]:
    """Yield which reports are awaited on an activity, and whether its status means all of it."""
    for when, day in (("late", row["late_since"]), ("open", row["open_until"])):
        if periods := row[f"{when}_periods"]:
            yield form.word(f"asked_{when}", periods=_listed(periods), day=day)
    yield form.word("status_of_part" if row["is_part"] else "status_of_whole")


def _listed(periods: list[str]) -> str:
    """Return years and half-years as a list, years in a row as a range.

    >>> _listed(["2018", "2019", "2021"]), _listed(["2019-S1", "2019-S2"])
    ('2018-2019, 2021', '2019-S1, 2019-S2')
    """
    return ranges(map(int, periods)) if all(map(str.isdigit, periods)) else ", ".join(periods)
