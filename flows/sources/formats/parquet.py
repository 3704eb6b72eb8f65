"""Parquet: every column as text, read lazily by DuckDB."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from flows.sources.formats.files.text_file import Head, Kind
from flows.sources.formats.relation import Source, named
from schemas.generated import ddl
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Dataset, Layout
from transforms.text.toml import key

_FRACTION = re.compile(r"FLOAT|DOUBLE|DECIMAL\(.*\)")
_SINGLE = re.compile(  # not STRUCT(a INTEGER), INTEGER[], BLOB, GEOMETRY, VARIANT, INTERVAL, JSON
    r"BOOLEAN|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\([\d,]+\)|VARCHAR|ENUM\(.*\)|UUID|DATE"
    r"|TIME(STAMP)?(_\w+)?( WITH TIME ZONE)?"
)


def handles(head: Head) -> Kind | None:
    """Return the kind of a Parquet file."""
    return Kind("parquet", "Parquet") if head.binary == "parquet" else None


def read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:  # noqa: ARG001
    """Return a Parquet file: numbers with all their digits and the decimal mark of dataset.toml, NaN as missing, days
    in ISO form, moments in UTC; source_row is the row, from 1. A column of no single values that [concepts] sets aside
    is empty.

    Raises InputProblem for a file that is not Parquet, and for other columns of no single values."""
    file = f"{ddl.literal(str(path))}, hive_partitioning = false"  # a folder may be called dataset_id=…
    try:
        kinds = [str(kind) for kind in con.sql(f"SELECT * FROM read_parquet({file})").types]
        listed = con.execute(f"SELECT name, num_children FROM parquet_schema({ddl.literal(str(path))})").fetchall()
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        what = "the file is no Parquet file, or is cut off"
        raise InputProblem(what, "Get the whole file again, or correct format in dataset.toml.") from error
    names = tuple(_columns(listed))  # DuckDB renames the second of two names that differ only in case
    for name, kind in zip(names, kinds, strict=True):
        if not _SINGLE.fullmatch(kind) and dataset.concepts.get(name) != "":
            what = sentence("a column has values of the type {type}, and not single texts or numbers", type=kind[:60])
            remedy = sentence('Set it aside in dataset.toml: [concepts] {name} = "".', name=key(name))
            raise InputProblem(what, remedy, value=name)
    places = ", ".join(f"p{place}" for place in range(len(kinds)))
    values = "".join(f"{_text(f'p{place}', kind, dataset)} AS c{place}, " for place, kind in enumerate(kinds))
    rows = f"read_parquet({file}, file_row_number = true) AS file({places}, number)"
    relation = con.sql(f"SELECT {values}number + 1 AS source_row FROM {rows}")
    return named(Source(names, relation), dataset.layout or Layout(), path)


def _columns(listed: Sequence[tuple[str, int | None]]) -> Iterator[str]:
    """Yield the names of the columns. `listed`: each element of the schema, which its own elements follow."""
    ends = 0  # the place after the elements of the column
    for place, (name, children) in enumerate(listed[1:]):  # the first is the whole
        if place == ends:
            yield name
            ends += 1
        ends += children or 0


def _text(column: str, kind: str, dataset: Dataset) -> str:
    """Return SQL of a value as text; a whole number stored as a float, as years next to blanks are, without its .0."""
    text = f"CAST({column} AS VARCHAR)"
    if not _SINGLE.fullmatch(kind):
        return "NULL::VARCHAR"
    if kind.endswith("WITH TIME ZONE"):
        return f"CAST({column} AT TIME ZONE 'UTC' AS VARCHAR) || '+00'"
    if kind in ("DOUBLE", "FLOAT"):
        text = f"CASE WHEN NOT isnan({column}) THEN regexp_replace({text}, '\\.0$', '') END"
    return f"replace({text}, '.', ',')" if dataset.decimal == "," and _FRACTION.fullmatch(kind) else text
