"""Periods and days as printed: of activities (contract §6, rule 2), of a plan's title, of the approval before it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from transforms.errors import problem_in
from transforms.text.lines import DASHES, hyphenate

_YEAR = r"(?:19|20|21)[0-9]{2}"  # 2018
_RANGE = re.compile(rf"({_YEAR}) ?- ?({_YEAR})")  # 2018-2019, 2018- 2019
_RANGE_IN_TITLE = re.compile(rf"(?<!\d){_RANGE.pattern}(?!\d)")  # for the period of 2018-2022
_DATE = re.compile(rf"\W*\b([0-9]{{1,2}})\W+([0-9]{{1,2}})[\s_]+({_YEAR})\b\W*")  # " 19 " 04 _____ 2018
_SIGNED = re.compile(r"([^_]*[^\W\d_][^_]*?) ?_{2,} ?([^\W\d_][^_]*)")  # Chairman of the Commission _____ First Last

_HYPHENS = str.maketrans(dict.fromkeys(DASHES, "-"))
# English, Russian (in every case) and Tajik, with the usual abbreviations: May, мая, майи; Dec., дек., декабри.
_MONTH = (
    r"(?<![^\W\d_])(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)(?:ь|я|ю|е|и|[её]м)?|(?:март|август)(?:а|у|е|и|ом)?"
    r"|ма(?:й|я|ю|е|ем|йи)|янв|февр?|мар|апр|авг|сент?|окт|нояб?|дек)(?![^\W\d_])"
)
_DAY = r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:[ -]?(?:st|nd|rd|th|г?о|е|уми|юми|ум|юм)(?![^\W\d_]))?"
_BETWEEN = r"[\W_]*(?:(?:day of|month of|of|the|числа|моҳи)\b[\W_]*)*"
_COUNTED = r"(?:times|раза?|дня|дней|days|маротиба|бор|рӯз)"  # in May 2 times: no second of May
_NUMERIC = (
    r"(?<![\d.])(?:"
    r"\d{1,2}([./-])\d{1,2}\1\d{2}"  # 01.09.19, 1/9/19
    r"|(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.?"  # 01.09, 1.09, 31.12.
    r"|(?:0?[1-9]|[12]\d|3[01])\.[1-9]\."  # 1.9.
    r"|(?:0[1-9]|[12]\d|3[01]) ?[./] ?(?:0[1-9]|1[0-2])"  # 31/12, 01. 09
    r"|0?[1-9]/0[1-9]|0[1-9]/[1-9]|(?:1[0-2]|0[1-9])/(?:0[1-9]|[12]\d|3[01])"  # 1/09, 01/9, 12/31
    r")(?![\d%])"
)
_DATED = re.compile(
    r"(?<!\d)(?:19|20|21)\d\d(?!\d)"  # 2018, 2018/19, Q1 2019
    r"|(?<![\d.,])\d\d ?гг?\.|(?<![\w'’])['’]\d\d(?!\d)|(?<![^\W\d_])fy ?\d\d(?!\d)"  # 19 г., 19-20 гг., '20, FY19
    rf"|{_NUMERIC}|{_DAY}{_BETWEEN}{_MONTH}|{_MONTH}{_BETWEEN}{_DAY}(?! ?{_COUNTED}(?![^\W\d_]))"
)


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """The words of a document's periods: phrases without years, plain, with their kinds; words next to years."""

    phrases: Mapping[str, str]
    year_words: tuple[str, ...] = ()

    def plain(self, text: str) -> str:
        """Return a period or phrase (folded) in the form in which two are compared: without words next to years.

        >>> PeriodWords({}, ("г.",)).plain("До конца 1–2 Этапа г.")
        'до конца 1-2 этапа'
        """
        text = hyphenate(text).casefold()
        for word in self.year_words:
            text = text.removeprefix(f"{word} ").removesuffix(f" {word}")
        return text


@dataclass(frozen=True, slots=True)
class Period:
    """A period: its kind, and first and last year if it states them."""

    kind: str
    years: tuple[int, int] | None = None


def read_period(text: str, words: PeriodWords) -> Period | None:
    """Return the period that `text` (folded) states; None if no rule reads it."""
    text = words.plain(text)
    if not text:
        return Period("unspecified")
    if re.fullmatch(_YEAR, text):
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
    begins = f"{hyphenate(both)} ".casefold()
    return read_period(both, words) is not None or any(phrase.startswith(begins) for phrase in words.phrases)


def holds_date(phrase: str) -> bool:
    """Return True if `phrase` holds a year, or a day of a month, in English, Russian, Tajik or figures."""
    text = unicodedata.normalize("NFKC", phrase).casefold().translate(_HYPHENS)
    return _DATED.search("".join(c if c.isascii() else str(unicodedata.decimal(c, c)) for c in text)) is not None


def read_years(title: str) -> tuple[int, int] | None:
    """Return first and last year of a plan's period: the one range of years in its title."""
    ranges = ranges_of_years(title)
    return (ranges[0].first, ranges[0].last) if len(ranges) == 1 else None


class PrintedYears(NamedTuple):
    """A range of years, and how it is printed."""

    first: int
    last: int
    printed: str


def ranges_of_years(text: str) -> list[PrintedYears]:
    """Return each range of years in a text.

    >>> [years.printed for years in ranges_of_years("the programmes for 2010–2015 and 2017- 2021, by a law of 1998")]
    ['2010–2015', '2017- 2021']
    """
    matches = _RANGE_IN_TITLE.finditer(hyphenate(text))  # each character is in the place that it has in the text
    ranges = [PrintedYears(int(match[1]), int(match[2]), text[slice(*match.span())]) for match in matches]
    return [years for years in ranges if years.first <= years.last]


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
        raise problem_in("", lines[-1][0], "there is no such day", "Put the approval right.", dates[0][0]) from None
    return day, f"{signed[1].strip()}, {signed[2].strip()}"
