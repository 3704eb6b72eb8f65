"""Workbooks of npa as people fill them in and send them: cells found by their labels, statuses chosen from lists."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.report_books import resave
from transforms.reports.vocabulary import COLUMNS, meanings, plain

Cells = Mapping[str, Any]  # values by our names of the columns; a status by its code


def fill_in(form: Path, target: Path, *rows: Cells, **top: Any) -> Path:
    """Fill in a form as an agency does: `top` once above the table, each row in that of its activity, or in a spare one
    if that is taken or the form has none."""
    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[0]
    offered = {str(code): text for code, text in book["npa"].iter_rows(max_col=2, values_only=True)}
    heading, columns = _headings(sheet)
    for key, value in top.items():
        (place,) = (row for row in range(1, heading) if _meaning(sheet.cell(row, 1).value) == key)
        sheet.cell(place, 2).value = value
    places = _places(sheet, heading, columns["activity_id"])
    spare = max(places.values()) + 1
    for cells in rows:
        number = places.pop(cells["activity_id"], spare)
        given = {**cells, "agency_id": offered["agency_id"], "status": offered[cells["status"]]}
        for key, value in given.items():
            sheet.cell(number, columns[key]).value = value
        spare += number == spare
    return _saved(book, target)


def correct(refused: Path, target: Path, **cells: Any) -> Path:
    """Put right the one row of a workbook of refused rows, as it is sent back."""
    book = openpyxl.load_workbook(refused)
    sheet = book.worksheets[0]
    heading, columns = _headings(sheet)
    assert sheet.max_row == heading + 1
    for key, value in cells.items():
        sheet.cell(heading + 1, columns[key]).value = value
    return _saved(book, target)


def deliver(books: list[Path], folder: Path, suffix: str) -> None:
    """Put workbooks of one folder into another; if there is a suffix, saved as such by LibreOffice."""
    if suffix:
        resave(*books, suffixes=(suffix,))
        books = [book.parent / "resaved" / f"{book.stem}.{suffix}" for book in books]
    folder.mkdir(parents=True, exist_ok=True)
    for book in books:
        shutil.copy(book, folder)


def table(sheet: Worksheet, heading: int = 1) -> list[dict[str, Any]]:
    """Return the rows below the headings of a sheet, each by heading."""
    first, *others = sheet.iter_rows(min_row=heading, values_only=True)
    return [dict(zip(map(str, first), row, strict=True)) for row in others]


def _saved(book: openpyxl.Workbook, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target


def _headings(sheet: Worksheet) -> tuple[int, dict[str, int]]:
    """Return the row of the headings, and the column of each."""
    for cells in sheet.iter_rows():
        columns = {key: int(cell.column or 0) for cell in cells if (key := _meaning(cell.value)) in COLUMNS}
        if {"activity_id", "status"} <= columns.keys():
            return int(cells[0].row or 0), columns
    raise AssertionError("there are no headings")


def _places(sheet: Worksheet, heading: int, column: int) -> dict[str, int]:
    """Return the row of each activity that a form prints: they end at the first spare row."""
    places = dict[str, int]()
    while activity := sheet.cell(number := heading + 1 + len(places), column).value:
        places[str(activity)] = number
    return places


def _meaning(label: object) -> str:
    return meanings("columns").get(plain(str(label)), "")
