"""The limits of a file, a record and a cell, for all readers, and the problems of what is refused.

The limits of an unpacked workbook are in workbook/guards.py."""

import re
from typing import TYPE_CHECKING

from transforms.errors import InputProblem
from transforms.quality.catalogue import message_of
from transforms.quality.text import sentence

if TYPE_CHECKING:
    import csv

    import duckdb

LARGEST_FILE = 8 << 30  # bytes, read in pieces: ten million observations are 611 MB of SDMX-CSV, 5 GB of Generic
LARGEST_IN_MEMORY = 200 << 20  # bytes, held in memory at ten times the size: JSON-stat, tables of [layout.labels]
LARGEST_WORKBOOK = 20 << 20  # bytes of a zip; LARGEST_INSIDE in workbook/guards.py is what may be in it
LARGEST_RATIO, NO_BOMB = 200, 50 << 20  # of what is unpacked, to its size; fewer bytes may be anything
LONGEST_CELL = 131_072  # characters: the default of Python's csv. Excel takes 32,767; more is an open quotation mark
LONGEST_RECORD = 2_000_000  # bytes of a record, and of a line: what DuckDB takes. It may lose a longer one silently
TOO_LONG = sentence("a cell has more than {limit} characters", limit=f"{LONGEST_CELL:,}")
NAMELESS = sentence("a record has a cell in a column that the heading does not name")
SHORTEN = "Shorten the text, or leave the column out."
_REMEDY = "Close the quotation mark that may be open there, or shorten the text."
_OURS = re.compile(r"npa: (.+?): (.+)", re.DOTALL)  # by error() in a reader's SQL: problem, value
_CSV = re.compile(r"CSV Error on Line: (\d+)\s*\n(?:Original Line:(.*?)\n)?(.*)", re.DOTALL)
_WIDTHS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")


def size_of(count: int) -> str:
    """Return a number of bytes as people read it.

    >>> size_of(8 << 30), size_of(200 << 20)
    ('8 GB', '200 MB')
    """
    return f"{count >> 30} GB" if count >= 1 << 30 else f"{count >> 20} MB"


def problem(what: str, value: str | None, remedy: str, /, *, line: int = 0, **arguments: object) -> InputProblem:
    """Return the problem of a file; `arguments` fill its sentence `what`."""
    return InputProblem(sentence(what, **arguments), remedy, line=line, value=value)


def refusal(rule: str, variant: str = "", /, **arguments: str | int) -> InputProblem:
    """Return the problem of a file or sheet that a rule of the catalogue refuses; `arguments` fill its sentence.

    What is wrong and what to do about it are the two sides of the sentence's first colon. Raises CatalogueError for
    what the catalogue does not have."""
    message = message_of(rule, variant, **arguments)
    what, remedy = message.halves
    return InputProblem(what, remedy, rule=rule, message=message)


def duckdb_problem(error: "duckdb.Error") -> InputProblem:
    """Return the problem of a file that DuckDB could not read."""
    text = str(error)
    if match := _CSV.search(text):
        return _csv_problem(int(match[1]), (match[2] or "").strip()[:200], match[3])
    if "CSV Parser state machine" in text:
        return InputProblem("the lines do not all end alike", "Save the file with one kind of line end.")
    if ours := _OURS.search(text):
        if ours[1] == TOO_LONG:
            return InputProblem(TOO_LONG, SHORTEN, value=ours[2])
        if ours[1] == NAMELESS:
            return InputProblem(NAMELESS, "Name the column in the heading, or empty the cell.", value=ours[2])
        return InputProblem(ours[1], "Give the data set whole, without it.", value=ours[2])
    remedy = "Is it whole, and are format, encoding and delimiter in dataset.toml right?"
    return problem("the file cannot be read: {reason}", None, remedy, reason=text.strip()[:200])


def _csv_problem(line: int, value: str, reason: str) -> InputProblem:
    """Return the problem of a record that DuckDB names."""
    if widths := _WIDTHS.search(reason):
        what = "the record has {cells} cells, and the heading {headings}"
        remedy = "Correct the record, or the delimiter or [layout] end."
        return problem(what, value, remedy, line=line, cells=widths[2], headings=widths[1])
    if "quote" in reason:
        what = "a quotation mark is not closed, or not doubled within a cell"
        return InputProblem(what, "Correct the quotation marks.", line=line, value=value)
    if "unicode" in reason:
        return InputProblem("bytes that are no utf-8", "Say encoding = … in dataset.toml.", line=line)
    if "maximum_line_size" in reason or "Maximum line size" in reason:
        return record_too_long(line)
    return InputProblem("the record cannot be read", "Correct it.", line=line, value=value)


def record_too_long(line: int) -> InputProblem:
    """Return the problem of a record that is longer than any that is read."""
    what = sentence("the record is longer than {limit} bytes", limit=f"{LONGEST_RECORD:,}")
    return InputProblem(what, _REMEDY, line=line, rule="record_too_long")


def unreadable_record(error: "csv.Error", line: int) -> InputProblem:
    """Return the problem of a record, which begins in `line`, that csv.reader refused: a cell, or quotation marks."""
    if "field limit" in str(error):
        return InputProblem(TOO_LONG, _REMEDY, line=line, rule="cell_too_long")
    what = "a quotation mark is not closed, or not doubled within a cell"
    return InputProblem(what, "Correct the quotation marks.", line=line, rule="open_quote")
