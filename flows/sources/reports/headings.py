"""Where the headings of a report stand, which column each names, and which rows below are data."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from flows.sources.formats.files.refusal import refusal
from transforms.errors import InputProblem
from transforms.reports.vocabulary import COLUMNS, LANGUAGES, OF_FORM, OF_REJECTED, REQUIRED, labels, meanings, plain

SEARCHED_ROWS = 50
_NAMED = 9  # headings in a sentence
_ALMOST = 3  # so many of the required headings in one row are an attempt at a form


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """A sheet of a report; one without headings has no columns and no rows."""

    name: str | None  # None: a CSV file
    heading_row: int | None  # numbers of rows are those that a spreadsheet shows; in a CSV file, those of its records
    headings: list[str]  # as printed, on one line; "column N" for a blank one
    columns: dict[str, int]  # the place of each of our columns
    rows: Iterable[tuple[int, list[str]]]  # number and cells: as many as headings, or more in a long record of CSV
    agency_id: str | None = None  # of the form, by its hidden sheet
    fault: InputProblem | None = None  # why a sheet with some headings was not read


def find_heading(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    """Among the first rows, the index of the first that holds all required headings, and where each column stands.

    Raises InputProblem if a heading stands there twice, or no row is complete and one holds most of them."""
    almost: dict[str, int] = {}
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        columns, twice = _meant(row)
        if set(REQUIRED) <= set(columns):
            if twice:
                raise refusal("heading_twice", headings=quoted(twice))
            return index, columns
        if len(set(REQUIRED) & set(columns)) > max(_ALMOST - 1, len(set(REQUIRED) & set(almost))):
            almost = columns
    if almost:
        missing = [labels("columns", "en")[name] for name in REQUIRED if name not in almost]
        raise refusal("heading_incomplete", headings=quoted(missing))
    return None


def _meant(row: Iterable[str]) -> tuple[dict[str, int], list[str]]:
    """Where each of our columns stands in a row, and the headings that claim one twice. The name of a column, or the
    label that our forms print, outweighs a looser word such as “Activity”, which people put over the text."""
    known, claims = meanings("columns"), dict[str, list[tuple[bool, int, str]]]()
    for position, text in enumerate(row):
        name = known.get(plain(text)) if text else None
        if name:
            claims.setdefault(name, []).append((plain(text) not in _proper(), position, " ".join(text.split())))
    columns, twice = dict[str, int](), list[str]()
    for name, claimed in claims.items():
        first, *others = sorted(claimed)
        columns[name] = first[1]
        if others and others[0][0] == first[0]:
            twice += [first[2], others[0][2]]
    return columns, twice


@cache
def _proper() -> set[str]:
    """The names of the columns, and the labels that our forms print for them, plain."""
    printed = (label for language in LANGUAGES for label in labels("columns", language).values())
    return {plain(text) for text in (*COLUMNS, *printed)}


def quoted(headings: Iterable[str]) -> str:
    """Some headings as a sentence names them, each once, the first few.

    >>> quoted(["Year", "Year", "Status"])
    '“Year”, “Status”'
    """
    named = [f"“{heading}”" for heading in dict.fromkeys(headings)]
    return ", ".join(named[:_NAMED] + ["…"] * (len(named) > _NAMED))


def other_columns(sheet: ReportSheet) -> set[int]:
    """Return the places of the columns that are neither part of a report nor printed by us."""
    places = set(range(len(sheet.headings))) - set(sheet.columns.values())
    return {place for place in places if plain(sheet.headings[place]) not in _ours()}


@cache
def _ours() -> set[str]:
    """The other headings of our form, and of what is sent back, plain."""
    form = [labels("form", language) for language in LANGUAGES]
    return {plain(words[key]) for words in form for key in OF_FORM} | set(map(plain, OF_REJECTED))


def no_heading(variant: str = "", /, **place: str) -> InputProblem:
    """The refusal of a file, by its name, or of a sheet, none of whose first rows holds the required headings."""
    return refusal("no_heading", variant, rows=SEARCHED_ROWS, **place)


def heading_names(row: Iterable[str]) -> list[str]:
    """The headings as printed, on one line each, no two alike.

    >>> heading_names(["Date of\\nreport *", " "])
    ['Date of report *', 'column 2']
    """
    names: list[str] = []
    for number, text in enumerate(row, 1):
        name = " ".join(text.split()) or f"column {number}"
        names.append(name if name not in names else f"{name} (column {number})")
    return names


def data_rows(
    rows: Iterable[tuple[int, list[str]]], columns: dict[str, int], width: int
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below a heading, short ones filled up to `width`, without the blank rows at the end.

    The headings that a page-wise copy repeats, and a line of column numbers, become blank."""
    blank_rows = list[tuple[int, list[str]]]()
    for index, (number, cells) in enumerate(rows):
        filled = cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]
        if not any(map(str.strip, cells)):
            blank_rows.append((number, filled))
            continue
        yield from blank_rows
        blank_rows.clear()
        is_data = not (_repeats_heading(cells, columns) or (index == 0 and _numbers_columns(cells)))
        yield number, filled if is_data else [""] * width


def _repeats_heading(row: Sequence[str], columns: dict[str, int]) -> bool:
    known = meanings("columns")
    for name in REQUIRED:
        position = columns[name]
        if position >= len(row) or not row[position] or known.get(plain(row[position])) != name:
            return False
    return True


def _numbers_columns(row: Sequence[str]) -> bool:
    """Whether a row is the line 1, 2, 3 … that some forms have below their headings."""
    filled = [text.strip() for text in row if text.strip()]
    return len(filled) >= len(REQUIRED) and filled == [str(number) for number in range(1, len(filled) + 1)]
