"""Two releases compared row by row, by DuckDB over their Parquet files."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from flows.outputs.diff.row_pairs import no_pairs, pair_rows
from flows.releases.manifest import Manifest, digests_of
from flows.releases.warehouse import Warehouse
from schemas.generated.ddl import literal
from transforms.errors import WarehouseFault
from transforms.quality.text import sentence

# Smaller tables are joined as they are: hashing first would only be one more reading.
_HASHED_FROM = 100_000
_LEFT_OUT = "release"  # says when, and differs always


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two releases: its manifest, key by table, and digest by path of each table's Parquet files."""

    folder: Path
    manifest: Manifest
    keys: dict[str, list[str]]
    files: dict[str, dict[str, str]]

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        return sum(output["rows"] for output in self.manifest["outputs"] if output["table"] == table)


@dataclass(slots=True)
class TableDiff:
    """What differs in one table: counts, and what cannot be compared. The rows are in the temporary table `pair`, until
    the next table is compared."""

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
    """A release made ready for comparison. Raises WarehouseFault where its descriptions cannot be read."""
    folder = warehouse.releases / release_id
    manifest = warehouse.manifest(folder)
    path = folder / "datapackage.json"
    try:
        resources = json.loads(path.read_text(encoding="utf-8"))["resources"]
        keys = {str(one["name"]): list(one["schema"]["primaryKey"]) for one in resources}
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise WarehouseFault(
            sentence(
                "{path} cannot be read ({error}), so the keys of {release_id} are unknown.",
                path=path,
                error=repr(error),
                release_id=release_id,
            )
        ) from error
    files: dict[str, dict[str, str]] = {}
    for file, digest in digests_of(manifest).items():
        room, _, rest = file.partition("/")
        if room == "parquet":
            files.setdefault(rest.partition("/")[0].removesuffix(".parquet"), {})[file] = digest
    return Side(folder, manifest, keys, files)


def differences(con: duckdb.DuckDBPyConnection, old: Side, new: Side) -> Iterator[TableDiff]:
    """Every table that is in either release, in the order of the newer one."""
    for name in {**new.files, **old.files}:
        if name != _LEFT_OUT:
            found = TableDiff(name, old.rows(name), new.rows(name))
            no_pairs(con)
            before, after = (one.files.get(name, {}) for one in (old, new))
            same = {path for path, digest in before.items() if digest and after.get(path) == digest}
            if before.keys() | after.keys() != same:
                first = _Rows(old, sorted(before), sorted(before.keys() - same))
                second = _Rows(new, sorted(after), sorted(after.keys() - same))
                _compare(con, found, first, second)
            yield found


def _compare(con: duckdb.DuckDBPyConnection, found: TableDiff, old: "_Rows", new: "_Rows") -> None:
    """Fill `pair` and count it."""
    if not (old.all_files and new.all_files) and _is_one_file(old.files + new.files):
        found.notes.append(f"the {'newer' if old.all_files else 'older'} release lacks this table")
    before, after = (_columns(con, rows.source) if rows.files else None for rows in (old, new))
    before, after = before or after or {}, after or before or {}
    key = _key(found, old.side, new.side)
    is_keyed = bool(key) and all(column in before and column in after for column in key)
    if not is_keyed:
        found.notes.append(f"not compared: {'a column of the key is missing in one' if key else 'no key is known'}")
    for which, one, other in (("newer", before, after), ("older", after, before)):
        found.notes += [f"the {which} release lacks column {column}" for column in one if column not in other]
    if is_keyed:
        first, second = (rows.source if rows.files else None for rows in (old, new))
        columns = {c: (before[c], after[c]) for c in after if c in before}
        is_large = max(found.rows_before, found.rows_after) >= _HASHED_FROM
        counts = pair_rows(con, first, second, key, columns, is_large=is_large)
        found.added, found.removed, found.changed = (counts.get(kind, 0) for kind in ("added", "removed", "changed"))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a table in a release that are to be compared: those in `files`, of `all_files` that it has."""

    side: Side
    all_files: list[str]
    files: list[str]

    @property
    def source(self) -> str:
        """The files as a source of rows; partitions by their folders' names, which are text."""
        files = ", ".join(literal(str(self.side.folder / path)) for path in self.files)
        is_partitioned = str(not _is_one_file(self.files)).lower()
        return f"read_parquet([{files}], hive_partitioning = {is_partitioned}, hive_types_autocast = false)"


def _is_one_file(paths: list[str]) -> bool:
    """Whether a table is one file; one of partitions has none where it has no rows."""
    return not any("=" in path for path in paths)


def _key(found: TableDiff, old: Side, new: Side) -> list[str]:
    """The key, as the release itself says; else as this version of npa does (which is slow to import)."""
    if key := new.keys.get(found.name) or old.keys.get(found.name):
        return key
    from schemas.tables import TABLES

    return list(TABLES[found.name].key) if found.name in TABLES else []


def _columns(con: duckdb.DuckDBPyConnection, source: str) -> dict[str, str]:
    """Types by column."""
    return {row[0]: row[1] for row in con.execute(f"DESCRIBE FROM {source}").fetchall()}
