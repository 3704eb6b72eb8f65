"""Rows of the published tables, from which frames are made."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any


class Rows:
    """Rows by table, stored as columns: a frame is made of them."""

    def __init__(self) -> None:
        # partial, not lambda: rows are sent from one process to another.
        self.tables: dict[str, dict[str, list[Any]]] = defaultdict(partial(defaultdict, list))

    def add(self, table: str, /, **values: Any) -> None:
        """Add one row; all rows of a table have the same columns."""
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

    def of(self, table: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of one table so far."""
        columns = self.tables[table]
        for values in zip(*columns.values(), strict=True):
            yield dict(zip(columns, values, strict=True))

    def column(self, table: str, name: str) -> list[Any]:
        """Return the values of one column so far."""
        return self.tables[table][name]
