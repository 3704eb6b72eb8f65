"""From a text to the period that a report is about: a year, or a half-year in any of the forms that agencies write."""

import re
from functools import cache

from transforms.quality.catalogue import Message, message
from transforms.reports.cells.values import read_text, shown
from transforms.reports.vocabulary import plain, rows

_YEAR = re.compile(r"(?:соли |сол |год |year )?([0-9]{4})(?:[.,]0+)?(?: ?(?:г\.?|год|года|сол))?")  # соли 2019, 2019 г.
_PIECE = re.compile(r"[0-9]+|[^\W\d]+")  # 2019 and S and 1 of 2019-S1
_CYRILLIC_I = str.maketrans("і", "i")  # as in ІІ полугодие


def read_period(text: str) -> tuple[str | None, Message | None]:
    """Return a year of four digits, or a half-year as SDMX writes it.

    >>> [read_period(text)[0] for text in ("2019", "2019.0", "2019 г.", "соли 2019", "2019-01-01")]
    ['2019', '2019', '2019', '2019', None]
    >>> {read_period(text)[0] for text in ("2019-S1", "H1 2019", "1-е полугодие 2019 г.", "Нимсолаи I соли 2019")}
    {'2019-S1'}
    """
    typed = read_text(text)
    if typed is None:
        return None, None
    match = _YEAR.fullmatch(typed.casefold())
    if match and _is_year(match[1]):
        return match[1], None
    if half_year := _half_year(typed):
        return half_year, None
    return None, message("year_unreadable", text=shown(typed))


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.startswith(("19", "20"))


def _half_year(typed: str) -> str | None:
    """Return the half-year that a text names by nothing but a year, a word for half-year, and which of the two."""
    pieces = _PIECE.findall(plain(typed).translate(_CYRILLIC_I))
    years = [piece for piece in pieces if _is_year(piece)]
    parts = sorted(part for piece in pieces if piece not in years and (part := _parts().get(piece, piece)) != "filler")
    if len(years) != 1 or parts not in (["first", "half"], ["half", "second"]):
        return None
    return f"{years[0]}-S{1 if 'first' in parts else 2}"


@cache
def _parts() -> dict[str, str]:
    """Return what each word is in the name of a half-year."""
    return {plain(word): part for part, _, word in rows("half_years")}
