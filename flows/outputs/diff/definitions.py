"""The indicators that are defined otherwise in one release than in another: their figures are not to be compared."""

from typing import Any

import duckdb

from flows.outputs.connection import fetch
from flows.outputs.diff.compare import Side

_TABLE = "dim_indicator"
# An older release has no version: then the words of a definition tell.
_WORDS = ("definition", "numerator", "denominator", "exclusions", "unit")


def changed_definitions(con: duckdb.DuckDBPyConnection, old: Side, new: Side) -> list[dict[str, Any]]:
    """Return indicator_id, old_version and new_version (None where a release has no versions) of each indicator whose
    definition differs; one that is in one release only has no other definition."""
    if old.files.get(_TABLE) == new.files.get(_TABLE) or not (_TABLE in old.files and _TABLE in new.files):
        return []
    first, second = _definitions(con, old), _definitions(con, new)
    return [
        {"indicator_id": name, "old_version": first[name]["version"], "new_version": row["version"]}
        for name, row in second.items()
        if name in first and _differ(first[name], row)
    ]


def _definitions(con: duckdb.DuckDBPyConnection, side: Side) -> dict[str, dict[str, Any]]:
    rows = fetch(con, f"FROM {side.source(list(side.files[_TABLE]))} ORDER BY indicator_id")
    return {row["indicator_id"]: {"version": None} | row for row in rows}


def _differ(old: dict[str, Any], new: dict[str, Any]) -> bool:
    if old["version"] is None or new["version"] is None:
        return any(old.get(word) != new.get(word) for word in _WORDS)
    return bool(old["version"] != new["version"])
