"""Statistics in workbooks whose cells show something else than they hold: the shown value, or missing, and reported."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from tests.support.one_data_set import HEAD, Load, Loaded, loader
from tests.support.paths import DATA

CASES = DATA / "shown-cells"
TOML = (
    HEAD.replace('"csv"', '"xlsx"').replace('"*.csv"', '"a.xlsx"')
    + """
[constants]
statistic_id = "BIRTHS"
unit_measure = "NUMBER"
[define.statistic_id]
BIRTHS = "Live births"
[codes.ref_area]
Khatlon = "TJ-KT"
Sughd = "TJ-SU"
"""
)
LAID_OUT = '[layout]\nlabels = { A = "REF_AREA" }\n'
TIDY = '[concepts]\narea = "ref_area"\nyear = "time_period"\nvalue = "obs_value"\n'
TABLE: list[Any] = [["", 2018, 2019], ["Khatlon", 1, 2], ["Sughd", 3, 4]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return a function that reads one data set."""
    return loader(tmp_path)


def rich(parts: list[Any]) -> CellRichText:
    return CellRichText(parts)


def book(change: Callable[[Any], None], table: list[Any] = TABLE) -> bytes:
    made = openpyxl.Workbook()
    for row in table:
        made.worksheets[0].append(row)
    change(made.worksheets[0])
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def values(read: Loaded) -> list[Any]:
    return [value for (value,) in read.rows("obs_value")]


def issues(read: Loaded) -> list[tuple[str, str]]:
    """Return rule and message of what is reported of the file."""
    of_file = [issue for issue in read.statistics.issues if issue["source_file"] == "statistics/test/a.xlsx"]
    return [(issue["rule"], str(issue["arguments"])) for issue in of_file]


@pytest.mark.parametrize(
    ("case", "result", "rules"),
    [
        ("e01-hiddenrow", [1, 2, 3, 4], ["rows_hidden"]),
        ("e03-super", [12.3, 2, 3, 4], ["mark_raised"]),
        ("e16-scale", [3.5, 2, 3, 4], ["number_scaled"]),
        ("e16-mask", "…", []),
        ("e22-mergedvalv", [None, None], ["value_merged"]),
    ],
)
def test_cases_of_the_shared_folder(load: Load, case: str, result: list[float | None] | str, rules: list[str]) -> None:
    toml = (CASES / case / "dataset.toml").read_text(encoding="utf-8")
    read = load(head=toml, **{"a.xlsx": (CASES / case / "a.xlsx").read_bytes()})
    if isinstance(result, str):
        assert result in read.faults
    else:
        assert values(read) == result
        assert [rule for rule, _ in issues(read)] == rules


def _mask(sheet: Any) -> None:
    sheet["B2"].number_format, sheet["C3"].number_format = '"…"', ";;;"


def test_a_mark_of_a_format_is_one_of_marks_and_a_hidden_number_is_no_observation(load: Load) -> None:
    read = load(TOML + '[marks]\n"…" = "Q"\n' + LAID_OUT, head="", **{"a.xlsx": book(_mask)})
    assert read.rows("obs_value, obs_status") == [(None, "Q"), (2, None), (3, None)]
    assert [rule for rule, _ in issues(read)] == ["cell_masked"]


def _strike(sheet: Any) -> None:
    sheet["B2"].font = sheet["A3"].font = Font(strike=True)
    sheet["C2"].font = Font(color="FFFFFFFF")
    sheet["B3"] = rich([TextBlock(InlineFont(strike=True), "3"), " 30"])


def test_struck_out_and_invisible_values_are_not_published(load: Load) -> None:
    read = load(TOML + LAID_OUT, head="", **{"a.xlsx": book(_strike)})
    assert values(read) == [None, 30, 4]
    assert issues(read) == [
        ("text_struck_out", "{'cells': 'B2, A3'}"),
        ("cell_invisible", "{'cells': 'C2'}"),
        ("text_struck_out", "{'cells': 'B3', 'text': '3'}"),
    ]
    tidy = [["area", "year", "value"], ["Khatlon", 2018, 1], ["Sughd", 2018, 2]]
    data = book(lambda sheet: setattr(sheet["C2"], "font", Font(strike=True)), tidy)
    read = load(TOML + TIDY, head="", **{"a.xlsx": data})
    assert read.rows("ref_area, obs_value, obs_status") == [("TJ-KT", None, "O"), ("TJ-SU", 2, None)]


@pytest.mark.parametrize("span", ["B2:B3", "B2:C2", "B2:C3"])
def test_a_value_merged_over_several_observations_is_published_for_none(load: Load, span: str) -> None:
    table = [*TABLE, ["Khatlon ", 5, 6]]
    toml = TOML.replace("[codes.ref_area]", '[codes.ref_area]\n"Dushanbe" = "TJ-DU"')
    table[3] = ["Dushanbe", 5, 6]
    read = load(toml + LAID_OUT, head="", **{"a.xlsx": book(lambda sheet: sheet.merge_cells(span), table)})
    assert 1 not in values(read)
    assert None in values(read)
    assert {5, 6} <= set(values(read))
    assert issues(read) == [("value_merged", f"{{'cells': '{span}'}}")]


def test_a_mark_merged_over_several_observations_holds_for_each(load: Load) -> None:
    def merge(sheet: Any) -> None:
        sheet["B2"] = "…"
        sheet.merge_cells("B2:B3")

    read = load(TOML + '[marks]\n"…" = "M"\n' + LAID_OUT, head="", **{"a.xlsx": book(merge)})
    assert read.rows("obs_value, obs_status") == [(None, "M"), (2, None), (None, "M"), (4, None)]
    assert issues(read) == []


def test_a_value_merged_over_three_rows_of_a_tidy_table_is_missing(load: Load) -> None:
    table = [["area", "year", "value"], ["Khatlon", 2018, 1], ["Khatlon", 2019, 1], ["Sughd", 2018, 3]]

    def merge(sheet: Any) -> None:
        sheet.merge_cells("A2:A3")  # a label: it holds for both
        sheet.merge_cells("C2:C3")

    read = load(TOML + TIDY, head="", **{"a.xlsx": book(merge, table)})
    assert read.rows("time_period, obs_value") == [("2018", None), ("2019", None), ("2018", 3)]
    assert [rule for rule, _ in issues(read)] == ["value_merged"]


def test_one_observation_may_have_merged_cells(load: Load) -> None:
    """A column of numbers two columns wide, and a line two rows high, are one observation each."""
    table = [["", 2018, None, 2019], ["Khatlon", 1, None, 2], ["Sughd", 3, None, 4], [None, None, None, None]]

    def merge(sheet: Any) -> None:
        for span in ("B1:C1", "B2:C2", "B3:C4", "A3:A4", "D3:D4"):
            sheet.merge_cells(span)

    read = load(TOML + LAID_OUT, head="", **{"a.xlsx": book(merge, table)})
    assert values(read) == [1, 2, 3, 4]
    assert issues(read) == []


def _hide(sheet: Any) -> None:
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True


def test_hidden_rows_and_columns_are_read_and_reported_or_left_out_by_a_key(load: Load) -> None:
    read = load(TOML + LAID_OUT, head="", **{"a.xlsx": book(_hide)})
    assert values(read) == [1, 2, 3, 4]
    assert issues(read) == [("columns_hidden", "{'columns': 'C'}"), ("rows_hidden", "{'rows': '3'}")]
    read = load(TOML + LAID_OUT + "skip_hidden = true\n", head="", **{"a.xlsx": book(_hide)})
    assert values(read) == [1]
    assert issues(read) == []


def test_hidden_sheets_are_reported(load: Load) -> None:
    def add(sheet: Any) -> None:
        for name, state in (("old", "hidden"), ("older", "veryHidden"), ("blank", "hidden")):
            other = sheet.parent.create_sheet(name)
            other.sheet_state = state
            other.append(["x"] if name != "blank" else [])

    read = load(TOML + LAID_OUT, head="", **{"a.xlsx": book(add)})
    assert issues(read) == [("sheet_hidden", "{'sheet': 'old'}"), ("sheet_hidden", "{'sheet': 'older'}")]


def test_comments_are_reported_with_their_words(load: Load) -> None:
    data = book(lambda sheet: setattr(sheet["B2"], "comment", Comment("break in series", "AOS")))
    read = load(TOML + LAID_OUT, head="", **{"a.xlsx": data})
    assert issues(read) == [("cell_comment", "{'cells': 'B2', 'text': 'break in series'}")]


def _marked(sheet: Any) -> None:
    sheet["B2"].number_format = '0.0"*"'
    sheet["C2"] = rich(["2", TextBlock(InlineFont(vertAlign="superscript"), "1")])
    sheet["B3"] = "3¹"
    sheet["C3"].number_format = '0" чел."'


def test_marks_next_to_a_number_are_reported_or_give_it_a_status(load: Load) -> None:
    read = load(TOML + LAID_OUT, head="", **{"a.xlsx": book(_marked)})
    assert read.rows("obs_value, obs_status") == [(1, None), (2, None), (3, None), (4, None)]
    assert sorted(rule for rule, _ in issues(read)) == ["mark_raised"] * 2 + ["text_around_number"] * 2
    read = load(TOML + '[marks]\n"#*" = "P"\n"#¹" = "E"\n' + LAID_OUT, head="", **{"a.xlsx": book(_marked)})
    assert read.rows("obs_value, obs_status") == [(1, "P"), (2, "E"), (3, "E"), (4, None)]
    assert issues(read) == [("text_around_number", "{'cells': 'C3', 'text': '# чел.'}")]


def test_a_raised_mark_is_no_part_of_a_label(load: Load) -> None:
    def raise_one(sheet: Any) -> None:
        sheet["A2"] = rich(["Khatlon", TextBlock(InlineFont(vertAlign="superscript"), "1")])

    read = load(TOML + LAID_OUT, head="", **{"a.xlsx": book(raise_one)})
    assert values(read) == [1, 2, 3, 4]
    assert issues(read) == [("mark_raised", "{'cells': 'A2', 'mark': '1'}")]


def test_years_in_the_header_are_shown_years(load: Load) -> None:
    def as_days(sheet: Any) -> None:
        for cell, day in (("B1", 43101), ("C1", 43466)):
            sheet[cell], sheet[cell].number_format = day, "yyyy"

    read = load(TOML + LAID_OUT, head="", **{"a.xlsx": book(as_days)})
    assert [row for (row,) in read.rows("time_period")] == ["2018", "2019", "2018", "2019"]
    assert issues(read) == []


@pytest.mark.parametrize("text", ["#REF!", "#ССЫЛКА!", "#Н/Д", "########", "#BEZUG!"])
def test_error_values_of_any_language_are_no_marks_that_a_draft_proposes(load: Load, text: str) -> None:
    read = load(TOML + LAID_OUT, head="", **{"a.xlsx": book(lambda sheet: sheet.__setitem__("B2", text))})
    assert f"formulas went wrong, or were never calculated: B2 {text!r}" in read.faults
