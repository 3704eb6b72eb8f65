"""Generated from the models: the data dictionary, the Frictionless data package, the docs page of tables."""

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.generated.ddl import references
from schemas.model import Column, Table
from schemas.tables import TABLES

_FRICTIONLESS = {
    "VARCHAR": "string",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}


def shared_descriptions() -> dict[str, str]:
    """Column name -> description, for columns of views that take a table's column over: the same name means the same
    thing, and where tables tell it in different words, the table that stands first has it."""
    found: dict[str, str] = {}
    for table in TABLES.values():
        for column in table.columns:
            found.setdefault(column.name, column.description)
    return found


def table_rows() -> Iterator[dict[str, Any]]:
    """Rows of `data_dictionary` for every table."""
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
    """`PK`, `FK table.column`, both joined by a comma, or None."""
    parts = ["PK"] if column.is_key else []
    if column.references:
        parts.append(f"FK {'.'.join(column.references)}")
    return ", ".join(parts) or None


def data_package(name: str, version: str, created: str, rows: Mapping[str, int]) -> dict[str, Any]:
    """`datapackage.json` by the Frictionless Data Package specification; `rows` by table."""
    return {
        "profile": "data-package",
        "name": name,
        "version": version,
        "created": created,
        "resources": [_resource(table, rows[table.name]) for table in TABLES.values() if table.name in rows],
    }


def _resource(table: Table, rows: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(c) for c in table.columns], "primaryKey": list(table.key)}
    foreign = [
        {
            "fields": list(names),
            "reference": {"resource": "" if other == table.name else other, "fields": list(keys)},
        }
        for names, other, keys in references(table)
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    return {
        "name": table.name,
        "path": f"parquet/{table.name}.parquet" if table.is_constrained else f"parquet/{table.name}/*/data.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": table.description,
        "rows": rows,
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": not column.is_nullable}
    if column.codes:
        constraints["enum"] = list(column.codes)
    if column.pattern:
        constraints["pattern"] = column.pattern
    if column.at_least is not None:
        constraints["minimum"] = column.at_least
    if column.at_most is not None:
        constraints["maximum"] = column.at_most
    field = {"name": column.name, "type": _FRICTIONLESS[column.sql_type], "description": column.description}
    return field | ({"unit": column.unit} if column.unit else {}) | {"constraints": constraints}
