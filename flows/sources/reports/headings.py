"""Where the headings of a report stand, which column each names, and which rows below are data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from flows.sources.formats.files.refusal import refusal
from transforms.errors import InputProblem
from transforms.reports.vocabulary import COLUMNS, LANGUAGES, OF_FORM, OF_REJECTED, REQUIRED, labels, meanings, plain

SEARCHED_ROWS = 50
_NAMED = 9  # headings in a sentence
_ALMOST = 3  # so many of the required headings in one row are an attempt at a form


@dataclass(frozen=True, slots=True)
class Rows:
    """The data of one sheet (None: of a CSV file), or a sheet that was set aside: no columns, no cells."""

    sheet: str | None
    heading_row: int  # numbers of rows are those that a spreadsheet shows; in a CSV file, those of its records
    names: list[str]  # the headings as printed, on one line; "column N" for a blank one
    columns: dict[str, int]  # where each of our columns stands
    numbers: list[int]  # the number of each row of `cells`
    cells: list[list[str]]  # at least as long as `names`; longer where a record of CSV has more cells than headings
    agency_id: str | None = None  # whose form it is, by the form's hidden sheet
    fault: InputProblem | None = field(default=None, compare=False)  # why a sheet with some headings was set aside


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


def unread_headings(names: Sequence[str], columns: dict[str, int], rows: Sequence[Sequence[str]]) -> str | None:
    """The headings of columns with something below that are none of a report, nor printed by us, as a sentence names
    them; None if there are none."""
    taken = set(columns.values())
    others = [(at, name) for at, name in enumerate(names) if at not in taken and plain(name) not in _ours()]
    return quoted(name for at, name in others if any(row[at].strip() for row in rows)) or None


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
    rows: Sequence[list[str]], first: int, columns: dict[str, int], width: int
) -> tuple[list[int], list[list[str]]]:
    """The rows below a heading with their numbers, the first being `first`, short ones filled up to `width`; without
    blank rows at the end. The headings that a page-wise copy repeats, and a line of column numbers, become blank."""
    end = len(rows)
    while end and not any(map(str.strip, rows[end - 1])):
        end -= 1
    cells = []
    for index, row in enumerate(rows[:end]):
        is_data = not (_repeats_heading(row, columns) or (index == 0 and _numbers_columns(row)))
        cells.append([*row, *[""] * (width - len(row))] if is_data else [""] * width)
    return list(range(first, first + end)), cells


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
