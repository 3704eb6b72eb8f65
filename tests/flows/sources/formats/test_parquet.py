"""Parquet tables: every column as text, and what is rejected."""

import math
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.one_data_set import HEAD, Load
from tests.support.paths import DATA
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


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("'nan'::DOUBLE", None), ("'nan'::FLOAT", None), ("'inf'::DOUBLE", "inf"), ("0.1::FLOAT", "0.1"),
        ("16777216::FLOAT", "16777216"), ("1e15::DOUBLE", "1000000000000000"), ("-2.50::DECIMAL(5, 2)", "-2.50"),
        ("'F'::ENUM('M', 'F')", "F"), ("18446744073709551615::UBIGINT", "18446744073709551615"), ("true", "true"),
        ("DATE '2019-12-31'", "2019-12-31"), ("TIMESTAMP '2019-12-31 01:02:03'", "2019-12-31 01:02:03"),
        ("TIMESTAMPTZ '2019-12-31 05:00:00+05'", "2019-12-31 00:00:00+00"), ("TIME '10:20:30'", "10:20:30"),
        ("'140681e4-077d-4790-a8aa-d34ac1eccd3f'::UUID", "140681e4-077d-4790-a8aa-d34ac1eccd3f"), ("'  '", "  "),
    ],
)  # fmt: skip
def test_a_value_of_each_type_is_text(tmp_path: Path, value: str, text: str | None) -> None:
    path = _written(tmp_path / "a.parquet", f"SELECT {value} AS a, NULL::VARCHAR AS b")
    assert rows(path) == [(text, None, 1)]


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.floats(width=32), min_size=1), kind=st.sampled_from(["FLOAT", "DOUBLE"]))
@pytest.mark.parametrize("mark", [".", ","])
def test_any_number_is_read_back_and_nan_is_missing(tmp_path: Path, values: list[float], kind: str, mark: str) -> None:
    con = duckdb.connect()
    con.execute(f"CREATE TABLE t (a {kind})")
    con.executemany("INSERT INTO t VALUES (?)", [(value,) for value in values])
    con.execute(f"COPY t TO '{tmp_path}/a.parquet' (FORMAT parquet)")
    texts = [text and str(text).replace(mark, ".") for text, _ in rows(tmp_path / "a.parquet", f'decimal = "{mark}"')]
    stored = [value for (value,) in con.execute("SELECT a FROM t").fetchall()]
    assert [text is None for text in texts] == [math.isnan(value) for value in stored]
    again = [con.execute(f"SELECT ?::{kind}", [text]).fetchall()[0][0] for text in texts if text]
    assert again == [value for value in stored if not math.isnan(value)]


_NESTED = ["[1, 2]", "{'b': 1}", "'x'::BLOB", "MAP {'k': 1}", "INTERVAL 1 DAY", "'[1]'::JSON", "[{'b': [1]}]"]


@pytest.mark.parametrize("value", _NESTED)
def test_a_column_of_no_single_values_is_refused_or_set_aside(tmp_path: Path, value: str) -> None:
    path = _written(tmp_path / "a.parquet", f"SELECT 'x' AS a, {value} AS \"b c\", 'y' AS d")
    fault = refusal(path)
    assert (fault.value, fault.remedy) == ("b c", 'Set it aside in dataset.toml: [concepts] "b c" = "".')
    toml = '[concepts]\n"b c" = ""'  # as the remedy says
    assert source(path, toml).names == ("a", "b c", "d")
    assert rows(path, toml) == [("x", None, "y", 1)]


def test_nan_is_published_as_missing(load: Load) -> None:
    data = (DATA / "parquet" / "nan.parquet").read_bytes()
    head = HEAD.replace('"csv"', '"parquet"').replace("*.csv", "*.parquet")
    toml = '[constants]\nstatistic_id = "LB"\nunit_measure = "NUMBER"\n[define.statistic_id]\nLB = "Live births"\n'
    loaded = load(toml, head, **{"nan.parquet": data})
    assert loaded.rows("time_period, obs_value, obs_status") == [
        ("2019", 0.1, None), ("2020", 0.2, None), ("2021", None, "O"),
    ]  # fmt: skip


def test_files_that_are_not_parquet_or_are_cut_off_are_refused(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.parquet", "SELECT i FROM range(1000) t(i)")
    path.write_bytes(path.read_bytes()[:-100])
    assert "cut off" in refusal(path).what
    path.write_text("a,b\n1,2\n")
    assert "no Parquet" in refusal(path).what
