"""Periods as PC-Axis and JSON-stat files print them, in SDMX form: 2013T4 → 2013-Q4, 2018M12 → 2018-12."""

import re
from collections.abc import Callable, Sequence
from datetime import date

# 2019 · 2019Q1, 2019-Q1, 2006K1, 2013T4 · 2005H1, 2019-S1 · 2018M12, 2018-M12, 2018-12 · 2018W05, 2018V05, 2018U05
_LETTERED = re.compile(r"([12]\d{3})(?:[- ]?([QKTHSMWVU])[- ]?(\d{1,2})|-(\d\d))?", re.ASCII)
_DIGITS = re.compile(r"([12]\d{3})(\d{1,2})", re.ASCII)  # 20061, 200610: only where the frequency is stated
# T is the quarter of Spanish and French offices (trimestre), unless the frequency says a third of a year;
# K kvartal, V vecka, U uke: what Nordic offices print.
_FREQUENCY = {"K": "Q", "T": "Q", "H": "S", "V": "W", "U": "W"}
_FORMS: dict[str, tuple[int, Callable[[int, int], str]]] = {
    "Q": (4, lambda year, part: f"{year}-Q{part}"),
    "S": (2, lambda year, part: f"{year}-S{part}"),
    "M": (12, lambda year, part: f"{year}-{part:02}"),
    "W": (53, lambda year, part: f"{year}-W{part:02}"),
    "T": (3, lambda year, part: f"{year}-T{part}"),
}


def sdmx_period(text: str, scale: str = "") -> str | None:
    """The period in SDMX form, None if it is none. `scale` is the letter of a PC-Axis time scale (A, H, Q, T, M, W),
    where one is stated: only then are bare digits parts of a year.

    >>> sdmx_period("2006K1"), sdmx_period("2013T4"), sdmx_period("2005H1"), sdmx_period("200610", "M")
    ('2006-Q1', '2013-Q4', '2005-S1', '2006-10')
    >>> sdmx_period("200610"), sdmx_period("2006Q5"), sdmx_period("20")
    (None, None, None)
    """
    if scale and (bare := _DIGITS.fullmatch(text)):
        return _in_form(bare[1], "T" if scale == "T" else _FREQUENCY.get(scale, scale), bare[2])
    if not (match := _LETTERED.fullmatch(text)):
        return None
    year, letter, part, month = match.groups()
    if month:
        return _in_form(year, "M", month)
    if not letter:
        return str(year)
    return _in_form(year, "T" if letter == scale == "T" else _FREQUENCY.get(letter, letter), part)


def _in_form(year: str, frequency: str, part: str) -> str | None:
    last, form = _FORMS.get(frequency, (0, None))
    return form(int(year), int(part)) if form and 1 <= int(part) <= last else None


def sdmx_periods(texts: Sequence[str], scale: str = "") -> tuple[str, ...] | None:
    """All of them in SDMX form, or None if one is no period."""
    read = [sdmx_period(text, scale) for text in texts]
    return tuple(p for p in read if p) if read and all(read) else None


def spelled_out(first: str, last: str, scale: str) -> list[str] | None:
    """TLIST's "1994"-"1996", "20051"-"20063": every code from the first to the last; None if they are none.

    >>> spelled_out("20054", "20062", "Q")
    ['20054', '20061', '20062']
    """
    width = {"A": 0, "H": 1, "Q": 1, "K": 1, "T": 1, "M": 2, "W": 2}.get(scale)
    if width is None or any(len(code) != 4 + width or not sdmx_period(code, scale) for code in (first, last)):
        return None
    codes: list[str] = []
    for year in range(int(first[:4]), int(last[:4]) + 1):
        parts = range(1, _parts(year, scale) + 1) if width else [0]
        codes += [f"{year}{part:0{width}}" if width else str(year) for part in parts]
    return [code for code in codes if first <= code <= last] or None


def _parts(year: int, scale: str) -> int:
    """Parts of a year; a year has 52 or 53 weeks, the last of which holds 28 December (ISO 8601)."""
    return date(year, 12, 28).isocalendar().week if scale == "W" else {"H": 2, "Q": 4, "K": 4, "T": 3, "M": 12}[scale]
