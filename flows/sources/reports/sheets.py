"""From a file that an agency sent to rows of text under named columns."""

import re
from dataclasses import dataclass
from itertools import product
from json.encoder import encode_basestring  # for a text, as ensure_ascii=False has it
from pathlib import Path

from flows.sources.formats.files.limits import LARGEST_WORKBOOK
from flows.sources.formats.workbook.sheets import Sheet, read_workbook
from flows.sources.reports.csv_report import csv_layout, read_csv_rows
from flows.sources.reports.headings import Rows, data_rows, find_heading, heading_names, no_heading, unread_headings
from transforms.errors import InputProblem
from transforms.reports.cells import read_id, usual_day
from transforms.reports.vocabulary import COLUMNS, LANGUAGES, labels, meanings, plain

Line = tuple[int | str | None, ...]  # source_row, a text or None for each of COLUMNS, row_text, extra: as `report_line`

_ACTIVITY = re.compile(r"[A-Z]{3}-[A-Z0-9-]+-[0-9]{4}-[0-9]+-[0-9]+")  # TJK-CRC-2018-05-02
_LONGEST = 60  # letters of an id or a status
_DAYS = "reported_on", "completed_on"
_CODES = "npa"  # the hidden sheet of our forms


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """What a sheet of a report (None: a CSV file) says, as it is judged; one that was set aside has no heading_row."""

    sheet: str | None
    heading_row: int | None
    agency_id: str | None  # whose form it is
    fault: InputProblem | None  # why a sheet with some headings was set aside
    lines: list[Line]
    unread: str | None  # headings of columns that nobody reads, as a sentence names them


def read_sheets(path: Path) -> list[ReportSheet]:
    """The sheets of a report, as `read_report`, with what is said under our columns. Raises what that raises."""
    return [
        ReportSheet(
            rows.sheet, rows.heading_row if rows.columns else None, rows.agency_id, rows.fault, _lines(rows),
            unread_headings(rows.names, rows.columns, rows.cells),
        )
        for rows in read_report(path)
    ]  # fmt: skip


def _lines(rows: Rows) -> list[Line]:
    places = [rows.columns.get(column) for column in COLUMNS]
    lines, width, pattern = list[Line](), len(rows.names), _json_pattern(rows.names)
    for source_row, cells in zip(rows.numbers, rows.cells, strict=True):
        texts = [None if at is None else cells[at] or None for at in places]
        extra = len(cells) - width
        names = [*rows.names, *(f"cell {place}" for place in range(width + 1, len(cells) + 1))] if extra else []
        row_text = (_json_pattern(names) if extra else pattern) % tuple(map(encode_basestring, cells))
        lines.append((source_row, *texts, row_text, extra))
    return lines


def _looks_like_a_report(row: list[str]) -> bool:
    """Whether a row below no headings looks like one of a report: an activity's id, and a status."""
    texts = [text.strip() for text in row if 0 < len(text) <= _LONGEST]
    return any(plain(text) in meanings("statuses") for text in texts) and any(
        text[-1:].isdigit() and _ACTIVITY.fullmatch(read_id(text)[0]) for text in texts
    )


def _json_pattern(names: list[str]) -> str:
    """A row as JSON, heading → cell, with %s in place of each cell, which is much quicker than a dictionary a row."""
    return "{" + ", ".join(encode_basestring(name).replace("%", "%%") + ": %s" for name in names) + "}"


def read_report(path: Path) -> list[Rows]:
    """The sheets of a report, in their order: those with headings, and, without cells, those that were set aside.

    Blank sheets, and the guide and codes of our own form, are left out. Raises InputProblem if no sheet can be
    read, OSError if the file cannot be."""
    if path.suffix.lower() == ".csv":
        return [read_csv_rows(path, csv_layout(path))]
    with path.open("rb") as file:
        data = file.read(min(path.stat().st_size, LARGEST_WORKBOOK) + 1)
    sheets = read_workbook(data, path.name)
    agency_id = _agency_of_form(sheets)
    guides = {labels("form", language)["guide"] for language in LANGUAGES} | {_CODES} if agency_id else set()
    found = [_read(sheet, agency_id) for sheet in sheets if any(map(any, sheet.rows)) and sheet.name not in guides]
    faults = [rows.fault for rows in found if rows.fault]
    if len(faults) < 2 and not any(rows.columns for rows in found):
        raise faults[0] if faults else no_heading(name=path.name)
    return found


def _agency_of_form(sheets: list[Sheet]) -> str | None:
    for sheet in sheets:
        if sheet.name == _CODES:
            return next((row[1].strip() for row in sheet.rows if row[0] == "agency_id" and len(row) > 1), None)
    return None


def _read(sheet: Sheet, agency_id: str | None) -> Rows:
    """The data of a sheet. What is merged over several columns stands in the first; over several rows, in each."""
    for index, column in sheet.repeated:
        sheet.rows[index][column] = ""
    try:
        found = find_heading(sheet.rows)
    except InputProblem as fault:
        return Rows(sheet.name, 0, [], {}, [], [], agency_id, fault)
    if found is None:
        is_report = any(map(_looks_like_a_report, sheet.rows))
        missing = no_heading("sheet", sheet=sheet.name) if is_report else None
        return Rows(sheet.name, 0, [], {}, [], [], agency_id, missing)
    index, columns = found
    names = heading_names(sheet.rows[index])
    number = sheet.first_row + index
    numbers, cells = data_rows(sheet.rows[index + 1 :], number + 1, columns, len(names))
    if sheet.day_zero:  # nobody who sees the row elsewhere could tell
        for row, at in product(cells, [columns[column] for column in _DAYS if column in columns]):
            row[at] = usual_day(row[at], sheet.day_zero)
    return Rows(sheet.name, number, names, columns, numbers, cells, agency_id)
