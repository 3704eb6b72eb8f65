"""Guesses about a file that npa has never seen: what its columns are, which code of ours a producer's code may be. The
words stand in names.csv, codes.csv and marks.csv; every guess is marked as one in the draft."""

import csv
import re
from collections.abc import Mapping, Sequence
from functools import cache

from transforms.sql import data_file
from transforms.statistics.dataset.codes import Vocabulary

_AGE = re.compile(r"(\d{1,3})\s*(?:[-–_]|to)\s*(\d{1,3})(?:\s*(?:years?|лет))?", re.IGNORECASE)  # 15-49, 15_49
_AGE_OVER = re.compile(r"(\d{1,3})\s*(?:\+|(?:years? )?and (?:over|older))", re.IGNORECASE)  # 100+
_MONTHS = re.compile(r"month|мес|\bмоҳ", re.IGNORECASE)


def plain(text: str) -> str:
    """A text by which names are compared.

    >>> plain("Wealth_Quintile (index)"), plain("GeoAreaCode")
    ('wealth quintile index', 'geo area code')
    """
    parted = re.sub(r"(?<=[a-zа-я])(?=[A-ZА-Я][a-zа-я])", " ", text)
    return " ".join(re.findall(r"[^\W_]+|%", parted.casefold()))


def concept(name: str) -> str | None:
    """Our column for a producer's, "" for one that only explains; None where the name tells nothing."""
    return _names().get(plain(name))


def code(words: Vocabulary, said: str, label: str = "", about: str = "") -> str:
    """Our code for a producer's code or its label; "" where nothing is near. `about`: the column's name, for units."""
    by_name = _by_name(words)
    for text in filter(None, (label, said)):
        found = _spoken().get((words.column, plain(text))) or by_name.get(plain(text))
        if found is None and words.column == "age" and not _MONTHS.search(about + text):
            found = _age(text)
        if found and words.is_known(found):
            return found
    return ""


def column(texts: Sequence[str]) -> str | None:
    """The column whose codes all of these texts are: men, women → sex."""
    spoken = {column for column, _ in _spoken()}
    return next((name for name in sorted(spoken) if all((name, plain(text)) in _spoken() for text in texts)), None)


def mark(text: str) -> str:
    """The OBS_STATUS that a mark commonly stands for; "" where that differs from office to office."""
    return _marks().get(text, "")


def _age(text: str) -> str | None:
    if found := _AGE.fullmatch(text.strip()):
        return f"Y{int(found[1])}T{int(found[2])}"
    if found := _AGE_OVER.fullmatch(text.strip()):
        return f"Y_GE{int(found[1])}"
    return None


def _by_name(words: Vocabulary) -> Mapping[str, str]:
    """Name or code, made plain → our code; what names two codes names none."""
    found: dict[str, set[str]] = {}
    for ours, name in words.names.items():
        for text in (ours, name):
            found.setdefault(plain(text), set()).add(ours)
    return {text: next(iter(codes)) for text, codes in found.items() if len(codes) == 1 and text}


@cache
def _names() -> Mapping[str, str]:
    return {plain(row["name"]): row["target"] for row in _rows("names")}


@cache
def _spoken() -> Mapping[tuple[str, str], str]:
    return {(row["column"], plain(row["said"])): row["code"] for row in _rows("codes")}


@cache
def _marks() -> Mapping[str, str]:
    return {row["mark"]: row["status"] for row in _rows("marks")}


def _rows(name: str) -> list[dict[str, str]]:
    with data_file(f"statistics/describe/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
