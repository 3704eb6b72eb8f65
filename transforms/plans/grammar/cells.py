"""Texts of cells and glossary entries, split into their parts: number, recommendations, abbreviation."""

import re
from collections.abc import Sequence
from functools import lru_cache

from transforms.quality.text import sentence
from transforms.text.lines import DASHES, hyphenate

_ACTIVITY_NUMBER = re.compile(r"([1-9][0-9]{0,2})[.)](?: ?(?=\D)(.+))?")  # 1. Conduct …, 2) Develop …; cut: 2.
_DASH = re.compile(f" ?[{DASHES}] ?")
_ABBREVIATION = re.compile(r"[^\W_]+(?:-[^\W_]+)*")  # AOS, AG-SUPRT, МОН
_BRACKET = re.compile(r"(?P<summary>.*\S) ?\((?P<bracket>[^()]*)\)", re.DOTALL)  # Financing (Rec. 8)
_NUMBER = r"[1-9][0-9]*"
_ITEM = re.compile(rf"({_NUMBER})(?: ?- ?({_NUMBER}))?")  # 9, 20-22


class UnreadableNumbers(ValueError):
    """The bracket does not say which numbers; the message says why."""


def split_number(text: str) -> tuple[int | None, str]:
    """Return the number printed before an activity's text, if any, and the text without it.

    >>> split_number("2) Develop bylaws")
    (2, 'Develop bylaws')
    """
    match = _ACTIVITY_NUMBER.fullmatch(text)
    return (int(match[1]), (match[2] or "").strip()) if match else (None, text)


def split_entry(text: str) -> tuple[str, str] | None:
    """Return abbreviation and name of a glossary entry, parted by the last dash that only capitals precede.

    >>> split_entry("AOS- Agency on Statistics")
    ('AOS', 'Agency on Statistics')
    >>> split_entry("MOC-IT - Ministry of Communications")
    ('MOC-IT', 'Ministry of Communications')
    """
    entry = None
    for dash in _DASH.finditer(text):
        abbreviation, name = text[: dash.start()], text[dash.end() :]
        if not _ABBREVIATION.fullmatch(abbreviation) or abbreviation != abbreviation.upper():
            break
        entry = (abbreviation, name) if name else entry
    return entry


def split_summary(text: str, words: Sequence[str]) -> tuple[str, str] | None:
    """Return summary and content of its closing bracket of recommendation numbers; None if that is open or missing.

    >>> split_summary("State funding (Recommendation 8)", ["recommendation"])
    ('State funding', 'Recommendation 8')
    """
    match = _BRACKET.fullmatch(text)
    if match is None or not _lead(tuple(words)).match(match["bracket"].strip()):
        return None
    return match["summary"], hyphenate(match["bracket"].strip())


def read_numbers(bracket: str, words: Sequence[str], conjunctions: Sequence[str]) -> list[int]:
    """Return the numbers of a bracket in the order printed, ranges written out. Raises UnreadableNumbers.

    >>> read_numbers("Recommendations 9, 20-22 and 34", ["recommendations"], ["and"])
    [9, 20, 21, 22, 34]
    """
    listed = _lead(tuple(words)).sub("", bracket, count=1)
    numbers: list[int] = []
    for item in _separator(tuple(conjunctions)).split(listed):
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


@lru_cache
def _lead(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of the word before the numbers: Recommendations, Rec."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?=[\s\d])", re.IGNORECASE)


@lru_cache
def _separator(conjunctions: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of a comma, or of a word such as "and" between blanks."""
    return re.compile(rf",|\s(?:{'|'.join(map(re.escape, conjunctions))})\s", re.IGNORECASE)
