"""Dimensions of official statistics: npa's lists, what data sets define, what links declare."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schemas.code_lists import code_list
from schemas.tables import TABLES
from transforms.errors import InputProblem, problem_in
from transforms.tables.rows import Rows

Row = Mapping[str, Any]


def add_dimensions(
    rows: Rows, datasets: Iterable[Row], series: Iterable[Row], areas: Iterable[Row]
) -> Iterator[InputProblem]:
    """Add rows of dim_dataset, dim_statistic and dim_area; yield a problem for each code with two definitions.

    `series` and `areas` are in none of npa's lists."""
    for row in datasets:
        rows.add("dim_dataset", **row)
    yield from _add(rows, "dim_statistic", "statistic_id", series)
    yield from _add(rows, "dim_area", "ref_area", areas)


def _add(rows: Rows, name: str, key: str, definitions: Iterable[Row]) -> Iterator[InputProblem]:
    kinds = {column.name: int if column.sql_type == "INTEGER" else str for column in TABLES[name].columns}
    del kinds[key]
    known: dict[str, Row] = {
        code: {key: code, **{column: kind(row[column]) if row[column] else None for column, kind in kinds.items()}}
        for code, row in code_list(key).items()
    }
    what = "a code of {key} is defined in two ways, or is in npa's own list too"
    remedy = "Define it once, or alike, in [define.{key}] or links."
    for definition in definitions:
        first = known.setdefault(definition[key], definition)
        if first != definition:
            value = f"{definition[key]}: {first['name']}; {definition['name']}"
            yield problem_in("raw/statistics", 0, what, remedy, value, key=key)
    for row in known.values():
        rows.add(name, **row)
