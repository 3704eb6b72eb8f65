"""Text in which a program wrote ? or U+FFFD for letters that its encoding does not have."""

import re

_LOST = re.compile(
    r"[^\W\d_]\?+(?=[a-zа-яёғӣқӯҳҷ])"  # То?икистон; but not Да?Нет
    r"|(?<![^\s(«“\"'„-])\?+[^\W\d_]"  # ?онун
    r"|(?<![^\s(«“\"'„-])\?{2,}(?![^\s.,;:)»”\"!-])"  # ??? ????
    r"|^\W*\?\W*$"  # ? ? ?
)
# Question marks of an address are its own: https://a.tj/?b, /?id=1, a?b.html
_ADDRESS = re.compile(r"\S*(?:://|www\.|[?&]\w+=|[a-z]\?\w+\.[a-z])\S*", re.IGNORECASE)


def has_lost_letters(text: str) -> bool:
    """Return True if question marks, or the character that stands for an unreadable one, are in place of letters.

    >>> [has_lost_letters(text) for text in ("?????? ???", "То?икистон", "20 ш\\ufffdкол", "Что? Где???", "a.tj/?id=1")]
    [True, True, True, False, False]
    """
    return "\ufffd" in text or ("?" in text and _LOST.search(_ADDRESS.sub(" ", text)) is not None)


def has_no_letters_left(text: str) -> bool:
    """Return True if a program wrote ? or U+FFFD for all letters of a text.

    >>> [has_no_letters_left(text) for text in ("????? 2019", "?", "..?", "\ufffd\ufffd")]
    [True, False, False, True]
    """
    return text.count("?") + 2 * text.count("\ufffd") > 3 and not any(map(str.isalpha, text))
