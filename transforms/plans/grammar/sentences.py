"""Sentences and lists: where a text is finished, and where the next may begin."""

import re
from collections.abc import Sequence

from transforms.text.lines import DASHES

# A full stop, of other scripts too, then what closes or marks a note: …the law. …“the law.”) …the law.* …क़ानून।
_END = re.compile(r"""[.!?…।॥。．｡։။።؟۔][\s"'«»“”„‘’‹›)\]}*†‡¹²³⁴⁵⁶⁷⁸⁹]*$""")
_BULLET = re.compile(f"[{DASHES}•◦▪‣·*] (?=\\w)")  # - build …, • build …


def is_finished(text: str) -> bool:
    """Return True if `text` ends with a finished sentence.

    >>> is_finished("Adopt the law (by decree.)"), is_finished("Adopt the"), is_finished("")
    (True, False, False)
    """
    return _END.search(text) is not None


def begins_sentence(piece: str) -> bool:
    """Return True if a sentence may begin with `piece`: with a bullet, or its first letter or digit is no lower-case
    letter.

    >>> begins_sentence("«The law"), begins_sentence("12 schools"), begins_sentence("the law")
    (True, True, False)
    >>> begins_sentence("- build schools"), begins_sentence("b) build schools")
    (True, False)
    """
    if _BULLET.match(piece):
        return True
    first = next((character for character in piece if character.isalnum()), "")
    # Georgian letters count as lower-case in Unicode, but no sentence begins with another: they have no title case.
    return not first.islower() or first.title() == first


def is_finished_list(text: str, conjunctions: Sequence[str]) -> bool:
    """Return True if a list that prints no full stop may end with `text`.

    >>> is_finished_list("MOES, MOJ", ["and"])
    True
    >>> is_finished_list("MOES,", ["and"]), is_finished_list("MOES and", ["and"])
    (False, False)
    """
    folded = f" {text.casefold()}"
    return not folded.endswith((",", ";", *DASHES, *(f" {word.casefold()}" for word in conjunctions)))


def begins_list(piece: str, conjunctions: Sequence[str]) -> bool:
    """Return True if a list may begin with `piece`.

    >>> begins_list("MOES", ["and"]), begins_list(", MOES", ["and"]), begins_list("And MOES", ["and"])
    (True, False, False)
    """
    continuations = (",", ";", *(f"{word.casefold()} " for word in conjunctions))
    return begins_sentence(piece) and not f"{piece.casefold()} ".startswith(continuations)
