"""Rows printed twice (contract §6, rule 4)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

_TELLING_WORDS = 6  # from how many words on two texts that differ by one are taken for the same


@dataclass(frozen=True, slots=True)
class Printed:
    """What two prints of one row have in common; `period` is its years, or its text where it names none."""

    activity_id: str
    line: int
    activity_text: str
    period: tuple[int, int] | str
    agencies: frozenset[str]


def is_same_text(one: str, other: str) -> bool:
    """Whether two texts differ in at most one word: put in, left out, or replaced.

    >>> is_same_text("Exploration the experience", "Exploration of the experience")
    True
    """
    words, others = one.casefold().split(), other.casefold().split()
    if abs(len(words) - len(others)) > 1 or max(len(words), len(others)) < 2:
        return False
    first, second = Counter(words), Counter(others)
    return max((first - second).total(), (second - first).total()) <= 1


def second_prints(rows: Sequence[Printed]) -> Iterator[tuple[Printed, Printed]]:
    """Return the pairs (first, second) of a plan's rows that seem to be one row printed twice.

    Period and agencies are the same, and the texts but for a word. A shorter text says too little to tell by:
    "Establish a council" and "Establish a fund" are two activities."""
    groups: dict[object, list[Printed]] = defaultdict(list)
    for row in rows:
        if len(row.activity_text.split()) >= _TELLING_WORDS:
            groups[row.period, row.agencies].append(row)
    pairs = [pair for group in groups.values() for pair in combinations(group, 2)]
    for first, second in sorted(pairs, key=lambda pair: (pair[0].line, pair[1].line)):
        if is_same_text(first.activity_text, second.activity_text):
            yield first, second
