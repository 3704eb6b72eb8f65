"""The year, day and unit that a report gives once, above its headings: for cells that a row leaves empty."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.sources.reports.tops import find_top, with_top
from tests.support.paths import ROOT
from tests.support.report_books import cells_of, make_book, read_one, save
from transforms.reports.vocabulary import COLUMNS, LANGUAGES, labels

HEADINGS = [*COLUMNS[:6], "result_text"]
ROWS: list[list[Any]] = [
    ["TJK-CRC-2018-05-02", "TJK-MOES", None, None, "Completed", None, None],
    ["TJK-CRC-2018-05-02", "TJK-MOES", 2018, "2019-01-10", "In progress", 40, None],
    ["TJK-CRC-2018-05-03", "TJK-MOES", "—", None, None, None, "Done"],  # a stroke is an empty cell
    ["TJK-CRC-2018-05-04", "TJK-MOES", None, None, None, None, None],  # the form prints the ids: nothing is reported
]
READ = [("2019", "2020-01-15"), ("2018", "2019-01-10"), ("2019", "2020-01-15"), ("", "")]


def _csv(rows: list[list[Any]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def _years_and_days(path: Path) -> list[tuple[str, str]]:
    sheet = read_one(path)
    return [(cells[sheet.columns["time_period"]], cells[sheet.columns["reported_on"]]) for cells in cells_of(sheet)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "write"), [("r.xlsx", lambda rows: make_book(*rows)), ("r.csv", _csv)])
def test_rows_take_what_is_written_once(
    tmp_path: Path, language: str, name: str, write: Callable[[list[list[Any]]], bytes]
) -> None:
    words = labels("columns", language)
    above: list[list[Any]] = [
        ["Report"],
        [f"{words['time_period']} *", 2019, "Due 2020-01-31"],
        [words["reported_on"], "2020-01-15"],
    ]
    path = save(tmp_path, write([*above, HEADINGS, *ROWS]), name)
    assert _years_and_days(path)[: len(READ)] == READ
    assert {note.rule for note in read_one(path).notes} == {"value_above_headings"}


@pytest.mark.parametrize(
    "above",
    [
        [["Year", "2018"], ["Year", "2019"]],  # two readings
        [["Year", None, "2019"]],  # not the next cell
        [["Year", "Status"], ["Year", "—"]],
        [["Note: see year", "2019"], ["Ministry of 2019"]],
        [["District", "North"]],  # a column that the table does not have
    ],
)
def test_what_is_no_value_of_a_label_is_left_out(tmp_path: Path, above: list[list[Any]]) -> None:
    path = save(tmp_path, make_book(*above, HEADINGS, *ROWS))
    assert [year for year, _ in _years_and_days(path)][:2] == ["", "2018"]
    assert not read_one(path).notes


def test_label_and_value_in_one_cell(tmp_path: Path) -> None:
    above = [["Отчётный год: 2019"], ["Дата отчёта: 15.01.2020 г."]]
    assert _years_and_days(save(tmp_path, make_book(*above, HEADINGS, *ROWS)))[0] == ("2019", "15.01.2020 г.")


def test_accepted_and_rejected_rows(publish: Callable[..., Callable[[str], list[Any]]]) -> None:
    above = [["Year", "2019"], ["Date of report", "20.20.2020"]]
    days = [["TJK-CRC-2018-01-01", "TJK-MOES", None, "2020-01-10", "In progress", None, None],
            ["TJK-CRC-2018-01-02", "TJK-MOES", None, None, "In progress", None, None]]  # fmt: skip
    ask = publish(**{"top.csv": _csv([*above, HEADINGS, *days])})
    assert ask("SELECT activity_id, time_period FROM fact_progress") == [("TJK-CRC-2018-01-01", "2019")]
    assert ask("SELECT rule, column_name, contains(row_text, '20.20.2020') FROM rejected_row") == [
        ("day_of_report_unreadable", "reported_on", True)
    ]


@given(
    st.lists(st.lists(st.sampled_from(["", "Year", "Year: 2019", "2019", "Дата отчёта", "х", "1.1.2020"]), max_size=5))
)
def test_only_empty_cells_of_reporting_rows_change(above: list[list[str]]) -> None:
    top = find_top(above, HEADINGS)
    assert set(top) <= {"time_period", "reported_on"}
    assert all(any(map(str.isdigit, value)) for value in top.values())
    rows = [(number, [str(cell or "") for cell in row]) for number, row in enumerate(ROWS, 1)]
    columns = {name: HEADINGS.index(name) for name in HEADINGS}
    for (number, before), (same_number, after) in zip(rows, with_top(rows, columns, top), strict=True):
        assert number == same_number
        for name, place in columns.items():
            assert after[place] in (
                {before[place]} if before[place] not in ("", "—") else {before[place], top.get(name)}
            )
    assert before == after  # the last row reports nothing


def test_form_of_an_earlier_release_is_read() -> None:
    sheet = read_one(ROOT / "tests" / "data" / "progress" / "forms" / "2026-11-30.xlsx")
    filled = [cells for cells in cells_of(sheet) if cells[sheet.columns["status"]]]
    assert [cells[sheet.columns["time_period"]] for cells in filled] == ["2019", "2019", "2019", "2018"]
    assert (sheet.agency_id, sheet.notes) == ("TJK-DCA", [])
