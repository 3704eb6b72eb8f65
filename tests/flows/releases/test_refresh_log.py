"""The log has a line for every attempt, whatever came of it; `npa health` says in a sentence how things are."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.operations.health import health
from flows.releases import refresh_log
from flows.releases.warehouse import Warehouse
from tests.support.command import Run, npa
from tests.support.paths import ROOT

DAY = 24 * 3600
LOG = "refresh_log.jsonl"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The warehouse that `refresh` writes to."""
    return tmp_path / "warehouse"


def _lines(home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / LOG).read_text(encoding="utf-8").splitlines()]


def _attempt(outcome: str, ended: datetime, **more: object) -> dict[str, object]:
    when = f"{ended:%Y-%m-%dT%H:%M:%SZ}"
    return {"started": when, "ended": when, "outcome": outcome, "errors": [], "error_count": 0} | more


# One line an attempt


def test_every_outcome_has_a_line(refresh: Run, plan: Path, home: Path) -> None:
    first = (home / "current").readlink().name
    refresh()
    refresh("--as-of", "2020-01-01")
    npa("rollback", first, "--warehouse", home)
    refresh("--as-of", "2020-01-02")
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("TNMAC, MOD", "NOBODY, MOD", 1), encoding="utf-8")
    assert refresh("--as-of", "2020-01-02").returncode == 1
    plan.write_text(text + " ", encoding="utf-8")
    (home / "hold.json").write_text("no JSON", encoding="utf-8")
    assert refresh("--as-of", "2020-01-02").returncode == 3
    lines = _lines(home)
    assert [line["outcome"] for line in lines] == ["published", "up_to_date", "published", "held", "rejected", "failed"]
    published, up_to_date, _, held, rejected, failed = lines
    assert (published["release_id"], up_to_date["release_id"], held["release_id"]) == (first, first, first)
    assert published["counts"]["rows"]["dim_activity"] == 129
    assert published["counts"]["issues"]["warning"] == 14
    assert list(published["stages"]) == [
        "read_inputs", "take_over", "read_plans", "validate", "compute", "publish"
    ]  # fmt: skip
    assert sum(published["stages"].values()) <= published["seconds"]
    assert published["started"] <= published["ended"]
    assert "is held to" in held["why"]
    error = next(error for error in rejected["errors"] if error["what"] == "unknown agency")
    assert (error["path"].split("/")[0], error["value"]) == ("plans", "NOBODY")
    assert error["line"] > 1
    assert error["remedy"]
    assert (failed["error_count"], "hold.json cannot be read" in failed["errors"][0]["what"]) == (1, True)
    assert all(line["pid"] and line["host"] and line["software_version"] and line["as_of"] for line in lines)


def test_a_hopeless_file_does_not_flood_the_log(refresh: Run, plan: Path, home: Path) -> None:
    plan.write_text(plan.read_text(encoding="utf-8").replace("\n", "\a\n"), encoding="utf-8")
    assert refresh().returncode == 1
    line = _lines(home)[-1]
    assert len(line["errors"]) <= 100 < line["error_count"]
    told = npa("health", "--warehouse", home)
    assert (told.returncode, "was rejected: plans/" in told.stdout, told.stdout.count("\n")) == (1, True, 1)
    assert f"and {line['error_count'] - 1} more problems" in told.stdout


@pytest.mark.usefixtures("refresh")
def test_an_attempt_that_is_stopped(raw: Path, home: Path) -> None:
    given = ["refresh", "--runner", "direct", "--raw", raw, "--warehouse", home, "--as-of", "2020-01-01"]
    process = subprocess.Popen([sys.executable, "-m", "flows.cli", *map(str, given)], text=True, cwd=ROOT,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    while f'"pid": {process.pid},' not in (home / ".lock").read_text(encoding="utf-8"):
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate()
    assert (process.returncode, _lines(home)[-1]["outcome"]) == (130, "stopped"), err
    assert npa("health", "--warehouse", home).returncode == 0  # by hand, and the last good one is fresh


@pytest.mark.usefixtures("refresh")
def test_a_server_that_is_not_there_is_logged_once(home: Path) -> None:
    env = {"PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_CLIENT_MAX_RETRIES": "0"}
    given = ["--raw", ROOT / "raw", "--warehouse", home, "--as-of", "2020-01-01", "--runner", "prefect"]
    assert npa("refresh", *given, env=env).returncode == 3
    lines = _lines(home)
    assert [line["outcome"] for line in lines] == ["published", "failed"]
    assert "Prefect server did not do its part" in lines[1]["errors"][0]["what"]


def test_the_first_attempt_may_be_a_bad_one(tmp_path: Path) -> None:
    bad = npa("refresh", "--raw", tmp_path / "nothing", "--warehouse", tmp_path / "new", "--runner", "direct")
    assert bad.returncode == 1
    (line,) = _lines(tmp_path / "new")
    assert (line["outcome"], line["errors"][0]["what"]) == ("rejected", "there is no such folder")


def test_a_log_that_cannot_be_written_fails_no_refresh(refresh: Run, home: Path) -> None:
    (home / LOG).unlink()
    (home / LOG).mkdir()
    done = refresh("--as-of", "2020-01-01")
    assert (done.returncode, "published" in done.stdout) == (0, True)
    assert f"{home / LOG} cannot be written: Is a directory; this refresh is not in it" in done.stderr
    told = npa("health", "--warehouse", home)
    assert (told.returncode, f"{LOG} cannot be read" in told.stdout) == (1, True)


# Its form


def test_a_torn_line_does_no_harm(refresh: Run, home: Path) -> None:
    log = home / LOG
    log.write_bytes(log.read_bytes() + b'{"started": "2026-11-25T01:30:00Z", "outc')
    assert npa("health", "--warehouse", home).returncode == 0
    refresh()
    lines = log.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    assert [a["outcome"] for a in refresh_log.newest_first(log)] == ["up_to_date", "published"]


def test_lines_of_many_processes_do_not_mix(tmp_path: Path) -> None:
    log = tmp_path / "log" / LOG
    code = """
import sys
from pathlib import Path
from flows.releases.refresh_log import append
for n in range(50):
    append(Path(sys.argv[1]), {"who": sys.argv[2], "n": n, "long": "x" * 20_000})
"""
    started = [subprocess.Popen([sys.executable, "-c", code, str(log), str(who)], cwd=ROOT) for who in range(4)]
    assert [process.wait() for process in started] == [0] * 4
    attempts = list(refresh_log.newest_first(log))
    assert len(attempts) == len(log.read_bytes().splitlines()) == 200
    for who in "0123":
        assert [attempt["n"] for attempt in attempts if attempt["who"] == who] == list(range(49, -1, -1))


@pytest.mark.parametrize("length", [1, 65_530, 65_536, 200_000])
def test_read_from_the_end_in_blocks(tmp_path: Path, length: int) -> None:
    log = tmp_path / LOG
    for number in range(5):
        refresh_log.append(log, {"n": number, "long": "é" * length})
    log.write_bytes(log.read_bytes() + b"\n[1]\n\xff\xfe\n5\n")
    assert [attempt["n"] for attempt in refresh_log.newest_first(log)] == [4, 3, 2, 1, 0]
    assert list(refresh_log.newest_first(tmp_path / "none.jsonl")) == []


# npa health


def test_health_without_a_release(tmp_path: Path) -> None:
    told = npa("health", "--warehouse", tmp_path / "none")
    assert (told.returncode, told.stdout.startswith(f"{tmp_path / 'none'} holds no release yet")) == (1, True)


@pytest.mark.usefixtures("refresh")
def test_health_as_json_and_its_options(home: Path) -> None:
    told = npa("health", "--warehouse", home, "--format", "json", "--max-age", "2d")
    found = json.loads(told.stdout)
    assert (told.returncode, found["is_healthy"], found["max_age_seconds"]) == (0, True, 2 * DAY)
    assert found["release_id"] == (home / "current").readlink().name
    assert found["last_attempt"]["outcome"] == "published"
    assert found["age_seconds"] < DAY
    for wrong in ("26", "h", "1.5h", "-1h"):
        bad = npa("health", "--warehouse", home, f"--max-age={wrong}")
        assert (bad.returncode, "is no duration; write it like 26h" in bad.stderr) == (2, True)
    time.sleep(1.1)
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
    told = npa("health", "--warehouse", home)
    wanted = {"missing": "is missing", "short": "bytes, not", "other": "is not what was published"}[harm]
    assert (told.returncode, f"{path} " in told.stdout, wanted in told.stdout) == (1, True, True), told.stdout
    assert told.stdout.count("\n") == 1


@pytest.mark.usefixtures("refresh")
def test_health_of_a_link_to_nothing(home: Path) -> None:
    (home / "current").resolve().rename(home / "releases" / "away")
    told = npa("health", "--warehouse", home)
    assert (told.returncode, "no complete release" in told.stdout) == (1, True)


@pytest.mark.usefixtures("refresh")
@pytest.mark.parametrize(
    ("attempts", "is_healthy", "told"),
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
def test_health_by_the_log(home: Path, attempts: list[tuple[str, float]], is_healthy: bool, told: str) -> None:
    now = datetime.now(UTC) + timedelta(days=100)
    (home / LOG).unlink()
    for outcome, hours_ago in attempts:
        errors = [{"path": "plans/x", "line": 7, "what": "bad", "value": None, "remedy": "."}]
        more: dict[str, object] = {"errors": errors, "error_count": 1} if outcome in ("rejected", "failed") else {}
        refresh_log.append(home / LOG, _attempt(outcome, now - timedelta(hours=hours_ago), **more))
    found = health(Warehouse(home), 26 * 3600, now)
    assert (found.is_healthy, told in found.reason) == (is_healthy, True), found.reason


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
    told = npa("health", "--warehouse", home)
    assert (told.returncode, told.stderr) == (1, "")
    assert "no reason was logged" in told.stdout


def test_health_and_releases_import_nothing_heavy(warehouse: Path) -> None:
    for command in ("health", "releases"):
        run = f"from flows.cli import main; main([{command!r}, '--warehouse', {str(warehouse)!r}])"
        code = f"{run}; import sys; print({{'duckdb', 'pandas', 'pydantic', 'prefect'}} & sys.modules.keys())"
        told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
                              env={**os.environ})  # fmt: skip
        assert told.stdout.endswith("\nset()\n"), told.stdout
