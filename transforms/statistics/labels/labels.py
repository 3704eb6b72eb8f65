"""A file's label for a code, compared with what npa's list means by that code.

Labels come in any language. Known are the names of npa's lists, words.csv (sexes, areas, units, … in many languages)
and countries.csv (countries, by CLDR and the UN). docs/decisions/2026-11-30-codes.md says what follows."""

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from schemas.code_lists import code_list
from transforms.sql import data_file

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_MONTHS = re.compile(r"month|мес|моҳ|mois|meses|monat", re.IGNORECASE)
_COMMON = 8  # codes: a word in the names of more tells none of them
_STOP = {"north", "south", "east", "west", "central", "northern", "southern", "eastern", "western", "region", "area",
         "city", "district", "province", "and", "the", "with", "per", "value", "data", "rep", "dem", "fed"}  # fmt: skip
_CUSTOM = "cust_breakdown"  # its names are "Custom code 01": each country gives them a meaning
_LONGEST_NAME = 8  # words
_CHANCE = 3  # characters: two lists may well have a code this short in common


class Verdict(Enum):
    """What a label says about the meaning that npa's list gives to a code."""

    SAME = "it names the same"
    OTHER = "it names another code of the list"
    UNREAD = "it names nothing that npa knows"


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of a list's codes, folded, and the words that tell them apart."""

    codes: Mapping[str, frozenset[str]]  # name or standard code → codes
    phrases: Mapping[str, frozenset[str]]  # name → codes
    by_word: Mapping[str, frozenset[str]]  # word → codes


def folded(text: str) -> str:
    """Return a text in the form in which labels are compared: words without case, accents and punctuation.

    >>> folded("Côte d’Ivoire"), folded("MÄN")
    ('cote d ivoire', 'man')
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = unicodedata.normalize("NFKD", plain.casefold())  # ℠ has no small letter, but is SM
    return " ".join(re.findall(r"[^\W_]+|%", "".join(c for c in plain if unicodedata.category(c) != "Mn")))


def may_be_chance(code: str) -> bool:
    """Return True if another list may have the same code with another meaning: M, TJ, 840. `_T` is SDMX's own.

    >>> may_be_chance("840"), may_be_chance("_T"), may_be_chance("Y15T49")
    (True, False, False)
    """
    return len(code) <= _CHANCE and not code.startswith("_")


def verdict(column: str, code: str, label: str) -> Verdict:
    """Return what a label says about a code of ours.

    >>> verdict("sex", "M", "Mujeres").name, verdict("sex", "M", "Hanrei").name, verdict("ref_area", "US", "США").name
    ('OTHER', 'UNREAD', 'SAME')
    """
    names, said = _names(column), folded(label)
    if code in names.codes.get(said, ()):
        return Verdict.SAME
    if column == "age" and any(map(str.isdigit, said)):
        return _of_age(code, label)
    if called := names.codes.get(said) or names.codes.get(folded(_BRACKETS.sub(" ", label))):
        return Verdict.SAME if code in called else Verdict.OTHER
    named = _by_phrase(names, said.split()) or _by_words(names, said.split())
    if code in named:
        return Verdict.SAME if len(named) == 1 else Verdict.UNREAD
    return Verdict.OTHER if named and may_be_chance(code) else Verdict.UNREAD


def _by_phrase(names: _Names, label: Sequence[str]) -> Collection[str]:
    """Return the codes of the longest names that a label has in it: "Guinea-Bissau" in "Guinea-Bissau (Bafatá)"."""
    for length in range(min(len(label), _LONGEST_NAME), 0, -1):
        windows = (" ".join(label[place : place + length]) for place in range(len(label) - length + 1))
        if named := {code for window in windows for code in names.phrases.get(window, ())}:
            return named
    return ()


def _by_words(names: _Names, label: Sequence[str]) -> Collection[str]:
    """Return the codes whose names have most words of a label, of the words that tell codes apart."""
    shared = Counter(code for word in set(label) for code in names.by_word.get(word, ()))
    return [code for code, count in shared.items() if count == max(shared.values())]


def _of_age(code: str, label: str) -> Verdict:
    """Return the verdict by the numbers in a label: 15-49 is Y15T49, and "under 5 (0-59 months)" Y0T4."""
    known = {_numbers(code), _numbers(code_list("age").get(code, {}).get("name", ""))} - {frozenset[str]()}
    if _numbers(_BRACKETS.sub(" ", label)) in known:
        return Verdict.SAME
    is_part = any(numbers <= _numbers(label) for numbers in known)
    in_other_units = code.startswith("Y") and _MONTHS.search(label)
    return Verdict.UNREAD if is_part or in_other_units or not known else Verdict.OTHER


def _numbers(text: str) -> frozenset[str]:
    return frozenset(str(int(digits)) for digits in re.findall(r"[0-9]+", text))


@cache
def _names(column: str) -> _Names:
    codes, by_word = defaultdict(set), defaultdict(set)
    for code, name in _listed(column):
        codes[folded(name)].add(code)
        for word in folded(name).split():
            by_word[word].add(code)
    phrases = {name: frozenset(named) for name, named in codes.items() if _tells(name, len(named))}
    telling = {word: frozenset(named) for word, named in by_word.items() if _tells(word, len(named))}
    for code, row in code_list(column).items():  # codes are names, but no words: AND is Andorra
        for other in (code, *(row.get(key) or "" for key in ("iso3", "m49", "p_code"))):
            codes[folded(other)].add(code)
    return _Names({name: frozenset(named) for name, named in codes.items() if name}, phrases, telling)


def _tells(word: str, count: int) -> bool:
    return count <= _COMMON and word not in _STOP and (len(word) > 2 or not word.isascii()) and not word.isdecimal()


def _listed(column: str) -> Iterator[tuple[str, str]]:
    """Yield each code of a list with each of its names."""
    if column == _CUSTOM:
        return
    yield from ((code, row["name"]) for code, row in code_list(column).items())
    yield from ((row["code"], row["said"]) for row in _rows("words") if row["column"] == column)
    if column == "ref_area":
        yield from ((row["ref_area"], name) for row in _rows("countries") for name in row["names"].split("|"))


def words(column: str = "") -> list[dict[str, str]]:
    """Return the rows of words.csv (column, said, code), or those of a column."""
    return [row for row in _rows("words") if column in ("", row["column"])]


@cache
def _rows(name: str) -> list[dict[str, str]]:
    with data_file(f"statistics/labels/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
