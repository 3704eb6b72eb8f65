"""SQL generated from the models: tables with their constraints, and comments."""

from collections.abc import Iterator

from schemas.table import Column, Table


def literal(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def create_table(table: Table) -> str:
    """CREATE TABLE with PRIMARY KEY, FOREIGN KEY, NOT NULL and CHECK constraints."""
    parts = [_column(c) for c in table.columns]
    parts += [f"CHECK ({check})" for check in table.row_checks]
    if table.is_constrained:
        parts.append(f"PRIMARY KEY ({', '.join(table.key)})")
        parts += [
            f"FOREIGN KEY ({c.name}) REFERENCES {c.references[0]} ({c.references[1]})"
            for c in table.columns
            if c.references
        ]
    return f"CREATE TABLE {table.name} (\n  " + ",\n  ".join(parts) + "\n)"


def comments(table: Table) -> Iterator[str]:
    """COMMENT ON the table and each of its columns."""
    yield comment("TABLE", table.name, table.description)
    for c in table.columns:
        yield comment("COLUMN", f"{table.name}.{c.name}", described(c))


def comment(kind: str, name: str, text: str) -> str:
    """One COMMENT ON statement."""
    return f"COMMENT ON {kind} {name} IS {literal(text)}"


def described(column: Column) -> str:
    """Description with the unit, as comments and Parquet files carry it."""
    return column.description + (f" Unit: {column.unit}." if column.unit else "")


def _column(column: Column) -> str:
    checks = " AND ".join(_checks(column))
    null = "" if column.is_nullable else " NOT NULL"
    return f"{column.name} {column.sql_type}{null}" + (f" CHECK ({checks})" if checks else "")


def _checks(column: Column) -> Iterator[str]:
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
