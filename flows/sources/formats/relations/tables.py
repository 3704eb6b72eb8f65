"""What CSV and Excel tables share: from a grid of cells to a Source, by [layout] of dataset.toml."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from flows.sources.formats.relations.relation import Source, select, streamed
from schemas.generated import ddl
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.statistics.dataset.layout import Layout
from transforms.statistics.layouts.grid import Grid
from transforms.statistics.layouts.laid_out import laid_out_table
from transforms.statistics.layouts.tidy import Numbered, tidy_table, unpivoted, value_columns


def source_of(
    con: duckdb.DuckDBPyConnection, folder: Path, path: Path, table: Grid, dataset: Dataset, sheet: str
) -> Source:
    """The observations of a table; `sheet` is its name, "" for a CSV file. Raises InputProblem for what [layout] does
    not tell."""
    layout = dataset.layout or Layout()
    try:
        if layout.is_laid_out:
            names, rows = laid_out_table(table, layout, dataset.marks)
        else:
            names, rows = tidy_table(table, layout)
            if layout.across:
                places = value_columns(names, dataset)
                rows = unpivoted(rows, names, places)
                names = across_names(names, places, layout.across)
        relation = _numbered(con, folder, names, rows)
    except InputProblem as problem:
        raise problem.in_sheet(sheet) from problem
    return named(Source(names, relation), layout, path)


def across_names(names: tuple[str, ...], places: list[int], across: str) -> tuple[str, ...]:
    """The columns of a table whose values stood across."""
    return (*(name for place, name in enumerate(names) if place not in places), across, "OBS_VALUE")


def _numbered(
    con: duckdb.DuckDBPyConnection, folder: Path, names: tuple[str, ...], rows: Iterator[Numbered]
) -> duckdb.DuckDBPyRelation:
    """A relation of rows that bring their own numbers."""
    with_number = ([*cells, str(number)] for number, cells in rows)
    relation = streamed(con, folder, [*names, "row"], with_number)
    return relation.select(f"{select(names)}, CAST(c{len(names)} AS BIGINT) AS source_row")


def named(source: Source, layout: Layout, path: Path) -> Source:
    """The source with the columns that the file's name gives. Raises InputProblem for a name of another pattern."""
    if layout.file_name is None:
        return source
    given = layout.file_values(path.name)
    if given is None:
        what = "the file's name is not of the pattern that [layout] file_name gives"
        raise InputProblem(what, "Correct file_name or files in dataset.toml, or rename the file.", value=path.name)
    values = ", ".join(f"{ddl.literal(value)} AS c{n}" for n, value in enumerate(given.values(), len(source.names)))
    rest = "" if source.first_row else ", source_row"
    relation = source.relation.select(f"{select(source.names)}, {values}{rest}")
    return Source((*source.names, *given), relation, source.labels, source.first_row)
