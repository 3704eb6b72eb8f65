"""Cells on their way to DuckDB."""

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from transforms.reports.validation import insert, joined

# The characters that could stand between two cells come up often.
_CELLS = st.lists(st.text(st.sampled_from("\x1f \x1e!a\u0493")), min_size=1, max_size=4)


@given(st.lists(_CELLS, min_size=1, max_size=5))
def test_rows_come_back_as_they_were(rows: list[list[str]]) -> None:
    separator, texts = joined(rows)
    with duckdb.connect() as con:
        con.execute("CREATE TABLE report_cells (cells VARCHAR[])")
        columns = {"cells": texts, "separator": [separator] * len(texts)}
        insert(con, "report_cells", columns, "string_split(cells, separator)")
        assert con.execute("FROM report_cells").fetchall() == [(row,) for row in rows]
