"""What becomes of what a sheet shows beyond its texts (CellNote), where it is a table of statistics.

A value that is written in the colour of its cell is blank, as it looks; one that is struck out, or merged over several
observations, is missing. Everything is reported, but for marks that [marks] explains."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from transforms.statistics.dataset.columns import columns_of
from transforms.statistics.dataset.dataset_toml import NUMBERS, Dataset, Layout
from transforms.statistics.layouts.grid import MISSING, CellValues, Grid, header_index, letters, number
from transforms.statistics.layouts.tidy import tidy_names
from transforms.text.cell_notes import CellNote

Span = tuple[tuple[int, int], tuple[int, int]]  # first and last cell of a merged range: index in rows, column
_HIDDEN = ("hidden_row", "filtered_row", "hidden_column")
_RAISED = str.maketrans("0123456789()+-abdegkmoprstuvx", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁺⁻ᵃᵇᵈᵉᵍᵏᵐᵒᵖʳˢᵗᵘᵛˣ")
_WITH_RAISED = re.compile(r"(.*[0-9%)])\s*([⁰¹²³⁴-⁹⁽⁾ᵃᵇᵈᵉᵍᵏᵐᵒᵖʳˢᵗᵘᵛˣ][⁰¹²³⁴-⁹⁽⁾ᵃᵇᵈᵉᵍᵏᵐᵒᵖʳˢᵗᵘᵛˣ ,;*]*)")


def as_shown(
    table: Grid, notes: Sequence[CellNote], spans: Iterable[Span], dataset: Dataset
) -> tuple[Grid, list[CellNote]]:
    """Return the table as its reader sees it, and what is to be reported of it. Raises InputProblem as `header_index`
    and `tidy_names` do."""
    layout = dataset.layout or Layout()
    start, columns = _value_area(table, layout, dataset)
    shown = _Shown(table, CellValues(dataset.marks, layout.percent_sign), start, columns)
    if layout.skip_hidden:
        shown.leave_out([note for note in notes if note.kind in _HIDDEN])
        notes = [note for note in notes if note.kind not in _HIDDEN]
    reported = [note for note in notes if shown.is_reported(note, dataset)]
    reported += [*shown.merged(spans, header_index(table, layout), dataset), *shown.raised()]
    return Grid(shown.rows, table.first_row, table.repeated), reported


def _value_area(table: Grid, layout: Layout, dataset: Dataset) -> tuple[int, frozenset[int]]:
    """Return the place of the first row with values, and the columns of values."""
    start = header_index(table, layout)
    if layout.is_laid_out:
        labels = {number(column) - 1 for column in layout.labels}
        return start + len(layout.levels), frozenset(range(table.width)) - labels
    names = tidy_names(table.rows[start], table.first_row + start)
    found = columns_of(names, dataset)
    values = {found.places[column] for column in NUMBERS if column in found.places}
    across = {place for place, name in enumerate(names) if name in found.unknown} if layout.across else set()
    return start + 1, frozenset(values | across)


class _Shown:
    """The cells of a table while they are put as they are shown."""

    def __init__(self, table: Grid, values: CellValues, start: int, columns: frozenset[int]) -> None:
        self.rows = [list(row) for row in table.rows]
        self._table, self._values, self._start, self._columns = table, values, start, columns

    def _is_value(self, index: int, column: int) -> bool:
        is_inside = index >= self._start and column in self._columns and column < len(self.rows[index])
        return is_inside and self._values.is_value(self.rows[index][column])

    def leave_out(self, hidden: Iterable[CellNote]) -> None:
        """Blank hidden rows and columns. A tidy table keeps its columns, which [concepts] names one by one."""
        for note in hidden:
            if note.column is None:
                index = note.row - self._table.first_row
                self.rows[index] = [""] * len(self.rows[index])
            elif note.column in self._columns:
                for row in self.rows:
                    row[note.column : note.column + 1] = [""] if note.column < len(row) else []

    def is_reported(self, note: CellNote, dataset: Dataset) -> bool:
        """Return True for a note that is to be reported; do with its cell what follows from it."""
        index, column = note.row - self._table.first_row, note.column
        if column is None or not 0 <= index < len(self.rows):
            return True
        if note.kind == "masked":
            return note.text == "" or note.text not in dataset.marks
        if not self._is_value(index, column):
            return True
        if note.kind == "invisible" or (note.kind == "struck_out" and not note.text):
            self.rows[index][column] = "" if note.kind == "invisible" else MISSING
        around = {"text_of_format": note.text, "superscript": f"#{note.text.translate(_RAISED)}"}.get(note.kind, "")
        with_mark = around.replace("#", self.rows[index][column])
        if self._has_status(with_mark):
            self.rows[index][column] = with_mark
            return False
        return True

    def _has_status(self, cell: str) -> bool:
        """Return True if [marks] knows the mark around the number in a cell."""
        return bool((self._values.read(cell) or ("", None))[1])

    def merged(self, spans: Iterable[Span], header: int, dataset: Dataset) -> Iterator[CellNote]:
        """Yield each number that is merged over several observations, and make it missing; a mark holds for all."""
        spans, first_row = list(spans), self._table.first_row
        ends = {start: bottom for start, (bottom, _) in spans}
        for (top, left), (bottom, right) in spans:
            is_number = self._is_value(top, left) and self.rows[top][left] not in dataset.marks
            if is_number and not (self._is_one_row(top, bottom, ends) and self._is_one_column(left, right, header)):
                for row in self.rows[top : bottom + 1]:
                    row[left : right + 1] = [MISSING] * (right + 1 - left)
                start, end = f"{letters(left + 1)}{first_row + top}", f"{letters(right + 1)}{first_row + bottom}"
                yield CellNote("merged_values", first_row + top, left, f"{start}:{end}")

    def _is_one_row(self, top: int, bottom: int, ends: Mapping[tuple[int, int], int]) -> bool:
        """Return True if the labels of these rows are merged over the same rows."""
        labels = [column for column, text in enumerate(self.rows[top]) if text and column not in self._columns]
        return top == bottom or (bool(labels) and all(ends.get((top, column)) == bottom for column in labels))

    def _is_one_column(self, left: int, right: int, header: int) -> bool:
        """Return True if the header has one text for these columns."""
        others = range(left + 1, right + 1)
        return not any(self._table.alone(index, column) for column in others for index in range(header, self._start))

    def raised(self) -> Iterator[CellNote]:
        """Take raised digits and letters of Unicode off numbers, unless [marks] knows them; yield them."""
        for index in range(self._start, len(self.rows)):
            for column, cell in enumerate(self.rows[index]):
                match = None if cell.isascii() or column not in self._columns else _WITH_RAISED.fullmatch(cell)
                if match and not self._has_status(cell) and self._values.is_value(match[1]):
                    self.rows[index][column] = match[1]
                    yield CellNote("superscript", self._table.first_row + index, column, match[2])
