"""What npa dataset describe sees of a table before its rows are read: sheets, separator, the layout it guesses."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from flows.sources.formats.csv.delimiters import delimiter_by_records, opened
from flows.sources.formats.csv.records import read_records
from flows.sources.formats.files.text_file import as_utf8
from flows.sources.formats.px import statements as px_statements
from flows.sources.formats.sdmx import csv as sdmx_csv
from flows.sources.formats.workbook import reader as xlsx_table
from transforms.errors import InputProblem
from transforms.statistics.describe.guess_layout import TableGuess, guess_table
from transforms.statistics.describe.result import Description, Sheet
from transforms.statistics.layouts.grid import grid

_RECORDS = 500  # of a CSV file by which its layout is guessed


def look_at_table(path: Path, found: Description, folder: Path) -> None:
    """Fill in sheets, separator and layout of a description, and what a PC-Axis file says of its contents."""
    if look := _LOOKS.get(found.format):
        look(path, found, folder)


def _px(path: Path, found: Description, folder: Path) -> None:  # noqa: ARG001
    stated = px_statements.header(path, found.encoding).statements
    found.series_column = next((s.text() for s in stated if s.keyword == "CONTVARIABLE" and not s.language), "")


def _sdmx_csv(path: Path, found: Description, folder: Path) -> None:
    with opened(as_utf8(path, found.encoding, folder)) as file:
        found.delimiter = sdmx_csv.delimiter_of(file.readline())


def _workbook(path: Path, found: Description, folder: Path) -> None:  # noqa: ARG001
    sheets = xlsx_table.read_sheets(path)
    guesses: dict[str, TableGuess] = {}
    listed = []
    for sheet in sheets:
        table = grid(sheet.rows, sheet.first_row, sheet.repeated)
        guess = guesses[sheet.name] = guess_table(table)
        size = (len(sheet.rows), table.width)
        listed.append(Sheet(sheet.name, *size, sheet.is_hidden, guess.header_row, guess.periods, guess.headings))
    found.sheets = listed
    filled = [sheet for sheet in listed if sheet.rows and not sheet.is_hidden]
    if not filled:
        raise InputProblem("the workbook has no filled visible sheet", "Show or fill the sheet with the table.")
    chosen = max(filled, key=lambda sheet: (bool(sheet.periods), sheet.rows * sheet.columns))
    _take(found, guesses[chosen.name])
    if len(filled) > 1:
        found.layout = {"sheet": chosen.name} | found.layout


def _take(found: Description, guess: TableGuess) -> None:
    found.layout, found.marks_around = guess.layout, guess.marks


def _csv(path: Path, found: Description, folder: Path) -> None:
    text = as_utf8(path, found.encoding, folder)
    found.delimiter = delimiter_by_records(text)
    with opened(text) as file:
        rows = [cells for _, cells in islice(read_records(file, found.delimiter), _RECORDS)]
    _take(found, guess_table(grid(rows)))


# The other formats say all of themselves where their rows are read.
_LOOKS: dict[str, Callable[[Path, Description, Path], None]] = {
    "xlsx": _workbook,
    "csv": _csv,
    "sdmx-csv": _sdmx_csv,
    "px": _px,
}
