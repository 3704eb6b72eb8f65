"""`npa health`, which reports the state of a warehouse in one sentence."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.operations.health import health
from flows.releases import refresh_log
from flows.releases.warehouse import Warehouse
from tests.support.command import npa
from tests.support.log_lines import DAY, LOG, attempt
from tests.support.paths import ROOT


def test_health_without_a_release(tmp_path: Path) -> None:
    run = npa("health", "--warehouse", tmp_path / "none")
    assert (run.returncode, run.stdout.startswith(f"{tmp_path / 'none'} holds no release yet")) == (1, True)


@pytest.mark.usefixtures("refresh")
def test_health_as_json_and_its_options(home: Path) -> None:
    run = npa("health", "--warehouse", home, "--format", "json", "--max-age", "2d")
    status = json.loads(run.stdout)
    assert (run.returncode, status["is_healthy"], status["max_age_seconds"]) == (0, True, 2 * DAY)
    assert status["release_id"] == (home / "current").readlink().name
    assert status["last_attempt"]["outcome"] == "published"
    assert status["age_seconds"] < DAY
    for wrong in ("26", "h", "1.5h", "-1h"):
        bad = npa("health", "--warehouse", home, f"--max-age={wrong}")
        assert (bad.returncode, "is no duration; write it like 26h" in bad.stderr) == (2, True)
    time.sleep(2.1)  # ages are whole seconds
    stale = npa("health", "--warehouse", home, "--max-age", "1s")
    assert (stale.returncode, "the last good refresh was" in stale.stdout) == (1, True)


@pytest.mark.usefixtures("refresh")
@pytest.mark.parametrize("path", ["npa.duckdb", "parquet/fact_indicator.parquet", "datapackage.json"])
@pytest.mark.parametrize("harm", ["missing", "short", "other"])
def test_health_of_a_damaged_release(home: Path, path: str, harm: str) -> None:
    file = home / "current" / path
    data = file.read_bytes()
    file.unlink()
    if harm != "missing":
        file.write_bytes(data[:-9] if harm == "short" else data[:-9] + b"x" + data[-8:])
    run = npa("health", "--warehouse", home)
    expected = {"missing": "is missing", "short": "bytes, not", "other": "is not what was published"}[harm]
    assert (run.returncode, f"{path} " in run.stdout, expected in run.stdout) == (1, True, True), run.stdout
    assert run.stdout.count("\n") == 1


@pytest.mark.usefixtures("refresh")
def test_health_of_a_link_to_nothing(home: Path) -> None:
    (home / "current").resolve().rename(home / "releases" / "away")
    run = npa("health", "--warehouse", home)
    assert (run.returncode, "no complete release" in run.stdout) == (1, True)


@pytest.mark.usefixtures("refresh")
@pytest.mark.parametrize(
    ("attempts", "is_healthy", "reason"),
    [
        ([("published", 30)], False, "the last good refresh was 30 h ago"),
        ([("published", 30), ("up_to_date", 2)], True, "is whole, and the last good refresh was 2 h ago"),
        ([("published", 30), ("held", 2)], True, "the last good refresh was 2 h ago"),
        ([("published", 3), ("rejected", 2)], False, "was rejected: plans/x:7: bad"),
        ([("published", 3), ("failed", 2), ("stopped", 1)], False, "failed: plans/x:7: bad"),
        ([("rejected", 3), ("published", 2), ("stopped", 1)], True, "2 h ago"),
        ([("published", 2), ("published", -48)], True, "the clock has gone back, or was wrong then"),
        ([("published", 30), ("published", -48)], False, "the clock has gone back, or was wrong then"),
        ([("published", -1 / 60)], True, "was 0 min ago"),  # clocks of two machines
    ],
)
def test_health_by_the_log(home: Path, attempts: list[tuple[str, float]], is_healthy: bool, reason: str) -> None:
    now = datetime.now(UTC) + timedelta(days=100)
    (home / LOG).unlink()
    for outcome, hours_ago in attempts:
        errors = [{"path": "plans/x", "line": 7, "what": "bad", "value": None, "remedy": "."}]
        details: dict[str, object] = {"errors": errors, "error_count": 1} if outcome in ("rejected", "failed") else {}
        refresh_log.append(home / LOG, attempt(outcome, now - timedelta(hours=hours_ago), **details))
    status = health(Warehouse(home), 26 * 3600, now)
    assert (status.is_healthy, reason in status.reason) == (is_healthy, True), status.reason


@pytest.mark.usefixtures("refresh")
def test_health_by_the_release_where_there_is_no_log(home: Path) -> None:
    (home / LOG).unlink()
    assert health(Warehouse(home), DAY, datetime.now(UTC)).is_healthy
    before = health(Warehouse(home), DAY, datetime.now(UTC) - timedelta(days=3))
    assert (before.is_healthy, "the clock has gone back" in before.reason) == (False, True)


@pytest.mark.usefixtures("refresh")
def test_health_of_a_log_with_nonsense(home: Path) -> None:
    for line in ({"outcome": 5}, {"outcome": "rejected", "errors": "x", "error_count": "many"}, {"ended": [], "a": 1}):
        refresh_log.append(home / LOG, line)
    run = npa("health", "--warehouse", home)
    assert (run.returncode, run.stderr) == (1, "")
    assert "no reason was logged" in run.stdout


def test_health_and_releases_import_nothing_heavy(warehouse: Path) -> None:
    for command in ("health", "releases"):
        run = f"from flows.cli import main; main([{command!r}, '--warehouse', {str(warehouse)!r}])"
        code = f"{run}; import sys; print({{'duckdb', 'pandas', 'pydantic', 'prefect'}} & sys.modules.keys())"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
                              env={**os.environ})  # fmt: skip
        assert done.stdout.endswith("\nset()\n"), done.stdout
