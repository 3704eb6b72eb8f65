"""The cells of a table, CSV or sheet: its header, the rows below it, the names of cells as a spreadsheet shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.layout import Layout
from transforms.text.lines import fold


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
        for index, row in enumerate(table.rows):
            if text in row:
                return index
        raise InputProblem("no row has the cell that [layout] header names", "Correct [layout] header.", value=text)
    index = layout.header - table.first_row
    if not (0 <= index < len(table.rows) and any(table.rows[index])):
        what = sentence(
            "the header is said to stand in row {header}, which is blank: the table has rows up to {last}",
            header=layout.header,
            last=table.first_row + len(table.rows) - 1,
        )
        raise InputProblem(what, "Correct [layout] header.", line=layout.header)
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
    place = 0
    for letter in column:
        place = place * 26 + ord(letter) - 64
    return place


def listed(cells: Sequence[tuple[int, int, str]]) -> str:
    """Return cells (row, column, text) in one line: A6 'By sex', A9 'Urbanisation'; of very many, the first hundred."""
    text = ", ".join(f"{letters(column)}{row} {text[:80]!r}" for row, column, text in cells[:100])
    return text if len(cells) <= 100 else f"{text} and {len(cells) - 100} more"
