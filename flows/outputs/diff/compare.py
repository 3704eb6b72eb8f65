"""Two releases compared row by row, by DuckDB over their Parquet files."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from flows.outputs.connection import fetch
from flows.outputs.diff.row_pairs import no_pairs, pair_rows
from flows.releases.manifest import Manifest, digests_of
from flows.releases.warehouse import Warehouse
from schemas.generated.ddl import literal
from transforms.errors import WarehouseFault

_LEFT_OUT = "release"  # it has the time of the release, and differs always


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two releases: its manifest, key by table, and digest by path of each table's Parquet files."""

    folder: Path
    manifest: Manifest
    keys: dict[str, list[str]]
    files: dict[str, dict[str, str]]

    def rows(self, table: str) -> int:
        """Return the number of rows of a table."""
        return sum(output["rows"] for output in self.manifest["outputs"] if output["table"] == table)

    def source(self, paths: list[str]) -> str:
        """Return files of a table as a source of rows; the values of partitions are text."""
        files = ", ".join(literal(str(self.folder / path)) for path in paths)
        is_partitioned = str(_has_partitions(paths)).lower()
        return f"read_parquet([{files}], hive_partitioning = {is_partitioned}, hive_types_autocast = false)"


@dataclass(slots=True)
class TableDiff:
    """Differences of one table: counts, and notes of what cannot be compared. The rows are in the temporary table
    `pair` until the next table is compared."""

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
    files: dict[str, dict[str, str]] = {}
    for file, digest in digests_of(manifest).items():
        room, _, rest = file.partition("/")
        if room == "parquet":
            files.setdefault(rest.partition("/")[0].removesuffix(".parquet"), {})[file] = digest
    return Side(folder, manifest, keys, files)


def differences(con: duckdb.DuckDBPyConnection, old: Side, new: Side) -> Iterator[TableDiff]:
    """Yield every table that is in either release, in the order of the newer one."""
    for name in {**new.files, **old.files}:
        if name != _LEFT_OUT:
            diff = TableDiff(name, old.rows(name), new.rows(name))
            no_pairs(con)
            before, after = old.files.get(name, {}), new.files.get(name, {})
            same = {path for path, digest in before.items() if digest and after.get(path) == digest}
            if before.keys() | after.keys() != same:
                _compare(con, diff, old, new, same)
            yield diff


def _compare(con: duckdb.DuckDBPyConnection, diff: TableDiff, old: Side, new: Side, same: set[str]) -> None:
    """Fill `pair` with the rows of the files that are not the `same`, and count it."""
    paths = [sorted(side.files.get(diff.name, {}).keys() - same) for side in (old, new)]
    if not (diff.name in old.files and diff.name in new.files) and not _has_partitions(paths[0] + paths[1]):
        diff.notes.append(f"the {'newer' if diff.name in old.files else 'older'} release lacks this table")
    first, second = (side.source(files) if files else None for side, files in zip((old, new), paths, strict=True))
    before, after = (_types(con, source) if source else {} for source in (first, second))
    before, after = before or after, after or before
    key = new.keys.get(diff.name) or old.keys.get(diff.name) or []
    is_keyed = bool(key) and all(column in before and column in after for column in key)
    if not is_keyed:
        diff.notes.append(f"not compared: {'a column of the key is missing in one' if key else 'no key is known'}")
    for which, columns, others in (("newer", before, after), ("older", after, before)):
        diff.notes += [f"the {which} release lacks column {column}" for column in columns if column not in others]
    if is_keyed:
        types = {column: (before[column], after[column]) for column in after if column in before}
        counts = pair_rows(con, first, second, key, types)
        diff.added, diff.removed, diff.changed = (counts.get(kind, 0) for kind in ("added", "removed", "changed"))


def _has_partitions(paths: list[str]) -> bool:
    """Return True if a table has partitions; a partitioned table without rows has no file."""
    return any("=" in path for path in paths)


def _types(con: duckdb.DuckDBPyConnection, source: str) -> dict[str, str]:
    return {row["column_name"]: row["column_type"] for row in fetch(con, f"DESCRIBE FROM {source}")}
