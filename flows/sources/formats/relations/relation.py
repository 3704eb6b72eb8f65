"""What every reader of a format gives, and how it says that a file does not obey its format."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import duckdb

from flows.sources.formats.files.library_errors import SHORTEN, TOO_LONG
from flows.sources.formats.files.limits import LONGEST_CELL
from schemas.generated import ddl
from transforms.errors import InputProblem
from transforms.quality.text import sentence


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read, nothing judged yet: every value as it is printed.

    `relation` has a column c0, c1, … VARCHAR for each of `names` (the producer's columns, dimensions or variables, in
    order; names that differ only in case are two), NULL where the file has nothing, and then `source_row` BIGINT: the
    record of a CSV file (the heading is 1), the row of a sheet, else the observation's place, from 1. Where `first_row`
    is given, there is no such column, and the rows are numbered in their order from it: DuckDB numbers rows in one
    thread only. A relation is lazy: reading it may raise duckdb.Error or InputProblem."""

    names: tuple[str, ...]
    relation: duckdb.DuckDBPyRelation
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # column → code → what the producer calls it
    first_row: int | None = None
    count: int | None = None  # of rows that there must be, where that is known without DuckDB


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
            writer = csv.writer(file, lineterminator="\r\n")
            for number, row in batch:
                if writer.writerow((number, *row, *[None] * (width - len(row)))) > LONGEST_CELL:
                    _check_cells(filter(None, row))
    if not parts:
        parts = [(folder / f"stream-{len(list(folder.glob('stream-*')))}.csv", len(names))]
        parts[0][0].touch()
    files = " UNION ALL BY NAME ".join(f"FROM {_read_csv(path, width)}" for path, width in parts)
    return con.sql(f"SELECT {select(names)}, source_row FROM ({files})")


def _check_cells(cells: Iterable[object]) -> None:
    for text in map(str, cells):
        if len(text) > LONGEST_CELL:
            raise InputProblem(TOO_LONG, SHORTEN, value=text[:60])


def within_limits(source: Source) -> duckdb.DuckDBPyRelation:
    """Return the rows of a source; reading them raises duckdb.Error for a cell of more than LONGEST_CELL characters."""
    cells = [f"c{place}" for place in range(len(source.names))]
    too_long = " OR ".join(f"(strlen({cell}) > {LONGEST_CELL} AND length({cell}) > {LONGEST_CELL})" for cell in cells)
    which = " ".join(f"WHEN strlen({cell}) > {LONGEST_CELL} THEN {cell}" for cell in cells)
    told = f"error('npa: {TOO_LONG}: ' || left(CASE {which} END, 60))"
    return source.relation.filter(f"CASE WHEN {too_long} THEN {told} ELSE true END")


def check_count(con: duckdb.DuckDBPyConnection, rows: str, count: int | None) -> None:
    """Raise InputProblem if the query `rows` gives more or fewer rows than there are: DuckDB may lose one silently."""
    ((read,),) = con.execute(f"SELECT count(*) FROM ({rows})").fetchall()
    if count is not None and read != count:
        what = sentence(
            "the file has {count} records below its heading, and {read} of them can be read",
            count=f"{count:,}",
            read=f"{read:,}",
        )
        remedy = "Look for a very long record, or for quotation marks that do not begin and end a cell."
        raise InputProblem(what, remedy)


def _read_csv(path: Path, width: int) -> str:
    columns = ", ".join(["'source_row': 'BIGINT'", *(f"'c{place}': 'VARCHAR'" for place in range(width))])
    return f"""read_csv({ddl.literal(str(path))}, header = false, auto_detect = false, delim = ',', quote = '"',
                        escape = '"', nullstr = '', new_line = '\\r\\n', columns = {{{columns}}})"""
