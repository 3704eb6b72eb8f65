"""Two ways to run one composition: directly, and as a flow on a real Prefect server."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import AS_OF, FOLDER, ROOT, npa
from test_release import _digests


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a client of a real Prefect server."""
    home = tmp_path_factory.mktemp("prefect")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    process = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}/api"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{url}/health", timeout=1).close()
            break
        except OSError:
            assert process.poll() is None
            time.sleep(0.5)
    yield environment | {"PREFECT_API_URL": url}
    process.terminate()
    process.wait()


def _post(server: dict[str, str], path: str) -> list[dict[str, object]]:
    request = urllib.request.Request(f"{server['PREFECT_API_URL']}{path}", data=b"{}", method="POST",
                                     headers={"Content-Type": "application/json"})  # fmt: skip
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: list[dict[str, object]] = json.load(answer)
        return found


@pytest.mark.server
def test_prefect_publishes_what_direct_publishes(server: dict[str, str], warehouse: Path, tmp_path: Path) -> None:
    given = ["--raw", ROOT / "raw", "--warehouse", tmp_path / "flow", "--as-of", AS_OF]
    done = npa("refresh", *given, env=server)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("runner: prefect (PREFECT_API_URL is set)\n")
    assert _digests(tmp_path / "flow" / "current") == _digests(warehouse / "current")

    (run,) = _post(server, "/flow_runs/filter")
    assert run["state_type"] == "COMPLETED"
    assert str(run["name"]).endswith(f"as-of-{AS_OF}")
    tasks = {str(task["name"]) for task in _post(server, "/task_runs/filter")}
    assert tasks == {"read-inputs", "take-over", "read-plans", "read-dataset", "validate", "compute", "publish"}
    (artifact,) = _post(server, "/artifacts/filter")
    rows = {row["what"]: row["rows"] for row in json.loads(str(artifact["data"]))}
    assert rows["dim_activity"] == 129
    assert rows["issues: warning"] == 14

    again = npa("refresh", *given, "--runner", "prefect", env=server)
    assert "up to date" in again.stdout
    assert len(_post(server, "/flow_runs/filter")) == 1


@pytest.mark.server
def test_prefect_refuses_in_sentences_and_does_not_try_again(server: dict[str, str], raw: Path, tmp_path: Path) -> None:
    path = next((raw / FOLDER).glob("*.txt"))
    path.write_text(path.read_text(encoding="utf-8").replace("TNMAC, MOD", "NOBODY, MOD", 1), encoding="utf-8")
    given = ["--raw", raw, "--warehouse", tmp_path / "flow", "--as-of", AS_OF, "--runner", "prefect"]
    bad = npa("refresh", *given, env=server)
    assert bad.returncode == 1
    assert bad.stderr.startswith("npa: the input was rejected")
    assert 'unknown agency: "NOBODY"' in bad.stderr
    assert "Traceback" not in bad.stderr + bad.stdout
    tried = [task["run_count"] for task in _post(server, "/task_runs/filter") if task["state_type"] == "FAILED"]
    assert tried == [1]


@pytest.mark.server
def test_without_a_server_a_temporary_one_is_started(tmp_path: Path, warehouse: Path) -> None:
    given = ["--raw", ROOT / "raw", "--warehouse", tmp_path / "flow", "--as-of", AS_OF, "--runner", "prefect"]
    done = npa("refresh", *given)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert _digests(tmp_path / "flow" / "current") == _digests(warehouse / "current")


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    given = ["--raw", ROOT / "raw", "--warehouse", tmp_path / "flow", "--as-of", AS_OF]
    bad = npa("refresh", *given, env={"PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_CLIENT_MAX_RETRIES": "0"})
    assert bad.returncode == 3, bad.stderr
    assert "Prefect server did not do its part" in bad.stderr
    assert "Traceback" not in bad.stderr
