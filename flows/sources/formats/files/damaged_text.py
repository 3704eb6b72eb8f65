"""The problem of text that was read in a wrong encoding, by npa or by a program before it."""

import re
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from flows.sources.formats.files.refusals import problem
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.loading.remarks import Remark
from transforms.text.encodings import is_code_page
from transforms.text.lost_letters import has_lost_letters, has_no_letters_left
from transforms.text.misreading import misreading

_REMEDY = "Ask the producer for the file as it was before. A column that [concepts] sets aside may have such text."
_OF_OTHERS = (b"?", b"\\u", b"&#")  # in the place of a lost letter; escapes of JSON and XML
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""")  # <?xml version="1.0" encoding="UTF-8"?>
_DECLARATION = 200  # bytes, in which it is
_CHUNK = 1 << 18  # bytes


def encoding_of(path: Path, stated: str | None) -> str | None:
    """Return the encoding in which a file is read, by dataset.toml or by its XML declaration; None for Unicode."""
    with path.open("rb") as file:
        declared = _DECLARED.match(file.read(_DECLARATION))
    name = stated or (declared[1].decode() if declared else None)
    return name if name and is_code_page(name) else None


def is_plain(path: Path) -> bool:
    """Return True if a file has no character beyond ASCII, not even escaped, and none in place of a lost letter."""
    before = b""
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            near = before + chunk[:8]
            if not chunk.isascii() or any(sign in chunk or sign in near for sign in _OF_OTHERS):
                return False
            before = chunk[-8:]
    return True


def damage(texts: Collection[str], encoding: str | None) -> InputProblem | None:
    """Return what is wrong with the texts of a file that was read in `encoding`, a code page or None for Unicode.

    The value of the problem is one of the texts, or a word of it. None if nothing is wrong."""
    if found := misreading(texts, encoding):
        if encoding:
            what = 'the text is not in {encoding}: a word would be "{meaning}" in {likely}'
            remedy = sentence('Say encoding = "{likely}" in dataset.toml.', likely=found.encoding)
        else:
            what = 'the text was damaged before it came into this file: a word would be "{meaning}" in {likely}'
            remedy = _REMEDY
        page, likely = encoding or "", found.encoding
        return problem(what, found.word, remedy, encoding=page, meaning=found.meaning, likely=likely)
    if text := next(filter(has_no_letters_left, texts), None):
        what = "the letters of the text are lost: a program has put ? or U+FFFD in their place"
        return InputProblem(what, _REMEDY, value=text[:60])
    return None


def lost_letters(texts: Iterable[str], line_of: Callable[[str], int]) -> list[Remark]:
    """Return a remark if some texts of a file have lost some of their letters; they are published as they are."""
    damaged = [text for text in dict.fromkeys(texts) if has_lost_letters(text) and any(map(str.isalpha, text))]
    if not damaged:  # "?" alone may be a mark
        return []
    arguments: dict[str, str | int] = {"text": damaged[0][:60], "n": len(damaged)}
    return [Remark("letters_lost", damaged[0], line_of(damaged[0]), arguments=arguments)]
