"""The words of report forms in each language: headings, statuses, months. Our own forms print the first label of a
language."""

import csv
import re
from functools import cache, lru_cache
from pathlib import Path

LANGUAGES = ("en", "ru", "tg")
COLUMNS = (
    "activity_id", "agency_id", "time_period", "reported_on", "status", "percent_complete", "completed_on",
    "result_text", "evidence_url",
)  # fmt: skip
REQUIRED = COLUMNS[:5]
OF_FORM = "measure", "activity_text", "expected_result", "window", "last_report"  # its other columns
OF_REJECTED = "source_file", "source_sheet", "source_row", "what is wrong, and what to do"  # of rows that are sent back
_MARKS = re.compile(r"[\W_]+")


@lru_cache(10_000)
def plain(text: str) -> str:
    """Return a label without what makes no difference: case, blanks, line breaks, punctuation, ё for е.

    >>> plain("Date of\\nREPORT*: ") == plain("date_of report")
    True
    >>> plain("% complete") == plain("Complete")
    False
    """
    return _MARKS.sub(" ", text.casefold().replace("%", " percent ").replace("ё", "е")).strip()


@cache
def meanings(name: str) -> dict[str, str]:
    """Return the code of each label of `columns`, `statuses` or `months`, by its plain form; a code is a label too."""
    codes = {plain(label): code for code, _, label in _rows(name)}
    return codes | {plain(code): code for code in codes.values()}


@cache
def labels(name: str, language: str) -> dict[str, str]:
    """Return the label that our forms print for each code, in one language."""
    printed: dict[str, str] = {}
    for code, of, label in _rows(name):
        if of == language:
            printed.setdefault(code, label)
    return printed


@cache
def closing_line() -> re.Pattern[str]:
    """Return what the plain text of a line of totals or signatures begins with: Итого, Руководитель."""
    return re.compile("|".join(rf"{plain(beginning)}\b" for _, beginning in _rows("closing_lines")))


@cache
def _rows(name: str) -> list[list[str]]:
    with (Path(__file__).parent / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]
