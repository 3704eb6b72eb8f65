"""A guess at [[composite]]: codes of series that differ by a piece, such as _f and _m, _q1 … _q5, _rur and _urb.

Only pieces that words.csv names, or that are codes of ours, become a breakdown. All else stays in the series."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from itertools import permutations

from transforms.statistics.dataset.composite import Composite
from transforms.statistics.describe import codes as guesses

_SEPARATORS = "_.-"
_LEAST = 2  # stems of codes that differ by pieces of one breakdown: one may be chance
_MOST_ENDS = 40  # of codes, such as _gpia, after a breakdown
_RICHEST = {"income_wealth_quantile": {"Q5", "R60"}}  # q1 … q4 without them are quarters

_Code = tuple[str, ...]  # a code by its pieces


def composite_of(column: str, codes: Sequence[str], without: Collection[str] = ()) -> Composite | None:
    """Return how the codes of a column may be read, None if they do not share stems. `without`: columns of ours that
    the file has.

    >>> codes = ["cr_1", "cr_1_f", "cr_1_m", "cr_1_gpia", "cr_2_f", "cr_2_m_se", "cr_2_f_se"]
    >>> composite_of("A", codes).read(["cr_2_f_se"])
    {'cr_2_f_se': {'statistic_id': 'cr_2_se', 'sex': 'f'}}
    """
    separator = max(_SEPARATORS, key=lambda mark: sum(mark in code for code in codes))
    parted = [tuple(code.split(separator)) for code in codes]
    breakdowns = {name: pieces for name, pieces in _breakdowns(parted).items() if name not in without}
    if not breakdowns:
        return None
    ends = _ends(parted, {piece for pieces in breakdowns.values() for piece in pieces})
    mark, orders = re.escape(separator), permutations(breakdowns.items())
    composites = [Composite(column=column, pattern=_pattern(mark, order, ends)) for order in orders]
    return max(composites, key=lambda composite: breakdowns_read(composite, codes))


def breakdowns_read(composite: Composite, codes: Collection[str]) -> int:
    """Return how many breakdowns a pattern finds in codes."""
    parts = composite.read(codes).values()
    return sum(bool(text) for of_code in parts for column, text in of_code.items() if column != "statistic_id")


def _breakdowns(codes: Sequence[_Code]) -> dict[str, list[str]]:
    """Return the pieces of each breakdown in which codes of one stem differ, for at least two stems."""
    stems: dict[str, dict[_Code, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for code in codes:
        for place, piece in enumerate(code[1:], 1):
            for column, ours in guesses.piece(piece).items():
                stems[column][*code[:place], "", *code[place + 1 :]][piece] = ours
    found = {}
    for column, by_stem in stems.items():
        pieces = {piece: ours for of_stem in by_stem.values() for piece, ours in of_stem.items()}
        differing = sum(len({*of_stem.values()}) > 1 for of_stem in by_stem.values())
        if differing >= _LEAST and (column not in _RICHEST or _RICHEST[column] & {*pieces.values()}):
            found[column] = sorted(pieces)
    return found


def _ends(codes: Sequence[_Code], pieces: Collection[str]) -> list[str]:
    """Return what stands after the last piece of a breakdown, the most frequent first."""
    counts = Counter[str]()
    for code in codes:
        last = max((place for place, piece in enumerate(code) if place and piece in pieces), default=len(code))
        counts.update(code[last + 1 :])
    return [piece for piece, _ in counts.most_common(_MOST_ENDS)]


def _pattern(mark: str, order: Sequence[tuple[str, Sequence[str]]], ends: Sequence[str]) -> str:
    """Return a pattern that reads breakdowns in an order, and then any of `ends`."""
    lines = ["(?x)", "(?P<statistic_id> .+? )"]
    lines += [f"({mark} (?P<{column}> {_any_of(pieces)} ))?" for column, pieces in order]
    if ends:
        lines.append(f"(?P<statistic_id_2> ({mark} ({_any_of(ends)}))* )")
    return "\n".join(lines) + "\n"


def _any_of(pieces: Sequence[str]) -> str:
    return " | ".join(map(re.escape, pieces))
