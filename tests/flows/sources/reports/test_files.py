"""Files that agencies send: workbooks and CSV, filled in, rearranged, damaged, hostile."""

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from flows.outputs.workbooks.report_form import write_forms
from flows.releases.warehouse import Warehouse
from flows.sources.formats.workbook.reader import read_workbook
from flows.sources.reports.headings import find_heading
from tests.support.examples import examples
from tests.support.report_books import (
    GOOD,
    ROW,
    SHEET,
    cells_of,
    make_book,
    numbers_of,
    read_all,
    read_one,
    refusal,
    resave,
    rezip,
    save,
)
from transforms.errors import InputProblem
from transforms.reports.vocabulary import COLUMNS as ALL_COLUMNS
from transforms.reports.vocabulary import LANGUAGES, REQUIRED, labels

COLUMNS = ALL_COLUMNS[:-1]  # of an agency without units

# Days


def _from_1904() -> bytes:
    """Return a workbook whose days are counted from 1904: a date, bare numbers, and texts that are not dates."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    sheet.append(COLUMNS)
    for day in (date(2019, 12, 31), 42368, "42368", "42368,0", "31.12.2019", "42368 or so", "42368.5", None):
        sheet.append([*ROW[:3], day, *ROW[4:6], day, "42368"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


WRITTEN = [*["2019-12-31"] * 4, "31.12.2019", "42368 or so", "42368.5", None]


def _check_days(path: Path) -> None:
    lines = cells_of(read_one(path))
    for place in (COLUMNS.index("reported_on"), COLUMNS.index("completed_on")):
        assert [line[place] or None for line in lines] == WRITTEN
    assert {line[COLUMNS.index("result_text")] for line in lines} == {"42368"}


def test_days_that_are_counted_from_1904(tmp_path: Path) -> None:
    _check_days(save(tmp_path, _from_1904()))


@pytest.mark.libreoffice
def test_days_that_are_counted_from_1904_saved_by_libreoffice(tmp_path: Path) -> None:
    saved = save(tmp_path, _from_1904())
    resave(saved)
    for suffix in ("xlsx", "ods"):
        _check_days(tmp_path / "resaved" / f"report.{suffix}")


# Headings


def test_columns_are_named_in_any_order_case_language_and_shape(tmp_path: Path) -> None:
    for language in LANGUAGES:
        words = labels("columns", language)
        headings = [f" {words[name].upper().replace(' ', chr(10))} *" for name in reversed(COLUMNS)]
        data = make_book(["Progress report"], [], [None, "Comment", *headings], [None, "fine", *reversed(ROW)])
        rows = read_one(save(tmp_path, data))
        assert rows.columns == {name: 10 - number for number, name in enumerate(COLUMNS)}
        assert (rows.name, rows.heading_row, numbers_of(rows)) == ("Sheet", 3, [4])
        assert rows.headings[:2] == ["column 1", "Comment"]
        assert cells_of(rows) == [["", "fine", *reversed(ROW)]]


def test_headings_that_cannot_be_trusted(tmp_path: Path) -> None:
    fault = refusal(save(tmp_path, make_book([*COLUMNS, "Status"], [*ROW, "Completed"])))
    assert (fault.rule, "“Status”" in fault.what) == ("heading_twice", True)
    fault = refusal(save(tmp_path, make_book([*COLUMNS[:3], "result"], ROW)))
    assert fault.rule == "heading_incomplete"
    assert "“Date of report”, “Status” are missing" in fault.what
    assert refusal(save(tmp_path, make_book(["Status", "Year"], ["x", "y"]))).rule == "no_heading"
    assert refusal(save(tmp_path, make_book())).rule == "no_heading"
    assert find_heading([[]] * 50 + [list(COLUMNS)]) is None
    assert find_heading([[]] * 49 + [list(COLUMNS)]) == (49, {name: place for place, name in enumerate(COLUMNS)})


def test_rows_below_the_headings_that_are_not_data(tmp_path: Path) -> None:
    numbered = [str(number) for number in range(1, 10)]
    data = make_book(list(COLUMNS), numbered, ROW, [], list(COLUMNS), ROW, [" "], [None])
    rows = read_one(save(tmp_path, data))
    blank = [""] * 9  # and counted as blank
    assert cells_of(rows) == [blank, ROW, blank, blank, ROW]
    assert numbers_of(rows) == [2, 3, 4, 5, 6]


def test_sheets_without_headings_are_listed_by_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title, lines in (
        ("notes", [["x"]]),
        ("blank", []),
        ("half", [[*COLUMNS[:4]], ROW]),
        ("data", [[*COLUMNS], ROW]),
    ):
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(tmp_path / "report.xlsx")
    notes, half, data = read_all(tmp_path / "report.xlsx")
    assert (notes.name, notes.columns, cells_of(notes), notes.fault) == ("notes", {}, [], None)
    assert (half.name, half.columns, half.fault and half.fault.rule) == ("half", {}, "heading_incomplete")
    assert (data.name, cells_of(data)) == ("data", [ROW])


# Values


def _format(sheet: Any) -> None:
    for row, (value, code) in enumerate([(0.5, "0%"), (1, '0.0 "x"%'), (0.29, "0.00%"), (1.2, "0%"), (0, "0%")], 2):
        sheet.cell(row, 6, value).number_format = code
    for row, (value, code) in enumerate([(0.5, "General"), (50.0, '0" %"'), (0.1 + 0.2, "0.0"), (1e20, "0")], 7):
        sheet.cell(row, 6, value).number_format = code


def test_values_are_what_a_spreadsheet_shows(tmp_path: Path) -> None:
    row: list[Any] = [*ROW[:2], 2019, date(2019, 12, 31), "=1/0", None, 43830, True, "=A2"]
    rows = read_one(save(tmp_path, make_book(list(COLUMNS), *[row] * 9, change=_format)))
    shown = [*ROW[:3], "2019-12-31", "=1/0", "50%", "43830", "TRUE", "=A2"]
    assert cells_of(rows)[0] == shown  # a formula whose value no program has saved is not blank
    percents = ["50%", "100%", "29%", "120%", "0%", "0.5", "50", "0.3", "1e+20"]
    assert [cells[5] for cells in cells_of(rows)] == percents


def test_errors_are_not_blanks() -> None:
    def fill(sheet: Any) -> None:
        sheet["B2"] = "#N/A"
        sheet["B2"].data_type = "e"

    (sheet,) = read_workbook(make_book(["a", "b"], ["x"], change=fill), "x.xlsx")
    assert sheet.rows == [["a", "b"], ["x", "#N/A"]]


def test_merged_cells_hold_for_their_whole_range(tmp_path: Path) -> None:
    def merge(sheet: Any) -> None:
        sheet["A1"] = "Report"
        for cells in ("A1:I1", "I2:J2", "A3:A4", "B3:B99"):
            sheet.merge_cells(cells)

    data = make_book([], [*COLUMNS], ROW, [None, None, *ROW[2:]], [None, None, "2020"], change=merge)
    data = rezip(data, SHEET, lambda xml: xml.replace(b"B3:B99", b"B3:B1048576"))
    rows = read_one(save(tmp_path, data))
    assert rows.columns["evidence_url"] == 8
    assert [cells[:2] for cells in cells_of(rows)] == [ROW[:2], ROW[:2], ["", ROW[1]]]
    assert (rows.heading_row, rows.headings[9:]) in ((2, []), (2, ["column 10"]))


# Files that are not workbooks, or are hostile


def _lying(data: bytes) -> bytes:
    """Return a directory that says that a member unpacks to less than it does."""
    bomb = bytearray(rezip(data, "xl/styles.xml", lambda xml: xml + b" " * (100 << 20)))
    place = bomb.rfind(b"xl/styles.xml") - 46
    assert bomb[place : place + 4] == b"PK\x01\x02"
    bomb[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    return bytes(bomb)


def _twice(data: bytes) -> bytes:
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, b"<worksheet/>")
    return file.getvalue()


def _far(data: bytes, cells: bytes) -> bytes:
    return rezip(data, SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + cells))


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("file_empty", lambda: b""),
        ("file_protected", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)),
        ("not_a_workbook", lambda: b"<html>"),
        ("not_a_workbook", lambda: GOOD.replace(b"xl/workbook.xml", b"xl/workbook.bin")),
        ("file_too_large", lambda: b"PK" + bytes(21 << 20)),
        ("file_too_large", lambda: rezip(GOOD, "xl/styles.xml", lambda xml: xml + b" " * (60 << 20))),
        ("file_too_large", lambda: _far(GOOD, b'<row r="1"><c r="XFD1048576"><v>1</v></c></row>')),
        ("file_too_large", lambda: _far(GOOD, b'<x:row><x:c s="0" r="XFD1048576"><v>1</v></x:c></x:row>')),
        ("file_too_large", lambda: _far(GOOD, b"<row/>" * 100_000 + b"<row>" + b"<c/>" * 99 + b"<c><v>1</v></c>")),
        ("file_damaged", lambda: _lying(GOOD)),
        ("file_damaged", lambda: _twice(GOOD)),
        ("file_damaged", lambda: rezip(GOOD, SHEET, lambda xml: xml[:300])),
        ("file_damaged", lambda: rezip(GOOD, SHEET, lambda _: b"")),
        ("file_damaged", lambda: GOOD[:-10]),
        ("xml_entities", lambda: rezip(GOOD, SHEET, lambda xml: b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml)),
        ("xml_entities", lambda: rezip(GOOD, SHEET, lambda xml: "\ufeff<!DOCTYPE x>".encode("utf-16") + xml)),
    ],
)  # fmt: skip
def test_workbooks_that_are_not_opened(tmp_path: Path, rule: str, data: Callable[[], bytes]) -> None:
    assert refusal(save(tmp_path, data())).rule == rule


def test_distant_styles_are_not_cells(tmp_path: Path) -> None:
    styled = _far(GOOD, b'<row r="1048576" s="0"><c r="XFD1048576" s="0"/></row>')
    assert cells_of(read_one(save(tmp_path, styled))) == [ROW]


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.booleans())
@settings(max_examples=examples(150))
def test_any_damage_is_a_refusal_or_harmless(place: int, byte: int, is_cut: bool) -> None:
    data = GOOD[:place] if is_cut else GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]
    try:
        read_workbook(data, "report.xlsx")
    except InputProblem:
        return


def test_a_missing_file_raises_file_not_found(tmp_path: Path) -> None:
    for name in ("none.xlsx", "none.csv"):
        with pytest.raises(FileNotFoundError):
            read_all(tmp_path / name)


# CSV


def _csv(rows: list[list[str]], delimiter: str = ",", end: str = "\r\n") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(rows)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_of_every_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    words = labels("columns", "ru")
    headings, row = [words[name] for name in COLUMNS], [*ROW[:7], f"Школа №5{delimiter} открыта\nв срок", ROW[8]]
    text = _csv([["Отчёт, 2019; год"], headings, row, ["x"]], delimiter, "\n")
    path = save(tmp_path, text.encode(encoding), "report.CSV")
    rows = read_one(path)
    assert (rows.name, rows.heading_row, numbers_of(rows)) == (None, 2, [3, 4])
    assert cells_of(rows) == [row, ["x", *[""] * 8]]


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("file_empty", b""), ("file_empty", b"\n\n"), ("not_text", GOOD), ("not_text", bytes(100)),
        ("no_heading", b"a,b\n1,2\n"), ("heading_incomplete", b"activity_id;agency_id;status\n"),
        ("csv_damaged", _csv([[*COLUMNS], ROW]).encode() + b'"open,'),
        ("csv_damaged", _csv([[*COLUMNS], ROW]).encode() + b'"a"b,'),
        ("cell_too_long", _csv([[*COLUMNS], ["x" * 140_000]]).encode()),
        ("csv_damaged", _csv([[*COLUMNS], ["Выполнено, выполнено"]]).encode("cp1251") + b"\x98"),
        ("encoding", _csv([[*COLUMNS], ["café à la crème"]]).encode("cp1252")),
        ("encoding", _csv([[*COLUMNS], [*ROW[:7], "Отчет выполнен"]]).encode("koi8-r")),
        ("encoding", _csv([[*COLUMNS], [*ROW[:7], "Отчёт выполнен"]]).encode("mac_cyrillic")),
    ],
)  # fmt: skip
def test_csv_that_cannot_be_read(tmp_path: Path, rule: str, data: bytes) -> None:
    assert refusal(save(tmp_path, data, "report.csv")).rule == rule


def test_csv_records_that_are_short_or_long(tmp_path: Path) -> None:
    text = _csv([[*COLUMNS], ROW[:5], [*ROW, "", ""], [*ROW, "more"]]) + "\r\n\r\n"
    assert cells_of(read_one(save(tmp_path, text.encode(), "report.csv"))) == [ROW[:5] + [""] * 4, ROW, [*ROW, "more"]]


CELLS = st.text(st.sampled_from("aЖ1 '\",;|\t\n-=№\u00a0"), max_size=5) | st.sampled_from(ROW)


@given(
    st.lists(st.lists(CELLS, min_size=len(COLUMNS), max_size=len(COLUMNS)).filter(lambda row: row[0] != "")),
    st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig"]), st.booleans(),
)  # fmt: skip
@settings(max_examples=examples(200), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_csv_is_read_as_the_csv_module_reads_it(
    tmp_path: Path, rows: list[list[str]], delimiter: str, end: str, encoding: str, has_title: bool
) -> None:
    text = _csv([["Title"]] * has_title + [[*COLUMNS], *rows], delimiter, end)
    sheet = read_one(save(tmp_path, text.encode(encoding), "report.csv"))
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert cells_of(sheet) == [records[number - 1] for number in numbers_of(sheet)]
    rest = records[has_title + 1 + len(numbers_of(sheet)) :]
    assert not any(cell.strip() for record in rest for cell in record)


# Our own form, and LibreOffice


@pytest.fixture(scope="module")
def form(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the form of an agency in Russian, filled in by a script."""
    folder = tmp_path_factory.mktemp("form")
    house = Warehouse(Path(shutil.copytree(warehouse, folder / "warehouse", symlinks=True)))
    write_forms(house, "TJK-MOJ", None, "ru", folder / "form.xlsx")
    book = openpyxl.load_workbook(folder / "form.xlsx")
    sheet = book.worksheets[0]
    values: list[tuple[Any, str]] = [(0.5, "0%"), (50, "General"), ("50,0", "@")]
    first = next(cell.row for cell in sheet["A"] if str(cell.value).startswith("TJK-"))
    for row, (percent, code) in enumerate(values, first):
        filled = [
            2019,
            date(2020, 1, 15),
            labels("statuses", "ru")["in_progress"],
            percent,
            "31.12.2019",
            "Сделано\nвсё",
        ]
        for column, value in enumerate(filled, 9):
            sheet.cell(row, column, value)
        sheet.cell(row, 12).number_format = code
    sheet[f"I{first + 3}"], sheet[f"J{first + 3}"] = "=2000+19", 43830
    sheet.row_dimensions[first + 1].hidden = True
    sheet.merge_cells(f"N{first}:N{first + 1}")
    book.save(folder / "form.xlsx")
    return folder / "form.xlsx"


@pytest.fixture(scope="module")
def resaved(form: Path) -> Path:
    """Return the filled form as LibreOffice saves it."""
    resave(form)
    return form.parent / "resaved"


def _check_form(path: Path, formula: str) -> None:
    rows = read_one(path)
    assert (rows.name, rows.agency_id) == ("Отчёт", "TJK-MOJ")
    columns = [name for name in COLUMNS if name != "reporting_unit"]
    assert set(rows.columns) == set(columns)
    picked = [[cells[rows.columns[name]] for name in columns] for cells in cells_of(rows) if any(cells)]
    for cells, percent in zip(picked, ["50%", "50", "50,0"], strict=False):
        assert cells[1:5] == ["TJK-MOJ", "2019", "2020-01-15", "Выполняется"]
        assert cells[5:8] == [percent, "31.12.2019", "Сделано\nвсё"]
    assert picked[3][2:4] == [formula, "2019-12-31"]
    assert all(re.fullmatch(r"TJK-[A-Z]+-2018-\d\d-\d\d", cells[0]) for cells in picked)
    assert rows.heading_row
    assert numbers_of(rows) == list(range(rows.heading_row + 1, rows.heading_row + 1 + len(cells_of(rows))))


def test_our_form_filled_in(form: Path) -> None:
    _check_form(form, "=2000+19")


@pytest.mark.libreoffice
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_our_form_saved_by_libreoffice(resaved: Path, suffix: str) -> None:
    _check_form(resaved / f"form.{suffix}", "2019")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a table as people make it, as LibreOffice saves it."""
    folder = tmp_path_factory.mktemp("table")
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in ([None, "Report of the ministry"], [None, *COLUMNS], *[[None, *ROW]] * 5):
        sheet.append(line)
    for cells in ("B1:J1", "B3:B5", "D3:D4"):
        sheet.merge_cells(cells)
    values: list[tuple[Any, str]] = [(1, "0%"), (0.295, "0.0%"), (0.5, "General"), ("=1/0", "0"), ("=1/4", "0%")]
    for row, (value, code) in enumerate(values, 3):
        sheet.cell(row, 7, value).number_format = code
    sheet["E3"], sheet["E4"], sheet["J7"] = date(2019, 12, 31), 43830, "=NA()"
    sheet["E4"].number_format = "General"
    book.create_sheet("secret").sheet_state = "hidden"
    book["secret"].append(["x"])
    book.save(folder / "table.xlsx")
    resave(folder / "table.xlsx")
    return folder / "resaved"


@pytest.mark.libreoffice
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_table_saved_by_libreoffice(table: Path, suffix: str) -> None:
    rows, secret = read_all(table / f"table.{suffix}")
    assert (secret.name, secret.columns) == ("secret", {})
    assert [rows.headings[place] for place in rows.columns.values()] == list(COLUMNS)
    shown = {name: [cells[place] for cells in cells_of(rows)] for name, place in rows.columns.items()}
    assert shown["percent_complete"] == ["100%", "29.5%", "0.5", "#DIV/0!", "25%"]
    assert shown["reported_on"][:3] == ["2019-12-31", "43830", "2019-12-31"]
    assert shown["activity_id"] == [ROW[0]] * 5
    assert shown["time_period"] == ["2019"] * 5
    assert shown["evidence_url"][-1] == "#N/A"
    assert set(REQUIRED) <= set(shown)
