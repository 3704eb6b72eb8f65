"""A table laid out for people, by [layout]: periods in the header, labels beside the rows, headings between them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from transforms.errors import InputProblem, problem_in
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import START, Layout
from transforms.statistics.layouts.grid import CellValues, Grid, body, header_index, letters, listed, number
from transforms.statistics.layouts.tidy import Numbered
from transforms.text.lines import fold

RowLabels = Mapping[int, Mapping[str, str]]  # row as a spreadsheet shows it → column of labels, by its letter → text
Labelled = tuple[int, int, str, bool]  # place in the grid, column of the label, label, whether the row has values
_FAULTS = {
    "heading": (
        "rows without values are no heading that [layout] names",
        "Add each to [layout.groups] with the column that the rows below it belong to, or to [layout] notes.",
    ),
    "values": (
        "headings and notes have values",
        "If such a row is an observation, put it into [layout.sections] or [layout.nested] instead.",
    ),
    "start": (
        "rows stand before any heading",
        'Say in [layout.groups] which column they belong to: "" = "REF_AREA", or "" = "" for totals.',
    ),
    "nothing": ("rows with values have no label", "Correct the file, or [layout] label, fill or end."),
}


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The parts of a table."""

    grid: Grid
    layout: Layout
    values: CellValues
    labels: Mapping[int, str]  # column → the name it gives, "" for none
    header: Mapping[int, tuple[str | None, ...]]  # column of values → what the header says, a text for each level
    rows: Sequence[int]  # places in the grid: down to the last row with values


def laid_out_table(grid: Grid, layout: Layout, marks: Mapping[str, str]) -> tuple[tuple[str, ...], Iterator[Numbered]]:
    """Return the names and the observations of a table, each with the number of its row.

    Raises InputProblem for whatever the layout does not explain: all headings, or all cells, of one kind at once."""
    table = _table(grid, layout, CellValues(marks, layout.percent_sign))
    dimensions = Headings(layout).dimensions(_labelled(table), grid.first_row)
    names = [name for name in layout.labels.values() if name] + layout.row_columns
    names += [level for level in layout.levels if level]
    status = ["OBS_STATUS"] if table.values.gives_status else []
    return (*names, "OBS_VALUE", *status), _observations(table, dimensions)


def _table(grid: Grid, layout: Layout, values: CellValues) -> LaidOut:
    start = header_index(grid, layout)
    labels = {number(column) - 1: name for column, name in layout.labels.items()}
    if beyond := [letters(column + 1) for column in labels if column >= grid.width]:
        what = "the table has no column {columns}, which [layout.labels] names"
        raise problem_in("", 0, what, "Correct [layout.labels].", columns=", ".join(beyond))
    below = list(body(grid, layout, start + len(layout.levels)))
    columns = [column for column in range(grid.width) if column not in labels]
    with_values = [index for index in below if any(grid.alone(index, column) for column in columns)]
    rows = [index for index in below if with_values and index <= with_values[-1]]
    if not rows:
        what, remedy = "no row below the header has values", "Correct [layout] header, levels or labels."
        raise InputProblem(what, remedy, line=grid.first_row + start)
    table = LaidOut(grid, layout, values, labels, _header(grid, layout, start, columns), rows)
    _check_errors(table)
    _check_columns(table, columns, grid.first_row + start)
    return table


def _header(grid: Grid, layout: Layout, start: int, columns: Sequence[int]) -> dict[int, tuple[str | None, ...]]:
    """Return what the header says of each column, a text for each named level; nothing of columns without a text of
    their own, to which a cell on their left does not reach."""
    header = {}
    last = len(layout.levels) - 1
    previous = [""] * (last + 1)
    for column in columns:
        texts = [grid.at(start + level, column) for level in range(min(last + 1, len(grid.rows) - start))]
        previous = [
            text or (before if level < last else "")
            for level, (text, before) in enumerate(zip(texts, previous, strict=False))
        ]
        # A cell merged over several rows of the header says what it says once, above.
        once = [text if level == 0 or text != previous[level - 1] else "" for level, text in enumerate(previous)]
        named = tuple(text or None for text, name in zip(once, layout.levels, strict=False) if name)
        if any(named) and any(texts):
            header[column] = named
    return header


def _check_errors(table: LaidOut) -> None:
    cells = [
        (table.grid.first_row + index, column + 1, text)
        for index in table.rows
        for column in range(table.grid.width)
        if table.values.is_error(text := table.grid.alone(index, column))
    ]
    if cells:
        row, place, text = cells[0]
        what = sentence("formulas went wrong, or were never calculated: {cells}", cells=listed(cells))
        remedy = "Correct the file, or name the text in [marks]."
        raise InputProblem(what, remedy, line=row, column=letters(place), value=text)


def _check_columns(table: LaidOut, columns: Sequence[int], row: int) -> None:
    """Raise InputProblem for a column of values without a header, with the header of another, or without a number."""
    cells = {c: [(i, cell) for i in table.rows if (cell := table.grid.alone(i, c))] for c in columns}
    for column in columns:
        if cells[column] and column not in table.header:
            what = "the column has values, and the header says nothing of it"
            remedy = "Correct [layout] header or levels, or name the column in [layout.labels]."
            raise InputProblem(what, remedy, line=row, column=letters(column + 1))
    for column, texts in table.header.items():
        first = next(other for other, others in table.header.items() if others == texts)
        if cells[column] and first != column:
            what = sentence("the header says the same of column {column} and this one", column=letters(first + 1))
            remedy = "Add a level to [layout] levels that tells them apart."
            value = " / ".join(text or "" for text in texts)
            raise InputProblem(what, remedy, line=row, column=letters(column + 1), value=value)
        if cells[column] and not any(table.values.is_value(cell) for _, cell in cells[column]):
            index, cell = cells[column][0]
            remedy = 'Name it in [layout.labels], as "" to set it aside; if these are marks, in [marks].'
            row, place = table.grid.first_row + index, letters(column + 1)
            raise InputProblem("the column has no number", remedy, line=row, column=place, value=cell)


def row_labels(grid: Grid, layout: Layout) -> RowLabels:
    """Return the labels of each row, those of columns that are set aside too."""
    labels = {letter: number(letter) - 1 for letter in layout.labels}
    return {
        grid.first_row + index: {letter: text for letter, column in labels.items() if (text := grid.at(index, column))}
        for index in range(len(grid.rows))
    }


def _labelled(table: LaidOut) -> Iterator[Labelled]:
    """Yield each row as `Headings` takes it: its place, the column of its label, the label, if it has values."""
    column = number(table.layout.label_column) - 1
    for index in table.rows:
        place, label = column, table.grid.at(index, column)
        if not label and not table.layout.has_rows:
            place, label = next(((c, text) for c in table.labels if (text := table.grid.at(index, c))), (column, ""))
        yield index, place + 1, label, any(table.grid.alone(index, c) for c in table.header)


def _observations(table: LaidOut, dimensions: Mapping[int, Mapping[str, str]]) -> Iterator[Numbered]:
    labels: dict[str, str] = {}
    for index in table.rows:
        before, labels = labels, {name: table.grid.at(index, column) for column, name in table.labels.items() if name}
        labels |= {name: labels[name] or before.get(name, "") for name in table.layout.fill}
        if index not in dimensions:
            continue
        row = [text or None for text in labels.values()]
        row += [dimensions[index].get(name) for name in table.layout.row_columns]
        for column, texts in table.header.items():
            if reading := table.values.read(table.grid.alone(index, column)):
                yield table.grid.first_row + index, [*row, *texts, *reading[: 1 + table.values.gives_status]]


class Headings:
    """The column that the label of each row belongs to, by the headings above it, as rows are read from the top."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        parts = (layout.groups, layout.sections, layout.nested)
        self._groups, self._sections, self._nested = ({fold(text): column for text, column in part.items()}
                                                      for part in parts)  # fmt: skip
        self._notes = {fold(note) for note in layout.notes}
        self._part: dict[str, str] = {}  # what the sections say, in the order in which they began
        self._group = START
        self._parent: dict[str, str] = {}  # what the row says that nested rows break down

    def dimensions(self, rows: Iterable[Labelled], first_row: int) -> dict[int, Mapping[str, str]]:
        """Return column → label for each row with values. Raises InputProblem with all rows without a heading."""
        explained: dict[int, Mapping[str, str]] = {}
        faults: dict[str, list[tuple[int, int, str]]] = {}
        for index, column, label, has_values in rows:
            kind = self._with_values(index, label, explained) if has_values else self._without(label)
            if kind:
                faults.setdefault(kind, []).append((first_row + index, column, label))
        for kind, (what, remedy) in _FAULTS.items():
            if cells := faults.get(kind):
                row, column, label = cells[0]
                what = sentence("{what}: {cells}", what=what, cells=listed(cells))
                raise InputProblem(what, remedy, line=row, column=letters(column), value=label)
        return explained

    def _without(self, label: str) -> str | None:
        is_heading = label and label in {**self._groups, **self._sections}
        if is_heading and label not in self._notes:
            self._begin(label)
        return None if is_heading or label in self._notes else "heading"

    def _begin(self, label: str) -> None:
        """Begin a section, a group, or both."""
        if column := self._sections.get(label):
            # The parts within the one before end with it.
            self._part = dict(takewhile(lambda part: part[0] != column, self._part.items())) | {column: label}
        self._group = label if label in self._groups else START
        self._parent = dict(self._part)

    def _with_values(self, index: int, label: str, explained: dict[int, Mapping[str, str]]) -> str | None:
        """Note what a row with values says; return the kind of its fault if it may not have them."""
        if not label:
            return "nothing"
        if label in self._notes or (label in self._groups and label not in self._sections):
            return "values"
        if label in self._nested:
            explained[index] = self._parent | {self._nested[label]: label}
            return None
        if label in self._sections:
            self._begin(label)
        elif not self._layout.has_rows:
            self._parent = {}
        elif self._group not in self._groups:
            return "start"
        else:
            column = self._groups[self._group]
            self._parent = self._part | ({column: label} if column else {})
        explained[index] = self._parent
        return None
