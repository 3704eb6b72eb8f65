"""Implementation periods as printed (contract §6, rule 2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from transforms.text.lines import hyphenate

_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")  # 2018
_RANGE = re.compile(r"((?:19|20|21)[0-9]{2}) ?- ?((?:19|20|21)[0-9]{2})")  # 2018-2019, 2018- 2019


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """The words of a document's periods: phrases without years, plain, with their kinds; words next to years."""

    phrases: Mapping[str, str]
    year_words: tuple[str, ...] = ()

    def without_year_words(self, text: str) -> str:
        """Return `text` without a word before or after its years.

        >>> PeriodWords({}, ("гг.",)).without_year_words("2018-2019 гг.")
        '2018-2019'
        """
        for word in self.year_words:
            text = text.removeprefix(f"{word} ").removesuffix(f" {word}")
        return text

    def plain(self, text: str) -> str:
        """Return a period or phrase (folded) in the form in which two of them are compared.

        >>> PeriodWords({}, ("г.",)).plain("До конца 1–2 Этапа")
        'до конца 1-2 этапа'
        """
        return self.without_year_words(hyphenate(text).casefold())


@dataclass(frozen=True, slots=True)
class Period:
    """A period: its kind, and first and last year if it states them."""

    kind: str
    years: tuple[int, int] | None = None


def read_period(text: str, words: PeriodWords) -> Period | None:
    """Return the period that `text` (folded) states; None if no rule reads it.

    >>> read_period("2018- 2019", PeriodWords({}))
    Period(kind='year_range', years=(2018, 2019))
    >>> read_period("regularly", PeriodWords({"regularly": "recurring"}))
    Period(kind='recurring', years=None)
    """
    text = words.plain(text)
    if not text:
        return Period("unspecified")
    if _YEAR.fullmatch(text):
        return Period("single_year", (int(text), int(text)))
    if match := _RANGE.fullmatch(text):
        return Period("year_range", (int(match[1]), int(match[2])))
    kind = words.phrases.get(text)
    return Period(kind) if kind else None


def is_cut_period(before: str, after: str, words: PeriodWords) -> bool:
    """Return True if `after`, on the next page, continues the period `before` (contract §6, rule 1).

    `before` does not read by itself, and the two together do, or are the beginning of what does."""
    if not before or read_period(before, words):
        return False
    both = f"{before} {after}"
    return read_period(both, words) is not None or any(
        phrase.startswith(f"{hyphenate(both)} ".casefold()) for phrase in words.phrases
    )
