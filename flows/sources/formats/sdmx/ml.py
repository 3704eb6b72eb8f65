"""SDMX-ML data messages: 2.0 Generic and Compact, 2.1 Generic and StructureSpecific, 3.0 StructureSpecific."""

import re
from pathlib import Path

import duckdb

from flows.sources.formats.files.answers import check_markup, is_markup
from flows.sources.formats.files.refusals import problem
from flows.sources.formats.files.text_file import Head, Kind
from flows.sources.formats.relation import Source, streamed
from flows.sources.formats.sdmx.ml_dialects import Dialect, Generic, Specific
from flows.sources.formats.sdmx.xml_events import ended, local, root
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset

_DIALECTS: dict[str, type[Dialect]] = {
    **dict.fromkeys(("GenericData", "GenericTimeSeriesData"), Generic),
    **dict.fromkeys(("CompactData", "StructureSpecificData", "StructureSpecificTimeSeriesData"), Specific),
}
_VERSIONS = {"/SDMXML/schemas/v2_0/": "2.0", "/sdmxml/schemas/v2_1/": "2.1", "/sdmxml/schemas/v3_0/": "3.0"}
_ROOT = re.compile(r"<(?:\w[\w.-]*:)?([A-Za-z]\w*)[\s>]")
_UNREAD = re.compile(r"<\?.*?\?>|<!--.*?-->", re.DOTALL)  # processing instructions, comments
# Messages that are SDMX-ML and no data that we read, and what to do with them.
_OTHERS = {
    "Structure": "a structure message goes to `structure` in dataset.toml, and the data to `files`",
    "Error": "the producer's service answered with an error: ask again",
    "CrossSectionalData": "ask for the same data as Generic or Compact",
    "UtilityData": "ask for the same data as Generic or Compact",
    "MessageGroup": "ask for one data message a file",
}


def handles(head: Head) -> Kind | None:
    """Return what an SDMX-ML message is, by its root element. Raises InputProblem for other XML, and for pages."""
    if not is_markup(head.text):
        return None
    check_markup(head.text)
    if "<!DOCTYPE" in head.text or "<!ENTITY" in head.text:
        what = "the XML declares a DTD or entities, which are refused"
        raise InputProblem(what, "Ask the producer for plain SDMX-ML.")
    version = next((f" {version}" for name, version in _VERSIONS.items() if name in head.text), "")
    element = _ROOT.search(_UNREAD.sub("", head.text))
    name = element[1] if element else ""
    if name == "Structure" and version:
        remedy = 'Put it beside the data, and name it in dataset.toml: structure = "…".'
        raise InputProblem("the file has structures (SDMX-ML), and no data", remedy)
    if name not in _DIALECTS:
        remedy = _OTHERS.get(name, "Ask the producer for SDMX-ML, SDMX-CSV or CSV.")
        raise InputProblem("the XML is no SDMX-ML data", remedy, value=name)
    dialect = re.sub(r"(?<=[a-z])(?:TimeSeries)?Data$", "", name)
    return Kind("sdmx-ml", f"SDMX-ML{version} {dialect}")


def read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
    """Return the observations of all data sets of a message, one row each.

    Columns are the ids of dimensions, attributes and measures; time and value of 2.0 Generic are TIME_PERIOD and
    OBS_VALUE. A value of a data set, group or series is that of each of its observations. An attribute with several
    values (3.0) has them joined by `;`. Annotations are not read; of header and footer what they say of the message.
    Raises InputProblem: no data message, no observations, to be deleted, a part, two values for one thing; OSError."""
    name = local(root(path, dataset.encoding))
    if name not in _DIALECTS:
        remedy = "SDMX-ML begins with GenericData, CompactData or StructureSpecificData: is `format` right?"
        raise problem("<{name}> is no SDMX-ML data message", name, _OTHERS.get(name, remedy), line=1, name=name)
    groups = None
    while True:
        message = _DIALECTS[name](groups)
        rows = message.rows(ended(path, dataset.encoding, message.tags))
        relation = streamed(con, folder, message.columns, enumerate(rows, 1))
        if not message.is_late:
            return Source(tuple(message.columns), relation, remarks=message.message.notes)
        groups = message.groups  # a group came late: now all are known, so read once more
