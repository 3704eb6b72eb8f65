"""Implementation periods: what a printed period says (contract §6, rule 2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from transforms.text import hyphenate

_YEAR = re.compile(r"(?:19|20|21)\d\d")  # 2018
_RANGE = re.compile(r"((?:19|20|21)\d\d) ?- ?((?:19|20|21)\d\d)")  # 2018-2019, 2018- 2019


@dataclass(frozen=True, slots=True)
class Period:
    """A period read: its kind, and first and last year where it states them."""

    kind: str
    years: tuple[int, int] | None = None


def read_period(text: str, phrases: Mapping[str, str]) -> Period | None:
    """What `text` (folded) says, `phrases` naming the kinds that state no years; None where no rule reads it.

    >>> read_period("2018- 2019", {})
    Period(kind='year_range', years=(2018, 2019))
    >>> read_period("regularly", {"regularly": "recurring"})
    Period(kind='recurring', years=None)
    """
    text = hyphenate(text)
    if not text:
        return Period("unspecified")
    if _YEAR.fullmatch(text):
        return Period("single_year", (int(text), int(text)))
    if match := _RANGE.fullmatch(text):
        return Period("year_range", (int(match[1]), int(match[2])))
    kind = phrases.get(text.casefold())
    return Period(kind) if kind else None


def is_cut_period(before: str, after: str, phrases: Mapping[str, str]) -> bool:
    """Whether `after`, on the next page, continues the period `before` (contract §6, rule 1): that does not read by
    itself, and the two together do, or are the beginning of what does."""
    if not before or read_period(before, phrases):
        return False
    both = f"{before} {after}"
    return read_period(both, phrases) is not None or any(p.startswith(f"{both} ".casefold()) for p in phrases)
