"""Sheets of text from the bytes of a workbook. calamine, which is quick, reads the values; the XML has the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from flows.sources.formats.files.refusals import LONGEST_CELL, refusal
from flows.sources.formats.workbook.guards import members
from flows.sources.formats.workbook.number_formats import Marks, Place, day_zero, marks
from transforms.errors import InputProblem


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as text, from its first filled row on; `rows` are equally long and begin with column A."""

    name: str
    is_hidden: bool
    first_row: int  # the number that a spreadsheet shows beside rows[0]
    rows: list[list[str]]
    repeated: frozenset[Place] = frozenset()  # cells (index in rows, column) that a merged cell fills from their left
    day_zero: int = 0  # days to add to a bare serial number of a day; 0 in the usual system, which begins in 1900


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
