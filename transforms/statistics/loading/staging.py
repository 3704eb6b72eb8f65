"""The staging tables of a data set: one a file, with codes as ENUMs and values as numbers, and nothing lost.

Made for tens of millions of rows (TRAPS): a code that no list knows costs one cast, numbers of rows are those of the
table, and text that is no number or no plain period is looked at once a spelling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from schemas.generated import ddl
from transforms.statistics.dataset.codes import UNKNOWN, Vocabulary, list_of, vocabulary
from transforms.statistics.dataset.columns import Columns
from transforms.statistics.dataset.dataset_toml import CODED, NUMBERS, Dataset

_BLANKS = "'[\\s\\p{Z}]+'"


@dataclass(slots=True)
class Staging:
    """The staging tables of one data set in the current database of `con`."""

    con: duckdb.DuckDBPyConnection
    dataset: Dataset
    words: Mapping[str, Vocabulary]
    files: list["StagedFile"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StagedFile:
    """One file in its staging table: where it came from, and how its rows are numbered."""

    table: str
    path: str  # relative to the folder of raw data
    first_row: int | None  # None: the table has a column source_row
    columns: Columns
    names: Sequence[str]  # of the file's columns, as the producer has them


def prepare(con: duckdb.DuckDBPyConnection, dataset: Dataset, declared: Mapping[str, str]) -> dict[str, Vocabulary]:
    """Make an ENUM of every coded column, v_<column>, and one for each other breakdown that npa has a list of.

    `declared` has the series that the plans' links declare: code → name."""
    vocabularies = {}
    others = [list_of(name) for name, target in dataset.concepts.items() if target == "other_breakdown"]
    for column in dict.fromkeys((*CODED, *filter(None, others))):
        words = vocabulary(column, dataset, declared if column == "statistic_id" else {})
        if words.names or column in CODED:
            vocabularies[column] = words
            values = ", ".join(map(ddl.literal, words.values))
            con.execute(f'CREATE TYPE "v_{column}" AS ENUM ({values})')
    return vocabularies


def stage(staging: Staging, file: StagedFile) -> None:
    """Fill the staging table of a file from the view source_<table>, which has the columns c0, c1, …"""
    places, dataset, words = file.columns.places, staging.dataset, staging.words
    values = [f"{_value(column, places, dataset, words[column])} AS {column}" for column in CODED]
    for number, (name, place) in enumerate(file.columns.others.items()):
        known = words.get(list_of(name))
        values.append(f"{coded(f'c{place}', known) if known else f'c{place}'} AS other_{number}")
    values.append(f"{raw('time_period', places, dataset)} AS time_period")
    for column in NUMBERS:
        is_said = column in places or column in dataset.constants
        text = f"CASE WHEN {_is_text(column, dataset)} THEN t_{column} END" if is_said else "NULL::VARCHAR"
        values += [f"x_{column} AS {column}" if is_said else f"NULL::DOUBLE AS {column}", f"{text} AS {column}_text"]
    if file.first_row is None:
        values.append("source_row")
    numbered = _numbers(places, f"source_{file.table}", dataset)
    staging.con.execute(f"CREATE TABLE {file.table} AS SELECT {', '.join(values)} FROM ({numbered})")
    staging.files.append(file)


def _numbers(places: Mapping[str, int], source: str, dataset: Dataset) -> str:
    """The source, with each number as a number beside its text."""
    numbers = []
    for column in (name for name in NUMBERS if name in places or name in dataset.constants):
        text = raw(column, places, dataset)
        plain = f"CASE WHEN contains({text}, '.') THEN NULL ELSE replace({text}, ',', '.') END"
        numbers += [
            f"{text} AS t_{column}",
            f"try_cast({plain if dataset.decimal == ',' else text} AS DOUBLE) AS x_{column}",
        ]
    return f"SELECT {', '.join(['*', *numbers])} FROM {source}"


def _value(column: str, places: Mapping[str, int], dataset: Dataset, words: Vocabulary) -> str:
    """A coded column as a value of its ENUM; what is the same on every row is looked up here, not on each row."""
    if column in places:
        return coded(f"c{places[column]}", words)
    constant = dataset.constants.get(column)
    value = words.missing if constant is None else str(constant)
    return f'{ddl.literal(value if value in words.codes else UNKNOWN)}::"v_{column}"'


def _is_text(column: str, dataset: Dataset) -> str:
    """Whether a number needs a second look: none, no finite one, written as only programs do, or a mark (-99)."""
    test = f"x_{column} IS NULL OR NOT isfinite(x_{column}) OR contains(t_{column}, '_')"
    marks = [ddl.literal(mark) for mark in dataset.marks if any(character.isdigit() for character in mark)]
    return f"{test} OR t_{column} IN ({', '.join(marks)})" if marks else test


def raw(column: str, places: Mapping[str, int], dataset: Dataset) -> str:
    """What a file says about a column, as text."""
    if column in places:
        return f"c{places[column]}"
    constant = dataset.constants.get(column)
    return "NULL::VARCHAR" if constant is None else ddl.literal(str(constant))


def folded(text: str) -> str:
    """SQL: a text with every run of white space one space, and its ends trimmed."""
    return f"trim(regexp_replace({text}, {_BLANKS}, ' ', 'g'))"


def coded(text: str, words: Vocabulary) -> str:
    """SQL: a text as a value of its column's ENUM. The second and third look are taken only where the first fails."""
    kind = f'"v_{words.column}"'
    return (
        f"coalesce(try_cast({text} AS {kind}), try_cast({folded(text)} AS {kind}), "
        f"CASE WHEN coalesce({folded(text)}, '') = '' THEN {ddl.literal(words.missing)} ELSE '{UNKNOWN}' END::{kind})"
    )
