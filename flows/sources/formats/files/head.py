"""The beginning of a file, by which each format recognises its files."""

from dataclasses import dataclass
from pathlib import Path

from flows.sources.formats.files.text_file import encoding_to_state
from transforms.errors import InputProblem
from transforms.text.encodings import marked, signature

_LENGTH = 1 << 16


@dataclass(frozen=True, slots=True)
class Head:
    """The first bytes of a file: their binary format (see BINARY_FORMATS), or else their text."""

    path: Path
    binary: str | None
    text: str = ""  # without mark, and without white space at its start
    encoding: str | None = None  # that dataset.toml must state


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a file: `format` as in dataset.toml, `name` in words; `encoding` if dataset.toml must state one."""

    format: str
    name: str
    encoding: str | None = None


def head_of(path: Path) -> Head:
    """Return the beginning of a file. Raises InputProblem for an empty file; OSError."""
    with path.open("rb") as file:
        data = file.read(_LENGTH)
    if not data:
        raise InputProblem("the file is empty", "Get it again.")
    if binary := signature(data):
        return Head(path, binary)
    mark = marked(data)
    encoding = None if mark else encoding_to_state(path)
    text = data.decode(mark or encoding or "utf-8", "replace")
    return Head(path, None, text.lstrip("\ufeff \t\r\n"), encoding)
