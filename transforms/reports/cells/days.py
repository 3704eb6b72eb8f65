"""From the texts of one file to days: 03/04/2019 can be read only if another date of the file shows the order."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from transforms.quality.catalogue import Message, message
from transforms.reports.cells.values import EPOCH, SERIAL, read_text, shown
from transforms.reports.vocabulary import labels, meanings, plain

_MIDNIGHT = re.compile(r"(?:t|,? )(?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? ?am)(?:z|\+00:00)?")  # T00:00:00
_TIME = re.compile(r"[0-9]:[0-9]{2}|[0-9]{5}\.[0-9]*[1-9]")  # 10:30, or the serial number 43830.5
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")  # 2019-12-31
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")  # 31.12.2019
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([-/. ])(?:[0-9]{1,2}|\w+)\1[0-9]{2}")  # 31.12.19
_AFTER_YEAR = re.compile(r"(?<=[0-9]) ?(?:г\.?|года?)$")  # 31.12.2019 г.
_FILLERS = {"г", "год", "года", "соли", "сол", "of", "the"}
_SERIALS = range((date(2000, 1, 1) - EPOCH).days, (date(2099, 12, 31) - EPOCH).days + 1)


@dataclass(frozen=True, slots=True)
class DayOrder:
    """The order of day and month of one file, and what it was told by and decides."""

    order: str  # d/m/y or m/d/y
    telling: str  # a text that can be read in this order only
    decided: list[str]  # texts that could be read in both


def read_dates(texts: Iterable[str]) -> dict[str, tuple[date | None, Message | None]]:
    """Return the day or the fault of each text of one file.

    >>> read_dates(["31/12/2019", "03/04/2019"])["03/04/2019"]
    (datetime.date(2019, 4, 3), None)
    >>> str(read_dates(["03/04/2019"])["03/04/2019"][1])
    '"03/04/2019" may be 3 April or 4 March 2019: write 2019-04-03 or 2019-03-04.'
    >>> [read_dates([text])[text][0].isoformat() for text in ("31 декабря 2019 г.", "Dec 31, 2019", "43830")]
    ['2019-12-31', '2019-12-31', '2019-12-31']
    """
    texts = list(texts)
    found = day_order(texts)
    return {text: _chosen(text, _readings(text), found.order if found else None) for text in texts}


def day_order(texts: Iterable[str]) -> DayOrder | None:
    """Return the order of day and month that the dates of one file show; None if none does, or they show both.

    >>> day_order(["31/12/2019", "03/04/2019", "2019-12-31"])
    DayOrder(order='d/m/y', telling='31/12/2019', decided=['03/04/2019'])
    """
    readings = {text: _readings(text) for text in sorted(texts)}
    telling = {order: text for text, days in readings.items() if len(days) == 1 for order in days if order}
    if len(telling) != 1:
        return None
    ((order, text),) = telling.items()
    decided = [text for text, days in readings.items() if len(set(days.values())) > 1]
    return DayOrder(order, text, decided)


@lru_cache(10_000)
def _readings(text: str) -> Mapping[str, date]:
    """Return the days that a text may mean, by the order of day and month; "" if the text has one reading only."""
    typed = _AFTER_YEAR.sub("", _MIDNIGHT.sub("", (read_text(text) or "").casefold()))
    typed = re.sub(r"(?<=[0-9]\.) ", "", typed)  # 31. 12. 2019
    days: dict[str, date | None] = {}
    if match := _YEAR_FIRST.fullmatch(typed):
        days = {"": _day(match[1], match[3], match[4])}
    elif match := _YEAR_LAST.fullmatch(typed):
        first, mark, second, year = match.groups()
        day_first = _day(year, second, first)
        days = {"": day_first} if mark == "." else {"d/m/y": day_first, "m/d/y": _day(year, first, second)}
    elif (match := SERIAL.fullmatch(typed)) and int(match[1]) in _SERIALS:
        days = {"": EPOCH + timedelta(days=int(match[1]))}
    elif not _TIME.search(typed):
        days = {"": _in_words(typed)}
    return {order: day for order, day in days.items() if day}


def _in_words(typed: str) -> date | None:
    words = [re.sub(r"^([0-9]{1,2})(?:st|nd|rd|th|го)$", r"\1", w) for w in plain(typed).split() if w not in _FILLERS]
    months = [meanings("months")[w] for w in words if w in meanings("months") and w.isalpha()]
    numbers = sorted((w for w in words if w.isascii() and w.isdigit()), key=len)
    if (len(words), len(months), len(numbers)) != (3, 1, 2) or len(numbers[0]) > 2 or len(numbers[1]) != 4:
        return None
    return _day(numbers[1], months[0], numbers[0])


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _chosen(text: str, days: Mapping[str, date], order: str | None) -> tuple[date | None, Message | None]:
    """Return the one day that a text means: its only reading, or that of the order that its file shows."""
    if len(set(days.values())) == 1:
        return next(iter(days.values())), None
    if days and order:
        return days[order], None
    if not days:
        return None, _no_date(text)
    day, other, months = days["d/m/y"], days["m/d/y"], labels("months", "en")
    return None, message(
        "day_unreadable.two_readings", text=shown(text), year=day.year,
        day=day.day, month=months[str(day.month)], date=day.isoformat(),
        other_day=other.day, other_month=months[str(other.month)], other_date=other.isoformat(),
    )  # fmt: skip


def _no_date(text: str) -> Message | None:
    typed = (read_text(text) or "").casefold()
    bare, message_id = _MIDNIGHT.sub("", typed), "day_unreadable"
    if _TIME.search(bare):
        message_id = "day_unreadable.time_of_day"
    elif _SHORT_YEAR.fullmatch(bare):
        message_id = "day_unreadable.short_year"
    elif _YEAR_FIRST.fullmatch(bare) or _YEAR_LAST.fullmatch(bare):
        message_id = "day_unreadable.not_in_calendar"
    return message(message_id, text=shown(text)) if typed else None
