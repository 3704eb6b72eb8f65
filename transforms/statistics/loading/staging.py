"""The staging tables of a data set: one for each file, with codes as ENUMs and values as numbers, and nothing lost.

For tens of millions of rows: an unknown code costs one cast, row numbers are those of the table, and a text that is no
plain number or period is read once for each spelling."""

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
    """One file in its staging table."""

    table: str
    path: str  # relative to the folder of raw data
    first_row: int | None  # None: the table has a column source_row
    columns: Columns
    names: Sequence[str]  # of the file's columns, as the producer has them


def prepare(con: duckdb.DuckDBPyConnection, dataset: Dataset, declared: Mapping[str, str]) -> dict[str, Vocabulary]:
    """Return the codes of every coded column and every other breakdown that npa has a list of; make an ENUM v_<column>.

    `declared`: the series that the plans' links declare, code → name."""
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
        text = f"CASE WHEN {_is_text(column, dataset)} THEN t_{column} END"
        values += [f"x_{column} AS {column}", f"{text} AS {column}_text"]
    if file.first_row is None:
        values.append("source_row")
    numbered = _numbers(places, f"source_{file.table}", dataset)
    staging.con.execute(f"CREATE TABLE {file.table} AS SELECT {', '.join(values)} FROM ({numbered})")
    staging.files.append(file)


def _numbers(places: Mapping[str, int], source: str, dataset: Dataset) -> str:
    """SQL: the source, with each number as a number next to its text."""
    numbers = []
    for column in NUMBERS:
        text = raw(column, places, dataset)
        plain = f"CASE WHEN contains({text}, '.') THEN NULL ELSE replace({text}, ',', '.') END"
        number = f"try_cast({plain if dataset.decimal == ',' else text} AS DOUBLE)"
        numbers += [f"{text} AS t_{column}", f"{number} AS x_{column}"]
    return f"SELECT {', '.join(['*', *numbers])} FROM {source}"


def _value(column: str, places: Mapping[str, int], dataset: Dataset, words: Vocabulary) -> str:
    """SQL: a coded column as a value of its ENUM; what is the same in every row is looked up here, not in each row."""
    if column in places:
        return coded(f"c{places[column]}", words)
    constant = dataset.constants.get(column)
    value = words.missing if constant is None else str(constant)
    return f'{ddl.literal(value if value in words.codes else UNKNOWN)}::"v_{column}"'


def _is_text(column: str, dataset: Dataset) -> str:
    """SQL: true if a text needs a second look: no finite number, written as only programs do, or a mark (-99)."""
    test = f"x_{column} IS NULL OR NOT isfinite(x_{column}) OR contains(t_{column}, '_')"
    marks = [ddl.literal(mark) for mark in dataset.marks if any(character.isdigit() for character in mark)]
    return f"{test} OR t_{column} IN ({', '.join(marks)})" if marks else test


def raw(column: str, places: Mapping[str, int], dataset: Dataset) -> str:
    """SQL: what a file says about a column, as text."""
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


def by_label(
    file: StagedFile, rows: str, labels: Mapping[str, Mapping[str, str]], words: Mapping[str, Vocabulary]
) -> str:
    """SQL: the rows of a file, with a producer's label in place of its code where dataset.toml names the label."""
    columns = {place: words[column] for column, place in file.columns.places.items() if column in words}
    columns |= {place: words[list_of(name)] for name, place in file.columns.others.items() if list_of(name) in words}
    replaced = []
    for place, known in columns.items():
        named = labels.get(file.names[place], {}).items()
        cases = [(code, label) for code, label in named if code not in known.codes and label in known.codes]
        if cases:
            whens = " ".join(f"WHEN {ddl.literal(code)} THEN {ddl.literal(label)}" for code, label in cases)
            replaced.append(f"CASE c{place} {whens} ELSE c{place} END AS c{place}")
    changed = f" REPLACE ({', '.join(replaced)})" if replaced else ""
    return f"SELECT *{changed} FROM {rows}"
