"""T in a period, 2020T1: a quarter (trimestre) or a third of a year (tertial, SDMX's trimester), as the file says.

Spanish, French and Italian offices print quarters so, Nordic offices and SDMX thirds. Nobody can tell from T1, T2 and
T3 alone; there is no fourth third."""

import re
from collections.abc import Iterable, Sequence

_LETTERED = re.compile(r"([12]\d{3}[- ]?)T([- ]?0?[1-4])", re.ASCII)  # 2020T1, 2020-T1
_FOURTH = re.compile(r"[12]\d{3}[- ]?T[- ]?0?4", re.ASCII)
# Words of names and labels, in the languages of Europe and Central Asia; "Q1 2020", "1 кв."
_QUARTER = re.compile(
    r"\btrimestr|quarter|[kq][uvw]arta|neljännes|ceturksn|ketvir|čtvrtlet|negyedév|tromjese|çeyrek|τρίμην"
    r"|квартал|тримесеч|тромесеч|чоряк|семоҳа|тоқсан|\bкв\b|(?<![^\W\d])q ?[1-4](?!\d)",
    re.IGNORECASE,
)
_THIRD = re.compile(
    r"tertial|terciál|kolmannes|[cq]ua[td]rimestr|τετράμην|\bfour[- ]month|\bthirds?\b(?! quarter)|\btrimester"
    r"|триместр|\bтрет[ьи]\b|четыр[её]хмесяч",
    re.IGNORECASE,
)


def is_lettered(text: str) -> bool:
    """Return True for a period with T.

    >>> is_lettered("2020T1"), is_lettered("2020-T3"), is_lettered("2020Q1")
    (True, True, False)
    """
    return bool(_LETTERED.fullmatch(text))


def with_quarters(texts: Sequence[str], words: Iterable[str] = ()) -> list[str]:
    """Return the periods of one dimension with Q in place of T, if T is a quarter in this file: if one of them is T4,
    or if `words`, the names and labels around them, say quarter and not third.

    >>> with_quarters(["2013T4", "2014T1"]), with_quarters(["2013T2", "2013T3"])
    (['2013Q4', '2014Q1'], ['2013T2', '2013T3'])
    >>> with_quarters(["2013T3"], ["Trimestre"]), with_quarters(["2013T3"], ["Cuatrimestre"])
    (['2013Q3'], ['2013T3'])
    """
    if not any(map(is_lettered, texts)):
        return list(texts)
    said = " ".join(words)
    if any(map(_FOURTH.fullmatch, texts)) or (_QUARTER.search(said) and not _THIRD.search(said)):
        return [as_quarter(text) for text in texts]
    return list(texts)


def as_quarter(text: str) -> str:
    """Return a period with Q in place of T; any other text as it is.

    >>> as_quarter("2020T1"), as_quarter("T1")
    ('2020Q1', 'T1')
    """
    match = _LETTERED.fullmatch(text)
    return f"{match[1]}Q{match[2]}" if match else text
