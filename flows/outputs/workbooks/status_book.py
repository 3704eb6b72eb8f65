"""The officer's workbook of the status: a sheet for each of the questions of status_sheets.py."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import duckdb

from flows.outputs.connection import fetch
from flows.outputs.files import workbook
from flows.outputs.workbooks.page import PrintedSheet, set_up, shared, write_row
from flows.outputs.workbooks.status_sheets import Row, Sheet, status_sheets
from transforms.quality.catalogue import message_in

if TYPE_CHECKING:
    from xlsxwriter.format import Format

_BOX = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#BFBFBF"}
_STYLES = {
    "heading": _BOX | {"bold": True, "bg_color": "#D9E1F2"},
    "text": _BOX | {"num_format": "@", "quote_prefix": True},  # nothing that an agency wrote is taken for a formula
    "number": _BOX | {"num_format": "0"},
    "day": _BOX | {"num_format": "yyyy-mm-dd"},
}
_HEAD = 3  # rows above the table: title, a blank, the headings


def write_status(con: duckdb.DuckDBPyConnection, language: str, path: Path) -> None:
    """Write the workbook of a release. The same release gives the same bytes."""
    (release,) = fetch(con, "SELECT release_id, as_of FROM release")
    with workbook(path, release["as_of"], author=f"npa, as of {release['as_of']}") as book:
        formats = {name: book.add_format(style) for name, style in _STYLES.items()}
        title = book.add_format({"bold": True, "font_size": 13})
        for sheet in status_sheets(con, release["as_of"], language):
            name = message_in(language, f"desk.sheet.{sheet.name}", {})
            printed = cast(PrintedSheet, book.add_worksheet(name, PrintedSheet))
            heading = message_in(language, "desk.title", {"name": name, "day": str(release["as_of"])})
            set_up(printed, f"&R{release['release_id']}", "&C" + message_in(language, "form.page", {}))
            printed.write_string(0, 0, heading, title)
            _write_table(sheet, printed, formats, language)


def _write_table(sheet: Sheet, printed: PrintedSheet, formats: dict[str, "Format"], language: str) -> None:
    """Write headings that stay in sight, with filters, and the rows below."""
    widths = [*shared({}, sheet.columns).values()]
    for place, width in enumerate(widths):
        printed.set_column(place, place, width)
    headings: list[str | None] = [message_in(language, f"desk.column.{key}", {}) for key in sheet.columns]
    write_row(printed, _HEAD - 1, headings, [formats["heading"]] * len(headings), widths)
    printed.freeze_panes(_HEAD, 0)
    printed.repeat_rows(_HEAD - 1)
    printed.autofilter(_HEAD - 1, 0, _HEAD - 1 + max(len(sheet.rows), 1), len(headings) - 1)
    for number, row in enumerate(sheet.rows, _HEAD):
        _write_row(printed, number, row, [*sheet.columns], formats, widths)
    if not sheet.rows:
        printed.write_string(_HEAD, 0, message_in(language, "desk.nothing", {}))


def _write_row(
    printed: PrintedSheet, number: int, row: Row, keys: list[str], formats: dict[str, "Format"], widths: list[float]
) -> None:
    """Write a row: days and numbers as such, so that filters and sorting work."""
    texts = [None if row[key] is None else str(row[key]) for key in keys]
    write_row(printed, number, texts, [formats["text"]] * len(keys), widths)
    for place, key in enumerate(keys):
        if isinstance(row[key], date):
            printed.write_datetime(number, place, row[key], formats["day"])
        elif isinstance(row[key], int):
            printed.write_number(number, place, row[key], formats["number"])
