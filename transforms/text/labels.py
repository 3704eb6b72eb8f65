"""Labels, such as headings and names, without what makes no difference."""

import re
import unicodedata
from functools import lru_cache

from transforms.text.old_tajik_fonts import in_real_letters

_MARKS = re.compile(r"[\W_]+")


@lru_cache(10_000)
def plain(text: str) -> str:
    """Return a label without what makes no difference: case, blanks, line breaks, punctuation, ё for е, and whether a
    letter is written as one character or as two.

    >>> plain("Date of\\nREPORT*: ") == plain("date_of report")
    True
    >>> plain("% complete") == plain("Complete")
    False
    >>> plain("тоҷики\\u0304") == plain("Тоҷикӣ")
    True
    """
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    return _MARKS.sub(" ", composed.casefold().replace("%", " percent ").replace("ё", "е")).strip()


def plain_name(text: str) -> str:
    """Return the plain form of a name, which may be typed in an old Tajik font.

    >>> plain_name("ХУҶАНД ") == plain_name("Хуљанд")
    True
    """
    return plain(in_real_letters(text))
