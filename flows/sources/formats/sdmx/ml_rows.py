"""The parts of a row of SDMX-ML: the columns so far, the values of groups, the statements of header and data sets."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from flows.sources.formats.files.refusals import problem
from flows.sources.formats.sdmx.xml_events import local
from transforms.errors import InputProblem

Row = list[str | None]
Values = dict[str, str | None]

_MOST = 1_000  # a data structure has tens of components; without a bound a hostile file makes rows without end


class Columns(dict[str, int]):
    """Name → place, in the order of places. A new name gets the next place."""

    def __missing__(self, name: str) -> int:
        if len(self) == _MOST:
            what = "more than {limit} different dimensions and attributes"
            raise problem(what, name, "this is no data file", limit=_MOST)
        place = self[name] = len(self)
        return place

    def fill(self, row: Row, values: Iterable[tuple[str, str | None]], element: Any) -> None:
        """Set values. Raises InputProblem where another level (series, group, data set) has another value."""
        for name, value in values:
            place = self[name]
            try:
                before = row[place]
            except IndexError:
                row.extend([None] * (place + 1 - len(row)))
                before = None
            if before is None:
                row[place] = value
            elif before != value:
                what = "{name} has two values for one observation: {before} above it, and here {value}"
                remedy, line = "ask the producer which one it is", element.sourceline
                raise problem(what, value, remedy, line=line, name=name, before=repr(before), value=repr(value))


class Groups:
    """Attributes of partial keys, in one data set: for all observations that have these values of these dimensions.

    Compact and structure-specific files do not mark a group's dimensions: they are those names that the observation has
    too (an attribute belongs to one level only)."""

    def __init__(self) -> None:
        self._by_shape: dict[tuple[frozenset[str], frozenset[str] | None], list[Values]] = {}
        self._index: dict[Any, defaultdict[tuple[str | None, ...], list[Values]]] = {}

    def add(self, values: Values, dimensions: frozenset[str] | None) -> None:
        """Add one group. `dimensions`: which of the values are its key, if the file says so."""
        self._by_shape.setdefault((frozenset(values), dimensions), []).append(values)
        self._index.clear()

    def complete(self, row: Row, columns: Columns, element: Any) -> None:
        """Add to an observation the values of its groups."""
        known = {name: value for name, value in zip(columns, row, strict=False) if value is not None}
        for shape, groups in self._by_shape.items():
            names, dimensions = shape
            key = tuple(sorted(names & known.keys() if dimensions is None else dimensions))
            if (shape, key) not in self._index:
                index = self._index[shape, key] = defaultdict(list)
                for group in groups:
                    index[tuple(group[name] for name in key)].append(group)
            for group in self._index[shape, key].get(tuple(map(known.get, key)), ()):
                columns.fill(row, group.items(), element)


def refuse_delete(action: str, element: Any) -> None:
    """Raise InputProblem if the action is Delete."""
    if action.lower() == "delete":
        what = "the file says that these observations are to be deleted; they are no data"
        remedy = "take the file out of `files`, and delete what it names by hand"
        raise InputProblem(what, remedy, line=element.sourceline, value=action)


def attribute(element: Any, name: str) -> str | None:
    """Return an XML attribute, qualified (ss:action) or not."""
    return next((value for key, value in element.items() if local(key) == name), None)
