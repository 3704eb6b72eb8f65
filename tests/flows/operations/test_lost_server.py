"""A Prefect server that dies in the middle of a flow, and one that is not there when the flow begins."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.small_country import AS_OF, Small, make_raw
from tests.support.warm_process import Ran, Warm

pytestmark = [pytest.mark.kills, pytest.mark.server]


@pytest.fixture
def small(process: Warm, tmp_path: Path) -> Small:
    """Return a warehouse with a release."""
    small = Small(make_raw(tmp_path / "raw"), tmp_path / "warehouse", process)
    assert small.refresh().returncode == 0
    return small


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, str]]]:
    """Yield a server that may be killed, and the environment of its clients."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = {"PREFECT_HOME": str(tmp_path / "prefect"), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    start = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(start, env={**os.environ, **home}, start_new_session=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    url = f"http://127.0.0.1:{port}/api"
    for _ in range(480):
        try:
            urllib.request.urlopen(f"{url}/health", timeout=1).close()
            break
        except OSError:
            assert process.poll() is None
            time.sleep(0.5)
    yield process, home | {"PREFECT_API_URL": url, "PREFECT_CLIENT_MAX_RETRIES": "1"}
    _kill(process)


def _kill(server: subprocess.Popen[bytes]) -> None:
    """Kill the server and its parts, which have a session of their own."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _start(small: Small, env: dict[str, str]) -> subprocess.Popen[str]:
    options = ["--raw", small.raw, "--warehouse", small.home, "--as-of", AS_OF, "--runner", "prefect", "--force"]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "NPA_"))}
    return subprocess.Popen([sys.executable, "-m", "flows.cli", "refresh", *map(str, options)], text=True, cwd=ROOT,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=quiet | env)  # fmt: skip


def test_a_server_dies_and_stays_away(small: Small, server: tuple[subprocess.Popen[bytes], dict[str, str]]) -> None:
    """Publish although the server dies, as the stages go on without it, and report that the server was lost. The next
    night cannot begin without any server: that is reported, and the last good release stays."""
    process, env = server
    before = small.current()
    refresh = _start(small, env)
    while not list(small.home.glob(".staging-2*")):
        assert refresh.poll() is None, refresh.communicate()
        time.sleep(0.02)
    _kill(process)
    out, err = refresh.communicate(timeout=300)
    assert (refresh.returncode, "published" in out) == (0, True), (out, err)
    assert all(line.startswith("npa: ") for line in err.splitlines()), err
    assert err.count("\n") <= 2, err
    assert "npa: the Prefect server did not do its part" in err
    assert "What this refresh was to do is done all the same." in err
    assert small.current() != before
    attempt = small.last_attempt()
    assert (attempt["outcome"], attempt["release_id"], attempt["error_count"]) == ("published", small.current(), 1)
    small.check_releases()
    assert small.left_over() == []

    before = small.current()
    refresh = _start(small, env)
    out, err = refresh.communicate(timeout=300)
    small.check_fault(Ran(refresh.returncode, out, err, []), 3, before)
    assert "Is PREFECT_API_URL right?" in err
