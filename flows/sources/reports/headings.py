"""The headings of a report, the columns that they name, and the rows of data below them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from flows.sources.formats.files.refusals import refusal
from flows.sources.reports.notes import SheetNote
from transforms.errors import InputProblem
from transforms.reports.vocabulary import (
    COLUMNS,
    LANGUAGES,
    OF_FORM,
    OF_REJECTED,
    ORIGIN,
    REQUIRED,
    closing_line,
    labels,
    meaning,
    plain,
)
from transforms.text.old_tajik_fonts import has_old_letters, in_real_letters

SEARCHED_ROWS = 50
_NAMED = 9  # headings that a sentence names
_ALMOST = 3  # required headings in one row that make it an attempt at a form


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
    notes: Sequence[SheetNote] = ()  # of a workbook: what the texts of its cells do not say

    @property
    def origin(self) -> list[int] | None:
        """Return the places of file, sheet and row that each row is from; None unless rejected rows were sent back."""
        return origin_columns(self.headings)


def find_heading(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    """Return the index of the first row that has all required headings, and the place of each column; None without one.

    Raises InputProblem if it has a heading twice, or if no row has all of them and one has most."""
    closest: set[str] = set()
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        columns, repeated = named_columns(row)
        required = columns.keys() & set(REQUIRED)
        if len(required) == len(REQUIRED):
            if repeated:
                raise refusal("heading_twice", headings=quoted(repeated))
            return index, columns
        if len(required) >= max(_ALMOST, len(closest) + 1):
            closest = required
    if closest:
        missing = [labels("columns", "en")[name] for name in REQUIRED if name not in closest]
        raise refusal("heading_incomplete", missing=quoted(missing))
    return None


def named_columns(row: Iterable[str]) -> tuple[dict[str, int], list[str]]:
    """Return the place of each of our columns in a row, and the headings that name the same one.

    The name of a column, or the label that our forms print, outweighs a looser word such as “Activity”, which people
    put over the text."""
    claims = dict[str, list[tuple[bool, int, str]]]()
    for place, text in enumerate(row):
        if text and (name := meaning("columns", text)):
            is_proper = bool({plain(text), plain(in_real_letters(text))} & _proper())
            claims.setdefault(name, []).append((not is_proper, place, " ".join(text.split())))
    columns, repeated = dict[str, int](), list[str]()
    for name, claimed in claims.items():
        first, *others = sorted(claimed)
        columns[name] = first[1]
        if others and others[0][0] == first[0]:
            repeated += [first[2], others[0][2]]
    return columns, repeated


@cache
def _proper() -> set[str]:
    """Return the names of the columns and the labels that our forms print for them, plain."""
    printed = (label for language in LANGUAGES for label in labels("columns", language).values())
    return {plain(text) for text in (*COLUMNS, *printed)}


def quoted(headings: Iterable[str]) -> str:
    """Return the first few headings, each once, as a sentence names them.

    >>> quoted(["Year", "Year", "Status"])
    '“Year”, “Status”'
    """
    texts = [f"“{heading}”" for heading in dict.fromkeys(headings)]
    return ", ".join(texts[:_NAMED] + ["…"] * (len(texts) > _NAMED))


def old_headings(sheet: ReportSheet) -> list[str]:
    """Return the headings of our columns that were typed in an old Tajik font."""
    return [text for place in sheet.columns.values() if has_old_letters(text := sheet.headings[place])]


def other_columns(sheet: ReportSheet) -> set[int]:
    """Return the places of the columns that are neither part of a report nor printed by us."""
    places = set(range(len(sheet.headings))) - set(sheet.columns.values())
    return {place for place in places if plain(in_real_letters(sheet.headings[place])) not in _ours()}


@cache
def _ours() -> set[str]:
    """Return the other headings of our form and of rejected rows that are sent back, plain."""
    form = [labels("form", language) for language in LANGUAGES]
    return {plain(words[key]) for words in form for key in (*OF_FORM, *OF_REJECTED)}


def origin_columns(headings: Sequence[str]) -> list[int] | None:
    """Return the places of file, sheet and row that each row of a workbook is from; None if one of them is missing.

    >>> origin_columns(["source_file", "source_sheet", "source_row", "Status"]), origin_columns(["Файл", "Status"])
    ([0, 1, 2], None)
    """
    places = {meaning("form", heading): place for place, heading in reversed([*enumerate(headings)])}
    return [places[key] for key in ORIGIN] if places.keys() >= {*ORIGIN} else None


def no_heading(variant: str = "", /, **place: str) -> InputProblem:
    """Return the problem of a file or sheet that has the required headings in none of its first rows."""
    return refusal("no_heading", variant, rows=SEARCHED_ROWS, **place)


def heading_names(row: Iterable[str]) -> list[str]:
    """Return the headings as printed, each on one line and different from the others.

    >>> heading_names(["Date of\\nreport *", " "])
    ['Date of report *', 'column 2']
    """
    names: list[str] = []
    for number, text in enumerate(row, 1):
        name = " ".join(text.split()) or f"column {number}"
        names.append(name if name not in names else f"{name} (column {number})")
    return names


def data_rows(
    rows: Iterable[list[str]], first: int, columns: dict[str, int], width: int
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below a heading and their numbers, which begin with `first`; short rows are filled up to `width`,
    blank ones at the end left out.

    The headings that a page-wise copy repeats, a line of column numbers, and lines of totals and signatures become
    blank."""
    telling, blank_rows = columns[REQUIRED[0]], list[tuple[int, list[str]]]()
    for number, cells in enumerate(rows, first):
        filled = cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]
        if not any(map(str.strip, cells)):
            blank_rows.append((number, filled))
            continue
        yield from blank_rows
        blank_rows.clear()
        is_heading = meaning("columns", filled[telling]) == REQUIRED[0] and all(  # one cell tells of nearly every row
            meaning("columns", filled[columns[name]]) == name for name in REQUIRED
        )
        is_about_activity = filled[telling][-1:].isdigit()  # as nearly every row of a million
        is_data = is_about_activity or not _closes(filled, columns)
        is_data = is_data and not (is_heading or (number == first and _numbers_columns(cells)))
        yield number, filled if is_data else [""] * width


def _closes(cells: Sequence[str], columns: dict[str, int]) -> bool:
    """Return True for a line of totals or signatures: Итого: 12; Директор ________ Каримов. It has no status."""
    if meaning("statuses", cells[columns["status"]]):
        return False
    first = next(filter(str.strip, cells), "")
    return closing_line().match(plain(first)) is not None or any("___" in cell for cell in cells)


def _numbers_columns(cells: Sequence[str]) -> bool:
    """Return True for the line 1, 2, 3 … that some forms have below their headings."""
    filled = [text.strip() for text in cells if text.strip()]
    return len(filled) >= len(REQUIRED) and filled == [str(number) for number in range(1, len(filled) + 1)]
