"""Reports as CSV: which encoding and delimiter, where the headings stand, and the records."""

import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from flows.sources.formats.csv.delimiters import DELIMITERS
from flows.sources.formats.csv.records import read_records
from flows.sources.formats.files.limits import LARGEST_FILE, LARGEST_IN_MEMORY, LONGEST_CELL, LONGEST_RECORD, size_of
from flows.sources.formats.files.refusal import refusal
from flows.sources.reports.headings import SEARCHED_ROWS, Rows, data_rows, find_heading, heading_names, no_heading
from transforms.errors import InputProblem
from transforms.text.encodings import is_russian_cp1251, is_utf_8, marked, signature

_CHUNK = 1 << 18  # fits a processor's cache
_BUFFER = 1 << 23  # what else this process does must wait its turn after each reading: few, then
_BLANK_LINE = re.compile(rb"\n\n")  # bytes' own search takes more than twice as long
_BOUNDS = bytes.maketrans(b";\t|\r\n", b",,,,,")


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """How a CSV file is to be read."""

    encoding: str
    delimiter: str
    heading_row: int  # number of the record, from 1
    names: list[str]
    columns: dict[str, int]
    # Whether DuckDB's read_csv counts records as we do: UTF-8, no NUL, no blank line, one kind of line end, no quote
    # inside a bare value, each record down to the headings on one line.
    is_plain: bool


def csv_layout(path: Path) -> CsvLayout:
    """The layout of a CSV file. Reads all of it, in pieces.

    Raises InputProblem for what is too large, is no text, has no headings, or an encoding that cannot be told;
    OSError."""
    check_size(path, LARGEST_FILE)
    with path.open("rb") as file:
        head = file.read(_CHUNK)
        head += _rest_of_line(file, path.name, head)
    _check_head(head, path.name)
    encoding, is_plain = _scanned(path, head)
    text = head.decode(encoding, errors="replace")
    fault = no_heading(name=path.name)
    for delimiter in DELIMITERS:
        records, lines = _first_records(text, delimiter)
        try:
            found = find_heading(records)
        except InputProblem as error:
            fault = error
            continue
        if found:
            index, columns = found
            names = heading_names(records[index])
            return CsvLayout(encoding, delimiter, index + 1, names, columns, is_plain and lines[index] == index + 1)
    raise fault


def check_size(path: Path, limit: int, variant: str = "") -> None:
    """Raise InputProblem, in that variant of its sentence, if a file is larger than `limit`; OSError."""
    if path.stat().st_size > limit:
        raise refusal("file_too_large", variant, name=path.name, limit=size_of(limit))


def _check_head(head: bytes, name: str) -> None:
    if not head.strip():
        raise refusal("file_empty", name=name)
    if signature(head) in ("zip", "ole2"):
        raise refusal("not_text", "workbook", name=name)
    if marked(head) != "utf-16" and head.count(0) > len(head) / 100:
        raise refusal("not_text", name=name)


def _scanned(path: Path, head: bytes) -> tuple[str, bool]:
    """The encoding of a file, and whether it is plain."""
    mark = marked(head)
    if mark == "utf-16":
        return mark, False
    is_plain, has_crlf = True, b"\r\n" in head
    for chunk in _chunks(path):
        if not chunk.isascii() and not is_utf_8(chunk):  # most are ASCII, which is seen in a quarter of the time
            if is_russian_cp1251(chunk):
                return "cp1251", False
            raise refusal("encoding", name=path.name)
        is_plain = is_plain and _is_plain(chunk.removeprefix(BOM_UTF8), has_crlf)
    return mark or "utf-8", is_plain


def _chunks(path: Path) -> Iterator[bytes]:
    """The file in pieces that end with a line."""
    with path.open("rb", _BUFFER) as file:
        before = 0
        while chunk := file.read(_CHUNK):
            chunk += _rest_of_line(file, path.name, chunk, before)
            before += chunk.count(b"\n")
            yield chunk


def _rest_of_line(file: IO[bytes], name: str, start: bytes, before: int = 0) -> bytes:
    """What is left of the line in which a piece ends. A line is never taken into memory, however long it is."""
    longest = 4 * LONGEST_RECORD  # a character has up to four bytes
    rest = file.readline(longest + 1)
    if len(rest) > longest:
        raise _record_too_long(name, before + start.count(b"\n") + 1)
    return rest


def _is_plain(chunk: bytes, has_crlf: bool) -> bool:
    if b"\0" in chunk or _BLANK_LINE.search(chunk) or chunk.startswith((b"\n", b"\r\n")):
        return False
    if has_crlf or b"\r" in chunk:
        ends = chunk.count(b"\r\n")
        if b"\n\r\n" in chunk or not ends == chunk.count(b"\n") == chunk.count(b"\r"):
            return False
    return b'"' not in chunk or _quotes_are_plain(chunk)


def _quotes_are_plain(chunk: bytes) -> bool:
    """Whether each quote begins or ends a cell; counted, for a pattern takes much longer."""
    bounded = b"," + chunk.translate(_BOUNDS) + b","
    begin, end = bounded.count(b',"'), bounded.count(b'",')
    return begin == end and begin + end == chunk.count(b'"')


def _first_records(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The first records, and how many lines had been read after each; up to the first that cannot be read."""
    records, lines = [], []
    with suppress(InputProblem):  # which read_csv_rows tells
        for line, record in islice(read_records(io.StringIO(text, newline=""), delimiter), SEARCHED_ROWS):
            records.append(record)
            lines.append(line)
    return records, lines


def read_csv_rows(path: Path, layout: CsvLayout) -> Rows:
    """The records below the headings of any CSV file; quoted line breaks, and short and long records, are read.

    Raises InputProblem for a quote that is not closed, a cell or a record that is too long, a byte that the
    encoding does not know, or a file that is too large to be held in memory; OSError."""
    check_size(path, LARGEST_IN_MEMORY, "in_memory")
    line, records = 0, []
    with path.open(encoding=layout.encoding, newline="") as file:
        try:
            for line, record in read_records(file, layout.delimiter, strict=True):  # noqa: B007  # told below
                records.append(record)
        except InputProblem as problem:
            raise _damaged(path.name, problem) from problem
        except UnicodeError as error:
            raise refusal("csv_damaged", "bytes", name=path.name, line=line + 1) from error
    records = records[layout.heading_row :]
    records = [_without_ends(record, layout) for record in records]
    numbers, cells = data_rows(records, layout.heading_row + 1, layout.columns, len(layout.names))
    return Rows(None, layout.heading_row, layout.names, layout.columns, numbers, cells)


def _without_ends(record: list[str], layout: CsvLayout) -> list[str]:
    """A record without the blank cells beyond the headings. They stay where the comma of 45,5 may have made them, and
    the 5 would be a result: any other column refuses it."""
    width, percent = len(layout.names), layout.columns.get("percent_complete", -1)
    if any(map(str.strip, record[width:])):
        return record
    is_result = layout.delimiter == "," and layout.columns.get("result_text") == percent + 1 > 0
    if len(record) > width and is_result and all(text.strip().isdigit() for text in record[percent : percent + 2]):
        return record
    return record[:width]


def _damaged(name: str, problem: InputProblem) -> InputProblem:
    """Return the problem of a record, by `read_records`, in words for whoever sent the report."""
    if problem.rule == "record_too_long":
        return _record_too_long(name, problem.line)
    if problem.rule == "cell_too_long":
        return refusal("cell_too_long", name=name, limit=f"{LONGEST_CELL:,}", line=problem.line)
    return refusal("csv_damaged", name=name, line=problem.line)


def _record_too_long(name: str, line: int) -> InputProblem:
    return refusal("csv_damaged", "record_too_long", name=name, limit=f"{LONGEST_RECORD:,}", line=line)
