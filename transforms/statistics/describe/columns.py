"""The columns of a file: what is in them, and which of our columns each one seems to be.

The rows are in the table `looked`, as text in c0, c1, …"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import duckdb

from schemas.code_lists import code_list
from transforms.statistics.composites.composed import Composed
from transforms.statistics.dataset.columns import columns_of, spellings
from transforms.statistics.dataset.composite import Composite
from transforms.statistics.dataset.dataset_toml import CODED, NUMBERS, TOTAL, Dataset
from transforms.statistics.describe import codes as guesses
from transforms.statistics.describe.composites import breakdowns_read, composite_of
from transforms.statistics.describe.layout import is_period
from transforms.statistics.loading.staging import Labels, folded

TABLES = ("csv", "xlsx", "parquet")  # formats that do not say which column is what
MOST_CODES = 2000  # of a column, the most frequent first
_MOST_PARTS = 500  # codes of a breakdown; a column with more describes single rows
_MOSTLY = 0.9


@dataclass(slots=True)
class Column:
    """A column of a file: its texts with their rows, the most frequent first, and the share of numbers among its filled
    cells. `target`: the column of ours that it becomes, "" if it only explains others, None if nothing shows it."""

    name: str
    place: int
    distinct: int
    blank: int
    codes: Sequence[tuple[str, int]]
    numeric: float
    labels: Mapping[str, str]  # code → name
    target: str | None = None
    is_ours: bool = False  # by its name: it needs no entry in [concepts]
    is_sure: bool = True  # the target is no guess


def read_columns(con: duckdb.DuckDBPyConnection, table: Composed, labels: Labels) -> list[Column]:
    """Return the columns of a file, without targets."""
    columns, rows = [], table.rows
    for place, name in enumerate(table.names):
        text = f"c{place}"
        ((distinct, blank, numeric),) = con.execute(
            f"""SELECT count(DISTINCT {text}), count(*) - count({text}),
                       coalesce(count(try_cast(replace({text}, ',', '.') AS DOUBLE)) / count({text}), 0) FROM {rows}"""
        ).fetchall()
        codes = con.execute(
            f"""SELECT {folded(text)} AS code, count(*) FROM {rows} WHERE {text} IS NOT NULL
                GROUP BY code ORDER BY 2 DESC, 1 LIMIT {MOST_CODES}"""
        ).fetchall()
        columns.append(Column(name, place, distinct, blank, codes, numeric, labels.get(name, {})))
    return columns


def decimal_mark(con: duckdb.DuckDBPyConnection, column: Column, *, is_workbook: bool) -> str:
    """Return the decimal mark of the values in a column. A workbook has numbers that are no text: in it, a comma in
    some texts is enough."""
    text = f"regexp_replace(c{column.place}, '[\\s\\p{{Z}}]', '', 'g')"
    ((comma, point),) = con.execute(
        f"""SELECT bool_or(regexp_full_match({text}, '[-+]?[0-9]+,[0-9]+')),
                   bool_or(regexp_full_match({text}, '[-+]?[0-9]+\\.[0-9]+')) FROM looked"""
    ).fetchall()
    return "," if comma and (is_workbook or not point) else "."


def guess_columns(con: duckdb.DuckDBPyConnection, columns: Sequence[Column], dataset: Dataset) -> None:
    """Set the target of each column, as far as names and contents show it."""
    is_table = dataset.format in TABLES
    for target, place in columns_of([column.name for column in columns], dataset).places.items():
        columns[place].target, columns[place].is_ours = target, columns[place].name not in dataset.concepts
    if is_table:
        _set_names_aside(con, columns)
    for column in columns:
        if column.target is None:
            column.target, column.is_sure = _by_name(column, columns), False
    values = [column for column in columns if _may_be_value(column, columns) and not is_period(column.name)]
    if values and {"statistic_id", "time_period"} <= {column.target for column in columns}:
        values[-1].target = "obs_value"
    dimensions = len(columns)
    if dataset.format in ("sdmx-csv", "sdmx-ml"):  # attributes follow the dimensions, of which the period is the last
        dimensions = next((column.place for column in columns if column.target == "time_period"), dimensions)
    for column in columns:
        if column.target is None and not (is_table and _may_be_value(column, columns)):
            column.target = "" if column.place > dimensions else _breakdown(column, is_dimension=not is_table)


def guess_composite(columns: Sequence[Column], dataset: Dataset) -> Composite | None:
    """Return how the codes of the series may be read if they seem to hide breakdowns; note that their column is that of
    the series, as far as other guesses need it."""
    ours = columns_of([column.name for column in columns], dataset).places
    stated = [column for column in columns if column.place == ours.get("statistic_id")]
    named = [column for column in columns if guesses.concept(column.name) == "statistic_id"]
    guessed = []
    for column in stated or named or columns:
        codes = [code for code, _ in column.codes]
        if column.numeric <= 1 - _MOSTLY and (composite := composite_of(column.name, codes, ours)):
            guessed.append((breakdowns_read(composite, codes), column, composite))
    if not guessed:
        return None
    _, series, composite = max(guessed, key=lambda guess: guess[0])
    series.target = "statistic_id"
    return composite


def _set_names_aside(con: duckdb.DuckDBPyConnection, columns: Sequence[Column]) -> None:
    """Set aside each column that only names the codes of the one next to it."""
    for first, second in pairwise(columns):
        if second.target is None and _is_label(con, first, second):
            second.target = ""
        elif first.target is None and _is_named(second, first) and _is_label(con, second, first):
            first.target = ""  # Indicator Name, Indicator Code


def _is_label(con: duckdb.DuckDBPyConnection, code: Column, name: Column) -> bool:
    """Return True if a column only names the codes of the one before it, as in UNICEF's files; note these names."""
    if name.numeric > _MOSTLY or code.target in (*NUMBERS, "time_period") or not name.distinct:
        return False
    is_alike = _is_named(code, name) or guesses.plain(name.name) in (guesses.plain(code.name), "name", "label")
    if not (is_alike or (code.name.isupper() and not name.name.isupper())) or code.distinct > MOST_CODES:
        return False
    pairs = con.execute(
        f"""SELECT c{code.place}, min(c{name.place}),
                   count(DISTINCT c{name.place}) = 1 AND count(c{name.place}) = count(*)
            FROM looked WHERE c{code.place} IS NOT NULL GROUP BY 1"""
    ).fetchall()
    if not pairs or not all(has_one_name for *_, has_one_name in pairs):
        return False
    code.labels = {text: label for text, label, _ in pairs}
    return True


def _is_named(code: Column, name: Column) -> bool:
    """Return True if a column is named as that of the names of codes: Indicator Code, Indicator Name."""
    first = guesses.plain(code.name)
    stem = first.removesuffix(" code").removesuffix(" id")
    return guesses.plain(name.name) in (f"{part} {what}" for part in (first, stem) for what in ("name", "label"))


def _by_name(column: Column, columns: Sequence[Column]) -> str | None:
    target = guesses.concept(column.name)
    if target and target in {other.target for other in columns}:
        return None
    rivals = [other for other in columns if other.target is None and guesses.concept(other.name) == target]
    if target in CODED:  # the UN's CSV has Indicator 3.2.1 and SeriesCode SH_DYN_MORT
        listed = spellings(target)
        if column is not max(rivals, key=lambda other: sum(code in listed for code, _ in other.codes)):
            return None
    return None if target in NUMBERS and column.numeric < 1 - _MOSTLY else target


def _may_be_value(column: Column, columns: Sequence[Column]) -> bool:
    has_value = "obs_value" in {other.target for other in columns}
    return column.target is None and not has_value and (column.numeric > _MOSTLY or is_period(column.name))


def _breakdown(column: Column, *, is_dimension: bool) -> str:
    if column.name.lower() in CODED:
        return ""  # a second column of one of ours
    has_codes = code_list(column.name.lower()) or {code for code, _ in column.codes} <= {TOTAL, ""}
    least = 0 if is_dimension else 1  # a dimension of a cube has a meaning, even with one code in the file
    return "other_breakdown" if has_codes or least < column.distinct <= _MOST_PARTS else ""
