"""The approval before the first plan, and the period in a plan's title."""

import re
from collections.abc import Sequence
from datetime import date

from transforms.errors import problem_in
from transforms.text.lines import hyphenate

_DATE = re.compile(r"\W*\b([0-9]{1,2})\W+([0-9]{1,2})[\s_]+((?:19|20|21)[0-9]{2})\b\W*")  # " 19 " 04 _____ 2018
_SIGNED = re.compile(r"([^_]*[^\W\d_][^_]*?) ?_{2,} ?([^\W\d_][^_]*)")  # Chairman of the Commission _____ First Last
_YEARS = re.compile(r"(?<!\d)((?:19|20|21)[0-9]{2}) ?- ?((?:19|20|21)[0-9]{2})(?!\d)")  # for the period of 2018-2022


def read_approval(lines: Sequence[tuple[int, str]]) -> tuple[date, str]:
    """Return the day of approval, and office and name of who approved, wherever line breaks fall.

    `lines`: those below the heading "Approved by". Raises InputProblem, without a path.

    >>> read_approval([(4, "The Chairman"), (5, "_____ First Last"), (6, '" 19 " 04 _____ 2018')])
    (datetime.date(2018, 4, 19), 'The Chairman, First Last')
    """
    text = " ".join(line for _, line in lines)
    dates = list(_DATE.finditer(text))
    signed = _SIGNED.fullmatch(_DATE.sub(" ", text, count=1).strip()) if len(dates) == 1 else None
    if signed is None:
        what = "the approval does not say who approved, by office and signature, and on which one day"
        remedy = (
            'It reads like: Office _____ First Last " 19 " 04 _____ 2018; or state approved_on and approved_by in '
            "plan.toml."
        )
        raise problem_in("", lines[0][0] if lines else 0, what, remedy, text)
    try:
        day = date(*(int(dates[0][part]) for part in (3, 2, 1)))
    except ValueError:
        what = "there is no such day"
        raise problem_in("", lines[-1][0], what, "Put the approval right.", dates[0][0]) from None
    return day, f"{signed[1].strip()}, {signed[2].strip()}"


def read_years(title: str) -> tuple[int, int] | None:
    """Return first and last year of a plan's period: the one range of years in its title.

    >>> read_years("Plan for the period of 2018–2022")
    (2018, 2022)
    """
    ranges = _YEARS.findall(hyphenate(title))
    if len(ranges) != 1:
        return None
    first, last = map(int, ranges[0])
    return (first, last) if first <= last else None
