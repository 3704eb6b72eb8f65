"""The staging tables of a data set, one for each file, with codes as ENUMs and values as numbers; and views of them:

- `observation`: one row per row of a file that [keep] takes, its codes as the producer has them.
- `published`: one row per row of `observation`, in our codes, columns as in fact_statistic.

For tens of millions of rows: an unknown code costs one cast, row numbers are those of the table, and a text that is no
plain number or period is read once for each spelling."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from schemas.generated import ddl
from transforms.statistics.composites.reading import Read
from transforms.statistics.dataset.columns import MISSING, UNKNOWN, Columns, Vocabulary, list_of, vocabulary
from transforms.statistics.dataset.dataset_toml import BREAKDOWNS, CODED, NUMBERS, TOTAL, Dataset, Origin
from transforms.statistics.loading.other_breakdown import part
from transforms.statistics.loading.sources import origin
from transforms.text.lines import fold

# The key of fact_statistic within one data set.
KEY = ("statistic_id", "freq", "reporting_type", "ref_area", "sex", "age", "urbanisation", "income_wealth_quantile",
       "education_lev", "disability_status", "other_breakdown", "time_period")  # fmt: skip
MEASURES = ("obs_value", "unit_measure", "unit_mult", "obs_status", "nature", "lower_bound", "upper_bound")
ORIGIN = tuple(Origin.model_fields)
_BLANKS = "'[\\s\\p{Z}]+'"

Labels = Mapping[str, Mapping[str, str]]  # column → code → the producer's label
Printed = dict[str, dict[str, list[str]]]  # column → code → each label that the file or its structures print


@dataclass(slots=True)
class Staging:
    """The staging tables of one data set in the current database of `con`."""

    con: duckdb.DuckDBPyConnection
    dataset: Dataset
    words: Mapping[str, Vocabulary]
    files: list["StagedFile"] = field(default_factory=list)
    blank: set[str] = field(default_factory=set)  # coded breakdowns with blank cells


@dataclass(frozen=True, slots=True)
class StagedFile:
    """One file in its staging table."""

    table: str
    path: str  # relative to the folder of raw data
    first_row: int | None  # None: the table has a column source_row
    columns: Columns
    names: Sequence[str]  # of the file's columns, as the producer has them
    row_labels: Mapping[int, Mapping[str, str]] = field(default_factory=dict)  # row → letter of a column → label
    composite: Mapping[str, Sequence[Read]] = field(default_factory=dict)  # column → each of its codes, as read
    composed: Collection[int] = ()  # places of the columns that these codes give
    labels: Printed = field(default_factory=dict)

    def add_labels(self, labels: Labels) -> None:
        """Add what a source of labels says."""
        for column, named in labels.items():
            for code, label in named.items():
                self.labels.setdefault(column, {}).setdefault(fold(code), []).append(fold(label))


def prepare(con: duckdb.DuckDBPyConnection, dataset: Dataset, declared: Mapping[str, str]) -> dict[str, Vocabulary]:
    """Return the codes of every coded column and every other breakdown that npa has a list of; make an ENUM v_<column>.

    `declared`: the series that the plans' links declare, code → name."""
    others = [list_of(name) for name, target in dataset.concepts.items() if target == "other_breakdown"]
    columns = dict.fromkeys((*CODED, *filter(None, others)))
    words = {column: vocabulary(column, dataset, declared if column == "statistic_id" else {}) for column in columns}
    words = {column: known for column, known in words.items() if known.names or column in CODED}
    for column, known in words.items():
        con.execute(f'CREATE TYPE "v_{column}" AS ENUM ({", ".join(map(ddl.literal, known.values))})')
    return words


def stage(staging: Staging, file: StagedFile, rows: str, labels: Labels) -> None:
    """Fill the staging table of a file by way of the views rows_<table> and source_<table>, from the table `rows`,
    whose columns are c0, c1, … In source_<table> a label replaces its code where dataset.toml names the label."""
    places, dataset, words = file.columns.places, staging.dataset, staging.words
    staging.con.execute(f"CREATE VIEW rows_{file.table} AS FROM {rows}")
    staging.con.execute(f"CREATE VIEW source_{file.table} AS {_by_label(file, rows, labels, words)}")
    values = [f"{_value(column, places, dataset, words[column])} AS {column}" for column in CODED]
    for number, (name, place) in enumerate(file.columns.others.items()):
        known = words.get(list_of(name))
        values.append(f"{coded(f'c{place}', known) if known else f'c{place}'} AS other_{number}")
    values.append(f"coalesce({raw('time_period', places, dataset)}, '') AS time_period")  # "" may be mapped
    values.append(f"{folded(raw('survey', places, dataset))} AS survey")
    numbers = []  # as numbers, next to their texts
    for column in NUMBERS:
        text = raw(column, places, dataset)
        plain = f"CASE WHEN contains({text}, '.') THEN NULL ELSE replace({text}, ',', '.') END"
        numbers.append(f"{text} AS t_{column}")
        numbers.append(f"try_cast({plain if dataset.decimal == ',' else text} AS DOUBLE) AS x_{column}")
        values.append(f"x_{column} AS {column}")
        values.append(f"CASE WHEN {_is_text(column, dataset)} THEN t_{column} END AS {column}_text")
    for number, name in enumerate(dataset.kept_aside()):
        values.append(f"{folded(f'c{file.names.index(name)}')} AS aside_{number}")
    if file.first_row is None:
        values.append("source_row")
    numbered = f"SELECT *, {', '.join(numbers)} FROM source_{file.table}"
    staging.con.execute(f"CREATE TABLE {file.table} AS SELECT {', '.join(values)} FROM ({numbered})")
    staging.files.append(file)


def _value(column: str, places: Mapping[str, int], dataset: Dataset, words: Vocabulary) -> str:
    """Return SQL: a coded column as a value of its ENUM; what is the same in every row is looked up here."""
    if column in places:
        return coded(f"c{places[column]}", words)
    constant = dataset.constants.get(column)
    value = words.absent if constant is None else str(constant)
    return f'{ddl.literal(value if value in words.codes else UNKNOWN)}::"v_{column}"'


def _is_text(column: str, dataset: Dataset) -> str:
    """Return SQL: true if a text needs a second look: no finite number, written as programs do, or a mark (-99)."""
    test = f"x_{column} IS NULL OR NOT isfinite(x_{column}) OR contains(t_{column}, '_')"
    marks = [ddl.literal(fold(mark)) for mark in dataset.marks if any(character.isdigit() for character in mark)]
    return f"{test} OR {folded(f't_{column}')} IN ({', '.join(marks)})" if marks else test


def raw(column: str, places: Mapping[str, int], dataset: Dataset) -> str:
    """Return SQL: what a file says about a column, as text."""
    if column in places:
        return f"c{places[column]}"
    constant = dataset.constants.get(column)
    return "NULL::VARCHAR" if constant is None else ddl.literal(str(constant))


def numbered(file: StagedFile) -> str:
    """Return SQL: the number of a row in rows_<table> and source_<table>."""
    return "source_row" if file.first_row is None else f"row_number() OVER () + {file.first_row - 1}"


def folded(text: str) -> str:
    """Return SQL: a text with every run of white space one space, and its ends trimmed."""
    return f"trim(regexp_replace({text}, {_BLANKS}, ' ', 'g'))"


def coded(text: str, words: Vocabulary) -> str:
    """Return SQL: a text as a value of its column's ENUM. The second and third look come where the first fails."""
    kind, trimmed = f'"v_{words.column}"', folded(text)
    again = f"CASE WHEN {trimmed} <> {text} THEN try_cast({trimmed} AS {kind}) END"  # a cast that fails takes 20 µs
    return (
        f"coalesce(try_cast({text} AS {kind}), {again}, "
        f"CASE WHEN coalesce({trimmed}, '') = '' THEN {ddl.literal(words.missing)} ELSE '{UNKNOWN}' END::{kind})"
    )


def _by_label(file: StagedFile, rows: str, labels: Labels, words: Mapping[str, Vocabulary]) -> str:
    columns = {place: words[column] for column, place in file.columns.places.items() if column in words}
    columns |= {place: words[list_of(name)] for name, place in file.columns.others.items() if list_of(name) in words}
    replaced = []
    for place, known in columns.items():
        named = labels.get(file.names[place], {}).items()
        if cases := {code: label for code, label in named if _is_by_label(code, label, known)}:
            replaced.append(f"{_mapped(f'c{place}', cases)} AS c{place}")
    changed = f" REPLACE ({', '.join(replaced)})" if replaced else ""
    return f"SELECT *{changed} FROM {rows}"


def _is_by_label(code: str, label: str, words: Vocabulary) -> bool:
    """Return True if a label says which code of ours it is: dataset.toml names it and not the code, though npa's list
    may have the code (M, Mujeres); or only the label is known."""
    is_stated = label in words.stated and code not in words.stated
    return is_stated or (label in words.codes and code not in words.codes)


def observe(staging: Staging) -> None:
    """Make the view `observation`."""
    dataset, words = staging.dataset, staging.words
    numbers = ", ".join(f"{column}, {column}_text" for column in NUMBERS)
    queries = [
        f"""SELECT {", ".join(CODED)}, {_others(file, dataset, words)} AS other_breakdown, time_period, survey,
                   {numbers}, {ddl.literal(file.path)} AS source_file,
                   {"source_row" if file.first_row is None else f"rowid + {file.first_row}"} AS source_row,
                   rowid AS staged_row
            FROM {file.table} WHERE {is_kept(dataset, words)}"""
        for file in staging.files
    ]
    staging.con.execute("CREATE VIEW observation AS " + " UNION ALL ".join(queries))


def is_kept(dataset: Dataset, words: Mapping[str, Vocabulary], source: StagedFile | None = None) -> str:
    """Return SQL: true if [keep] takes a row of a staging table, of unknown codes none; with `source`, a row of the
    file's view source_<table>."""
    conditions = ["true"]
    for column in (name for name in dataset.keep if name in CODED):
        value = coded(raw(column, source.columns.places, dataset), words[column]) if source else column
        texts = [ddl.literal(text) for text, ours in words[column].codes.items() if ours in dataset.keep[column]]
        conditions.append(f"{value} IN ({', '.join(texts)})" if texts else "false")
    for number, column in enumerate(dataset.kept_aside()):
        value = folded(f"c{source.names.index(column)}") if source else f"aside_{number}"
        texts = [ddl.literal(fold(text)) for text in dataset.keep[column]]
        conditions.append(f"coalesce({value}, '') IN ({', '.join(texts)})" if texts else "false")
    return " AND ".join(conditions)


def _others(file: StagedFile, dataset: Dataset, words: Mapping[str, Vocabulary]) -> str:
    """Return SQL: other_breakdown, its parts sorted by the name of the column."""
    are_totals, parts, total = [], [], ddl.literal(TOTAL)
    for number, name in sorted(enumerate(file.columns.others), key=lambda pair: pair[1]):
        column, known = f"other_{number}", words.get(list_of(name))
        missing = ddl.literal(known.missing) if known else "''"
        codes = known.codes if known else dataset.codes.get(name, {})
        is_total = f"{column} IN ({total}, {missing})"  # a quick look, unless [codes] says what a blank cell means
        are_totals.append("false" if codes.get("", TOTAL) != TOTAL else f"coalesce({is_total}, true)")
        printed = f"coalesce({folded(column)}, '')" if "" in codes else folded(column)
        code = ours(column, known) if known else _mapped(printed, codes)
        is_total = f"coalesce({code}, '') IN ('', {total}, {missing})"
        parts.append(f"CASE WHEN NOT {is_total} THEN {part(name, code)} END")
    if not parts:
        return total
    joined = f"coalesce(nullif(concat_ws(';', {', '.join(parts)}), ''), {total})"
    return f"CASE WHEN {' AND '.join(are_totals)} THEN {total} ELSE {joined} END"


def _mapped(text: str, codes: Mapping[str, str]) -> str:
    cases = "".join(f" WHEN {ddl.literal(code)} THEN {ddl.literal(ours)}" for code, ours in codes.items())
    return f"CASE {text}{cases} ELSE {text} END" if cases else text


def ours(column: str, words: Vocabulary, *, is_filled: bool = False) -> str:
    """Return SQL: our code for a value of a staging table's ENUM; NULL where the file says nothing. `is_filled`: no
    value is MISSING."""
    if is_filled and all(text == code for text, code in words.codes.items() if text != MISSING):
        return f"{column}::VARCHAR"
    codes = [words.codes.get(value, UNKNOWN) for value in words.values]
    listed = ", ".join("NULL" if code.startswith("?") else ddl.literal(code) for code in codes)
    return f"list_extract([{listed}], enum_code({column}) + 1)"


def _unit(series: str, units: Mapping[str, str | None]) -> str:
    """Return SQL: the unit that the data set defines for a series, or NULL. `series`: SQL of its code."""
    cases = "".join(f" WHEN {ddl.literal(code)} THEN {ddl.literal(unit)}" for code, unit in units.items() if unit)
    return f"CASE {series}{cases} END" if cases else "NULL"


def publish(staging: Staging) -> None:
    """Make the view `published`. `read_text` (text, value, status) has the meaning of texts that are no plain numbers,
    `read_period` (text, time_period, freq) of every period."""
    texts = dict(zip(NUMBERS, "tlu", strict=True))  # number → alias of read_text
    values = {c: f"CASE WHEN o.{c}_text IS NULL THEN o.{c} ELSE {text}.value END" for c, text in texts.items()}
    filled = {*BREAKDOWNS} - staging.blank
    values |= {c: ours(f"o.{c}", staging.words[c], is_filled=c in filled) for c in CODED}
    values |= {"other_breakdown": "o.other_breakdown", "time_period": "p.time_period"}
    values["freq"] = f"coalesce({values['freq']}, p.freq)"
    if units := {code: series.unit_measure for code, series in staging.dataset.defined("statistic_id")}:
        values["unit_measure"] = f"coalesce({values['unit_measure']}, {_unit(values['statistic_id'], units)})"
    values["unit_mult"] = f"{values['unit_mult']}::INTEGER"
    blank = ddl.literal(staging.dataset.marks.get("", "O"))
    missing = f"CASE WHEN {values['obs_value']} IS NULL THEN if(o.obs_value_text IS NULL, {blank}, 'O') END"
    values["obs_status"] = f"coalesce(t.status, {values['obs_status']}, {missing})"
    joins = " ".join(f"LEFT JOIN read_text AS {text} ON {text}.text = o.{c}_text" for c, text in texts.items())
    values["survey"] = f"nullif({_mapped('o.survey', staging.dataset.codes.get('survey', {}))}, '')"
    columns = ", ".join(f"{values[column]} AS {column}" for column in (*KEY, *MEASURES, "survey"))
    stated = ", ".join(f"{origin(staging.dataset, column)} AS {column}" for column in ORIGIN)
    staging.con.execute(f"""CREATE VIEW published AS
                            SELECT * EXCLUDE (survey), {stated}
                            FROM (SELECT {columns}, source_file, source_row::INTEGER AS source_row, staged_row
                                  FROM observation AS o JOIN read_period AS p ON p.text = o.time_period {joins})""")
