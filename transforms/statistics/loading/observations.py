"""From the staging tables of a data set to its rows of fact_statistic: SQL views, nothing copied.

- `observation`: one row per row of a file that [keep] takes, its codes as the producer has them.
- `published`: one row per row of `observation`, in our codes, columns as in fact_statistic."""

from collections.abc import Mapping, Sequence

from schemas.generated import ddl
from transforms.statistics.dataset.codes import UNKNOWN, Vocabulary, list_of
from transforms.statistics.dataset.dataset_toml import CODED, NUMBERS, TOTAL, Dataset
from transforms.statistics.loading.staging import StagedFile, Staging, folded

# The key of fact_statistic within one data set.
KEY = (
    "statistic_id",
    "freq",
    "reporting_type",
    "ref_area",
    "sex",
    "age",
    "urbanisation",
    "income_wealth_quantile",
    "education_lev",
    "disability_status",
    "other_breakdown",
    "time_period",
)
MEASURES = ("obs_value", "unit_measure", "unit_mult", "obs_status", "nature", "lower_bound", "upper_bound")


def observe(staging: Staging) -> None:
    """Make the view `observation`."""
    each = [_observed(file, staging.dataset, staging.words) for file in staging.files]
    staging.con.execute("CREATE VIEW observation AS " + " UNION ALL ".join(each))


def _observed(file: StagedFile, dataset: Dataset, words: Mapping[str, Vocabulary]) -> str:
    texts = ", ".join(f"{column}, {column}_text" for column in NUMBERS)
    row = "source_row" if file.first_row is None else f"rowid + {file.first_row}"
    return (
        f"SELECT {', '.join(CODED)}, {_others(file, dataset, words)} AS other_breakdown, time_period, {texts}, "
        f"{ddl.literal(file.path)} AS source_file, {row} AS source_row FROM {file.table} WHERE {kept(dataset, words)}"
    )


def kept(dataset: Dataset, words: Mapping[str, Vocabulary]) -> str:
    """SQL: whether [keep] takes a row of a staging table. A code that nobody knows is not kept."""
    return " AND ".join(["true", *(one_of(column, words[column], codes) for column, codes in keeps(dataset, words))])


def keeps(dataset: Dataset, words: Mapping[str, Vocabulary]) -> list[tuple[str, list[str]]]:
    """[keep] as far as it names coded columns."""
    return [(column, codes) for column, codes in dataset.keep.items() if column in words]


def one_of(coded: str, words: Vocabulary, codes: Sequence[str]) -> str:
    """SQL: whether a value of a staging table's ENUM is one of our codes."""
    printed = [ddl.literal(said) for said, ours in words.codes.items() if ours in codes]
    return f"{coded} IN ({', '.join(printed)})" if printed else "false"


def _others(file: StagedFile, dataset: Dataset, words: Mapping[str, Vocabulary]) -> str:
    """SQL: breakdowns without a column of their own, CONCEPT=CODE, sorted, joined by ;."""
    total, parts = [], []
    for number, name in sorted(enumerate(file.columns.others), key=lambda pair: pair[1]):
        column = f"other_{number}"
        known = words.get(list_of(name))
        missing = ddl.literal(known.missing) if known else "''"
        total.append(f"coalesce({column} IN ({ddl.literal(TOTAL)}, {missing}), true)")
        code = _other_code(column, name, dataset, known)
        is_total = f"coalesce({code}, '') IN ('', {ddl.literal(TOTAL)}, {missing})"
        parts.append(f"CASE WHEN NOT {is_total} THEN {ddl.literal(name)} || '=' || {code} END")
    if not parts:
        return ddl.literal(TOTAL)
    joined = f"coalesce(nullif(concat_ws(';', {', '.join(parts)}), ''), {ddl.literal(TOTAL)})"
    return f"CASE WHEN {' AND '.join(total)} THEN {ddl.literal(TOTAL)} ELSE {joined} END"


def _other_code(column: str, name: str, dataset: Dataset, known: Vocabulary | None) -> str:
    if known:
        return ours(column, known)
    said = folded(column)
    cases = "".join(f" WHEN {ddl.literal(a)} THEN {ddl.literal(b)}" for a, b in dataset.codes.get(name, {}).items())
    return f"CASE {said}{cases} ELSE {said} END" if cases else said


def ours(column: str, words: Vocabulary) -> str:
    """SQL: our code for a value of a staging table's ENUM; NULL where the file says nothing."""
    known = [code for code in words.values if code != UNKNOWN and words.codes[code] is not None]
    if all(words.codes[code] == code for code in known) and words.missing == TOTAL:
        return f"{column}::VARCHAR"
    each = [words.codes.get(value) for value in words.values]
    listed = ", ".join("NULL" if c is None or c.startswith("?") else ddl.literal(c) for c in each)
    return f"list_extract([{listed}], enum_code({column}) + 1)"


def publish(staging: Staging) -> None:
    """Make the view `published`; `read_text` (text, value, status) says what a text that is no plain number means,
    `read_period` (text, time_period, freq) what a period that is not written as ours."""
    codes = {column: ours(f"o.{column}", staging.words[column]) for column in CODED}
    codes["freq"] = f"coalesce({codes['freq']}, p.freq)"
    codes["unit_mult"] = f"{codes['unit_mult']}::INTEGER"
    codes["obs_status"] = (
        f"coalesce(t.status, {codes['obs_status']}, CASE WHEN {_value('obs_value', 't')} IS NULL THEN 'O' END)"
    )
    values = {
        **codes,
        "other_breakdown": "o.other_breakdown",
        "time_period": "p.time_period",
        "obs_value": _value("obs_value", "t"),
        "lower_bound": _value("lower_bound", "l"),
        "upper_bound": _value("upper_bound", "u"),
    }
    columns = ", ".join(f"{values[column]} AS {column}" for column in (*KEY, *MEASURES))
    staging.con.execute(
        f"""CREATE VIEW published AS
            SELECT {columns}, source_file, source_row::INTEGER AS source_row
            FROM observation AS o
            JOIN read_period AS p ON p.text = o.time_period
            LEFT JOIN read_text AS t ON t.text = o.obs_value_text
            LEFT JOIN read_text AS l ON l.text = o.lower_bound_text
            LEFT JOIN read_text AS u ON u.text = o.upper_bound_text"""
    )


def _value(column: str, reading: str) -> str:
    return f"CASE WHEN o.{column}_text IS NULL THEN o.{column} ELSE {reading}.value END"
