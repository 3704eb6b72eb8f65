"""Doubtful print that no count can see: flagged, never changed."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from transforms.plans.context import Context
from transforms.tables.rows import Rows

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_REPEATED = re.compile(r"\b(\w++) \1\b", re.IGNORECASE)  # through through


class _Passage(NamedTuple):
    """A published text: where it is printed, whose it is, and in which column."""

    line: int
    activity_id: str | None
    column_name: str
    text: str


def flag_doubtful_print(context: Context) -> None:
    """Flag words that no other row uses, words printed twice running, results without a full stop.

    A row is what is printed on one line; page breaks do not count. Needs the document's measures and activities."""
    passages = list(_passages(context.rows))
    words = [set().union(*map(_words, passage.text.casefold().split())) for passage in passages]
    of_row: dict[int, set[str]] = defaultdict(set)
    for passage, words_of_passage in zip(passages, words, strict=True):
        of_row[passage.line] |= words_of_passage
    rows = Counter(chain.from_iterable(of_row.values()))
    for passage, words_of_passage in zip(passages, words, strict=True):
        if once := sorted(word for word in words_of_passage if rows[word] == 1):
            _flag(context, "word_used_once", passage, ", ".join(once))
        if match := _REPEATED.search(passage.text):
            _flag(context, "word_repeated", passage, match[0])
        if passage.column_name == "expected_result" and not passage.text.endswith((".", "!", "?")):
            _flag(context, "result_without_full_stop", passage, passage.text)


def _passages(rows: Rows) -> Iterator[_Passage]:
    for row in rows.each("dim_measure"):
        yield _Passage(row["line_first"], None, "summary", row["summary"])
    for row in rows.each("dim_activity"):
        for column in ("activity_text", "expected_result"):
            if row[column]:
                yield _Passage(row["line_first"], row["activity_id"], column, row[column])


@lru_cache(maxsize=100_000)
def _words(piece: str) -> frozenset[str]:
    """Return the words of what is between two blanks; documents repeat themselves, and one another."""
    return frozenset(_WORD.findall(piece))


def _flag(context: Context, rule: str, passage: _Passage, words: str) -> None:
    context.flag(rule, passage.line, passage.column_name, activity_id=passage.activity_id, source_value=words,
                 published_value=words)  # fmt: skip
