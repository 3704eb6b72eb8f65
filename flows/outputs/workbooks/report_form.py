"""`npa template`: the workbook in which an agency reports, made from the current release (contract §7)."""

import textwrap
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import duckdb

from flows.outputs.agency_lookup import find_agency
from flows.outputs.connection import opened
from flows.outputs.files import delivered
from flows.releases.warehouse import Warehouse
from schemas.enumerations import PROGRESS_STATUSES
from transforms.errors import NpaError, WrongUsage
from transforms.quality.catalogue import message_in, templates
from transforms.quality.text import sentence
from transforms.reports.vocabulary import COLUMNS, REQUIRED, labels

# Width of each column, in the order of the form: what the plan says, then what is to be filled in.
_WIDTHS = {"activity_id": 20, "agency_id": 13, "measure": 22, "activity_text": 40, "expected_result": 24}
_WIDTHS |= {"window": 15, "last_report": 17, "time_period": 10, "reported_on": 13, "status": 17}
_WIDTHS |= {"percent_complete": 14, "completed_on": 13, "result_text": 32, "evidence_url": 22}
_FILLED_IN = COLUMNS[2:]
_FORMATS = {"time_period": "0", "reported_on": "yyyy-mm-dd", "completed_on": "yyyy-mm-dd"}
_FORMATS |= {"result_text": "@", "evidence_url": "@"}  # text, so that "- done" is not taken for a formula
# `delivered` last: the drop-down of an activity that is not continuous ends before it.
_STATUSES = sorted(PROGRESS_STATUSES, key=lambda status: status == "delivered")
_HEADING, _FIRST, _STATUS = 3, 4, 6  # rows of headings, of the first activity, of the first status on sheet npa
_SPARE_ROWS = 50  # an activity may have several reports
_YEARS_AFTER = 5  # reports on what is late go on after the plan's end
_STYLES = {"title": None, "note": None, "heading": "1F3864", "asked": "7F6000", "given": "F2F2F2", "to fill": "FFF9DB"}
# What a spreadsheet is to refuse: column, rows, kind, operator, limits.
_RULES: tuple[tuple[Any, ...], ...] = (
    ("activity_id", "spare", "list", None, "$A${first}:$A${last}"),
    ("agency_id", "spare", "list", None, "npa!$B$1"),
    ("time_period", "all", "whole", "between", "{start.year}", "{last_year}"),
    ("reported_on", "all", "date", "greaterThanOrEqual", "DATE({start.year},{start.month},{start.day})"),
    ("status", "continuous", "list", None, "npa!$B${not_started}:$B${delivered}"),
    ("status", "others", "list", None, "npa!$B${not_started}:$B${cancelled}"),
    ("percent_complete", "all", "decimal", "between", "0", "100"),
    ("completed_on", "all", "date", "greaterThanOrEqual", "DATE({start.year},{start.month},{start.day})"),
    ("evidence_url", "all", "custom", None, 'OR(LEFT({letter}{first},7)="http://",LEFT({letter}{first},8)="https://")'),
)
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


class NoForm(NpaError):
    """The agency asked for gets no form."""


@dataclass(frozen=True, slots=True)
class _Form:
    """What one workbook says; `rows` are the agency's activities."""

    agency: _Row  # with what the release says of itself
    as_of: date
    language: str
    rows: list[_Row]

    def word(self, key: str, **more: object) -> str:
        """A heading, status or sentence in the form's language, with what it names put in."""
        words = labels("form", self.language) | labels("columns", self.language) | labels("statuses", self.language)
        if key in words:
            return words[key]
        message_id, known = f"form.{key}", words | self.agency | self.span | more
        asked = {name: str(known[name]) for name in templates()[message_id].placeholders}
        return message_in(self.language, message_id, asked)

    @property
    def span(self) -> _Row:
        """The years that the agency's plans cover, and those that a report may be about."""
        start, end = (pick(row[key] for row in self.rows) for pick, key in ((min, "start_date"), (max, "end_date")))
        years = {"first_year": start.year, "year": start.year + 1, "next_year": start.year + 2}
        years["last_year"] = end.year + _YEARS_AFTER
        return years | {"start": start, "years": "–".join(map(str, sorted({start.year, end.year})))}


def write_forms(
    warehouse: Warehouse, agency: str | None, as_of: date | None, language: str, output: Path
) -> list[Path]:
    """Write the form of one agency (id or abbreviation) to the file `output`, or (None) each agency's into the folder
    `output`, with the last reports known at `as_of` (None: that of the release); returns the files.

    `language` is one of `vocabulary.LANGUAGES`. Raises NoForm for an agency that is unknown or gets no form."""
    if agency is not None and output.suffix.lower() != ".xlsx":
        raise WrongUsage(
            sentence("{output} does not end in .xlsx: a form is a workbook, so say --output FILE.xlsx", output=output)
        )
    with opened(warehouse.current_release() / "npa.duckdb") as con:
        forms = [_form(con, one, as_of, language) for one in _chosen(_fetched(con, _AGENCIES), agency)]
    paths = [output if agency is not None else output / f"{form.agency['agency_id']}.xlsx" for form in forms]
    for form, path in zip(forms, paths, strict=True):
        with delivered(path, warehouse) as aside:
            if agency is None:
                output.mkdir(parents=True, exist_ok=True)
            _save(form, aside)
    return paths


def _fetched(con: duckdb.DuckDBPyConnection, sql: str, **values: object) -> list[_Row]:
    answer = con.execute(sql, values)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _chosen(agencies: list[_Row], asked: str | None) -> list[_Row]:
    if asked is None:
        return [agency for agency in agencies if agency["activities"] and not agency["is_collective"]]
    found = dict(find_agency(agencies, asked))
    if found["is_collective"]:
        raise NoForm("{agency_id} is no single body: nobody reports for “{name}”, so it gets no form.".format(**found))
    if not found["activities"]:
        raise NoForm("{agency_id} ({name}) has no activity to report on, so it gets no form.".format(**found))
    return [found]


def _form(con: duckdb.DuckDBPyConnection, agency: _Row, as_of: date | None, language: str) -> _Form:
    day = as_of or agency["as_of"]
    rows = _fetched(con, _ACTIVITIES, as_of=day, language=language, agency_id=agency["agency_id"])
    form = _Form(agency, day, language, rows)
    for row in rows:
        row["window"] = form.word(row["timeframe"], years=row["years"])
        if row["status"]:
            state = form.word(row["status"])
            state += "" if row["percent_complete"] is None else f", {row['percent_complete']:g} %"
            row["last_report"] = form.word("report_line", of=row["time_period"], state=state, day=row["reported_on"])
    return form


def _save(form: _Form, path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.packaging.core import DocumentProperties
    from openpyxl.worksheet.protection import SheetProtection
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook()
    book.remove(book.worksheets[0])
    _add_styles(book)
    for title, fill in ((form.word("report"), _fill_report), (form.word("guide"), _fill_guide), ("npa", _fill_codes)):
        sheet = book.create_sheet(title)
        fill(form, sheet)
        # False: not forbidden.
        sheet.protection = SheetProtection(True, formatColumns=False, formatRows=False, sort=False, autoFilter=False)
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
        sheet.oddHeader.left.text, sheet.oddHeader.right.text = form.agency["agency_id"], form.agency["release_id"]
        sheet.oddFooter.center.text = form.word("page")
    made = datetime.combine(form.agency["as_of"], time())
    book.properties = DocumentProperties(creator="npa", title=form.word("title"), created=made, modified=made)
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()  # not book.save(), which puts the clock into `modified`


def _add_styles(book: Any) -> None:
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

    edge = Side(style="thin", color="BFBFBF")
    for name, colour in _STYLES.items():
        is_dark = name in ("heading", "asked")
        font = Font("Calibri", 14 if name == "title" else 11, is_dark or name == "title")
        font.color = "FFFFFF" if is_dark else None
        style = NamedStyle(name, font, alignment=Alignment(vertical="top", wrap_text=True))
        style.protection = Protection(locked=name != "to fill")
        if colour:
            style.fill, style.border = PatternFill("solid", colour), Border(edge, edge, edge, edge)
        book.add_named_style(style)


def _put(cell: Any, text: str | None, style: str) -> None:
    """Fill a cell, in a row high enough for it; text stays text, whatever it begins with."""
    cell.style = style
    if text:
        cell.value = "".join(c if c.isprintable() else " " for c in text)  # XML takes no control characters
        cell.data_type, cell.quotePrefix = "s", text.startswith(("=", "+", "-", "@", "\t", "\r"))
        width, row = cell.parent.column_dimensions[cell.column_letter].width, cell.parent.row_dimensions[cell.row]
        row.height = max(row.height or 0, 15 * len(textwrap.wrap(text, int(width))) + 3)


def _fill_report(form: _Form, sheet: Any) -> None:
    for number, key, height in ((1, "title", 24), (2, "note", 50)):
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=len(_WIDTHS))
        _put(sheet.cell(number, 1), form.word(key), key)
        sheet.row_dimensions[number].height = height
    rows: list[_Row] = [*form.rows, *[{}] * _SPARE_ROWS]
    for column, (key, width) in enumerate(_WIDTHS.items(), 1):
        cell = sheet.cell(_HEADING, column)
        sheet.column_dimensions[cell.column_letter].width = width
        _put(cell, form.word(key) + " *" * (key in REQUIRED), "asked" if key in _FILLED_IN else "heading")
        for number, row in enumerate(rows, _FIRST):
            is_open = key in _FILLED_IN or (key in COLUMNS and not row)
            cell = sheet.cell(number, column)
            _put(cell, None if is_open else row.get(key), "to fill" if is_open else "given")
            cell.number_format = _FORMATS.get(key, "General")
    sheet.freeze_panes, sheet.print_title_rows = f"B{_FIRST}", f"{_HEADING}:{_HEADING}"
    sheet.auto_filter.ref = f"A{_HEADING}:{cell.coordinate}"
    _validate(form, sheet)


def _validate(form: _Form, sheet: Any) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    last = _FIRST + len(form.rows) - 1
    spare = (last + 1, last + _SPARE_ROWS)
    rows = {"all": [(_FIRST, spare[1])], "spare": [spare], "continuous": [spare], "others": []}
    for number, row in enumerate(form.rows, _FIRST):
        rows["continuous" if row["timeframe"] == "continuous" else "others"].append((number, number))
    places = {"first": _FIRST, "last": last} | {status: row for row, status in enumerate(_STATUSES, _STATUS)}
    for key, where, kind, operator, *limits in _RULES:
        letter = sheet.cell(_FIRST, [*_WIDTHS].index(key) + 1).column_letter
        made = DataValidation(kind, *(limit.format(letter=letter, **places, **form.span) for limit in limits))
        made.operator, made.allowBlank, made.showErrorMessage, made.showInputMessage = operator, True, True, True
        made.errorTitle = made.promptTitle = form.word(key)
        made.error, made.prompt = form.word(f"error.{key}"), form.word(f"help.{key}")
        made.sqref = " ".join(f"{letter}{top}:{letter}{bottom}" for top, bottom in rows[where])
        sheet.add_data_validation(made)


def _fill_guide(form: _Form, sheet: Any) -> None:
    """A column or status a row: side by side, their headings would make the importer take the sheet for a form."""
    lines: list[tuple[str, list[str]]] = []
    for heading, keys in (("guide_column", [*_WIDTHS]), ("guide_status", _STATUSES)):
        lines.append(("heading", [form.word(word) for word in (heading, "guide_meaning", "guide_example")]))
        for key in keys:
            given = None if key in _FILLED_IN else form.rows[0].get(key)
            lines.append(("given", [form.word(key), form.word(f"help.{key}"), given or form.word(f"example.{key}")]))
    for column, width in enumerate((28, 80, 60), 1):
        sheet.column_dimensions["ABC"[column - 1]].width = width
        for row, (style, line) in enumerate(lines, 1):
            _put(sheet.cell(row, column), line[column - 1], style)


def _fill_codes(form: _Form, sheet: Any) -> None:
    """For which agency, plans and release the form was made, and the list behind the drop-down of statuses."""
    plans = ",".join(sorted({row["plan_id"] for row in form.rows}))
    facts = [(key, form.agency[key]) for key in ("agency_id", "release_id")]
    facts += [("plan_ids", plans), ("as_of", form.as_of.isoformat()), ("language", form.language)]
    for fact in [*facts, *((status, form.word(status)) for status in _STATUSES)]:
        sheet.append(fact)
    sheet.sheet_state = "hidden"
