"""The data dictionary and the Frictionless data package, from the models."""

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.generated.ddl import references
from schemas.model import Column, Table
from schemas.tables import TABLES

_FRICTIONLESS = {
    "VARCHAR": "string", "INTEGER": "integer", "BIGINT": "integer", "DOUBLE": "number", "BOOLEAN": "boolean",
    "DATE": "date", "TIMESTAMP": "datetime",
}  # fmt: skip


def shared_descriptions() -> dict[str, str]:
    """Return column name → description for the columns of views; of several tables that have it, the first counts."""
    return {c.name: c.description for table in reversed(TABLES.values()) for c in table.columns}


def table_rows() -> Iterator[dict[str, Any]]:
    """Yield the rows of `data_dictionary` for every table."""
    for table in TABLES.values():
        for position, column in enumerate(table.columns, 1):
            yield {
                "table_name": table.name,
                "column_name": column.name,
                "position": position,
                "data_type": column.sql_type,
                "is_nullable": column.is_nullable,
                "key": key_text(column),
                "description": column.description,
                "unit": column.unit,
            }


def key_text(column: Column) -> str | None:
    """Return `PK`, `FK table.column`, both joined by a comma, or None."""
    parts = ["PK"] if column.is_key else []
    if column.references:
        parts.append(f"FK {'.'.join(column.references)}")
    return ", ".join(parts) or None


def data_package(name: str, version: str, created: str, rows: Mapping[str, int]) -> dict[str, Any]:
    """Return `datapackage.json` by the Frictionless Data Package specification; `rows` is a count by table."""
    return {
        "profile": "data-package",
        "name": name,
        "version": version,
        "created": created,
        "resources": [_resource(table, rows[table.name]) for table in TABLES.values() if table.name in rows],
    }


def _resource(table: Table, rows: int) -> dict[str, Any]:
    schema = {"fields": [_field(c) for c in table.columns], "primaryKey": list(table.key)}
    foreign = [
        {"fields": list(names), "reference": {"resource": "" if other == table.name else other, "fields": list(keys)}}
        for names, other, keys in references(table)
    ]
    return {
        "name": table.name,
        "path": f"parquet/{table.name}.parquet" if not table.is_partitioned else f"parquet/{table.name}/*/data.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": table.description,
        "rows": rows,
        "schema": schema | ({"foreignKeys": foreign} if foreign else {}),
    }


def _field(column: Column) -> dict[str, Any]:
    limits = {"pattern": column.pattern, "minimum": column.at_least, "maximum": column.at_most}
    constraints = {"required": not column.is_nullable, "enum": column.codes} | limits
    return {
        "name": column.name,
        "type": _FRICTIONLESS[column.sql_type],
        "description": column.description,
        **({"unit": column.unit} if column.unit else {}),
        "constraints": {name: value for name, value in constraints.items() if value is not None},
    }
