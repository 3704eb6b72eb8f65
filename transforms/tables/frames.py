"""From rows to frames: one frame a table, typed as its model says."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from schemas.model import Table
from schemas.tables import TABLES
from transforms.errors import InputProblem
from transforms.quality.catalogue import rule_rows
from transforms.quality.text import sentence
from transforms.tables.rows import Rows

_PANDAS_TYPES = {
    "VARCHAR": "str",
    "INTEGER": "Int32",
    "BIGINT": "Int64",
    "DOUBLE": "Float64",
    "BOOLEAN": "boolean",
    "DATE": "datetime64[s]",
    "TIMESTAMP": "datetime64[us]",
}
# Made when a release is published, not from the sources.
OF_THE_RELEASE = ("release", "data_dictionary")


def tabulate(rows: Rows) -> tuple[dict[str, pd.DataFrame], list[InputProblem]]:
    """Frames of all tables but those of the release; problems where documents contradict each other."""
    problems = [*_plans_told_twice(rows), *_add_agencies(rows)]
    _add_years(rows)
    rows.add_all("dim_quality_rule", rule_rows())
    return {t.name: frame(t, rows.tables[t.name]) for t in TABLES.values() if t.name not in OF_THE_RELEASE}, problems


def frame(table: Table, columns: dict[str, list[Any]]) -> pd.DataFrame:
    """The frame of one table from its columns' values; no row at all is an empty, typed frame."""
    typed = {c.name: pd.Series(columns.get(c.name, []), dtype=_PANDAS_TYPES[c.sql_type]) for c in table.columns}
    return pd.DataFrame(typed)


def _plans_told_twice(rows: Rows) -> Iterator[InputProblem]:
    first: dict[str, str] = {}
    for plan in rows.each("plan_of_document"):
        if other := first.get(plan["plan_id"]):
            what = sentence("there is another plan {plan_id}, in {other}", plan_id=plan["plan_id"], other=other)
            remedy = "A plan is published once: take one of the two out of raw/plans."
            yield InputProblem(what, remedy, path=plan["path"], line=plan["line"], value=plan["title"])
        first.setdefault(plan["plan_id"], plan["path"])


def _add_agencies(rows: Rows) -> Iterator[InputProblem]:
    """`dim_agency`: what the documents of a country know, brought together."""
    known: dict[str, dict[str, Any]] = {}
    for agency in rows.each("agency_of_document"):
        agency_id = agency["agency_id"]
        first = known.setdefault(agency_id, agency)
        first["in_glossary"] |= agency["in_glossary"]
        for name in ("name", "agency_type"):
            if first[name] != agency[name]:
                what = sentence(
                    '{agency_id} has another {name} here than in {path}, which says "{value}"',
                    agency_id=agency_id,
                    name=name,
                    path=first["path"],
                    value=first[name],
                )
                remedy = "One abbreviation means one body in a country."
                yield InputProblem(what, remedy, path=agency["path"], line=agency["line"], value=agency[name])
    for agency in known.values():
        of_agency = {name: value for name, value in agency.items() if name not in ("path", "line")}
        rows.add("dim_agency", **of_agency, is_collective=agency["agency_type"] == "collective")


def _add_years(rows: Rows) -> None:
    """`dim_time_period`: every year of every plan."""
    plans = rows.tables["plan_of_document"]
    spans = zip(plans["first_year"], plans["last_year"], strict=True)
    for year in sorted({year for first, last in spans for year in range(first, last + 1)}):
        rows.add(
            "dim_time_period",
            time_period=str(year),
            frequency="A",
            start_date=date(year, 1, 1),
            end_date=date(year, 12, 31),
        )
