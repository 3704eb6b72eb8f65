"""received.csv: on which day each report was received, and under which number it was registered."""

from collections.abc import Collection, Iterator
from datetime import date
from difflib import get_close_matches
from typing import Any
from unicodedata import normalize

from pydantic import Field

from transforms.errors import InputProblem, problem_in
from transforms.quality.text import sentence
from transforms.reports.cells.days import read_dates
from transforms.tables.strict_csv import Cell, TableRow, Text, read_table


class ReceiptRow(TableRow):
    """The receipt of one file."""

    file = "received.csv"
    source_file: Text = Field(alias="file")
    received_on: Text
    registry_number: Cell  # blank: it has none


def read_receipts(data: bytes, path: str, reports: Collection[str]) -> tuple[list[dict[str, Any]], list[InputProblem]]:
    """Return the rows of `dim_report_receipt` that the table at `path` states, and what is wrong with it.

    `reports`: the files that are there."""
    read = list(read_table(ReceiptRow, data, path))
    rows = [row for row in read if isinstance(row, ReceiptRow)]
    days = {text: day for text, (day, _) in read_dates({row.received_on for row in rows}).items()}
    names = {normalize("NFC", name): name for name in reports}  # a Mac writes й as two characters
    receipts = [
        {"source_file": names.get(normalize("NFC", row.source_file)), "received_on": days[row.received_on],
         "registry_number": row.registry_number or None}
        for row in rows
    ]  # fmt: skip
    problems = [row for row in read if isinstance(row, InputProblem)]
    return receipts, [*problems, *_faults(rows, path, names, days)]


def _faults(
    rows: list[ReceiptRow], path: str, names: dict[str, str], days: dict[str, date | None]
) -> Iterator[InputProblem]:
    """Yield the files that are not there, the second row of a file, and the days that cannot be read."""
    lines: dict[str, int] = {}
    for row in rows:
        name = normalize("NFC", row.source_file)
        if name not in names:
            near = _nearest(name, names)
            hint = sentence("The nearest name is {name}. ", name=names[near]) if near else ""
            what = "there is no such report (any more)"
            remedy = "{hint}Write its path like progress/2020/moes.xlsx, or take the row out."
            yield problem_in(path, row.line, what, remedy, row.source_file, hint=hint)
        if (first := lines.setdefault(name, row.line)) != row.line:
            what, remedy = "the file is in line {first} already", "Keep one of the two rows."
            yield problem_in(path, row.line, what, remedy, row.source_file, first=first)
        if days[row.received_on] is None:
            what = "received_on: it is no day that can be read in one way only"
            yield problem_in(path, row.line, what, "Write it like 2020-01-31.", row.received_on)


def _nearest(name: str, names: Collection[str]) -> str | None:
    """Return the path that is most like a name: its own, or else that of a file called so, whatever the capitals.

    >>> _nearest("Moes.XLSX", ["progress/2020/moes.xlsx", "progress/moe.csv"])
    'progress/2020/moes.xlsx'
    """
    paths, files = {known.casefold(): known for known in names}, dict[str, str]()
    for known in names:
        files.setdefault(known.casefold().rpartition("/")[2], known)
    for asked, among in ((name, paths), (name.rpartition("/")[2], files)):
        if close := get_close_matches(asked.casefold(), among, 1):
            return among[close[0]]
    return None
