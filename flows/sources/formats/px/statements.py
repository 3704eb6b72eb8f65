"""The statements of a PC-Axis file up to its DATA: `KEYWORD[language]("key","key")="text","text";`.

Statistics Sweden, PX-file format specification AXIS-VERSION 2013 (www.pxtools.net/px-file-format/px-2013), Getting
started. A text runs over lines as several pieces, each in quotation marks; a `;` in quotation marks ends nothing."""

import codecs
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flows.sources.formats.files.damaged_text import damage, lost_letters
from flows.sources.formats.files.refusals import problem
from flows.sources.formats.files.text_file import undecodable
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.loading.remarks import Remark
from transforms.text.encodings import codec_name, is_code_page, is_utf_8, marked

_STATEMENT = re.compile(rb'(?:[^";]++|"[^"]*+")*+;')
_BLANK = re.compile(rb"\s*+")
_CODEPAGE = re.compile(rb'CODEPAGE\s*=\s*"?([^"]*)', re.IGNORECASE)  # CODEPAGE="windows-1251"
_DATA = re.compile(rb"DATA\s*=", re.IGNORECASE)
_HEAD = re.compile(  # VALUES[en]("region","sex")=
    r"""([A-Za-z][A-Za-z0-9-]*) \s* (?:\[ \s* "?([\w-]*)"? \s* \])? \s*
        (?:\( \s* ("[^"]*"(?:\s*,\s*"[^"]*")*) \s* \))? \s* =""",
    re.VERBOSE,
)
_QUOTED = re.compile(r'"([^"]*)"')
_LIST = re.compile(r'(?:"[^"]*"\s*)+|[^\s",]+|,')  # "one ""text" , NO
_PUBLISHED = re.compile("STUB|HEADING|VALUES|CODES|UNITS|CONTENTS|CONTVARIABLE|.*NOTEX?|DATANOTECELL|ATTRIBUTE.*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") or " " for code in range(0x80, 0xA0)}
_LONGEST = 64_000_000  # bytes before DATA: more is no PC-Axis file, and is not taken into memory
_BLOCK = 1_000_000
DISAGREES = "ask the producer for a file that agrees with itself"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; `value` is the text between = and ;, as printed."""

    keyword: str
    language: str
    keys: tuple[str, ...]
    value: str
    line: int

    def texts(self) -> list[str]:
        """Return the value as a list: texts in quotation marks, their pieces joined, or bare words (YES, CODES, 2)."""
        texts: list[str] = []
        before = ","
        for part in _LIST.findall(self.value):
            if part != ",":
                if before != ",":
                    raise self.problem("has two values without a comma between them", part.strip())
                texts.append("".join(_QUOTED.findall(part)) if part[0] == '"' else part)
            before = part
        for text in texts:
            if control := _CONTROL.search(text):
                character = sentence("the control character U+{code}", code=f"{ord(control[0]):04X}")
                what = sentence("a text over a line end") if control[0] in "\r\n" else character
                remedy = "close the quotation marks, or say encoding = … in dataset.toml"
                if control[0] > "\x7f":  # iso-8859-1 has only controls there, and windows-1252 quotation marks
                    remedy = 'Say encoding = "cp1252" in dataset.toml, if the file is in a Western language.'
                raise self.problem("has {what}", text, remedy, what=what)
        return texts

    def text(self) -> str:
        """Return the value, which must be a single one."""
        if len(texts := self.texts()) != 1:
            raise self.problem("has {count} values where one is expected", self.value[:100], count=len(texts))
        return texts[0]

    def note(self) -> str:
        """Return the value as one text for people. Where iso-8859-1 has controls, windows-1252 has quotation marks and
        dashes; many files say the one and are the other."""
        text = "".join(_QUOTED.findall(self.value)).translate(_WINDOWS)
        return " ".join(_CONTROL.sub(" ", text).split())

    def problem(
        self, what: str, value: str | None = None, remedy: str = DISAGREES, /, **arguments: Any
    ) -> InputProblem:
        """Return a fault of this statement; `arguments` fill the sentence `what`."""
        keys = "(" + ",".join(f'"{key}"' for key in self.keys) + ")" if self.keys else ""
        fault = sentence("{keyword}{keys} {what}", keyword=self.keyword, keys=keys, what=sentence(what, **arguments))
        return InputProblem(fault, remedy, line=self.line, value=value)


@dataclass(frozen=True, slots=True)
class Header:
    """The part before the cells: its statements, the file's encoding, the byte and line in which DATA= ends, and
    remarks on its texts."""

    statements: list[Statement]
    encoding: str
    data_at: int
    data_line: int
    remarks: list[Remark]


def header(path: Path, encoding: str | None) -> Header:
    """Return the part before the cells. `encoding` (of dataset.toml) comes first, then a byte order mark, CODEPAGE,
    and the specification's default iso-8859-1. Raises InputProblem, OSError."""
    raw, starts, data_at = _split(path)
    name = _encoding(raw, starts, encoding)
    line, at, statements = 1, 0, []
    try:
        for start, end in starts:
            line, at = line + raw.count(b"\n", at, start), start
            statements.append(_statement(raw[start:end].decode(name), line))
    except UnicodeDecodeError:
        raise undecodable(path, name) from None
    return Header(statements, name, data_at, line + raw.count(b"\n", at), _doubtful(statements, name))


def _split(path: Path) -> tuple[bytes, list[tuple[int, int]], int]:
    """Return all bytes up to DATA=, the places of the statements, and where the cells begin."""
    starts: list[tuple[int, int]] = []
    with path.open("rb") as file:
        raw = file.read(_BLOCK)
        if b"\0" in raw:
            line = raw.count(b"\n", 0, raw.index(b"\0")) + 1
            raise InputProblem("the file has NUL bytes", "save it as UTF-8: PC-Axis files are no UTF-16", line=line)
        at = len(codecs.BOM_UTF8) if marked(raw) == "utf-8-sig" else 0
        while True:
            at = _BLANK.match(raw, at).end()  # type: ignore[union-attr]  # it matches nothing too
            if data := _DATA.match(raw, at):
                return raw[: data.end()], starts, data.end()
            if statement := _STATEMENT.match(raw, at):
                starts.append((at, statement.end() - 1))
                at = statement.end()
            elif len(raw) < _LONGEST and (block := file.read(max(_BLOCK, len(raw)))):
                raw += block
            else:
                break
    rest = raw[at : at + 60].decode("ascii", "backslashreplace")
    what = "a statement has no end, or no closing quotation mark" if rest else "there is no DATA: the file is truncated"
    remedy = "ask the producer for a whole PC-Axis file"
    raise InputProblem(what, remedy, line=raw.count(b"\n", 0, at) + 1, value=rest or None)


def _encoding(raw: bytes, starts: list[tuple[int, int]], stated: str | None) -> str:
    pages = (_CODEPAGE.match(raw, start, end) for start, end in starts)
    stating = next(filter(None, pages), None)
    page = stating[1].decode("latin-1").strip() if stating else "iso-8859-1"
    line = raw.count(b"\n", 0, stating.start()) + 1 if stating and not stated else 0
    name = stated or ("utf-8" if marked(raw) == "utf-8-sig" else page)
    if not (codec := codec_name(name)):
        remedy = "say encoding = … in dataset.toml: utf-8, windows-1251, windows-1252, iso-8859-1, cp866"
        raise InputProblem("the encoding is unknown", remedy, line=line, value=name)
    if not stated and codec != "utf-8" and not raw.isascii() and is_utf_8(raw):
        remedy = 'say encoding = "utf-8" in dataset.toml'
        raise problem("the file gives itself as {name}, but its bytes are UTF-8", None, remedy, line=line, name=name)
    return "utf-8-sig" if codec == "utf-8" else codec


def _doubtful(statements: list[Statement], encoding: str) -> list[Remark]:
    """Return a remark on texts that have lost letters. Raises InputProblem, with the line, for texts that are in
    another encoding: in a code page all are judged, for the file has one; in Unicode those that are published."""
    page = encoding if is_code_page(encoding) else None
    published = [s for s in statements if _PUBLISHED.fullmatch(s.keyword)]
    lines: dict[str, int] = {}
    for statement in statements if page else published:
        is_read = _PUBLISHED.fullmatch(statement.keyword) and "NOTE" not in statement.keyword
        for text in (*statement.keys, *(_QUOTED.findall(statement.value) if is_read else (statement.note(),))):
            lines.setdefault(text, statement.line)
    if fault := damage(lines, page):
        raise replace(fault, line=next((line for text, line in lines.items() if str(fault.value) in text), 0))
    texts = [text for text, line in lines.items() if line in {s.line for s in published}]
    return lost_letters(texts, lambda text: lines[text])


def _statement(text: str, line: int) -> Statement:
    if not (match := _HEAD.match(text)):
        remedy = 'expected KEYWORD("key")="text"; look for a missing ; or quotation mark before it'
        raise InputProblem("a line that is no statement", remedy, line=line, value=text[:60])
    keyword, language, keys = match.groups()
    listed = tuple(_QUOTED.findall(keys or ""))
    return Statement(keyword.upper(), language or "", listed, text[match.end() :].strip(), line)
