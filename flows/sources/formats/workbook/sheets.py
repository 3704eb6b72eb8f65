"""From the bytes of a workbook to sheets of text. Values come from calamine, which is quick; the rest from its XML."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from flows.sources.formats.files.limits import LONGEST_CELL
from flows.sources.formats.files.refusal import refusal
from flows.sources.formats.workbook.guards import damaged, members
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
    day_zero: int = 0  # what a bare serial number of a day lacks to that of the usual system, which begins in 1900


def read_workbook(data: bytes, name: str) -> list[Sheet]:
    """The sheets of an .xlsx, .xlsm or .ods workbook, hidden ones too; `name` is the file's, for messages.

    Raises InputProblem, and nothing else, for whatever is no workbook or may not be opened safely."""
    try:
        parts = members(data, name)
        return _sheets(data, name, marks(parts), day_zero(parts))
    except InputProblem:
        raise
    except BaseException as error:
        # Whatever a library makes of a broken file; a panic of calamine is no Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise damaged(name) from error
        raise


def _sheets(data: bytes, name: str, found: dict[str, Marks], zero: int) -> list[Sheet]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    sheets = []
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        for about in book.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet:
                sheet, odd = book.get_sheet_by_name(about.name), found.get(about.name) or Marks()
                first, rows = _rows(sheet, odd)
                _check_cells(rows, first, name, about.name)
                spans = [*odd.spans, *(sheet.merged_cell_ranges or ())]
                repeated = frozenset(_fill(rows, first, spans))
                is_hidden = about.visible != SheetVisibleEnum.Visible
                sheets.append(Sheet(about.name, is_hidden, first + 1, rows, repeated, zero))
    return sheets


def _rows(sheet: Any, odd: Marks) -> tuple[int, list[list[str]]]:
    first, left = sheet.start or (0, 0)
    pad = [""] * left
    rows = [[*pad, *(v if v.__class__ is str else text_of(v) for v in row)] for row in sheet.to_python()]
    texts = {place: text for place, text in odd.texts.items() if 0 <= place[0] - first < len(rows)}
    missing = max((column + 1 for _, column in texts), default=0) - len(rows[0] if rows else ())
    for line in rows if missing > 0 else ():  # calamine takes a formula without a value for a blank
        line.extend([""] * missing)
    for (row, column), text in texts.items():
        rows[row - first][column] = text
    return first, rows


def _check_cells(rows: list[list[str]], first: int, name: str, sheet: str) -> None:
    for number, row in enumerate(rows, first + 1):
        if max(map(len, row), default=0) > LONGEST_CELL:
            raise refusal("cell_too_long", "sheet", name=name, limit=f"{LONGEST_CELL:,}", row=number, sheet=sheet)


def _fill(rows: list[list[str]], first: int, spans: Iterable[tuple[Place, Place]]) -> Iterable[Place]:
    """Fill merged ranges with their value, as far as the sheet goes; the cells that have it from their left."""
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
def text_of(value: object) -> str:
    """A value as a spreadsheet shows it: 15 digits of a number, a date in ISO form.

    >>> text_of(2019.0), text_of(0.1 + 0.2), text_of(True), text_of(datetime(2019, 12, 31))
    ('2019', '0.3', 'TRUE', '2019-12-31')
    """
    if isinstance(value, float):
        return str(int(value)) if abs(value) < 1e15 and value == int(value) else f"{value:.15g}"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    return value.isoformat() if isinstance(value, date) else str(value)
