"""Reports as CSV: the encoding, the delimiter, the headings, and the records below them."""

from codecs import getincrementaldecoder
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from flows.sources.formats.csv.records import DELIMITERS, read_records
from flows.sources.formats.files.refusals import LARGEST_FILE, LONGEST_CELL, LONGEST_RECORD, refusal, size_of
from flows.sources.reports.headings import (
    SEARCHED_ROWS,
    ReportSheet,
    data_rows,
    find_heading,
    heading_names,
    no_heading,
)
from transforms.errors import InputProblem
from transforms.text.encodings import is_russian_cp1251, marked, signature

_CHUNK = 1 << 18  # bytes that fit a processor's cache


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
            records_below = islice(_records(path, encoding, delimiter), index + 1, None)
            rows = (
                (number, _without_ends(cells, columns, len(headings), delimiter)) for number, cells in records_below
            )
            return ReportSheet(None, index + 1, headings, columns, data_rows(rows, columns, len(headings)))
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


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number, from 1, and the cells of each record."""
    line = 0
    with path.open(encoding=encoding, newline="") as file:
        try:
            for number, record in enumerate(read_records(file, delimiter, strict=True), 1):
                line = record[0]
                yield number, record[1]
        except InputProblem as problem:
            raise _damaged(path.name, problem) from problem
        except UnicodeError as error:
            raise refusal("csv_damaged", "bytes", name=path.name, line=line + 1) from error


def _without_ends(cells: list[str], columns: dict[str, int], width: int, delimiter: str) -> list[str]:
    """Return a record without the blank cells beyond the headings.

    They stay where the comma of 45,5 may have made them, and the 5 would be a result: any other column rejects it."""
    if len(cells) <= width or any(map(str.strip, cells[width:])):
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
