"""What DuckDB and the csv module say against a file, as problems of the input."""

import re
from typing import TYPE_CHECKING

from flows.sources.formats.files.limits import LONGEST_CELL, LONGEST_RECORD
from transforms.errors import InputProblem
from transforms.quality.text import sentence

if TYPE_CHECKING:
    import csv

    import duckdb

TOO_LONG = sentence("a cell has more than {limit} characters", limit=f"{LONGEST_CELL:,}")
SHORTEN = "Shorten the text, or leave the column out."
_OURS = re.compile(r"npa: (.+?)(?:: )(.+)", re.DOTALL)  # by error() in a reader's SQL: what, value


def duckdb_problem(error: "duckdb.Error") -> InputProblem:
    """Return the problem of a file that DuckDB could not read."""
    text = str(error)
    if problem := csv_problem(error):
        return problem
    if found := _OURS.search(text):
        if found[1] == TOO_LONG:
            return InputProblem(TOO_LONG, SHORTEN, value=found[2])
        return InputProblem(found[1], "Give the data set whole, without it.", value=found[2])
    remedy = "Is it whole, and are format, encoding and delimiter in dataset.toml right?"
    return InputProblem(sentence("the file cannot be read: {reason}", reason=text.strip()[:200]), remedy)


def csv_problem(error: "duckdb.Error") -> InputProblem | None:
    """Return the problem of a CSV file that DuckDB names; None if the error is about something else."""
    text = str(error)
    found = re.search(r"CSV Error on Line: (\d+)\s*\n(?:Original Line:(.*?)\n)?(.*)", text, re.DOTALL)
    if not found:
        if "CSV Parser state machine" in text:
            return InputProblem("the lines do not all end alike", "Save the file with one kind of line end.")
        return None
    line, value, rest = int(found[1]), (found[2] or "").strip()[:200], found[3]
    if columns := re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", rest):
        what = sentence(
            "the record has {cells} cells, and the heading {headings}", cells=columns[2], headings=columns[1]
        )
        return InputProblem(what, "Correct the record, or the delimiter or [layout] end.", line=line, value=value)
    if "quote" in rest:
        what = "a quotation mark is not closed, or not doubled within a cell"
        return InputProblem(what, "Correct the quotation marks.", line=line, value=value)
    if "unicode" in rest:
        return InputProblem("bytes that are no utf-8", "Say encoding = … in dataset.toml.", line=line)
    if "maximum_line_size" in text or "Maximum line size" in text:
        return record_too_long(line)
    return InputProblem("the record cannot be read", "Correct it.", line=line, value=value)


def record_too_long(line: int) -> InputProblem:
    """Return the problem of a record that is longer than any that is read."""
    what = sentence("the record is longer than {limit} bytes", limit=f"{LONGEST_RECORD:,}")
    remedy = "Close the quotation mark that may be open there, or shorten the text."
    return InputProblem(what, remedy, line=line, rule="record_too_long")


def unreadable_record(error: "csv.Error", line: int) -> InputProblem:
    """Return the problem of a record, which begins in `line`, that csv.reader refused: a cell, or quotation marks."""
    if "field limit" in str(error):
        remedy = "Close the quotation mark that may be open there, or shorten the text."
        return InputProblem(TOO_LONG, remedy, line=line, rule="cell_too_long")
    what = "a quotation mark is not closed, or not doubled within a cell"
    return InputProblem(what, "Correct the quotation marks.", line=line, rule="open_quote")
