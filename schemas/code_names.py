"""The names of npa's own enumerations in its three languages, and names that npa adds to those of its code lists.

`code_names.csv` is the file for translators. `en` is empty where the code list (`code_lists/`) has the English name.
Statuses are not in it: their labels are those of the report forms (transforms/reports/vocabulary/statuses.csv)."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

LANGUAGES = ("en", "ru", "tg")
UNSTATED = "und"  # ISO 639-2: undetermined


class CodeName(NamedTuple):
    """A row of the table dim_code."""

    code_list: str
    code: str
    language: str
    name: str
    source: str


@cache
def own_names() -> tuple[CodeName, ...]:
    """Return the names of `code_names.csv`."""
    return tuple(_read())


def _read() -> Iterator[CodeName]:
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for language in LANGUAGES:
                if name := row[language]:
                    yield CodeName(row["code_list"], row["code"], language, name, "npa")
