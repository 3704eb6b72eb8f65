"""Printed values: numbers and marks; periods as SDMX, PC-Axis and JSON-stat files write them."""

import math
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date

from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.statistics.quarters import as_quarter, with_quarters

_MISSING = ("", "NaN", "#N/A")  # SDMX-CSV: missing on purpose
# PC-Axis 2013: dots are missing, a dash is nil, which is a magnitude of zero.
_PX_MARKS: dict[str, float | None] = {"." * dots: None for dots in range(1, 7)} | {"-": 0.0}
_BLANKS = re.compile(r"\s+")  # no-break spaces too
# "1 234,5", "- 5": blanks part thousands and follow a sign; "68 70" is two numbers. Digits are those of ASCII.
_NUMBER = re.compile(r"[+-]?\s*(?:[0-9]{1,3}(?:\s[0-9]{3})+|[0-9]*)(?:[.,][0-9]*)?(?:[Ee][+-]?[0-9]+)?")
_IN_TEXT = re.compile(r"[0-9]+(?:[.,\s][0-9]+)*")
_OURS = (
    ("A", re.compile(r"([12]\d{3})(?:-A1)?"), "{0}"),  # 2019, 2019-A1
    ("S", re.compile(r"([12]\d{3})-[SH]([12])"), "{0}-S{1}"),  # 2019-S1
    ("Q", re.compile(r"([12]\d{3})-Q([1-4])"), "{0}-Q{1}"),  # 2019-Q1
    ("M", re.compile(r"([12]\d{3})-M?(0[1-9]|1[0-2])"), "{0}-{1}"),  # 2019-01, 2019-M01
)
_YEAR_AND_NUMBER = re.compile(r"[12]\d(\d\d)-(\d\d)")
_UNREAD = (
    (sentence("a week"), re.compile(r"[12]\d{3}[- ]?[WVU]\d{1,2}")),  # 2024-W05, 2018V05
    (sentence("a third of a year"), re.compile(r"[12]\d{3}[- ]?T[1-3]")),
    (sentence("a day"), re.compile(r"[12]\d{3}-\d\d-\d\d(T.*)?|[12]\d{7}|\d{1,2}[./]\d{1,2}[./][12]\d{3}")),
    (sentence("a range"), re.compile(r"[12]\d{3}(-\d\d)*\s*[-–—/]\s*(?:[12]\d{3}|\d\d|P)[\w-]*")),  # 2005-2009, 2019/20
)
# 2019 · 2019Q1, 2019-Q1, 2006K1, 2013T4 · 2005H1, 2019-S1 · 2018M12, 2018-M12, 2018-12 · 2018W05, 2018V05, 2018U05
_LETTERED = re.compile(r"([12]\d{3})(?:[- ]?([QKTHSMWVU])[- ]?(\d{1,2})|-(\d\d))?", re.ASCII)
_DIGITS = re.compile(r"([12]\d{3})(\d{1,2})", re.ASCII)  # 20061, 200610: only where the frequency is stated
# K kvartal, V vecka, U uke: what Nordic offices print. For T see quarters.py.
_FREQUENCY = {"K": "Q", "H": "S", "V": "W", "U": "W"}
_FORMS = {"Q": (4, "{}-Q{}"), "S": (2, "{}-S{}"), "M": (12, "{}-{:02}"), "W": (53, "{}-W{:02}"), "T": (3, "{}-T{}")}


def read_number(text: str, dataset: Dataset) -> tuple[float | None, str | None, bool]:
    """Return the value, the status, and True if the text is known."""
    printed = " ".join(text.split())
    if text in dataset.marks or printed in dataset.marks:
        return None, dataset.marks.get(text, dataset.marks.get(printed)), True
    if printed in _MISSING:
        return None, None, True
    if dataset.format == "px" and printed in _PX_MARKS:
        return _PX_MARKS[printed], None, True
    printed = printed.replace("\u2212", "-")  # the minus of typographers
    value = math.nan
    if _NUMBER.fullmatch(printed) and not (dataset.decimal == "," and "." in printed):  # 1.234 may be a thousand
        with suppress(ValueError):
            value = float(_BLANKS.sub("", printed).replace(dataset.decimal, "."))
    return (value, None, True) if math.isfinite(value) else (None, None, False)


def mark_of(text: str, dataset: Dataset) -> str:
    """Return the key of [marks] for a text: in a table laid out for people, the mark of "(18,7)" is "(#)"."""
    return _IN_TEXT.sub("#", text, count=1) if dataset.layout and dataset.layout.is_laid_out else text


def read_period(text: str) -> tuple[str, str] | None:
    """Return a period as published, and its frequency; None if it is not written as ours.

    >>> read_period("2019"), read_period("2019-Q1"), read_period("2019-M01"), read_period("2019-13")
    (('2019', 'A'), ('2019-Q1', 'Q'), ('2019-01', 'M'), None)
    """
    matches = ((pattern.fullmatch(text), form, frequency) for frequency, pattern, form in _OURS)
    return next(((form.format(*match.groups()), frequency) for match, form, frequency in matches if match), None)


def unread_period(text: str) -> str:
    """Return the kind of a period that fact_statistic cannot hold, as part of a sentence; "" for no known kind.

    >>> unread_period("2024-W05"), unread_period("2005-2009"), unread_period("2019/20"), unread_period("last year")
    ('a week', 'a range', 'a range', '')
    """
    return next((kind for kind, pattern in _UNREAD if pattern.fullmatch(text)), "")


def ambiguous_years(texts: Sequence[str | None]) -> str | None:
    """Return the first of some periods if they are either months or pairs of years, and nothing tells which.

    >>> ambiguous_years(["2010-11", "2011-12"]), ambiguous_years(["2010-11", "2010-12"]), ambiguous_years(["2010-11"])
    ('2010-11', None, None)
    """
    listed = [text for text in dict.fromkeys(texts) if text]
    pairs = (_YEAR_AND_NUMBER.fullmatch(text) for text in listed)
    are_pairs = all(pair and int(pair[2]) == (int(pair[1]) + 1) % 100 for pair in pairs)
    return listed[0] if are_pairs and len(listed) > 1 else None


def sdmx_period(text: str, scale: str = "") -> str | None:
    """Return the period in SDMX form, None if it is none. `scale`: the letter of a PC-Axis time scale, if one
    is stated (A, H, Q, T, M, W): only then are bare digits parts of a year, and T is a third of it; else T4 is a
    quarter, and T1 to T3 alone are none.

    >>> sdmx_period("2006K1"), sdmx_period("2013T4"), sdmx_period("2005H1"), sdmx_period("200610", "M")
    ('2006-Q1', '2013-Q4', '2005-S1', '2006-10')
    >>> sdmx_period("200610"), sdmx_period("2006Q5"), sdmx_period("20"), sdmx_period("2013T3")
    (None, None, None, None)
    """
    if scale and (bare := _DIGITS.fullmatch(text)):
        return _in_form(bare[1], _FREQUENCY.get(scale, scale), bare[2])
    if scale != "T":
        text = as_quarter(text) if scale == "Q" else with_quarters([text])[0]
    if not (match := _LETTERED.fullmatch(text)):
        return None
    year, letter, part, month = match.groups()
    if month:
        return _in_form(year, "M", month)
    if not letter:
        return str(year)
    return _in_form(year, _FREQUENCY.get(letter, letter), part) if letter != "T" or scale == "T" else None


def _in_form(year: str, frequency: str, part: str) -> str | None:
    last, form = _FORMS.get(frequency, (0, ""))
    return form.format(year, int(part)) if 1 <= int(part) <= last else None


def sdmx_periods(texts: Sequence[str], scale: str = "", words: Iterable[str] = ()) -> tuple[str, ...] | None:
    """Return all of them in SDMX form, or None if one is no period. `words`: names and labels around them."""
    spelled = texts if scale == "T" else with_quarters(texts, words)
    periods = tuple(filter(None, (sdmx_period(text, scale) for text in spelled)))
    return periods if periods and len(periods) == len(texts) else None


def spelled_out(first: str, last: str, scale: str) -> list[str] | None:
    """Return every code from the first to the last of TLIST's "1994"-"1996", "20051"-"20063"; None if they are none.

    >>> spelled_out("20054", "20062", "Q")
    ['20054', '20061', '20062']
    """
    width = {"A": 0, "H": 1, "Q": 1, "K": 1, "T": 1, "M": 2, "W": 2}.get(scale)
    if width is None or any(len(code) != 4 + width or not sdmx_period(code, scale) for code in (first, last)):
        return None
    years = range(int(first[:4]), int(last[:4]) + 1)
    parts = ((year, part) for year in years for part in range(1, _parts(year, scale) + 1))
    codes = [f"{year}{part:0{width}}" if width else str(year) for year, part in parts]
    return [code for code in codes if first <= code <= last] or None


def _parts(year: int, scale: str) -> int:
    """Return the number of parts of a year; the last of its 52 or 53 weeks has 28 December (ISO 8601)."""
    parts = {"A": 1, "H": 2, "Q": 4, "K": 4, "T": 3, "M": 12}
    return date(year, 12, 28).isocalendar().week if scale == "W" else parts[scale]
