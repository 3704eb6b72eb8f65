"""Text in which a program wrote ? or U+FFFD for letters that its encoding does not have."""

import re

_LOST = re.compile(
    r"""\ufffd | (?: ^ | (?<=\s) ) \?+ [Ѐ-ӿ]{2} | [Ѐ-ӿ]\?+[Ѐ-ӿ]  # ?албаев, То?икистон: cp1251 has no Tajik letters
        | (?<![^\sA-Za-z])[A-Za-z]+\?[a-z]+(?![\w=/.&?])  # Bev?lkerung; not the query of an address""",
    re.VERBOSE,
)


def has_lost_letters(text: str) -> bool:
    """Return True if a program wrote ? or U+FFFD for some letters of a text.

    >>> [has_lost_letters(text) for text in ("Sughd?", "https://example.org/a?b=c", "То?икистон", "Bev?lkerung")]
    [False, False, True, True]
    """
    return ("?" in text or "\ufffd" in text) and bool(_LOST.search(text))


def has_no_letters_left(text: str) -> bool:
    """Return True if a program wrote ? or U+FFFD for all letters of a text.

    >>> [has_no_letters_left(text) for text in ("????? 2019", "?", "..?", "\ufffd\ufffd")]
    [True, False, False, True]
    """
    return text.count("?") + 2 * text.count("\ufffd") > 3 and not any(map(str.isalpha, text))
