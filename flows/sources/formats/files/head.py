"""How a file begins: what each format looks at to say whether it is the file's format."""

from dataclasses import dataclass
from pathlib import Path

from flows.sources.formats.files.text_file import encoding_to_state
from transforms.errors import InputProblem
from transforms.text.encodings import marked, signature

_LENGTH = 1 << 16


@dataclass(frozen=True, slots=True)
class Head:
    """The first bytes of a file: of which binary format (see BINARY_FORMATS), or else as text."""

    path: Path
    binary: str | None
    text: str = ""  # without mark, and without white space at its start
    encoding: str | None = None  # that dataset.toml must state


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is: `format` as in dataset.toml, `name` in words; `encoding` where dataset.toml must state one."""

    format: str
    name: str
    encoding: str | None = None


def head_of(path: Path) -> Head:
    """Return how a file begins. Raises InputProblem for an empty file; OSError."""
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
