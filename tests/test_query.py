"""`npa query` and `npa releases`: read-only, closed off, in the formats that people need."""

import csv
import io
import json
import subprocess
import sys
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


def test_output_that_cannot_be_written(warehouse: Path, tmp_path: Path) -> None:
    for form in ("csv", "json", "parquet"):
        asked = npa(
            "query", "--warehouse", warehouse, "SELECT 1", "--format", form, "--output", tmp_path / "no" / "file"
        )
        assert asked.returncode == 3, asked.stderr
        assert "cannot be written" in asked.stderr
    assert npa("query", "--warehouse", warehouse, "SELECT 1", "--format", "parquet").returncode == 1


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
