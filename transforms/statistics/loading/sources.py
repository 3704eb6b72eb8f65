"""What each figure comes from, by [[source]] of dataset.toml: survey, census, register or model, and which survey."""

from collections.abc import Iterator

import duckdb

from schemas.generated import ddl
from transforms.statistics.dataset.dataset_toml import BREAKDOWNS, Dataset, Source

# What `where` may ask of a figure, in our codes; `survey` as the file and [codes.survey] give it.
CONDITIONS = ("statistic_id", "freq", "ref_area", *BREAKDOWNS, "time_period", "nature", "survey")


def origin(dataset: Dataset, column: str) -> str:
    """Return SQL: a column of `Origin` for a row in our codes. What an entry does not say is not known of its rows, but
    for a survey that the file names."""
    cases = [f"WHEN {_fits(entry)} THEN {_literal(getattr(entry, column))}" for entry in dataset.source]
    stated = _literal(getattr(dataset, column))
    chosen = f"CASE {' '.join(cases)} ELSE {stated} END" if cases else stated
    return f"coalesce({chosen}, survey)" if column == "survey" else chosen


def _fits(entry: Source) -> str:
    return " AND ".join(f"({_any_of(column, codes)})" for column, codes in entry.where.items())


def _any_of(column: str, codes: list[str]) -> str:
    return " OR ".join(_is_like(column, code) for code in codes)


def _is_like(column: str, code: str) -> str:
    """Return SQL: true if a column has a code, in which * is any text."""
    pattern = code.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("*", "%")
    return f"coalesce({column} LIKE {ddl.literal(pattern)} ESCAPE '\\', false)"


def _literal(text: str | None) -> str:
    return "NULL::VARCHAR" if text is None else ddl.literal(text)


def idle_sources(con: duckdb.DuckDBPyConnection, dataset: Dataset) -> Iterator[tuple[str, list[str]]]:
    """Yield the section and the codes of each [[source]] that is about no figure, and the codes of the others that no
    figure has. Needs the view `published`."""
    entries = dataset.source
    codes = [(number, column, code) for number, entry in enumerate(entries)
             for column, codes in entry.where.items() for code in codes]  # fmt: skip
    if not entries:
        return
    cases = " ".join(f"WHEN {_fits(entry)} THEN {number}" for number, entry in enumerate(entries))
    found = ", ".join(f"bool_or({_is_like(column, code)})" for _, column, code in codes)
    ((chosen, *is_found),) = con.execute(f"SELECT list(DISTINCT CASE {cases} END), {found} FROM published").fetchall()
    for number, entry in enumerate(entries):
        unused = [code for (of, _, code), used in zip(codes, is_found, strict=True) if of == number and not used]
        if number not in chosen:
            unused = [code for codes in entry.where.values() for code in codes]
        if unused:
            yield f"source.{number + 1}", unused
