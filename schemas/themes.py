"""The themes that npa lists: the clusters under which the Committee on the Rights of the Child reads reports."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def themes() -> Mapping[str, Mapping[str, str]]:
    """Return theme → row of `themes.csv`: theme, scheme, name, source."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return {row["theme"]: row for row in csv.DictReader(file)}
