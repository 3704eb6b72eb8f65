"""Files of any size: the beginning, by which each format recognises its files, and text of any encoding as UTF-8."""

import codecs
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from flows.sources.formats.files.refusals import LONGEST_RECORD, problem
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.text.encodings import (
    BINARY,
    BINARY_FORMATS,
    SEARCHED,
    agrees,
    codec_name,
    guessed,
    marked,
    signature,
)

_BEGINNING = 1 << 16  # bytes
_CHUNK = 1 << 18  # bytes, which fit a processor's cache
_SHOWN = 8  # bytes of a damaged place


@dataclass(frozen=True, slots=True)
class Head:
    """The first bytes of a file: their binary format (see BINARY_FORMATS), or else their text."""

    path: Path
    binary: str | None
    text: str = ""  # without mark, and without white space at its start
    encoding: str | None = None  # that dataset.toml must state
    is_whole: bool = False  # the text is the whole file


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a file: `format` as in dataset.toml, `name` in words; `encoding` if dataset.toml must state one."""

    format: str
    name: str
    encoding: str | None = None


def head_of(path: Path, stated: str | None = None) -> Head:
    """Return the beginning of a file. `stated`: its encoding, which is otherwise looked for, in all of it.

    Raises InputProblem for an empty file; OSError."""
    with path.open("rb") as file:
        data = file.read(_BEGINNING)
    if binary := signature(data):
        return Head(path, binary)
    mark = marked(data)
    encoding = None if mark or stated else encoding_to_state(path)
    text = data.decode(mark or stated or encoding or "utf-8", "replace").lstrip("\ufeff \t\r\n")
    is_whole = len(data) < _BEGINNING
    if is_whole and not text:
        raise InputProblem("the file is empty", "Get it again.")
    return Head(path, None, text, encoding, is_whole)


def new_file(folder: Path) -> Path:
    """Create an empty file with a name of its own in `folder`."""
    with NamedTemporaryFile(dir=folder, delete=False) as file:
        return Path(file.name)


def as_utf8(path: Path, encoding: str | None, folder: Path) -> Path:
    """Return the file itself if it is UTF-8, else a UTF-8 copy of it in `folder`. All of it is read, in pieces.

    An encoding that nobody states is UTF-8, or what a byte order mark says. Raises InputProblem, with the line, for
    bytes that are no text in the encoding and for NUL, and for an encoding that does not exist; OSError."""
    with path.open("rb") as file:
        if not (head := file.read(16)):
            raise InputProblem("the file is empty", "Put the data there, or take the file away.")
    if binary := signature(head):
        remedy = "Correct format or files in dataset.toml."
        raise problem("the file is no text but {format}", None, remedy, format=BINARY_FORMATS[binary])
    name = codec_of(head, encoding)
    pieces = _decoded(path, name)
    if name in ("utf-8", "utf-8-sig"):
        deque(pieces, maxlen=0)
        return path
    copy = new_file(folder)
    with copy.open("w", encoding="utf-8", newline="") as text:
        text.writelines(pieces)
    return copy


def codec_of(head: bytes, stated: str | None) -> str:
    """Return Python's name of the encoding of a text that begins with `head`: what its mark says, what is stated, or
    UTF-8. Raises InputProblem if the first two contradict, and for an encoding that does not exist."""
    mark = marked(head)
    name = codec_name(stated) if stated else mark or "utf-8"
    if name is None:
        remedy = 'Correct encoding in dataset.toml: "cp1251", "utf-16", …'
        raise InputProblem("there is no encoding of this name", remedy, value=stated)
    if mark and not agrees(name, mark):
        what = "the file begins with the byte order mark of {mark}, and encoding says {encoding}"
        remedy = "Correct encoding in dataset.toml, or take it away."
        raise problem(what, None, remedy, line=1, mark=mark.removesuffix("-sig"), encoding=stated)
    return mark or name


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    """Yield the text of a file in pieces."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, length = 1, 0  # line that the next piece begins in, its characters so far
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                line += error.object.count(b"\n", 0, error.start)
                is_end = len(error.object) - error.start <= _SHOWN and not file.read(1)
                raise _damaged(path, encoding, line, error.object[error.start :][:_SHOWN], is_end) from error
            except UnicodeError as error:  # UTF-16 or UTF-32 without the byte order mark that says which half is first
                what = sentence("the file does not begin with the byte order mark of {encoding}", encoding=encoding)
                remedy = 'Correct encoding in dataset.toml, or say "{encoding}-le" or "{encoding}-be".'
                raise InputProblem(what, sentence(remedy, encoding=encoding), line=1) from error
            if "\0" in text:
                line += text.count("\n", 0, text.index("\0"))
                remedy = suggestion(path) or "Correct the file."
                raise InputProblem("the line has a NUL byte, which no text has", remedy, line=line)
            end = max(text.rfind("\n"), text.rfind("\r"))
            length = length + len(text) if end < 0 else len(text) - end - 1
            if length > LONGEST_RECORD:  # a file without line ends is no table, and is not taken into memory
                what = "the line is longer than {limit} characters"
                remedy = "Close the quotation mark that may be open there, or shorten the text; is it a table at all?"
                raise problem(what, None, remedy, line=line, limit=f"{LONGEST_RECORD:,}")
            yield text
            line += text.count("\n")
            if not chunk:
                return


def _damaged(path: Path, encoding: str, line: int, damaged: bytes, is_end: bool) -> InputProblem:
    guess = suggestion(path) if encoding.startswith("utf-8") else None
    remedy = guess or sentence("Correct the file, or encoding in dataset.toml.")
    if is_end:
        remedy = sentence("The file may be cut off: get it again. {remedy}", remedy=remedy)
    what = sentence("bytes that are no {encoding} near line {line}", encoding=encoding.removesuffix("-sig"), line=line)
    return InputProblem(what, remedy, line=line, value=damaged.hex(" "))


def undecodable(path: Path, encoding: str) -> InputProblem:
    """Return the problem of a file with bytes that its encoding does not have, with the first line that has any."""
    with path.open("rb") as file:
        damaged = (raw.decode(encoding, "ignore") != raw.decode(encoding, "replace") for raw in file)
        line = next((number for number, is_damaged in enumerate(damaged, 1) if is_damaged), 0)
    name = encoding.removesuffix("-sig")
    remedy = suggestion(path) or "say encoding = … in dataset.toml"
    return problem("bytes that are no {encoding}", None, remedy, line=line, encoding=name)


def suggestion(path: Path) -> str | None:
    """Return a sentence on the encoding of a text that was read in a wrong one: for people, never acted upon."""
    guess = _guessed(path)
    if guess == "utf-8" and _is_utf_8(path):
        return 'Say encoding = "utf-8" in dataset.toml.'
    if guess == "utf-8":
        return "The file looks like UTF-8 with a few damaged bytes: correct those."
    if guess in (None, BINARY):
        return None
    stated = sentence('Say encoding = … in dataset.toml: it looks like "{guess}".', guess=guess)
    if guess != "cp1251":
        return stated
    return sentence(
        "{suggestion} A Tajik text in it needs a font of its own: cp1251 has no Tajik letters.", suggestion=stated
    )


def _guessed(path: Path) -> str | None:
    with path.open("rb") as file:
        return guessed(file.read(SEARCHED))


def encoding_to_state(path: Path) -> str | None:
    """Return the encoding that must be stated of a text without a mark, as far as it can be guessed; None for UTF-8."""
    guess = None if _is_utf_8(path) else _guessed(path)
    return None if guess in ("utf-8", BINARY) else guess


def _is_utf_8(path: Path) -> bool:
    """Return True if a file is UTF-8 without NUL, which UTF-16 has."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with suppress(UnicodeDecodeError), path.open("rb") as file:
        return not any("\0" in decoder.decode(chunk) for chunk in iter(lambda: file.read(_CHUNK), b""))
    return False
