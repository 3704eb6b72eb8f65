"""What a report says once for all its rows, above the headings: the unit, the year that it is about, the day."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from flows.sources.reports.notes import SheetNote
from transforms.quality.catalogue import message_of
from transforms.reports.vocabulary import COLUMNS, NAMING, OF_TOP, is_placeholder, labels, meaning

Row = tuple[int, list[str]]


def find_top(rows: Iterable[Sequence[str]], columns: Container[str]) -> dict[str, str]:
    """Return the value of each of these columns that a label in the rows above the headings gives: in the next cell, or
    after a colon. What two labels give differently is left out, so that each row must say it.

    >>> columns = ("time_period", "reported_on")
    >>> find_top([["Report of 2019"], ["Year", "2019", "Due 2020"], ["Date of report: 2020-01-10"]], columns)
    {'time_period': '2019', 'reported_on': '2020-01-10'}
    >>> find_top([["Year", "Status"], ["Year", "2018"], ["Year", "2019"], ["District", "North"]], columns)
    {}
    """
    values: dict[str, set[str]] = {}
    for row in rows:
        for text, neighbour in zip(row, [*row, ""][1:], strict=True):
            label, _, rest = text.partition(":")
            value = (rest.strip() or neighbour).strip()
            is_said = value if (name := meaning("columns", label)) == "reporting_unit" else any(map(str.isdigit, value))
            if name in OF_TOP and name in columns and is_said:
                values.setdefault(name, set()).add(value)
    return {name: values[name].pop() for name in OF_TOP if len(values.get(name, ())) == 1}


def with_top(rows: Iterable[Row], columns: Mapping[str, int], top: Mapping[str, str]) -> Iterator[Row]:
    """Yield the rows; where one reports something and leaves a cell of `top` empty, it has the value of that."""
    filled_in = [columns[name] for name in COLUMNS if name in columns and name not in NAMING]
    for number, cells in rows:
        if any(not is_placeholder(cells[place]) for place in filled_in):
            cells = list(cells)
            for name, value in top.items():
                if is_placeholder(cells[columns[name]]):
                    cells[columns[name]] = value
        yield number, cells


def notes_of_top(top: Mapping[str, str]) -> list[SheetNote]:
    """Return a note for each value of `top` in a sheet that is no form of ours."""
    headings = labels("columns", "en")
    return [
        SheetNote(0, "value_above_headings", message_of("value_above_headings", text=value, heading=headings[name]))
        for name, value in top.items()
    ]
