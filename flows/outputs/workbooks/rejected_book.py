"""A workbook of refused rows, for their author: each fault marked in its cell, and what to write, in one language.

It has the headings of a report, so that it can be corrected and sent in again."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, cast

import duckdb

from flows.outputs.connection import fetch
from flows.outputs.files import cell_text, workbook
from flows.outputs.workbooks.page import PrintedSheet, height, set_up, shared
from flows.sources.reports.headings import named_columns
from schemas.enumerations import PROGRESS_STATUSES
from transforms.quality.catalogue import message_in, templates
from transforms.reports.cells.values import read_id
from transforms.reports.vocabulary import COLUMNS, ORIGIN, labels
from transforms.statistics.layouts.grid import letters

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

_Row = dict[str, Any]
_ACTIVITIES = """
SELECT a.activity_id, text_in(a.activity_id, 'activity_text', a.activity_text, d.language, $language) AS activity_text,
       a.timeframe, list(b.agency_id ORDER BY b.position) AS agencies
FROM dim_activity AS a JOIN bridge_activity_agency AS b ON b.activity_id = a.activity_id
JOIN dim_plan AS p ON p.plan_id = a.plan_id JOIN dim_document AS d ON d.document_id = p.document_id
WHERE a.duplicate_of IS NULL GROUP BY ALL ORDER BY a.activity_id"""
_FIXED = {"source_file": 9.5, "source_row": 6.0, "agency_id": 8.5, "time_period": 7.0, "reported_on": 9.5}
_FIXED |= {"percent_complete": 8.0, "completed_on": 9.5, "activity_id": 13.0, "status": 11.5}  # words are not cut
# The others share the rest of the page by the mean lengths of their texts, so that rows are low; these are the least.
_LENGTHS = {"source_sheet": 8.0, "reporting_unit": 12.0, "activity_text": 40.0, "result_text": 25.0}
_LENGTHS |= {"evidence_url": 20.0, "fault": 80.0}
_WRAPPED = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#BFBFBF"}
_AS_TEXT = _WRAPPED | {"num_format": "@", "quote_prefix": True}  # nothing that an agency wrote is taken for a formula
_STYLES = {
    "heading": _WRAPPED | {"bold": True, "bg_color": "#D9E1F2"},
    "usual": _AS_TEXT,
    "given": _AS_TEXT | {"font_color": "#595959", "bg_color": "#F2F2F2"},
    "number": _WRAPPED | {"font_color": "#595959", "bg_color": "#F2F2F2"},
    "marked": _AS_TEXT | {"bg_color": "#F8CBAD"},
}
_GUIDE = 100.0  # width of the column with what to do
_NOTE = {"author": "npa", "width": 400, "height": 160}  # pixels
_LONGEST_TEXT = 32_767  # characters of a cell
_LONGEST_LIST = 255  # characters that Excel allows in a list that is not on a sheet
_LISTS = "lists"  # the hidden sheet of the agencies' activities


@dataclass(frozen=True, slots=True)
class Book:
    """The content of a workbook."""

    rows: list[_Row]  # of rejected_row
    language: str
    as_of: date
    release_id: str
    activities: dict[str, _Row]  # of _ACTIVITIES, by id

    @property
    def columns(self) -> list[str]:
        """The columns, in their order; that of units only if a row has it."""
        has_unit = any("reporting_unit" in (*_faults(row), *_cells(row)) for row in self.rows)
        units = ["reporting_unit"] * has_unit
        reported = [column for column in COLUMNS[2:] if column != "reporting_unit"]
        return [*ORIGIN, *COLUMNS[:2], *units, "activity_text", *reported, "fault"]

    def word(self, key: str) -> str:
        """Return a heading, status or sentence in the language."""
        words = labels("form", self.language) | labels("columns", self.language) | labels("statuses", self.language)
        if key in words:
            return words[key]
        return message_in(self.language, key, {name: words[name] for name in templates()[key].placeholders})

    def activity(self, row: _Row) -> _Row | None:
        """Return the activity that a row is about; None if it names none."""
        return self.activities.get(read_id(_cells(row).get("activity_id", ""))[0])

    def fault(self, row: _Row) -> str:
        """Return what is wrong with a row, sentence by sentence."""
        sentences = json.loads(row["arguments"])
        return " ".join(message_in(self.language, each["message_id"], each["arguments"]) for each in sentences)


def book_of(con: duckdb.DuckDBPyConnection, rows: list[_Row], language: str) -> Book:
    """Return the content of the workbook of these refused rows."""
    (release,) = fetch(con, "SELECT as_of, release_id FROM release")
    activities = {row["activity_id"]: row for row in fetch(con, _ACTIVITIES, language=language)}
    return Book(rows, language, **release, activities=activities)


def write_book(content: Book, path: Path) -> None:
    """Write a sheet with the refused rows, one that says what to do with it, and the lists to choose from."""
    with workbook(path, content.as_of, author=f"npa, as of {content.as_of}") as book:
        sheet = cast(PrintedSheet, book.add_worksheet(content.word("form.rejected"), PrintedSheet))
        agencies = {row["agency_id"] for row in content.rows}
        header = "&L{}&R{}".format(*agencies, content.release_id) if len(agencies) == 1 else f"&R{content.release_id}"
        set_up(sheet, header, "&C" + content.word("form.page"))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        _write_guide(content, book)
        activities = _write_lists(content, book)
        _write_rows(content, book, sheet, activities)


def _write_guide(content: Book, book: "Workbook") -> None:
    sheet = book.add_worksheet(content.word("guide"), PrintedSheet)
    set_up(sheet, "", "")
    text = content.word("form.rejected_note")
    sheet.set_column(0, 0, _GUIDE)
    sheet.set_row(0, height([(text, _GUIDE)]))
    sheet.write_string(0, 0, text, book.add_format({"text_wrap": True, "valign": "top"}))


def _write_lists(content: Book, book: "Workbook") -> dict[str, str]:
    """Write the activities of each agency into a column of a hidden sheet, and return the place of each list."""
    sheet, places = book.add_worksheet(_LISTS), dict[str, str]()
    for column, agency_id in enumerate(sorted({row["agency_id"] for row in content.rows if row["agency_id"]})):
        own = [key for key, activity in content.activities.items() if agency_id in activity["agencies"]]
        sheet.write_column(0, column, own)
        letter = letters(column + 1)
        places |= {agency_id: f"={_LISTS}!${letter}$1:${letter}${len(own)}"} if own else {}
    sheet.hide()
    return places


def _write_rows(content: Book, book: "Workbook", sheet: PrintedSheet, activities: dict[str, str]) -> None:
    styles = {name: book.add_format(style) for name, style in _STYLES.items()}
    columns = content.columns
    texts = [_texts(content, row) for row in content.rows]
    widths = _widths(columns, texts)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    headings = [content.word(column) for column in columns]
    sheet.write_row(0, 0, headings, styles["heading"])
    sheet.set_row(0, height(zip(headings, widths, strict=True)))
    for number, (row, shown) in enumerate(zip(content.rows, texts, strict=True), 1):
        activity = content.activity(row)
        sheet.set_row(number, height(zip(shown.values(), widths, strict=True)))
        sheet.growing.add(number)
        _write_cells(sheet, number, shown, _faults(row), styles)
        for place, key in enumerate(columns):
            if source := _choices(content, key, activity, activities.get(row["agency_id"])):
                options = {"validate": "list", "source": source, "error_type": "warning"}
                sheet.data_validation(number, place, number, place, options)


def _texts(content: Book, row: _Row) -> dict[str, str]:
    """Return the text of each cell of a row."""
    activity = content.activity(row)
    given = {key: row[key] for key in ORIGIN} | {"activity_text": activity and activity["activity_text"]}
    texts = given | _cells(row) | {"fault": content.fault(row)}
    return {key: _shown(str(texts.get(key) or "")) for key in content.columns}


def _widths(columns: list[str], texts: list[dict[str, str]]) -> list[float]:
    usual = {key: fmean([len(row[key]) for row in texts] or [0]) for key in columns}
    lengths = {key: max(least, usual[key]) for key, least in _LENGTHS.items() if key in columns}
    sizes = shared({key: _FIXED[key] for key in columns if key in _FIXED}, lengths)
    return [sizes[column] for column in columns]


def _write_cells(
    sheet: PrintedSheet, number: int, shown: dict[str, str], at_fault: list[str], styles: dict[str, "Format"]
) -> None:
    """Write the texts of a row, with the faults marked and noted."""
    for place, (key, text) in enumerate(shown.items()):
        style = styles["marked" if key in at_fault else "usual" if key in COLUMNS else "given"]
        if key == "source_row" and text:
            sheet.write_number(number, place, int(text), styles["number"])
        elif text:
            sheet.write_string(number, place, text, style)
        else:
            sheet.write_blank(number, place, None, style)
        if key in at_fault:
            sheet.write_comment(number, place, shown["fault"], _NOTE)


def _shown(text: str) -> str:
    """Return a text as a cell can hold it; its lines stay apart."""
    return "\n".join(map(cell_text, text.split("\n")))[:_LONGEST_TEXT]


def _choices(content: Book, key: str, activity: _Row | None, activities: str | None) -> list[str] | str | None:
    """Return what a cell may be chosen from: a list, or the place of one; None if it is free."""
    if key == "activity_id":
        return activities
    choices: list[str] = []
    if key == "status":
        is_dated = activity is not None and activity["timeframe"] != "continuous"
        choices = [content.word(status) for status in PROGRESS_STATUSES if not (is_dated and status == "delivered")]
    elif key == "agency_id" and activity:
        choices = activity["agencies"]
    return choices if choices and len(",".join(choices)) <= _LONGEST_LIST else None


def _faults(row: _Row) -> list[str]:
    return str(row["columns_at_fault"] or "").split(", ")


def _cells(row: _Row) -> dict[str, str]:
    """Return the filled cells of a refused row by our names of their columns."""
    printed: dict[str, str] = json.loads(row["row_text"] or "{}")
    texts = [*printed.values()]
    return {name: texts[place] for name, place in named_columns(printed)[0].items() if texts[place]}
