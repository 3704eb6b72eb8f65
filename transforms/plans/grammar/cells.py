"""Numbers and dashes in a cell of the plan's table, and in an entry of the glossary."""

import re

from transforms.text.lines import DASHES

_ACTIVITY_NUMBER = re.compile(r"([1-9][0-9]{0,2})[.)](?: ?(?=\D)(.+))?")  # 1. Conduct …, 2) Develop …; cut: 2.
_DASH = re.compile(f" ?[{DASHES}] ?")
_ABBREVIATION = re.compile(r"[^\W_]+(?:-[^\W_]+)*")  # AOS, AG-SUPRT, МОН


def split_number(text: str) -> tuple[int | None, str]:
    """Return the number printed before an activity's text, if any, and the text without it.

    >>> split_number("2) Develop bylaws")
    (2, 'Develop bylaws')
    """
    match = _ACTIVITY_NUMBER.fullmatch(text)
    return (int(match[1]), (match[2] or "").strip()) if match else (None, text)


def split_entry(text: str) -> tuple[str, str] | None:
    """Return abbreviation and name of a glossary entry, parted by the last dash that only capitals precede.

    >>> split_entry("AOS- Agency on Statistics")
    ('AOS', 'Agency on Statistics')
    >>> split_entry("MOC-IT - Ministry of Communications")
    ('MOC-IT', 'Ministry of Communications')
    """
    entry = None
    for dash in _DASH.finditer(text):
        abbreviation, name = text[: dash.start()], text[dash.end() :]
        if not _ABBREVIATION.fullmatch(abbreviation) or abbreviation != abbreviation.upper():
            break
        entry = (abbreviation, name) if name else entry
    return entry
