"""Guesses at the [layout] of a table made for people: the header with periods, the columns of labels, the headings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from transforms.statistics.describe import codes as guesses
from transforms.statistics.layouts.grid import CellValues, Grid, letters
from transforms.statistics.values import sdmx_period

_SEARCHED = 100  # rows in which a header is looked for
_LEAST = 4  # columns below two periods with parts
_HEADINGS = 30  # shown
_AROUND = {"(#)": (re.compile(r"\(\s*[-+]?[\d\s]+(?:[.,]\d+)?\s*\)"), "U"),
           "#*": (re.compile(r"[-+]?[\d\s]+(?:[.,]\d+)?\s*\*"), "P")}  # fmt: skip
_YEAR = re.compile(r"((?:19|20)\d\d)\s*(?:г\.?|год|сол|year)?\s*\*?")  # 2019, 2019 г.
_ASCII = re.compile(r"[A-Za-z]{3}")


@dataclass(slots=True)
class TableGuess:
    """`layout` as in dataset.toml, {} if the heading says everything; `marks` around numbers → status; `text`: where
    periods and headings are, "" if the header has no periods."""

    layout: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    text: str = ""


def is_period(cell: str) -> bool:
    """Return True if a cell of a header names a period.

    >>> is_period("2019"), is_period("2019 г."), is_period("2019Q1"), is_period("20190")
    (True, True, True, False)
    """
    return bool(_YEAR.fullmatch(cell)) or sdmx_period(cell) is not None


def guess_table(table: Grid) -> TableGuess:
    """Return what the first rows of a sheet or CSV file show."""
    index, tidy = _period_row(table), _tidy_row(table)
    if index is None or (tidy is not None and tidy < index):
        row = table.first_row + (tidy or 0)
        return TableGuess({"header": row} if tidy is not None and row > 1 else {})
    has_parts = _has_parts(table, index)
    values = [c for c in range(table.width) if is_period(table.at(index, c))]
    if has_parts:
        values = list(range(values[0], table.width))
    rows = range(index + 1, len(table.rows))
    labels = [c for c in range(table.width) if c not in values and any(table.at(row, c) for row in rows)]
    if not labels:
        return TableGuess()
    cells = [table.at(row, c) for row in rows for c in values]
    marks = {mark: status for mark, (pattern, status) in _AROUND.items() if any(map(pattern.fullmatch, cells))}
    header_row, label = table.first_row + index, _label_column(table, rows, labels)
    filled = {row for row in rows if any(table.at(row, c) for c in values)}
    between = [row for row in rows if row not in filled and row < max(filled, default=0)]
    headings = {text: table.first_row + row for row in between if (text := table.at(row, label))}
    if not headings and not has_parts and all(table.at(index, c) for c in labels) and not marks:
        layout: dict[str, Any] = {"across": "TIME_PERIOD"} | ({"header": header_row} if header_row > 1 else {})
    else:
        is_named = {c: not _translates(table, rows, c, label) or (c == label and not headings) for c in labels}
        names = {c: table.at(index, c) for c in labels if is_named[c]}
        layout = _laid_out(header_row, labels, label, names, headings)
    if has_parts:
        parts = [table.at(index + 1, c) for c in values]
        layout["levels"] = ["TIME_PERIOD", (guesses.column_of(parts) or "part").upper()]
    text = f"; periods stand across in row {header_row}: {table.at(index, values[0])} … {table.at(index, values[-1])}"
    if headings:
        rows_of = ", ".join(f"{heading!r} (row {row})" for heading, row in islice(headings.items(), _HEADINGS))
        text += f"; {len(headings)} headings between the rows: {rows_of}"
    return TableGuess(layout, marks, text)


def _period_row(table: Grid) -> int | None:
    """Return the index of the first row with the most periods: at least two, none of them twice unless it has parts."""
    counts = {}
    for index, row in enumerate(table.rows[:_SEARCHED]):
        periods = [cell for cell in row if cell and is_period(cell)]
        if len(set(periods)) >= 2 and (len(periods) == len(set(periods)) or _has_parts(table, index)):
            counts[index] = len(periods)
    return max(counts, key=counts.__getitem__, default=None)


def _has_parts(table: Grid, index: int) -> bool:
    """Return True if a second row of the header divides the periods of the first: men, women below each year."""
    start = next(column for column in range(table.width) if is_period(table.at(index, column)))
    if index + 1 >= len(table.rows) or table.width - start < _LEAST:
        return False
    below = [table.at(index + 1, column) for column in range(start, table.width)]
    return all(below) and len(set(below)) > 1 and not any(map(CellValues({}).is_value, below))


def _tidy_row(table: Grid) -> int | None:
    """Return the index of a tidy table's heading: the first row that fills the whole width with different texts."""
    for index, row in enumerate(table.rows[:_SEARCHED]):
        filled = {cell for cell in row if cell}
        if len(filled) == table.width and not any(map(CellValues({}).is_value, filled)):
            return index
    return None


def _label_column(table: Grid, rows: range, labels: Sequence[int]) -> int:
    """Return the column with the labels of rows: the one with most English texts, then with most different ones."""
    texts = {column: [table.at(row, column) for row in rows] for column in labels}
    return max(labels, key=lambda column: (sum(map(bool, map(_ASCII.search, texts[column]))), len(set(texts[column]))))


def _translates(table: Grid, rows: range, column: int, label: int) -> bool:
    """Return True if two columns of labels say the same: filled in the same rows, with as many different texts."""
    pairs = [pair for row in rows if any(pair := (table.at(row, column), table.at(row, label)))]
    are_as_many = len({first for first, _ in pairs}) == len({second for _, second in pairs})
    return column == label or (are_as_many and sum(map(all, pairs)) > 0.8 * len(pairs))


def _laid_out(
    header_row: int, labels: Sequence[int], label: int, names: dict[int, str], headings: dict[str, int]
) -> dict[str, Any]:
    """Return [layout]: the columns of labels with different names, and the column that each heading is about."""
    unique: dict[int, str] = {}
    for column, name in names.items():
        text = name or f"COLUMN_{letters(column + 1)}"
        unique[column] = text if text not in unique.values() else f"{text} {letters(column + 1)}"
    layout: dict[str, Any] = {"header": header_row, "labels": {letters(c + 1): unique.get(c, "") for c in labels}}
    if headings and len(labels) > 1:
        layout["label"] = letters(label + 1)
    groups = {"": ""}
    for number, text in enumerate(headings, 1):
        name = (guesses.concept(text) or re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_")[:40]).upper()
        is_free = re.fullmatch(r"[A-Z][A-Z0-9_]*", name) and name not in {*groups.values(), *unique.values()}
        groups[text] = name if is_free else f"GROUP_{number}"
    return layout | ({"groups": groups} if headings else {})
