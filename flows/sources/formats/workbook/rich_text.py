"""Texts of which some letters are raised or struck out, as those that carry the mark of a footnote."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# "1", "1,2", "2)", "*", "a": the mark of a footnote. "er" of 1er and "nd" of 2nd are none.
_MARK = re.compile(r"[\s,;()\[\]]*(?:(?:[0-9]{1,2}|[*†‡§¶#]+|[^\W\d_])[\s,;()\[\]]*)+")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_UNIT = re.compile(r"(?:^|[\W\d_])(?:[kcdm]?m|[кдсм]?м|га?)\.?$", re.IGNORECASE)  # km², кв. м²: no footnote


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one kind."""

    text: str
    is_raised: bool = False
    is_struck_out: bool = False


@dataclass(frozen=True, slots=True)
class RichText:
    """A text without the marks of footnotes and what is struck out. `notes`: kind and text of each CellNote."""

    text: str
    notes: tuple[tuple[str, str], ...]


def rich_text(runs: Iterable[Run]) -> RichText | None:
    """Return a text by its runs, or None if it is usual.

    >>> rich_text([Run("12.3"), Run("1", is_raised=True)])
    RichText(text='12.3', notes=(('superscript', '1'),))
    >>> rich_text([Run("11", is_struck_out=True), Run(" 12")])
    RichText(text=' 12', notes=(('struck_out', '11'),))
    >>> rich_text([Run("km"), Run("2", is_raised=True)])
    """
    runs = [run for run in runs if run.text]
    text, notes, is_whole = "", [], all(run.is_struck_out or not run.text.strip() for run in runs)
    for run in runs:
        if run.is_struck_out and not is_whole and run.text.strip():
            notes.append(("struck_out", run.text.strip()))
        elif run.is_raised and is_mark(text, run.text):
            notes.append(("superscript", run.text.strip()))
        else:
            text += run.text
    if is_whole and any(run.is_struck_out for run in runs):
        notes.append(("struck_out", ""))
    return RichText(text, tuple(notes)) if notes else None


def is_mark(before: str, raised: str) -> bool:
    """Return True if raised letters are the mark of a footnote: not an exponent of a unit, nor the end of a word."""
    if not _MARK.fullmatch(raised) or _LETTERS.search(raised):
        return False
    return not (raised.strip() in ("2", "3") and _UNIT.search(before))
