"""Years and dates in a phrase: a period without years may hold none."""

import re
import unicodedata

from transforms.text.lines import DASHES

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


def holds_date(phrase: str) -> bool:
    """Return True if `phrase` holds a year, or a day of a month, in English, Russian, Tajik or figures.

    >>> [holds_date(phrase) for phrase in ("by 2020", "до 1 сентября", "01.09", "every 2 years", "in September")]
    [True, True, True, False, False]
    """
    text = unicodedata.normalize("NFKC", phrase).casefold().translate(_HYPHENS)
    return _DATED.search("".join(_ascii_digit(character) for character in text)) is not None


def _ascii_digit(character: str) -> str:
    """Return a digit of any script as one of 0-9."""
    return character if character.isascii() else str(unicodedata.decimal(character, character))
