"""Parquet tables: every column as text, and what is rejected."""

from pathlib import Path

import duckdb
import pytest

from tests.support.table_files import refusal, rows, source


def _written(path: Path, select: str) -> Path:
    duckdb.connect().execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


def test_every_column_is_text_and_rows_are_numbered(tmp_path: Path) -> None:
    path = _written(
        tmp_path / "a.parquet",
        "FROM (VALUES ('TJ', 2019.0::DOUBLE, 0.1::FLOAT, 1.50::DECIMAL(9, 2), DATE '2020-01-31', 7, NULL::VARCHAR),"
        " ('KG', NULL, 1e20::FLOAT, -0.5, NULL, NULL, 'x')) AS t(area, year, f, d, day, i, \"Area\"\"s\")",
    )
    assert source(path).names == ("area", "year", "f", "d", "day", "i", 'Area"s')
    assert rows(path) == [
        ("TJ", "2019", "0.1", "1.50", "2020-01-31", "7", None, 1), ("KG", None, "1e+20", "-0.50", None, None, "x", 2),
    ]  # fmt: skip


def test_the_name_of_the_file_may_give_a_column(tmp_path: Path) -> None:
    path = _written(tmp_path / "SH_DYN_MORT.parquet", "SELECT 'TJ' AS area")
    toml = '[layout]\nfile_name = "{SERIES}.parquet"'
    assert source(path, toml).names == ("area", "SERIES")
    assert rows(path, toml) == [("TJ", "SH_DYN_MORT", 1)]


@pytest.mark.parametrize("select", ["SELECT [1, 2] AS a", "SELECT {'b': 1} AS a", "SELECT 'x'::BLOB AS a"])
def test_nested_columns_are_refused(tmp_path: Path, select: str) -> None:
    assert refusal(_written(tmp_path / "a.parquet", select)).value == "a"


def test_files_that_are_not_parquet_or_are_cut_off_are_refused(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.parquet", "SELECT i FROM range(1000) t(i)")
    path.write_bytes(path.read_bytes()[:-100])
    assert "cut off" in refusal(path).what
    path.write_text("a,b\n1,2\n")
    assert "no Parquet" in refusal(path).what
