"""`npa serve` on a real Prefect server: what is on the schedule, what happens to a night, how it ends."""

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flows.runtime import settings
from tests.support.command import npa
from tests.support.paths import AS_OF, FOLDER, PLAN, ROOT
from tests.support.prefect_server import ask, prefect_server
from tests.support.receiver import Receiver

_NEXT_DAY = "2026-11-25"


@dataclass
class Served:
    """A running `npa serve` that can run a night. `raw` and `home` are its sources and warehouse."""

    process: subprocess.Popen[str]
    server: dict[str, str]
    name: str
    log: Path
    raw: Path
    home: Path

    def deployment(self) -> dict[str, Any]:
        deployment: dict[str, Any] = ask(self.server, f"/deployments/name/npa-night/{self.name}", method="GET")
        return deployment

    def start(self, job_variables: dict[str, Any] | None = None, **parameters: object) -> str:
        """Start a night now and return its id."""
        texts = {name: str(value) for name, value in parameters.items()}
        body = {"parameters": texts, "job_variables": job_variables}
        run = ask(self.server, f"/deployments/{self.deployment()['id']}/create_flow_run", body)
        return str(run["id"])

    def night(self, job_variables: dict[str, Any] | None = None, **parameters: object) -> dict[str, Any]:
        """Run a night and return it when it has ended."""
        name = self.start(job_variables, **parameters)
        run: dict[str, Any] = until(lambda: self.ended(name))
        return run

    def ended(self, name: str) -> dict[str, Any] | None:
        run: dict[str, Any] = ask(self.server, f"/flow_runs/{name}", method="GET")
        return run if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None

    def tries(self, run: dict[str, Any]) -> int:
        """Return how often the refresh of a night was tried."""
        query = {"flow_runs": {"id": {"any_": [run["id"]]}}, "task_runs": {"name": {"like_": "refresh"}}}
        tasks = until(lambda: ask(self.server, "/task_runs/filter", query))
        return max(int(task["run_count"]) for task in tasks)


def until(result: Callable[[], Any], seconds: float = 120) -> Any:
    """Wait until there is a result, and return it."""
    end = time.monotonic() + seconds
    while not (value := result()):
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)
    return value


@contextmanager
def serving(server: dict[str, str], folder: Path, name: str, **env: str) -> Iterator[Served]:
    """Run `npa serve` of the folders raw and warehouse in `folder`, raw a copy of the real plan if it is not there."""
    quiet = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "NPA_"))}
    settings = {"PREFECT_RUNNER_POLL_FREQUENCY": "1", "NPA_RETRY_DELAYS": "1 1 1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "flows.cli", "serve", "--raw", "raw", "--warehouse", "warehouse", "--name", name]
    if not (folder / "raw").exists():
        shutil.copytree(ROOT / "raw", folder / "raw", ignore=shutil.ignore_patterns("statistics", "areas"))
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, env=quiet | server | settings | env, cwd=folder, stdout=log, stderr=log, text=True
        )
    try:
        served = Served(process, server, name, folder / "log", folder / "raw", folder / "warehouse")
        until(lambda: "is on the schedule" in served.log.read_text() or process.poll() is not None)
        assert process.poll() is None, served.log.read_text()
        yield served
    finally:
        process.kill() if process.poll() is None else None
        process.wait()


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture(scope="module")
def served(server: dict[str, str], receiver: Receiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("serve")
    desk = str(folder / "desk")  # nothing is written there while it does not exist
    with serving(server, folder, "shared", NPA_NOTIFY=receiver.address, NPA_DESK=desk) as service:
        yield service


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Yield a server that asks for no password; the last test that uses it kills it."""
    with prefect_server(tmp_path_factory.mktemp("open"), is_open=True) as environment:
        yield environment


@pytest.fixture
def home(served: Served, plain_warehouse: Path) -> Path:
    """Return the warehouse of `served`, with only a release of the real plan as of AS_OF."""
    shutil.rmtree(served.home, ignore_errors=True)
    return Path(shutil.copytree(plain_warehouse, served.home, symlinks=True))


def _log(home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / "refresh_log.jsonl").read_text().splitlines()]


@pytest.mark.server
def test_the_deployment_has_its_schedule(served: Served) -> None:
    deployment = served.deployment()
    (schedule,) = deployment["schedules"]
    assert schedule["active"]
    assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == ("30 1 * * *", "Asia/Dushanbe")
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert deployment["concurrency_options"]["collision_strategy"] == "ENQUEUE"
    assert deployment["parameters"] == {"time_zone": "Asia/Dushanbe"}
    assert deployment["parameter_openapi_schema"]["properties"].keys() == {"as_of", "time_zone", "force"}
    assert "s3cret" not in json.dumps(deployment)
    query = {"deployments": {"id": {"any_": [deployment["id"]]}}, "sort": "EXPECTED_START_TIME_ASC",
              "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}  # fmt: skip
    first = until(lambda: ask(served.server, "/flow_runs/filter", query))[0]
    zone = ZoneInfo("Asia/Dushanbe")
    begins = datetime.fromisoformat(first["expected_start_time"]).astimezone(zone)
    assert (begins.hour, begins.minute) == (1, 30)
    assert timedelta(0) < begins - datetime.now(zone) <= timedelta(days=1)


@pytest.mark.server
def test_a_night_publishes_what_a_refresh_does_and_shows_it(served: Served, home: Path, receiver: Receiver) -> None:
    run = served.night(as_of=_NEXT_DAY)
    published = (home / "current").readlink().name
    assert (run["state_type"], run["state"]["message"]) == ("COMPLETED", f"published {published}")
    assert run["name"] == f"night-{_NEXT_DAY}"
    assert f"night of {_NEXT_DAY}: published {published}" in served.log.read_text()
    assert _log(home)[-1]["as_of"] == _NEXT_DAY
    query = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    shown = {artifact["key"]: artifact["data"] for artifact in ask(served.server, "/artifacts/filter", query)}
    assert {"what": "dim_activity", "rows": 129} in json.loads(shown["npa-release"])
    assert "| warning | agency_repeated | deduplicated | TJK-NPA-2018 | 3 | 108 |" in shown["npa-quality"]
    assert "tables are the same" in json.loads(shown["npa-diff"])[-1]["table"]
    assert receiver.titles() == []


@pytest.mark.server
def test_rejected_input_is_reported_and_not_tried_again(served: Served, home: Path, receiver: Receiver) -> None:
    before = (home / "current").readlink()
    path = served.raw / FOLDER / PLAN.name
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("TNMAC, MOD", "NOBODY, MOD", 1), encoding="utf-8")
    run = served.night(as_of=AS_OF)
    assert (run["state_type"], served.tries(run)) == ("FAILED", 1)
    assert 'unknown agency: "NOBODY"' in run["state"]["message"]
    assert f"night of {AS_OF}: plans/tjk-npa-2018/{PLAN.name}" in served.log.read_text()
    assert _log(home)[-1]["outcome"] == "rejected"
    assert (home / "current").readlink() == before
    path.write_text(good, encoding="utf-8")
    assert served.night(as_of=AS_OF)["state"]["message"].startswith("up to date")
    assert receiver.titles() == ["npa: the refresh was rejected", "npa: good again"]


@pytest.mark.server
def test_a_night_fills_the_desk_and_says_there_if_it_failed(served: Served, home: Path, receiver: Receiver) -> None:
    desk, path = served.home.parent / "desk", served.raw / FOLDER / PLAN.name
    good = path.read_text(encoding="utf-8")
    desk.mkdir()
    served.night(as_of=_NEXT_DAY)
    first = (desk / "about.txt").read_text(encoding="utf-8-sig")
    release = (home / "current").readlink().name
    assert first.splitlines() == [f"The files in this folder are of release {release}, as of {_NEXT_DAY}."]
    assert (desk / "status.xlsx").is_file()
    path.write_text(good.replace("TNMAC, MOD", "NOBODY, MOD", 1), encoding="utf-8")
    assert served.night(as_of=_NEXT_DAY)["state_type"] == "FAILED"
    path.write_text(good, encoding="utf-8")
    second = (desk / "about.txt").read_text(encoding="utf-8-sig")
    assert second.startswith(f"{first}The last refresh failed.")
    assert 'unknown agency: "NOBODY"' in second
    assert served.night(as_of=_NEXT_DAY)["state"]["message"].startswith("up to date")
    assert (desk / "about.txt").read_text(encoding="utf-8-sig") == first
    assert receiver.titles() == ["npa: the refresh was rejected", "npa: good again"]
    shutil.rmtree(desk)


@pytest.mark.server
def test_a_temporary_fault_is_tried_again(served: Served, home: Path, receiver: Receiver) -> None:
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        name = served.start()
        until(lambda: _log(home)[-1]["outcome"] == "failed")
    run = until(lambda: served.ended(name))
    assert run["state_type"] == "COMPLETED", run["state"]["message"]
    assert served.tries(run) > 1
    today = datetime.now(ZoneInfo("Asia/Dushanbe")).date().isoformat()
    assert (_log(home)[-1]["outcome"], _log(home)[-1]["as_of"]) == ("published", today)
    assert receiver.titles() == []


@pytest.mark.server
def test_a_caller_cannot_choose_sources_or_warehouse(
    served: Served, home: Path, receiver: Receiver, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    other = {"NPA_RAW": str(ROOT / "examples"), "NPA_WAREHOUSE": str(elsewhere)}
    run = served.night({"env": other}, as_of=_NEXT_DAY)
    assert run["job_variables"]["env"] == other
    assert run["state"]["message"] == f"published {(home / 'current').readlink().name}"
    published = (home / "current").readlink()
    run = served.night(as_of=AS_OF, raw=ROOT / "examples", warehouse=elsewhere)
    assert run["state_type"] == "CRASHED"
    query = {"logs": {"flow_run_id": {"any_": [run["id"]]}}}
    logged = until(lambda: ask(served.server, "/logs/filter", query))
    assert "Function expects parameters ['as_of', 'time_zone', 'force']" in logged[0]["message"]
    assert (home / "current").readlink() == published
    assert not elsewhere.exists()
    assert receiver.titles() == []


@pytest.mark.server
def test_only_callers_with_the_password_can_give_orders(served: Served, home: Path) -> None:
    """Check that another user of the machine cannot start a night, register a shell step, set a state or read
    anything, and no command line shows the password."""
    deployment, before = served.deployment(), (home / "current").readlink()
    run = ask(served.server, f"/deployments/{deployment['id']}/create_flow_run", {"state": _in_a_day()})
    step = {"prefect.deployments.steps.run_shell_script": {"script": "id"}}
    orders: list[tuple[str, str, dict[str, Any] | None]] = [
        ("POST", f"/deployments/{deployment['id']}/create_flow_run", {}),
        ("POST", "/deployments/", {"name": "shell", "flow_id": deployment["flow_id"], "pull_steps": [step]}),
        ("PATCH", f"/deployments/{deployment['id']}", {"parameters": {"force": True}}),
        ("POST", f"/flow_runs/{run['id']}/set_state", {"state": {"type": "PENDING"}, "force": True}),
        ("POST", "/flow_runs/filter", {}),
        ("GET", "/admin/version", None),
    ]
    assert stranger(served.server, orders) == [401] * len(orders)
    assert ask(served.server, f"/flow_runs/{run['id']}", method="GET")["state_type"] == "SCHEDULED"
    assert ask(served.server, "/deployments/filter", {"deployments": {"name": {"any_": ["shell"]}}}) == []
    assert (home / "current").readlink() == before
    password = served.server["PREFECT_API_AUTH_STRING"].encode()
    lines = [line for path in Path("/proc").glob("[0-9]*/cmdline") for line in _bytes(path)]
    assert any(b"flows.cli" in line for line in lines)
    assert not any(password in line for line in lines)
    assert password.decode() not in served.log.read_text()


def stranger(server: dict[str, str], orders: list[tuple[str, str, dict[str, Any] | None]]) -> list[int]:
    """Return the statuses that another user of the machine receives."""
    environment = {name: value for name, value in server.items() if "AUTH" not in name}
    done = subprocess.run([sys.executable, "-c", _STRANGER, json.dumps(orders)], env=environment, capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    statuses: list[int] = json.loads(done.stdout)
    return statuses


_STRANGER = """
import encodings.idna, json, os, sys, urllib.error, urllib.request
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
statuses = []
for method, path, body in json.loads(sys.argv[1]):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(os.environ["PREFECT_API_URL"] + path, data, {"Content-Type": "application/json"},
                                     method=method)
    try:
        statuses.append(urllib.request.urlopen(request).status)
    except urllib.error.HTTPError as refusal:
        statuses.append(refusal.code)
print(json.dumps(statuses))
"""


def _bytes(path: Path) -> list[bytes]:
    try:
        return [path.read_bytes()]
    except OSError:  # it has ended
        return []


def _in_a_day() -> dict[str, Any]:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    return {"type": "SCHEDULED", "state_details": {"scheduled_time": tomorrow}}


@pytest.mark.server
def test_wrong_credentials_are_reported_in_a_sentence(server: dict[str, str], tmp_path: Path) -> None:
    address = server["PREFECT_API_URL"].replace("//", "//user:s3cret@")
    options = ["--raw", ROOT / "raw", "--warehouse", tmp_path / "warehouse"]
    for wrong in (
        {"PREFECT_API_AUTH_STRING": "npa:s3cret"}, {"PREFECT_API_AUTH_STRING": ""},
        {"PREFECT_API_AUTH_STRING": "", "PREFECT_API_URL": address},
    ):  # fmt: skip
        for command in ("serve", "refresh"):
            bad = npa(command, *options, env=server | wrong, timeout=60)
            assert bad.returncode == 2, bad.stderr
            assert bad.stderr.startswith(
                "npa: the Prefect server refuses this caller (status 401). Set PREFECT_API_AUTH"
            )
            assert bad.stderr.count("\n") == 1
            assert "s3cret" not in bad.stdout + bad.stderr
    assert not (tmp_path / "warehouse" / "current").exists()
    password = server["PREFECT_API_AUTH_STRING"]
    address = server["PREFECT_API_URL"].replace("//", f"//{password}@") + "/nowhere"
    env = server | {"PREFECT_API_AUTH_STRING": "", "PREFECT_API_URL": address, "NPA_ALLOW_OPEN_SERVER": "1"}
    bad = npa("serve", *options, env=env, timeout=60)
    assert (bad.returncode, "/api/nowhere/" in bad.stderr, password in bad.stderr) == (3, True, False), bad.stderr


@pytest.mark.server
def test_an_open_server_is_refused_unless_a_setting_allows_it(open_server: dict[str, str], tmp_path: Path) -> None:
    command = ["serve", "--raw", ROOT / "raw", "--warehouse", tmp_path / "warehouse"]
    for credentials in ({}, {"PREFECT_API_AUTH_STRING": "npa:s3cret"}, {"NPA_ALLOW_OPEN_SERVER": "0"}):
        bad = npa(*command, env=open_server | credentials, timeout=60)
        assert (bad.returncode, bad.stdout, bad.stderr.count("\n")) == (2, "", 1), bad.stderr
        assert "asks for no password" in bad.stderr
        assert "NPA_ALLOW_OPEN_SERVER=1" in bad.stderr
        assert "s3cret" not in bad.stderr
    assert ask(open_server, "/deployments/count") == 0
    with serving(open_server, tmp_path, "open", NPA_ALLOW_OPEN_SERVER="1") as served:
        assert served.deployment()["name"] == "open"


@pytest.mark.server
def test_a_deployment_of_an_older_npa_is_replaced(
    server: dict[str, str], plain_warehouse: Path, tmp_path: Path
) -> None:
    """Replace its deployment, which has sources and warehouse as parameters, and additions of local users; a night
    of it that is late runs with the sources and the warehouse of today's `npa serve`."""
    old = {"raw": str(ROOT / "examples"), "warehouse": str(tmp_path / "elsewhere"), "time_zone": "Asia/Dushanbe"}
    step = {"prefect.deployments.steps.run_shell_script": {"script": f"touch {tmp_path / 'step'}"}}
    kinds = {"raw": {"type": "string"}, "warehouse": {"type": "string"}, "time_zone": {"type": "string"}}
    flow = ask(server, "/flows/", {"name": "npa-night"})
    ask(server, "/work_pools/", {"name": "old", "type": "process"})
    old_deployment = ask(server, "/deployments/", {
        "name": "old", "flow_id": flow["id"], "entrypoint": "flows.nightly.night", "parameters": old,
        "parameter_openapi_schema": {"type": "object", "properties": kinds}, "pull_steps": [step],
        "job_variables": {"env": {"NPA_WAREHOUSE": old["warehouse"]}}, "work_pool_name": "old",
        "concurrency_limit": 1,
    })  # fmt: skip
    late = {"type": "SCHEDULED", "name": "Late", "state_details": {"scheduled_time": datetime.now(UTC).isoformat()}}
    run = ask(server, f"/deployments/{old_deployment['id']}/create_flow_run", {"state": late})
    assert run["parameters"] == old
    shutil.copytree(plain_warehouse, tmp_path / "warehouse", symlinks=True)
    with serving(server, tmp_path, "old") as served:
        deployment = served.deployment()
        assert deployment["id"] == old_deployment["id"]
        assert deployment["parameters"] == {"time_zone": "Asia/Dushanbe"}
        assert deployment["parameter_openapi_schema"]["properties"].keys() == {"as_of", "time_zone", "force"}
        assert (deployment["pull_steps"], deployment["job_variables"], deployment["work_pool_name"]) == (None, {}, None)
        ended = until(lambda: served.ended(run["id"]))
    assert ended["state"]["message"] == f"published {(served.home / 'current').readlink().name}"
    assert not (tmp_path / "elsewhere").exists()
    assert not (tmp_path / "step").exists()


def _night_of(pid: int) -> int:
    """Return the process of the night that a service has started."""
    children = [
        child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    (night,) = [child for child in children if b"prefect.engine" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return int(night)


def _has_pending_stop(pid: int) -> bool:
    (pending,) = re.findall(r"^ShdPnd:\s*(\w+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return bool(int(pending, 16) >> (signal.SIGTERM - 1) & 1)


@pytest.mark.server
def test_it_ends_on_a_signal_and_stops_its_night(served: Served, home: Path, receiver: Receiver) -> None:
    before = (home / "current").readlink()
    name = served.start(as_of="2020-12-31")
    until(lambda: list(home.glob(".staging-2*")))
    night = _night_of(served.process.pid)
    os.kill(night, signal.SIGSTOP)  # so that it does not publish before the signal has come to it
    served.process.send_signal(signal.SIGTERM)
    until(lambda: _has_pending_stop(night))
    os.kill(night, signal.SIGCONT)
    assert served.process.wait(60) == 0
    assert (served.ended(name) or {})["state_type"] == "CANCELLED"
    assert _log(home)[-1]["outcome"] == "stopped"
    assert (home / "current").readlink() == before
    assert not list(home.glob(".staging-*"))
    assert receiver.titles() == []
    log = served.log.read_text()
    assert "Traceback" not in log
    assert "s3cret" not in log


@pytest.mark.server
def test_a_night_that_died_does_not_block_others(served: Served, tmp_path: Path) -> None:
    server, deployment = served.server, served.deployment()
    run = ask(server, f"/deployments/{deployment['id']}/create_flow_run", {"state": _in_a_day()})
    ask(server, f"/flow_runs/{run['id']}/set_state", {"state": {"type": "PENDING"}})
    ask(server, f"/flow_runs/{run['id']}/set_state", {"state": {"type": "RUNNING"}, "force": True})
    assert served.deployment()["global_concurrency_limit"]["active_slots"] == 1
    with serving(server, tmp_path, "shared") as again:
        assert f"{run['name']} was left over by a process that died" in again.log.read_text()
        until(lambda: again.deployment()["global_concurrency_limit"]["active_slots"] == 0)
        assert (again.ended(run["id"]) or {})["state_type"] == "CRASHED"


@pytest.mark.server
def test_a_server_that_dies_in_the_middle_leaves_no_half_release(
    open_server: dict[str, str], plain_warehouse: Path, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(plain_warehouse, tmp_path / "warehouse", symlinks=True))
    runs = len(_log(home))
    with serving(open_server, tmp_path, "alone", NPA_ALLOW_OPEN_SERVER="1") as served:
        served.start(as_of=_NEXT_DAY)
        until(lambda: list(home.glob(".staging-2*")))
        os.kill(int(open_server["SERVER_PID"]), signal.SIGKILL)
        until(lambda: len(_log(home)) > runs)
        until(lambda: not list(home.glob(".staging-*")))
    assert npa("health", "--warehouse", home).returncode == 0


def test_wrong_settings_are_reported_before_anything_is_done(tmp_path: Path) -> None:
    command = ["serve", "--raw", ROOT / "raw", "--warehouse", tmp_path / "warehouse"]
    server = {"PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_CLIENT_MAX_RETRIES": "0"}
    for setting, value in {
        "PREFECT_API_URL": "", "NPA_TIMEZONE": "Asia/Nowhere", "NPA_SCHEDULE": "at night",
        "NPA_RETRY_DELAYS": "soon", "NPA_NOTIFY": "nosuch://user:s3cret@host", "NPA_ALLOW_OPEN_SERVER": "yes",
    }.items():  # fmt: skip
        bad = npa(*command, env=server | {setting: value})
        assert (bad.returncode, bad.stdout) == (2, ""), bad.stderr
        assert bad.stderr.startswith("npa: ")
        assert setting in bad.stderr
        assert "s3cret" not in bad.stderr
    absent = npa(*command, env=server)
    assert absent.returncode == 3
    assert "Prefect server did not do its part" in absent.stderr
    assert "Traceback" not in absent.stderr


_ASK = """
import asyncio, sys
from prefect.settings import PREFECT_API_URL, temporary_settings
from flows.operations.prefect_run import server_faults
from flows.operations.scheduler import _refuse_open_server
for address in sys.argv[1:]:
    with temporary_settings({PREFECT_API_URL: address}):
        try:
            with server_faults():
                print(asyncio.run(_refuse_open_server()))
        except Exception as error:
            print(type(error).__name__)
            print(error, file=sys.stderr)
"""


def test_a_server_is_open_if_it_answers_without_credentials(tmp_path: Path) -> None:
    requests: list[dict[str, str]] = []
    answers = {
        "open": (200, '"3.8.8"'), "moved": (307, "/open/api/admin/version"), "closed": (401, ""),
        "forbidden": (403, ""), "guarded": (200, "<html>Sign in"), "sign-in": (302, "/guarded/api"),
        "elsewhere": (404, "{}"), "broken": (500, "{}"),
    }  # fmt: skip

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(dict(self.headers))
            status, body = answers[self.path.split("/")[1]]
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", body)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as fake:
        threading.Thread(target=fake.serve_forever, daemon=True).start()
        addresses = [f"http://user:s3cret@127.0.0.1:{fake.server_port}/{name}/api" for name in answers]
        env = {"PREFECT_HOME": str(tmp_path), "PREFECT_CLIENT_MAX_RETRIES": "0", "PREFECT_API_AUTH_STRING": "a:s3cret",
               "PREFECT_API_KEY": "s3cret", "PREFECT_CLIENT_CUSTOM_HEADERS": '{"X-Guard": "s3cret"}'}  # fmt: skip
        addresses.append("https://api.prefect.cloud/api/accounts/1/workspaces/2")
        done = subprocess.run([sys.executable, "-c", _ASK, *addresses], env=env | {"PYTHONPATH": str(ROOT)},
                              capture_output=True, text=True, check=False)  # fmt: skip
        fake.shutdown()
    expected = ["WrongSetting"] * 2 + ["None"] * 4 + ["ServerFault"] * 2 + ["None"]
    assert done.stdout.split() == expected, done.stderr
    assert f"404 Not Found' for url 'http://127.0.0.1:{fake.server_port}/elsewhere/api" in done.stderr
    assert len(requests) == 10
    assert not any("Authorization" in headers for headers in requests)
    assert "s3cret" not in json.dumps(requests) + done.stderr


_NIGHT = """
import os, sys
from flows.nightly import night
from transforms.errors import NpaError
for name, value in [("NPA_WAREHOUSE", "warehouse"), ("NPA_WAREHOUSE", sys.argv[1]), ("NPA_RAW", "raw")]:
    os.environ[name] = value
    try:
        night.fn(as_of="2026-11-24")
    except NpaError as error:
        print(error, error.exit_code)
"""


def test_a_night_needs_absolute_folders_in_its_environment(tmp_path: Path) -> None:
    env = {"PREFECT_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", _NIGHT, str(tmp_path / "warehouse")], env=env, cwd=tmp_path,
                          capture_output=True, text=True, check=False, timeout=60)  # fmt: skip
    first, second, third = done.stdout.splitlines()
    assert first.startswith('NPA_WAREHOUSE is "warehouse"; a night needs an absolute path there.')
    assert second.startswith('NPA_RAW is ""; a night needs an absolute path there.')
    assert third.startswith('NPA_RAW is "raw"; a night needs an absolute path there.')
    assert {line[-2:] for line in (first, second, third)} == {" 2"}
    assert not (tmp_path / "warehouse").exists()


def test_settings_have_the_documented_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NPA_SCHEDULE", raising=False)
    monkeypatch.delenv("NPA_TIMEZONE", raising=False)
    assert (settings.cron(), settings.time_zone().key) == ("30 1 * * *", "Asia/Dushanbe")
