"""Rows of the published tables on their way to frames, column by column."""

from collections import defaultdict
from typing import Any


class Rows:
    """Collects rows by table; a column's values lie together, which is what a frame is made of."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))

    def add(self, table: str, /, **values: Any) -> None:
        """Add one row; every call for a table names the same columns."""
        columns = self.tables[table]
        for name, value in values.items():
            columns[name].append(value)

    def column(self, table: str, name: str) -> list[Any]:
        """The values of one column so far."""
        return self.tables[table][name]
