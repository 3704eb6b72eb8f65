"""The data dictionary: every column of a view is described once, as what it is."""

import re
from dataclasses import replace

import duckdb
import pytest

from flows.refresh.build import database
from flows.refresh.build.database import create
from schemas.generated.data_dictionary import table_rows, view_column
from schemas.tables import TABLES
from transforms.errors import BrokenRelease
from transforms.sql import Statement, statements

_VIEWS = {view.name: view for view in statements("views")}
# Numbers that count nothing: calendar years.
_YEARS = {"first_year", "last_year"}


def _tables_of(view: Statement) -> set[str]:
    """Return the tables that a view reads, those behind other views and macros included."""
    words = set(re.findall(r"\w+", view.sql))
    behind = [_tables_of(_VIEWS[word]) for word in words & _VIEWS.keys() - {view.name}]
    return (words & TABLES.keys()).union(*behind)


def _columns() -> list[tuple[str, str]]:
    with duckdb.connect() as con:
        return [(row["table_name"], row["column_name"]) for row in create(con)]


def test_text_of_a_header_has_the_description_and_the_unit() -> None:
    assert view_column("x", "Days to the end. Unit: days.") == ("Days to the end.", "days")
    assert view_column("x", "Years: see dim_plan.") == ("Years: see dim_plan.", None)


def test_header_may_name_the_column_of_a_table() -> None:
    assert view_column("line_first", "dim_measure.line_first")[0] == "Line of the document on which the measure begins."
    assert view_column("days", "dim_document.line_count") == ("Lines of the document.", "lines")
    with pytest.raises(LookupError, match="no table has it"):
        view_column("line_first", "dim_plan.line_first")


def test_column_without_a_header_needs_one_meaning() -> None:
    assert view_column("measure_id")[0] == "Measure: plan, measure number."  # tables that refer to it mean the same
    with pytest.raises(LookupError, match="dim_measure, dim_activity describe it differently"):
        view_column("line_first")
    with pytest.raises(LookupError, match="no table has it"):
        view_column("nothing")


@pytest.mark.parametrize(("header", "problem"), [
    ({"line_first": None}, "activities.line_first: dim_measure, dim_activity describe it differently"),
    ({"gone": "What was."}, "the header of a view describes what it does not have: activities.gone"),
])  # fmt: skip
def test_release_is_not_built_with_a_doubtful_or_stale_header(
    header: dict[str, str | None], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = _VIEWS["activities"]
    columns = {name: text for name, text in (view.columns | header).items() if text}
    changed = [replace(view, columns=columns) if v is view else v for v in _VIEWS.values()]
    monkeypatch.setattr(database, "statements", lambda folder: changed if folder == "views" else statements(folder))
    with duckdb.connect() as con, pytest.raises(BrokenRelease, match=re.escape(problem)):
        create(con)


def test_view_takes_descriptions_from_tables_that_it_reads() -> None:
    """The only table with a column of that name may be one that the view has nothing to do with."""
    for name, column in _columns():
        stated, read = _VIEWS[name].columns.get(column, ""), _tables_of(_VIEWS[name])
        if re.fullmatch(r"\w+\.\w+", stated):
            assert stated.partition(".")[0] in read, f"{name}.{column}"
        elif not stated:
            assert any(column in TABLES[table].column_names for table in read), f"{name}.{column}"


def test_counts_and_measurements_have_a_unit() -> None:
    with duckdb.connect() as con:
        rows = [*table_rows(), *create(con)]
    without = {
        f"{row['table_name']}.{row['column_name']}"
        for row in rows
        if row["data_type"].startswith(("BIGINT", "DOUBLE", "MAP")) and not row["unit"]
    }
    assert {name.partition(".")[2] for name in without} == _YEARS
    assert not [row for row in rows if ". " in (row["unit"] or "")]  # a header says the unit last
