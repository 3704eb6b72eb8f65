"""Sentences to users that are written where they are needed: English in the code, other languages by gettext.

The msgid is the English sentence, as it stands there. A sentence without a value is its own msgid and needs no call.
`make messages` collects them. Imports nothing heavy."""

from typing import Any

from transforms.quality.translation import texts_of


class Text(str):
    """An English sentence that remembers what it was made of: `msgid`, `plural` where the number `n` decides, and the
    values. It is a str in all else: equal ones are alike, and it passes between processes."""

    msgid: str
    plural: str
    arguments: dict[str, object]

    def __new__(cls, msgid: str, plural: str, arguments: dict[str, object]) -> "Text":
        """Fill the sentence, once: braces in a value mean nothing."""
        chosen = plural if plural and arguments["n"] != 1 else msgid
        made = super().__new__(cls, chosen.format(**arguments))
        made.msgid, made.plural, made.arguments = msgid, plural, arguments
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Text, (self.msgid, self.plural, self.arguments)


def sentence(msgid: str, /, **arguments: object) -> str:
    """Return an English sentence, filled: a Text. A literal brace is doubled in it.

    >>> sentence("the file has more than {size}", size="2 GB")
    'the file has more than 2 GB'
    """
    return Text(msgid, "", {name: _plain(value) for name, value in arguments.items()})


def sentences(msgid: str, plural: str, /, *, n: int, **arguments: object) -> str:
    """Return one of two sentences, as the number `n` decides, filled: a Text.

    >>> sentences("{n} record", "{n} records", n=3)
    '3 records'
    """
    return Text(msgid, plural, {"n": n} | {name: _plain(value) for name, value in arguments.items()})


def _plain(value: object) -> object:
    """Return the text of a value, so that the sentence can be made again in another process."""
    return value if isinstance(value, str | int) else str(value)


def in_language(said: str, language: str) -> str:
    """Return a sentence in a language, with the sentences among its values; English where that has no translation.

    >>> in_language("Get the whole file again.", "ru")
    'Получите файл целиком заново.'
    """
    texts = texts_of(language)
    if not isinstance(said, Text):
        return texts.gettext(said) if said else ""
    form = texts.ngettext(said.msgid, said.plural, _number(said)) if said.plural else texts.gettext(said.msgid)
    return form.format(**{name: _value(value, language) for name, value in said.arguments.items()})


def _number(said: Text) -> int:
    return int(str(said.arguments["n"]))


def _value(value: object, language: str) -> object:
    return in_language(value, language) if isinstance(value, Text) else value
