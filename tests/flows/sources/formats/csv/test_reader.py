"""Tidy CSV tables: the UN's files, delimiters, encodings, values across, and what is refused."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.paths import ROOT
from tests.support.table_files import refusal, rows, source

UNSD = ROOT / "raw" / "statistics" / "unsd-sdg"
ONE_TOML = """
[concepts]
geo_area = "ref_area"
location = "urbanisation"
units = "unit_measure"
year = "time_period"
[layout]
across = "SERIES"
"""
WIDE = '[concepts]\ncountry = "ref_area"\n[layout]\nacross = "TIME_PERIOD"\n'


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return the path at which a test may write its CSV file."""
    return tmp_path / "a.csv"


def test_one_description_reads_every_file_of_the_un(table: Path) -> None:
    files = sorted(UNSD.glob("ddf--datapoints--*.csv"))
    total = 0
    for path in files:
        table.write_bytes(path.read_bytes())
        with path.open(encoding="utf-8", newline="") as file:
            expected = list(csv.DictReader(file))
        *columns, series = expected[0]
        assert source(table, ONE_TOML).names == (*columns, "SERIES", "OBS_VALUE")
        records = rows(table, ONE_TOML)
        assert records == [(*map(row.get, columns), series, row[series], n) for n, row in enumerate(expected, 2)]
        total += len(records)
    assert (len(files), total) == (26, 382)


def test_a_column_of_the_series_may_be_in_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "ddf--datapoints--sh_dyn_mort--by--year.csv"
    path.write_text("year,value\n2019,33.8\n", encoding="utf-8")
    toml = '[layout]\nfile_name = "ddf--datapoints--{SERIES}--by--*.csv"'
    assert source(path, toml).names == ("year", "value", "SERIES")
    assert rows(path, toml) == [("2019", "33.8", "sh_dyn_mort", 2)]
    fault = refusal(path, '[layout]\nfile_name = "{SERIES}.xlsx"')
    assert fault.value == path.name


@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_the_delimiter_is_found(table: Path, delimiter: str) -> None:
    table.write_text(f"area{delimiter}value\nTJ{delimiter}\n", encoding="utf-8")
    assert rows(table) == [("TJ", None, 2)]


def test_semicolons_are_distinguished_from_decimal_commas(table: Path) -> None:
    table.write_text("area;a;b\nTJ;1,5;2,5\nKG;3,5;4,5\n", encoding="utf-8")
    assert rows(table) == [("TJ", "1,5", "2,5", 2), ("KG", "3,5", "4,5", 3)]


def test_a_heading_below_titles_and_a_note_below_the_records(table: Path) -> None:
    table.write_bytes(b'Title\r\n"over two\r\nlines",,\r\n\r\narea,value\r\nTJ,1\r\n"K\r\nG",2\r\nSource: AOS\r\n')
    for header in ("4", '"area"'):
        toml = f'[layout]\nheader = {header}\nend = "Source:"'
        assert rows(table, toml) == [("TJ", "1", 5), ("K\r\nG", "2", 6)]


def test_values_across_become_rows_without_the_blank_ones(table: Path) -> None:
    table.write_text("country,1990,1991\nTJ,1,\nKG,2,3\n", encoding="utf-8")
    assert source(table, WIDE).names == ("country", "TIME_PERIOD", "OBS_VALUE")
    assert rows(table, WIDE) == [("TJ", "1990", "1", 2), ("KG", "1990", "2", 3), ("KG", "1991", "3", 3)]


def test_columns_that_differ_in_case_are_two(table: Path) -> None:
    table.write_text("sex,SEX\nM,F\n", encoding="utf-8")
    assert (source(table).names, rows(table)) == (("sex", "SEX"), [("M", "F", 2)])


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "utf-16-le", "utf-16-be"])
def test_a_stated_encoding_is_decoded(table: Path, encoding: str) -> None:
    table.write_bytes("пол,число\nЖенщины,2\n".encode(encoding))
    assert source(table, f'encoding = "{encoding}"').names == ("пол", "число")
    assert rows(table, f'encoding = "{encoding}"') == [("Женщины", "2", 2)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_says_the_encoding(table: Path, encoding: str) -> None:
    table.write_bytes("пол,число\nҶавон,2\n".encode(encoding))
    assert source(table).names == ("пол", "число")
    assert rows(table) == [("Ҷавон", "2", 2)]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "utf-16-le"])
def test_an_unstated_encoding_is_suggested_and_not_guessed(table: Path, encoding: str) -> None:
    table.write_bytes("пол,число\nЖенщины,2\nМужчины,3\n".encode(encoding))
    assert f'"{encoding}"' in refusal(table).remedy


def test_bytes_that_are_not_text_are_refused_with_their_line(table: Path) -> None:
    table.write_bytes(b"area,value\n" + "Ҷавон,1\n".encode() * 100_000 + b"TJ,\xff\n")
    fault = refusal(table)
    assert (fault.line, fault.value) == (100_002, "ff 0a")
    table.write_bytes("area,value\nTJ,Ҷ".encode()[:-1])
    assert "cut off" in refusal(table).remedy
    table.write_bytes(b"\xff\xfea\0")
    assert "utf-16" in refusal(table, 'encoding = "cp1251"').what
    assert refusal(table, 'encoding = "klingon"').value == "klingon"


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("a,b\n1,2\n3\n", "1 cells, and the heading 2", 3),
        ("a,b\n1,2\n3,4,5\n", "3 cells, and the heading 2", 3),
        ('a,b\n1,2\n3,"4\n5,6\n', "quotation mark", 3),
        ("a,b\n1,2\n3\0,4\n", "NUL", 3),
        ("a,a\n1,2\n", "same name", 1),
        ("a,,b\n1,2,3\n", "no name", 1),
        ("a,b\n1,2\r\n3,4\n", "do not all end alike", 0),
        ("one\n1\n", "no heading that is divided", 1),
        ("\n\n", "no heading that is divided", 1),
        ("", "empty", 0),
        ("PK\x03\x04", "a workbook", 0),
    ],
)
def test_a_broken_file_is_refused_with_its_line(table: Path, text: str, what: str, line: int) -> None:
    table.write_text(text, encoding="utf-8", newline="")
    fault = refusal(table)
    assert what in fault.what
    assert fault.line == line


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_counted_from_the_top_of_the_file(table: Path, end: str) -> None:
    table.write_text(end.join(["Title", "", "a,b", "1,2", "3", ""]), encoding="utf-8", newline="")
    assert refusal(table, "[layout]\nheader = 3").line == 5


def test_cells_below_a_nameless_column_are_not_lost(table: Path) -> None:
    table.write_text("a,b,\n1,2,\n", encoding="utf-8")
    assert rows(table) == [("1", "2", 2)]
    table.write_text("a,b,\n1,2,\n3,4,5\n", encoding="utf-8")
    assert "does not name" in refusal(table).what


def test_a_table_without_a_column_of_values_is_refused(table: Path) -> None:
    table.write_text("country\tsex\nTJ\tM\n", encoding="utf-8")
    assert "stand across" in refusal(table, WIDE).what


cell = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)


@settings(max_examples=examples(40))  # each opens a DuckDB of its own
@given(
    st.lists(st.lists(cell, min_size=3, max_size=3), max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, records: list[list[str]], delimiter: str, end: str
) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
        writer.writerows([["a", "b", "c"], *records])
    expected = [(*(text or None for text in record), n) for n, record in enumerate(records, 2)]
    assert rows(path, f"delimiter = {delimiter!r}".replace("'", '"')) == expected
