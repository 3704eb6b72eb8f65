"""`npa diff`: the differences between two releases as a table to read, as JSON or as CSV."""

import csv
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import duckdb

from flows.outputs.connection import interruptible
from flows.outputs.diff.compare import Side, TableDiff, differences, side
from flows.outputs.diff.row_pairs import Pair, pairs
from flows.outputs.files import delivered, harmless, write_table
from flows.releases.manifest import input_changes
from flows.releases.rollback import resolve
from flows.releases.warehouse import Warehouse
from transforms.errors import NoRelease, WarehouseFault
from transforms.quality.text import sentence, sentences

# Enough for ten million rows a side; what does not fit goes to a temporary folder.
_MEMORY = "1GB"
_COUNTS = ("table_name", "rows_before", "rows_after", "added", "removed", "changed")
_SAID = ("release_id", "published_at", "as_of", "software_version")


def print_diff(warehouse: Warehouse, a: str | None, b: str | None, form: str, output: Path | None, limit: int) -> None:
    """Compare release `a` with `b` (None: the last two; with `a` alone, the current one) and write what differs, to
    `output` or standard output; as a table, at most `limit` rows of each table.

    Raises NoRelease and NoSuchRelease, MisplacedOutput, WarehouseFault where a release cannot be read."""
    old, new = (side(warehouse, name) for name in _named(warehouse, a, b))
    with ExitStack() as stack:
        aside = stack.enter_context(delivered(output, warehouse)) if output else None
        file = stack.enter_context(aside.open("w", encoding="utf-8", newline="")) if aside else sys.stdout
        spill = stack.enter_context(tempfile.TemporaryDirectory(prefix="npa-diff-"))
        con = stack.enter_context(duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": spill}))
        con.execute("SET enable_progress_bar = false")  # it would be printed into the answer, in a pipe too
        try:
            interruptible(con, lambda: _write(con, old, new, form, file, limit))
        except duckdb.Error as error:
            raise WarehouseFault(
                sentence(
                    "{release} and {other_release} cannot be compared: {error}",
                    release=old.folder.name,
                    other_release=new.folder.name,
                    error=error,
                )
            ) from error


def _named(warehouse: Warehouse, a: str | None, b: str | None) -> tuple[str, str]:
    """Ids of the two releases that are meant."""
    ids = warehouse.release_ids()
    if a is not None:
        return resolve(warehouse, a), resolve(warehouse, b or "current")
    if len(ids) < 2:
        raise NoRelease(
            sentences(
                "{warehouse} holds {n} release; two can be compared.",
                "{warehouse} holds {n} releases; two can be compared.",
                n=len(ids),
                warehouse=warehouse.root,
            )
        )
    return ids[1], ids[0]


def _write(con: duckdb.DuckDBPyConnection, old: Side, new: Side, form: str, file: IO[str], limit: int) -> None:
    {"json": _write_json, "csv": _write_csv}.get(form, _table_writer(limit))(con, old, new, file)


def _write_json(con: duckdb.DuckDBPyConnection, old: Side, new: Side, file: IO[str]) -> None:
    """One object; each row of a table on a line."""
    head = {"old": _said(old), "new": _said(new), "inputs": input_changes(new.manifest, old.manifest)}
    file.write(json.dumps(head, ensure_ascii=False)[:-1] + ',\n"not_compared": ["release"],\n"tables": [')
    for number, found in enumerate(differences(con, old, new)):
        counts = _counts(found) | {"notes": found.notes}
        file.write(f'{"," if number else ""}\n{json.dumps(counts, ensure_ascii=False)[:-1]}, "rows": [')
        for place, (change, key, before, after) in enumerate(pairs(con)):
            file.write(f'{"," if place else ""}\n{{"change": "{change}", "key": {key}, '
                       f'"old": {before or "null"}, "new": {after or "null"}}}')  # fmt: skip
        file.write("]}")
    file.write("\n]}\n")


def _write_csv(con: duckdb.DuckDBPyConnection, old: Side, new: Side, file: IO[str]) -> None:
    """One line per changed value; one per row added or removed, its values as a JSON object. Key as JSON object. What
    could not be compared is a line with change `note`."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("table_name", "change", "key", "column_name", "old_value", "new_value"))
    for found in differences(con, old, new):
        writer.writerows((found.name, "note", "", "", "", note) for note in found.notes)
        for change, key, before, after in pairs(con):
            for column, one, other in _values(change, before, after):
                writer.writerow((found.name, change, key, column, one, other))


def _values(change: str, before: str | None, after: str | None) -> Iterator[tuple[str, str, str]]:
    """Column, old and new value of each value that differs; a row that is whole has no column."""
    if change != "changed" or before is None or after is None:
        yield "", before or "", after or ""
        return
    one, other = json.loads(before), json.loads(after)
    for column, value in one.items():
        yield column, _cell(value), _cell(other[column])


def _cell(value: Any) -> str:
    return "" if value is None else harmless(value) if isinstance(value, str) else json.dumps(value)


def _table_writer(limit: int) -> Any:
    """For people: what was compared, counts by table, then some rows of each."""

    def write(con: duckdb.DuckDBPyConnection, old: Side, new: Side, file: IO[str]) -> None:
        found = [(one, list(pairs(con, limit))) for one in differences(con, old, new)]
        _write_head(old, new, file, limit)
        touched = [(one, rows) for one, rows in found if one.differing or one.notes]
        file.write(f"{len(found) - len(touched)} tables are the same; release, which says when, is left out\n")
        if touched:
            counted = [[str(value) for value in _counts(one).values()] for one, _ in touched]
            write_table(file, _COUNTS, counted)
        for one, rows in touched:
            _write_rows(one, rows, file)
        if any(one.differing > len(rows) for one, rows in touched):
            file.write(f"\nall rows: npa diff {old.folder.name} {new.folder.name} --format csv --output diff.csv\n")

    return write


def _write_head(old: Side, new: Side, file: IO[str], limit: int) -> None:
    write_table(file, ("", *_SAID), [("old", *_said(old).values()), ("new", *_said(new).values())])
    for kind, paths in input_changes(new.manifest, old.manifest).items():
        more = f", and {len(paths) - limit} more" if len(paths) > limit else ""
        if paths:
            file.write(f"inputs {kind}: {', '.join(paths[:limit])}{more}\n")


def _write_rows(found: TableDiff, rows: list[Pair], file: IO[str]) -> None:
    file.write(f"\n{found.name}\n")
    file.writelines(f"  {note}\n" for note in found.notes)
    for change, key, before, after in rows:
        name = " ".join("_" if value is None else str(value) for value in json.loads(key).values())
        if change == "changed":
            changes = _values(change, before, after)
            told = "; ".join(f"{column}: {one or 'NULL'} → {other or 'NULL'}" for column, one, other in changes)
            file.write(f"  ~ {name}  {' '.join(told.split())}\n")
        else:
            file.write(f"  {'+' if change == 'added' else '-'} {name}\n")
    if found.differing > len(rows):
        file.write(f"  … and {found.differing - len(rows)} more\n")


def _counts(found: TableDiff) -> dict[str, Any]:
    numbers = (found.name, found.rows_before, found.rows_after, found.added, found.removed, found.changed)
    return dict(zip(_COUNTS, numbers, strict=True))


def _said(one: Side) -> dict[str, str]:
    return {name: str(one.manifest[name]) for name in _SAID}
