"""What an SDMX-ML message says of itself: in its header, in each data set, in its footer."""

import re
from typing import Any

from flows.sources.formats.files.refusals import problem
from flows.sources.formats.sdmx.ml_rows import attribute, refuse_delete
from flows.sources.formats.sdmx.xml_events import local
from transforms.errors import InputProblem
from transforms.statistics.loading.remarks import Remark

_TRUE = {"true", "1"}
# SDMX REST 2.1, Error categories: response too large due to client request, response size exceeds service limit; and
# what services of HTTP say for it.
_PARTIAL_CODES = {"130", "413", "510"}
_PARTIAL = re.compile(
    r"\bparti[ae]l|\bparcial|truncat|tronqu|incompl|частичн|неполн|\bonly the first\b|\btoo (?:large|many|big)\b"
    r"|\b(?:limit|maximum)\b.*\b(?:exceed|reach)|\bexceed.*\b(?:limit|maximum)\b",
    re.IGNORECASE,
)
_URN = re.compile(r"=([^:=\s]+):([^(\s]+)\(")  # urn:sdmx:….Dataflow=AOS:BIRTHS(1.0)


class Message:
    """The statements of header, data sets and footer about the message."""

    def __init__(self) -> None:
        self._action = ""
        self._at_observation: dict[str, str] = {}  # structure → dimension
        self._explicit: set[str] = set()  # structures whose measures are explicit
        self._names: dict[str, str] = {}  # structure → the dataflow or data structure that it refers to
        self._structures: dict[str, None] = {}  # of the data sets with observations
        self.notes: list[Remark] = []

    def read_header(self, header: Any) -> None:
        """Read the header, once it has ended. Raises InputProblem if it says that the message is truncated."""
        for element in header.iter("{*}Truncated", "{*}Test", "{*}DataSetAction", "{*}Structure"):
            kind, text = local(element.tag), (element.text or "").strip()
            if kind == "Truncated" and text in _TRUE:
                what, line = "the header says that the message is truncated", element.sourceline
                raise InputProblem(what, "ask the producer for all of it", line=line, value=text)
            if kind == "Test" and text in _TRUE:
                self.notes.append(Remark("message_is_test", "", element.sourceline))
            elif kind == "DataSetAction":
                self._action = text
            elif element.keys():  # not the reference inside of it, which has the same name
                self._read_structure(element)

    def _read_structure(self, element: Any) -> None:
        """Read how the header describes a structure; 2.0 has none."""
        structure = element.get("structureID", "")
        if dimension := element.get("dimensionAtObservation"):
            self._at_observation[structure] = dimension
        if element.get("explicitMeasures") in _TRUE:
            self._explicit.add(structure)
        references = [f"{ref.get('agencyID')}:{ref.get('id')}" for ref in element.iter("{*}Ref")]
        references += [f"{match[1]}:{match[2]}" for match in _URN.finditer(" ".join(element.itertext()))]
        self._names[structure] = references[0] if references else structure

    def begin(self, data_set: Any) -> None:
        """Note of which structure a data set with observations is."""
        structure = attribute(data_set, "structureRef") or ""
        stated = data_set.findtext("{*}KeyFamilyRef") or attribute(data_set, "dataflowID")
        namespace = data_set.tag.rpartition("}")[0]  # of 2.0 Compact: one of its own for each structure
        self._structures[self._names.get(structure, structure) or (stated or "").strip() or namespace] = None

    def end(self) -> None:
        """Raise InputProblem if the data sets are of several structures: they are no one data set."""
        if len(self._structures) > 1:
            what = "the message has data sets of {count} structures"
            listed = ", ".join(name.strip("{") for name in self._structures)
            raise problem(what, listed, "ask for each in a message of its own", count=len(self._structures))

    def dimension(self, data_set: Any) -> str:
        """Return the dimension by which observations in a series differ: time, if nothing is said."""
        stated = self._at_observation
        only = next(iter(stated.values())) if len(set(stated.values())) == 1 else "TIME_PERIOD"
        return stated.get(attribute(data_set, "structureRef") or "", only)

    def measure(self, data_set: Any) -> str:
        """Return the dimension of which an observation's xsi:type is a code (2.1, explicitMeasures:
        <Obs xsi:type="d:DEATHS">), or ""."""
        structure = attribute(data_set, "structureRef") or next(iter(self._explicit), None)
        return self.dimension(data_set) if structure in self._explicit else ""

    def refuse_delete(self, data_set: Any) -> None:
        """Raise InputProblem if a data set is to be deleted."""
        refuse_delete(attribute(data_set, "action") or self._action, data_set)

    def read_footer(self, footer: Any) -> None:
        """Note the messages of the footer. Raises InputProblem for an error, and if a part of the answer is missing."""
        for element in footer.iter("{*}Message"):
            code, severity, line = element.get("code", ""), element.get("severity", ""), element.sourceline
            text = " ".join(" ".join(element.itertext()).split())
            if code in _PARTIAL_CODES or _PARTIAL.search(text):
                what = "the footer says that the message is only a part of the answer (code {code})"
                raise problem(what, text, "ask for less at once, and give each part a file", line=line, code=code)
            if severity == "Error":
                what = "the footer reports an error of the producer's service (code {code})"
                raise problem(what, text, "ask the service again, or the producer", line=line, code=code)
            arguments = {"severity": severity or "-", "code": code, "text": text}
            self.notes.append(Remark("message_footer", "", line, arguments=arguments))
