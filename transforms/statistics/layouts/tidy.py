"""A tidy table, CSV or sheet: each row is an observation, or has several with values across."""

from collections.abc import Iterator, Sequence

from transforms.errors import InputProblem, problem_in
from transforms.statistics.dataset.columns import columns_of
from transforms.statistics.dataset.dataset_toml import Dataset, Layout
from transforms.statistics.layouts.grid import Grid, body, header_index, letters
from transforms.text.lines import fold

Numbered = tuple[int, list[str | None]]


def tidy_table(table: Grid, layout: Layout) -> tuple[tuple[str, ...], Iterator[Numbered]]:
    """Return the names and the rows of a table, each row with its number. Raises InputProblem, also from the rows."""
    start = header_index(table, layout)
    names = tidy_names(table.rows[start], table.first_row + start)
    return names, _rows(table, layout, start + 1, len(names))


def tidy_names(cells: Sequence[str], row: int) -> tuple[str, ...]:
    """Return the columns of a table by its heading, without blank cells at its end.

    Raises InputProblem for names that are missing or duplicates."""
    names = [fold(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    for place, name in enumerate(names, 1):
        column = letters(place)
        if not name:
            remedy = "Name it there, or say where the heading is: [layout] header = …"
            raise InputProblem("a column has no name in the heading", remedy, line=row, column=column)
        if name in names[: place - 1]:
            what = "two columns have the same name"
            raise InputProblem(what, "Give each its own.", line=row, column=column, value=name)
    if not names:
        raise InputProblem("the heading is blank", "Say in which row it stands: [layout] header = …", line=row)
    return tuple(names)


def _rows(table: Grid, layout: Layout, start: int, width: int) -> Iterator[Numbered]:
    for index in body(table, layout, start):
        cells = [table.at(index, column) or None for column in range(max(width, len(table.rows[index])))]
        row = table.first_row + index
        for place, cell in enumerate(cells[width:], width + 1):
            if cell:
                what = "the row is longer than the heading"
                remedy = "Name the column, or say where the heading is or the table ends: [layout] header, end."
                raise InputProblem(what, remedy, line=row, column=letters(place), value=cell)
        yield row, cells[:width]


def fill_places(names: Sequence[str], layout: Layout) -> list[int]:
    """Return the places of the columns that [layout] fill names. Raises InputProblem for one that is not there."""
    for name in layout.fill:
        if name not in names:
            what = "[layout] fill names a column that the heading does not have"
            raise problem_in("", 1, what, "Correct it. The heading has: {names}.", name, names=", ".join(names))
    return [names.index(name) for name in layout.fill]


def filled(rows: Iterator[Numbered], places: Sequence[int]) -> Iterator[Numbered]:
    """Yield the rows with blank cells of some columns filled by the cell above."""
    above: dict[int, str | None] = {}
    for number, cells in rows:
        above |= {place: cells[place] for place in places if cells[place] is not None}
        yield number, [above.get(place) if cell is None else cell for place, cell in enumerate(cells)]


def value_columns(names: Sequence[str], dataset: Dataset) -> list[int]:
    """Return the places of the columns with values for [layout] across: neither ours nor named in [concepts].

    Raises InputProblem if there is none."""
    unknown = columns_of(names, dataset).unknown
    if not unknown:
        what = "[layout] says that values stand across, and every column is one of npa's or named in [concepts]"
        raise InputProblem(what, "Take the columns that hold values out of [concepts].", line=1)
    return [place for place, name in enumerate(names) if name in unknown]


def unpivoted(rows: Iterator[Numbered], names: Sequence[str], places: Sequence[int]) -> Iterator[Numbered]:
    """Yield each value of a row as a row: the other columns, the value's column, the value.

    Blanks are left out unless there is only one column of values."""
    others = [place for place in range(len(names)) if place not in places]
    for number, cells in rows:
        for place in places:
            if cells[place] is not None or len(places) == 1:
                yield number, [*(cells[other] for other in others), names[place], cells[place]]
