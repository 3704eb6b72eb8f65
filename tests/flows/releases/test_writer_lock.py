"""One writer: the holder of the lock is reported, waiting is a setting, and a killed process holds no lock."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.releases.refresh_log import newest_first
from flows.releases.writer_lock import dead_holder
from tests.support.command import Run, npa
from tests.support.paths import AS_OF, ROOT

Start = Callable[[], subprocess.Popen[str]]
_HOLD = """
import sys, time
from pathlib import Path
from flows.releases.warehouse import Warehouse
warehouse = Warehouse(Path(sys.argv[1]))
with warehouse.writing("refresh"), warehouse.staging("begun") as folder:
    (folder / "half").write_text("x")
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return the warehouse that `refresh` writes to."""
    return tmp_path / "warehouse"


@pytest.fixture
def holder(home: Path) -> Iterator[Start]:
    """Yield a function that starts a process that holds the lock as a refresh does, until its input is closed."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen([sys.executable, "-c", _HOLD, str(home)], text=True, cwd=ROOT,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
        started.append(process)
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_the_second_leaves_and_says_who_holds_the_lock(refresh: Run, holder: Start, home: Path) -> None:
    pid = holder().pid
    refused = refresh("--as-of", "2020-01-01")
    assert refused.returncode == 3
    assert f"another refresh is writing to {home} (process {pid} on {os.uname().nodename}, since 20" in refused.stderr
    assert f": -c {home})" in refused.stderr  # the command of the holder
    assert "--wait 600" in refused.stderr
    for command in (["rollback", "2"], ["prune", "--keep", "1"]):
        assert f"(process {pid} on" in npa(*command, "--warehouse", home).stderr
    assert refresh().returncode == 0  # up to date: there is nothing to write


def test_the_second_waits_by_option_or_setting(refresh: Run, holder: Start, raw: Path, home: Path) -> None:
    process = holder()
    refused = refresh("--as-of", "2020-01-01", "--wait", "0.5")
    assert (refused.returncode, f"waiting for 0.5 s at most: the warehouse is held by process {process.pid}") == (
        3, refused.stderr.splitlines()[0].split(" on ")[0]
    )  # fmt: skip
    command = ["refresh", "--raw", raw, "--warehouse", home, "--runner", "direct", "--as-of", "2020-01-01"]
    waiting = subprocess.Popen([sys.executable, "-m", "flows.cli", *map(str, command)], text=True, cwd=ROOT,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env={**os.environ, "NPA_LOCK_WAIT": "120"})  # fmt: skip
    assert waiting.stderr
    assert "waiting for 120 s at most" in waiting.stderr.readline()
    process.communicate("")
    out, err = waiting.communicate()
    assert (waiting.returncode, "published" in out) == (0, True), err
    for wrong in ("soon", "-1", "inf"):
        run = refresh("--as-of", "2020-01-02", env={"NPA_LOCK_WAIT": wrong})
        assert (run.returncode, f'NPA_LOCK_WAIT is "{wrong}"' in run.stderr) == (2, True)


def test_two_that_wait_publish_one_release(raw: Path, tmp_path: Path) -> None:
    """Check that the second finds, once it has the lock, that the first has done its work."""
    command = [
        "refresh",
        "--raw",
        raw,
        "--warehouse",
        tmp_path / "new",
        "--runner",
        "direct",
        "--as-of",
        AS_OF,
        "--wait",
        120,
    ]
    both = [subprocess.Popen([sys.executable, "-m", "flows.cli", *map(str, command)], text=True, cwd=ROOT,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]  # fmt: skip
    outputs = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    assert sorted(out.split()[0] for out, _ in outputs) == ["published", "up"]
    assert len(list((tmp_path / "new" / "releases").iterdir())) == 1


def test_inputs_that_changed_while_waiting_are_read_again(refresh: Run, holder: Start, raw: Path, home: Path) -> None:
    process = holder()
    command = [
        "refresh",
        "--raw",
        raw,
        "--warehouse",
        home,
        "--runner",
        "direct",
        "--as-of",
        "2020-01-01",
        "--wait",
        120,
    ]
    waiting = subprocess.Popen([sys.executable, "-m", "flows.cli", *map(str, command)], text=True, cwd=ROOT,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    assert waiting.stderr
    waiting.stderr.readline()
    (raw / "progress").mkdir(exist_ok=True)
    (raw / "progress" / "late.csv").write_text("activity_id,agency_id,time_period,reported_on,status\n")
    process.communicate("")
    out, err = waiting.communicate()
    assert "published" in out, err
    assert "progress/late.csv" in (home / "current" / "manifest.json").read_text(encoding="utf-8")
    assert refresh("--as-of", "2020-01-01").stdout.startswith("up to date")


def test_a_killed_process_leaves_no_lock(refresh: Run, holder: Start, home: Path) -> None:
    process = holder()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (home / ".staging-begun" / "half").exists()
    died = dead_holder(home / ".lock")
    assert died
    assert died.pid == process.pid
    run = npa("health", "--warehouse", home)
    assert (run.returncode, "the last refresh died before it was done" in run.stdout) == (1, True)
    done = refresh("--as-of", "2020-01-01")
    assert (done.returncode, "published" in done.stdout) == (0, True), done.stderr
    assert "cleared away .staging-begun, left over by a run that died" in done.stderr
    assert f"the last refresh died before it was done (process {process.pid} on" in done.stderr
    assert not list(home.glob(".staging-*"))
    lines = list(newest_first(home / "refresh_log.jsonl"))
    assert [(line["outcome"], line["pid"] == process.pid) for line in lines[:2]] == [
        ("published", False),
        ("failed", True),
    ]
    assert "ended without a word" in lines[1]["errors"][0]["what"]
    assert dead_holder(home / ".lock") is None
    assert npa("health", "--warehouse", home).returncode == 0


def test_a_lock_file_that_says_nothing(refresh: Run, home: Path) -> None:
    (home / ".lock").write_text("4711")
    assert "published" in refresh("--as-of", "2020-01-01").stdout


@pytest.mark.usefixtures("refresh")
def test_waiting_can_be_stopped(holder: Start, home: Path) -> None:
    holder()
    command = ["prune", "--keep", "1", "--warehouse", home, "--wait", "120"]
    waiting = subprocess.Popen([sys.executable, "-m", "flows.cli", *map(str, command)], text=True, cwd=ROOT,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    assert waiting.stderr
    waiting.stderr.readline()
    time.sleep(0.1)
    waiting.send_signal(signal.SIGTERM)
    _, err = waiting.communicate()
    assert (waiting.returncode, "stopped before it was done" in err) == (130, True)


def test_a_stop_after_the_switch_comes_too_late(refresh: Run, raw: Path, home: Path) -> None:
    """Report what has been published, even if the signal comes while old releases are being removed."""
    code = """
import os, signal, sys, flows.refresh.pipeline
def stopped(*_):
    os.kill(os.getpid(), signal.SIGTERM)
flows.refresh.pipeline.prune_after_refresh = stopped
from flows.cli import main
sys.exit(main(sys.argv[1:]))
"""
    before = (home / "current").readlink()
    command = ["refresh", "--runner", "direct", "--raw", raw, "--warehouse", home, "--as-of", "2020-01-01"]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, command)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "published" in done.stdout, done.stderr) == (0, True, "")
    assert (home / "current").readlink() != before
    assert next(newest_first(home / "refresh_log.jsonl"))["outcome"] == "published"
    assert refresh("--as-of", "2020-01-01").stdout.startswith("up to date")
