"""The way of CSV files and workbooks from a grid of cells to a Source, by [layout] of dataset.toml."""

from dataclasses import replace
from pathlib import Path

import duckdb

from flows.sources.formats.relations.relation import Source, select, streamed
from schemas.generated import ddl
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset, Layout
from transforms.statistics.layouts.grid import Grid
from transforms.statistics.layouts.laid_out import laid_out_table
from transforms.statistics.layouts.tidy import tidy_table, unpivoted, value_columns


def source_of(
    con: duckdb.DuckDBPyConnection, folder: Path, path: Path, table: Grid, dataset: Dataset, sheet: str
) -> Source:
    """Return the observations of a table; `sheet` is its name, "" for a CSV file.

    Raises InputProblem if the table is not as [layout] says."""
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
        relation = streamed(con, folder, names, rows)
    except InputProblem as problem:
        raise problem.in_sheet(sheet) from problem
    return named(Source(names, relation), layout, path)


def across_names(names: tuple[str, ...], places: list[int], across: str) -> tuple[str, ...]:
    """Return the columns of a table after its values, which stood across in the columns `places`, became rows."""
    return (*(name for place, name in enumerate(names) if place not in places), across, "OBS_VALUE")


def named(source: Source, layout: Layout, path: Path) -> Source:
    """Return the source with the columns that the file's name gives.

    Raises InputProblem for a name that does not match [layout] file_name."""
    if layout.file_name is None:
        return source
    parts = layout.file_values(path.name)
    if parts is None:
        what = "the file's name is not of the pattern that [layout] file_name gives"
        raise InputProblem(what, "Correct file_name or files in dataset.toml, or rename the file.", value=path.name)
    values = ", ".join(f"{ddl.literal(value)} AS c{n}" for n, value in enumerate(parts.values(), len(source.names)))
    row = "" if source.first_row else ", source_row"
    relation = source.relation.select(f"{select(source.names)}, {values}{row}")
    return replace(source, names=(*source.names, *parts), relation=relation)
