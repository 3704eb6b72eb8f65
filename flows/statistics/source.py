"""What every reader of a format gives, and how it says that a file does not obey its format."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import duckdb

from schemas import ddl


class Malformed(Exception):
    """A file is not what its format asks for: where (line, cell; 0: the whole file), what, the value, what to do."""

    def __init__(self, what: str, remedy: str, *, line: int = 0, cell: str = "", value: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.line = line
        self.cell = cell  # "Sheet1!C7", where a line says too little
        self.value = value


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read, nothing judged yet: every value as it is printed.

    `relation` has a column c0, c1, … VARCHAR for each of `names` (the producer's columns, dimensions or variables, in
    order; names that differ only in case are two), NULL where the file has nothing, and then `source_row` BIGINT: the
    record of a CSV file (the heading is 1), the row of a sheet, else the observation's place, from 1. Where `first_row`
    is given, there is no such column, and the rows are numbered in their order from it: DuckDB numbers rows in one
    thread only. A relation is lazy: reading it may raise duckdb.Error or Malformed."""

    names: tuple[str, ...]
    relation: duckdb.DuckDBPyRelation
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # column → code → what the producer calls it
    first_row: int | None = None


def select(names: Sequence[str]) -> str:
    """The names of a relation's columns, in SQL."""
    return ", ".join(f"c{place}" for place in range(len(names)))


def streamed(
    con: duckdb.DuckDBPyConnection, folder: Path, names: Sequence[str], rows: Iterable[Sequence[str | None]]
) -> duckdb.DuckDBPyRelation:
    """A relation of rows that come one by one, written aside in `folder` so that memory stays flat; the n-th has
    source_row n. `names` may grow while the rows come: a row has NULL in the columns that came later. (A file has the
    columns known after its first 1,000 rows; what comes later begins another.)"""
    parts: list[tuple[Path, int]] = []
    numbered = enumerate(rows, 1)
    while batch := list(islice(numbered, 1_000)):
        if not parts or parts[-1][1] != len(names):
            parts.append((folder / f"stream-{len(list(folder.glob('stream-*')))}.csv", len(names)))
        path, width = parts[-1]
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\r\n").writerows(
                (number, *row, *[None] * (width - len(row))) for number, row in batch
            )
    if not parts:
        parts = [(folder / f"stream-{len(list(folder.glob('stream-*')))}.csv", len(names))]
        parts[0][0].touch()
    files = " UNION ALL BY NAME ".join(f"FROM {_read_csv(path, width)}" for path, width in parts)
    return con.sql(f"SELECT {select(names)}, source_row FROM ({files})")


def _read_csv(path: Path, width: int) -> str:
    columns = ", ".join(["'source_row': 'BIGINT'", *(f"'c{place}': 'VARCHAR'" for place in range(width))])
    return f"""read_csv({ddl.literal(str(path))}, header = false, auto_detect = false, delim = ',', quote = '"',
                        escape = '"', nullstr = '', new_line = '\\r\\n', columns = {{{columns}}})"""


_OURS = re.compile(r"npa: (.+?)(?:: )(.+)", re.DOTALL)  # by error() in a reader's SQL: what, value


def as_malformed(error: duckdb.Error) -> Malformed:
    """What DuckDB found wrong with a file, said as a reader says it."""
    from flows.statistics.text_file import csv_fault

    text = str(error)
    if fault := csv_fault(error):
        return fault
    if found := _OURS.search(text):
        return Malformed(found[1], "Give the data set whole, without it.", value=found[2])
    remedy = "Is it whole, and are format, encoding and delimiter in dataset.toml right?"
    return Malformed(f"the file cannot be read: {text.strip()[:200]}", remedy)
