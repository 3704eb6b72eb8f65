"""The statements of a PC-Axis file up to its DATA: `KEYWORD[language]("key","key")="text","text";`.

Statistics Sweden, PX-file format specification AXIS-VERSION 2013 (www.pxtools.net/px-file-format/px-2013), Getting
started. A text runs over lines as several pieces, each in quotation marks; a `;` in quotation marks ends nothing."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.text.encodings import codec_name, is_utf_8, marked

_STATEMENT = re.compile(rb'(?:[^";]++|"[^"]*+")*+;')
_BLANK = re.compile(rb"\s*+")
_DATA = re.compile(rb"DATA\s*=", re.IGNORECASE)
_HEAD = re.compile(
    r"""([A-Za-z][A-Za-z0-9-]*) \s* (?:\[ \s* "?([\w-]*)"? \s* \])? \s*
        (?:\( \s* ("[^"]*"(?:\s*,\s*"[^"]*")*) \s* \))? \s* =""",
    re.VERBOSE,
)
_QUOTED = re.compile(r'"([^"]*)"')
_LIST = re.compile(r'"([^"]*)"|([^\s",]+)|(,)')
_LONGEST = 64_000_000  # bytes before DATA: more is no PC-Axis file, and is not taken into memory
_BLOCK = 1_000_000
DISAGREES = "ask the producer for a file that agrees with itself"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; `value` is what stands between = and ;, as printed."""

    keyword: str
    language: str
    keys: tuple[str, ...]
    value: str
    line: int

    def texts(self) -> list[str]:
        """The value as a list: texts in quotation marks, pieces of one text joined, or bare words (YES, CODES, 2)."""
        texts: list[str] = []
        may_begin, in_pieces = True, False
        for match in _LIST.finditer(self.value):
            quoted, bare, comma = match.groups()
            if comma:
                may_begin, in_pieces = True, False
            elif quoted is not None and in_pieces:
                texts[-1] += quoted
            elif may_begin:
                texts.append(bare if quoted is None else quoted)
                may_begin, in_pieces = False, quoted is not None
            else:
                raise self.problem("has two values without a comma between them", match[0])
        for text in texts:
            if odd := next((c for c in text if c < " " or "\x7f" <= c <= "\x9f"), None):
                what = (
                    sentence("a text over a line end")
                    if odd in "\r\n"
                    else sentence("the control character U+{code}", code=f"{ord(odd):04X}")
                )
                raise self.problem(
                    sentence("has {what}", what=what),
                    text,
                    "close the quotation marks, or say encoding = … in dataset.toml",
                )
        return texts

    def text(self) -> str:
        """The value, which must be a single one."""
        if len(texts := self.texts()) != 1:
            raise self.problem(sentence("has {count} values where one is expected", count=len(texts)), self.value[:100])
        return texts[0]

    def problem(self, what: str, value: str | None = None, remedy: str = DISAGREES) -> InputProblem:
        """A fault of this statement."""
        keys = "(" + ",".join(f'"{key}"' for key in self.keys) + ")" if self.keys else ""
        return InputProblem(
            sentence("{keyword}{keys} {what}", keyword=self.keyword, keys=keys, what=what),
            remedy,
            line=self.line,
            value=value,
        )


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the cells: the statements, how the file is encoded, where and in which line DATA= ends."""

    statements: list[Statement]
    encoding: str
    data_at: int
    data_line: int


def header(path: Path, encoding: str | None) -> Header:
    """The statements before DATA=. `encoding` (dataset.toml's) counts before the file's own word for it: a byte order
    mark, CODEPAGE, the specification's default iso-8859-1. OSError, InputProblem."""
    raw, starts, data_at = _split(path)
    name = _encoding(raw, starts, encoding)
    lines, statements, at = 1, [], 0
    for start, end in starts:
        lines, at = lines + raw.count(b"\n", at, start), start
        statements.append(_statement(_decoded(raw[start:end], name, lines), lines))
    return Header(statements, name, data_at, lines + raw.count(b"\n", at))


def _split(path: Path) -> tuple[bytes, list[tuple[int, int]], int]:
    """All bytes up to DATA=, the places of the statements, and where the cells begin."""
    starts: list[tuple[int, int]] = []
    with path.open("rb") as file:
        raw = file.read(_BLOCK)
        if b"\0" in raw:
            raise InputProblem("the file has NUL bytes", "save it as UTF-8: PC-Axis files are no UTF-16", line=1)
        at = len(codecs.BOM_UTF8) if marked(raw) == "utf-8-sig" else 0
        while True:
            at = _BLANK.match(raw, at).end()  # type: ignore[union-attr]  # nothing is blank too
            if data := _DATA.match(raw, at):
                return raw[: data.end()], starts, data.end()
            if statement := _STATEMENT.match(raw, at):
                starts.append((at, statement.end() - 1))
                at = statement.end()
            elif len(raw) < _LONGEST and (more := file.read(max(_BLOCK, len(raw)))):
                raw += more
            else:
                break
    line = raw.count(b"\n", 0, at) + 1
    rest = raw[at : at + 60].decode("ascii", "backslashreplace")
    what = "a statement has no end, or no closing quotation mark" if rest else "there is no DATA: the file is truncated"
    raise InputProblem(what, "ask the producer for a whole PC-Axis file", line=line, value=rest or None)


def _encoding(raw: bytes, starts: list[tuple[int, int]], stated: str | None) -> str:
    name = stated or "iso-8859-1"
    if not stated and marked(raw) == "utf-8-sig":
        name = "utf-8"
    elif not stated:
        heads = (_statement(raw[start:end].decode("latin-1"), 0, strict=False) for start, end in starts)
        name = next((s.text().strip() for s in heads if s.keyword == "CODEPAGE"), name)
    codec = codec_name(name)
    if codec is None:
        remedy = "say encoding = … in dataset.toml: utf-8, windows-1251, windows-1252, iso-8859-1, cp866"
        raise InputProblem("the encoding is unknown", remedy, value=name)
    if not stated and codec != "utf-8" and not raw.isascii() and is_utf_8(raw):
        raise InputProblem(
            sentence("the file gives itself as {name}, but its bytes are UTF-8", name=name),
            'say encoding = "utf-8" in dataset.toml',
        )
    return "utf-8-sig" if codec == "utf-8" else codec


def _decoded(raw: bytes, encoding: str, line: int) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line += raw.count(b"\n", 0, error.start)
        raise undecodable(encoding, line) from None


def undecodable(encoding: str, line: int) -> InputProblem:
    """Bytes that the encoding does not have."""
    return InputProblem(
        sentence("bytes that are no {encoding}", encoding=encoding.removesuffix("-sig")),
        "say encoding = … in dataset.toml",
        line=line,
    )


def _statement(text: str, line: int, strict: bool = True) -> Statement:
    match = _HEAD.match(text)
    if match is None:
        if strict:
            remedy = 'expected KEYWORD("key")="text"; look for a missing ; or quotation mark before it'
            raise InputProblem("a line that is no statement", remedy, line=line, value=text[:60])
        return Statement("", "", (), text, line)
    keyword, language, keys = match.groups()
    return Statement(
        keyword.upper(), language or "", tuple(_QUOTED.findall(keys or "")), text[match.end() :].strip(), line
    )
