"""Text files of any size and encoding as UTF-8, which is what DuckDB reads."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from flows.sources.formats.csv.records import count_records
from flows.sources.formats.limits import LONGEST_RECORD
from transforms.errors import InputProblem

_CHUNK = 1 << 18  # bytes, which fit a processor's cache
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CYRILLIC = re.compile("[А-яЁё]{2}")
_BINARY = {b"PK\x03\x04": "a workbook or another zip", b"\xd0\xcf\x11\xe0": "an old .xls workbook", b"PAR1": "Parquet",
           b"%PDF": "a PDF"}  # fmt: skip


def as_utf8(path: Path, encoding: str | None, folder: Path) -> Path:
    """The file itself if it is UTF-8, else a UTF-8 copy of it in `folder`. Reads all of it, in pieces.

    An encoding that nobody states is UTF-8, or what a byte order mark says. Raises InputProblem, with the line, for
    bytes that are no text in the encoding and for NUL, and for an encoding that does not exist; OSError."""
    with path.open("rb") as file:
        head = file.read(4)
    if not head:
        raise InputProblem("the file is empty", "Put the data there, or take the file away.")
    if head in _BINARY:
        raise InputProblem(f"the file is no text but {_BINARY[head]}", "Correct format or files in dataset.toml.")
    marked = next((name for mark, name in _BOMS.items() if head.startswith(mark)), None)
    name = _known(encoding) if encoding else marked or "utf-8"
    if marked and encoding and name not in (marked, marked.removesuffix("-sig"), f"{marked}-le", f"{marked}-be"):
        what = (
            f"the file begins with the byte order mark of {marked.removesuffix('-sig')}, and encoding says {encoding}"
        )
        raise InputProblem(what, "Correct encoding in dataset.toml, or take it away.", line=1)
    pieces = _decoded(path, marked or name)
    if (marked or name) in ("utf-8", "utf-8-sig"):
        for _ in pieces:
            pass
        return path
    copy = folder / f"utf8-{len(list(folder.glob('utf8-*')))}-{path.name}"
    with copy.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)
    return copy


def _known(encoding: str) -> str:
    try:
        info = codecs.lookup(encoding)
    except LookupError:
        info = None
    # Codecs that are no character sets (rot13, base64, idna) are for other things.
    if info is None or not getattr(info, "_is_text_encoding", True) or info.name in ("idna", "punycode", "undefined"):
        what = "there is no encoding of this name"
        raise InputProblem(what, 'Correct encoding in dataset.toml: "cp1251", "utf-16", …', value=encoding)
    return info.name


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    """The text of a file in pieces."""
    decoder = codecs.getincrementaldecoder(encoding)()
    before = 0  # bytes read
    line = 0  # characters of the line that the last piece ended in
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                # The decoder may have kept the first bytes of a character from the chunk before.
                place = max(before - (len(error.object) - len(chunk)) + error.start, 0)
                raise _undecodable(path, encoding, place, error.object[error.start : error.start + 8]) from error
            except UnicodeError as error:  # UTF-16 or UTF-32 without the byte order mark that says which half is first
                what = f"the file does not begin with the byte order mark of {encoding}"
                remedy = f'Correct encoding in dataset.toml, or say "{encoding}-le" or "{encoding}-be".'
                raise InputProblem(what, remedy, line=1) from error
            if "\0" in text:
                line = _line(path, before + len(text[: text.index("\0")].encode(encoding)))
                what = "the line has a NUL byte, which no text has"
                raise InputProblem(what, looks_like(path) or "Correct the file.", line=line)
            line = _unended(text, line)
            if line > LONGEST_RECORD:  # what has no line ends is no table, and is not taken into memory
                what = f"the line is longer than {LONGEST_RECORD:,} characters"
                remedy = "Close the quotation mark that may be open there, or shorten the text; is it a table at all?"
                raise InputProblem(what, remedy, line=_line(path, before))
            yield text
            before += len(chunk)
            if not chunk:
                return


def _unended(text: str, before: int) -> int:
    """The characters of the line that a piece of text ends in, of which `before` stand in the pieces before."""
    end = text.rfind("\n")
    end = text.rfind("\r") if end < 0 else end
    return before + len(text) if end < 0 else len(text) - end - 1


def _undecodable(path: Path, encoding: str, place: int, found: bytes) -> InputProblem:
    line = _line(path, place)
    what = f"bytes that are no {encoding.removesuffix('-sig')} near line {line}"
    guess = looks_like(path) if encoding.startswith("utf-8") else None
    remedy = guess or "Correct the file, or encoding in dataset.toml."
    if place + len(found) >= path.stat().st_size:
        remedy = "The file may be cut off: get it again. " + remedy
    return InputProblem(what, remedy, line=line, value=found.hex(" "))


def _line(path: Path, place: int) -> int:
    """The line that a byte stands in; in UTF-16, near it."""
    line = 1
    with path.open("rb") as file:
        while place > 0 and (chunk := file.read(min(_CHUNK, place))):
            line += chunk.count(b"\n")
            place -= len(chunk)
    return line


def looks_like(path: Path) -> str | None:
    """A sentence on what a text that is no UTF-8 may be, by its first megabyte: for people, never acted upon."""
    with path.open("rb") as file:
        data = file.read(1 << 20)
    high, low = data[::2].count(0), data[1::2].count(0)
    if max(high, low) > 10 * min(high, low):  # every second byte of what is ASCII
        return _suggested("utf-16-be" if high > low else "utf-16-le")
    foreign = sum(byte > 127 for byte in data)
    if not foreign:
        return None
    if data.decode("utf-8", errors="replace").count("\ufffd") < 0.1 * foreign:
        return "The file looks like UTF-8 with a few damaged bytes: correct those."
    russian = _russian(data)
    if russian == "cp1251":
        return _suggested(russian) + " A Tajik text in it needs a font of its own: cp1251 has no Tajik letters."
    return _suggested(russian or "cp1252")


def _suggested(encoding: str) -> str:
    return f'Say encoding = … in dataset.toml: it looks like "{encoding}".'


def _russian(data: bytes) -> str | None:
    """The Cyrillic code page in which the letters beyond ASCII make the most words in small letters."""
    scores = {}
    for name in ("cp1251", "koi8-r", "cp866"):
        text = data.decode(name, errors="replace")
        foreign = [character for character in text if ord(character) > 127]
        words = "".join(_CYRILLIC.findall(text))
        if foreign and len(words) > 0.5 * len(foreign):
            scores[name] = sum(character.islower() for character in words) / len(foreign)
    return max(scores, key=lambda name: scores[name]) if scores else None


def counted(text: Path, delimiter: str, width: int, has_heading: bool = True) -> int:
    """Return how many records of `width` cells DuckDB must find below the first line of a file, which it skips.

    That is the heading, or one of the blank lines that stand in its place. Raises InputProblem for a record or a cell
    that is longer than any that is read."""
    records, blank = count_records(text, delimiter)
    if width == 1:  # where a blank line is a record for DuckDB
        return records + blank - 1
    return records - has_heading
