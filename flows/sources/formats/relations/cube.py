"""The cells of a cube in their order: DuckDB works out the codes of each cell from its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

import duckdb

from flows.sources.formats.relations.relation import Source
from schemas.generated import ddl
from transforms.errors import InputProblem


@dataclass(frozen=True, slots=True)
class Column:
    """A column whose text follows from a cell's place (from 0): texts[place // stride % len(texts)]."""

    name: str
    texts: Sequence[str | None]
    stride: int = 1
    labels: Mapping[str, str] = field(default_factory=dict)  # text → the producer's label, if it is another text

    def sql(self, _alias: str) -> str:
        """Return SQL of the text of the cell `place`."""
        if len(self.texts) == 1:
            return f"{_literal(self.texts[0])}::VARCHAR"
        return f"[{', '.join(map(_literal, self.texts))}][place // {self.stride} % {len(self.texts)} + 1]"


@dataclass(frozen=True, slots=True)
class Marked:
    """A column of marks on single cells or slices. `by_mask`: the dimensions (size, stride) that a mark fixes → the
    sum of index × stride over these → mark. A blank joins marks on one cell; a cell without a mark has the default."""

    name: str
    by_mask: Mapping[tuple[tuple[int, int], ...], Mapping[int, str]]
    default: str | None = None

    def joins(self, alias: str) -> str:
        """Return SQL of one join for each mask."""
        joins = ""
        for number, (mask, marks) in enumerate(self.by_mask.items()):
            fixed = " + ".join(f"place // {stride} % {size} * {stride}" for size, stride in mask) or 0
            joins += f""" LEFT JOIN (SELECT unnest([{", ".join(map(str, marks))}]) AS at,
                unnest([{", ".join(map(_literal, marks.values()))}]) AS mark) AS {alias}_{number}
                ON {fixed} = {alias}_{number}.at"""
        return joins

    def sql(self, alias: str) -> str:
        """Return SQL of the marks of the cell `place`."""
        marks = ", ".join(f"{alias}_{number}.mark" for number in range(len(self.by_mask)))
        return f"coalesce(nullif(concat_ws(' ', {marks or 'NULL'}), ''), {_literal(self.default)})"


def source_of_cells(
    con: duckdb.DuckDBPyConnection, cells: str, columns: Sequence[Column | Marked], values: Sequence[str]
) -> Source:
    """Return a Source with `columns` and then the columns `values`.

    `cells` is a query with place (BIGINT, from 0), and c0, c1, … for `values`. Raises InputProblem if two columns have
    one name."""
    names = (*(column.name for column in columns), *values)
    if name := repeated(names):
        remedy = "rename the variable in a copy of the file, or ask the producer to"
        raise InputProblem("a variable has the name of another column that this reader gives", remedy, value=name)
    texts = [*(column.sql(f"m{n}") for n, column in enumerate(columns)), *(f"cells.c{n}" for n in range(len(values)))]
    listed = ", ".join(f"{text} AS c{n}" for n, text in enumerate(texts))
    joins = "".join(column.joins(f"m{n}") for n, column in enumerate(columns) if isinstance(column, Marked))
    relation = con.sql(f"SELECT {listed}, place + 1 AS source_row FROM ({cells}) AS cells{joins}")
    return Source(names, relation, {c.name: c.labels for c in columns if isinstance(c, Column) and c.labels})


def repeated(names: Sequence[str]) -> str | None:
    """Return the first name that is there twice, or None."""
    return next((name for name in names if names.count(name) > 1), None)


def strides(sizes: Sequence[int]) -> list[int]:
    """Return how many cells lie between two categories of each dimension; the last dimension varies fastest.

    >>> strides([80, 3, 21])
    [63, 21, 1]
    """
    return [prod(sizes[place:]) for place in range(1, len(sizes) + 1)]


def _literal(text: str | None) -> str:
    return "NULL" if text is None else ddl.literal(text)
