"""The records of a CSV file, counted and read in pieces, so that no file can fill the memory.

DuckDB reads large files, and may lose a record without an error: its rows are compared with the count made here."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from flows.sources.formats.files.library_errors import record_too_long, unreadable_record
from flows.sources.formats.files.limits import LONGEST_CELL, LONGEST_RECORD

_CHUNK = LONGEST_CELL // 2  # bytes: a cell that is too long fills at least one of these pieces
_BUFFER = 1 << 23
_BOM = b"\xef\xbb\xbf"
_BLANK_LINE = re.compile(rb"\n(?=\n)")


def read_records(file: IO[str], delimiter: str, *, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a text, opened with newline="", each with the number of the line that it ends in.

    They are those of csv.reader, with never more than a record in memory. Raises InputProblem, with the line that the
    record begins in, for a record that is longer than any that is read, a cell of more than LONGEST_CELL characters
    and, if `strict`, a quotation mark that is not closed or not doubled."""
    first, length = 1, 0  # line of the record, its characters so far

    def lines() -> Iterator[str]:
        nonlocal length
        while line := file.readline(LONGEST_RECORD + 1):
            length += len(line)
            if length > LONGEST_RECORD:
                raise record_too_long(first)
            yield line

    reader = csv.reader(lines(), delimiter=delimiter, strict=strict)
    try:
        for record in reader:
            yield reader.line_num, record
            first, length = reader.line_num + 1, 0
    except csv.Error as error:
        raise unreadable_record(error, first) from error


def count_records(path: Path, delimiter: str) -> tuple[int, int]:
    """Return how many records a UTF-8 CSV file has, as csv.reader counts them, and how many blank lines.

    Line ends outside quotation marks are counted, which takes a fraction of reading. Where that is not enough, a reader
    counts: for a quotation mark within a bare cell (5" pipe), and for a cell that may be too long.
    Raises InputProblem with the line, for a record or a cell that is longer than any that is read; OSError."""
    count = _Count(delimiter)
    with path.open("rb", _BUFFER) as file:
        chunk = file.read(_CHUNK).removeprefix(_BOM)
        while chunk and count.is_sure:
            count.add(chunk)
            chunk = file.read(_CHUNK)
    if count.is_sure:
        return count.result()
    with path.open(encoding="utf-8-sig", newline="") as text:
        records = blank = 0
        for _, record in read_records(text, delimiter):
            records += bool(record)
            blank += not record
    return records, blank


def counted(text: Path, delimiter: str, width: int, has_heading: bool = True) -> int:
    """Return how many records of `width` cells DuckDB must find below the first line of a file, which it skips.

    The first line is the heading, or one of the blank lines in its place. Raises InputProblem for a record or a cell
    that is longer than any that is read."""
    records, blank = count_records(text, delimiter)
    if width == 1:  # where a blank line is a record for DuckDB
        return records + blank - 1
    return records - has_heading


class _Count:
    """The count so far. Quotation marks toggle: a doubled one toggles twice."""

    def __init__(self, delimiter: str) -> None:
        # False once a quotation mark neither begins nor ends a cell nor is doubled in one, or a cell may be too long.
        self.is_sure = True
        self._begin = delimiter.encode() + b'"'
        self._stray = re.compile(rb'"(?<![\n"' + re.escape(delimiter.encode()) + rb']")')  # ␣" but not ,"
        self._is_quoted = False  # the last byte is within quotation marks
        self._before = b"\n"  # the last character outside of them; a quotation mark for all within
        self._has_return = False  # the last byte was a carriage return
        self._ends = self._blank = 0

    def result(self) -> tuple[int, int]:
        """Return the counts of records and blank lines; the last record needs no line end."""
        return self._ends - self._blank + (self._is_quoted or self._before != b"\n"), self._blank

    def add(self, data: bytes) -> None:
        """Count the next piece."""
        is_whole_piece = len(data) >= _CHUNK
        if b"\r" in data or self._has_return:
            data = self._unified(data)
        parts = data.split(b'"')
        outside = parts[self._is_quoted :: 2]
        skeleton = b'"'.join(outside)  # a mark for each quoted text
        self._is_quoted ^= len(parts) % 2 == 0
        if self._is_quoted and outside:
            skeleton += b'"'
        ends = skeleton.count(b"\n")
        seen = self._before + skeleton
        self.is_sure = bool(ends or not is_whole_piece) and not (len(parts) > 1 and self._has_stray(seen))
        if b"\n\n" in seen:
            self._blank += len(_BLANK_LINE.findall(seen))
        self._ends += ends
        self._before = seen[-1:]

    def _has_stray(self, seen: bytes) -> bool:
        """Return True if a quotation mark is within a bare cell; counted, because a pattern takes much longer."""
        begin = seen.count(self._begin) + seen.count(b'\n"')
        return begin + seen.startswith(b'"') < seen.count(b'"') and self._stray.search(seen, 1) is not None

    def _unified(self, data: bytes) -> bytes:
        """Return the data with one kind of line end; a \\r\\n may be divided between two pieces."""
        after_return, self._has_return = self._has_return, data.endswith(b"\r")
        if after_return and data.startswith(b"\n"):
            data = data[1:]
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
