"""The codes of a file that npa does not know, with what they may be."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from transforms.statistics.dataset.codes import Vocabulary, vocabulary
from transforms.statistics.dataset.dataset_toml import CODED, Dataset
from transforms.statistics.describe import guess_codes
from transforms.statistics.describe.profile import Column


@dataclass(frozen=True, slots=True)
class Unknown:
    """A code that no list of npa has, in `rows` rows; `label`: what the producer calls it; `near`: a guess, or ""."""

    code: str
    rows: int
    label: str
    near: str


def vocabularies(columns: Sequence[Column], dataset: Dataset) -> dict[int, Vocabulary]:
    """What each coded column may say, by its place; other breakdowns only where npa has a list of them."""
    found = {}
    for column in columns:
        name = column.name.lower() if column.target == "other_breakdown" else column.target
        is_coded = name in CODED or column.target == "other_breakdown"
        words = vocabulary(name, dataset, {}) if name and is_coded else None
        if words and words.names:
            found[column.place] = words
    return found


def unknown_codes(column: Column, words: Vocabulary) -> Iterator[Unknown]:
    """The codes of a column that npa does not know, nor their labels."""
    for code, rows in sorted(column.codes, key=lambda one: _natural(one[0])):
        if code and code not in words.codes:
            label = column.labels.get(code, "")
            yield Unknown(code, rows, label, guess_codes.code(words, code, label, column.name))
    if column.blank and words.column in ("statistic_id", "ref_area"):
        yield Unknown("", column.blank, "rows that say nothing", "")


def _natural(text: str) -> list[tuple[int, str]]:
    """An order in which 9 stands before 10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text) if part]


def meaning(column: Column, code: str, words: Vocabulary | None) -> str:
    """What a code is called: by the file, else by npa's list."""
    names: Mapping[str, str] = words.names if words else {}
    known = words.codes.get(code, "") if words else ""
    return column.labels.get(code) or names.get(known, "")
