"""Workbooks (.xlsx, .xlsm, .ods): sheets of text, and statistics in one sheet, tidy or laid out for people ([layout]).

calamine, which is quick, reads the values; the XML has the rest."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import duckdb

from flows.sources.formats.files.refusals import LARGEST_WORKBOOK, LONGEST_CELL, refusal, size_of
from flows.sources.formats.files.text_file import Head, Kind
from flows.sources.formats.relation import Source, source_of
from flows.sources.formats.workbook.appearance import appearances, day_zero
from flows.sources.formats.workbook.guards import LARGEST_AREA, members
from flows.sources.formats.workbook.sheet import Appearance, Place, Sheet, Span
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Dataset, Layout
from transforms.statistics.layouts.grid import grid
from transforms.statistics.layouts.shown import as_shown
from transforms.text.cell_notes import CellNote
from transforms.text.lines import fold

_LARGE = sentence(
    "the workbook is larger than {size}, unpacks to far more, or has over {cells} cells",
    size=size_of(LARGEST_WORKBOOK),
    cells=f"{LARGEST_AREA:,}",
)
_LONG = sentence("the workbook has a cell of more than {limit} characters", limit=f"{LONGEST_CELL:,}")
_SENTENCES = {  # by rule: what, remedy
    "file_empty": ("the file is empty", "Get it again."),
    "file_too_large": (_LARGE, "Save the sheet as CSV UTF-8 and describe that."),
    "cell_too_long": (_LONG, "Shorten the text, or save the sheet without that column."),
    "file_protected": (
        "the workbook is protected by a password, or is an old .xls",
        "Save it without a password, as .xlsx.",
    ),
    "not_a_workbook": ("the file is no workbook, whatever it is called", "Save it as .xlsx or .ods."),
    "xml_entities": (
        "the workbook declares XML entities, which no spreadsheet program writes",
        "Save it anew as .xlsx.",
    ),
    "file_damaged": ("the workbook is damaged", "Get it again, or save it anew as .xlsx."),
}


def handles(head: Head) -> Kind | None:
    """Return the kind of a workbook. Raises InputProblem for another zip, and for a damaged one."""
    if head.binary != "zip":
        return None
    try:
        with ZipFile(head.path) as book:
            names = book.namelist()
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise InputProblem("the file begins as a zip and is cut off or damaged", "Get the whole file again.") from error
    if any(name.startswith("xl/") for name in names):
        return Kind("xlsx", "Excel workbook")
    if "content.xml" in names:
        return Kind("xlsx", "OpenDocument workbook (.ods)")
    if any(name.startswith("word/") for name in names):
        raise InputProblem("the file is a Word document", "Copy its table to a workbook, and save that as .xlsx.")
    listed = ", ".join(names[:5])
    raise InputProblem("the file is a zip, and no workbook", "Unpack it, and describe what is in it.", value=listed)


def read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
    """Return a sheet of a workbook; source_row is the row that a spreadsheet shows. Numbers have all their digits and
    the decimal mark of dataset.toml, days are in ISO form, percentages as their format shows them, and a merged cell of
    labels or of the header fills its whole range.

    Raises InputProblem for a file that is no workbook, is not safe to open, or is not as [layout] says; OSError."""
    sheets = read_sheets(path, dataset.decimal)
    sheet = _chosen(sheets, dataset.layout or Layout())
    try:
        table = grid(sheet.rows, sheet.first_row, sheet.repeated)
        table, notes = as_shown(table, sheet.notes, sheet.spans, dataset)
    except InputProblem as fault:
        raise fault.in_sheet(sheet.name) from fault
    notes += _hidden_sheets(sheets, sheet)
    return replace(source_of(con, folder, path, table, dataset, sheet.name), notes=notes)


def read_sheets(path: Path, decimal: str = "") -> list[Sheet]:
    """Return the sheets of a workbook, as `read_workbook` does.

    Raises InputProblem in words for people who describe a data set (those of `read_workbook` are for people who send a
    report); OSError."""
    if path.stat().st_size > LARGEST_WORKBOOK:
        raise InputProblem(*_SENTENCES["file_too_large"], rule="file_too_large")
    try:
        return read_workbook(path.read_bytes(), path.name, decimal)
    except InputProblem as problem:
        raise InputProblem(*_SENTENCES[problem.rule], rule=problem.rule) from problem


def _hidden_sheets(sheets: list[Sheet], chosen: Sheet) -> list[CellNote]:
    kinds = {sheet.name: "hidden_sheet_read" if sheet is chosen else "hidden_sheet" for sheet in sheets}
    filled = (sheet.name for sheet in sheets if sheet.is_hidden and any(map(any, sheet.rows)))
    return [CellNote(kinds[name], 0, None, name) for name in filled]


def _chosen(sheets: list[Sheet], layout: Layout) -> Sheet:
    names = ", ".join(repr(sheet.name) for sheet in sheets)
    if layout.sheet is None:
        filled = [sheet for sheet in sheets if not sheet.is_hidden and any(map(any, sheet.rows))]
        if len(filled) != 1:
            count = len(filled) or sentence("no")
            what = sentence("the workbook has {count} filled visible sheets ({names})", count=count, names=names)
            raise InputProblem(what, "Say which one it is: [layout] sheet = …")
        return filled[0]
    for sheet in sheets:
        if fold(sheet.name) == fold(layout.sheet):
            return sheet
    what = sentence("the workbook has no such sheet, only {names}", names=names)
    raise InputProblem(what, "Correct [layout] sheet.", value=layout.sheet)


def read_workbook(data: bytes, name: str, decimal: str = "") -> list[Sheet]:
    """Return the sheets of an .xlsx, .xlsm or .ods workbook, hidden ones too; `name` is the file's, for messages.

    Numbers have the 15 digits that Excel shows; with `decimal`, their decimal mark, they have all digits. Raises
    InputProblem, and nothing else, for a file that is no workbook or is not safe to open."""
    try:
        data, parts = members(data, name)
        zero = day_zero(parts)
        return _sheets(data, name, decimal, appearances(parts, decimal, zero), zero)
    except InputProblem:
        raise
    except BaseException as error:
        # Any error of a library about a broken file; a panic of calamine is no Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise refusal("file_damaged", name=name) from error
        raise


def _sheets(data: bytes, name: str, decimal: str, looks: Mapping[str, Appearance], zero: int) -> list[Sheet]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    sheets = []
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        for about in book.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet:
                sheet, look = book.get_sheet_by_name(about.name), looks.get(about.name) or Appearance()
                first, rows = _rows(sheet, look, decimal)
                _check_cells(rows, first, about.name, name)
                spans = _spans(rows, first, [*look.spans, *(sheet.merged_cell_ranges or ())])
                repeated = frozenset(_fill(rows, spans))
                is_hidden = about.visible != SheetVisibleEnum.Visible
                links = {(row - first, column): link for (row, column), link in look.links.items() if row >= first}
                notes = tuple(_notes(look, rows, first))
                sheets.append(Sheet(about.name, is_hidden, first + 1, rows, repeated, zero, links, notes, spans))
    return sheets


def _check_cells(rows: list[list[str]], first: int, sheet: str, name: str) -> None:
    for number, row in enumerate(rows, first + 1):
        if max(map(len, row), default=0) > LONGEST_CELL:
            limit = f"{LONGEST_CELL:,}"
            raise refusal("cell_too_long", "sheet", name=name, limit=limit, row=number, sheet=sheet)


def _notes(look: Appearance, rows: list[list[str]], first: int) -> Iterator[CellNote]:
    """Yield the notes of a sheet by rows and columns; of rows and columns that are hidden, those that are not blank."""
    for note in sorted(look.notes, key=lambda note: (note.row, -1 if note.column is None else note.column)):
        if note.kind in ("hidden_row", "filtered_row"):
            if 0 <= note.row - 1 - first < len(rows) and any(rows[note.row - 1 - first]):
                yield note
        elif note.kind == "hidden_column":
            if any(note.column < len(row) and row[note.column] for row in rows if note.column is not None):
                yield note
        else:
            yield note


def _rows(sheet: Any, look: Appearance, decimal: str) -> tuple[int, list[list[str]]]:
    """Return the place of the first row, and the rows, with what cells show in place of calamine's values."""
    first, left = sheet.start or (0, 0)
    pad = [""] * left
    rows = [[*pad, *(v if v.__class__ is str else text_of(v, decimal) for v in row)] for row in sheet.to_python()]
    texts = {place: text for place, text in look.texts.items() if 0 <= place[0] - first < len(rows)}
    missing = max((column + 1 for (_, column), text in texts.items() if text), default=0) - len(rows[0] if rows else ())
    for line in rows if missing > 0 else ():  # calamine takes a formula without a value for a blank
        line.extend([""] * missing)
    for (row, column), text in texts.items():
        if column < len(rows[row - first]):
            rows[row - first][column] = text
    return first, rows


def _spans(rows: list[list[str]], first: int, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return merged ranges that have a value, as far as the sheet goes, by places in `rows`."""
    width, found = len(rows[0]) if rows else 0, []
    for (top, left), (bottom, right) in spans:
        top, bottom, right = top - first, min(bottom - first, len(rows) - 1), min(right, width - 1)
        if 0 <= top < len(rows) and left < width and rows[top][left]:
            found.append(((top, left), (bottom, right)))
    return tuple(found)


def _fill(rows: list[list[str]], spans: Iterable[Span]) -> Iterator[Place]:
    """Fill merged ranges with their value; yield the cells that have it from their left."""
    allowed = sum(map(len, rows))
    for (top, left), (bottom, right) in spans:
        width = right + 1 - left
        allowed -= width * (bottom - top + 1)
        if allowed < 0:
            raise ValueError("merged ranges overlap")
        for row in range(top, bottom + 1):
            rows[row][left : left + width] = [rows[top][left]] * width
            yield from ((row, column) for column in range(left + 1, left + width))


@lru_cache(10_000, typed=True)
def text_of(value: object, decimal: str = "") -> str:
    """Return a value as a spreadsheet shows it, a date in ISO form; `decimal` as in `read_workbook`.

    >>> text_of(2019.0), text_of(0.1 + 0.2), text_of(True), text_of(datetime(2019, 12, 31))
    ('2019', '0.3', 'TRUE', '2019-12-31')
    >>> text_of(2019.0, ","), text_of(40.402479889759874, ","), text_of(1e22, ",")
    ('2019', '40,402479889759874', '1e+22')
    """
    if isinstance(value, float):
        if abs(value) < 1e15 and value == int(value):
            return str(int(value))
        return repr(value).replace(".", decimal) if decimal else f"{value:.15g}"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    return value.isoformat() if isinstance(value, date) else str(value)
