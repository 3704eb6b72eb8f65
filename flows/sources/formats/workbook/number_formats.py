"""What a number format shows in place of a number or text.

A format that only rounds, groups or aligns leaves the number as it is, with all its digits."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from flows.sources.formats.workbook.format_codes import SIGN, Section, sections
from transforms.reports.cells.values import EPOCH

_WHITE = ("[white]", "[color2]", "[color 2]")
_LAST_DAY = 2_958_465  # 31 December 9999
_TOO_NARROW = "########"
_SAMPLES = (0.0, 1.0, 0.25, 43_466.75, -1.0, -0.25, -43_466.75)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a cell shows. `text`: None if the value itself is to be taken. `notes`: kind and text of each CellNote."""

    text: str | None = None
    notes: tuple[tuple[str, str], ...] = ()


_AS_IT_IS = Shown()


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A number format by its sections: for positive numbers, negative ones, zero and text, or as conditions say."""

    sections: tuple[Section, ...]

    def of_number(self, value: float, decimal: str = ".", day_zero: int = 0) -> Shown:
        """Return what is shown of a number; `decimal` is the mark to write it with."""
        section, is_negative_section = self._section(value)
        if section is None:
            return _masked(_TOO_NARROW)
        if section.date:
            return _of_date(section, value + day_zero)
        if section.has_text and not section.is_number:
            return _with_text_around(section)
        if not section.shows_nothing_of(value):
            return _of_number(section, value, decimal, is_negative_section)
        is_zero = value == 0 and section.has_fill and section.is_dash  # of Excel's accounting formats
        return _AS_IT_IS if is_zero else _masked(section.literal)

    def of_text(self, text: str) -> Shown:
        """Return what is shown of a text."""
        last = self.sections[-1]
        if len(self.sections) < 4 and not last.has_text:
            return _AS_IT_IS
        return _with_text_around(last) if last.has_text or last.literal == text else _masked(last.literal)

    def _section(self, value: float) -> tuple[Section | None, bool]:
        """Return the section for a number, None if there is none, and True if it is the one for negative numbers."""
        parts = self.sections[:3]
        if 1 < len(parts) == len(self.sections) and parts[-1].has_text:
            parts = parts[:-1]
        first, has_condition = parts[0], parts[0].condition is not None
        if len(parts) == 1:
            return (first if first.applies(value) else Section(is_number=True)), False
        second, is_usual = parts[1], not has_condition and parts[1].condition is None
        if first.applies(value) and (has_condition or value > 0 or (value == 0 and len(parts) == 2)):
            return first, False
        if len(parts) == 2:
            return (second if second.applies(value) else None), is_usual
        if second.applies(value) and (second.condition is not None or value < 0):
            return second, second.condition is None
        return parts[2], False

    @property
    def is_plain(self) -> bool:
        """Return True if every number and text is shown as it is, but for digits."""
        limits = [part.condition[1] for part in self.sections if part.condition]
        samples = (*_SAMPLES, *(limit + step for limit in limits for step in (-0.5, 0, 0.5)))
        return self.of_text("a") == _AS_IT_IS and all(self.of_number(value) == _AS_IT_IS for value in samples)


@lru_cache(1000)
def number_format(code: str) -> NumberFormat | None:
    """Return a format by its code, or None if it shows every number and text as it is.

    >>> number_format("#,##0.00"), number_format("dd.mm.yyyy"), number_format("0.0;[Red]-0.0")
    (None, None, None)
    >>> [number_format(code).of_number(3.5e6).text for code in ("#,##0.0,,", "0%", '[>5]"…";0', "0000000000")]
    ['3.5', '350000000%', '…', '0003500000']
    """
    made = NumberFormat(tuple(sections(code)))
    return None if made.is_plain else made


def _masked(text: str) -> Shown:
    return Shown(text, (("masked", text),))


def _with_text_around(section: Section) -> Shown:
    return Shown(None, (("text_of_format", section.around()),)) if section.has_text and section.around() else _AS_IT_IS


def _of_number(section: Section, value: float, decimal: str, is_negative_section: bool) -> Shown:
    has_sign = is_negative_section and bool(section.colour or SIGN.search(section.before))
    is_changed = section.percents or section.divisor > 1
    notes = [("invisible", "")] if section.colour in _WHITE else []
    if is_negative_section and not has_sign:
        value, is_changed = -value, True
        notes.append(("sign_hidden", ""))
    if section.divisor > 1:
        notes.append(("scaled", str(section.divisor)))
    if around := section.around(without_sign=has_sign):
        notes.append(("text_of_format", around))
    text = None
    if is_changed:
        text = f"{value * 100.0**section.percents / section.divisor:.15g}{'%' * section.percents}".replace(".", decimal)
    elif value == int(value) and len(f"{abs(int(value))}") < section.width:
        text = f"{int(value):0{section.width + (value < 0)}}"
    return Shown(text, tuple(notes))


def _of_date(section: Section, days: float) -> Shown:
    shown = set(section.date)
    if not 0 <= days <= _LAST_DAY + 1:
        return _AS_IT_IS
    day = EPOCH + timedelta(days=max(1, int(days)) + (days < 60))  # spreadsheets have a 29 February 1900
    if shown == {"y"}:
        return Shown(f"{day.year}")
    if shown == {"y", "M"}:
        return Shown(f"{day.year}-{day.month:02}")
    return Shown(None, (("part_of_date", ""),)) if shown & {"M", "d"} and "y" not in shown else _AS_IT_IS
