"""Cells that stand in the order of a cube: DuckDB works out their codes from their places, nothing is looped over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from schemas.generated import ddl


@dataclass(frozen=True, slots=True)
class Column:
    """A column whose text follows from a cell's place (from 0): texts[place // stride % len(texts)]."""

    name: str
    texts: Sequence[str | None]
    stride: int = 1

    def sql(self) -> str:
        """The text of the cell `place`."""
        if len(self.texts) == 1:
            return f"{_literal(self.texts[0])}::VARCHAR"
        return f"[{', '.join(map(_literal, self.texts))}][place // {self.stride} % {len(self.texts)} + 1]"


@dataclass(frozen=True, slots=True)
class Marked:
    """A column of marks on single cells or slices. `by_mask`: the dimensions (size, stride) that a mark fixes → the
    sum of index × stride over these → mark. Marks that meet in one cell are joined by a blank; none: the default."""

    name: str
    by_mask: Mapping[tuple[tuple[int, int], ...], Mapping[int, str]]
    default: str | None = None

    def joins(self, alias: str) -> str:
        """One join for each mask."""
        return "".join(
            f"""
            LEFT JOIN (SELECT unnest([{", ".join(map(str, marks))}]) AS at,
                              unnest([{", ".join(map(_literal, marks.values()))}]) AS mark) AS {alias}_{number}
            ON {" + ".join(f"place // {stride} % {size} * {stride}" for size, stride in mask) or 0}
               = {alias}_{number}.at"""
            for number, (mask, marks) in enumerate(self.by_mask.items())
        )

    def sql(self, alias: str) -> str:
        """The marks of the cell `place`."""
        marks = ", ".join(f"{alias}_{number}.mark" for number in range(len(self.by_mask)))
        return f"coalesce(nullif(concat_ws(' ', {marks or 'NULL'}), ''), {_literal(self.default)})"


def relation(
    con: duckdb.DuckDBPyConnection, cells: str, columns: Sequence[Column | Marked], values: Sequence[str]
) -> duckdb.DuckDBPyRelation:
    """A Source's relation: `cells` is a query with place (BIGINT, from 0) and the columns `values`, which come last."""
    aliases = [f"m{number}" for number in range(len(columns))]
    texts = [c.sql(alias) if isinstance(c, Marked) else c.sql() for c, alias in zip(columns, aliases, strict=True)]
    listed = ", ".join(f"{text} AS c{number}" for number, text in enumerate([*texts, *values]))
    joins = "".join(c.joins(alias) for c, alias in zip(columns, aliases, strict=True) if isinstance(c, Marked))
    return con.sql(f"SELECT {listed}, place + 1 AS source_row FROM ({cells}) AS cells{joins}")


def strides(sizes: Sequence[int]) -> tuple[list[int], int]:
    """How many cells lie between two categories of each dimension, the last varying fastest; and all cells."""
    step, backwards = 1, []
    for size in reversed(sizes):
        backwards.append(step)
        step *= size
    return backwards[::-1], step


def _literal(text: str | None) -> str:
    return "NULL" if text is None else ddl.literal(text)
