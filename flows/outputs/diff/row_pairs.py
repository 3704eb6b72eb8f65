"""The rows of one table in two releases, paired by their key: SQL for DuckDB.

Only rows that differ are joined by their key. A hash of the key and a hash of the rest, 64 bits each, pick them; then
their values are compared. A change is missed if the values before and after have the same hash: one in 2^64."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb

from schemas.generated.ddl import literal

Pair = tuple[str, str, str | None, str | None]
_FRACTIONS = ("DOUBLE", "FLOAT")


def no_pairs(con: duckdb.DuckDBPyConnection) -> None:
    """Make an empty table `pair`."""
    con.execute("CREATE OR REPLACE TEMP TABLE pair (change VARCHAR, key VARCHAR, old VARCHAR, new VARCHAR)")


def pair_rows(
    con: duckdb.DuckDBPyConnection,
    old: str | None,
    new: str | None,
    key: Sequence[str],
    columns: Mapping[str, tuple[str, str]],
) -> dict[str, int]:
    """Make table `pair`, and return its rows by change: added, removed, changed.

    `old` and `new` are sources of rows, or None. `columns` are those to compare, each with its type on either side; if
    the types differ, the values are compared as text."""
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
    return dict(con.execute("SELECT change, count(*) FROM pair GROUP BY change").fetchall())


def _differs(con: duckdb.DuckDBPyConnection, old: str, new: str, key: Sequence[str], values: Sequence[str]) -> str:
    """Return the condition that picks the rows with no equal on the other side, and by chance a few others."""
    of_key, of_rest = f"hash({', '.join(key)})", f"hash({', '.join(values) or '0'})"
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE differing_key AS
        SELECT coalesce(o.k, n.k) AS k FROM (SELECT {of_key} AS k, {of_rest} AS v FROM {old}) AS o
        FULL JOIN (SELECT {of_key} AS k, {of_rest} AS v FROM {new}) AS n ON o.k = n.k AND o.v = n.v
        WHERE o.k IS NULL OR n.k IS NULL""")
    return f"{of_key} IN (SELECT k FROM differing_key)"


def _object(who: str, shown: Mapping[str, str], fractions: set[str]) -> str:
    """Return SQL for the values of one side as a JSON object, each if its condition holds."""
    parts = [
        f"CASE WHEN {condition} THEN {literal(json.dumps(c) + ': ')} || {_json(f'{who}.{c}', c in fractions)} END"
        for c, condition in shown.items()
    ]
    return f"'{{' || concat_ws(', ', {', '.join([*parts, 'NULL'])}) || '}}'"


def _json(column: str, is_fraction: bool) -> str:
    """Return SQL for a value as JSON; NaN and Infinity, which JSON does not have, are text."""
    plain = f"coalesce(to_json({column})::VARCHAR, 'null')"
    as_text = f"to_json({column}::VARCHAR)::VARCHAR"
    return f"CASE WHEN NOT isfinite({column}) THEN {as_text} ELSE {plain} END" if is_fraction else plain


def pairs(con: duckdb.DuckDBPyConnection, limit: int | None = None) -> Iterator[Pair]:
    """Yield the rows of the last paired table: change, and key, old and new values as JSON objects."""
    answer: Any = con.execute("SELECT change, key, old, new FROM pair" + (f" LIMIT {limit}" if limit else ""))
    while rows := answer.fetchmany(10_000):
        yield from rows
