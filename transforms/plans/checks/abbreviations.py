"""Abbreviations in texts that the glossary does not explain."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from transforms.plans.agencies import AgencyBook
from transforms.plans.checks.printed_texts import PrintedText
from transforms.plans.context import Context
from transforms.sql import data_file

_WORD = re.compile(r"[^\W\d_]+")
_ROMAN = r"[IVXІХ]+"  # also in the letters of a Cyrillic keyboard
_IS_ROMAN = re.compile(_ROMAN)
_EXPLAINED = (
    re.compile(r"(?<=\S )\((?:\w+[ –—-]+){0,2}([^\W\d_]{2,})\)"),  # early development (ECD), (hereinafter ECD)
    re.compile(r"(?<![^\W\d_])([^\W\d_]{2,}+) \(\w+ [^()]+\)"),  # ECD (early development)
)
_TOKEN = re.compile(rf"([^\W\d_]{{2,}})( {_ROMAN}\b)?")  # CSOs, OP II


def flag_abbreviations(context: Context, book: AgencyBook, texts: Sequence[PrintedText]) -> None:
    """Flag each abbreviation that the glossary does not explain, once, with all its lines.

    In a document without a glossary, only those that no text explains."""
    lines: dict[str, list[int]] = defaultdict(list)
    first_prints: dict[str, str] = {}
    for text in sorted(texts, key=lambda text: text.line):
        for printed, abbreviation in _abbreviations(text.text):
            lines[abbreviation].append(text.line)
            first_prints.setdefault(abbreviation, printed)
    everything = "\n".join(text.text for text in texts)
    explained, has_glossary = set(_explained(everything)), any(agency.in_glossary for agency in book.agencies.values())
    in_small_letters = {word.upper() for word in {*_WORD.findall(everything)} if word.islower()}
    for abbreviation in sorted(lines.keys() - _known(book) - in_small_letters):
        names, variant = {"abbreviation": abbreviation}, "in_text" if abbreviation in explained else ""
        if has_glossary or not variant:
            place = list(dict.fromkeys(lines[abbreviation])), None, first_prints[abbreviation]
            context.flag("abbreviation_unexplained", *place, variant=variant, **names)


def _abbreviations(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words with more capitals than small letters, as printed and in the singular.

    None of a text mostly in capitals.

    >>> list(_abbreviations("Include CSOs and the MoES in OP II, stage IV (ECD)"))
    [('CSOs', 'CSO'), ('MoES', 'MoES'), ('OP II', 'OP II'), ('ECD', 'ECD')]
    """
    words = _WORD.findall(text)
    if all(word[1:].islower() or not word[1:] for word in words):  # of most texts: quicker to see than what follows
        return
    if sum(word.isupper() for word in words) > len(words) / 2:
        return
    for word, roman in _TOKEN.findall(text):
        singular = _singular(word)
        capitals, small = (sum(map(is_of, singular)) for is_of in (str.isupper, str.islower))
        if capitals >= 2 and capitals > small and not _IS_ROMAN.fullmatch(word):
            yield word + roman, singular + roman


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and word[:-1].isupper() else word


def _explained(text: str) -> Iterator[str]:
    """Yield the words that a text explains, those in a bracket and those before one."""
    for pattern in _EXPLAINED:
        yield from (_singular(word) for word in pattern.findall(text))


def _known(book: AgencyBook) -> set[str]:
    """Return the abbreviations of agencies in each of their spellings, and those that any reader knows."""
    spellings: Iterable[str] = [*book.agencies, *book.aliases]
    return {*spellings, *(word for spelling in spellings for word in _WORD.findall(spelling)), *_generally_known()}


@cache
def _generally_known() -> frozenset[str]:
    """Return the abbreviations that general dictionaries have."""
    with data_file("plans/checks/known_abbreviations.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["abbreviation"] for row in csv.DictReader(file))
