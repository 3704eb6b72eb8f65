"""A tidy table in a sheet: each row an observation, or several with values across."""

from collections.abc import Iterator, Sequence

from transforms.errors import InputProblem
from transforms.statistics.dataset.columns import columns_of
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.statistics.dataset.layout import Layout
from transforms.statistics.layouts.cell_names import letters
from transforms.statistics.layouts.grid import Grid, body, header_index, tidy_names

Numbered = tuple[int, list[str | None]]


def tidy_table(table: Grid, layout: Layout) -> tuple[tuple[str, ...], Iterator[Numbered]]:
    """The names and the rows of a tidy table, each row with its number. Raises InputProblem, also from the rows."""
    start = header_index(table, layout)
    names = tidy_names(table.rows[start], table.first_row + start)
    return names, _rows(table, layout, start + 1, len(names))


def _rows(table: Grid, layout: Layout, start: int, width: int) -> Iterator[Numbered]:
    for index in body(table, layout, start):
        cells = [table.at(index, column) or None for column in range(max(width, len(table.rows[index])))]
        number = table.first_row + index
        for place, cell in enumerate(cells[width:], width + 1):
            if cell:
                what = "the row is longer than the heading"
                raise InputProblem(
                    what,
                    "Name the column, or say where the table ends.",
                    line=number,
                    column=letters(place),
                    value=cell,
                )
        yield number, cells[:width]


def value_columns(names: Sequence[str], dataset: Dataset) -> list[int]:
    """The places of the columns that hold values where [layout] says `across`: neither ours nor named in [concepts].

    Raises InputProblem if there is none."""
    unknown = columns_of(names, dataset).unknown
    if not unknown:
        what = "[layout] says that values stand across, and every column is one of npa's or named in [concepts]"
        raise InputProblem(what, "Take the columns that hold values out of [concepts].", line=1)
    return [place for place, name in enumerate(names) if name in unknown]


def unpivoted(rows: Iterator[Numbered], names: Sequence[str], places: Sequence[int]) -> Iterator[Numbered]:
    """Each value of a row as a row: the other columns, the value's column, the value. Of several values, blanks are
    left out."""
    others = [place for place in range(len(names)) if place not in places]
    for number, cells in rows:
        for place in places:
            if cells[place] is not None or len(places) == 1:
                yield number, [*(cells[other] for other in others), names[place], cells[place]]
