"""SDMX-ML Generic (2.0, 2.1): every dimension and attribute is an element that names its concept."""

from collections.abc import Iterator
from typing import Any

from flows.sources.formats.sdmx.ml_rows import Columns, Groups, Message, Row, unexpected
from flows.sources.formats.sdmx.xml_events import local, tidy
from transforms.errors import InputProblem
from transforms.quality.text import sentence

TAGS = ("{*}Header", "{*}DataSet", "{*}Group", "{*}Series", "{*}Obs")

_KEYS = {"SeriesKey", "GroupKey", "ObsKey", "Attributes"}
_ABOVE = {"Series", "Group", "DataSet"}
_NO_DATA = {"Annotations", "KeyFamilyRef", "DataProvider", "Obs", "Series", "Group"}


class _Kinds(dict[str, str]):
    """Full name → local name, worked out once each: millions of elements have a handful of names."""

    def __missing__(self, tag: str) -> str:
        self[tag] = local(tag)
        return self[tag]


class Generic:
    """The observations of a message, as rows by the places of `columns`.

    `groups`: those of each data set, if known from a first reading. `is_late`: one came after observations that it may
    be about, so the rows given so far may lack its attributes."""

    def __init__(self, columns: Columns, groups: dict[int, Groups] | None = None) -> None:
        self.groups = {} if groups is None else groups
        self.is_late = False
        self._columns = columns
        self._is_first = groups is None
        self._kinds = _Kinds()
        self._message = Message()
        self._data_set = 0
        self._id = "id"
        self._dimension = "TIME_PERIOD"
        self._known: dict[Any, Row] = {}  # open element → what it gives to all observations in it

    def rows(self, elements: Iterator[Any]) -> Iterator[Row]:
        """One row an observation. Raises InputProblem."""
        count = 0
        for element in elements:
            kind = self._kinds[element.tag]
            if kind == "Obs":
                yield self._observation(element)
                element.clear()  # at once, while it is in the processor's cache
                count += 1
                if count % 256 == 0:
                    tidy(element)
            else:
                self._end(kind, element)

    def _end(self, kind: str, element: Any) -> None:
        if kind == "Header":
            self._message.header(element)
        elif self._known.pop(element, None) is not None:
            self._nothing_after(kind, element)
        elif kind == "Group":
            self._group(element)
        if kind == "DataSet":
            self._message.refuse_delete(element)
            self._data_set += 1
        element.clear()
        if kind in _ABOVE and element.getparent() in self._known:
            tidy(element)

    def _observation(self, obs: Any) -> Row:
        parent = obs.getparent()
        row = self._known.get(parent) or self._above(parent)
        row = row + [None] * (len(self._columns) - len(row))  # a copy, as wide as what is known by now
        self._columns.fill(row, self._said(obs), obs)
        if self.groups and self._data_set in self.groups and not self.is_late:
            self.groups[self._data_set].complete(row, obs)
        return row

    def _said(self, obs: Any) -> list[tuple[str, str | None]]:
        """What an observation says; most of the time of a reading goes here."""
        kinds, key = self._kinds, self._id
        found: list[tuple[str, str | None]] = []
        for child in obs:
            kind = kinds[child.tag]
            if kind == "ObsValue":
                found.append(("OBS_VALUE", _value(child)))
            elif kind in _KEYS:
                found += [(value.get(key) or _concept(value), value.get("value") or value.text) for value in child]
            elif kind == "Time":
                found.append(("TIME_PERIOD", (child.text or "").strip()))
            elif kind == "ObsDimension":
                found.append((child.get("id") or self._dimension, _value(child)))
            elif kind != "Annotations":
                raise unexpected(child, "Obs")
        return found

    def _above(self, element: Any) -> Row:
        """What a series, group or data set gives to its observations; asked for at the first of them."""
        kind = self._kinds[element.tag]
        if kind not in _ABOVE:
            raise unexpected(element, "DataSet")
        if element in self._known:
            return self._known[element]
        row: Row = [] if kind == "DataSet" else self._above(element.getparent()).copy()
        if kind == "DataSet":
            self._message.refuse_delete(element)
            self._dimension = self._message.dimension(element)
        for name, value, child in self._values(element):
            self._columns.fill(row, [(name, value)], child)
            self._id = "id" if child.get("id") else "concept"
        self._known[element] = row
        return row

    def _values(self, element: Any) -> Iterator[tuple[str, str | None, Any]]:
        for child in element:
            kind = self._kinds[child.tag]
            if kind in _KEYS:
                yield from ((_concept(value), _value(value), value) for value in child)
            elif kind not in _NO_DATA:
                raise unexpected(child, self._kinds[element.tag])

    def _group(self, group: Any) -> None:
        """A group beside the series that it is about."""
        if not self._is_first:
            return
        values = {name: value for name, value, _ in self._values(group)}
        key = frozenset(_concept(value) for child in group for value in child if local(child.tag) == "GroupKey")
        self.groups.setdefault(self._data_set, Groups(self._columns)).add(values, key)
        self.is_late = self.is_late or group.getparent() in self._known

    def _nothing_after(self, kind: str, element: Any) -> None:
        """Attributes stand before the observations that they are about, or they would have been missed."""
        is_after = False
        for child in element:
            name = self._kinds[child.tag]
            is_after = is_after or name in {"Obs", "Series"}
            if is_after and name in _KEYS:
                what = sentence("{name} after the observations of a {kind}", name=name, kind=kind)
                raise InputProblem(what, "SDMX-ML has it before", line=child.sourceline)


def _concept(value: Any) -> str:
    name: str | None = value.get("id") or value.get("concept")  # 2.1, 2.0
    if not name:
        what, remedy = "a value that names no dimension or attribute", "ask the producer for a valid file"
        raise InputProblem(what, remedy, line=value.sourceline, value=value.get("value"))
    return name


def _value(element: Any) -> str | None:
    value: str | None = element.get("value")
    return element.text if value is None else value
