"""From a file that an agency sent, a workbook or CSV, to rows of text under named columns."""

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path
from urllib.parse import unquote

from flows.sources.formats.csv.records import DELIMITERS, read_records
from flows.sources.formats.files.refusals import (
    LARGEST_FILE,
    LARGEST_WORKBOOK,
    LONGEST_CELL,
    LONGEST_RECORD,
    refusal,
    size_of,
)
from flows.sources.formats.workbook.reader import read_workbook
from flows.sources.formats.workbook.sheet import Sheet
from flows.sources.reports.headings import (
    SEARCHED_ROWS,
    ReportSheet,
    data_rows,
    find_heading,
    heading_names,
    no_heading,
    origin_columns,
    quoted,
)
from flows.sources.reports.notes import SheetNote, notes_of
from flows.sources.reports.tops import find_top, notes_of_top, with_top
from transforms.errors import InputProblem
from transforms.quality.catalogue import message_of
from transforms.reports.cells.statuses import is_status
from transforms.reports.cells.values import read_id, usual_day
from transforms.reports.vocabulary import LANGUAGES, labels
from transforms.text.encodings import is_russian_cp1251, marked, signature

_WORKBOOKS = {".xlsx", ".xlsm", ".ods"}
_ACTIVITY = re.compile(r"[A-Z]{3}-[A-Z0-9-]+-[0-9]{4}-[0-9]+-[0-9]+")  # TJK-CRC-2018-05-02
_LONGEST = 60  # letters of an id or a status
_DAYS = "reported_on", "completed_on"
_CODES = "npa"  # the hidden sheet of our forms
_CHUNK = 1 << 18  # bytes that fit a processor's cache


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
        hidden = [sheet.name or "" for sheet in read if sheet.notes]
        if hidden and not faults:
            raise refusal("no_heading", "hidden", name=path.name, sheets=quoted(hidden))
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
    if sheet.is_hidden:
        is_report = heading or fault or any(map(_looks_like_a_report, sheet.rows))
        note = SheetNote(0, "report_sheet_hidden", message_of("report_sheet_hidden", sheet=sheet.name))
        return ReportSheet(sheet.name, None, [], {}, [], agency_id, notes=[note] if is_report else [])
    if heading is None:
        if fault is None and any(map(_looks_like_a_report, sheet.rows)):
            fault = no_heading("sheet", sheet=sheet.name)
        return ReportSheet(sheet.name, None, [], {}, [], agency_id, fault)
    index, columns = heading
    headings, number = heading_names(sheet.rows[index]), sheet.first_row + index
    top = find_top(sheet.rows[:index], columns)
    below = data_rows(sheet.rows[index + 1 :], number + 1, columns, len(headings))
    rows = list(with_top(below, columns, top) if top else below)
    if sheet.day_zero:  # nobody who sees the row elsewhere could tell
        for (_, cells), place in product(rows, [columns[column] for column in _DAYS if column in columns]):
            cells[place] = usual_day(cells[place], sheet.day_zero)
    if "evidence_url" in columns:
        _take_links(sheet, rows, columns["evidence_url"])
    is_sent_back = origin_columns(headings) is not None
    notes = notes_of(sheet, columns, (row for row, cells in rows if any(cells)), is_sent_back=is_sent_back)
    notes += [] if agency_id else notes_of_top(top)
    return ReportSheet(sheet.name, number, headings, columns, rows, agency_id, notes=notes)


def _take_links(sheet: Sheet, rows: list[tuple[int, list[str]]], column: int) -> None:
    """Put the address of a link into its cell of evidence, above the words of the cell; one that shows an address stays
    as it is. A link to a file has the place of the file, and no words; a formula that nobody calculated has none."""
    for number, cells in rows:
        link, text = sheet.links.get((number - sheet.first_row, column)), cells[column].strip()
        if link and not _is_on_web(text):
            is_bare = text in link or text.startswith("=")
            address = link.replace(" ", "%20") if _is_on_web(link) else unquote(link)
            cells[column] = f"{address}\n{text}" if _is_on_web(link) and not is_bare else address


def _is_on_web(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _looks_like_a_report(row: list[str]) -> bool:
    """Return True if a row that is below no headings has an activity's id and a status."""
    texts = [text.strip() for text in row if 0 < len(text) <= _LONGEST]
    return any(map(is_status, texts)) and any(
        text[-1:].isdigit() and _ACTIVITY.fullmatch(read_id(text)[0]) for text in texts
    )


def read_csv_report(path: Path) -> ReportSheet:
    """Return the sheet of a CSV file. Its rows are read while they are taken, so that memory stays flat.

    Raises InputProblem for a file that is too large, is no text, has no headings or an unknown encoding; taking a row
    raises it for a quotation mark that is not closed, a cell or record that is too long, and a byte that the encoding
    does not know. Raises OSError."""
    if path.stat().st_size > LARGEST_FILE:
        raise refusal("file_too_large", name=path.name, limit=size_of(LARGEST_FILE))
    encoding = _encoding(path)
    problem = no_heading(name=path.name)
    for delimiter in DELIMITERS:
        try:
            records = _first_records(path, encoding, delimiter)
            heading = find_heading(records)
        except InputProblem as error:
            problem = error
            continue
        if heading:
            index, columns = heading
            headings = heading_names(records[index])
            below = islice(_records(path, encoding, delimiter, columns, len(headings)), index + 1, None)
            rows, top = data_rows(below, index + 2, columns, len(headings)), find_top(records[:index], columns)
            rows = with_top(rows, columns, top) if top else rows
            return ReportSheet(None, index + 1, headings, columns, rows, notes=notes_of_top(top))
    raise problem


def _encoding(path: Path) -> str:
    """Return the encoding of a text. Reads all of it, in pieces, unless it is UTF-16."""
    decoder = getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        chunk = file.read(_CHUNK)
        mark = marked(chunk)
        _check_text(chunk, mark, path.name)
        while chunk and mark != "utf-16":
            try:
                decoder.decode(chunk, final=not file.peek(1))
            except UnicodeDecodeError as error:
                if is_russian_cp1251(chunk):
                    return "cp1251"
                raise refusal("encoding", name=path.name) from error
            chunk = file.read(_CHUNK)
    return mark or "utf-8"


def _check_text(start: bytes, mark: str | None, name: str) -> None:
    """Raise InputProblem if a file that begins so is empty or no text."""
    if not start.strip():
        raise refusal("file_empty", name=name)
    if signature(start) in ("zip", "ole2"):
        raise refusal("not_text", "workbook", name=name)
    if mark != "utf-16" and start.count(0) > len(start) / 100:
        raise refusal("not_text", name=name)


def _first_records(path: Path, encoding: str, delimiter: str) -> list[list[str]]:
    """Return the records among which the headings are looked for, up to the first that cannot be read."""
    records: list[list[str]] = []
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        try:
            for _, cells in islice(read_records(file, delimiter), SEARCHED_ROWS):
                records.append(cells)
        except InputProblem as problem:  # _records raises it for what follows the headings
            if not records:
                raise _damaged(path.name, problem) from problem
    return records


def _records(path: Path, encoding: str, delimiter: str, columns: dict[str, int], width: int) -> Iterator[list[str]]:
    """Yield the cells of each record."""
    line = 0
    with path.open(encoding=encoding, newline="") as file:
        try:
            for record in read_records(file, delimiter, strict=True):
                line, cells = record
                yield cells if len(cells) <= width else _without_ends(cells, columns, width, delimiter)
        except InputProblem as problem:
            raise _damaged(path.name, problem) from problem
        except UnicodeError as error:
            raise refusal("csv_damaged", "bytes", name=path.name, line=line + 1) from error


def _without_ends(cells: list[str], columns: dict[str, int], width: int, delimiter: str) -> list[str]:
    """Return a record without the blank cells beyond the headings.

    They stay where the comma of 45,5 may have made them, and the 5 would be a result: any other column rejects it."""
    if any(map(str.strip, cells[width:])):
        return cells
    percent = columns.get("percent_complete", -1)
    is_result = delimiter == "," and columns.get("result_text") == percent + 1 > 0
    if is_result and all(text.strip().isdigit() for text in cells[percent : percent + 2]):
        return cells
    return cells[:width]


def _damaged(name: str, problem: InputProblem) -> InputProblem:
    """Return the problem of a record, by `read_records`, in words for whoever sent the report."""
    if problem.rule == "record_too_long":
        return refusal("csv_damaged", "record_too_long", name=name, limit=f"{LONGEST_RECORD:,}", line=problem.line)
    if problem.rule == "cell_too_long":
        return refusal("cell_too_long", name=name, limit=f"{LONGEST_CELL:,}", line=problem.line)
    return refusal("csv_damaged", name=name, line=problem.line)
