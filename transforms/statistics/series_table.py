"""series.csv: the theme of a series, whom it is about, and what its figures come from, each judged by a person."""

from collections.abc import Collection, Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from transforms.errors import InputProblem, problem_in
from transforms.tables.strict_csv import Cell, TableRow, Text, read_table


class SeriesRow(TableRow):
    """What a series is about."""

    file = "series.csv"
    statistic_id: Text
    theme: Annotated[Cell, Field(pattern="^[A-Z0-9-]*$")]  # blank: none
    population: Literal[
        "children", "younger_children", "older_children", "youth", "adults", "all_ages", "institutions", "other"
    ]
    source_kind: Literal["survey", "census", "register", "model", ""]  # blank: it depends on the producer
    reason: Text


def read_series(
    data: bytes, path: str, known: Collection[str] | None
) -> tuple[list[dict[str, Any]], list[InputProblem]]:
    """Return what the table at `path` says of each series, and what is wrong with it.

    `known`: every series; None: any may be one."""
    read = list(read_table(SeriesRow, data, path))
    rows = [row for row in read if isinstance(row, SeriesRow)]
    problems = [row for row in read if isinstance(row, InputProblem)]
    judged = [{name: cell or None for name, cell in row.model_dump(exclude={"line"}).items()} for row in rows]
    return judged, [*problems, *_faults(rows, path, known)]


def _faults(rows: list[SeriesRow], path: str, known: Collection[str] | None) -> Iterator[InputProblem]:
    """Yield the series that nobody knows, and the second row of a series."""
    lines: dict[str, int] = {}
    for row in rows:
        first = lines.setdefault(row.statistic_id, row.line)
        if known is not None and row.statistic_id not in known:
            what = "the series is in no list of npa, and no data set or plan defines it (any more)"
            yield problem_in(path, row.line, what, "Put the code right, or take the row out.", row.statistic_id)
        if first != row.line:
            what, remedy = "the series is in line {first} already", "Keep one of the two rows."
            yield problem_in(path, row.line, what, remedy, row.statistic_id, first=first)
