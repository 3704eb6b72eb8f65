"""Errors of DuckDB in the reader's language."""

import duckdb

from flows.sources.formats.files.refusals import TOO_LONG, duckdb_problem


def test_a_cell_that_is_too_long_is_reported_in_russian() -> None:
    problem = duckdb_problem(duckdb.InvalidInputException(f"Invalid Input Error: npa: {TOO_LONG}: aaa"))
    assert str(problem) == 'a cell has more than 131,072 characters: "aaa". Shorten the text, or leave the column out.'
    assert problem.in_language("ru").startswith("в ячейке больше 131,072 символов")
