"""A table laid out for people, by [layout]: periods in the header, labels beside the rows, headings between them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.layout import Layout
from transforms.statistics.layouts.cell_values import CellValues
from transforms.statistics.layouts.grid import Grid, body, header_index, letters, listed, number
from transforms.statistics.layouts.headings import Headings, Labelled
from transforms.statistics.layouts.tidy import Numbered


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
        what = sentence("the table has no column {columns}, which [layout.labels] names", columns=", ".join(beyond))
        raise InputProblem(what, "Correct [layout.labels].")
    below = list(body(grid, layout, start + len(layout.levels)))
    columns = [column for column in range(grid.width) if column not in labels]
    with_values = [index for index in below if any(grid.alone(index, column) for column in columns)]
    rows = [index for index in below if with_values and index <= with_values[-1]]
    if not rows:
        remedy = "Correct [layout] header, levels or labels."
        raise InputProblem("no row below the header has values", remedy, line=grid.first_row + start)
    table = LaidOut(grid, layout, values, labels, _header(grid, layout, start, columns), rows)
    _check_errors(table)
    _check_columns(table, columns, grid.first_row + start)
    return table


def _header(grid: Grid, layout: Layout, start: int, columns: Sequence[int]) -> dict[int, tuple[str | None, ...]]:
    """Return what the header says of each column, a text for each named level; nothing of columns without a text."""
    texts: dict[int, list[str]] = {column: [] for column in columns}
    last = len(layout.levels) - 1
    for level in range(min(last + 1, len(grid.rows) - start)):
        left = ""
        for column in columns:
            text = grid.at(start + level, column)
            left = text or (left if level < last else "")
            texts[column].append(left)
    header = {}
    for column, row in texts.items():
        # A cell merged over several rows of the header says what it says once, above.
        once = [text if place == 0 or text != row[place - 1] else "" for place, text in enumerate(row)]
        named = tuple(text or None for text, name in zip(once, layout.levels, strict=False) if name)
        if any(named):
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


def _labelled(table: LaidOut) -> Iterator[Labelled]:
    """Yield each row as `Headings` takes it: its place, the column of its label, the label, if it has values."""
    column = number(table.layout.label_column) - 1
    for index in table.rows:
        place, label = column, table.grid.at(index, column)
        if not label and not table.layout.has_rows:
            place, label = next(((c, text) for c in table.labels if (text := table.grid.at(index, c))), (column, ""))
        yield index, place + 1, label, any(table.grid.alone(index, c) for c in table.header)


def _observations(table: LaidOut, dimensions: Mapping[int, Mapping[str, str]]) -> Iterator[Numbered]:
    above: dict[str, str] = {}  # the last label of the columns of [layout] fill
    for index in table.rows:
        labels: list[str | None] = []
        for column, name in table.labels.items():
            text = table.grid.at(index, column)
            if name in table.layout.fill:
                text = above[name] = text or above.get(name, "")
            if name:
                labels.append(text or None)
        if index not in dimensions:
            continue
        row = [*labels, *(dimensions[index].get(name) for name in table.layout.row_columns)]
        for column, texts in table.header.items():
            if reading := table.values.read(table.grid.alone(index, column)):
                value, status = reading
                rest = [status] if table.values.gives_status else []
                yield table.grid.first_row + index, [*row, *texts, value, *rest]
