"""Rows of the published tables on their way to frames, column by column."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def _columns() -> dict[str, list[Any]]:
    """The columns of a table; no lambda, for rows go from one process to another."""
    return defaultdict(list)


class Rows:
    """Collects rows by table; a column's values lie together, which is what a frame is made of."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, list[Any]]] = defaultdict(_columns)

    def add(self, table: str, /, **values: Any) -> None:
        """Add one row; every call for a table names the same columns."""
        columns = self.tables[table]
        for name, value in values.items():
            columns[name].append(value)

    def add_all(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows of one table."""
        for row in rows:
            self.add(table, **row)

    def extend(self, other: "Rows") -> None:
        """Add the rows of another collection; a table that both have has the same columns in both."""
        for table, columns in other.tables.items():
            for name, values in columns.items():
                self.tables[table][name].extend(values)

    def each(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of one table so far."""
        columns = self.tables[table]
        for values in zip(*columns.values(), strict=True):
            yield dict(zip(columns, values, strict=True))

    def column(self, table: str, name: str) -> list[Any]:
        """The values of one column so far."""
        return self.tables[table][name]
