"""Build a release in a folder: DuckDB file, Parquet files, descriptions. Then read it back."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from schemas import ddl
from schemas.dictionary import data_package, shared_descriptions, table_rows
from schemas.table import Table
from schemas.tables import TABLES
from transforms.statements import Statement, statements
from transforms.tabulate import frame
from transforms.validate import check_table

# Readers have DuckDB 1.4 (R, DBeaver): the file is written in the format that 1.4 opens.
_STORAGE_VERSION = "v1.4.0"
_NEWER_THAN_VIEWS = "data_dictionary"  # describes the views, so it is filled when they are there

# The judgements in short, for quality_report.json: how many of each kind in each document, with one for an example.
_QUALITY = """
SELECT document_id, severity, rule, action, count(*) AS issues, min(line_number) AS first_line,
       arg_min(message, issue_id) AS example
FROM quality_issue GROUP BY ALL ORDER BY ALL"""


class BrokenRelease(Exception):
    """What was written is not what was to be written: a fault of npa or of the disk."""


def build(
    folder: Path, frames: Mapping[str, pd.DataFrame], release: Mapping[str, Any], inputs: Mapping[str, str]
) -> None:
    """Write and check a whole release into `folder`; `release` is the row of the table, `inputs` path → sha256."""
    everything = {**frames, "release": frame(TABLES["release"], {k: [v] for k, v in release.items()})}
    with duckdb.connect(config={"python_enable_replacements": False}) as con:
        con.execute(f"ATTACH {_path(folder / 'npa.duckdb')} AS npa (STORAGE_VERSION '{_STORAGE_VERSION}')")
        con.execute("USE npa")
        con.execute("BEGIN")
        con.execute(";".join(map(ddl.create_table, TABLES.values())))
        views = statements("views")
        _create_views(con, views)
        everything[_NEWER_THAN_VIEWS] = _dictionary(con, views)
        _comment(con, views, everything[_NEWER_THAN_VIEWS])
        for name in ("release", _NEWER_THAN_VIEWS):
            _check(TABLES[name], everything[name])
        for table in TABLES.values():
            _insert(con, table, everything[table.name])
        con.execute("COMMIT")
        _write_parquet(con, folder / "parquet")
        con.execute("USE memory")
        con.execute("DETACH npa")
        rows, quality = read_back(con, folder, {name: len(rows) for name, rows in everything.items()})
    _write_descriptions(folder, release, inputs, rows, quality)


def _create_views(con: duckdb.DuckDBPyConnection, views: list[Statement]) -> None:
    con.execute(";".join(f"CREATE VIEW {view.name} AS {view.sql}" for view in views))


def _comment(con: duckdb.DuckDBPyConnection, views: list[Statement], dictionary: pd.DataFrame) -> None:
    """Comments on every table, view and column: for columns of views as the dictionary has them."""
    comments = [comment for table in TABLES.values() for comment in ddl.comments(table)]
    comments += [ddl.comment("VIEW", view.name, view.description) for view in views]
    of_views = dictionary[dictionary["table_name"].isin([view.name for view in views])]
    for table, column, text in of_views[["table_name", "column_name", "description"]].itertuples(index=False):
        comments.append(ddl.comment("COLUMN", f"{table}.{column}", text))
    con.execute(";".join(comments))


def describe(view: Statement, column: str, shared: Mapping[str, str]) -> str:
    """Description of a view's column: its own, or that of the tables' column of the same name."""
    try:
        return view.columns.get(column) or shared[column]
    except KeyError:
        raise BrokenRelease(f"{view.name}.{column} is described nowhere: add it to the header of the view") from None


def _dictionary(con: duckdb.DuckDBPyConnection, views: list[Statement]) -> pd.DataFrame:
    """`data_dictionary`: the tables as the models have them, the views as the database has them."""
    rows = list(table_rows())
    shared = shared_descriptions()
    by_name = {view.name: view for view in views}
    of_views = con.execute("""SELECT table_name, column_name, column_index, data_type FROM duckdb_columns()
                              WHERE table_name IN $views ORDER BY ALL""", {"views": list(by_name)})  # fmt: skip
    for name, column, position, sql_type in of_views.fetchall():
        rows.append(
            {
                "table_name": name,
                "column_name": column,
                "position": position,
                "data_type": sql_type,
                "is_nullable": True,
                "key": None,
                "description": describe(by_name[name], column, shared),
                "unit": None,
            }
        )
    return frame(TABLES["data_dictionary"], {k: [row[k] for row in rows] for k in rows[0]})


def _check(table: Table, rows: pd.DataFrame) -> None:
    problems = list(check_table(table, rows))
    if problems:
        raise BrokenRelease("; ".join(map(str, problems)))


def _insert(con: duckdb.DuckDBPyConnection, table: Table, rows: pd.DataFrame) -> None:
    """Rows in the order of the key; those that refer to a row of their own table after the others."""
    if rows.empty:
        return
    con.register("incoming", rows)
    own = [c.name for c in table.columns if c.references and c.references[0] == table.name]
    passes = [f"WHERE {own[0]} IS NULL", f"WHERE {own[0]} IS NOT NULL"] if own else [""]
    for where in passes:
        names = ", ".join(table.column_names)
        con.execute(f"INSERT INTO {table.name} SELECT {names} FROM incoming {where} ORDER BY {', '.join(table.key)}")
    con.unregister("incoming")


def _path(path: Path) -> str:
    return ddl.literal(str(path))


def parquet_path(table: Table) -> str:
    """Where a table's Parquet file stands inside a release."""
    return f"parquet/{table.name}.parquet"


def _published(table: Table) -> bool:
    """`fact_statistic` is a folder, one partition a data set; without data there is none."""
    return table.is_constrained


def _write_parquet(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Every table in the order of its key, so that the same rows are the same bytes."""
    folder.mkdir()
    con.execute(";".join(_copy(table, folder) for table in filter(_published, TABLES.values())))


def _copy(table: Table, folder: Path) -> str:
    columns = {c.name: ddl.described(c) for c in table.columns}
    metadata = f"description: {ddl.literal(table.description)}, columns: {ddl.literal(json.dumps(columns))}"
    return (
        f"COPY (FROM {table.name} ORDER BY {', '.join(table.key)}) TO {_path(folder / f'{table.name}.parquet')} "
        f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{metadata}}})"
    )


def read_back(
    con: duckdb.DuckDBPyConnection, folder: Path, wanted: Mapping[str, int]
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Open what was written as a reader does: the same rows in DuckDB and Parquet, as many as went in, and every view
    answers. Returns rows by table, and the judgements in short."""
    names = [table.name for table in filter(_published, TABLES.values())]
    con.execute(f"ATTACH {_path(folder / 'npa.duckdb')} AS npa (READ_ONLY)")
    con.execute("USE npa")
    stored = _digests(con, {name: name for name in names})
    parquet = _digests(con, {name: _path(folder / parquet_path(TABLES[name])) for name in names})
    for name in names:
        if stored[name] != parquet[name] or stored[name][0] != wanted[name]:
            raise BrokenRelease(
                f"{name}: {wanted[name]} rows went in; DuckDB has {stored[name]}, Parquet {parquet[name]}"
            )
    con.execute(" UNION ALL ".join(f"SELECT count(*) FROM {view.name}" for view in statements("views"))).fetchall()
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
    inputs: Mapping[str, str],
    rows: Mapping[str, int],
    quality: list[dict[str, Any]],
) -> None:
    described = {k: v.isoformat() if isinstance(v, date) else v for k, v in release.items()}
    created = str(described["published_at"]) + "Z"
    package = data_package("npa", str(release["software_version"]), created, rows)
    _write_json(folder / "datapackage.json", package)
    _write_json(folder / "quality_report.json", described | {"issues": quality})
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = described | {
        "inputs": [{"path": path, "sha256": sha} for path, sha in inputs.items()],
        "outputs": [
            {"table": name, "path": path, "rows": count, "sha256": _sha256(folder / path)}
            for name, count in rows.items()
            for path in [parquet_path(TABLES[name])]
        ],
        "files": [{"path": str(path.relative_to(folder)), "bytes": path.stat().st_size} for path in files],
    }
    _write_json(folder / "manifest.json", manifest)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
