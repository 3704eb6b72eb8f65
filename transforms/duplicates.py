"""Rows printed twice (contract §6, rule 4)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Printed:
    """What two prints of one row have in common."""

    activity_id: str
    measure_id: str
    line: int
    activity_text: str
    period_text: str
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
    """Pairs (first, second) of a plan's rows that say the same: under one measure by their text, under two measures
    where period and agencies are the same too."""
    groups: dict[object, list[Printed]] = defaultdict(list)
    for row in rows:
        groups[row.measure_id].append(row)
        groups[(row.period_text, row.agencies)].append(row)
    pairs = {pair for group in groups.values() for pair in combinations(group, 2)}
    for first, second in sorted(pairs, key=lambda pair: (pair[0].line, pair[1].line)):
        if is_same_text(first.activity_text, second.activity_text):
            yield first, second
