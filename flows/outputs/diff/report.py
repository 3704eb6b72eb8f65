"""`npa diff`: the differences between two releases as a table to read, as JSON or as CSV."""

import csv
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO, Any

import duckdb

from flows.outputs.connection import interruptible
from flows.outputs.diff.compare import Pair, Side, TableDiff, differences, pairs, side
from flows.outputs.diff.definitions import changed_definitions
from flows.outputs.files import delivered, harmless, write_table
from flows.releases.manifest import input_changes
from flows.releases.rollback import resolve
from flows.releases.warehouse import Warehouse
from transforms.errors import NoRelease, WarehouseFault
from transforms.quality.text import sentences

_Connection = duckdb.DuckDBPyConnection
_MEMORY = "1GB"  # enough for ten million rows a side; the rest goes to a temporary folder
_COUNTS = ("table_name", "rows_before", "rows_after", "added", "removed", "changed")
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_ABOUT = ("release_id", "published_at", "as_of", "software_version")


def print_diff(
    warehouse: Warehouse, a: str | None, b: str | None, form: str, output: Path | None, limit: int, is_whole: bool
) -> None:
    """Compare release `a` with `b` (None: the last two; with `a` alone, the current one) and write the differences, as
    a table at most `limit` rows of each; if not `is_whole`, without the rows that only a later as_of adds.

    Raises NoRelease, NoSuchRelease, MisplacedOutput, WarehouseFault."""
    old, new = (side(warehouse, release_id) for release_id in _release_ids(warehouse, a, b))
    write = {"json": _write_json, "csv": _write_csv}.get(form) or partial(_write_table, limit=limit)
    with ExitStack() as stack:
        draft = stack.enter_context(delivered(output, warehouse)) if output else None
        file = stack.enter_context(draft.open("w", encoding="utf-8", newline="")) if draft else sys.stdout
        spill = stack.enter_context(tempfile.TemporaryDirectory(prefix="npa-diff-"))
        con = stack.enter_context(duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": spill}))
        con.execute("SET enable_progress_bar = false")  # a pipe would get it too, in the answer
        try:
            tables = differences(con, old, new, is_whole=is_whole)
            interruptible(con, lambda: write(con, old, new, tables, file))
        except duckdb.Error as error:
            raise WarehouseFault(
                "{release} and {other_release} cannot be compared: {error}",
                release=old.folder.name, other_release=new.folder.name, error=error,
            ) from error  # fmt: skip


def _release_ids(warehouse: Warehouse, a: str | None, b: str | None) -> tuple[str, str]:
    if a is not None:
        return resolve(warehouse, a), resolve(warehouse, b or "current")
    ids = warehouse.release_ids()
    if len(ids) < 2:
        message = sentences(
            "{warehouse} holds {n} release; two can be compared.",
            "{warehouse} holds {n} releases; two can be compared.",
            n=len(ids),
            warehouse=warehouse.root,
        )
        raise NoRelease(message)
    return ids[1], ids[0]


def _write_json(con: _Connection, old: Side, new: Side, diffs: Iterator[TableDiff], file: IO[str]) -> None:
    """Write one object, each row of a table on a line."""
    head = {"old": _about(old), "new": _about(new), "inputs": input_changes(new.manifest, old.manifest)}
    head |= {"definitions": changed_definitions(con, old, new)}
    file.write(json.dumps(head, ensure_ascii=False)[:-1] + ',\n"not_compared": ["release"],\n"tables": [')
    for number, diff in enumerate(diffs):
        counts = json.dumps(_counts(diff) | {"notes": diff.notes}, ensure_ascii=False)
        file.write(f'{"," if number else ""}\n{counts[:-1]}, "rows": [')
        for place, (change, key, before, after) in enumerate(pairs(con)):
            file.write(f'{"," if place else ""}\n{{"change": "{change}", "key": {key}, '
                       f'"old": {before or "null"}, "new": {after or "null"}}}')  # fmt: skip
        file.write("]}")
    file.write("\n]}\n")


def _write_csv(con: _Connection, old: Side, new: Side, diffs: Iterator[TableDiff], file: IO[str]) -> None:
    """Write a line per changed value, per row added or removed (its values as a JSON object), and per note."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("table_name", "change", "key", "column_name", "old_value", "new_value"))
    writer.writerows(("dim_indicator", "note", "", "", "", line) for line in _definition_lines(con, old, new))
    for diff in diffs:
        writer.writerows((diff.name, "note", "", "", "", note) for note in diff.notes)
        for change, key, before, after in pairs(con):
            writer.writerows((diff.name, change, key, *values) for values in _values(change, before, after))


def _values(change: str, before: str | None, after: str | None) -> Iterator[tuple[str, str, str]]:
    """Yield column, old and new value of each value that differs; no column for a row that is added or removed."""
    if change != "changed" or before is None or after is None:
        yield "", before or "", after or ""
        return
    old, new = json.loads(before), json.loads(after)
    for column, value in old.items():
        yield column, _cell(value), _cell(new[column])


def _cell(value: Any) -> str:
    return "" if value is None else harmless(value) if isinstance(value, str) else json.dumps(value)


def _write_table(con: _Connection, old: Side, new: Side, diffs: Iterator[TableDiff], file: IO[str], limit: int) -> None:
    """Write for people: the two releases, counts by table, then some rows of each table."""
    tables = [(diff, list(pairs(con, limit))) for diff in diffs]
    write_table(file, ("", *_ABOUT), [("old", *_about(old).values()), ("new", *_about(new).values())])
    for kind, paths in input_changes(new.manifest, old.manifest).items():
        rest = f", and {len(paths) - limit} more" if len(paths) > limit else ""
        if paths:
            file.write(f"inputs {kind}: {', '.join(paths[:limit])}{rest}\n")
    file.writelines(f"{line}\n" for line in _definition_lines(con, old, new))
    changed = [(diff, rows) for diff, rows in tables if diff.differing or diff.notes]
    file.write(f"{len(tables) - len(changed)} tables are the same; release, which says when, is left out\n")
    if changed:
        write_table(file, _COUNTS, [[str(value) for value in _counts(diff).values()] for diff, _ in changed])
    for diff, rows in changed:
        _write_rows(diff, rows, file)
    if any(diff.differing > len(rows) for diff, rows in changed):
        file.write(f"\nall rows: npa diff {old.folder.name} {new.folder.name} --format csv --output diff.csv\n")


def _definition_lines(con: _Connection, old: Side, new: Side) -> Iterator[str]:
    """Yield a line for each pair of versions of changed definitions, with the indicators that have it."""
    by_versions: dict[str, list[str]] = defaultdict(list)
    for row in changed_definitions(con, old, new):
        before, after = (row[side] or "without a number" for side in ("old_version", "new_version"))
        by_versions[f"version {before} to {after}"].append(row["indicator_id"])
    for pair, names in by_versions.items():
        yield f"definitions changed, {pair}, so that figures are not to be compared: {', '.join(names)}"


def _write_rows(diff: TableDiff, rows: list[Pair], file: IO[str]) -> None:
    file.write(f"\n{diff.name}\n")
    file.writelines(f"  {note}\n" for note in diff.notes)
    for change, key, before, after in rows:
        name = " ".join("_" if value is None else str(value) for value in json.loads(key).values())
        values = _values(change, before, after) if change == "changed" else ()
        text = "; ".join(f"{column}: {old or 'NULL'} → {new or 'NULL'}" for column, old, new in values)
        file.write(f"  {_SIGNS[change]} {name}{'  ' if text else ''}{' '.join(text.split())}\n")
    if diff.differing > len(rows):
        file.write(f"  … and {diff.differing - len(rows)} more\n")


def _counts(diff: TableDiff) -> dict[str, Any]:
    numbers = (diff.name, diff.rows_before, diff.rows_after, diff.added, diff.removed, diff.changed)
    return dict(zip(_COUNTS, numbers, strict=True))


def _about(release: Side) -> dict[str, str]:
    return {name: str(release.manifest[name]) for name in _ABOUT}
