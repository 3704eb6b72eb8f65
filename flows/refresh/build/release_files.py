"""Build a release in a folder: DuckDB file, Parquet files, descriptions. Then read it back."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from flows.refresh.build.connection import SPILL, in_memory, open_release, use_release
from flows.refresh.build.database import Contents, count_contents, fill
from flows.refresh.build.indicators import cache_indicators
from flows.refresh.cache import NO_CACHE, Cache
from flows.sources.files import Inputs, described_inputs
from flows.sources.input_file import InputFile
from flows.sources.statistics.result import Statistics
from schemas.generated import ddl
from schemas.generated.data_dictionary import data_package
from schemas.model import Table
from schemas.tables import TABLES
from transforms.errors import BrokenRelease
from transforms.sql import statements

# The judgements in short, for quality_report.json: how many of each kind in each document, with one for an example.
_QUALITY = """
SELECT document_id, severity, rule, action, count(*) AS issues, min(line_number) AS first_line,
       arg_min(message, issue_id) AS example
FROM quality_issue GROUP BY ALL ORDER BY ALL"""


def make_database(
    path: Path,
    frames: Mapping[str, pd.DataFrame],
    statistics: Statistics,
    release: Mapping[str, Any],
    reports: Mapping[str, InputFile],
    cache: Cache = NO_CACHE,
) -> Contents:
    """Write the database of a release to the file `path`."""
    path.unlink(missing_ok=True)  # of a try before this one
    with open_release(path) as con:
        computed = fill(con, frames, statistics, release, reports, cache)
        cache_indicators(con, cache, computed, path.parent)
        contents = count_contents(con)
        con.execute("CHECKPOINT npa")  # which closing does too, without a word should it fail
    shutil.rmtree(path.with_name(SPILL), ignore_errors=True)
    return contents


def describe_release(
    folder: Path, release: Mapping[str, Any], inputs: Inputs, made: Contents, more: Mapping[str, Any]
) -> None:
    """Write the Parquet files and descriptions of the database in `folder`, and check all by reading it back.

    `more`: what else the manifest says."""
    with in_memory() as con:
        con.execute(f"ATTACH {_path(folder / 'npa.duckdb')} AS npa (READ_ONLY)")
        use_release(con)
        _write_parquet(con, folder / "parquet")
        rows, quality = read_back(con, folder, made.rows)
    _write_descriptions(folder, release, described_inputs(inputs, made.sources), rows, quality, more)


def _path(path: Path) -> str:
    return ddl.literal(str(path))


def _written(table: Table) -> bool:
    """Whether the table is one file. `fact_statistic` is a folder, one partition a data set, made while they are read
    (flows/sources/statistics); without data there is none."""
    return table.is_constrained


def _files(table: Table, folder: Path) -> list[Path]:
    """The Parquet files of a table in the folder of a release."""
    if _written(table):
        return [folder / "parquet" / f"{table.name}.parquet"]
    return sorted((folder / "parquet" / table.name).glob("*/*.parquet"))


def _source(table: Table, files: list[Path]) -> str:
    """SQL: what the Parquet files of a table hold, with the columns of the table."""
    names = ", ".join(table.column_names)
    paths = ", ".join(map(_path, files))
    # Without autocast: a data set of the name 16-9-1 is no day, and one of the name 2019 no number.
    hive = f"hive_partitioning = {str(not _written(table)).lower()}, hive_types_autocast = false"
    return f"(SELECT {names} FROM read_parquet([{paths}], {hive}))"


def _write_parquet(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Every table in the order of its key, so that the same rows are the same bytes."""
    folder.mkdir(exist_ok=True)  # of a try before this one, or of data sets
    # A column that once had a NULL, in rows taken out since, would be written in other bytes than one that never had.
    con.execute("SET disabled_optimizers = 'statistics_propagation'")
    con.execute(";".join(_copy(table, folder) for table in filter(_written, TABLES.values())))
    con.execute("RESET disabled_optimizers")


def _copy(table: Table, folder: Path) -> str:
    order = "" if table.is_bulk else f" ORDER BY {', '.join(table.key)}"  # bulk is stored in its order
    return f"COPY (FROM {table.name}{order}) TO {_path(folder / f'{table.name}.parquet')} {ddl.as_parquet(table)}"


def read_back(
    con: duckdb.DuckDBPyConnection, folder: Path, wanted: Mapping[str, int]
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Open what was written as a reader does: the same rows in DuckDB and Parquet, as many as went in, and every view
    is there. Returns rows by table, and the judgements in short."""
    files = {table.name: _files(table, folder) for table in TABLES.values()}
    names = [name for name in files if files[name]]
    stored = _digests(con, {name: name for name in names})
    parquet = _digests(con, {name: _source(TABLES[name], files[name]) for name in names})
    for name in names:
        if stored[name] != parquet[name] or stored[name][0] != wanted[name]:
            raise BrokenRelease(
                f"{name}: {wanted[name]} rows went in; DuckDB has {stored[name]}, Parquet {parquet[name]}"
            )
    views = con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    if {name for (name,) in views} != {view.name for view in statements("views")}:
        raise BrokenRelease(f"the views in the file are {views}")
    quality = con.execute(_QUALITY)
    columns = [column[0] for column in quality.description]
    found = [dict(zip(columns, row, strict=True)) for row in quality.fetchall()]
    return {name: stored[name][0] for name in names}, found


def _digests(con: duckdb.DuckDBPyConnection, sources: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Count of rows, and a sum over their hashes, of each source by name."""
    each = [f"SELECT '{name}', count(*), sum(hash(t)) FROM {source} AS t" for name, source in sources.items()]
    return {name: (count, digest) for name, count, digest in con.execute(" UNION ALL ".join(each)).fetchall()}


def _write_descriptions(
    folder: Path,
    release: Mapping[str, Any],
    inputs: list[dict[str, Any]],
    rows: Mapping[str, int],
    quality: list[dict[str, Any]],
    more: Mapping[str, Any],
) -> None:
    described = {k: v.isoformat() if isinstance(v, date) else v for k, v in release.items()}
    created = str(described["published_at"]) + "Z"
    package = data_package("npa", str(release["software_version"]), created, rows)
    _write_json(folder / "datapackage.json", package)
    _write_json(folder / "quality_report.json", described | {"issues": quality})
    (folder / "manifest.json").unlink(missing_ok=True)  # of a try before this one
    hashes = {path: _sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    manifest = {
        **described,
        **more,
        "inputs": inputs,
        "outputs": [
            {"table": name, "path": str(path.relative_to(folder)), "rows": _rows(path), "sha256": hashes[path]}
            for name in rows
            for path in _files(TABLES[name], folder)
        ],
        "files": [
            {"path": str(path.relative_to(folder)), "bytes": path.stat().st_size, "sha256": sha}
            for path, sha in hashes.items()
        ],
    }
    _write_json(folder / "manifest.json", manifest)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _rows(path: Path) -> int:
    (found,) = duckdb.execute("SELECT num_rows FROM parquet_file_metadata($path)", {"path": str(path)}).fetchall()
    return int(found[0])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
