"""From the cells of a table, CSV or sheet, to its header and its rows; what stands above and below them is left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.layout import Layout
from transforms.statistics.layouts.cell_names import letters
from transforms.text.lines import fold


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells as text, folded, in rows that may differ in length."""

    rows: Sequence[Sequence[str]]
    first_row: int = 1  # the number that a spreadsheet shows beside rows[0]
    repeated: frozenset[tuple[int, int]] = frozenset()  # (index in rows, column from 0): filled by a merged cell's left

    def at(self, index: int, column: int) -> str:
        """The text of a cell; "" beyond the end of its row."""
        row = self.rows[index]
        return row[column] if column < len(row) else ""

    def alone(self, index: int, column: int) -> str:
        """The text of a cell, "" where a merged cell only reaches into it."""
        return "" if (index, column) in self.repeated else self.at(index, column)

    @property
    def width(self) -> int:
        """The columns of the longest row."""
        return max(map(len, self.rows), default=0)


def grid(rows: Sequence[Sequence[str]], first_row: int = 1, repeated: frozenset[tuple[int, int]] = frozenset()) -> Grid:
    """A grid of cells as printed."""
    return Grid([[fold(cell) for cell in row] for row in rows], first_row, repeated)


def header_index(table: Grid, layout: Layout) -> int:
    """The place in `rows` of the first row of the header. Raises InputProblem where there is none."""
    if isinstance(layout.header, str):
        text = fold(layout.header)
        for index, row in enumerate(table.rows):
            if text in row:
                return index
        raise InputProblem("no row has the cell that [layout] header names", "Correct [layout] header.", value=text)
    index = layout.header - table.first_row
    if not (0 <= index < len(table.rows) and any(table.rows[index])):
        last = table.first_row + len(table.rows) - 1
        what = sentence(
            "the header is said to stand in row {header}, which is blank: the table has rows up to {last}",
            header=layout.header,
            last=last,
        )
        raise InputProblem(what, "Correct [layout] header.", line=layout.header)
    return index


def body(table: Grid, layout: Layout, start: int) -> Iterator[int]:
    """The places in `rows` of what stands below the header, which ends above `start`: blank rows are left out."""
    end = fold(layout.end) if layout.end else None
    for index in range(start, len(table.rows)):
        first = next(filter(None, table.rows[index]), None)
        if end and first and first.startswith(end):
            return
        if first:
            yield index
    if end:
        raise InputProblem("no row begins with the text that [layout] end names", "Correct it.", value=end)


def tidy_names(cells: Sequence[str], row: int) -> tuple[str, ...]:
    """The columns of a tidy table by its heading, without blank cells at its end. Raises InputProblem for names that
    are missing or there twice."""
    names = [fold(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    for place, name in enumerate(names, 1):
        if not name:
            raise InputProblem(
                "a column has no name in the heading",
                "Name it there, or say where the heading is: [layout] header = …",
                line=row,
                column=letters(place),
            )
        if name in names[: place - 1]:
            raise InputProblem(
                "two columns have the same name", "Give each its own.", line=row, column=letters(place), value=name
            )
    if not names:
        raise InputProblem("the heading is blank", "Say in which row it stands: [layout] header = …", line=row)
    return tuple(names)
