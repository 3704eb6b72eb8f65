"""The files of a release: constraints, descriptions, order; DuckDB 1.4.5 can read them."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.tables import TABLES
from tests.support.paths import LOCKS, ROOT


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as con:
        return con.execute(sql).fetchall()


def test_release_id_and_manifest(warehouse: Path) -> None:
    release = (warehouse / "current").resolve()
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["release_id"] == release.name
    assert release.name.startswith(manifest["published_at"].replace("-", "").replace(":", "") + "Z-")
    totals = {"plans": 3, "measures": 56, "activities": 129, "second_prints": 1, "agencies": 37}
    assert manifest["totals"] == totals | {"responsible_agencies": 36}
    assert json.loads((release / "quality_report.json").read_text(encoding="utf-8"))["totals"] == manifest["totals"]
    for source in manifest["inputs"]:
        assert hashlib.sha256((ROOT / "raw" / source["path"]).read_bytes()).hexdigest() == source["sha256"]
    assert {source["path"].split("/")[-1] for source in manifest["inputs"]} >= {"plan.toml", "aliases.csv"}
    for output in manifest["outputs"]:
        assert hashlib.sha256((release / output["path"]).read_bytes()).hexdigest() == output["sha256"]
        count = _rows(f"SELECT count(*) FROM '{release / output['path']}'")[0]
        assert count == (output["rows"],)
    assert {output["table"] for output in manifest["outputs"]} == set(TABLES)


def test_constraints_are_real(con: duckdb.DuckDBPyConnection, tmp_path: Path, warehouse: Path) -> None:
    copy = Path(shutil.copy(warehouse / "current" / "npa.duckdb", tmp_path / "copy.duckdb"))
    with duckdb.connect(str(copy)) as writable:
        for broken in (
            "INSERT INTO dim_plan SELECT * FROM dim_plan",
            "INSERT INTO bridge_activity_agency VALUES ('TJK-CRC-2018-01-01', 'TJK-NOBODY', 9, 'x', false, NULL)",
            "INSERT INTO bridge_activity_agency VALUES ('TJK-CRC-2018-01-01', NULL, 9, 'x', false, NULL)",
            "UPDATE dim_activity SET timeframe = 'sometimes' WHERE activity_number = 1",
            "UPDATE dim_activity SET window_end = DATE '2001-01-01' WHERE activity_number = 1",
            "UPDATE dim_measure SET summary = ''",
            "UPDATE dim_agency SET is_collective = true WHERE abbreviation = 'WG'",
        ):
            with pytest.raises(duckdb.ConstraintException):
                writable.execute(broken)
    foreign = con.execute(
        "SELECT table_name FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY'"
    ).fetchall()
    assert len(foreign) > 20


def test_every_table_view_and_column_is_described(con: duckdb.DuckDBPyConnection) -> None:
    nothing: list[object] = []
    assert con.execute("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL").fetchall() == nothing
    assert (
        con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL").fetchall() == nothing
    )
    published = con.execute("""
        SELECT table_name, column_name, column_index, data_type, comment FROM duckdb_columns()
        WHERE NOT internal ORDER BY ALL""").fetchall()
    dictionary = con.execute("""
        SELECT table_name, column_name, position, data_type, description || coalesce(' Unit: ' || unit || '.', '')
        FROM data_dictionary ORDER BY ALL""").fetchall()
    assert [tuple(row) for row in published] == dictionary


def test_parquet_files_carry_descriptions_and_package_describes_them(warehouse: Path) -> None:
    current = warehouse / "current"
    package = json.loads((current / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        path = next(current.glob(resource["path"]))
        metadata = dict(_rows(f"SELECT key, value FROM parquet_kv_metadata('{path}')"))
        assert metadata[b"description"].decode() == resource["description"]
        columns = json.loads(metadata[b"columns"])
        columns_of_file = [row[0] for row in _rows(f"DESCRIBE SELECT * FROM '{path}'")]
        named = [field["name"] for field in resource["schema"]["fields"]]
        assert list(columns) == named
        # The folder of a partition has one column in its name, which DuckDB reads last.
        assert columns_of_file == named or (columns_of_file[-1], columns_of_file[:-1]) == (named[0], named[1:])
        assert resource["schema"]["primaryKey"]


def test_parquet_rows_are_in_key_order(warehouse: Path) -> None:
    for table in TABLES.values():
        if not table.is_partitioned:
            path = warehouse / "current" / "parquet" / f"{table.name}.parquet"
            rows = _rows(f"SELECT {', '.join(table.key)} FROM '{path}'")
            assert rows == sorted(rows)


def test_empty_tables_of_later_sources_can_be_queried(con: duckdb.DuckDBPyConnection) -> None:
    for name in ("fact_progress", "dim_progress_file", "rejected_row"):
        assert con.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)


@pytest.mark.client
def test_duckdb_1_4_reads_the_release(warehouse: Path, con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Read every table, view and comment in the client that R and DBeaver have."""
    lock = LOCKS / "duckdb-1.4-client.lock"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "--target", str(tmp_path), "-r", str(lock)], check=True, capture_output=True)
    code = """
import sys, duckdb
assert duckdb.__version__.startswith("1.4."), duckdb.__version__
con = duckdb.connect(sys.argv[1], read_only=True)
for (name,) in con.execute("SELECT table_name FROM duckdb_columns() WHERE NOT internal GROUP BY ALL").fetchall():
    con.execute(f"FROM {name}").fetchall()
for call, rows in (("activity_status(DATE '2020-12-31')", 129), ("reporting_slots(DATE '2020-12-31')", 2441),
                   ("activity_status(DATE '2020-12-31', known_on := DATE '2019-01-01')", 129)):
    assert len(con.execute(f"FROM {call}").fetchall()) == rows, call
assert str(con.execute(sys.argv[2]).fetchall()) == sys.argv[3], "indicators_at"
parts = "SELECT breakdown_parts(other_breakdown), breakdown_parts('A=x%3By;B=1')['A'] FROM fact_statistic LIMIT 1"
assert con.execute(parts).fetchall() == [({}, "x;y")]
text = "SELECT count(text_in(activity_id, 'activity_text', activity_text, 'en', 'ru')) FROM dim_activity"
assert con.execute(text).fetchall() == [(129,)]
languages = "SELECT DISTINCT agency_language(agency_id) FROM dim_agency"
assert con.execute(languages).fetchall() == [("en",)]
comment = "(SELECT comment FROM duckdb_tables() WHERE table_name = 'dim_plan')"
print(con.execute(f"SELECT count(*), {comment} FROM activities").fetchall())
"""
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    indicators = (
        "SELECT indicator_id, time_period, numerator, denominator, value FROM indicators_at(DATE '2020-12-31') "
        "WHERE agency_id = '_T' AND plan_id = '_T' ORDER BY indicator_id, time_period"
    )
    arguments = str(warehouse / "current" / "npa.duckdb"), indicators, str(con.execute(indicators).fetchall())
    done = subprocess.run([sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True,
                           check=False)  # fmt: skip
    assert done.stdout.startswith("[(129, 'One row per plan"), done.stderr
