"""`npa query` and `npa releases`: read-only, closed off, in the formats that people need."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from conftest import ROOT, npa


def _ask(warehouse: Path, sql: str, *more: object) -> str:
    asked = npa("query", "--warehouse", warehouse, sql, *more)
    assert asked.returncode == 0, asked.stderr
    return asked.stdout


def test_formats_say_the_same(warehouse: Path, tmp_path: Path) -> None:
    sql = "SELECT activity_id, agencies, expected_result FROM activities WHERE measure_number = 6 ORDER BY ALL"
    from_json = json.loads(_ask(warehouse, sql, "--format", "json"))
    from_csv = list(csv.DictReader(io.StringIO(_ask(warehouse, sql, "--format", "csv"))))
    _ask(warehouse, sql, "--format", "parquet", "--output", tmp_path / "it's.parquet")
    path = str(tmp_path / "it's.parquet")
    from_parquet = duckdb.execute("FROM read_parquet($path)", {"path": path}).fetchall()
    assert [row["activity_id"] for row in from_json] == [row["activity_id"] for row in from_csv]
    assert [tuple(row.values()) for row in from_json] == from_parquet
    assert from_csv[1]["expected_result"] == ""
    assert json.loads(from_csv[1]["agencies"]) == ["OO", "LA"]
    _ask(warehouse, sql, "--format", "parquet", "--output", tmp_path / "it's.parquet")  # over the old one
    table = _ask(warehouse, sql)
    assert "TJK-CRC-2018-06-03" in table
    _ask(warehouse, sql, "--output", tmp_path / "table.txt")
    assert (tmp_path / "table.txt").read_text(encoding="utf-8") == table


_READING = (
    "SHOW TABLES",
    "DESCRIBE activities",
    "SUMMARIZE dim_plan",
    "EXPLAIN SELECT 1",
    "PIVOT dim_activity ON timeframe USING count(*)",
    "SELECT 1 -- one",
    "FROM release;",
)


@pytest.mark.parametrize("sql", _READING)
def test_reading_statements(warehouse: Path, sql: str) -> None:
    assert _ask(warehouse, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('raw/plans/tjk-npa-2018/plan.toml')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM 'https://example.org/x.parquet'",
        "SELECT * FROM duckdb_secrets(), read_blob('/etc/hostname')",
        "COPY dim_plan TO '/tmp/npa-was-here.csv'",
        "ATTACH '/tmp/other.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "DROP TABLE dim_plan",
        "CREATE TABLE t AS SELECT 1",
        "SELECT 1; SELECT 2",
        "SELEC 1",
        "",
        "-- nothing",
        "SELECT * FROM no_such_table",
    ],
)
def test_refused(warehouse: Path, sql: str) -> None:
    asked = npa("query", "--warehouse", warehouse, sql)
    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr.startswith("npa: ")
    assert "Traceback" not in asked.stderr


def test_values_that_formats_find_hard(warehouse: Path) -> None:
    """Each is written as DuckDB writes it, or as text; none is lost or changed."""
    sql = """SELECT 1 AS a, 2 AS a, 'nan'::DOUBLE AS n, ['-inf'::DOUBLE] AS i, INTERVAL '1 month' AS m,
                    '\\xAB'::BLOB AS b, map {DATE '2020-01-01': 2} AS k, DATE 'infinity' AS d,
                    170141183460469231731687303715884105727 AS h, TIMESTAMP_NS '2020-01-01 00:00:00.123456789' AS t,
                    NULL AS nothing"""
    (row,) = json.loads(_ask(warehouse, sql, "--format", "json"), parse_constant=pytest.fail)
    assert row == {
        "a": 1, "a_2": 2, "n": "NaN", "i": ["-Infinity"], "m": "1 month", "b": "\\xAB", "k": {"2020-01-01": 2},
        "d": "infinity", "h": 170141183460469231731687303715884105727, "t": "2020-01-01 00:00:00.123456789",
        "nothing": None,
    }  # fmt: skip
    names, values = csv.reader(io.StringIO(_ask(warehouse, sql, "--format", "csv")))
    assert names[:3] == ["a", "a", "n"]
    assert values == ["1", "2", "nan", "[-Infinity]", "1 month", "\\xAB", '{"2020-01-01":2}', "infinity",
                      "170141183460469231731687303715884105727", "2020-01-01 00:00:00.123456789", ""]  # fmt: skip


def test_csv_that_a_spreadsheet_would_run(warehouse: Path) -> None:
    sql = "SELECT '=1+1' AS a, '@x' AS b, '-2' AS c, -2 AS d, '+3' AS e, 'a=b' AS f"
    assert _ask(warehouse, sql, "--format", "csv") == "a,b,c,d,e,f\n'=1+1,'@x,'-2,-2,'+3,a=b\n"


def test_long_tables_are_whole_in_a_pipe(warehouse: Path) -> None:
    assert _ask(warehouse, "FROM range(20000)").count("\n") > 20000


def test_an_answer_that_fails_leaves_the_old_file(warehouse: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old", encoding="utf-8")
    for sql in ("FROM nowhere", "SELECT 1::TINYINT + range::TINYINT FROM range(20000)"):
        asked = npa("query", "--warehouse", warehouse, sql, "--format", "csv", "--output", path)
        assert asked.returncode == 1
        assert [p.read_text(encoding="utf-8") for p in tmp_path.iterdir()] == ["old"]


def test_a_release_is_never_written_over(warehouse: Path) -> None:
    path = warehouse / "current" / "parquet" / "dim_plan.parquet"
    before = path.read_bytes()
    asked = npa("query", "--warehouse", warehouse, "SELECT 1", "--format", "parquet", "--output", path)
    assert (asked.returncode, path.read_bytes() == before) == (1, True)
    assert "inside the warehouse" in asked.stderr


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_a_reader_that_goes_away(warehouse: Path, form: str) -> None:
    command = [sys.executable, "-m", "flows.cli", "query", "--warehouse", str(warehouse), "--format", form]
    process = subprocess.Popen([*command, "FROM range(300000)"], cwd=ROOT, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    assert process.stdout
    assert process.stderr
    process.stdout.readline()
    process.stdout.close()
    assert (process.stderr.read(), process.wait()) == ("", 0)
    process.stderr.close()


def test_streams_that_are_closed_or_full(warehouse: Path) -> None:
    ask = f"{sys.executable} -m flows.cli query --warehouse '{warehouse}'"
    for shell, status in (
        (f"{ask} 'SELECT 1' >&-", 0), (f"{ask} 'SELECT 1' > /dev/full", 3), (f"{ask} - <&-", 1),
        (f"{ask} 'SELECT 1' 2>&-", 0), (f"PYTHONIOENCODING=ascii {ask} \"SELECT 'Ҷ'\"", 0),
        (f"{ask} $'SELECT \\xff'", 1), (f"{ask.replace('query', 'releases')} >/dev/full", 3),
    ):  # fmt: skip
        done = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, "Traceback" in done.stderr) == (status, False), (shell, done.stderr)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_long_query_is_stopped(warehouse: Path, stop: signal.Signals) -> None:
    """Wherever the signal meets it, in DuckDB's start too, where it is swallowed: it ends."""
    sql = "SELECT count(*) FROM range(100000000000) t(a), range(1000)"
    command = [sys.executable, "-m", "flows.cli", "query", "--warehouse", str(warehouse), sql]
    for after in (0.15, 0.18, 0.21, 0.4):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(after)
        process.send_signal(stop)
        _, err = process.communicate(timeout=30)
        assert process.returncode in (130, -stop), err  # the latter before npa has begun


def test_output_that_cannot_be_written(warehouse: Path, tmp_path: Path) -> None:
    for form in ("csv", "json", "parquet"):
        asked = npa(
            "query", "--warehouse", warehouse, "SELECT 1", "--format", form, "--output", tmp_path / "no" / "file"
        )
        assert asked.returncode == 3, asked.stderr
        assert "cannot be written" in asked.stderr
    assert npa("query", "--warehouse", warehouse, "SELECT 1", "--output", tmp_path).returncode == 3
    assert npa("query", "--warehouse", warehouse, "SELECT 1", "--format", "parquet").returncode == 2


def test_releases(warehouse: Path) -> None:
    listed = json.loads(npa("releases", "--warehouse", warehouse, "--format", "json").stdout)
    assert [(row["release_id"], row["is_current"], row["activities"]) for row in listed] == [
        ((warehouse / "current").resolve().name, "current", 129)
    ]
    assert npa("releases", "--warehouse", warehouse).stdout.splitlines()[1].startswith(listed[0]["release_id"])


def test_reading_commands_import_nothing_heavy(warehouse: Path) -> None:
    for command in (["query", "--warehouse", str(warehouse), "SELECT 1"], ["releases", "--warehouse", str(warehouse)]):
        code = (
            "import sys; from flows.cli import main; main(sys.argv[1:]); "
            "sys.exit(bool({'pandas', 'pandera', 'prefect', 'pydantic'} & set(sys.modules)))"
        )
        asked = subprocess.run([sys.executable, "-c", code, *command], cwd=ROOT, capture_output=True, check=False)
        assert asked.returncode == 0


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system does not list threads there")
def test_no_threads_to_multiply_matrices(warehouse: Path) -> None:
    """NumPy starts one for each core, with memory of its own, when it is imported."""
    code = (
        "import os, sys; from flows.cli import main; main(sys.argv[1:]); before = len(os.listdir('/proc/self/task')); "
        "import numpy; sys.exit(len(os.listdir('/proc/self/task')) - before)"
    )
    command = [sys.executable, "-c", code, "releases", "--warehouse", str(warehouse)]
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False, env=environment).returncode == 0


def test_no_progress_bar_in_the_answer(warehouse: Path) -> None:
    """DuckDB 2 prints one after two seconds, to a pipe too."""
    told = npa(
        "query", "--warehouse", warehouse, "--format", "csv", "SELECT current_setting('enable_progress_bar') AS bar"
    )
    assert told.stdout == "bar\nfalse\n", told.stderr
