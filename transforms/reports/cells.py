"""From the text of a cell to its value. Each reader returns (value, fault): a fault is a message that tells the author
what to write instead. A blank cell has neither; SQL judges whether it may be blank, by the whole row."""

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
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?=\S)|=")  # https://, mailto:x, C:\, a formula; not "Order: 12"
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
    """Return a text without invisible characters, and one space for white space; None if nothing is left.

    >>> read_text(" Two\\u00a0\\n schools\\u200b "), read_text(" \\x00 ")
    ('Two schools', None)
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(c if c.isspace() or unicodedata.category(c) not in _INVISIBLE else "" for c in text)
    return fold(text) or None


def read_id(text: str) -> tuple[str, bool]:
    """Return an id in upper case with hyphens and Latin letters, and True if letters that look Latin were replaced.

    >>> read_id(" tjk–crc-2018-05-02 "), read_id("ТJК-MOES")
    (('TJK-CRC-2018-05-02', False), ('TJK-MOES', True))
    """
    typed = "".join((read_text(text) or "").split()).translate(_HYPHENS).upper()
    latin = typed.translate(_LOOK_ALIKES)
    return latin, latin != typed


def read_year(text: str) -> tuple[int | None, Message | None]:
    """Return a year of four digits.

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
    """Return the dates of one file: 03/04/2019 can be read only if its other dates with slashes show the order.

    >>> read_dates(["31/12/2019", "03/04/2019"])["03/04/2019"]
    (datetime.date(2019, 4, 3), None)
    >>> str(read_dates(["03/04/2019"])["03/04/2019"][1])
    '"03/04/2019" may be 3 April or 4 March 2019: write 2019-04-03 or 2019-03-04.'
    >>> [read_dates([text])[text][0].isoformat() for text in ("31 декабря 2019 г.", "Dec 31, 2019", "43830")]
    ['2019-12-31', '2019-12-31', '2019-12-31']
    """
    readings = {text: _readings(text) for text in dict.fromkeys(texts)}
    orders = {order for days in readings.values() if len(days) == 1 for order in days if order}
    return {text: _chosen(text, days, orders) for text, days in readings.items()}


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
    elif (match := _SERIAL.fullmatch(typed)) and int(match[1]) in _SERIALS:
        days = {"": EPOCH + timedelta(days=int(match[1]))}
    elif not _TIME.search(typed):
        days = {"": _in_words(typed)}
    return {order: day for order, day in days.items() if day}


def usual_day(text: str, day_zero: int) -> str:
    """Return the day, in ISO form, of a serial number that counts from `day_zero` days after day 0 of the usual system;
    any other text unchanged.

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


def _chosen(text: str, days: Mapping[str, date], orders: set[str]) -> tuple[date | None, Message | None]:
    """Return the one day that a text means: its only reading, or that of the only order in the file."""
    if len(set(days.values())) == 1:
        return next(iter(days.values())), None
    if days and len(orders) == 1:
        return days[min(orders)], None
    if not days:
        return None, _no_date(text)
    day, other, months = days["d/m/y"], days["m/d/y"], labels("months", "en")
    return None, message(
        "day_unreadable.two_readings", text=_shown(text), year=day.year,
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
    return message(message_id, text=_shown(text)) if typed else None


def read_percent(text: str) -> tuple[float | None, Message | None]:
    """Return a number of percent, of any size. 0.5 without a sign may be a half or half a percent.

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
    """Return the code of a status in any language of the forms. A text with a question mark is no status.

    >>> [read_status(text)[0] for text in ("In progress", "ВЫПОЛНЕНО", "Completed?")]
    ['in_progress', 'completed', None]
    """
    typed = read_text(text)
    code = None if "?" in text else meanings("statuses").get(plain(typed or ""))
    if code or typed is None:
        return code, None
    return None, message("status_unreadable", text=_shown(typed))


def read_evidence(text: str) -> tuple[str | None, Message | None]:
    """Return an address on the web, or evidence in words; an address of another kind is refused.

    >>> [read_evidence(text)[0] for text in (" https://example.org/a ", "javascript:alert(1)", "Приказ № 12")]
    ['https://example.org/a', None, 'Приказ № 12']
    """
    typed = text.strip()
    if (words := read_text(typed)) is None or not _ADDRESS.match(typed):
        return words, None
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
