"""The code lists in this folder: the codes of SDMX columns with their names and sources."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def columns() -> list[str]:
    """Return the columns that have a list, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.csv"))


@cache
def code_list(column: str) -> Mapping[str, Mapping[str, str]]:
    """Return the list of a column of fact_statistic (`sex`, `ref_area`, …): code → row; empty if there is no list."""
    path = FOLDER / f"{column}.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {next(iter(row.values())): row for row in rows}
