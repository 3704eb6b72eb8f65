"""Sentences to users: English in the code, other languages by the gettext catalogues in `locale/`.

The msgid is the English sentence, as it is in the code. A sentence without a value is its own msgid and needs no call.
`make messages` collects them. Imports nothing heavy."""

import gettext
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "npa"
_RANGES = 30


class Text(str):
    """An English sentence that keeps what it consists of: `msgid`, `plural` if the number `n` decides between two
    forms, and the values. In all else it is a str; it can be sent to another process."""

    msgid: str
    plural: str
    arguments: Mapping[str, object]

    def __new__(cls, msgid: str, plural: str, arguments: Mapping[str, object]) -> "Text":
        """Fill the sentence, once: braces in a value mean nothing. A value of another type is kept as its text."""
        arguments = {name: value if isinstance(value, str | int) else str(value) for name, value in arguments.items()}
        form = plural if plural and arguments["n"] != 1 else msgid
        text = super().__new__(cls, form.format(**arguments))
        text.msgid, text.plural, text.arguments = msgid, plural, arguments
        return text

    def __reduce__(self) -> tuple[Any, ...]:
        return Text, (self.msgid, self.plural, self.arguments)


def sentence(msgid: str, /, **arguments: object) -> str:
    """Return an English sentence, filled: a Text. A literal brace is doubled in it.

    >>> sentence("the file has more than {size}", size="2 GB")
    'the file has more than 2 GB'
    """
    return Text(msgid, "", arguments)


def sentences(msgid: str, plural: str, /, *, n: int, **arguments: object) -> str:
    """Return one of two sentences, as the number `n` decides, filled: a Text.

    >>> sentences("{n} record", "{n} records", n=3)
    '3 records'
    """
    return Text(msgid, plural, {"n": n} | arguments)


def ranges(numbers: Iterable[int]) -> str:
    """Return whole numbers in a form that a sentence has room for: sorted, ranges closed, at most 30 of them.

    >>> ranges([50, 2, 3, 4, 5, 49, 7])
    '2-5, 7, 49-50'
    >>> ranges(range(0, 100, 2))[-9:]
    '56, 58, …'
    """
    closed: list[list[int]] = []
    for number in sorted(set(numbers)):
        if closed and closed[-1][1] == number - 1:
            closed[-1][1] = number
        else:
            closed.append([number, number])
    texts = [str(first) if first == last else f"{first}-{last}" for first, last in closed[:_RANGES]]
    return ", ".join([*texts, "…"] if len(closed) > _RANGES else texts)


def in_language(text: str, language: str) -> str:
    """Return a sentence in a language, with the sentences among its values; English where that has no translation.

    >>> in_language("Get the whole file again.", "ru")
    'Получите файл целиком заново.'
    """
    catalogue = _catalogue(language)
    if not isinstance(text, Text):
        return catalogue.gettext(text) if text else ""
    if text.plural:
        form = catalogue.ngettext(text.msgid, text.plural, int(str(text.arguments["n"])))
    else:
        form = catalogue.gettext(text.msgid)
    parts = {name: in_language(value, language) for name, value in text.arguments.items() if isinstance(value, Text)}
    return form.format(**{**text.arguments, **parts})


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Return the translations of a language, or English where there are none."""
    return gettext.translation(DOMAIN, LOCALE, [language], fallback=True)
