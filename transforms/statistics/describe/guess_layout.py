"""Guess the [layout] of a table that people made: where a header with periods seems to stand, which columns are labels,
which rows are headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from transforms.statistics.describe import guess_codes
from transforms.statistics.layouts.cell_names import letters
from transforms.statistics.layouts.cell_values import CellValues
from transforms.statistics.layouts.grid import Grid
from transforms.statistics.values.printed_periods import sdmx_period

_SEARCHED = 100  # rows in which a header is looked for
_LEAST = 4  # columns below two periods that are parted
_AROUND = {"(#)": (re.compile(r"\(\s*[-+]?[\d\s]+(?:[.,]\d+)?\s*\)"), "U"),
           "#*": (re.compile(r"[-+]?[\d\s]+(?:[.,]\d+)?\s*\*"), "P")}  # fmt: skip
_YEAR = re.compile(r"((?:19|20)\d\d)\s*(?:г\.?|год|сол|year)?\s*\*?")  # 2019, 2019 г.
_ASCII = re.compile(r"[A-Za-z]{3}")


@dataclass(slots=True)
class TableGuess:
    """`layout` as in dataset.toml, {} where the heading says it all; `headings` → the rows they stand in."""

    layout: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)  # with # in them
    header_row: int = 1
    periods: list[str] = field(default_factory=list)
    headings: dict[str, int] = field(default_factory=dict)
    about: str = ""  # titles above the header


def is_period(cell: str) -> bool:
    """Whether a cell of a header names a period.

    >>> is_period("2019"), is_period("2019 г."), is_period("2019Q1"), is_period("20190")
    (True, True, True, False)
    """
    return bool(_YEAR.fullmatch(cell)) or sdmx_period(cell) is not None


def guess_table(table: Grid) -> TableGuess:
    """What the first rows of a sheet or CSV file tell."""
    index, tidy = _period_row(table), _tidy(table)
    is_parted = index is not None and _is_above(table, index)
    if index is None or (tidy and tidy.header_row < table.first_row + index):
        return tidy or TableGuess()
    values = [c for c in range(table.width) if is_period(table.at(index, c))]
    if is_parted:
        values = list(range(values[0], table.width))
    labels = [c for c in range(table.width) if c not in values and _has_text(table, index + 1, c)]
    found = TableGuess(header_row=table.first_row + index, periods=[table.at(index, c) for c in values])
    found.about = " ".join(cell for row in table.rows[:index] for cell in row if cell)[:400]
    found.marks = dict(_around(table, index + 1, values))
    if not labels:
        return TableGuess()
    headings = _headings(table, index, labels, values)
    if not headings and not is_parted and all(table.at(index, c) for c in labels) and not found.marks:
        found.layout = {"across": "TIME_PERIOD"} | ({"header": found.header_row} if found.header_row > 1 else {})
        return found
    _lay_out(found, table, index, labels, headings)
    if is_parted:
        parts = [table.at(index + 1, c) for c in values]
        found.layout["levels"] = ["TIME_PERIOD", (guess_codes.column(parts) or "part").upper()]
    return found


def _period_row(table: Grid) -> int | None:
    """The row with the most periods, at least two, none of which stands below another row of them."""
    counts = {}
    for index in range(min(_SEARCHED, len(table.rows))):
        cells = [cell for cell in table.rows[index] if cell]
        periods = [cell for cell in cells if is_period(cell)]
        if len(set(periods)) >= 2 and (len(periods) == len(set(periods)) or _is_above(table, index)):
            counts[index] = len(periods)
    return max(counts, key=lambda index: (counts[index], -index), default=None)


def _is_above(table: Grid, index: int) -> bool:
    """Whether periods stand over a second row of the header, which parts each of them: 2018 over men, women."""
    start = next(column for column in range(table.width) if is_period(table.at(index, column)))
    if index + 1 >= len(table.rows) or table.width - start < _LEAST:
        return False
    below = [table.at(index + 1, column) for column in range(start, table.width)]
    return all(below) and len(set(below)) > 1 and not any(CellValues({}).is_value(cell) for cell in below)


def _tidy(table: Grid) -> TableGuess | None:
    """The heading of a tidy table is the first row that is as wide as the widest, all of it text, each cell another."""
    for index, row in enumerate(table.rows[:_SEARCHED]):
        filled = {cell for cell in row if cell}
        if len(filled) == table.width and not any(CellValues({}).is_value(cell) for cell in filled):
            row_number = table.first_row + index
            return TableGuess({"header": row_number} if row_number > 1 else {}, header_row=row_number)
    return None


def _has_text(table: Grid, start: int, column: int) -> bool:
    return any(table.at(index, column) for index in range(start, len(table.rows)))


def _around(table: Grid, start: int, values: Sequence[int]) -> Iterator[tuple[str, str]]:
    cells = [table.at(index, column) for index in range(start, len(table.rows)) for column in values]
    for key, (pattern, status) in _AROUND.items():
        if any(pattern.fullmatch(cell) for cell in cells):
            yield key, status


def _headings(table: Grid, index: int, labels: Sequence[int], values: Sequence[int]) -> dict[int, str]:
    """Rows that have labels, and no values although rows with values follow: place → label."""
    column = _label(table, index, labels)
    rows = range(index + 1, len(table.rows))
    with_values = [row for row in rows if any(table.at(row, c) for c in values)]
    last = with_values[-1] if with_values else 0
    return {row: table.at(row, column) for row in rows
            if row < last and row not in with_values and table.at(row, column)}  # fmt: skip


def _label(table: Grid, index: int, labels: Sequence[int]) -> int:
    """The column of labels to go by: the one that tells most rows apart; of several, the one in English."""

    def rank(column: int) -> tuple[int, int]:
        texts = [table.at(row, column) for row in range(index + 1, len(table.rows))]
        return sum(bool(_ASCII.search(text)) for text in texts), len(set(texts))

    return max(labels, key=rank)


def _lay_out(found: TableGuess, table: Grid, index: int, labels: Sequence[int], headings: dict[int, str]) -> None:
    column = _label(table, index, labels)
    found.headings = {text: table.first_row + row for row, text in headings.items()}
    alike = [c for c in labels if c == column or _translates(table, index, c, column)]
    names = _named(table, index, [c for c in labels if c not in alike or (c == column and not headings)])
    found.layout = {"header": found.header_row, "labels": {letters(c + 1): names.get(c, "") for c in labels}}
    if len(labels) > 1 and headings:
        found.layout["label"] = letters(column + 1)
    if headings:
        found.layout["groups"] = {"": "", **_groups(found.headings, set(names.values()))}


def _translates(table: Grid, index: int, one: int, other: int) -> bool:
    """Whether two columns of labels say the same: filled in the same rows, and as many texts."""
    pairs = [(table.at(row, one), table.at(row, other)) for row in range(index + 1, len(table.rows))]
    filled = [pair for pair in pairs if any(pair)]
    return len({a for a, _ in filled}) == len({b for _, b in filled}) and sum(all(p) for p in filled) > 0.8 * len(
        filled
    )


def _named(table: Grid, index: int, columns: Sequence[int]) -> dict[int, str]:
    names: dict[int, str] = {}
    for column in columns:
        name = table.at(index, column) or f"COLUMN_{letters(column + 1)}"
        names[column] = name if name not in names.values() else f"{name} {letters(column + 1)}"
    return names


def _groups(headings: dict[str, int], taken: set[str]) -> dict[str, str]:
    """Each heading and the column that the rows below it belong to: ours where its words tell, else one of its own."""
    groups: dict[str, str] = {}
    for number, text in enumerate(headings, 1):
        target = guess_codes.concept(text)
        name = target.upper() if target else re.sub(r"\W+", "_", text.upper(), flags=re.ASCII).strip("_")[:40]
        if not re.fullmatch(r"[A-Z][A-Z0-9_]*", name) or name in {*groups.values(), *taken}:
            name = f"GROUP_{number}"
        groups[text] = name
    return groups
