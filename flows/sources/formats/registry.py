"""The formats of statistics that npa reads, by their names in dataset.toml and by the contents of a file.

Each has a module with two functions: `handles`, which looks at the head of a file, and `read`. A module is imported
when it is needed, and heavy libraries where `read` needs them."""

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import duckdb

from flows.sources.formats.files.text_file import Head, Kind, head_of
from flows.sources.formats.relation import Source
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.text.encodings import BINARY_FORMATS

# In the order in which they are tried on a file: any text may be CSV.
READERS = {
    "parquet": "flows.sources.formats.parquet",
    "xlsx": "flows.sources.formats.workbook.reader",
    "sdmx-ml": "flows.sources.formats.sdmx.ml",
    "json-stat": "flows.sources.formats.json_stat.reader",
    "px": "flows.sources.formats.px.reader",
    "sdmx-csv": "flows.sources.formats.sdmx.csv",
    "csv": "flows.sources.formats.csv.reader",
}
_REMEDIES = {
    "ole2": "Save it as .xlsx without a password.",
    "pdf": "Ask the producer for the table itself: SDMX-CSV, PC-Axis, .xlsx or CSV.",
    "gzip": "Unpack it first.",
    "sqlite": "Export the table as CSV.",
}


class Reader(Protocol):
    """The functions of a format's module."""

    def handles(self, head: Head) -> Kind | None:
        """Return the kind of the file, if it is of this format.

        Raises InputProblem, with what to do instead, for a file that resembles the format and cannot be read."""

    def read(self, con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
        """Return the observations of a file. Raises InputProblem, also while the source is read; OSError."""


def reader_of(name: str) -> Reader:
    """Return the reader of a format by its name in dataset.toml."""
    return cast(Reader, import_module(READERS[name]))


def recognise(path: Path) -> Kind:
    """Return the kind of a file, by its contents and never by its name.

    Raises InputProblem, with what to do instead, for a file that npa does not read; OSError."""
    head = head_of(path)
    if head.binary in _REMEDIES:
        raise InputProblem(sentence("the file is {format}", format=BINARY_FORMATS[head.binary]), _REMEDIES[head.binary])
    if "\0" not in head.text:
        for name in READERS:
            if kind := reader_of(name).handles(head):
                return kind
    raise InputProblem("the file is no text, and none of the formats that npa reads", "Ask the producer for another.")
