"""Two releases compared row by row, by DuckDB over their Parquet files.

Only rows that differ are joined by their key. A hash of the key and a hash of the rest, 64 bits each, pick them; then
their values are compared. A change is missed if the values before and after have the same hash: one in 2^64."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from flows.outputs.connection import fetch
from flows.releases.manifest import Manifest, rows_by_table
from flows.releases.warehouse import Warehouse
from schemas.generated.ddl import literal
from transforms.errors import WarehouseFault

Pair = tuple[str, str, str | None, str | None]  # change; key, old and new values as JSON objects
_Connection = duckdb.DuckDBPyConnection
_Types = dict[str, tuple[str, str]]
_LEFT_OUT = "release"  # it has the time of the release, and differs always
_FRACTIONS = ("DOUBLE", "FLOAT")
# By table, the rows of `pair` that differ only because time has passed between the as_of of the two releases.
_BY_TIME_ALONE = {
    "fact_indicator": """(change = 'added' AND (new ->> 'as_of')::DATE > $old::DATE)
        OR (change = 'changed' AND list_has_all(['as_of', 'obs_status'], json_keys(new))
            AND coalesce(new ->> 'obs_status', 'A') = 'A')""",
    "dim_time_period": """change = 'added' AND (new ->> 'start_date')::DATE > $old::DATE
        AND (new ->> 'start_date')::DATE <= $new::DATE""",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two releases: its manifest, key by table, and digest by path of each table's Parquet files."""

    folder: Path
    manifest: Manifest
    keys: dict[str, list[str]]
    files: dict[str, dict[str, str]]

    def source(self, paths: list[str]) -> str:
        """Return files of a table as a source of rows; the values of partitions are text."""
        files = ", ".join(literal(str(self.folder / path)) for path in paths)
        is_partitioned = str(_has_partitions(paths)).lower()
        return f"read_parquet([{files}], hive_partitioning = {is_partitioned}, hive_types_autocast = false)"


@dataclass(slots=True)
class TableDiff:
    """Differences of one table: counts, and notes of what cannot be compared; the rows are in table `pair` for now."""

    name: str
    rows_before: int
    rows_after: int
    notes: list[str] = field(default_factory=list)
    added: int = 0
    removed: int = 0
    changed: int = 0

    @property
    def differing(self) -> int:
        """Rows that differ."""
        return self.added + self.removed + self.changed


def side(warehouse: Warehouse, release_id: str) -> Side:
    """Return a release ready for comparison. Raises WarehouseFault if its descriptions cannot be read."""
    folder = warehouse.releases / release_id
    manifest = warehouse.manifest(folder)
    path = folder / "datapackage.json"
    try:
        resources = json.loads(path.read_text(encoding="utf-8"))["resources"]
        keys = {str(resource["name"]): list(resource["schema"]["primaryKey"]) for resource in resources}
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise WarehouseFault(
            "{path} cannot be read ({error}), so the keys of {release_id} are unknown.",
            path=path, error=repr(error), release_id=release_id,
        ) from error  # fmt: skip
    files: dict[str, dict[str, str]] = defaultdict(dict)
    for output in sorted(manifest["outputs"], key=lambda output: Path(output["path"])):
        files[output["table"]][output["path"]] = output["sha256"]
    return Side(folder, manifest, keys, files)


def differences(con: _Connection, old: Side, new: Side, *, is_whole: bool = True) -> Iterator[TableDiff]:
    """Yield every table that is in either release, in the order of the newer one; if not `is_whole`, without the rows
    that only the later as_of adds."""
    rows_before, rows_after = rows_by_table(old.manifest), rows_by_table(new.manifest)
    for name in {**new.files, **old.files}:
        if name != _LEFT_OUT:
            diff = TableDiff(name, rows_before.get(name, 0), rows_after.get(name, 0))
            con.execute("CREATE OR REPLACE TEMP TABLE pair (change VARCHAR, key VARCHAR, old VARCHAR, new VARCHAR)")
            if (before := old.files.get(name, {})) != (after := new.files.get(name, {})):
                _compare(con, diff, old, new, {path for path, _ in before.items() & after.items()})
            if not is_whole and name in _BY_TIME_ALONE:
                _leave_out(con, diff, old.manifest["as_of"], new.manifest["as_of"])
            counts = dict(con.execute("SELECT change, count(*) FROM pair GROUP BY change").fetchall())
            diff.added, diff.removed, diff.changed = (counts.get(kind, 0) for kind in ("added", "removed", "changed"))
            yield diff


def _leave_out(con: _Connection, diff: TableDiff, old: str, new: str) -> None:
    """Remove the rows of `pair` that only a later as_of adds, and note how many."""
    if old < new:
        condition = _BY_TIME_ALONE[diff.name]
        days = {day: value for day, value in (("old", old), ("new", new)) if f"${day}" in condition}
        ((rows,),) = con.execute(f"DELETE FROM pair WHERE {condition}", days).fetchall()
        if rows:
            diff.notes.append(f"left out, --all shows them: rows that only the later as_of adds or dates again: {rows}")


def _compare(con: _Connection, diff: TableDiff, old: Side, new: Side, same: set[str]) -> None:
    """Fill `pair` with the rows of the files that are not the `same`."""
    paths = [sorted(side.files.get(diff.name, {}).keys() - same) for side in (old, new)]
    if not (diff.name in old.files and diff.name in new.files) and not _has_partitions(paths[0] + paths[1]):
        diff.notes.append(f"the {'newer' if diff.name in old.files else 'older'} release lacks this table")
    first, second = (side.source(files) if files else None for side, files in zip((old, new), paths, strict=True))
    before, after = _types(con, first or second), _types(con, second or first)
    key = new.keys.get(diff.name) or old.keys.get(diff.name) or []
    is_keyed = bool(key) and all(column in before and column in after for column in key)
    if not is_keyed:
        diff.notes.append(f"not compared: {'a column of the key is missing in one' if key else 'no key is known'}")
    for which, columns, others in (("newer", before, after), ("older", after, before)):
        diff.notes += [f"the {which} release lacks column {column}" for column in columns if column not in others]
    if is_keyed:
        types = {column: (before[column], after[column]) for column in after if column in before}
        _pair_rows(con, first, second, key, types)


def _has_partitions(paths: list[str]) -> bool:
    """Return True if a table has partitions; a partitioned table without rows has no file."""
    return any("=" in path for path in paths)


def _types(con: _Connection, source: str | None) -> dict[str, str]:
    return {row["column_name"]: row["column_type"] for row in fetch(con, f"DESCRIBE FROM {source}")}


def _pair_rows(con: _Connection, old: str | None, new: str | None, key: list[str], columns: _Types) -> None:
    """Fill table `pair` from two sources of rows; `change` is added, removed or changed.

    `columns` are those to compare, each with its type on either side; if the types differ, as text."""
    texts = {c: c if before == after else f"{c}::VARCHAR" for c, (before, after) in columns.items()}
    selected = ", ".join(f"{text} AS {c}" for c, text in texts.items())
    first = f"(SELECT {selected} FROM {old or f'(FROM {new} WHERE false)'})"
    second = f"(SELECT {selected} FROM {new or f'(FROM {old} WHERE false)'})"
    values = [c for c in columns if c not in key]
    differs = _differs(con, first, second, key, values)
    fractions = {c for c, (before, after) in columns.items() if before == after and before in _FRACTIONS}
    is_added, is_removed = f"o.{key[0]} IS NULL", f"n.{key[0]} IS NULL"
    distinct = {c: f"o.{c} IS DISTINCT FROM n.{c}" for c in values}
    shown = {c: f"{is_added} OR {is_removed} OR {condition}" for c, condition in distinct.items()}
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE pair AS
        SELECT CASE WHEN {is_added} THEN 'added' WHEN {is_removed} THEN 'removed' ELSE 'changed' END AS change,
               json_object({", ".join(f"{literal(c)}, coalesce(o.{c}, n.{c})" for c in key)})::VARCHAR AS key,
               CASE WHEN NOT ({is_added}) THEN {_object("o", shown, fractions)} END AS old,
               CASE WHEN NOT ({is_removed}) THEN {_object("n", shown, fractions)} END AS new
        FROM (FROM {first} WHERE {differs}) AS o FULL JOIN (FROM {second} WHERE {differs}) AS n
          ON {" AND ".join(f"o.{c} = n.{c}" for c in key)}
        WHERE {" OR ".join([is_added, is_removed, *distinct.values()])}
        ORDER BY {", ".join(f"coalesce(o.{c}, n.{c})" for c in key)}""")


def _differs(con: _Connection, old: str, new: str, key: list[str], values: list[str]) -> str:
    """Return the condition that picks the rows with no equal on the other side, and by chance a few others."""
    of_key, of_rest = f"hash({', '.join(key)})", f"hash({', '.join(values) or '0'})"
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE differing_key AS
        SELECT coalesce(o.k, n.k) AS k FROM (SELECT {of_key} AS k, {of_rest} AS v FROM {old}) AS o
        FULL JOIN (SELECT {of_key} AS k, {of_rest} AS v FROM {new}) AS n ON o.k = n.k AND o.v = n.v
        WHERE o.k IS NULL OR n.k IS NULL""")
    return f"{of_key} IN (SELECT k FROM differing_key)"


def _object(who: str, shown: dict[str, str], fractions: set[str]) -> str:
    """Return SQL for the values of one side as a JSON object, each if its condition holds."""
    parts = [
        f"CASE WHEN {condition} THEN {literal(json.dumps(c) + ': ')} || {_json(f'{who}.{c}', c in fractions)} END"
        for c, condition in shown.items()
    ]
    return f"'{{' || concat_ws(', ', {', '.join([*parts, 'NULL'])}) || '}}'"


def _json(column: str, is_fraction: bool) -> str:
    """Return SQL for a value as JSON; NaN and Infinity, which JSON does not have, are text."""
    plain = f"coalesce(to_json({column})::VARCHAR, 'null')"
    as_text = f"CASE WHEN NOT isfinite({column}) THEN to_json({column}::VARCHAR)::VARCHAR ELSE {plain} END"
    return as_text if is_fraction else plain


def pairs(con: _Connection, limit: int | None = None) -> Iterator[Pair]:
    """Yield the rows of the last paired table: change, and key, old and new values as JSON objects."""
    answer: Any = con.execute("SELECT change, key, old, new FROM pair" + (f" LIMIT {limit}" if limit else ""))
    while rows := answer.fetchmany(10_000):
        yield from rows
