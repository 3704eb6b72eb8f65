"""From the staging tables of a data set to its rows of fact_statistic: SQL views, nothing copied.

- `observation`: one row per row of a file that [keep] takes, its codes as the producer has them.
- `published`: one row per row of `observation`, in our codes, columns as in fact_statistic."""

from collections.abc import Callable, Mapping

from schemas.generated import ddl
from transforms.statistics.dataset.codes import UNKNOWN, Vocabulary, list_of
from transforms.statistics.dataset.dataset_toml import CODED, NUMBERS, TOTAL, Dataset
from transforms.statistics.loading.staging import StagedFile, Staging, folded

# The key of fact_statistic within one data set.
KEY = ("statistic_id", "freq", "reporting_type", "ref_area", "sex", "age", "urbanisation", "income_wealth_quantile",
       "education_lev", "disability_status", "other_breakdown", "time_period")  # fmt: skip
MEASURES = ("obs_value", "unit_measure", "unit_mult", "obs_status", "nature", "lower_bound", "upper_bound")


def observe(staging: Staging) -> None:
    """Make the view `observation`."""
    queries = [_observed(file, staging.dataset, staging.words) for file in staging.files]
    staging.con.execute("CREATE VIEW observation AS " + " UNION ALL ".join(queries))


def _observed(file: StagedFile, dataset: Dataset, words: Mapping[str, Vocabulary]) -> str:
    numbers = ", ".join(f"{column}, {column}_text" for column in NUMBERS)
    row = "source_row" if file.first_row is None else f"rowid + {file.first_row}"
    others = _others(file, dataset, words)
    return f"""SELECT {", ".join(CODED)}, {others} AS other_breakdown, time_period, {numbers},
                      {ddl.literal(file.path)} AS source_file, {row} AS source_row
               FROM {file.table} WHERE {is_kept(dataset, words)}"""


def is_kept(dataset: Dataset, words: Mapping[str, Vocabulary], value: Callable[[str], str] = str) -> str:
    """SQL: true if [keep] takes a row; unknown codes are not taken. `value`: SQL of a coded column, as its ENUM."""
    conditions = ["true"]
    for column in (name for name in dataset.keep if name in words):
        texts = [ddl.literal(text) for text, ours in words[column].codes.items() if ours in dataset.keep[column]]
        conditions.append(f"{value(column)} IN ({', '.join(texts)})" if texts else "false")
    return " AND ".join(conditions)


def _others(file: StagedFile, dataset: Dataset, words: Mapping[str, Vocabulary]) -> str:
    """SQL: breakdowns without a column of their own, CONCEPT=CODE, sorted, joined by ;."""
    are_totals, parts, total = [], [], ddl.literal(TOTAL)
    for number, name in sorted(enumerate(file.columns.others), key=lambda pair: pair[1]):
        column, known = f"other_{number}", words.get(list_of(name))
        missing = ddl.literal(known.missing) if known else "''"
        are_totals.append(f"coalesce({column} IN ({total}, {missing}), true)")
        code = ours(column, known) if known else _mapped(folded(column), dataset.codes.get(name, {}))
        is_total = f"coalesce({code}, '') IN ('', {total}, {missing})"
        parts.append(f"CASE WHEN NOT {is_total} THEN {ddl.literal(name)} || '=' || {code} END")
    if not parts:
        return total
    joined = f"coalesce(nullif(concat_ws(';', {', '.join(parts)}), ''), {total})"
    return f"CASE WHEN {' AND '.join(are_totals)} THEN {total} ELSE {joined} END"


def _mapped(text: str, codes: Mapping[str, str]) -> str:
    cases = "".join(f" WHEN {ddl.literal(code)} THEN {ddl.literal(ours)}" for code, ours in codes.items())
    return f"CASE {text}{cases} ELSE {text} END" if cases else text


def ours(column: str, words: Vocabulary) -> str:
    """SQL: our code for a value of a staging table's ENUM; NULL where the file says nothing."""
    if all(text == code for text, code in words.codes.items()) and words.missing == TOTAL:
        return f"{column}::VARCHAR"
    codes = [words.codes.get(value, UNKNOWN) for value in words.values]
    listed = ", ".join("NULL" if code.startswith("?") else ddl.literal(code) for code in codes)
    return f"list_extract([{listed}], enum_code({column}) + 1)"


def publish(staging: Staging) -> None:
    """Make the view `published`. `read_text` (text, value, status) has the meaning of texts that are no plain numbers,
    `read_period` (text, time_period, freq) of every period."""
    texts = dict(zip(NUMBERS, "tlu", strict=True))  # number → alias of read_text
    values = {c: f"CASE WHEN o.{c}_text IS NULL THEN o.{c} ELSE {text}.value END" for c, text in texts.items()}
    values |= {column: ours(f"o.{column}", staging.words[column]) for column in CODED}
    values |= {"other_breakdown": "o.other_breakdown", "time_period": "p.time_period"}
    values["freq"] = f"coalesce({values['freq']}, p.freq)"
    values["unit_mult"] = f"{values['unit_mult']}::INTEGER"
    values["obs_status"] = (
        f"coalesce(t.status, {values['obs_status']}, CASE WHEN {values['obs_value']} IS NULL THEN 'O' END)"
    )
    joins = " ".join(f"LEFT JOIN read_text AS {text} ON {text}.text = o.{c}_text" for c, text in texts.items())
    columns = ", ".join(f"{values[column]} AS {column}" for column in (*KEY, *MEASURES))
    staging.con.execute(
        f"""CREATE VIEW published AS
            SELECT {columns}, source_file, source_row::INTEGER AS source_row
            FROM observation AS o
            JOIN read_period AS p ON p.text = o.time_period {joins}"""
    )
