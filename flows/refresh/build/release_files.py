"""The files of a release in a folder: DuckDB file, Parquet files, descriptions; all of them are read back."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from flows.refresh.build.database import Contents, open_release
from flows.releases.manifest import sha256_of
from flows.sources.files import Inputs, described_inputs
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


def describe_release(
    folder: Path, release: Mapping[str, Any], inputs: Inputs, contents: Contents, removals: Mapping[str, Any]
) -> None:
    """Write the Parquet files and descriptions of the database in `folder`, and check all by reading it back.
    `removals` is what the manifest says of sources that were removed."""
    (folder / "parquet").mkdir(exist_ok=True)  # of an earlier attempt, or of data sets
    with open_release(folder / "npa.duckdb", is_read_only=True) as con:
        # The schema of a Parquet file must not depend on its rows: a column without NULLs would be a required one.
        con.execute("SET disabled_optimizers = 'statistics_propagation'")
        con.execute(";".join(_copy(table, folder) for table in TABLES.values() if not table.is_partitioned))
        con.execute("RESET disabled_optimizers")
        files = {name: paths for name, table in TABLES.items() if (paths := _files(table, folder))}
        _read_back(con, files, contents.rows)
        issues = [issue for (issue,) in con.execute(f"SELECT issue FROM ({_QUALITY}) AS issue").fetchall()]
    described = {k: v.isoformat() if isinstance(v, date) else v for k, v in release.items()}
    version, created = str(release["software_version"]), f"{described['published_at']}Z"
    rows = {name: contents.rows[name] for name in files}
    _write_json(folder / "datapackage.json", data_package("npa", version, created, rows))
    _write_json(folder / "quality_report.json", described | {"issues": issues})
    sources = described_inputs(inputs, contents.sources)
    _write_json(
        folder / "manifest.json", {**described, **removals, "inputs": sources, **_described_files(folder, files)}
    )


def _copy(table: Table, folder: Path) -> str:
    """Return SQL that writes a table in the order of its key, so that the same rows are the same bytes."""
    is_in_order = table.is_bulk or not table.is_constrained  # it is stored so
    order = "" if is_in_order else f" ORDER BY {', '.join(table.key)}"
    path = ddl.literal(str(folder / "parquet" / f"{table.name}.parquet"))
    return f"COPY (FROM {table.name}{order}) TO {path} {ddl.as_parquet(table)}"


def _files(table: Table, folder: Path) -> list[Path]:
    """Return the Parquet files of a table: of `fact_statistic` one for each data set (flows/sources/statistics)."""
    if not table.is_partitioned:
        return [folder / "parquet" / f"{table.name}.parquet"]
    return sorted((folder / "parquet" / table.name).glob("*/*.parquet"))


def _read_back(con: duckdb.DuckDBPyConnection, files: Mapping[str, list[Path]], rows: Mapping[str, int]) -> None:
    """Raise BrokenRelease unless DuckDB and Parquet have the same rows, as many as went in, and every view is there."""
    stored = _digests(con, {name: name for name in files})
    parquet = _digests(con, {name: _rows_of(TABLES[name], paths) for name, paths in files.items()})
    for name, digest in stored.items():
        if digest != parquet[name] or digest[0] != rows[name]:
            raise BrokenRelease(f"{name}: {rows[name]} rows went in; DuckDB has {digest}, Parquet {parquet[name]}")
    views = {name for (name,) in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()}
    if views != {view.name for view in statements("views")}:
        raise BrokenRelease(f"the views in the file are {sorted(views)}")


def _digests(con: duckdb.DuckDBPyConnection, sources: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Return the count of rows, and a sum over their hashes, of each source by name."""
    queries = [f"SELECT '{name}', count(*), sum(hash(t)) FROM {source} AS t" for name, source in sources.items()]
    return {name: (count, digest) for name, count, digest in con.execute(" UNION ALL ".join(queries)).fetchall()}


def _rows_of(table: Table, files: list[Path]) -> str:
    """Return SQL for the rows of the Parquet files of a table, with the columns of the table."""
    paths = ", ".join(ddl.literal(str(path)) for path in files)
    # Without autocast: a data set of the name 16-9-1 is no day, and one of the name 2019 no number.
    hive = f"hive_partitioning = {str(table.is_partitioned).lower()}, hive_types_autocast = false"
    return f"(SELECT {', '.join(table.column_names)} FROM read_parquet([{paths}], {hive}))"


def _described_files(folder: Path, files: Mapping[str, list[Path]]) -> dict[str, Any]:
    """Return what the manifest says of the files of tables, and of all files."""
    (folder / "manifest.json").unlink(missing_ok=True)  # of an earlier attempt
    hashes = {path: sha256_of(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    paths = [(name, path) for name in files for path in files[name]]
    counts = dict(duckdb.execute("SELECT file_name, num_rows FROM parquet_file_metadata($paths)",
                                 {"paths": [str(path) for _, path in paths]}).fetchall())  # fmt: skip
    return {
        "outputs": [
            {"table": name, "path": str(p.relative_to(folder)), "rows": counts[str(p)], "sha256": hashes[p]}
            for name, p in paths
        ],
        "files": [
            {"path": str(p.relative_to(folder)), "bytes": p.stat().st_size, "sha256": sha} for p, sha in hashes.items()
        ],
    }


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
