"""Dimensions of official statistics: npa's lists, what data sets define, what links declare."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schemas.code_lists import code_list
from schemas.tables import TABLES
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.tables.rows import Rows


def add_dimensions(
    rows: Rows,
    datasets: Iterable[Mapping[str, Any]],
    series: Iterable[Mapping[str, Any]],
    areas: Iterable[Mapping[str, Any]],
) -> Iterator[InputProblem]:
    """Add rows of dim_dataset, dim_statistic and dim_area; yield a problem for each code with two definitions.

    `series` and `areas` are in none of npa's lists."""
    for row in datasets:
        rows.add("dim_dataset", **row)
    yield from _add(rows, "dim_statistic", "statistic_id", series)
    yield from _add(rows, "dim_area", "ref_area", areas)


def _add(rows: Rows, name: str, key: str, definitions: Iterable[Mapping[str, Any]]) -> Iterator[InputProblem]:
    texts = {column.name: column.sql_type != "INTEGER" for column in TABLES[name].columns if not column.is_key}
    known: dict[str, dict[str, Any]] = {}
    for code, listed in code_list(key).items():
        values = {column: listed[column] or None for column in texts}
        known[code] = {key: code} | {c: int(v) if v and not texts[c] else v for c, v in values.items()}
    for definition in map(dict, definitions):
        first = known.setdefault(definition[key], definition)
        if first != definition:
            what = sentence("a code of {key} is defined in two ways, or is in npa's own list too", key=key)
            remedy = sentence("Define it once, or alike, in [define.{key}] or links.", key=key)
            value = f"{definition[key]}: {first['name']}; {definition['name']}"
            yield InputProblem(what, remedy, path="raw/statistics", value=value)
    for row in known.values():
        rows.add(name, **row)
