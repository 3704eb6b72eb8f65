"""Texts of cells and glossary entries: their parts, and where a sentence or a list may end or begin."""

import re
from collections.abc import Sequence

from transforms.quality.text import sentence
from transforms.text.lines import DASHES, hyphenate

_ACTIVITY_NUMBER = re.compile(r"([1-9][0-9]{0,2})[.)](?: ?(?=\D)(.+))?")  # 1. Conduct …, 2) Develop …; cut: 2.
_DASH = re.compile(f" ?[{DASHES}] ?")
_ABBREVIATION = re.compile(r"[^\W_]+(?:-[^\W_]+)*")  # AOS, AG-SUPRT, МОН
_BRACKET = re.compile(r"(?P<summary>.*\S) ?\((?P<bracket>[^()]*)\)", re.DOTALL)  # Financing (Rec. 8)
_NUMBER = r"[1-9][0-9]*"
_ITEM = re.compile(rf"({_NUMBER})(?: ?- ?({_NUMBER}))?")  # 9, 20-22
# A full stop, of other scripts too, then what closes or marks a note: …the law. …“the law.”) …the law.* …क़ानून।
_END = re.compile(r"""[.!?…।॥。．｡։။።؟۔][\s"'«»“”„‘’‹›)\]}*†‡¹²³⁴⁵⁶⁷⁸⁹]*$""")
_BULLET = re.compile(f"[{DASHES}•◦▪‣·*] (?=\\w)")  # - build …, • build …


class UnreadableNumbers(ValueError):
    """The bracket does not say which numbers; the message says why."""


def split_number(text: str) -> tuple[int | None, str]:
    """Return the number printed before an activity's text, if any, and the rest: of "2) Develop", 2 and "Develop"."""
    match = _ACTIVITY_NUMBER.fullmatch(text)
    return (int(match[1]), (match[2] or "").strip()) if match else (None, text)


def split_entry(text: str) -> tuple[str, str] | None:
    """Return abbreviation and name of a glossary entry, parted by the last dash that only capitals precede."""
    entry = None
    for dash in _DASH.finditer(text):
        abbreviation, name = text[: dash.start()], text[dash.end() :]
        if not _ABBREVIATION.fullmatch(abbreviation) or abbreviation != abbreviation.upper():
            break
        entry = (abbreviation, name) if name else entry
    return entry


def split_summary(text: str, words: Sequence[str]) -> tuple[str, str] | None:
    """Return summary and content of its closing bracket of recommendation numbers; None if that is open or missing."""
    match = _BRACKET.fullmatch(text)
    if match is None or not _lead(words).match(match["bracket"].strip()):
        return None
    return match["summary"], hyphenate(match["bracket"].strip())


def read_numbers(bracket: str, words: Sequence[str], conjunctions: Sequence[str]) -> list[int]:
    """Return the numbers of a bracket in the order printed, ranges written out. Raises UnreadableNumbers."""
    listed = _lead(words).sub("", bracket, count=1)
    separator = rf",|\s(?:{'|'.join(map(re.escape, conjunctions))})\s"  # a comma, or a word such as "and"
    numbers: list[int] = []
    for item in re.split(separator, listed, flags=re.IGNORECASE):
        match = _ITEM.fullmatch(item.strip())
        if match is None:
            raise UnreadableNumbers(sentence('"{item}" is neither a number nor a range', item=item.strip()))
        first, last = int(match[1]), int(match[2] or match[1])
        if match[2] and last <= first:
            raise UnreadableNumbers(sentence('the range "{item}" does not ascend', item=item.strip()))
        if last > 9999:
            raise UnreadableNumbers(sentence('"{item}" is no number of a recommendation', item=item.strip()))
        numbers += range(first, last + 1)
    return numbers


def _lead(words: Sequence[str]) -> re.Pattern[str]:
    """Return the pattern of the word before the numbers: Recommendations, Rec."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?=[\s\d])", re.IGNORECASE)


def is_finished(text: str) -> bool:
    """Return True if `text` ends with a finished sentence: "Adopt the law (by decree.)", not "Adopt the"."""
    return _END.search(text) is not None


def begins_sentence(piece: str) -> bool:
    """Return True if `piece` begins with a bullet, or with a letter or digit that may begin a sentence."""
    if _BULLET.match(piece):
        return True
    first = next((character for character in piece if character.isalnum()), "")
    # Georgian letters count as lower-case in Unicode, but no sentence begins with another: they have no title case.
    return not first.islower() or first.title() == first


def is_finished_list(text: str, conjunctions: Sequence[str]) -> bool:
    """Return True if a list that prints no full stop may end with `text`: "MOES, MOJ", not "MOES," or "MOES and"."""
    folded = f" {text.casefold()}"
    return not folded.endswith((",", ";", *DASHES, *(f" {word.casefold()}" for word in conjunctions)))


def begins_list(piece: str, conjunctions: Sequence[str]) -> bool:
    """Return True if a list may begin with `piece`: "MOES", not ", MOES" or "And MOES"."""
    continuations = (",", ";", *(f"{word.casefold()} " for word in conjunctions))
    return begins_sentence(piece) and not f"{piece.casefold()} ".startswith(continuations)
