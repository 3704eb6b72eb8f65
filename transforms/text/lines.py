"""Bytes as lines of text (contract §6, rule 0), and the folding of white space and dashes."""

import csv
import io
import re
import unicodedata

from transforms.errors import InputProblem, problem_in
from transforms.quality.text import sentence, sentences
from transforms.text.encodings import BINARY, agrees, codec_name, guessed, marked

# Categories that no line of text needs; U+FFFD is where an earlier program lost a character.
_REFUSED = {"Cc", "Cf", "Zl", "Zp"}
DASHES = "-‐‑‒–—―−⁃﹘﹣－"  # every character that is printed for a hyphen, the hyphen first
_REMEDY = "Save it as UTF-8."
_DASH = re.compile(f"(?<=[0-9])( ?)[{DASHES[1:]}]")  # 2018–2022; cut by a page break: 2018–


def fold(text: str) -> str:
    """Return `text` with each run of white space (no-break spaces too) as one space, and none at its ends."""
    return " ".join(text.split())


def csv_line(*cells: str) -> str:
    """Return `cells` as a line of a CSV file, ready to be pasted."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def hyphenate(text: str) -> str:
    """Return `text` with a hyphen for the dash after a number: `20–22` and `20-22` are one range."""
    return text if text.isascii() else _DASH.sub(r"\1-", text)


def decode(data: bytes, encoding: str, path: str, remedy: str = _REMEDY) -> tuple[str, list[InputProblem]]:
    """Return the text of a file without a byte order mark, or "" and the problem; `encoding` is the stated one."""
    line, printed, seems = 0, "", _contradicting(data, encoding)
    if not data:
        what, remedy = "the file is empty", "Put its text there, or take it away."
    elif seems == BINARY:
        what, remedy = "the file is not text but binary data (it holds NUL bytes)", "Put plain text there."
    elif seems:
        what = "the file is not {encoding} text; it seems to be {seems}"
    else:
        try:
            return data.decode(marked(data) or encoding).removeprefix("\ufeff"), []
        except UnicodeDecodeError as error:
            line, printed = data.count(b"\n", 0, error.start) + 1, data[error.start : error.start + 8].hex(" ")
            what, seems = "the file is not {encoding} text (bytes {printed}); it seems to be {seems}", _seeming(data)
    return "", [problem_in(path, line, what, remedy, encoding=encoding, printed=printed, seems=seems)]


def _contradicting(data: bytes, encoding: str) -> str | None:
    """Return the encoding that a file seems to have, by its mark or NUL bytes, if that cannot be `encoding`.

    UTF-16 without a mark must be stated as utf-16-le or utf-16-be: nothing else says which half is first."""
    if mark := marked(data):
        return None if agrees(encoding, mark) else mark
    name = codec_name(encoding) or ""
    is_wide = name.startswith(("utf-16", "utf-32"))
    if not is_wide and data.count(0) <= len(data) / 1000:
        return None
    guess = guessed(data)
    if name in ("utf-16", "utf-32") or (guess in ("utf-16-le", "utf-16-be") and guess != name):
        return _seeming(data)
    return None if is_wide else BINARY


def _seeming(data: bytes) -> str:
    """Return the encoding that bytes without a mark seem to have, as part of a sentence."""
    guess = guessed(data)
    if guess in ("cp1251", "cp1252"):
        return sentence("windows-1251 (cp1251), or another one-byte code page such as windows-1252")
    if guess not in (None, "utf-8"):
        return str(guess)
    damaged = data.decode(errors="replace").count("\ufffd")
    return sentences("utf-8 with {n} damaged byte", "utf-8 with {n} damaged bytes", n=damaged) if damaged else "utf-8"


def split(text: str, path: str) -> tuple[list[str], list[InputProblem]]:
    """Return the lines of a text, which end at LF or CRLF only, and the problems: characters that no line may hold."""
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    odd = [(n, line) for n, line in enumerate(lines, 1) if not _is_plain(line.replace("\t", ""))]
    return lines, [_character(c, n, line, path) for n, line in odd for c in sorted(set(filter(_is_refused, line)))]


def clean(text: str) -> str:
    """Return a text that a person wrote, folded. Raises ValueError for characters that no text may hold."""
    refused = [] if _is_plain(text) else sorted(c for c in set(text) - set("\t\r\n") if _is_refused(c))
    if refused:
        raise ValueError(f"it holds {', '.join(f'U+{ord(c):04X}' for c in refused)}, which no text may hold")
    return fold(text)


def _is_plain(text: str) -> bool:
    """Return True if no character can be refused, which is quicker to see than which are."""
    return text.isprintable() and "\ufffd" not in text


def _is_refused(character: str) -> bool:
    return character == "\ufffd" or (character != "\t" and unicodedata.category(character) in _REFUSED)


def _character(character: str, line: int, text: str, path: str) -> InputProblem:
    what, remedy = "the line holds U+{code} ({name}), which no text may hold", "Take the character out of the line."
    code, name = f"{ord(character):04X}", unicodedata.name(character, "a control character")
    printed = "".join(f"\\u{ord(c):04x}" if _is_refused(c) else c for c in text)
    return problem_in(path, line, what, remedy, printed, code=code, name=name)
