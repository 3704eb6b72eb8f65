"""Guess what each column of a file is."""

from collections.abc import Sequence

import duckdb

from schemas.code_lists import code_list
from transforms.statistics.dataset.columns import columns_of
from transforms.statistics.dataset.dataset_toml import CODED, NUMBERS, TOTAL, Dataset
from transforms.statistics.describe import guess_codes
from transforms.statistics.describe import profile as facts
from transforms.statistics.describe.guess_layout import is_period
from transforms.statistics.describe.profile import Column

_MOST_PARTS = 500  # codes of a breakdown; a column with more is a text about single rows
_MOSTLY = 0.9
TABLES = ("csv", "xlsx", "parquet")  # formats that do not say which column is what


def sort_columns(con: duckdb.DuckDBPyConnection, columns: Sequence[Column], dataset: Dataset) -> None:
    """Say of each column what it becomes: `target`, "" where it only explains, None where it may hold values."""
    is_table = dataset.format in TABLES
    ours = columns_of([column.name for column in columns], dataset)
    for target, place in ours.places.items():
        columns[place].target, columns[place].is_ours = target, True
    for before, column in zip([None, *columns], columns, strict=False):
        if is_table and column.target is None and before and _is_name(con, before, column):
            column.target, column.names = "", before.name
    for column in columns:
        if column.target is None:
            column.target = _by_name(column, columns)
            column.is_sure = False
    _find_value(columns)
    if dataset.format in ("sdmx-csv", "sdmx-ml"):
        _set_attributes_aside(columns)
    for column in columns:
        if column.target is None and not (is_table and _may_be_value(column, columns)):
            column.target = _rest(column, is_dimension=not is_table)


def _is_name(con: duckdb.DuckDBPyConnection, before: Column, column: Column) -> bool:
    """Whether a column only names the codes in the one before it, as UNICEF's answers have it."""
    if column.numeric > _MOSTLY or before.target in (*NUMBERS, "time_period") or not column.distinct:
        return False
    code, name = guess_codes.plain(before.name), guess_codes.plain(column.name)
    is_alike = name in (code, "name", "label", f"{code} name", f"{code} label") or (
        before.name == before.name.upper() and column.name != column.name.upper()
    )
    names = facts.names_of(con, before, column) if is_alike and before.distinct <= facts.MOST_CODES else None
    if names:
        before.labels = names
    return names is not None


def _by_name(column: Column, columns: Sequence[Column]) -> str | None:
    target = guess_codes.concept(column.name)
    if target and target in {other.target for other in columns}:
        return None
    rivals = [other for other in columns if other.target is None and guess_codes.concept(other.name) == target]
    if target in CODED and column is not max(rivals, key=lambda other: _known(other, target)):
        return None  # the UN's CSV has Indicator 3.2.1 and SeriesCode SH_DYN_MORT
    is_wrong = target in NUMBERS and column.numeric < 1 - _MOSTLY
    return None if is_wrong else target


def _known(column: Column, target: str) -> int:
    """How many of a column's codes npa's list of one of ours has."""
    listed = code_list(target)
    return sum(code in listed for code, _ in column.codes)


def _find_value(columns: Sequence[Column]) -> None:
    """Where the series has a column of its own, the last column of numbers is the value."""
    targets = {column.target for column in columns}
    if "obs_value" in targets or "statistic_id" not in targets or "time_period" not in targets:
        return
    for column in reversed(columns):
        if _may_be_value(column, columns) and not is_period(column.name):
            column.target = "obs_value"
            return


def _may_be_value(column: Column, columns: Sequence[Column]) -> bool:
    has_value = "obs_value" in {other.target for other in columns}
    return column.target is None and not has_value and (column.numeric > _MOSTLY or is_period(column.name))


def _set_attributes_aside(columns: Sequence[Column]) -> None:
    """In SDMX the dimensions, of which the period is the last, stand before the attributes."""
    period = next((column.place for column in columns if column.target == "time_period"), len(columns))
    for column in columns:
        if column.target is None and column.place > period:
            column.target = ""


def _rest(column: Column, *, is_dimension: bool) -> str:
    if column.name.lower() in CODED:
        return ""  # a second column of one of ours
    if code_list(column.name.lower()) or {code for code, _ in column.codes} <= {TOTAL, ""}:
        return "other_breakdown"
    least = 0 if is_dimension else 1  # a dimension of a cube has its meaning, even where a file has one code of it
    return "other_breakdown" if least < column.distinct <= _MOST_PARTS else ""
