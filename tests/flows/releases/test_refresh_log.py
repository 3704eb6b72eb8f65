"""The refresh log, which has a line for every attempt, whatever its outcome."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.releases import refresh_log
from tests.support.command import Run, npa
from tests.support.log_lines import LOG, lines_of
from tests.support.paths import GOLDEN, ROOT

# One line for each attempt


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
    lines = lines_of(home)
    assert [line["outcome"] for line in lines] == ["published", "up_to_date", "published", "held", "rejected", "failed"]
    published, up_to_date, _, while_held, rejected, failed = lines
    assert (published["release_id"], up_to_date["release_id"], while_held["release_id"]) == (first, first, first)
    assert published["counts"]["rows"]["dim_activity"] == 129
    assert published["counts"]["issues"]["warning"] == 15
    assert list(published["stages"]) == ["read_inputs", "read_plans", "validate", "compute", "publish"]
    assert sum(published["stages"].values()) <= published["seconds"]
    assert published["started"] <= published["ended"]
    assert "is held to" in while_held["why"]
    error = next(error for error in rejected["errors"] if error["what"] == "unknown agency")
    assert (error["path"].split("/")[0], error["value"]) == ("plans", "NOBODY")
    assert error["line"] > 1
    assert error["remedy"]
    assert (failed["error_count"], "hold.json cannot be read" in failed["errors"][0]["what"]) == (1, True)
    assert all(line["pid"] and line["host"] and line["software_version"] and line["as_of"] for line in lines)


def _shape(value: object) -> object:
    """Return keys in their order with the types of their values; for a list, the shape of its first entry."""
    if isinstance(value, dict):
        return {key: _shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shape(item) for item in value[:1]]
    return type(value).__name__


def test_a_line_has_these_keys_in_this_order(warehouse: Path, refresh: Run, plan: Path, home: Path) -> None:
    """Compare with a golden file, because people and programs read the log: keys, stages and tables may be added."""
    plan.write_text(plan.read_text(encoding="utf-8").replace("TNMAC, MOD", "NOBODY, MOD", 1), encoding="utf-8")
    assert refresh().returncode == 1
    lines = {"published, with statistics": lines_of(warehouse)[-1], "rejected": lines_of(home)[-1]}
    shape = json.dumps(_shape(lines), indent=2) + "\n"
    assert shape == (GOLDEN / "refresh_log.json").read_text(encoding="utf-8"), shape


def test_a_file_with_many_faults_does_not_flood_the_log(refresh: Run, plan: Path, home: Path) -> None:
    plan.write_text(plan.read_text(encoding="utf-8").replace("\n", "\a\n"), encoding="utf-8")
    assert refresh().returncode == 1
    line = lines_of(home)[-1]
    assert len(line["errors"]) <= 100 < line["error_count"]
    run = npa("health", "--warehouse", home)
    assert (run.returncode, "was rejected: plans/" in run.stdout, run.stdout.count("\n")) == (1, True, 1)
    assert f"and {line['error_count'] - 1} more problems" in run.stdout


@pytest.mark.usefixtures("refresh")
def test_an_attempt_that_is_stopped(raw: Path, home: Path) -> None:
    command = ["refresh", "--runner", "direct", "--raw", raw, "--warehouse", home, "--as-of", "2020-01-01"]
    process = subprocess.Popen([sys.executable, "-m", "flows.cli", *map(str, command)], text=True, cwd=ROOT,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    while f'"pid": {process.pid},' not in (home / ".lock").read_text(encoding="utf-8"):
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate()
    assert (process.returncode, lines_of(home)[-1]["outcome"]) == (130, "stopped"), err
    assert npa("health", "--warehouse", home).returncode == 0  # stopped by hand, and the last good release is fresh


@pytest.mark.usefixtures("refresh")
def test_a_server_that_does_not_exist_is_logged_once(home: Path) -> None:
    env = {"PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_CLIENT_MAX_RETRIES": "0"}
    options = ["--raw", ROOT / "raw", "--warehouse", home, "--as-of", "2020-01-01", "--runner", "prefect"]
    assert npa("refresh", *options, env=env).returncode == 3
    lines = lines_of(home)
    assert [line["outcome"] for line in lines] == ["published", "failed"]
    assert "Prefect server did not do its part" in lines[1]["errors"][0]["what"]


def test_the_first_attempt_may_be_a_bad_one(tmp_path: Path) -> None:
    bad = npa("refresh", "--raw", tmp_path / "nothing", "--warehouse", tmp_path / "new", "--runner", "direct")
    assert bad.returncode == 1
    (line,) = lines_of(tmp_path / "new")
    assert (line["outcome"], line["errors"][0]["what"]) == ("rejected", "there is no such folder")


def test_a_log_that_cannot_be_written_fails_no_refresh(refresh: Run, home: Path) -> None:
    (home / LOG).unlink()
    (home / LOG).mkdir()
    done = refresh("--as-of", "2020-01-01")
    assert (done.returncode, "published" in done.stdout) == (0, True)
    assert f"{home / LOG} cannot be written: Is a directory; this refresh is not in it" in done.stderr
    run = npa("health", "--warehouse", home)
    assert (run.returncode, f"{LOG} cannot be read" in run.stdout) == (1, True)


# The form of the log


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
