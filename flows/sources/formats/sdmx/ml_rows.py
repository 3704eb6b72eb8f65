"""What the dialects of SDMX-ML share: the columns met so far, the values of groups, what a data set says of itself."""

from collections.abc import Iterable
from typing import Any

from transforms.errors import InputProblem
from transforms.quality.text import sentence

Row = list[str | None]

_MOST = 1_000  # a data structure has tens of components; without a bound a hostile file makes rows without end


class Columns(dict[str, int]):
    """Name → place. A name not met before gets the next place."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __missing__(self, name: str) -> int:
        if len(self.names) == _MOST:
            raise InputProblem(
                sentence("more than {limit} different dimensions and attributes", limit=_MOST),
                "this is no data file",
                value=name,
            )
        self[name] = len(self.names)
        self.names.append(name)
        return self[name]

    def fill(self, row: Row, values: Iterable[tuple[str, str | None]], element: Any) -> None:
        """Sets values. Raises InputProblem where another level (series, group, data set) has said something else."""
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
                raise InputProblem(
                    sentence(
                        "{name} has two values for one observation: {before} above it, and here {value}",
                        name=name,
                        before=repr(before),
                        value=repr(value),
                    ),
                    "ask the producer which one it is",
                    line=element.sourceline,
                    value=value,
                )


class Groups:
    """Attributes of partial keys, in one data set: all observations that have these values of these dimensions.

    Compact and structure-specific files do not tell a group's dimensions from its attributes: its dimensions are what
    the observation has too (an attribute belongs to one level only)."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._all: dict[tuple[frozenset[str], frozenset[str] | None], list[dict[str, str | None]]] = {}
        self._index: dict[tuple[Any, tuple[str, ...]], dict[tuple[str | None, ...], list[dict[str, str | None]]]] = {}

    def __bool__(self) -> bool:
        return bool(self._all)

    def add(self, values: dict[str, str | None], dimensions: frozenset[str] | None = None) -> None:
        """One group. `dimensions`: which of the values are its key, where the file says so."""
        self._all.setdefault((frozenset(values), dimensions), []).append(values)
        self._index.clear()

    def of(self, columns: Columns) -> "Groups":
        """The same groups, for another reading."""
        same = Groups(columns)
        same._all = self._all
        return same

    def complete(self, row: Row, element: Any) -> None:
        """Adds to an observation what its groups say."""
        given = {name for name, value in zip(self._columns.names, row, strict=False) if value is not None}
        for shape in self._all:
            names, dimensions = shape
            key = tuple(sorted(names & given if dimensions is None else dimensions))
            for group in self._with(shape, key).get(tuple(self._of(row, name) for name in key), ()):
                self._columns.fill(row, group.items(), element)

    def _of(self, row: Row, name: str) -> str | None:
        place = self._columns[name]
        return row[place] if place < len(row) else None

    def _with(self, shape: Any, key: tuple[str, ...]) -> dict[tuple[str | None, ...], list[dict[str, str | None]]]:
        """The groups of a shape by the values of `key`, put in order once."""
        if (shape, key) not in self._index:
            found = self._index[shape, key] = {}
            for group in self._all[shape]:
                found.setdefault(tuple(group[name] for name in key), []).append(group)
        return self._index[shape, key]


class Message:
    """What header and data sets say of themselves."""

    def __init__(self) -> None:
        self.action = ""
        self._at_observation: dict[str, str] = {}
        self._explicit: set[str] = set()  # structures whose measures are explicit

    def header(self, header: Any) -> None:
        """Reads the header, once it has ended. Raises InputProblem: the message says it is cut off."""
        for element in header.iter("{*}Truncated", "{*}DataSetAction", "{*}Structure"):
            text = (element.text or "").strip()
            if element.tag.endswith("}Truncated") and text in {"true", "1"}:
                what, remedy = "the header says that the message is truncated", "ask the producer for all of it"
                raise InputProblem(what, remedy, line=element.sourceline, value=text)
            if element.tag.endswith("}DataSetAction"):
                self.action = text
            elif dimension := element.get("dimensionAtObservation"):
                self._at_observation[element.get("structureID", "")] = dimension
                if element.get("explicitMeasures") in {"true", "1"}:
                    self._explicit.add(element.get("structureID", ""))

    def dimension(self, data_set: Any) -> str:
        """What an observation within a series differs by: time, if nothing is said."""
        known = self._at_observation
        only = next(iter(known.values())) if len(set(known.values())) == 1 else "TIME_PERIOD"
        return known.get(attribute(data_set, "structureRef") or "", only)

    def measure(self, data_set: Any) -> str:
        """The dimension that an observation's xsi:type is a code of (2.1, explicitMeasures: <Obs xsi:type="d:DEATHS">);
        "" where there is none."""
        is_stated = attribute(data_set, "structureRef") or next(iter(self._explicit), None)
        return self.dimension(data_set) if is_stated in self._explicit else ""

    def refuse_delete(self, element: Any) -> None:
        """Raises InputProblem where a data set, series or observation is one to be deleted."""
        refuse_delete(attribute(element, "action") or self.action, element)


def refuse_delete(action: str, element: Any) -> None:
    """Raises InputProblem where the action is Delete."""
    if action.lower() == "delete":
        raise InputProblem(
            "the file says that these observations are to be deleted; they are no data",
            "take the file out of `files`, and delete what it names by hand", line=element.sourceline, value=action,
        )  # fmt: skip


def attribute(element: Any, name: str) -> str | None:
    """An XML attribute, qualified (ss:action) or not."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), None)


def unexpected(element: Any, where: str) -> InputProblem:
    """An element that SDMX-ML does not have there: what it says would be lost."""
    name = element.tag.rpartition("}")[2]
    what = sentence("<{name}> in <{where}>, where SDMX-ML has no such element", name=name, where=where)
    return InputProblem(what, "ask the producer what it says", line=element.sourceline, value=name)
