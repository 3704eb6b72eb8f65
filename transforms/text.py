"""From bytes to lines, by rule 0 of the contract §6."""

import codecs
import csv
import io
import re
import unicodedata

from transforms.errors import InputProblem

_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Categories that no line of text has a use for; U+FFFD stands where an earlier program lost a character.
_REFUSED = {"Cc", "Cf", "Zl", "Zp"}
_UNSEEN = {"Cc", "Cf", "Cs"}
DASHES = "-‐‑‒–—―−⁃﹘﹣－"  # every character that is printed for a hyphen, the hyphen first
_DASH = re.compile(f"(?<=[0-9])( ?)[{DASHES[1:]}]")  # 2018–2022; cut by a page break: 2018–


def fold(text: str) -> str:
    """`text` with each run of white space (no-break spaces too) as one space, and none at its ends."""
    return " ".join(text.split())


def csv_line(*cells: str) -> str:
    """Return the line of a CSV file that holds `cells`, ready to be pasted.

    >>> csv_line("TJK-CRC-2018-01-01", "Build schools, roads")
    'TJK-CRC-2018-01-01,"Build schools, roads"'
    """
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def hyphenate(text: str) -> str:
    """`text` with the dash after a number as a hyphen: `20–22` and `20-22` are one range."""
    return text if text.isascii() else _DASH.sub(r"\1-", text)


def decode(data: bytes, encoding: str, path: str, remedy: str = "Save it as UTF-8.") -> tuple[str, list[InputProblem]]:
    """The text of a file, without a byte order mark; or the reason why it is none."""
    if not data:
        return "", [InputProblem("the file is empty", "Put its text there, or take it away.", path=path)]
    seems = _seems(data)
    if seems and codecs.lookup(seems) != codecs.lookup(encoding):
        return "", [InputProblem(f"the file is not {encoding} text; it seems to be {seems}", remedy, path=path)]
    if not seems and data.count(0) > len(data) / 1000 and not encoding.lower().startswith(("utf-16", "utf-32")):
        return "", [
            InputProblem(
                "the file is not text but binary data (it holds NUL bytes)", "Put plain text there.", path=path
            )
        ]
    try:
        return data.decode(encoding).removeprefix("\ufeff"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        printed = data[error.start : error.start + 8].hex(" ")
        what = f"the file is not {encoding} text (bytes {printed}); it seems to be {_one_byte_or_utf_8(data)}"
        return "", [InputProblem(what, remedy, path=path, line=line)]


def _seems(data: bytes) -> str | None:
    """The encoding that a mark, or NUL bytes in every second place, give away."""
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            return name
    head = data[:4096]
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[first::2]
        if len(head) > 3 and half.count(0) > 0.6 * len(half) and head.count(0) < 0.6 * len(head):
            return name
    return None


def _one_byte_or_utf_8(data: bytes) -> str:
    """A guess for bytes without NUL: UTF-8, or windows-1251, which has letters at 0xC0–0xFF, quotes at 0x80–0xBF."""
    damaged = data.decode(errors="replace").count("\ufffd")
    if damaged < 1 + len(data) / 10_000:
        return f"utf-8 with {damaged} damaged byte{'s' if damaged > 1 else ''}" if damaged else "utf-8"
    control = sum(b < 32 and b not in (9, 10, 13) for b in data)
    if control > len(data) / 100:
        return "binary data"
    return "windows-1251 (cp1251), or another one-byte code page such as windows-1252"


def split(text: str, path: str) -> tuple[list[str], list[InputProblem]]:
    """The lines of a text: a line ends at LF or CRLF, nothing else. Faults: characters that no line may hold."""
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    problems = []
    for number, line in enumerate(lines, 1):
        if not line.replace("\t", "").isprintable() or "\ufffd" in line:
            problems += [_character(c, number, line, path) for c in sorted(set(filter(_is_refused, line)))]
    return lines, problems


def clean(text: str) -> str:
    """A text that a person wrote into a table of judgement, folded.

    Raises ValueError for characters that no text may hold."""
    refused = sorted(c for c in set(text) - set("\t\r\n") if _is_refused(c))
    if refused:
        raise ValueError(f"it holds {', '.join(f'U+{ord(c):04X}' for c in refused)}, which no text may hold")
    return fold(text)


def printable(line: str) -> str:
    r"""Return a line without what a terminal would take for a command: the name of a file may hold anything.

    >>> print(printable("a\x1b[31m.csv"))
    a\x1b[31m.csv
    """
    return "".join(c.encode("unicode_escape").decode() if unicodedata.category(c) in _UNSEEN else c for c in line)


def _is_refused(character: str) -> bool:
    return character == "\ufffd" or (character != "\t" and unicodedata.category(character) in _REFUSED)


def _character(character: str, line: int, text: str, path: str) -> InputProblem:
    name = unicodedata.name(character, "a control character")
    what = f"the line holds U+{ord(character):04X} ({name}), which no text may hold"
    printed = "".join(f"\\u{ord(c):04x}" if _is_refused(c) else c for c in text)
    return InputProblem(what, "Take the character out of the line.", path=path, line=line, value=printed)
