"""From the text of a cell to its value. Each reader returns (value, fault): a fault is a message that tells the author
what to write instead. A blank cell has neither; SQL judges whether it may be blank, by the whole row."""

import re
import unicodedata
from datetime import date, timedelta

from transforms.quality.catalogue import Message, message_of
from transforms.text.damage import meant_text
from transforms.text.error_values import is_error_value, is_too_narrow
from transforms.text.lines import DASHES, fold
from transforms.text.lost_letters import has_lost_letters

# Cyrillic and Greek capitals that are printed like a Latin one; ids are upper case.
_LOOK_ALIKES = str.maketrans("АВЕЅІЈКМНОРСТУҮХԚԜӀΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABESIJKMHOPCTYYXQWIABEZHIKMNOPTYX")
_HYPHENS = str.maketrans(dict.fromkeys(DASHES, "-"))
_INVISIBLE = {"Cc", "Cf", "Cs"}
SERIAL = re.compile(r"([0-9]{5})(?:[.,]0+)?")  # 43830
EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet of the 1900 system, for days after 28 February 1900


def read_text(text: str) -> str | None:
    """Return a text without invisible characters, one space for white space and each letter as one character; None if
    nothing is left.

    >>> read_text(" Two\\u00a0\\n schools\\u200b "), read_text(" \\x00 ")
    ('Two schools', None)
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(c if c.isspace() or unicodedata.category(c) not in _INVISIBLE else "" for c in text)
        text = unicodedata.normalize("NFC", text)
    return fold(text) or None


def read_id(text: str) -> tuple[str, bool]:
    """Return an id in upper case with hyphens and Latin letters, and True if letters that look Latin were replaced.

    >>> read_id(" tjk–crc-2018-05-02 "), read_id("ТJК-MOES")
    (('TJK-CRC-2018-05-02', False), ('TJK-MOES', True))
    """
    typed = "".join((read_text(text) or "").split()).translate(_HYPHENS).upper()
    latin = typed.translate(_LOOK_ALIKES)
    return latin, latin != typed


def usual_day(text: str, day_zero: int) -> str:
    """Return the day, in ISO form, of a serial number that counts from `day_zero` days after day 0 of the usual system;
    any other text unchanged.

    >>> usual_day("42368", 1462), usual_day("42368.5", 1462), usual_day("31.12.2019", 1462)
    ('2019-12-31', '42368.5', '31.12.2019')
    """
    match = SERIAL.fullmatch(text.strip())
    return (EPOCH + timedelta(int(match[1]) + day_zero)).isoformat() if match else text


def damage(text: str) -> Message | None:
    """Return what is wrong with a text that an earlier program damaged; None for any other text.

    >>> damage("#ССЫЛКА!").message_id, damage("########").message_id, damage("????").message_id, damage("done")
    ('cell_with_error', 'cell_with_error.too_narrow', 'cell_damaged', None)
    """
    if is_error_value(text):
        return message_of("cell_with_error", "too_narrow" if is_too_narrow(text) else "", text=shown(text))
    if has_lost_letters(text):
        return message_of("cell_damaged", text=shown(text))
    if meant := meant_text(text):
        return message_of("cell_damaged", "encoding", text=shown(text), meant=shown(meant))
    return None


def shown(text: str) -> str:
    """Return a text as a sentence quotes it: on one line, and not longer than one."""
    typed = read_text(text) or ""
    return typed if len(typed) <= 60 else f"{typed[:59]}…"
