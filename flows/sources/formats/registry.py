"""The formats of statistics that npa reads, by their names in dataset.toml and by the contents of a file.

Each has a module with two functions: `handles`, which looks at the head of a file, and `read`. A module is imported
when it is needed, and heavy libraries where `read` needs them."""

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import duckdb

from flows.sources.formats.files.text_file import Head, Kind, head_of
from flows.sources.formats.relation import Source
from transforms.errors import InputProblem, problem_in
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.text.encodings import BINARY_FORMATS, codec_name

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
    "book": "Save it as .xlsx without a password.",
    "packed": "Unpack it, and put the file that is in it there.",
    "printed": "Ask the producer for the table itself: SDMX-CSV, PC-Axis, .xlsx or CSV.",
    "stored": "Export the table as CSV.",
}
_UNREAD = {
    "ole2": "book",
    **dict.fromkeys(("gzip", "bzip2", "xz", "zstd", "7z", "rar", "tar"), "packed"),
    **dict.fromkeys(("pdf", "picture", "rtf"), "printed"),
    **dict.fromkeys(("sqlite", "arrow", "spss"), "stored"),
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
    """Return the kind of a file that is not packed, by its contents and never by its name.

    Raises InputProblem, with what to do instead, for a file that npa does not read; OSError."""
    if kind := _kind(head_of(path)):
        return kind
    raise InputProblem("the file is no text, and none of the formats that npa reads", "Ask the producer for another.")


def check_format(path: Path, dataset: Dataset) -> None:
    """Raise InputProblem if a file is of another format than dataset.toml says, or of none that npa reads: in the
    words of `recognise`. What may be of the format is left to its reader. Raises OSError."""
    head = head_of(path, (codec_name(dataset.encoding) if dataset.encoding else None) or "utf-8")
    kind, stated = _kind(head), dataset.format
    if kind is None or kind.format == stated or {kind.format, stated} == {"csv", "sdmx-csv"}:
        return
    if kind.format != "csv":
        what = 'dataset.toml says format = "{stated}", and the file is another: {kind}'
        remedy = 'Say format = "{format}", or name another file in `files`.'
        raise problem_in("", 0, what, remedy, kind=kind.name, stated=stated, format=kind.format)
    if stated != "px" or "=" not in head.text:  # its reader takes more beginnings than `handles` is sure of
        what = 'dataset.toml says format = "{stated}", and the file is another text, such as CSV'
        remedy = 'If it is a table, say format = "csv"; else get the right file.'
        raise problem_in("", 0, what, remedy, head.text.split("\n")[0][:80], stated=stated)


def _kind(head: Head) -> Kind | None:
    """Return the kind of a file, None for what is no text. Raises InputProblem for what npa does not read."""
    if head.binary in _UNREAD:
        what = sentence("the file is {format}", format=BINARY_FORMATS[head.binary])
        raise InputProblem(what, _REMEDIES[_UNREAD[head.binary]])
    if "\0" in head.text:
        return None
    return next(filter(None, (reader_of(name).handles(head) for name in READERS)), None)
