"""Parquet: every column as text, read lazily by DuckDB."""

from pathlib import Path

import duckdb

from flows.sources.formats.files.text_file import Head, Kind
from flows.sources.formats.relation import Source, named
from schemas.generated import ddl
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset, Layout

_NESTED = ("STRUCT", "MAP", "UNION", "BLOB")


def handles(head: Head) -> Kind | None:
    """Return the kind of a Parquet file."""
    return Kind("parquet", "Parquet") if head.binary == "parquet" else None


def read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:  # noqa: ARG001
    """Return a Parquet file: numbers with all their digits, days in ISO form; source_row is the row, from 1.

    Raises InputProblem for a file that is not Parquet, and for columns that are no single values."""
    file = ddl.literal(str(path))
    try:
        plain = con.sql(f"SELECT * FROM read_parquet({file})")
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        what = "the file is no Parquet file, or is cut off"
        raise InputProblem(what, "Get the whole file again, or correct format in dataset.toml.") from error
    kinds = [str(kind) for kind in plain.types]
    for name, kind in zip(plain.columns, kinds, strict=True):
        if kind.endswith("]") or kind.startswith(_NESTED):
            remedy = "Write the file with plain columns, or without this one."
            raise InputProblem("a column has lists, structures or bytes, and not single values", remedy, value=name)
    # By place: DuckDB renames the second of two names that differ only in case.
    leaves = con.sql(f"SELECT name FROM parquet_schema({file}) WHERE num_children IS NULL").fetchall()
    places = ", ".join(f"p{place}" for place in range(len(kinds)))
    values = ", ".join(f"{_text(f'p{place}', kind)} AS c{place}" for place, kind in enumerate(kinds))
    rows = f"read_parquet({file}, file_row_number = true) AS file({places}, number)"
    relation = con.sql(f"SELECT {values}, number + 1 AS source_row FROM {rows}")
    return named(Source(tuple(name for (name,) in leaves), relation), dataset.layout or Layout(), path)


def _text(column: str, kind: str) -> str:
    """Return SQL of a value as text; a whole number stored as a float, as years next to blanks are, without its .0."""
    text = f"CAST({column} AS VARCHAR)"
    return f"regexp_replace({text}, '\\.0$', '')" if kind in ("DOUBLE", "FLOAT") else text
