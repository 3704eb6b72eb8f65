"""The cells of a table, CSV or sheet: header and rows, their names in a spreadsheet, the numbers and marks in them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from transforms.errors import InputProblem, problem_in
from transforms.statistics.dataset.dataset_toml import Layout
from transforms.text.error_values import is_error_value
from transforms.text.lines import fold

_NUMBER = r"[-+−]?[0-9](?:[0-9 \u00a0\u202f]*[0-9])?(?:[.,][0-9]+)?(?:[eE][-+]?[0-9]+)?"
MISSING = "NaN"  # a value that is known to be missing, as SDMX-CSV writes it
_IS_NUMBER = re.compile(_NUMBER)


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells as text, folded, in rows that may differ in length."""

    rows: Sequence[Sequence[str]]
    first_row: int = 1  # the number that a spreadsheet shows for rows[0]
    repeated: frozenset[tuple[int, int]] = frozenset()  # (index in rows, column from 0): filled by a merged cell's left

    def at(self, index: int, column: int) -> str:
        """Return the text of a cell; "" beyond the end of its row."""
        row = self.rows[index]
        return row[column] if column < len(row) else ""

    def alone(self, index: int, column: int) -> str:
        """Return the text of a cell, "" if a merged cell only reaches into it."""
        return "" if (index, column) in self.repeated else self.at(index, column)

    @property
    def width(self) -> int:
        """Return the columns of the longest row."""
        return max(map(len, self.rows), default=0)


def grid(rows: Sequence[Sequence[str]], first_row: int = 1, repeated: frozenset[tuple[int, int]] = frozenset()) -> Grid:
    """Return a grid of cells as printed."""
    return Grid([[fold(cell) for cell in row] for row in rows], first_row, repeated)


def header_index(table: Grid, layout: Layout) -> int:
    """Return the place in `rows` of the first row of the header. Raises InputProblem if there is none."""
    if isinstance(layout.header, str):
        text = fold(layout.header)
        if rows := [index for index, row in enumerate(table.rows) if text in row]:
            return rows[0]
        raise InputProblem("no row has the cell that [layout] header names", "Correct [layout] header.", value=text)
    index = layout.header - table.first_row
    if not (0 <= index < len(table.rows) and any(table.rows[index])):
        what = "the header is said to stand in row {header}, which is blank: the table has rows up to {last}"
        remedy = "Correct [layout] header."
        last = table.first_row + len(table.rows) - 1
        raise problem_in("", layout.header, what, remedy, header=layout.header, last=last)
    return index


def body(table: Grid, layout: Layout, start: int) -> Iterator[int]:
    """Yield the places in `rows` from `start` to [layout] end, without blank rows. Raises InputProblem if no row is the
    end."""
    end = fold(layout.end) if layout.end else None
    for index in range(start, len(table.rows)):
        first = next(filter(None, table.rows[index]), None)
        if end and first and first.startswith(end):
            return
        if first:
            yield index
    if end:
        raise InputProblem("no row begins with the text that [layout] end names", "Correct it.", value=end)


def letters(column: int) -> str:
    """Return the letters that a spreadsheet shows above a column, counted from 1.

    >>> letters(1), letters(26), letters(27), letters(703)
    ('A', 'Z', 'AA', 'AAA')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(column: str) -> int:
    """Return the place, from 1, of a column by its letters.

    >>> number("A"), number("AA")
    (1, 27)
    """
    return sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(column)))


def listed(cells: Sequence[tuple[int, int, str]]) -> str:
    """Return cells (row, column, text) in one line: A6 'By sex', A9 'Urbanisation'; of very many, the first hundred."""
    text = ", ".join(f"{letters(column)}{row} {text[:80]!r}" for row, column, text in cells[:100])
    return text if len(cells) <= 100 else f"{text} and {len(cells) - 100} more"


class CellValues:
    """A reader of cells by [marks]: a key with # in it is a number with a mark around it, "(#)" = "U", "#*" = "P"; the
    key "" is a blank cell. Every other key is a whole cell: its status is found when numbers are read."""

    def __init__(self, marks: Mapping[str, str], has_percent_sign: bool = False) -> None:
        self._marks = marks
        self._around = [(_pattern(key), status) for key, status in marks.items() if "#" in key and key.strip("#")
                        and not is_error_value(key)]  # fmt: skip
        self._has_percent_sign = has_percent_sign

    @property
    def gives_status(self) -> bool:
        """Return True if a cell may have a status as well as a value."""
        return bool(self._around) or "" in self._marks

    def read(self, cell: str) -> tuple[str | None, str | None] | None:
        """Return the value of a cell as printed and the status around it; None if there is no observation.

        >>> cells = CellValues({"(#)": "U", "-": "M"})
        >>> cells.read("(68,6)"), cells.read("97,7"), cells.read("-"), cells.read("")
        (('68,6', 'U'), ('97,7', None), ('-', None), None)
        """
        if cell == "":
            return (None, self._marks[""]) if "" in self._marks else None
        if cell in self._marks:
            return cell, None
        for pattern, status in self._around:
            if match := pattern.fullmatch(cell):
                return self._plain(match[1]), status
        return self._plain(cell), None

    def is_value(self, cell: str) -> bool:
        """Return True if a cell is a number, a mark, or known to be missing."""
        value = (self.read(cell) or ("", None))[0] or ""
        is_number = _IS_NUMBER.fullmatch(value.removesuffix("%").rstrip()) is not None
        return is_number or cell in self._marks or cell == MISSING

    def is_error(self, cell: str) -> bool:
        """Return True if a formula went wrong or was never calculated (=A1+B1), and the text is no mark."""
        is_formula = cell.startswith("=") and len(cell) > 1
        return cell not in self._marks and (is_formula or is_error_value(cell))

    def _plain(self, cell: str) -> str:
        return cell.removesuffix("%").rstrip() if self._has_percent_sign else cell


def _pattern(mark: str) -> re.Pattern[str]:
    """Return the pattern of a number with a mark around it.

    >>> bool(_pattern("(#)").fullmatch("( 2,8 )")), bool(_pattern("#*").fullmatch("*"))
    (True, False)
    """
    before, _, after = mark.partition("#")
    return re.compile(rf"{re.escape(before)}\s*({_NUMBER}(?:\s*%)?)\s*{re.escape(after)}")
