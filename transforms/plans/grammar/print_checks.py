"""Doubtful print that no count can see: flagged, never changed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_REPEATED = re.compile(r"\b(\w++) \1\b", re.IGNORECASE)  # through through


@dataclass(frozen=True, slots=True)
class Passage:
    """A published text: where it is printed, whose it is, and in which column."""

    line: int
    activity_id: str | None
    column_name: str
    text: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A passage, the rule that doubts it, and the words doubted."""

    passage: Passage
    rule: str
    words: str


@lru_cache(maxsize=100_000)
def _words(piece: str) -> frozenset[str]:
    """The words of what stands between two blanks; documents repeat themselves, and one another."""
    return frozenset(_WORD.findall(piece))


def doubts(passages: Iterable[Passage]) -> Iterator[Doubt]:
    """Words that no other row uses, words printed twice running, results without a full stop.

    A row is what is printed on one line; page breaks do not count."""
    passages = list(passages)
    words = [set().union(*map(_words, p.text.casefold().split())) for p in passages]
    of_row: dict[int, set[str]] = {}
    for passage, found in zip(passages, words, strict=True):
        of_row[passage.line] = of_row.get(passage.line, set()) | found
    seen: set[str] = set()
    shared: set[str] = set()  # by several rows
    for found in of_row.values():
        shared |= seen & found
        seen |= found
    for passage, found in zip(passages, words, strict=True):
        once = sorted(found - shared)
        if once:
            yield Doubt(passage, "word_used_once", ", ".join(once))
        if match := _REPEATED.search(passage.text):
            yield Doubt(passage, "word_repeated", match[0])
        if passage.column_name == "expected_result" and not passage.text.endswith((".", "!", "?")):
            yield Doubt(passage, "result_without_full_stop", passage.text)
