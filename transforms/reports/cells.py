"""From the text of a cell to its value. Each reader gives (value, fault): a fault is a message that tells the author
what to write instead. A blank cell has neither; whether it may be blank is judged where the whole row is seen."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from transforms.quality.catalogue import Message, message
from transforms.reports.vocabulary import labels, meanings, plain
from transforms.text.lines import DASHES, fold

# Cyrillic and Greek capitals that are printed like a Latin one; ids are upper case.
_LOOK_ALIKES = str.maketrans("АВЕЅІЈКМНОРСТУҮХԚԜӀΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABESIJKMHOPCTYYXQWIABEZHIKMNOPTYX")
_HYPHENS = str.maketrans(dict.fromkeys(DASHES, "-"))
_INVISIBLE = {"Cc", "Cf", "Cs"}
_YEAR = re.compile(r"(?:соли |сол |год |year )?([0-9]{4})(?:[.,]0+)?(?: ?(?:г\.?|год|года|сол))?")  # соли 2019, 2019 г.
_NUMBER = r"([+-]?[0-9]+(?:[.,][0-9]*)?(?:e[+-]?[0-9]+)?)"
_PERCENT = re.compile(_NUMBER + r" ?(%|percent|процент(?:ов|а)?|фоиз)?")  # 50,0 %
_MIDNIGHT = re.compile(r"(?:t|,? )(?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? ?am)(?:z|\+00:00)?")  # T00:00:00
_TIME = re.compile(r"[0-9]:[0-9]{2}|[0-9]{5}\.[0-9]*[1-9]")  # 10:30, or the serial number 43830.5
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")  # 2019-12-31
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")  # 31.12.2019
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([-/. ])(?:[0-9]{1,2}|\w+)\1[0-9]{2}")  # 31.12.19
_SERIAL = re.compile(r"([0-9]{5})(?:[.,]0+)?")  # 43830
_AFTER_YEAR = re.compile(r"(?<=[0-9]) ?(?:г\.?|года?)$")  # 31.12.2019 г.
_FILLERS = {"г", "год", "года", "соли", "сол", "of", "the"}
EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet of the 1900 system, for days after 28 February 1900
_SERIALS = range((date(2000, 1, 1) - EPOCH).days, (date(2099, 12, 31) - EPOCH).days + 1)


def read_text(text: str) -> str | None:
    """A text with each run of white space as one space, without what cannot be seen; None if nothing is left.

    >>> read_text(" Two\\u00a0\\n schools\\u200b "), read_text(" \\x00 ")
    ('Two schools', None)
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(c if c.isspace() or unicodedata.category(c) not in _INVISIBLE else "" for c in text)
    return fold(text) or None


def read_id(text: str) -> tuple[str, bool]:
    """An id without blanks, in upper case, with hyphens and Latin letters; and whether look-alikes were replaced.

    >>> read_id(" tjk–crc-2018-05-02 "), read_id("ТJК-MOES")
    (('TJK-CRC-2018-05-02', False), ('TJK-MOES', True))
    """
    typed = "".join((read_text(text) or "").split()).translate(_HYPHENS).upper()
    latin = typed.translate(_LOOK_ALIKES)
    return latin, latin != typed


def read_year(text: str) -> tuple[int | None, Message | None]:
    """A year of four digits.

    >>> [read_year(text)[0] for text in ("2019", "2019.0", "2019 г.", "2019 год", "соли 2019", "2019-01-01")]
    [2019, 2019, 2019, 2019, 2019, None]
    """
    typed = read_text(text)
    if typed is None:
        return None, None
    match = _YEAR.fullmatch(typed.casefold())
    if match and match[1].startswith(("19", "20")):
        return int(match[1]), None
    return None, message("year_unreadable", text=_shown(typed))


def read_dates(texts: Iterable[str]) -> dict[str, tuple[date | None, Message | None]]:
    """The dates of one file: 03/04/2019 can be read only where its other dates with slashes show the order.

    >>> read_dates(["31/12/2019", "03/04/2019"])["03/04/2019"]
    (datetime.date(2019, 4, 3), None)
    >>> str(read_dates(["03/04/2019"])["03/04/2019"][1])
    '"03/04/2019" may be 3 April or 4 March 2019: write 2019-04-03 or 2019-03-04.'
    >>> [read_dates([text])[text][0].isoformat() for text in ("31 декабря 2019 г.", "Dec 31, 2019", "43830")]
    ['2019-12-31', '2019-12-31', '2019-12-31']
    """
    readings = {text: _readings(text) for text in dict.fromkeys(texts)}
    orders = {order for found in readings.values() if len(found) == 1 for order in found if order}
    return {text: _chosen(text, found, orders) for text, found in readings.items()}


@lru_cache(10_000)
def _readings(text: str) -> Mapping[str, date]:
    """What a text may mean, by the order in which day and month stand; "" where the text itself leaves no doubt."""
    typed = _AFTER_YEAR.sub("", _MIDNIGHT.sub("", (read_text(text) or "").casefold()))
    typed = re.sub(r"(?<=[0-9]\.) ", "", typed)  # 31. 12. 2019
    found: dict[str, date | None] = {}
    if match := _YEAR_FIRST.fullmatch(typed):
        found = {"": _day(match[1], match[3], match[4])}
    elif match := _YEAR_LAST.fullmatch(typed):
        first, mark, second, year = match.groups()
        orders = {"": _day(year, second, first)}
        found = orders if mark == "." else {"d/m/y": orders[""], "m/d/y": _day(year, first, second)}
    elif (match := _SERIAL.fullmatch(typed)) and int(match[1]) in _SERIALS:
        found = {"": EPOCH + timedelta(days=int(match[1]))}
    elif not _TIME.search(typed):
        found = {"": _in_words(typed)}
    return {order: day for order, day in found.items() if day}


def usual_day(text: str, day_zero: int) -> str:
    """A bare serial number, counted from `day_zero` days after the usual system's first, as the day that it means, in
    ISO form; another text as it is.

    >>> usual_day("42368", 1462), usual_day("42368.5", 1462), usual_day("31.12.2019", 1462)
    ('2019-12-31', '42368.5', '31.12.2019')
    """
    match = _SERIAL.fullmatch(text.strip())
    return (EPOCH + timedelta(int(match[1]) + day_zero)).isoformat() if match else text


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


def _chosen(text: str, found: Mapping[str, date], orders: set[str]) -> tuple[date | None, Message | None]:
    days = set(found.values())
    if len(days) == 1:
        return days.pop(), None
    if days and len(orders) == 1:
        return found[min(orders)], None
    if days:
        one, other, months = found["d/m/y"], found["m/d/y"], labels("months", "en")
        return None, message("day_unreadable.two_readings", text=_shown(text), year=one.year,
                             day=one.day, month=months[str(one.month)], date=one.isoformat(),
                             other_day=other.day, other_month=months[str(other.month)],
                             other_date=other.isoformat())  # fmt: skip
    return None, _no_date(text)


def _no_date(text: str) -> Message | None:
    typed = (read_text(text) or "").casefold()
    bare = _MIDNIGHT.sub("", typed)
    if not typed:
        return None
    if _TIME.search(bare):
        return message("day_unreadable.time_of_day", text=_shown(text))
    if _SHORT_YEAR.fullmatch(bare):
        return message("day_unreadable.short_year", text=_shown(text))
    if _YEAR_FIRST.fullmatch(bare) or _YEAR_LAST.fullmatch(bare):
        return message("day_unreadable.not_in_calendar", text=_shown(text))
    return message("day_unreadable", text=_shown(text))


def read_percent(text: str) -> tuple[float | None, Message | None]:
    """A number of percent; its range is judged elsewhere. 0.5 without a sign may be a half or half a percent.

    >>> [read_percent(text)[0] for text in ("50", "50 %", "50,0", "0.5%", "1", "0")]
    [50.0, 50.0, 50.0, 0.5, 1.0, 0.0]
    >>> str(read_percent("0,5")[1])
    '"0,5" may be 0.5 or 50 percent: write 0.5 % or 50 %.'
    """
    typed = read_text(text)
    if typed is None:
        return None, None
    match = _PERCENT.fullmatch(typed.casefold())
    value = float(match[1].replace(",", ".")) if match else math.inf
    if not match or math.isinf(value):
        return None, message("percentage_unreadable", text=_shown(typed))
    if 0 < value < 1 and not match[2]:
        readings = {"percent": f"{value:.15g}", "other_percent": f"{value * 100:.15g}"}
        return None, message("percentage_unreadable.two_readings", text=_shown(typed), **readings)
    return value, None


def read_status(text: str) -> tuple[str | None, Message | None]:
    """The code of a status that is written in any of the languages of the forms; one with a question mark is none.

    >>> [read_status(text)[0] for text in ("In progress", "ВЫПОЛНЕНО", "Completed?")]
    ['in_progress', 'completed', None]
    """
    typed = read_text(text)
    code = None if "?" in text else meanings("statuses").get(plain(typed or ""))
    if code or typed is None:
        return code, None
    return None, message("status_unreadable", text=_shown(typed))


def read_url(text: str) -> tuple[str | None, Message | None]:
    """An address on the web.

    >>> read_url(" https://example.org/a ")[0], read_url("javascript:alert(1)")[0], read_url("www.example.org")[0]
    ('https://example.org/a', None, None)
    """
    typed = text.strip()
    if read_text(typed) is None:
        return None, None
    try:
        parts = urlsplit(typed)
        is_web = parts.scheme in ("http", "https") and any(c.isalnum() for c in parts.hostname or "")
        is_web = is_web and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is no number, a bracket that is not closed
        is_web = False
    if is_web and typed.isprintable() and " " not in typed:
        return typed, None
    return None, message("evidence_not_http", text=_shown(typed))


def _shown(text: str) -> str:
    typed = read_text(text) or ""
    return typed if len(typed) <= 60 else f"{typed[:59]}…"
