"""Workbooks as tables: which sheet, numbers, days, tidy sheets, and files that are no workbooks."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from flows.sources.formats.workbook.reader import read_sheets
from tests.support.table_files import refusal, rows, source, workbook

LABELS = '[layout]\nlabels = { A = "REF_AREA" }\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path at which a test may write its workbook."""
    return tmp_path / "a.xlsx"


def sheets(path: Path, **cells: list[list[object]]) -> Path:
    """Write a workbook of several sheets."""
    book = openpyxl.Workbook()
    for name, lines in cells.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    del book["Sheet"]
    book.save(path)
    return path


def test_a_tidy_sheet_needs_no_layout(path: Path) -> None:
    workbook(path, [["area", "year", "value", None], ["TJ", 2019, 33.8], [], ["KG", 2020, None]])
    assert source(path).names == ("area", "year", "value")
    assert rows(path) == [("TJ", "2019", "33.8", 2), ("KG", "2020", None, 4)]


def test_a_tidy_sheet_with_a_title_values_across_and_a_note(path: Path) -> None:
    workbook(path, [["Title"], ["country", 2019, 2020], ["TJ", 1, None], ["KG", 2, 3], ["Source: AOS"]])
    toml = '[concepts]\ncountry = "ref_area"\n[layout]\nheader = "country"\nacross = "TIME_PERIOD"\nend = "Source"'
    assert source(path, toml).names == ("country", "TIME_PERIOD", "OBS_VALUE")
    assert rows(path, toml) == [("TJ", "2019", "1", 3), ("KG", "2019", "2", 4), ("KG", "2020", "3", 4)]


def test_cells_beyond_the_heading_are_refused(path: Path) -> None:
    fault = refusal(workbook(path, [["area", "value"], ["TJ", 1, "a note"]]))
    assert (fault.cell, fault.value) == ("Sheet!C2", "a note")


def test_numbers_keep_all_their_digits_and_take_the_decimal_mark_of_the_text_next_to_them(path: Path) -> None:
    cells = [["", 2018, 2019, 2020, 2021], ["Osh", 40.40247988975987, "40,4", 1e22, 33]]
    workbook(path, cells)
    assert [row[2] for row in rows(path, 'decimal = ","\n' + LABELS)] == ["40,40247988975987", "40,4", "1e+22", "33"]
    assert [row[2] for row in rows(path, LABELS)] == ["40.40247988975987", "40,4", "1e+22", "33"]


def test_a_merged_number_fills_its_range_with_all_its_digits(path: Path) -> None:
    workbook(path, [["a", "b"], [40.40247988975987, None], ["x", 0.5]], merged=["A2:B2"])
    (sheet,) = read_sheets(path, ",")
    assert sheet.rows == [["a", "b"], ["40,40247988975987"] * 2, ["x", "0,5"]]
    assert read_sheets(path)[0].rows[1] == ["40.4024798897599"] * 2


def test_days_in_the_header_are_in_iso_form(path: Path) -> None:
    workbook(path, [["", date(2019, 1, 1), datetime(2020, 1, 1, 12, 0), "I кв. 2021"], ["Osh", 1, 2, 3]])  # noqa: DTZ001
    assert [row[1] for row in rows(path, LABELS)] == ["2019-01-01", "2020-01-01T12:00:00", "I кв. 2021"]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["C5"], sheet["D5"], sheet["C7"], sheet["D7"] = "area", 2019, "TJ", 1
    book.save(path)
    assert rows(path, '[layout]\nheader = 5\nlabels = { C = "REF_AREA" }') == [("TJ", "2019", "1", 7)]


def test_the_one_visible_sheet_is_read_and_another_by_its_name(path: Path) -> None:
    first: list[list[object]] = [["a", "b"], ["1", "2"]]
    second: list[list[object]] = [["c", "d"], ["3", "4"]]
    sheets(path, one=first, two=second, blank=[])
    fault = refusal(path)
    assert "2 filled visible sheets ('one', 'two', 'blank')" in fault.what
    assert rows(path, '[layout]\nsheet = "two"') == [("3", "4", 2)]
    book = openpyxl.load_workbook(path)
    book["one"].sheet_state = "hidden"
    book.save(path)
    assert rows(path) == [("3", "4", 2)]
    assert rows(path, '[layout]\nsheet = "one"') == [("1", "2", 2)]


def _zipped(**parts: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "no workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old .xls"),
        (b"PK\x03\x04 cut", "damaged"),
        (_zipped(x="1"), "no workbook"),
        (_zipped(**{"xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "entities"),
        (_zipped(**{"xl/workbook.xml": " " * (60 << 20)}), "unpacks to far more"),
    ],
)
def test_files_that_are_not_safe_workbooks_are_refused(path: Path, data: bytes, what: str) -> None:
    path.write_bytes(data)
    assert what in refusal(path).what


def test_a_blank_sheet_and_a_blank_heading_are_refused(path: Path) -> None:
    assert "no filled visible sheet" in refusal(workbook(path, [])).what
    assert "blank" in refusal(workbook(path, [[None, None], ["a", "b"]])).what
