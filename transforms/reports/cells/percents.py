"""From the texts of one column of percentages to numbers: a column of fractions is read as a whole."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from transforms.quality.catalogue import Message, message
from transforms.reports.cells.values import read_text, shown

_NUMBER = r"([+-]?[0-9]+(?:[.,][0-9]*)?(?:e[+-]?[0-9]+)?)"
_PERCENT = re.compile(_NUMBER + r" ?(%|percent|процент(?:ов|а)?|фоиз)?")  # 50,0 %

Reading = tuple[float | None, Message | None]


@dataclass(frozen=True, slots=True)
class Percents:
    """The percentages of one column: the number or the fault of each text, and the texts, but 0, read as shares."""

    readings: dict[str, Reading]
    shares: list[str]


def read_percents(texts: Iterable[str]) -> Percents:
    """Return the numbers of one column in percent, of any size.

    A number from 0 to 1 without a sign may be a share: 0.5 a half, 1 the whole. If the column has no other numbers, and
    two of them or more that differ, all are shares; otherwise those that have two readings are faults.

    >>> [value for value, _ in read_percents(["50", "50 %", "50,0", "0.5%", "1", "0"]).readings.values()]
    [50.0, 50.0, 50.0, 0.5, 1.0, 0.0]
    >>> [value for value, _ in read_percents(["0.25", "0,5", "1", "0"]).readings.values()]
    [25.0, 50.0, 100.0, 0.0]
    >>> str(read_percents(["0.5", "50"]).readings["0.5"][1])
    '"0.5" may be 0.5 or 50 percent: write 0.5 % or 50 %.'
    """
    numbers = {text: _number(text) for text in dict.fromkeys(texts)}
    bare = {value for value, is_signed in numbers.values() if value is not None and not is_signed}
    has_sign = any(is_signed for _, is_signed in numbers.values())
    has_fraction, is_large = any(0 < value < 1 for value in bare), any(not 0 <= value <= 1 for value in bare)
    if has_fraction and not is_large and not has_sign and len(bare - {0}) > 1:
        shares = [text for text, (value, _) in numbers.items() if value]
        return Percents({text: _share(text, value) for text, (value, _) in numbers.items()}, shares)
    doubtful = {value for value in bare if 0 < value < 1 or (value == 1 and (has_fraction or not is_large))}
    return Percents({text: _reading(text, *number, doubtful) for text, number in numbers.items()}, [])


def _number(text: str) -> tuple[float | None, bool]:
    """Return the number in a text and True if it has a sign of percent; no number if there is none."""
    match = _PERCENT.fullmatch((read_text(text) or "").casefold())
    value = float(match[1].replace(",", ".")) if match else math.inf
    return (None, False) if match is None or math.isinf(value) else (value, bool(match[2]))


def _share(text: str, value: float | None) -> Reading:
    return _reading(text, value, False, set()) if value is None else (float(f"{value * 100:.15g}"), None)


def _reading(text: str, value: float | None, is_signed: bool, doubtful: set[float]) -> Reading:
    typed = read_text(text)
    if value is None:
        return None, message("percentage_unreadable", text=shown(text)) if typed else None
    if not is_signed and value in doubtful:
        readings = {"percent": f"{value:.15g}", "other_percent": f"{value * 100:.15g}"}
        return None, message("percentage_unreadable.two_readings", text=shown(text), **readings)
    return value, None
