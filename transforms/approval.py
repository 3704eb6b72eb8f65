"""The approval before the first plan, and the period in a plan's title."""

import re
from collections.abc import Sequence
from datetime import date

from transforms.problems import Problem
from transforms.text import hyphenate

_DATE = re.compile(r"\W*(\d{1,2})\W+(\d{1,2})[\s_]+(\d{4})\W*")  # " 19 " 04 _____ 2018
_SIGNATURE = re.compile(r"_{2,} ?(\S.*)")  # _____ Azim Ibromim
_YEARS = re.compile(r"(?<!\d)((?:19|20|21)\d\d) ?- ?((?:19|20|21)\d\d)(?!\d)")  # for the period of 2018-2022


def read_approval(lines: Sequence[tuple[int, str]], path: str) -> tuple[date | None, str | None, list[Problem]]:
    """Day of approval, and office and name of who approved; `lines` without the heading "Approved by"."""
    dates, names, office = [], [], []
    problems = []
    for line, text in lines:
        if match := _DATE.fullmatch(text):
            try:
                dates.append(date(int(match[3]), int(match[2]), int(match[1])))
            except ValueError:
                problems.append(Problem(path, line, "there is no such day", "Put the date of approval right.", text))
        elif match := _SIGNATURE.fullmatch(text):
            names.append(match[1])
        else:
            office.append(text)
    if not problems and (len(dates), len(names)) != (1, 1):
        what = f"the approval has {len(dates)} dates and {len(names)} signatures; one of each is expected"
        problems.append(
            Problem(
                path, lines[0][0] if lines else 0, what, 'They read like: " 19 " 04 _____ 2018, and _____ First Last.'
            )
        )
    if problems:
        return None, None, problems
    return dates[0], ", ".join(filter(None, [" ".join(office), names[0]])), []


def read_years(title: str) -> tuple[int, int] | None:
    """First and last year of a plan's period: the one range of years in its title.

    >>> read_years("Plan for the period of 2018–2022")
    (2018, 2022)
    """
    found = _YEARS.findall(hyphenate(title))
    if len(found) != 1:
        return None
    first, last = map(int, found[0])
    return (first, last) if first <= last else None
