"""Doubtful print that no count can see: flagged, never changed."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_REPEATED = re.compile(r"\b(\w+) \1\b", re.IGNORECASE)  # through through


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
    message: str


def doubts(passages: Iterable[Passage]) -> Iterator[Doubt]:
    """Words that no other row uses, words printed twice running, results without a full stop.

    A row is what is printed on one line; page breaks do not count."""
    passages = list(passages)
    words = [{word.casefold() for word in _WORD.findall(p.text)} for p in passages]
    rows: dict[str, set[int]] = {}
    for passage, found in zip(passages, words, strict=True):
        for word in found:
            rows.setdefault(word, set()).add(passage.line)
    count = Counter({word: len(lines) for word, lines in rows.items()})
    for passage, found in zip(passages, words, strict=True):
        once = sorted(word for word in found if count[word] == 1)
        if once:
            yield Doubt(
                passage,
                "word_used_once",
                ", ".join(once),
                "No other row of the document uses these words; a misprint would look the same.",
            )
        if match := _REPEATED.search(passage.text):
            yield Doubt(passage, "word_repeated", match[0], "A word is printed twice running.")
        if passage.column_name == "expected_result" and not passage.text.endswith((".", "!", "?")):
            yield Doubt(
                passage,
                "result_without_full_stop",
                passage.text,
                "The expected result does not end in a full stop: its end may be missing.",
            )
