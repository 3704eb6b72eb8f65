"""Guesses by words: which of our columns a name means, which of our codes a producer's code or mark may be.

The words are in names.csv, marks.csv, ../labels/words.csv and codes.csv, which has those that say too little of a code
to be compared with its label; every guess is marked as one in the draft."""

import csv
import re
from collections.abc import Mapping, Sequence
from functools import cache

from schemas.code_lists import code_list
from transforms.sql import data_file
from transforms.statistics.dataset.columns import Vocabulary, spellings
from transforms.statistics.labels.labels import words as words_of_codes
from transforms.statistics.values import read_period, sdmx_period

_AGE = re.compile(r"(\d{1,3})\s*(?:[-–_]|to)\s*(\d{1,3})(?:\s*(?:years?|лет))?", re.IGNORECASE)  # 15-49, 15_49
_AGE_OVER = re.compile(r"(\d{1,3})\s*(?:\+|(?:years? )?and (?:over|older))", re.IGNORECASE)  # 100+
_IN_CODES = ("sex", "urbanisation", "income_wealth_quantile")  # breakdowns that producers hide in codes of series
_BRACKETS = re.compile(r"\([^()]*\)")
_MONTHS = re.compile(r"month|мес|\bмоҳ", re.IGNORECASE)


@cache
def plain(text: str) -> str:
    """Return a text in the form in which names are compared.

    >>> plain("Wealth_Quintile (index)"), plain("GeoAreaCode")
    ('wealth quintile index', 'geo area code')
    """
    words = re.sub(r"(?<=[a-zа-я])(?=[A-ZА-Я][a-zа-я])", " ", text)
    return " ".join(re.findall(r"[^\W_]+|%", words.casefold()))


def concept(name: str) -> str | None:
    """Return our column for a producer's, "" for one that only explains others, None for a name that shows nothing."""
    return _targets().get(plain(name))


def column_of(texts: Sequence[str]) -> str | None:
    """Return the column whose codes all of these texts are: sex for men, women."""
    columns = sorted({column for column, _ in _codes()})
    return next((column for column in columns if all((column, plain(text)) in _codes() for text in texts)), None)


def code(words: Vocabulary, text: str, label: str = "", name: str = "") -> str:
    """Return our code for a producer's code or label, "" if none is near. `name`: of the column; it may say months."""
    is_of_months = _MONTHS.search(f"{name} {label} {text}")
    texts = (label, text, _BRACKETS.sub(" ", label or text))  # GBAO (Gorno-Badakhshan)
    for printed in filter(None, texts):
        phrase = plain(printed)
        named = [ours for ours, meaning in words.names.items() if phrase in (plain(ours), plain(meaning))]
        guess = _codes().get((words.column, phrase), named[0] if phrase and len(named) == 1 else None)
        guess = guess or _standards(words.column).get(phrase)
        if guess is None and words.column == "age" and not is_of_months:
            guess = _age(printed)
        if guess and guess in words.names:
            return guess
    return ""


def mark(text: str) -> str:
    """Return the OBS_STATUS that a mark commonly means, "" if offices differ."""
    return next((row["status"] for row in _rows("marks") if row["mark"] == text), "")


def period(text: str) -> str:
    """Return the period that a text may mean, "" if none is near.

    >>> period("2013T4"), period("2019 г."), period("last year")
    ('2013-Q4', '2019', '')
    """
    reading = read_period(sdmx_period(text) or sdmx_period(text.split(" ")[0].removesuffix("г.")) or "")
    return reading[0] if reading else ""


def _age(text: str) -> str | None:
    if span := _AGE.fullmatch(text.strip()):
        return f"Y{int(span[1])}T{int(span[2])}"
    least = _AGE_OVER.fullmatch(text.strip())
    return f"Y_GE{int(least[1])}" if least else None


@cache
def _standards(column: str) -> Mapping[str, str]:
    """Return the codes of npa's list by their other spellings in any letters: tjk."""
    return {plain(text): code for text, code in spellings(column).items()}


@cache
def _targets() -> Mapping[str, str]:
    return {plain(row["name"]): row["target"] for row in _rows("names")}


@cache
def piece(text: str) -> Mapping[str, str]:
    """Return what a piece of a code may say of a breakdown: column → code of ours.

    >>> piece("poorest"), piece("FE"), piece("x")
    ({'income_wealth_quantile': 'Q1'}, {'sex': 'F'}, {})
    """
    said = {column: _codes().get((column, plain(text)), text.upper()) for column in _IN_CODES}
    return {column: code for column, code in said.items() if code in code_list(column) and not code.startswith("_")}


@cache
def _codes() -> Mapping[tuple[str, str], str]:
    said = [*words_of_codes(), *_rows("codes")]
    return {(row["column"], plain(row["said"])): row["code"] for row in said}


@cache
def _rows(name: str) -> list[dict[str, str]]:
    with data_file(f"statistics/describe/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
