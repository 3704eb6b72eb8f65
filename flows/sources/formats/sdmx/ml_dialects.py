"""The dialects of SDMX-ML: Generic (2.0, 2.1), in which an element names each dimension and attribute, and Compact
(2.0) and StructureSpecific (2.1, 3.0), in which dimensions, attributes and measures are XML attributes."""

from collections.abc import Iterator
from itertools import dropwhile
from typing import Any

from flows.sources.formats.files.refusals import problem
from flows.sources.formats.sdmx.ml_message import Message
from flows.sources.formats.sdmx.ml_rows import Columns, Groups, Row, Values, refuse_delete
from flows.sources.formats.sdmx.xml_events import local, tidy
from transforms.errors import InputProblem
from transforms.statistics.dataset.columns import REPORTING_YEAR

_KEYS = {"SeriesKey", "GroupKey", "ObsKey", "Attributes"}
_NO_DATA = {"KeyFamilyRef", "DataProvider", "Obs", "Series", "Group"}
_NOT_GROUPS = {"Annotations", "KeyFamilyRef", "DataProvider", "Comp"}
# Attributes of a DataSet that are about the message (2.0, 2.1, 3.0 schemas), not about its observations.
_OF_DATA_SET = {
    "action", "dataProviderID", "dataProviderSchemeAgencyId", "dataProviderSchemeId", "dataScope", "dataflowAgencyID",
    "dataflowID", "datasetID", "keyFamilyURI", "publicationPeriod", "publicationYear", "reportingBeginDate",
    "reportingEndDate", "setID", "structureRef", "validFromDate", "validToDate",
}  # fmt: skip
_START_DAY = "}" + REPORTING_YEAR
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_SEPARATOR = ";"  # between the values of an attribute that has several, as SDMX-CSV 2.0 prints them


class Dialect:
    """The observations of a message, as rows by the places of `columns`.

    `groups`: those of each data set, if known from a first reading. `is_late`: a group came after observations that it
    may be about, so their rows may lack its attributes."""

    tags: tuple[str, ...] = ()  # of the elements that are asked for; () for all
    levels = {"DataSet", "Series"}  # elements with observations in them

    def __init__(self, groups: dict[int, Groups] | None = None) -> None:
        self.columns = Columns()
        self.groups = {} if groups is None else groups
        self.is_late = False
        self._is_first = groups is None
        self.message = Message()
        self._data_set = 0
        self._dimension = self._measure = ""  # of the data set, as in Message
        self._open: dict[Any, Row] = {}  # open element → its values for all observations in it

    def rows(self, elements: Iterator[Any]) -> Iterator[Row]:
        """Yield one row an observation. Raises InputProblem, also if there is none."""
        count = 0
        for element in elements:
            kind = local(element.tag)
            if kind == "Obs":
                yield self._observation(element)
                element.clear()  # at once, while it is in the processor's cache
                count += 1
                if count % 256 == 0:
                    tidy(element)
            elif kind == "Header":
                self.message.read_header(element)
            elif kind in self.levels:
                self._close(kind, element)
            elif kind == "Footer":
                self.message.read_footer(element)
            else:
                self._other(kind, element)
        if not count or not self.columns:
            said = " ".join(str(note.message()) for note in self.message.notes) or None
            raise InputProblem("the message has no observations", "ask the producer for a file with data", value=said)
        self.message.end()

    def _observation(self, obs: Any) -> Row:
        parent = obs.getparent()
        row = self._open.get(parent) or self._level(parent)
        row = row + [None] * (len(self.columns) - len(row))  # a copy, as wide as what is known by now
        self._fill(row, obs, "Obs")
        if self.groups and self._data_set in self.groups and not self.is_late:
            self.groups[self._data_set].complete(row, self.columns, obs)
        return row

    def _level(self, element: Any) -> Row:
        """Return the values of a series, group or data set for its observations; asked for at the first of them."""
        kind = local(element.tag)
        if kind not in self.levels:
            raise _unexpected(element, "DataSet")
        if element in self._open:
            return self._open[element]
        row: Row = []
        if kind == "DataSet":
            self.message.refuse_delete(element)
            self.message.begin(element)
            self._dimension, self._measure = self.message.dimension(element), self.message.measure(element)
        else:
            row = self._level(element.getparent()).copy()
        self._fill(row, element, kind)
        self._open[element] = row
        return row

    def _close(self, kind: str, element: Any) -> None:
        if self._open.pop(element, None) is not None:
            _check_order(kind, element)
        elif kind == "Group":
            self._other(kind, element)
        if kind == "DataSet":
            self.message.refuse_delete(element)
            self._data_set += 1
        element.clear()
        if element.getparent() in self._open:
            tidy(element)

    def _add_group(self, group: Any, values: Values, dimensions: frozenset[str] | None) -> None:
        self.groups.setdefault(self._data_set, Groups()).add(values, dimensions)
        self.is_late = self.is_late or group.getparent() in self._open

    def _fill(self, row: Row, element: Any, kind: str) -> None:
        """Set the values that an element has for the observations in it."""

    def _other(self, kind: str, element: Any) -> None:
        """Add a group next to the series that it is about."""


class Generic(Dialect):
    """The observations of a Generic message."""

    tags = ("{*}Header", "{*}DataSet", "{*}Group", "{*}Series", "{*}Obs", "{*}Footer")
    levels = {"DataSet", "Series", "Group"}
    _key = "id"  # XML attribute that names a concept

    def _fill(self, row: Row, element: Any, kind: str) -> None:
        self.columns.fill(row, self._values(element, kind), element)

    def _values(self, element: Any, kind: str) -> list[tuple[str, str | None]]:
        """Return names and values; most of the time of a reading goes here."""
        pairs: list[tuple[str, str | None]] = []
        is_obs, key = kind == "Obs", self._key
        for child in element:
            name = local(child.tag)
            if name in _KEYS:
                pairs += [(v.get(key) or self._concept(v), v.get("value") or v.text) for v in child]
            elif is_obs and name == "ObsValue":
                pairs.append(("OBS_VALUE", child.get("value") or child.text))
            elif is_obs and name == "Time":
                pairs.append(("TIME_PERIOD", (child.text or "").strip()))
            elif is_obs and name == "ObsDimension":
                pairs.append((child.get("id") or self._dimension, child.get("value") or child.text))
            elif name != "Annotations" and (is_obs or name not in _NO_DATA):
                raise _unexpected(child, kind)
        return pairs

    def _other(self, kind: str, element: Any) -> None:
        if self._is_first:
            keys = element.iterchildren("{*}GroupKey")
            dimensions = frozenset(self._concept(value) for key in keys for value in key)
            self._add_group(element, dict(self._values(element, kind)), dimensions)

    def _concept(self, value: Any) -> str:
        """Return the name of a dimension or attribute, and remember which XML attribute has it."""
        self._key = "id" if value.get("id") else "concept"  # 2.1, 2.0
        name: str | None = value.get(self._key)
        if not name:
            what, printed = "a value that names no dimension or attribute", value.get("value")
            raise InputProblem(what, "ask the producer for a valid file", line=value.sourceline, value=printed)
        return name


class Specific(Dialect):
    """The observations of a Compact or StructureSpecific message."""

    def _fill(self, row: Row, element: Any, kind: str) -> None:
        about = _OF_DATA_SET if kind == "DataSet" else ()
        pairs = []
        for name, value in element.items():
            if name[0] != "{" and name not in about:
                pairs.append((name, value))
            elif name.endswith("}action"):
                refuse_delete(value, element)
            elif name.endswith(_START_DAY):  # which the standard's own schema declares
                pairs.append((REPORTING_YEAR, value))
        several = (child for child in element if local(child.tag) == "Comp")  # <Comp id="A"><Value>…</Value>…</Comp>
        pairs += [(c.get("id", ""), _SEPARATOR.join("".join(value.itertext()) for value in c)) for c in several]
        if kind == "Obs" and self._measure and (code := element.get(_TYPE)) and element.get(self._measure) is None:
            pairs.append((self._measure, code.rpartition(":")[2]))
        self.columns.fill(row, pairs, element)

    def _other(self, kind: str, element: Any) -> None:
        """Add a group: any other element in a data set, <Group>, <Atts>, in 2.0 one named by the structure."""
        parent = element.getparent()
        where = "" if parent is None else local(parent.tag)
        if kind in _NOT_GROUPS or where not in {"DataSet", "Series", "Obs"}:
            return
        if where != "DataSet":
            raise _unexpected(element, where)
        if self._is_first:
            row: Row = []
            self._fill(row, element, kind)
            pairs = zip(self.columns, row, strict=False)
            self._add_group(element, {name: value for name, value in pairs if value is not None}, None)
        element.clear()


def _check_order(kind: str, element: Any) -> None:
    """Raise InputProblem for attributes after the observations that they are about: they are not in those rows."""
    for child in dropwhile(lambda child: local(child.tag) not in {"Obs", "Series"}, element):
        if (name := local(child.tag)) in _KEYS:
            what = "{name} after the observations of a {kind}"
            raise problem(what, None, "SDMX-ML has it before", line=child.sourceline, name=name, kind=kind)


def _unexpected(element: Any, where: str) -> InputProblem:
    """Return the problem of an element that SDMX-ML does not have there: its content would be lost."""
    name, line = local(element.tag), element.sourceline
    what = "<{name}> in <{where}>, where SDMX-ML has no such element"
    return problem(what, name, "ask the producer what it says", line=line, name=name, where=where)
