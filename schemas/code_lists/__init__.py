"""The code lists beside this file: codes of SDMX columns with their names and sources, as data (code_lists/*.csv)."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def code_list(column: str) -> Mapping[str, Mapping[str, str]]:
    """The list of a column of fact_statistic (`sex`, `ref_area`, …): code → its row; empty where there is no list."""
    path = FOLDER / f"{column}.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {next(iter(row.values())): row for row in rows}
