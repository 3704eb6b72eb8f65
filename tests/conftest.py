"""What the tests share: the real plan, ways to run npa on a changed one, and a release of it."""

import base64
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

ROOT = Path(__file__).parent.parent
FOLDER = "plans/tjk-npa-2018"
PLAN = ROOT / "raw" / FOLDER / "national-plan-of-action-2018-2022.txt"
AS_OF = "2026-11-24"

Run = Callable[..., subprocess.CompletedProcess[str]]
Frames = dict[str, pd.DataFrame]


def npa(
    *arguments: object, env: dict[str, str] | None = None, cwd: Path = ROOT, timeout: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does; it is killed, and the test fails, if it takes longer than `timeout` seconds."""
    quiet = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "NPA_"))}
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, arguments)],
        capture_output=True, text=True, cwd=cwd, env=quiet | {"PYTHONPATH": str(ROOT)} | (env or {}), check=False,
        timeout=timeout,
    )  # fmt: skip


@contextmanager
def prefect_server(home: Path, *, is_open: bool = False) -> Iterator[dict[str, str]]:
    """A real Prefect server, with a password unless it is open; gives the environment of its clients, and its process
    id as SERVER_PID."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    password = "" if is_open else f"npa:{secrets.token_hex(16)}"
    asked = {"PREFECT_SERVER_API_AUTH_STRING": password} if password else {}
    process = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, **environment, **asked}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}/api"
    try:
        for _ in range(480):
            try:
                urllib.request.urlopen(f"{url}/health", timeout=1).close()
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.25)
        given = {"PREFECT_API_AUTH_STRING": password} if password else {}
        yield environment | given | {"PREFECT_API_URL": url, "SERVER_PID": str(process.pid)}
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a client of a Prefect server that all tests share."""
    with prefect_server(tmp_path_factory.mktemp("prefect")) as environment:
        yield environment


def ask(server: dict[str, str], path: str, body: dict[str, Any] | None = None, method: str = "POST") -> Any:
    """What the server's API answers."""
    data = json.dumps(body or {}).encode() if method == "POST" else None
    headers = {"Content-Type": "application/json"}
    if password := server.get("PREFECT_API_AUTH_STRING"):
        headers["Authorization"] = f"Basic {base64.b64encode(password.encode()).decode()}"
    request = urllib.request.Request(f"{server['PREFECT_API_URL']}{path}", data=data, method=method, headers=headers)
    for _ in range(20):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as fault:
            if fault.code != 503:  # the server's SQLite is busy
                raise
            print(f"{path}: {fault.read()!r}")
            time.sleep(0.5)
    raise AssertionError(f"{path}: the server stays busy")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A copy of the real plan, to be changed; without the statistics, which every refresh would read."""
    return Path(shutil.copytree(ROOT / "raw", tmp_path / "raw", ignore=shutil.ignore_patterns("statistics", "areas")))


@pytest.fixture
def plan(raw: Path) -> Path:
    """The text of the plan in `raw`."""
    return raw / FOLDER / PLAN.name


@pytest.fixture
def refresh(raw: Path, tmp_path: Path, plain_warehouse: Path) -> Run:
    """`npa refresh` of the copy, into a warehouse of its own that holds a release of the real plan."""
    shutil.copytree(plain_warehouse, tmp_path / "warehouse", symlinks=True)

    def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        given = ["--raw", raw, "--warehouse", tmp_path / "warehouse", "--as-of", AS_OF, "--runner", "direct"]
        return npa("refresh", *given, *arguments, **options)  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with a release of the real sources; not to be changed."""
    return _published(ROOT / "raw", tmp_path_factory.mktemp("real") / "warehouse")


@pytest.fixture(scope="session")
def plain_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with a release of the real plan without statistics; not to be changed."""
    folder = tmp_path_factory.mktemp("plain")
    shutil.copytree(ROOT / "raw", folder / "raw", ignore=shutil.ignore_patterns("statistics", "areas"))
    return _published(folder / "raw", folder / "warehouse")


def _published(raw: Path, folder: Path) -> Path:
    done = npa("refresh", "--raw", raw, "--warehouse", folder, "--as-of", AS_OF, "--runner", "direct")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def con(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release of the real plan, opened as a statistician does."""
    with duckdb.connect(str(warehouse / "current" / "npa.duckdb"), read_only=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with a release of the plan and the invented reports; not to be changed."""
    raw = Path(shutil.copytree(ROOT / "examples", tmp_path_factory.mktemp("example") / "examples",
                               ignore=shutil.ignore_patterns("warehouse")))  # fmt: skip
    given = ["--raw", raw, "--warehouse", raw / "warehouse", "--as-of", "2020-12-31", "--runner", "direct"]
    done = npa("refresh", *given)
    assert done.returncode == 0, done.stderr
    return raw / "warehouse"


@pytest.fixture(scope="session")
def files() -> dict[str, bytes]:
    """The files of the real plan's folder by their paths."""
    return {f"{FOLDER}/{path.name}": path.read_bytes() for path in PLAN.parent.iterdir()}


@pytest.fixture(scope="session")
def read(files: dict[str, bytes]) -> Callable[[str | bytes], Frames]:
    """The frames of the real plan with another text in its place; raises InputRejected like the command."""
    from flows.refresh import stages
    from flows.sources.files import Inputs
    from flows.sources.plans import gather, read_plans
    from flows.sources.statistics.result import Statistics

    def run(text: str | bytes) -> Frames:
        data = text if isinstance(text, bytes) else text.encode()
        inputs = Inputs(files | {f"{FOLDER}/{PLAN.name}": data})
        return stages.validate(gather([read_plans(inputs.folders())]), Statistics(Path()))

    return run


@pytest.fixture(scope="session")
def lines() -> list[str]:
    """The lines of the real plan."""
    return PLAN.read_text(encoding="utf-8").split("\n")


@pytest.fixture(scope="session")
def real(read: Callable[[str | bytes], Frames], lines: list[str]) -> Frames:
    """The frames of the real plan."""
    return read("\n".join(lines))


# What a re-export of the same plan may change: where things stand, and the bytes.
_PLACES = {"line_first", "line_last", "line_number", "line_count", "sha256", "issue_id"}


def same_plan(one: Frames, other: Frames) -> None:
    """Assert that two readings publish the same tables, but for the places of things in the file."""
    for name in one:
        if name == "source_line":
            continue
        first, second = (frames[name][[c for c in frames[name].columns if c not in _PLACES]] for frames in (one, other))
        if name == "quality_issue":
            first, second = (_issues(frame) for frame in (first, second))
        pd.testing.assert_frame_equal(first, second, obj=name)


def _issues(frame: pd.DataFrame) -> pd.DataFrame:
    """Judgements without those about page breaks, in an order that does not depend on lines."""
    kept = frame[frame["rule"] != "row_cut"].drop(columns="message")
    return kept.sort_values(list(kept.columns), ignore_index=True)
