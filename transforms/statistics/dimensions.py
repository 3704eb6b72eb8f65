"""Dimensions of official statistics: npa's lists, what data sets define, what links declare."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schemas.code_list import code_list
from transforms.problems import Problem
from transforms.rows import Rows


def add_dimensions(
    rows: Rows,
    datasets: Iterable[Mapping[str, Any]],
    series: Iterable[Mapping[str, Any]],
    areas: Iterable[Mapping[str, Any]],
) -> Iterator[Problem]:
    """Add rows of dim_dataset, dim_statistic and dim_area. `series` and `areas` stand in none of npa's lists; one that
    is told twice must be told alike."""
    for row in datasets:
        rows.add("dim_dataset", **row)
    yield from _add(rows, "dim_statistic", code_list("statistic_id").items(), series)
    yield from _add(rows, "dim_area", code_list("ref_area").items(), areas)


def _add(
    rows: Rows, table: str, listed: Iterable[tuple[str, Mapping[str, str]]], defined: Iterable[Mapping[str, Any]]
) -> Iterator[Problem]:
    (key, *_), columns = _COLUMNS[table], _COLUMNS[table]
    found: dict[str, dict[str, Any]] = {
        code: {key: code, **{name: row[name] or None for name in columns[1:]}} for code, row in listed
    }
    for row in found.values():
        if "level" in row:
            row["level"] = int(row["level"])
    for told in defined:
        code = told[key]
        if code in found and found[code] != dict(told):
            what = f"{key} is defined in two ways, or stands in npa's own list"
            yield Problem(f"raw/statistics: [define.{key}]", 0, what, "Define it once, or alike.", code)
        found.setdefault(code, dict(told))
    for row in found.values():
        rows.add(table, **row)


_COLUMNS = {
    "dim_statistic": ("statistic_id", "name", "unit_measure", "code_list", "sdg_indicator"),
    "dim_area": ("ref_area", "name", "parent_ref_area", "level", "iso3", "m49", "p_code"),
}
