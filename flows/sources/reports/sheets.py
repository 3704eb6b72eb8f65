"""From a file that an agency sent to rows of text under named columns."""

import re
from itertools import product
from pathlib import Path

from flows.sources.formats.files.refusals import LARGEST_WORKBOOK, refusal
from flows.sources.formats.workbook.reader import Sheet, read_workbook
from flows.sources.reports.csv_report import read_csv_report
from flows.sources.reports.headings import ReportSheet, data_rows, find_heading, heading_names, no_heading
from transforms.errors import InputProblem
from transforms.reports.cells import read_id, usual_day
from transforms.reports.vocabulary import LANGUAGES, labels, meanings, plain

_WORKBOOKS = {".xlsx", ".xlsm", ".ods"}
_ACTIVITY = re.compile(r"[A-Z]{3}-[A-Z0-9-]+-[0-9]{4}-[0-9]+-[0-9]+")  # TJK-CRC-2018-05-02
_LONGEST = 60  # letters of an id or a status
_DAYS = "reported_on", "completed_on"
_CODES = "npa"  # the hidden sheet of our forms


def read_report(path: Path) -> list[ReportSheet]:
    """Return the sheets of a report in their order, without blank ones and the guide and codes of our own form.

    Raises InputProblem if no sheet can be read, and what `read_csv_report` raises; OSError if the file cannot be."""
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return [read_csv_report(path)]
    if suffix not in _WORKBOOKS:
        raise refusal("file_of_another_kind", name=path.name)
    with path.open("rb") as file:
        data = file.read(min(path.stat().st_size, LARGEST_WORKBOOK) + 1)
    sheets = read_workbook(data, path.name)
    agency_id = _agency_of_form(sheets)
    guides = {labels("form", language)["guide"] for language in LANGUAGES} | {_CODES} if agency_id else set()
    read = [_read(sheet, agency_id) for sheet in sheets if any(map(any, sheet.rows)) and sheet.name not in guides]
    faults = [sheet.fault for sheet in read if sheet.fault]
    if len(faults) < 2 and not any(sheet.columns for sheet in read):
        raise faults[0] if faults else no_heading(name=path.name)
    return read


def _agency_of_form(sheets: list[Sheet]) -> str | None:
    rows = (row for sheet in sheets if sheet.name == _CODES for row in sheet.rows)
    return next((row[1].strip() for row in rows if row[0] == "agency_id" and len(row) > 1), None)


def _read(sheet: Sheet, agency_id: str | None) -> ReportSheet:
    """Return the data of a sheet. What is merged over columns is in the first only; over rows, in each."""
    for index, column in sheet.repeated:
        sheet.rows[index][column] = ""
    fault = None
    try:
        heading = find_heading(sheet.rows)
    except InputProblem as problem:
        heading, fault = None, problem
    if heading is None:
        if fault is None and any(map(_looks_like_a_report, sheet.rows)):
            fault = no_heading("sheet", sheet=sheet.name)
        return ReportSheet(sheet.name, None, [], {}, [], agency_id, fault)
    index, columns = heading
    headings, number = heading_names(sheet.rows[index]), sheet.first_row + index
    rows = list(data_rows(enumerate(sheet.rows[index + 1 :], number + 1), columns, len(headings)))
    if sheet.day_zero:  # nobody who sees the row elsewhere could tell
        for (_, cells), place in product(rows, [columns[column] for column in _DAYS if column in columns]):
            cells[place] = usual_day(cells[place], sheet.day_zero)
    return ReportSheet(sheet.name, number, headings, columns, rows, agency_id)


def _looks_like_a_report(row: list[str]) -> bool:
    """Return True if a row that is below no headings has an activity's id and a status."""
    texts = [text.strip() for text in row if 0 < len(text) <= _LONGEST]
    return any(plain(text) in meanings("statuses") for text in texts) and any(
        text[-1:].isdigit() and _ACTIVITY.fullmatch(read_id(text)[0]) for text in texts
    )
