"""Dimensions of official statistics: npa's lists, what data sets define, what links declare."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schemas.code_lists import code_list
from schemas.model import Table
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
    """Add rows of dim_dataset, dim_statistic and dim_area. `series` and `areas` stand in none of npa's lists; one that
    is told twice must be told alike."""
    for row in datasets:
        rows.add("dim_dataset", **row)
    yield from _add(rows, "dim_statistic", code_list("statistic_id"), series)
    yield from _add(rows, "dim_area", code_list("ref_area"), areas)


def _add(
    rows: Rows, name: str, listed: Mapping[str, Mapping[str, str]], defined: Iterable[Mapping[str, Any]]
) -> Iterator[InputProblem]:
    table = TABLES[name]
    (key,) = table.key
    found = {code: {key: code, **_typed(table, row)} for code, row in listed.items()}
    for told in defined:
        code = told[key]
        first = found.setdefault(code, dict(told))
        if first != dict(told):
            value = f"{code}: {first['name']}; {told['name']}"
            what = sentence("a code of {key} is defined in two ways, or is in npa's own list too", key=key)
            yield InputProblem(
                what,
                sentence("Define it once, or alike, in [define.{key}] or links.", key=key),
                path="raw/statistics",
                value=value,
            )
    for row in found.values():
        rows.add(name, **row)


def _typed(table: Table, row: Mapping[str, str]) -> dict[str, Any]:
    """A row of a code list as the table has it, but for its key."""
    made: dict[str, Any] = {}
    for column in table.columns:
        if not column.is_key:
            text = row[column.name] or None
            made[column.name] = int(text) if text and column.sql_type == "INTEGER" else text
    return made
