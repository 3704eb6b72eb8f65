"""Two ways to run the same stages: directly, and as a flow on a real Prefect server."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import duckdb
import pytest

from flows.refresh.stages import Stages
from tests.support.command import npa
from tests.support.paths import AS_OF, FOLDER, ROOT
from tests.support.prefect_server import ask, prefect_server
from tests.support.release_digests import digests
from transforms.errors import WarehouseFault

# Tasks as they are named in nightly.py and by Prefect, in the order of the job; last the one that runs them all.
_TASKS = {
    "read_inputs": "read-inputs", "read_plans": "read-plans", "read_dataset": "read-dataset",
    "validate": "validate", "compute": "compute", "publish": "publish", "refresh": "refresh",
}  # fmt: skip
_OURS = {"flows": {"name": {"any_": ["npa-night"]}}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Yield a Prefect server of its own, because runs are counted here."""
    with prefect_server(tmp_path_factory.mktemp("prefect")) as environment:
        yield environment


def test_the_flow_has_a_task_for_every_stage() -> None:
    from prefect import Task

    from flows import nightly

    tasks = {name: task for name, task in vars(nightly).items() if isinstance(task, Task)}
    assert {name: task.task_run_name for name, task in tasks.items()} == _TASKS
    assert [task.name for task in tasks.values()] == list(_TASKS)
    assert [*(field.name for field in fields(Stages)), "refresh"] == list(_TASKS)
    assert nightly.night.name == "npa-night"


@pytest.mark.server
def test_prefect_publishes_what_direct_publishes(
    server: dict[str, str], raw: Path, plain_warehouse: Path, tmp_path: Path
) -> None:
    options = ["--raw", raw, "--warehouse", tmp_path / "flow", "--as-of", AS_OF]
    done = npa("refresh", *options, env=server)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("runner: prefect (PREFECT_API_URL is set)\n")
    assert digests(tmp_path / "flow" / "current") == digests(plain_warehouse / "current")

    (run,) = ask(server, "/flow_runs/filter", _OURS)
    assert run["state_type"] == "COMPLETED"
    assert str(run["name"]).endswith(f"as-of-{AS_OF}")
    tasks = {str(task["name"]) for task in ask(server, "/task_runs/filter", _OURS)}
    assert tasks == set(_TASKS.values()) - {"read-dataset"}  # without statistics there is no such task
    shown = ask(server, "/artifacts/filter", _OURS)
    artifacts = {artifact["key"]: artifact["data"] for artifact in shown}
    assert artifacts.keys() == {"npa-release", "npa-quality"}
    (described,) = (artifact["description"] for artifact in shown if artifact["key"] == "npa-release")
    assert "129 activities (128 without the second print)" in described
    rows = {row["what"]: row["rows"] for row in json.loads(artifacts["npa-release"])}
    assert rows["dim_activity"] == 129
    with duckdb.connect(str(tmp_path / "flow" / "current" / "npa.duckdb"), read_only=True) as con:
        warnings = con.execute("SELECT count(*) FROM quality_issue WHERE severity = 'warning'").fetchone()
    assert (rows["issues: warning"],) == warnings != (0,)

    again = npa("refresh", *options, "--runner", "prefect", env=server)
    assert "up to date" in again.stdout
    assert len(ask(server, "/flow_runs/filter", _OURS)) == 1


@pytest.mark.server
def test_prefect_refuses_in_sentences_and_does_not_try_again(server: dict[str, str], raw: Path, tmp_path: Path) -> None:
    path = next((raw / FOLDER).glob("*.txt"))
    path.write_text(path.read_text(encoding="utf-8").replace("TNMAC, MOD", "NOBODY, MOD", 1), encoding="utf-8")
    options = ["--raw", raw, "--warehouse", tmp_path / "flow", "--as-of", AS_OF, "--runner", "prefect"]
    bad = npa("refresh", *options, env=server)
    assert bad.returncode == 1
    assert bad.stderr.startswith("npa: the input was rejected")
    assert 'unknown agency: "NOBODY"' in bad.stderr
    assert "Traceback" not in bad.stderr + bad.stdout
    tried = [task["run_count"] for task in ask(server, "/task_runs/filter", _OURS) if task["state_type"] == "FAILED"]
    assert tried == [1, 1]  # the stage, and the refresh that it is part of


@pytest.mark.server
def test_without_a_server_a_temporary_one_is_started(tmp_path: Path, raw: Path, plain_warehouse: Path) -> None:
    options = ["--raw", raw, "--warehouse", tmp_path / "flow", "--as-of", AS_OF, "--runner", "prefect"]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "NPA_"))}
    command = [sys.executable, "-m", "flows.cli", "refresh", *map(str, options)]
    statuses = set()
    with subprocess.Popen(command, env=quiet, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as refresh:
        while refresh.poll() is None:
            statuses |= {_answer_without_password(port) for port in _ports_of_servers(refresh.pid)}
            time.sleep(0.05)
        _, errors = refresh.communicate()
    assert (refresh.returncode, errors) == (0, b"")
    assert statuses - {None} == {401}  # no other user of the machine can give it orders
    assert digests(tmp_path / "flow" / "current") == digests(plain_warehouse / "current")


def _ports_of_servers(parent: int) -> list[int]:
    """Return the ports of temporary servers that this process has started; no command line has the password."""
    ports = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # the process has ended
            line = (path / "cmdline").read_bytes().split(b"\0")
            if (
                b"prefect.server.api.server:create_app" in line
                and f"PPid:\t{parent}\n" in (path / "status").read_text()
            ):
                environment = dict(
                    variable.split(b"=", 1)
                    for variable in (path / "environ").read_bytes().split(b"\0")
                    if b"=" in variable
                )
                assert len(environment[b"PREFECT_SERVER_API_AUTH_STRING"]) > 32
                assert environment[b"PREFECT_SERVER_API_AUTH_STRING"] not in b" ".join(line)
                handle = path / "fd" / line[line.index(b"--fd") + 1].decode()
                inode = str(handle.readlink()).removeprefix("socket:[").removesuffix("]")
                rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()]
                ports += [int(row[1].partition(":")[2], 16) for row in rows if row[9] == inode]
    return ports


def test_the_temporary_server_gets_a_socket_that_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open it before the start: nobody else can listen where its password is sent, then or after it has ended."""
    from flows.operations import temporary_server

    for name in ("PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING", "PREFECT_API_URL"):
        monkeypatch.setenv(name, "")
    ended = [sys.executable, "-c", "pass"]
    ports, begin = [], subprocess.Popen

    def watched(_command: list[str], *, env: dict[str, str], pass_fds: list[int]) -> "subprocess.Popen[bytes]":
        with socket.socket(fileno=os.dup(pass_fds[0])) as listener, socket.create_connection(listener.getsockname()):
            ports.append(listener.getsockname()[1])
        return begin(ended, env=env)

    monkeypatch.setattr(subprocess, "Popen", watched)
    with pytest.raises(WarehouseFault, match="did not start: it ended with status 0"):
        temporary_server.start_temporary_server()
    assert len(ports) == 1


def _answer_without_password(port: int) -> int | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/admin/version", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code
    except OSError:  # it is not up yet, or no longer
        return None


def test_a_server_that_does_not_exist(tmp_path: Path) -> None:
    options = ["--raw", ROOT / "raw", "--warehouse", tmp_path / "flow", "--as-of", AS_OF]
    bad = npa("refresh", *options, env={"PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_CLIENT_MAX_RETRIES": "0"})
    assert bad.returncode == 3, bad.stderr
    assert "Prefect server did not do its part" in bad.stderr
    assert "Traceback" not in bad.stderr


def test_an_invalid_address_shows_no_password(tmp_path: Path) -> None:
    options = ["--raw", ROOT / "raw", "--warehouse", tmp_path / "flow", "--as-of", AS_OF, "--runner", "prefect"]
    for address in ("npa:s3cret@127.0.0.1:9/api", "http://npa:s3c/ret@127.0.0.1:9/api", "http://127.0.0.1:4x/api"):
        bad = npa("refresh", *options, env={"PREFECT_API_URL": address, "PREFECT_CLIENT_MAX_RETRIES": "0"})
        assert bad.returncode in (2, 3), bad.stderr
        output = bad.stderr + (tmp_path / "flow" / "refresh_log.jsonl").read_text(encoding="utf-8")
        assert not any(words in output for words in ("Traceback", "s3c")), output
