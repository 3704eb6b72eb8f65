"""The data dictionary and the Frictionless data package, from the models."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from schemas.generated.ddl import references
from schemas.model import Column, Table
from schemas.tables import TABLES

_COLUMN = re.compile(r"(\w+)\.(\w+)")  # dim_measure.line_first
_FRICTIONLESS = {
    "VARCHAR": "string", "INTEGER": "integer", "BIGINT": "integer", "DOUBLE": "number", "BOOLEAN": "boolean",
    "DATE": "date", "TIMESTAMP": "datetime",
}  # fmt: skip


def view_column(name: str, stated: str = "") -> tuple[str, str | None]:
    """Return the description and the unit of a view's column.

    `stated` is what the view's header says: a text, or the column of a table that it is. Where it says nothing, all
    tables that have the column must describe it alike; a table that refers to a key of that name means that key.
    Raises LookupError if the column is described nowhere, or in two ways."""
    source = _COLUMN.fullmatch(stated)
    if stated and not source:
        text, _, unit = stated.partition(" Unit: ")
        return text, unit.removesuffix(".") or None
    table, column = source.groups() if source else ("", name)
    described = {
        t.name: (c.description, c.unit)
        for t in TABLES.values()
        for c in t.columns
        if c.name == column and (t.name == table if table else c.references is None or c.references[1] != name)
    }
    if not described:
        raise LookupError("no table has it: describe it in the header of the view")
    if len(set(described.values())) > 1:
        raise LookupError(f"{', '.join(described)} describe it differently: name one of them in the header of the view")
    return next(iter(described.values()))


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
