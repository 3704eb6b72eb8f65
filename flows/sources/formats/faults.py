"""How the reader of a format says that a file does not obey it."""

import re
from typing import TYPE_CHECKING

from flows.sources.formats.limits import LONGEST_CELL, LONGEST_RECORD

if TYPE_CHECKING:
    import csv

    import duckdb

TOO_LONG = f"a cell has more than {LONGEST_CELL:,} characters"
SHORTEN = "Shorten the text, or leave the column out."
_OURS = re.compile(r"npa: (.+?)(?:: )(.+)", re.DOTALL)  # by error() in a reader's SQL: what, value


class Malformed(Exception):
    """A file is not what its format asks for: where (line, cell; 0: the whole file), what, the value, what to do."""

    def __init__(self, what: str, remedy: str, *, line: int = 0, cell: str = "", value: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.line = line
        self.cell = cell  # "Sheet1!C7", where a line says too little
        self.value = value


def as_malformed(error: "duckdb.Error") -> Malformed:
    """What DuckDB found wrong with a file, said as a reader says it."""
    text = str(error)
    if fault := csv_fault(error):
        return fault
    if found := _OURS.search(text):
        remedy = SHORTEN if found[1] == TOO_LONG else "Give the data set whole, without it."
        return Malformed(found[1], remedy, value=found[2])
    remedy = "Is it whole, and are format, encoding and delimiter in dataset.toml right?"
    return Malformed(f"the file cannot be read: {text.strip()[:200]}", remedy)


def csv_fault(error: "duckdb.Error") -> Malformed | None:
    """What DuckDB says against a CSV file, as a sentence; None if it is about something else."""
    text = str(error)
    found = re.search(r"CSV Error on Line: (\d+)\s*\n(?:Original Line:(.*?)\n)?(.*)", text, re.DOTALL)
    if not found:
        if "CSV Parser state machine" in text:
            return Malformed("the lines do not all end alike", "Save the file with one kind of line end.")
        return None
    line, value, rest = int(found[1]), (found[2] or "").strip()[:200], found[3]
    if columns := re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", rest):
        what = f"the record has {columns[2]} cells, and the heading {columns[1]}"
        return Malformed(what, "Correct the record, or the delimiter or [layout] end.", line=line, value=value)
    if "quote" in rest:
        what = "a quotation mark is not closed, or not doubled within a cell"
        return Malformed(what, "Correct the quotation marks.", line=line, value=value)
    if "unicode" in rest:
        return Malformed("bytes that are no utf-8", "Say encoding = … in dataset.toml.", line=line)
    if "maximum_line_size" in text or "Maximum line size" in text:
        return record_too_long(line)
    return Malformed("the record cannot be read", "Correct it.", line=line, value=value)


class UnreadableReport(Exception):
    """A file, or a sheet of it, that cannot be read: by which rule, and a sentence for its author."""

    def __init__(self, rule: str, message: str) -> None:
        self.rule, self.message = rule, message
        super().__init__(rule, message)  # which another process can read


def record_too_long(line: int) -> Malformed:
    """A record that is longer than any that is read."""
    what = f"the record is longer than {LONGEST_RECORD:,} bytes"
    return Malformed(what, "Close the quotation mark that may be open there, or shorten the text.", line=line)


def unreadable_record(error: "csv.Error") -> Malformed:
    """What csv.reader says against a record: a cell that is too long, or quotation marks."""
    line = getattr(error, "line", 0)
    if "field limit" in str(error):
        what = f"a cell has more than {LONGEST_CELL:,} characters"
        return Malformed(what, "Close the quotation mark that may be open there, or shorten the text.", line=line)
    what = "a quotation mark is not closed, or not doubled within a cell"
    return Malformed(what, "Correct the quotation marks.", line=line)
