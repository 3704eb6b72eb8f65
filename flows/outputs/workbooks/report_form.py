"""`npa template`: the workbook in which an agency reports, written from the current release (contract §7)."""

import textwrap
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from flows.outputs.connection import agency_id_of, fetch, opened
from flows.outputs.files import cell_text, delivered, workbook
from flows.releases.warehouse import Warehouse
from schemas.enumerations import PROGRESS_STATUSES
from transforms.errors import NpaError, WrongUsage
from transforms.quality.catalogue import message_in, templates
from transforms.reports.vocabulary import COLUMNS, REQUIRED, labels
from transforms.statistics.layouts.grid import letters

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# Width of each column in characters, in the order of the form: what the plan says, then what the agency fills in.
_WIDTHS = {"activity_id": 20, "agency_id": 13, "measure": 22, "activity_text": 40, "expected_result": 24}
_WIDTHS |= {"window": 15, "last_report": 17, "time_period": 10, "reported_on": 13, "status": 17}
_WIDTHS |= {"percent_complete": 14, "completed_on": 13, "result_text": 32, "evidence_url": 22}
_GUIDE_WIDTHS = (28, 80, 60)
_FILLED_IN = COLUMNS[2:]
# `delivered` last: the drop-down of an activity that is not continuous ends before it.
_STATUSES = sorted(PROGRESS_STATUSES, key=lambda status: status == "delivered")
_HEADING, _FIRST, _STATUS = 3, 4, 6  # rows of headings, of the first activity, of the first status on sheet npa
_SPARE_ROWS = 50  # an activity may have several reports
_YEARS_AFTER = 5  # late activities are reported after the plan's end

_TEXT = {"valign": "top", "text_wrap": True}
_BOX = _TEXT | {"border": 1, "border_color": "#BFBFBF"}
_HEAD = _BOX | {"bold": True, "font_color": "#FFFFFF"}
_OPEN = _BOX | {"bg_color": "#FFF9DB", "locked": False}
_NUMBER_FORMATS = {"time_period": "0", "reported_on": "yyyy-mm-dd", "completed_on": "yyyy-mm-dd"}
_NUMBER_FORMATS |= {"result_text": "@", "evidence_url": "@"}  # as text, "- done" is not taken for a formula
_STYLES = {
    "title": _TEXT | {"bold": True, "font_size": 14},
    "note": _TEXT,
    "heading": _HEAD | {"bg_color": "#1F3864"},
    "heading to fill in": _HEAD | {"bg_color": "#7F6000"},
    "given": _BOX | {"bg_color": "#F2F2F2", "quote_prefix": True},
    **{key: _OPEN | {"num_format": _NUMBER_FORMATS.get(key, "General")} for key in COLUMNS},
}
# Input that a spreadsheet refuses: column, rows, and XlsxWriter's options, with values to fill in.
_SINCE = {"validate": "date", "criteria": ">=", "value": "=DATE({start.year},{start.month},{start.day})"}
_BETWEEN = {"criteria": "between"}
_RULES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("activity_id", "spare", {"validate": "list", "value": "=$A${first}:$A${last}"}),
    ("agency_id", "spare", {"validate": "list", "value": "=npa!$B$1"}),
    ("time_period", "all", _BETWEEN | {"validate": "integer", "minimum": "{start.year}", "maximum": "{last_year}"}),
    ("reported_on", "all", _SINCE),
    ("status", "continuous", {"validate": "list", "value": "=npa!$B${not_started}:$B${delivered}"}),
    ("status", "others", {"validate": "list", "value": "=npa!$B${not_started}:$B${cancelled}"}),
    ("percent_complete", "all", _BETWEEN | {"validate": "decimal", "minimum": "0", "maximum": "100"}),
    ("completed_on", "all", _SINCE),
)
_ALLOWED = dict.fromkeys(("format_columns", "format_rows", "sort", "autofilter", "objects", "scenarios"), True)
_AGENCIES = "SELECT w.*, r.release_id, r.as_of FROM agency_workload AS w CROSS JOIN release AS r ORDER BY w.agency_id"
_ACTIVITIES = """
SELECT a.activity_id, b.agency_id, a.plan_id, a.timeframe, p.start_date, p.end_date,
       concat(a.measure_number, '. ', coalesce(m.text, a.measure_summary)) AS measure,
       coalesce(t.text, a.activity_text) AS activity_text, a.expected_result,
       concat_ws('–', year(a.window_start), nullif(year(a.window_end), year(a.window_start))) AS years,
       f.time_period, f.reported_on, f.status, f.percent_complete
FROM activities AS a JOIN bridge_activity_agency AS b USING (activity_id) JOIN dim_plan AS p USING (plan_id)
LEFT JOIN dim_translation AS m ON m.id = a.measure_id AND m.language = $language
LEFT JOIN dim_translation AS t ON t.id = a.activity_id AND t.language = $language
LEFT JOIN fact_progress AS f ON (f.activity_id, f.agency_id) = (a.activity_id, b.agency_id) AND f.reported_on <= $as_of
WHERE a.duplicate_of IS NULL AND b.agency_id = $agency_id
QUALIFY row_number() OVER (PARTITION BY a.activity_id ORDER BY f.time_period DESC, f.reported_on DESC) = 1
ORDER BY a.activity_id"""
_Row = dict[str, Any]
_Formats = dict[str, "Format"]


class NoForm(NpaError):
    """An agency that gets no form."""


@dataclass(frozen=True, slots=True)
class _Form:
    """The content of one workbook; `rows` are the agency's activities."""

    agency: _Row  # a row of _AGENCIES
    as_of: date
    language: str
    rows: list[_Row]

    def word(self, key: str, **values: object) -> str:
        """Return a heading, status or sentence in the form's language, filled in."""
        words = labels("form", self.language) | labels("columns", self.language) | labels("statuses", self.language)
        if key in words:
            return words[key]
        message_id, known = f"form.{key}", words | self.agency | self.span | values
        return message_in(self.language, message_id, {n: str(known[n]) for n in templates()[message_id].placeholders})

    @property
    def span(self) -> _Row:
        """The years that the agency's plans cover, and those that a report may be about."""
        start, end = min(row["start_date"] for row in self.rows), max(row["end_date"] for row in self.rows)
        years = {"first_year": start.year, "year": start.year + 1, "next_year": start.year + 2}
        years["last_year"] = end.year + _YEARS_AFTER
        return years | {"start": start, "years": "–".join(map(str, sorted({start.year, end.year})))}


def write_forms(
    warehouse: Warehouse, agency: str | None, as_of: date | None, language: str, output: Path
) -> list[Path]:
    """Write the form of one agency (id or abbreviation) to the file `output`, or (None) each agency's into that folder,
    with the last reports known at `as_of` (None: that of the release), and return the files. Raises NoForm for an
    agency that gets no form; UnknownAgency."""
    if agency is not None and output.suffix.lower() != ".xlsx":
        raise WrongUsage(
            "{output} does not end in .xlsx: a form is a workbook, so say --output FILE.xlsx", output=output
        )
    with opened(warehouse.current_release() / "npa.duckdb") as con:
        forms = [_form(con, row, as_of, language) for row in _chosen(con, agency)]
    paths = {output if agency is not None else output / f"{form.agency['agency_id']}.xlsx": form for form in forms}
    for path, form in paths.items():
        with delivered(path, warehouse) as draft:
            if agency is None:
                output.mkdir(parents=True, exist_ok=True)
            _write(form, draft)
    return [*paths]


def _chosen(con: duckdb.DuckDBPyConnection, name: str | None) -> list[_Row]:
    agencies = fetch(con, _AGENCIES)
    if name is None:
        return [agency for agency in agencies if agency["activities"] and not agency["is_collective"]]
    agency_id = agency_id_of(con, name)
    (agency,) = (agency for agency in agencies if agency["agency_id"] == agency_id)
    if agency["is_collective"]:
        raise NoForm("{agency_id} is no single body: nobody reports for “{name}”, so it gets no form.".format(**agency))
    if not agency["activities"]:
        raise NoForm("{agency_id} ({name}) has no activity to report on, so it gets no form.".format(**agency))
    return [agency]


def _form(con: duckdb.DuckDBPyConnection, agency: _Row, as_of: date | None, language: str) -> _Form:
    day = as_of or agency["as_of"]
    rows = fetch(con, _ACTIVITIES, as_of=day, language=language, agency_id=agency["agency_id"])
    form = _Form(agency, day, language, rows)
    for row in rows:
        row["window"] = form.word(row["timeframe"], years=row["years"])
        if row["status"]:
            percent = "" if row["percent_complete"] is None else f", {row['percent_complete']:g} %"
            state = form.word(row["status"]) + percent
            row["last_report"] = form.word("report_line", of=row["time_period"], state=state, day=row["reported_on"])
    return form


def _write(form: _Form, path: Path) -> None:
    with workbook(path, form.agency["as_of"], author="npa", title=form.word("title")) as book:
        formats = {name: book.add_format(style) for name, style in _STYLES.items()}
        for title, fill in ((form.word("report"), _fill_report), (form.word("guide"), _fill_guide)):
            fill(form, book.add_worksheet(title), formats)
        _fill_codes(form, book.add_worksheet("npa"))
        for sheet in book.worksheets():
            sheet.protect("", _ALLOWED)
            sheet.set_landscape()
            sheet.set_paper(9)  # A4
            sheet.fit_to_pages(1, 0)
            sheet.set_header("&L{agency_id}&R{release_id}".format(**form.agency))
            sheet.set_footer("&C" + form.word("page"))


def _put(sheet: "Worksheet", number: int, texts: list[str | None], formats: list["Format"], widths: list[int]) -> None:
    """Write the texts of row `number`, counted from 1, and make it high enough for them."""
    lines = 0
    for column, (text, style, width) in enumerate(zip(map(cell_text, texts), formats, widths, strict=True)):
        if text:
            sheet.write_string(number - 1, column, text, style)
            lines = max(lines, len(textwrap.wrap(text, width)))
        else:
            sheet.write_blank(number - 1, column, None, style)
    if lines:
        sheet.set_row(number - 1, 15 * lines + 3)


def _fill_report(form: _Form, sheet: "Worksheet", formats: _Formats) -> None:
    for index, key, height in ((0, "title", 24), (1, "note", 50)):
        sheet.merge_range(index, 0, index, len(_WIDTHS) - 1, form.word(key), formats[key])
        sheet.set_row(index, height)
    widths = [*_WIDTHS.values()]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    headings: list[str | None] = [form.word(key) + " *" * (key in REQUIRED) for key in _WIDTHS]
    styles = [formats["heading to fill in" if key in _FILLED_IN else "heading"] for key in _WIDTHS]
    _put(sheet, _HEADING, headings, styles, widths)
    for number, row in enumerate([*form.rows, *[{}] * _SPARE_ROWS], _FIRST):
        to_fill_in = _FILLED_IN if row else COLUMNS
        texts = [None if key in to_fill_in else row.get(key) for key in _WIDTHS]
        _put(sheet, number, texts, [formats[key if key in to_fill_in else "given"] for key in _WIDTHS], widths)
    sheet.freeze_panes(_HEADING, 1)
    sheet.repeat_rows(_HEADING - 1)
    sheet.autofilter(_HEADING - 1, 0, number - 1, len(_WIDTHS) - 1)
    _validate(form, sheet)


def _validate(form: _Form, sheet: "Worksheet") -> None:
    last = _FIRST + len(form.rows) - 1
    spare = (last + 1, last + _SPARE_ROWS)
    rows = {"all": [(_FIRST, spare[1])], "spare": [spare], "continuous": [spare], "others": []}
    for number, row in enumerate(form.rows, _FIRST):
        rows["continuous" if row["timeframe"] == "continuous" else "others"].append((number, number))
    places = {"first": _FIRST, "last": last} | {status: row for row, status in enumerate(_STATUSES, _STATUS)}
    for key, where, rule in _RULES:
        letter = letters([*_WIDTHS].index(key) + 1)
        options: _Row = {name: text.format(letter=letter, **places, **form.span) for name, text in rule.items()}
        options |= {"error_title": form.word(key), "error_message": form.word(f"error.{key}")}
        options |= {"input_title": form.word(key), "input_message": form.word(f"help.{key}")}
        areas = [f"{letter}{first}:{letter}{end}" for first, end in rows[where]]
        if areas:
            sheet.data_validation(areas[0], options | {"multi_range": " ".join(areas)})


def _fill_guide(form: _Form, sheet: "Worksheet", formats: _Formats) -> None:
    """Write a row for each column and status: in one row, their headings would make the importer take it for a form."""
    for column, width in enumerate(_GUIDE_WIDTHS):
        sheet.set_column(column, column, width)
    lines: list[tuple[str, list[str | None]]] = []
    for heading, keys in (("guide_column", [*_WIDTHS]), ("guide_status", _STATUSES)):
        lines.append(("heading", [form.word(word) for word in (heading, "guide_meaning", "guide_example")]))
        for key in keys:
            value = None if key in _FILLED_IN else form.rows[0].get(key)
            lines.append(("given", [form.word(key), form.word(f"help.{key}"), value or form.word(f"example.{key}")]))
    for number, (style, texts) in enumerate(lines, 1):
        _put(sheet, number, texts, [formats[style]] * len(texts), [*_GUIDE_WIDTHS])


def _fill_codes(form: _Form, sheet: "Worksheet") -> None:
    """Write the agency, plans and release of the form, and the list behind the drop-down of statuses."""
    plans = ",".join(sorted({row["plan_id"] for row in form.rows}))
    facts = {"agency_id": form.agency["agency_id"], "release_id": form.agency["release_id"], "plan_ids": plans}
    facts |= {"as_of": form.as_of.isoformat(), "language": form.language}
    for row, fact in enumerate((facts | {status: form.word(status) for status in _STATUSES}).items()):
        sheet.write_row(row, 0, fact)
    sheet.hide()
