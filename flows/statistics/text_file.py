"""Text files of any size and encoding as UTF-8, which is what DuckDB reads."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb

from flows.statistics.source import Malformed

_CHUNK = 4 << 20
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CYRILLIC = re.compile("[А-яЁё]{2}")
_LATIN = re.compile("[A-Za-zÀ-ÿ]{2}")
_BINARY = {b"PK\x03\x04": "a workbook or another zip", b"\xd0\xcf\x11\xe0": "an old .xls workbook", b"PAR1": "Parquet",
           b"%PDF": "a PDF"}  # fmt: skip


def as_utf8(path: Path, encoding: str | None, folder: Path) -> Path:
    """The file itself if it is UTF-8, else a UTF-8 copy of it in `folder`. Reads all of it, in pieces.

    An encoding that nobody states is UTF-8, or what a byte order mark says. Raises Malformed, with the line, for bytes
    that are no text in the encoding and for NUL, and for an encoding that does not exist; OSError."""
    with path.open("rb") as file:
        head = file.read(4)
    if not head:
        raise Malformed("the file is empty", "Put the data there, or take the file away.")
    if head in _BINARY:
        raise Malformed(f"the file is no text but {_BINARY[head]}", "Correct format or files in dataset.toml.")
    marked = next((name for mark, name in _BOMS.items() if head.startswith(mark)), None)
    name = _known(encoding) if encoding else marked or "utf-8"
    if marked and encoding and name not in (marked, marked.removesuffix("-sig"), f"{marked}-le", f"{marked}-be"):
        what = (
            f"the file begins with the byte order mark of {marked.removesuffix('-sig')}, and encoding says {encoding}"
        )
        raise Malformed(what, "Correct encoding in dataset.toml, or take it away.", line=1)
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
        raise Malformed(what, 'Correct encoding in dataset.toml: "cp1251", "utf-16", …', value=encoding)
    return info.name


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    """The text of a file in pieces."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                raise _undecodable(path, encoding, chunk, lines, error) from error
            if "\0" in text:
                line = lines + text.count("\n", 0, text.index("\0")) + 1
                what = "the line has a NUL byte, which no text has"
                raise Malformed(what, "Correct the file, or say its encoding in dataset.toml.", line=line)
            yield text
            lines += text.count("\n")
            if not chunk:
                return


def _undecodable(path: Path, encoding: str, chunk: bytes, lines: int, error: UnicodeError) -> Malformed:
    before = error.object[: error.start] if isinstance(error, UnicodeDecodeError) else b""
    bad = error.object[error.start : error.end + 8].hex(" ") if isinstance(error, UnicodeDecodeError) else ""
    line = lines + bytes(before).count(b"\n") + 1
    what = f"bytes that are no {encoding.removesuffix('-sig')} near line {line}"
    if not chunk:
        return Malformed(f"{what}: the file ends within a character", "Get the whole file again.", line=line, value=bad)
    guess = looks_like(path) if encoding.startswith("utf-8") else None
    remedy = f"It looks like {guess}: if so, say so in dataset.toml." if guess else "Say encoding = … in dataset.toml."
    return Malformed(what, remedy, line=line, value=bad)


def looks_like(path: Path) -> str | None:
    """What a text that is no UTF-8 may be, by its first megabyte: a suggestion for people, never acted upon."""
    with path.open("rb") as file:
        data = file.read(1 << 20)
    if data.count(0) > len(data) / 10:
        return 'encoding = "utf-16"'
    foreign = sum(byte > 127 for byte in data)
    if data.decode("utf-8", errors="replace").count("\ufffd") < 0.1 * foreign:
        return "UTF-8 with a few damaged bytes (then correct the file)"
    russian = _russian(data)
    if russian:
        tajik = (
            "; it has no Tajik letters, so a Tajik text in it needs a font of its own" if russian == "cp1251" else ""
        )
        return f'encoding = "{russian}" (Cyrillic{tajik})'
    return 'encoding = "cp1252" (western European)' if _LATIN.search(data.decode("cp1252", "replace")) else None


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


def csv_fault(error: duckdb.Error) -> Malformed | None:
    """What DuckDB says against a CSV file, as a sentence; None if it is about something else."""
    text = str(error)
    found = re.search(r"CSV Error on Line: (\d+)\s*\n(?:Original Line:(.*?)\n)?(.*)", text, re.DOTALL)
    if not found:
        if "CSV Parser state machine" in text:
            return Malformed("the lines do not all end alike", "Save the file with one kind of line end.")
        return None
    line, value, rest = int(found[1]), (found[2] or "").strip()[:200], found[3]
    if columns := re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", rest):
        what = f"the record has {columns[2]} cells, and the heading {columns[1]}"
        return Malformed(what, "Correct the record, or the delimiter or [layout] end.", line=line, value=value)
    if "quote" in rest:
        what = "a quotation mark is not closed, or not doubled within a cell"
        return Malformed(what, "Correct the quotation marks.", line=line, value=value)
    if "unicode" in rest:
        return Malformed("bytes that are no utf-8", "Say encoding = … in dataset.toml.", line=line)
    if "maximum_line_size" in text or "Maximum line size" in text:
        return Malformed("the record is longer than 2 MB", "A quotation mark may not be closed.", line=line)
    return Malformed("the record cannot be read", "Correct it.", line=line, value=value)
