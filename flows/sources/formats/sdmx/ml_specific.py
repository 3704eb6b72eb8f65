"""SDMX-ML Compact (2.0) and StructureSpecific (2.1, 3.0): dimensions, attributes and measures are XML attributes."""

from collections.abc import Iterator
from typing import Any

from flows.sources.formats.sdmx.ml_rows import Columns, Groups, Message, Row, refuse_delete, unexpected
from flows.sources.formats.sdmx.xml_events import local, tidy

# What a DataSet says of itself as a message (2.0, 2.1, 3.0 schemas): not attributes of its observations.
_OF_DATA_SET = {
    "action", "dataProviderID", "dataProviderSchemeAgencyId", "dataProviderSchemeId", "dataScope", "dataflowAgencyID",
    "dataflowID", "datasetID", "keyFamilyURI", "publicationPeriod", "publicationYear", "reportingBeginDate",
    "reportingEndDate", "setID", "structureRef", "validFromDate", "validToDate",
}  # fmt: skip
_NOT_GROUPS = {"Annotations", "KeyFamilyRef", "DataProvider", "Comp"}
_OPEN = {"Series", "DataSet"}
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_SEPARATOR = ";"  # between the values of an attribute that has several, as SDMX-CSV 2.0 prints them


class Specific:
    """The observations of a message, as rows by the places of `columns`; `groups` and `is_late` as in Generic."""

    def __init__(self, columns: Columns, groups: dict[int, Groups] | None = None) -> None:
        self.groups = {} if groups is None else groups
        self.is_late = False
        self._columns = columns
        self._is_first = groups is None
        self._message = Message()
        self._data_set = 0
        self._measure = (
            ""  # the dimension whose code an observation's xsi:type names, in a message of explicit measures
        )
        self._known: dict[Any, Row] = {}  # open element → what it gives to all observations in it

    def rows(self, elements: Iterator[Any]) -> Iterator[Row]:
        """One row an observation. Raises InputProblem."""
        count = 0
        for element in elements:
            kind = local(element.tag)
            if kind == "Obs":
                yield self._observation(element)
                element.clear()
                count += 1
                if count % 256 == 0:
                    tidy(element)
            elif kind == "Header":
                self._message.header(element)
            elif kind in _OPEN:
                self._end(kind, element)
            else:
                self._other(kind, element)

    def _end(self, kind: str, element: Any) -> None:
        self._known.pop(element, None)
        if kind == "DataSet":
            self._message.refuse_delete(element)
            self._data_set += 1
        element.clear()
        if element.getparent() in self._known:
            tidy(element)

    def _observation(self, obs: Any) -> Row:
        parent = obs.getparent()
        row = self._known.get(parent) or self._above(parent)
        row = row + [None] * (len(self._columns) - len(row))  # a copy, as wide as what is known by now
        self._add(row, obs, obs.items())
        if self._measure and (kind := obs.get(_TYPE)) and obs.get(self._measure) is None:
            self._columns.fill(row, [(self._measure, kind.rpartition(":")[2])], obs)
        if self.groups and self._data_set in self.groups and not self.is_late:
            self.groups[self._data_set].complete(row, obs)
        return row

    def _add(self, row: Row, element: Any, attributes: list[tuple[str, str]]) -> None:
        """What an element says of the observations in it."""
        for name, value in attributes:
            if name[0] == "{" and name.endswith("}action"):
                refuse_delete(value, element)
        self._columns.fill(row, [item for item in attributes if item[0][0] != "{"], element)
        comps = [(child.get("id", ""), _values(child)) for child in element if local(child.tag) == "Comp"]
        self._columns.fill(row, comps, element)

    def _above(self, element: Any) -> Row:
        """What a series or data set gives to its observations; asked for at the first of them."""
        kind = local(element.tag)
        if kind not in _OPEN:
            raise unexpected(element, "DataSet")
        if element in self._known:
            return self._known[element]
        if kind == "DataSet":
            row: Row = []
            self._message.refuse_delete(element)
            self._measure = self._message.measure(element)
            self._add(row, element, [item for item in element.items() if item[0] not in _OF_DATA_SET])
        else:
            row = self._above(element.getparent()).copy()
            self._add(row, element, element.items())
        self._known[element] = row
        return row

    def _other(self, kind: str, element: Any) -> None:
        """A group is any other element in a data set: <Group>, <Atts>, in 2.0 one named by the structure."""
        parent = element.getparent()
        where = "" if parent is None else local(parent.tag)
        if where in {"Series", "Obs"} and kind not in _NOT_GROUPS:
            raise unexpected(element, where)
        if where != "DataSet" or kind in _NOT_GROUPS:
            return
        if self._is_first:
            values: Row = []
            self._add(values, element, element.items())
            given = zip(self._columns.names, values, strict=False)
            named = dict(item for item in given if item[1] is not None)
            self.groups.setdefault(self._data_set, Groups(self._columns)).add(named)
            self.is_late = self.is_late or parent in self._known
        element.clear()


def _values(comp: Any) -> str:
    """What stands in <Comp id="CONTACT"><Value>…</Value><Value>…</Value></Comp>."""
    return _SEPARATOR.join("".join(value.itertext()) for value in comp)
