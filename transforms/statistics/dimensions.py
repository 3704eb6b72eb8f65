"""Dimensions of official statistics: npa's lists, what data sets define, what links declare."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from schemas.code_lists import code_list
from schemas.tables import TABLES
from transforms.errors import InputProblem, problem_in
from transforms.quality.text import sentence
from transforms.tables.rows import Rows

Row = Mapping[str, Any]
_JUDGED = ("theme", "population", "source_kind", "reason")  # columns of dim_statistic that series.csv fills


def add_dimensions(
    rows: Rows, datasets: Iterable[Row], series: Iterable[Row], areas: Iterable[Row], judged: Iterable[Row] = ()
) -> Iterator[InputProblem]:
    """Add rows of dim_dataset, dim_statistic and dim_area; yield a problem for each code with two definitions.

    `series` and `areas` are in none of npa's lists; their `defined_in` is the path of a dataset.toml. `judged`: rows of
    series.csv."""
    for row in datasets:
        rows.add("dim_dataset", **row)
    judgements = {row["statistic_id"]: {column: row[column] for column in _JUDGED} for row in judged}
    yield from _add(rows, "dim_statistic", "statistic_id", series, judgements)
    yield from _add(rows, "dim_area", "ref_area", areas)


def _add(
    rows: Rows, name: str, key: str, definitions: Iterable[Row], judgements: Mapping[str, Row] = MappingProxyType({})
) -> Iterator[InputProblem]:
    """Add the rows of a dimension: those of npa's list and `definitions`, with what `judgements` say, by code."""
    columns = [column for column in TABLES[name].columns if column.name != key]
    unjudged = {column.name: None for column in columns if name == "dim_statistic" and column.name in _JUDGED}
    kinds = {c.name: int if c.sql_type == "INTEGER" else str for c in columns if c.name not in unjudged}
    known: dict[str, Row] = {
        code: {key: code, **{column: kind(row[column]) if row[column] else None for column, kind in kinds.items()}}
        for code, row in code_list(key).items()
    }
    for definition in definitions:
        yield from _contradictions(known.setdefault(definition[key], definition), definition, key)
    for code, row in known.items():
        rows.add(name, **{column: row[column] for column in (key, *kinds)}, **judgements.get(code, unjudged))


def _contradictions(first: Row, second: Row, key: str) -> Iterator[InputProblem]:
    """Yield a problem for each column in which two definitions of a code differ."""
    what = "{key} {code} is defined otherwise in {path}: {column} is {there} there, and {here} here"
    path, other = second.get("defined_in", ""), first.get("defined_in") or sentence("npa's own list")
    for column in sorted(second.keys() - {key, "defined_in"}):
        there, here = (sentence("not stated") if row[column] is None else f'"{row[column]}"' for row in (first, second))
        remedy = "Define it alike in both, or give one of them another code."
        if column == "code_list":
            remedy = "Say code_list = … in both (it is the publisher where nothing is said), or take another code."
        if there != here:
            place = {"key": key, "code": second[key], "path": other, "column": column}
            yield problem_in(path, 0, what, remedy, there=there, here=here, **place)
