"""The periods of a PC-Axis variable: by the code or value that each category has, and by TIMEVAL.

A category whose code or value is a period is of that period, wherever TIMEVAL lists it; only words are read by their
place in TIMEVAL. What contradicts is refused: which of two is right, the file alone can say."""

import re
from collections.abc import Sequence
from dataclasses import replace

from flows.sources.formats.px.statements import Statement
from transforms.statistics.values import sdmx_period, spelled_out

_TLIST = re.compile(r'TLIST\s*\(\s*([A-Z])\w*\s*(?:,\s*"([^"]*)"\s*-\s*"([^"]*)"\s*)?\)\s*(?:,(.*))?', re.DOTALL)
_DAY = re.compile(r"([12]\d{3})(\d\d)(\d\d)", re.ASCII)  # 20240131, where the scale is D
_OF_SCALE = {  # a time scale, and its periods in SDMX form
    "A": r"\d{4}", "H": r"\d{4}-S\d", "Q": r"\d{4}-Q\d", "T": r"\d{4}-T\d", "M": r"\d{4}-\d\d", "W": r"\d{4}-W\d\d",
}  # fmt: skip
_PERIOD = re.compile("|".join(_OF_SCALE.values()), re.ASCII)
_YEAR = re.compile(r"(?<![0-9])[12][0-9]{3}(?![0-9])")
_YEARS = re.compile(r"([12]\d{3})-(\d\d)", re.ASCII)  # 2010-11, where the scale is A: no November
_MONTHS = tuple(map(re.compile, (  # how months begin in Russian, Tajik, English and the languages of other offices
    "jan|янв", "feb|fev|fév|фев", "mar|mär|мар", "apr|avr|abr|апр", "ma[ijy]|mei|ма[йя]", "jun|juin|июн",
    "jul|juil|июл", "aug|ago|aoû|авг", "sep|set|сен", "o[kcu]t|окт", "nov|ноя",
    "de[czs]|dic|déc|дек",
)))  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}  # I квартал 2019


def periods(
    values: Sequence[str], codes: Sequence[str] | None, coded: Statement | None, time: Statement | None
) -> tuple[str, ...] | None:
    """Return the periods of a variable in SDMX form, those that are none as printed; None if it has no periods.

    `coded`: its CODES, if values and codes must agree; `time`: its TIMEVAL, if it has one. Raises InputProblem."""
    scale, listed = _listed(time) if time else ("", None)
    stated = [_agreed(value, code, scale, coded or time) for value, code in zip(values, codes or values, strict=True)]
    known = tuple(period for period in stated if period)
    if not time:
        return known if known and len(known) == len(stated) else None
    if listed is not None and len(listed) != len(values):
        raise time.problem("has {count} where VALUES has {values}", count=len(listed), values=len(values))
    if listed is None:
        texts = known if len(known) == len(stated) else tuple(codes or values)
    else:
        texts = _by_code(stated, listed, values, codes, scale, time)
    for text in texts:
        if scale in _OF_SCALE and _PERIOD.fullmatch(text) and not re.fullmatch(_OF_SCALE[scale], text):
            raise time.problem("has a period that is not of its time scale {scale}", text, scale=scale)
    return texts


def _listed(time: Statement) -> tuple[str, list[str] | None]:
    """Return the time scale of TIMEVAL and the codes that it lists, None if it lists none."""
    if not (tlist := _TLIST.fullmatch(time.value)):
        raise time.problem('is no TLIST(A1),"2004","2005" or TLIST(A1,"2004"-"2005")', time.value[:100])
    scale, first, last, listed = tlist.groups()
    scale = "Q" if scale == "K" else scale  # kvartal, as Statistics Norway writes it
    if listed is not None:
        return scale, replace(time, value=listed).texts()
    if not first:
        return scale, None
    if scale == "D":
        raise time.problem("has a range of days", time.value[:100], "ask the producer for months, quarters or years")
    if (codes := spelled_out(first, last, scale)) is None:
        raise time.problem("has a range that is none", time.value[:100])
    return scale, codes


def _agreed(value: str, code: str, scale: str, statement: Statement | None) -> str | None:
    """Return the period that a category says by its code, or by its value; `statement` is at fault if they differ."""
    by_code, by_value = _period(code, scale), _period(value, scale)
    if statement and by_code and by_value and by_code != by_value:
        what = 'gives the period {code} to the category that VALUES calls "{value}"'
        raise statement.problem(what, code, code=by_code, value=value)
    return by_value or by_code


def _period(text: str, scale: str) -> str | None:
    if scale == "D" and (day := _DAY.fullmatch(text)):
        return "-".join(day.groups())
    if scale == "A" and (years := _YEARS.fullmatch(text)):
        return "/".join(years.groups())
    return sdmx_period(text, scale)


def _by_code(
    stated: Sequence[str | None],
    listed: Sequence[str],
    values: Sequence[str],
    codes: Sequence[str] | None,
    scale: str,
    time: Statement,
) -> tuple[str, ...]:
    """Return the periods that TIMEVAL lists: in its order, or where each category says its own, in theirs."""
    read = [_period(text, scale) or text for text in listed]
    for names in filter(None, (stated, codes, values)):
        own = dict(zip(read if names is stated else listed, read, strict=True))
        if None not in names and own.keys() == set(names):
            return tuple(own[name] for name in names if name)
    for value, period, other in zip(values, read, stated, strict=True):
        if (other and other != period) or _contradicts(value, period):
            what = 'gives the period {period} to the category that VALUES calls "{value}"'
            raise time.problem(what, period, period=period, value=value)
    return tuple(read)


def _contradicts(words: str, period: str) -> bool:
    """Return True if words name another year, month or part of a year than a period does.

    >>> _contradicts("January 2019", "2019-02"), _contradicts("1 квартал 2019 г.", "2019-Q1")
    (True, False)
    """
    years = _YEAR.findall(words)
    if not _PERIOD.fullmatch(period) or (years and period[:4] not in years):
        return bool(years and _PERIOD.fullmatch(period))
    part = int(period.rpartition("-")[2].lstrip("QSTW")) if len(period) > 4 else 0
    spoken = re.findall(r"[^\W\d_]+", words.casefold())
    months = {number for word in spoken for number, month in enumerate(_MONTHS, 1) if month.match(word)}
    if months and re.fullmatch(_OF_SCALE["M"], period):
        return part not in months
    numbers = {int(number) for number in re.findall(r"\d+", _YEAR.sub("", words), re.ASCII)}
    numbers |= {_ROMAN[word] for word in spoken if word in _ROMAN}
    return bool(part and years and len(numbers) == 1 and not months and numbers != {part})
