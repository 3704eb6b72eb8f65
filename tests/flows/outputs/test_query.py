"""`npa query` and `npa releases`: read-only, isolated, in the formats that people need."""

import contextlib
import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from flows.outputs.query import run_query
from flows.releases.warehouse import Warehouse
from tests.support.command import npa
from tests.support.paths import ROOT
from transforms.errors import UnanswerableQuestion


def _ask(warehouse: Path, sql: str, *options: object) -> str:
    run = npa("query", "--warehouse", warehouse, sql, *options)
    assert run.returncode == 0, run.stderr
    return run.stdout


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
    _ask(warehouse, sql, "--format", "parquet", "--output", tmp_path / "it's.parquet")  # in place of the old one
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


# A statement of every type that DuckDB parses. Writes that are explained, or hidden in a question, DuckDB stops.
_CHANGING = """
LOAD json | INSTALL httpfs | UPDATE EXTENSIONS | UPDATE EXTENSIONS (httpfs) | CONNECT 'x' | DISCONNECT
ATTACH '{folder}/other.duckdb' | ATTACH ':memory:' AS m | DETACH npa | USE memory
COPY dim_plan TO '{folder}/a.csv' | COPY dim_plan FROM '{folder}/a.csv' | COPY FROM DATABASE npa TO memory
EXPORT DATABASE '{folder}/all' | IMPORT DATABASE '{folder}/all'
CALL pragma_version() | CALL force_checkpoint() | PRAGMA version | PRAGMA enable_profiling
SET enable_external_access = true | SET VARIABLE x = 1 | RESET threads | VACUUM | ANALYZE
CHECKPOINT | FORCE CHECKPOINT
PREPARE p AS SELECT 1 | EXECUTE p | DEALLOCATE p | BEGIN | COMMIT | ROLLBACK
INSERT INTO dim_plan (plan_id) VALUES ('x') | UPDATE dim_plan SET plan_id = 'x' | DELETE FROM dim_plan
TRUNCATE dim_plan
MERGE INTO dim_plan USING dim_plan AS x ON true WHEN MATCHED THEN DELETE
CREATE TABLE t AS SELECT 1 | CREATE TEMP TABLE t AS SELECT 1 | CREATE VIEW v AS SELECT 1 | CREATE MACRO m() AS 1
CREATE SEQUENCE s | CREATE TYPE x AS ENUM ('a') | CREATE SCHEMA s | CREATE INDEX i ON dim_plan (plan_id)
CREATE SECRET s (TYPE s3) | DROP SECRET s | DROP TABLE dim_plan | ALTER TABLE dim_plan ADD COLUMN b INT
COMMENT ON TABLE dim_plan IS 'x' | SELECT 1; SELECT 2 | SELECT 1; UPDATE EXTENSIONS | UPDATE EXTENSIONS; SELECT 1
PIVOT dim_plan ON plan_id; SELECT 1 | BEGIN; DELETE FROM dim_plan; COMMIT | ; | -- nothing | /* nothing */"""
_HIDDEN = """
EXPLAIN DELETE FROM dim_plan | EXPLAIN ANALYZE DELETE FROM dim_plan | EXPLAIN COPY dim_plan TO '{folder}/a.csv'
EXPLAIN ANALYZE COPY dim_plan TO '{folder}/a.csv' | EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1
EXPLAIN ANALYZE INSTALL httpfs | EXPLAIN ANALYZE UPDATE EXTENSIONS | EXPLAIN ANALYZE SET threads = 1
EXPLAIN CONNECT 'x'
EXPLAIN EXECUTE p | EXPLAIN PRAGMA version | WITH x AS (DELETE FROM dim_plan RETURNING *) FROM x
FROM query('DELETE FROM dim_plan') | FROM read_csv('/etc/passwd')"""


def _files(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*")}


def test_statements_of_every_type_are_refused_in_a_sentence(warehouse: Path, tmp_path: Path) -> None:
    """Try those too that Python's enumeration of types does not know: none is a traceback, none changes anything."""
    copy = Path(shutil.copytree(warehouse, tmp_path / "warehouse", symlinks=True))  # others have that database open
    before = _files(tmp_path)
    for sentence, listed in (("one question at a time", [*_statements(_CHANGING, tmp_path), ""]),
                             (None, _statements(_HIDDEN, tmp_path))):  # fmt: skip
        for sql in listed:
            with pytest.raises(UnanswerableQuestion, match=sentence):
                run_query(Warehouse(copy), sql, "csv", None)
    assert _files(tmp_path) == before


def _statements(text: str, folder: Path) -> list[str]:
    return [statement.format(folder=folder) for line in text.strip().splitlines() for statement in line.split(" | ")]


def test_that_table_has_every_type_that_duckdb_parses(tmp_path: Path) -> None:
    """Check that the table has a statement of every type that DuckDB learns."""
    types = set()
    for sql in _statements(_CHANGING + _HIDDEN, tmp_path):
        with contextlib.suppress(ValueError, duckdb.ParserException):
            types |= {statement.type.name for statement in duckdb.extract_statements(sql)}
    internal = {"INVALID", "CREATE_FUNC", "EXTENSION", "LOGICAL_PLAN", "RELATION", "VARIABLE_SET", "COPY_DATABASE",
                "ANALYZE"}  # fmt: skip
    assert set(duckdb.StatementType.__members__) - types - internal == set()


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
        "UPDATE EXTENSIONS",
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
    run = npa("query", "--warehouse", warehouse, sql)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("npa: ")
    assert "Traceback" not in run.stderr


def test_values_that_are_difficult_for_formats(warehouse: Path) -> None:
    """Write each value as DuckDB writes it, or as text; none is lost or changed."""
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
    in_full_width = "SELECT '＝1' AS a, '＋1' AS b, '－1' AS c, '＠x' AS d"
    assert _ask(warehouse, in_full_width, "--format", "csv") == "a,b,c,d\n'＝1,'＋1,'－1,'＠x\n"


def test_long_tables_are_whole_in_a_pipe(warehouse: Path) -> None:
    assert _ask(warehouse, "FROM range(20000)").count("\n") > 20000


def test_an_answer_that_fails_leaves_the_old_file(warehouse: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old", encoding="utf-8")
    for sql in ("FROM nowhere", "SELECT 1::TINYINT + range::TINYINT FROM range(20000)"):
        run = npa("query", "--warehouse", warehouse, sql, "--format", "csv", "--output", path)
        assert run.returncode == 1
        assert [p.read_text(encoding="utf-8") for p in tmp_path.iterdir()] == ["old"]


def test_a_release_is_never_written_over(warehouse: Path) -> None:
    path = warehouse / "current" / "parquet" / "dim_plan.parquet"
    before = path.read_bytes()
    run = npa("query", "--warehouse", warehouse, "SELECT 1", "--format", "parquet", "--output", path)
    assert (run.returncode, path.read_bytes() == before) == (1, True)
    assert "inside the warehouse" in run.stderr


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_a_reader_that_stops_reading(warehouse: Path, form: str) -> None:
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
    """Stop it wherever the signal arrives, in DuckDB's start too, which ignores it."""
    sql = "SELECT count(*) FROM range(100000000000) t(a), range(1000)"
    command = [sys.executable, "-m", "flows.cli", "query", "--warehouse", str(warehouse), sql]
    for after in (0, 0.03, 0.06, 0.25):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            try:
                while "/_duckdb" not in Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8"):
                    time.sleep(0.005)
                time.sleep(after)
                process.send_signal(stop)
                _, err = process.communicate(timeout=120)
            finally:
                process.kill()
        assert process.returncode == 130, err


def test_output_that_cannot_be_written(warehouse: Path, tmp_path: Path) -> None:
    for form in ("csv", "json", "parquet"):
        run = npa("query", "--warehouse", warehouse, "SELECT 1", "--format", form, "--output", tmp_path / "no" / "file")
        assert run.returncode == 3, run.stderr
        assert "cannot be written" in run.stderr
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
        run = subprocess.run([sys.executable, "-c", code, *command], cwd=ROOT, capture_output=True, check=False)
        assert run.returncode == 0


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system does not list threads there")
def test_no_threads_to_multiply_matrices(warehouse: Path) -> None:
    """Check NumPy, which starts one for each core, with memory of its own, when it is imported."""
    code = (
        "import os, sys; from flows.cli import main; main(sys.argv[1:]); before = len(os.listdir('/proc/self/task')); "
        "import numpy; sys.exit(len(os.listdir('/proc/self/task')) - before)"
    )
    command = [sys.executable, "-c", code, "releases", "--warehouse", str(warehouse)]
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False, env=environment).returncode == 0


def test_no_progress_bar_in_the_answer(warehouse: Path) -> None:
    """Check a pipe: DuckDB 2 prints a bar after two seconds, to a pipe too."""
    run = npa(
        "query", "--warehouse", warehouse, "--format", "csv", "SELECT current_setting('enable_progress_bar') AS bar"
    )
    assert run.stdout == "bar\nfalse\n", run.stderr


def test_values_nested_too_deeply_are_reported(warehouse: Path) -> None:
    deep = "SELECT " + "{'a':" * 900 + "1" + "}" * 900
    json_text = "SELECT {'a': 1::DOUBLE, 'j': '" + "[" * 1500 + '"NaN"' + "]" * 1500 + "'::JSON} AS y"
    for question in (deep, json_text):
        for form in ("table", "csv", "json"):
            run = npa("query", "--warehouse", warehouse, "--format", form, question)
            assert (run.returncode in (0, 1), "Traceback" in run.stderr) == (True, False), run.stderr[-300:]


def test_a_pipe_is_written_to_and_not_replaced(warehouse: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True) as reader:
        run = npa("query", "--warehouse", warehouse, "--format", "csv", "SELECT 1 AS a", "--output", pipe)
        is_written = pipe.is_fifo()
        if not is_written:  # a writer will never come
            reader.kill()
        output, _ = reader.communicate(timeout=60)
    assert (run.returncode, output, is_written) == (0, "a\n1\n", True), run.stderr
