"""The words of report forms in each language: headings, statuses, months, and what stands for an empty cell. Our own
forms print the first label of a language."""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from transforms.text.labels import plain as plain
from transforms.text.lines import DASHES
from transforms.text.old_tajik_fonts import has_old_letters, in_real_letters

LANGUAGES = ("en", "ru", "tg")
COLUMNS = (
    "activity_id", "agency_id", "time_period", "reported_on", "status", "percent_complete", "completed_on",
    "result_text", "evidence_url", "reporting_unit",
)  # fmt: skip
REQUIRED = COLUMNS[:5]
NAMING = "activity_id", "agency_id", "reporting_unit"  # say what a row is about, and report nothing by themselves
OF_TOP = "reporting_unit", "time_period", "reported_on"  # may be above the headings, for rows that leave the cell empty
OF_FORM = "measure", "activity_text", "expected_result", "window", "last_report", "asked"  # its other columns
ORIGIN = "source_file", "source_sheet", "source_row"  # of rows that are sent back: the row that each is from
OF_REJECTED = *ORIGIN, "fault"  # their other columns, besides the text of the activity
_STROKES = re.compile(rf"[\s{re.escape(DASHES)}._…]*")  # - – — … ___


@lru_cache(10_000)
def meaning(name: str, text: str) -> str | None:
    """Return the code that a text names in `columns`, `statuses` or `months`; it may be typed in an old Tajik font.

    >>> meaning("columns", "Натиҷа"), meaning("columns", "Натиљаи бадастомада"), meaning("columns", "Note")
    ('result_text', 'result_text', None)
    """
    codes = meanings(name)
    code = codes.get(plain(text))
    return codes.get(plain(in_real_letters(text))) if code is None and has_old_letters(text) else code


def is_placeholder(text: str) -> bool:
    """Return True for what people write into a cell to say that it is empty: strokes, or words such as н/д.

    >>> [is_placeholder(text) for text in ("—", "...", "Н/Д", "нет", "0", "?", "#N/A", "нет школы")]
    [True, True, True, True, False, False, False, False]
    """
    return not ("?" in text or "#" in text) and (_STROKES.fullmatch(text) is not None or plain(text) in placeholders())


@cache
def placeholders() -> frozenset[str]:
    """Return the words that people write into empty cells, plain."""
    return frozenset(plain(label) for _, label in rows("placeholders"))


@cache
def meanings(name: str) -> dict[str, str]:
    """Return the code of each label of `columns`, `statuses` or `months`, by its plain form; a code is a label too."""
    codes = {plain(label): code for code, _, label, *_ in rows(name)}
    return codes | {plain(code): code for code in codes.values()}


@cache
def labels(name: str, language: str) -> dict[str, str]:
    """Return the label that our forms print for each code, in one language."""
    printed: dict[str, str] = {}
    for code, of, label, *_ in rows(name):
        if of == language:
            printed.setdefault(code, label)
    return printed


def language_of(headings: Iterable[str]) -> str | None:
    """Return the language of the labels that most headings of columns are; None if none of them is one.

    >>> language_of(["Статус", "Дата отчёта", "agency_id"]), language_of(["Notes"]), language_of(["status"])
    ('ru', None, None)
    """
    typed = Counter(plain(in_real_letters(heading)) for heading in headings if heading.strip() not in COLUMNS)
    votes = Counter[str]()
    for _, language, label in rows("columns"):
        votes[language] += typed[plain(label)]
    return max(LANGUAGES, key=lambda language: votes[language]) if votes.total() else None


@cache
def closing_line() -> re.Pattern[str]:
    """Return what the plain text of a line of totals or signatures begins with: Итого, Руководитель."""
    return re.compile("|".join(rf"{plain(beginning)}\b" for _, beginning in rows("closing_lines")))


@cache
def rows(name: str) -> list[list[str]]:
    """Return the rows of a list of words, without its heading."""
    with (Path(__file__).parent / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]
