"""The messages of the catalogue in the languages of the officers who read them: gettext catalogues in `locale/`.

The msgid is the English sentence of `messages.csv`, with its placeholders. Imports nothing heavy."""

import gettext
from functools import cache
from pathlib import Path

from transforms.quality.catalogue import Arguments, message, templates

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "npa"
# Placeholders whose value is a word or sentence of npa's own, which is translated too where the catalogue has it.
OWN_WORDS = ("reason", "month", "other_month", "breakdown")


def message_in(language: str, message_id: str, arguments: Arguments) -> str:
    """Return a message in a language (`ru`, `tg`); in English where the language, or its translation, is not there.

    Raises CatalogueError for a message or arguments that the catalogue does not have.

    >>> message_in("ru", "unit_missing", {"statistic_id": "SH_PRV_SMOK", "n": 21})
    'SH_PRV_SMOK: у 21 значения нет единицы измерения, обязательной по структуре ЦУР.'
    >>> message_in("fr", "agency_repeated", {"abbreviation": "MOES"})
    'The cell names MOES twice; it counts once.'
    """
    english = message(message_id, **arguments)
    texts, template = texts_of(language), templates()[message_id]
    if template.message_plural is None:
        sentence = texts.gettext(template.message)
    else:
        sentence = texts.ngettext(template.message, template.message_plural, int(arguments["n"]))
    words = {name: texts.gettext(str(arguments[name])) for name in OWN_WORDS if arguments.get(name)}
    return sentence.format(**{**english.arguments, **words})


@cache
def texts_of(language: str) -> gettext.NullTranslations:
    """Return the translations of a language; English where there are none."""
    return gettext.translation(DOMAIN, LOCALE, [language], fallback=True)
