"""SQL generated from the models: tables with their constraints, and comments."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it imports pandera, for which reading reports does not wait
    from schemas.model import Column, Table


def literal(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def create_table(table: "Table", *, is_keyed: bool = True) -> str:
    """CREATE TABLE with PRIMARY KEY, FOREIGN KEY, NOT NULL and CHECK constraints; `is_keyed`: with the primary key."""
    parts = [_column(c) for c in table.columns]
    parts += [f"CHECK ({check})" for check in table.row_checks]
    if table.is_constrained:
        parts += [f"PRIMARY KEY ({', '.join(table.key)})"] if is_keyed else []
        parts += [
            f"FOREIGN KEY ({', '.join(names)}) REFERENCES {other} ({', '.join(keys)})"
            for names, other, keys in references(table)
        ]
    return f"CREATE TABLE {table.name} (\n  " + ",\n  ".join(parts) + "\n)"


def add_key(table: "Table") -> str:
    """The primary key of a table that was created without: on many rows it takes half the time then."""
    return f"ALTER TABLE {table.name} ADD PRIMARY KEY ({', '.join(table.key)})"


def references(table: "Table") -> Iterator[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """The foreign keys: columns, table, its columns. Each costs an index, so columns that refer together to a key which
    refers on have that one alone."""
    together, other = table.through or ((), "")
    if together:
        yield together, other, together
    for c in table.columns:
        if c.references and c.name not in together:
            yield (c.name,), c.references[0], (c.references[1],)


def comments(table: "Table") -> Iterator[str]:
    """COMMENT ON the table and each of its columns."""
    yield comment("TABLE", table.name, table.description)
    for c in table.columns:
        yield comment("COLUMN", f"{table.name}.{c.name}", described(c))


def comment(kind: str, name: str, text: str) -> str:
    """One COMMENT ON statement."""
    return f"COMMENT ON {kind} {name} IS {literal(text)}"


def described(column: "Column") -> str:
    """Description with the unit, as comments and Parquet files carry it."""
    return column.description + (f" Unit: {column.unit}." if column.unit else "")


def _column(column: "Column") -> str:
    checks = " AND ".join(_checks(column))
    null = "" if column.is_nullable else " NOT NULL"
    return f"{column.name} {column.sql_type}{null}" + (f" CHECK ({checks})" if checks else "")


def _checks(column: "Column") -> Iterator[str]:
    """Conditions on one column; missing text is NULL, never empty."""
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
    """The options of a COPY to a Parquet file, which says of its table and columns what they are.

    The first level of compression takes a quarterless time than the usual third, and of a million rows of reports it
    makes the smaller file."""
    columns = json.dumps({column.name: described(column) for column in table.columns})
    said = f"{{description: {literal(table.description)}, columns: {literal(columns)}}}"
    return f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, KV_METADATA {said})"
