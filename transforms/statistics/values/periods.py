"""Periods as SDMX writes them, and as our tables have them."""

import re

_FORMS = (
    ("A", re.compile(r"([12]\d{3})(?:-A1)?"), "{0}"),  # 2019, 2019-A1
    ("S", re.compile(r"([12]\d{3})-[SH]([12])"), "{0}-S{1}"),  # 2019-S1
    ("Q", re.compile(r"([12]\d{3})-Q([1-4])"), "{0}-Q{1}"),  # 2019-Q1
    ("M", re.compile(r"([12]\d{3})-M?(0[1-9]|1[0-2])"), "{0}-{1}"),  # 2019-01, 2019-M01
)


def read_period(text: str) -> tuple[str, str] | None:
    """A period as published, and its frequency; None where it is none that we have.

    >>> read_period("2019"), read_period("2019-Q1"), read_period("2019-M01"), read_period("2019-13")
    (('2019', 'A'), ('2019-Q1', 'Q'), ('2019-01', 'M'), None)
    """
    for frequency, pattern, form in _FORMS:
        if found := pattern.fullmatch(text):
            return form.format(*found.groups()), frequency
    return None
