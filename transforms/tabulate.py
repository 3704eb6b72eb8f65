"""From rows to frames: one frame a table, typed as its model says."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from schemas.table import Table
from schemas.tables import TABLES
from transforms.agencies import Agency
from transforms.problems import Problem
from transforms.rows import Rows

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


def tabulate(rows: Rows) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Frames of all tables but those of the release; problems where documents of one country contradict each other."""
    problems = list(_add_agencies(rows))
    _add_years(rows)
    return {t.name: frame(t, rows.tables[t.name]) for t in TABLES.values() if t.name not in OF_THE_RELEASE}, problems


def frame(table: Table, columns: dict[str, list[Any]]) -> pd.DataFrame:
    """The frame of one table from its columns' values; no row at all is an empty, typed frame."""
    typed = {c.name: pd.Series(columns.get(c.name, []), dtype=_PANDAS_TYPES[c.sql_type]) for c in table.columns}
    return pd.DataFrame(typed)


def _add_agencies(rows: Rows) -> Iterator[Problem]:
    """`dim_agency`: what the documents of a country know, brought together."""
    known: dict[str, tuple[Agency, str]] = {}
    columns = rows.tables["agency_of_document"]
    found = zip(columns["country_code"], columns["agency"], columns["path"], strict=True)
    in_glossary: set[str] = set()
    for country, agency, path in found:
        agency_id = f"{country}-{agency.abbreviation}"
        in_glossary |= {agency_id} if agency.in_glossary else set()
        first, first_path = known.setdefault(agency_id, (agency, path))
        for name in ("name", "agency_type"):
            one, other = getattr(first, name), getattr(agency, name)
            if one != other:
                what = f'{agency_id} has another {name} here than in {first_path}, which says "{one}"'
                yield Problem(path, agency.line, what, "One abbreviation means one body in a country.", other)
    for agency_id, (agency, _) in known.items():
        rows.add(
            "dim_agency",
            agency_id=agency_id,
            country_code=agency_id[:3],
            abbreviation=agency.abbreviation,
            name=agency.name,
            agency_type=agency.agency_type,
            in_glossary=agency_id in in_glossary,
            is_collective=agency.is_collective,
        )


def _add_years(rows: Rows) -> None:
    """`dim_time_period`: every year of every plan."""
    plans = rows.tables["dim_plan"]
    spans = zip(plans["start_date"], plans["end_date"], strict=True)
    for year in sorted({year for start, end in spans for year in range(start.year, end.year + 1)}):
        rows.add(
            "dim_time_period",
            time_period=str(year),
            frequency="A",
            start_date=date(year, 1, 1),
            end_date=date(year, 12, 31),
        )
