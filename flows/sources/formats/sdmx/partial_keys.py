"""Rows of SDMX-CSV 2.x that are no observations: they have attributes of a partial key, of a series, a group or all.

"For rows containing the information related to one or more attributes attached to partial keys, in addition to these
attributes only the components that are part of the partial key need to be filled" (SDMX-CSV 2.1 field guide, Column
content; example 13); `~` switches a dimension off. As in SDMX-ML, an attribute belongs to one level: an observation for
which the file states two values of one is refused, whatever the order of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from flows.sources.formats.files.refusals import problem
from transforms.statistics.dataset.columns import REPORTING_YEAR, TIME_FORMAT, columns_of
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.statistics.loading.remarks import Remark
from transforms.statistics.loading.staging import KEY

_MOST_SHAPES = 50  # sets of dimensions that are filled: a data structure has a handful of groups


@dataclass(frozen=True, slots=True)
class Roles:
    """The places of a file's columns by what they are, as far as that can be known without the data structure."""

    value: int
    dimensions: frozenset[int]  # a row that lacks one of these, and a value, is of a partial key
    key: tuple[int, ...]  # the dimensions, and columns that may be some
    attributes: tuple[int, ...]

    @property
    def is_partial(self) -> str:
        """Return SQL that is true for a row of a partial key."""
        lacking = " OR ".join(f"NOT {_is_filled(f'c{place}')}" for place in sorted(self.dimensions))
        return f"(NOT {_is_filled(f'c{self.value}')} AND ({lacking or 'false'}))"


def roles(con: duckdb.DuckDBPyConnection, rows: str, names: Sequence[str], dataset: Dataset) -> Roles | None:
    """Return the roles of the columns, or None if no row is of a partial key. `rows`: SQL, with columns c0, c1, …

    A dimension becomes a part of our key by dataset.toml, and is filled in every row that has a value."""
    columns = columns_of(names, dataset)
    if (value := columns.places.get("obs_value")) is None:
        return None
    has_value = _is_filled(f"c{value}")
    lacking = [f"count(*) FILTER (WHERE {has_value} AND NOT {_is_filled(f'c{place}')})" for place in range(len(names))]
    ((valued, *counts),) = con.execute(
        f"SELECT count(*) FILTER (WHERE {has_value}), {', '.join(lacking)} FROM {rows}"
    ).fetchall()
    ours = {place for column, place in columns.places.items() if names[place] != TIME_FORMAT}
    dimensions = {columns.places[column] for column in KEY if columns.places.get(column) in ours}
    dimensions |= set(columns.others.values())
    always = {place for place, count in enumerate(counts) if not count}
    dimensions -= {place for place, count in enumerate(counts) if count == valued}  # FREQ, where it is an attribute
    key = dimensions | always - ours
    used = ours | {place for place, name in enumerate(names) if name in (TIME_FORMAT, REPORTING_YEAR)}
    attributes = used - key - {value}  # what is set aside may have a value of its own on each level
    found = Roles(value, frozenset(dimensions & always), tuple(sorted(key)), tuple(sorted(attributes)))
    partial = con.execute(f"SELECT 1 FROM {rows} WHERE {found.is_partial} LIMIT 1").fetchall()
    return found if valued and partial else None


def complete(con: duckdb.DuckDBPyConnection, rows: str, roles: Roles, names: Sequence[str]) -> tuple[str, list[Remark]]:
    """Return SQL of the observations, each with the attributes of the partial keys that it has; and what to note.

    `rows`: SQL of all rows, with columns c0, c1, …, structure and source_row. Raises InputProblem for two values of an
    attribute."""
    joins, idle = "", []
    for number, key in enumerate(_shapes(con, rows, roles)):
        partial, alias = _partial(rows, roles, key), f"p{number}"
        values = "".join(
            f", list(DISTINCT trim(c{place})) FILTER (WHERE {_is_filled(f'c{place}')}) AS c{place}"
            for place in roles.attributes
        )
        on = " AND ".join(f"{alias}.{column} = trim(o.{column})" for column in key)
        joins += (
            f" LEFT JOIN (SELECT {', '.join(key)}{values} FROM {partial} GROUP BY {', '.join(key)}) AS {alias} ON {on}"
        )
        idle.append(f"SELECT source_row FROM {partial} AS {alias} ANTI JOIN {_observations(rows, roles)} AS o ON {on}")
    query = f"FROM {_observations(rows, roles)} AS o{joins}"
    merged = {place: _values(place, len(idle)) for place in roles.attributes}
    _refuse_two_values(con, query, merged, names)
    cells = ", ".join(f"{value}[1] AS c{place}" for place, value in merged.items())
    replaced = f" REPLACE ({cells})" if cells else ""
    return f"(SELECT o.*{replaced} {query})", _notes(con, " UNION ALL ".join(idle))


def _is_filled(cell: str) -> str:
    return f"coalesce(trim({cell}) NOT IN ('', '~'), false)"


def _observations(rows: str, roles: Roles) -> str:
    return f"(FROM {rows} WHERE NOT {roles.is_partial})"


def _shapes(con: duckdb.DuckDBPyConnection, rows: str, roles: Roles) -> list[list[str]]:
    """Return the columns of each partial key that the file has."""
    flags = ", ".join(_is_filled(f"c{place}") for place in roles.key)
    shapes = con.execute(
        f"SELECT DISTINCT [{flags}] AS shape FROM {rows} WHERE {roles.is_partial} ORDER BY shape"
    ).fetchall()
    if len(shapes) > _MOST_SHAPES:
        what = "the rows without observation have more than {limit} different partial keys"
        raise problem(
            what, None, "ask the producer for the attributes in the row of each observation", limit=_MOST_SHAPES
        )
    return [
        ["structure", *(f"c{place}" for place, is_filled in zip(roles.key, shape, strict=True) if is_filled)]
        for (shape,) in shapes
    ]


def _partial(rows: str, roles: Roles, key: Sequence[str]) -> str:
    """Return SQL of the rows of one partial key, its cells trimmed."""
    others = (f"c{place}" for place in roles.key if f"c{place}" not in key)
    shape = " AND ".join([*map(_is_filled, key[1:]), *(f"NOT {_is_filled(cell)}" for cell in others)])
    trimmed = ", ".join(f"trim({cell}) AS {cell}" for cell in key)
    return f"(SELECT * REPLACE ({trimmed}) FROM {rows} WHERE {roles.is_partial} AND {shape or 'true'})"


def _values(place: int, shapes: int) -> str:
    """Return SQL of all values that an observation has for an attribute: its own, and those of its partial keys."""
    own = f"CASE WHEN {_is_filled(f'o.c{place}')} THEN [trim(o.c{place})] ELSE [] END"
    lists = [own, *(f"coalesce(p{number}.c{place}, [])" for number in range(shapes))]
    return f"list_distinct(list_concat({', '.join(lists)}))"


def _refuse_two_values(
    con: duckdb.DuckDBPyConnection, query: str, merged: dict[int, str], names: Sequence[str]
) -> None:
    for place, values in merged.items():
        rows = con.execute(
            f"SELECT o.source_row, list_sort({values}) {query} WHERE len({values}) > 1 ORDER BY ALL LIMIT 1"
        ).fetchall()
        for row, (first, second, *_) in rows:
            what = "{name} has two values for one observation, in its row or those of partial keys: {first}, {second}"
            named = {"name": names[place], "first": repr(first), "second": repr(second)}
            raise problem(what, None, "ask the producer which one it is", line=row, **named)


def _notes(con: duckdb.DuckDBPyConnection, idle: str) -> list[Remark]:
    """Note the rows of partial keys that no observation has."""
    ((row, count),) = con.execute(f"SELECT min(source_row), count(*) FROM ({idle})").fetchall()
    return [Remark("attributes_without_observation", "", row, arguments={"n": count})] if count else []
