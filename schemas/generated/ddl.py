"""SQL of tables with their constraints and comments, from the models."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it imports pandera, which reading reports does without
    from schemas.model import Column, Table


def literal(text: str) -> str:
    """Return `text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def create_table(table: "Table", *, is_keyed: bool = True) -> str:
    """Return CREATE TABLE with all constraints; without the primary key if not `is_keyed`."""
    parts = [_column(c) for c in table.columns] + [f"CHECK ({check})" for check in table.row_checks]
    if table.is_constrained:
        parts += [f"PRIMARY KEY ({', '.join(table.key)})"] if is_keyed else []
        parts += [
            f"FOREIGN KEY ({', '.join(names)}) REFERENCES {other} ({', '.join(keys)})"
            for names, other, keys in references(table)
        ]
    return f"CREATE TABLE {table.name} (\n  " + ",\n  ".join(parts) + "\n)"


def add_key(table: "Table") -> str:
    """Return SQL that adds the primary key to a table created without it: on many rows that takes half the time."""
    return f"ALTER TABLE {table.name} ADD PRIMARY KEY ({', '.join(table.key)})"


def references(table: "Table") -> Iterator[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """Yield the foreign keys: columns, table, its columns.

    Each costs an index, so columns that refer together to a key have no foreign keys of their own."""
    together, other = table.through or ((), "")
    if together:
        yield together, other, together
    for c in table.columns:
        if c.references and c.name not in together:
            yield (c.name,), c.references[0], (c.references[1],)


def comments(table: "Table") -> Iterator[str]:
    """Yield COMMENT ON the table and each of its columns."""
    yield comment("TABLE", table.name, table.description)
    for c in table.columns:
        yield column_comment(table.name, c.name, c.description, c.unit)


def comment(kind: str, name: str, text: str) -> str:
    """Return one COMMENT ON statement."""
    return f"COMMENT ON {kind} {name} IS {literal(text)}"


def column_comment(table: str, column: str, description: str, unit: str | None) -> str:
    """Return COMMENT ON a column of a table or view."""
    return comment("COLUMN", f"{table}.{column}", described(description, unit))


def described(description: str, unit: str | None) -> str:
    """Return the description of a column with its unit, as in comments and Parquet files."""
    return description + (f" Unit: {unit}." if unit else "")


def _column(column: "Column") -> str:
    checks = " AND ".join(_checks(column))
    null = "" if column.is_nullable else " NOT NULL"
    return f"{column.name} {column.sql_type}{null}" + (f" CHECK ({checks})" if checks else "")


def _checks(column: "Column") -> Iterator[str]:
    """Yield the conditions on one column; missing text is NULL, never empty."""
    if column.codes:
        yield f"{column.name} IN ({', '.join(map(literal, column.codes))})"
    elif column.pattern:
        yield f"regexp_full_match({column.name}, {literal(column.pattern)})"
    elif column.sql_type == "VARCHAR":
        yield f"{column.name} <> ''"
    if column.at_least is not None:
        yield f"{column.name} >= {column.at_least}"
    if column.at_most is not None:
        yield f"{column.name} <= {column.at_most}"


def as_parquet(table: "Table") -> str:
    """Return the options of a COPY to a Parquet file, with the descriptions of the table and its columns.

    Compression at level 1 takes a quarter less time than at the usual 3, and a million rows of reports are smaller."""
    columns = json.dumps({column.name: described(column.description, column.unit) for column in table.columns})
    metadata = f"{{description: {literal(table.description)}, columns: {literal(columns)}}}"
    return f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, KV_METADATA {metadata})"
