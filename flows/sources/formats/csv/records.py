"""The records of a CSV file, their count and their delimiter, read in pieces, so that no file can fill the memory.

DuckDB reads large files, and may lose a record without an error: its rows are compared with the count made here. The
delimiter is that of the records, never taken from the name of the file or its country."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO

from flows.sources.formats.files.refusals import LONGEST_CELL, LONGEST_RECORD, record_too_long, unreadable_record
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Layout
from transforms.text.lines import fold

DELIMITERS = ",;\t|"
_SEARCHED = 1000  # records in which a heading is looked for
_TRIED = 20  # records below the heading that decide on the delimiter
_LOOKED_AT = 500  # records that decide on it if nobody says where the heading is
_CHUNK = LONGEST_CELL // 2  # characters: a cell that is too long fills at least one of these pieces
_BLANK_LINE = re.compile(r"\n(?=\n)")


def opened(text: Path) -> IO[str]:
    """Open a UTF-8 file for records to be read from it."""
    return text.open(encoding="utf-8-sig", newline="")


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

    Without quotation marks a record is a line, and counting lines takes a tenth of the time. Raises InputProblem with
    the line, for a record or a cell that is longer than any that is read; OSError."""
    ends, blank, before = 0, 0, "\n"
    with path.open(encoding="utf-8-sig") as file:  # every line end is \n
        while chunk := file.read(_CHUNK):
            if '"' in chunk or (len(chunk) == _CHUNK and "\n" not in chunk):
                break
            ends += chunk.count("\n")
            blank += len(_BLANK_LINE.findall(before + chunk)) if "\n\n" in before + chunk else 0
            before = chunk[-1]
        else:
            return ends - blank + (before != "\n"), blank  # the last record needs no line end
    with opened(path) as text:
        is_filled = Counter(bool(record) for _, record in read_records(text, delimiter))
    return is_filled[True], is_filled[False]


def counted(text: Path, delimiter: str, width: int, has_heading: bool = True) -> int:
    """Return how many records of `width` cells DuckDB must find below the first line of a file, which it skips.

    The first line is the heading, or one of the blank lines in its place. Raises InputProblem for a record or a cell
    that is longer than any that is read."""
    records, blank = count_records(text, delimiter)
    # In one column, a blank line is a record for DuckDB.
    return records + blank - 1 if width == 1 else records - has_heading


def heading(text: Path, delimiter: str, layout: Layout) -> tuple[list[str], int, int]:
    """Return the cells of the heading, the number of its record, and the line that it ends in. Raises InputProblem."""
    text_in_heading = fold(layout.header) if isinstance(layout.header, str) else None
    with opened(text) as file:
        for number, (line, cells) in enumerate(islice(read_records(file, delimiter), _SEARCHED), 1):
            if number == layout.header or (text_in_heading is not None and text_in_heading in map(fold, cells)):
                return cells, number, line
    what = sentence("the heading is not among the first {count} records", count=_SEARCHED)
    raise InputProblem(what, "Correct [layout] header.", value=str(layout.header))


def delimiter_of(text: Path, layout: Layout) -> str:
    """Return the delimiter that divides the heading, and most records after it, into as many cells, at least two.

    Raises InputProblem if none does."""
    agreed: dict[str, list[int]] = {}
    for delimiter in DELIMITERS:
        with suppress(InputProblem), opened(text) as file:  # the count of all records raises it again
            cells, row, _ = heading(text, delimiter, layout)
            if len(cells) > 1:
                agreed[delimiter] = alike = [0, len(cells)]  # records with as many cells; cells
                for _, record in islice(read_records(file, delimiter), row, row + _TRIED):
                    alike[0] += len(record) == len(cells)
    if not agreed:
        if layout.header != 1:
            heading(text, ",", layout)  # which says that it is not there
        what = "there is no heading that is divided by comma, semicolon, tab or |"
        remedy = "Say delimiter = … in dataset.toml, or where the heading is: [layout] header = …"
        with opened(text) as file:
            first, second = (file.readline(LONGEST_RECORD).strip() for _ in range(2))
        if first and not second:
            what, remedy = "the file has one line, and is no table", "Read it: it may be a message of the web site."
        raise InputProblem(what, remedy, line=1, value=first[:80])
    return max(agreed, key=agreed.__getitem__)


def delimiter_by_records(text: Path) -> str:
    """Return the delimiter that divides most of the first records into one number of cells, at least two.

    For a file of which nobody says where the heading is: titles may be above it. Raises InputProblem if none does."""
    agreed = {}
    for delimiter in DELIMITERS:
        with suppress(InputProblem), opened(text) as file:
            widths = Counter(len(cells) for _, cells in islice(read_records(file, delimiter), _LOOKED_AT) if cells[1:])
            for width, records in widths.most_common(1):
                agreed[delimiter] = (records, width)
    return max(agreed, key=agreed.__getitem__) if agreed else delimiter_of(text, Layout())
