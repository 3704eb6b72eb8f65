"""Workbooks (.xlsx, .xlsm, .ods): sheets of text, and statistics in one sheet, tidy or laid out for people ([layout]).

calamine, which is quick, reads the values; the XML has the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
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
from flows.sources.formats.workbook.guards import LARGEST_AREA, members
from flows.sources.formats.workbook.number_formats import Marks, Place, day_zero, marks
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Dataset, Layout
from transforms.statistics.layouts.grid import grid
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


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as text, from its first filled row on; `rows` are equally long and begin with column A."""

    name: str
    is_hidden: bool
    first_row: int  # the number that a spreadsheet shows beside rows[0]
    rows: list[list[str]]
    repeated: frozenset[Place] = frozenset()  # cells (index in rows, column) that a merged cell fills from their left
    day_zero: int = 0  # days to add to a bare serial number of a day; 0 in the usual system, which begins in 1900


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
    sheet = _chosen(read_sheets(path, dataset.decimal), dataset.layout or Layout())
    return source_of(con, folder, path, grid(sheet.rows, sheet.first_row, sheet.repeated), dataset, sheet.name)


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
        parts = members(data, name)
        return _sheets(data, name, decimal, marks(parts), day_zero(parts))
    except InputProblem:
        raise
    except BaseException as error:
        # Any error of a library about a broken file; a panic of calamine is no Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise refusal("file_damaged", name=name) from error
        raise


def _sheets(data: bytes, name: str, decimal: str, marks_of: dict[str, Marks], zero: int) -> list[Sheet]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    sheets = []
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        for about in book.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet:
                sheet, odd = book.get_sheet_by_name(about.name), marks_of.get(about.name) or Marks()
                first, rows = _rows(sheet, odd, decimal)
                for number, row in enumerate(rows, first + 1):
                    if max(map(len, row), default=0) > LONGEST_CELL:
                        limit = f"{LONGEST_CELL:,}"
                        raise refusal("cell_too_long", "sheet", name=name, limit=limit, row=number, sheet=about.name)
                repeated = frozenset(_fill(rows, first, [*odd.spans, *(sheet.merged_cell_ranges or ())]))
                is_hidden = about.visible != SheetVisibleEnum.Visible
                sheets.append(Sheet(about.name, is_hidden, first + 1, rows, repeated, zero))
    return sheets


def _rows(sheet: Any, odd: Marks, decimal: str) -> tuple[int, list[list[str]]]:
    first, left = sheet.start or (0, 0)
    pad = [""] * left
    rows = [[*pad, *(v if v.__class__ is str else text_of(v, decimal) for v in row)] for row in sheet.to_python()]
    texts = {place: text for place, text in odd.texts.items() if 0 <= place[0] - first < len(rows)}
    missing = max((column + 1 for _, column in texts), default=0) - len(rows[0] if rows else ())
    for line in rows if missing > 0 else ():  # calamine takes a formula without a value for a blank
        line.extend([""] * missing)
    for (row, column), text in texts.items():
        is_percent = decimal and text.endswith("%") and rows[row - first][column]
        rows[row - first][column] = text.replace(".", decimal) if is_percent else text
    return first, rows


def _fill(rows: list[list[str]], first: int, spans: Iterable[tuple[Place, Place]]) -> Iterable[Place]:
    """Fill merged ranges with their value, as far as the sheet goes; yield the cells that have it from their left."""
    allowed = sum(map(len, rows))
    for (top, left), (bottom, right) in spans:
        top, bottom = top - first, min(bottom - first, len(rows) - 1)
        if 0 <= top < len(rows) and left < len(rows[top]) and (value := rows[top][left]):
            width = min(right + 1, len(rows[top])) - left
            allowed -= width * (bottom - top + 1)
            if allowed < 0:
                raise ValueError("merged ranges overlap")
            for row in range(top, bottom + 1):
                rows[row][left : left + width] = [value] * width
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
