"""Tasks in threads and on a Dask cluster, which must give what a direct run gives."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.operations.prefect_run import check_version
from flows.refresh.attempt import Job
from flows.refresh.pipeline import refresh
from flows.releases.warehouse import Warehouse
from tests.support.command import npa
from tests.support.paths import ROOT
from tests.support.prefect_server import prefect_server
from tests.support.small_sources import AS_OF, OBSERVATIONS, REPORT, data_set, parquet, plan
from transforms.errors import WarehouseFault

LETTERS = "ABCDEFGHIJKLMNOPQRST"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Yield a Prefect server of its own, because other tests count the runs of theirs."""
    with prefect_server(tmp_path_factory.mktemp("prefect")) as environment:
        yield environment


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return 300 documents of 300 countries and 20 data sets, next to a warehouse that a direct run has filled."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(300):
        country = f"Q{LETTERS[number // 20]}{LETTERS[number % 20]}"
        plan(folder / "raw", f"{country.lower()}-one", country, reporting=number < 3)
    for number in range(20):
        data_set(folder / "raw", f"d-{number:02d}", OBSERVATIONS.replace("35.1", f"{number}.5"))
    (folder / "raw" / "progress").mkdir()
    (folder / "raw" / "progress" / "QAA.csv").write_text(REPORT.replace("KGZ", "QAA"), encoding="utf-8")
    refresh(Job(folder / "raw", Warehouse(folder / "direct"), AS_OF))
    return folder


@pytest.fixture
def cluster(server: dict[str, str]) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Yield the address of a Dask scheduler, and its two workers, each a process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    environment = {**os.environ, **server, "PYTHONPATH": str(ROOT)}

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", *arguments], env=environment, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, cwd="/")  # fmt: skip

    scheduler = start("distributed.cli.dask_scheduler", "--host", address, "--no-dashboard")
    worker = ("distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard")
    workers = [start(*worker), start(*worker)]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def _dask(many: Path, name: str, address: str) -> list[object]:
    return ["--raw", many / "raw", "--warehouse", many / name, "--as-of", AS_OF, "--task-runner", "dask",
            "--dask-address", address]  # fmt: skip


@pytest.mark.dask
def test_dask_publishes_what_direct_publishes(
    many: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]], server: dict[str, str]
) -> None:
    done = npa("refresh", *_dask(many, "dask", cluster[0]), env=server)
    assert done.returncode == 0, done.stderr
    assert parquet(Warehouse(many / "dask")) == parquet(Warehouse(many / "direct"))


@pytest.mark.dask
def test_a_worker_killed_in_the_middle_changes_nothing(
    many: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]], server: dict[str, str]
) -> None:
    address, workers = cluster
    command = [sys.executable, "-m", "flows.cli", "refresh", *map(str, _dask(many, "killed", address))]
    with subprocess.Popen(command, env={**os.environ, **server}, cwd=ROOT, stdout=subprocess.DEVNULL) as run:
        while not list((many / "killed").glob(".staging-*/parquet/fact_statistic/*.work")):
            assert run.poll() is None
            time.sleep(0.01)
        workers[0].send_signal(signal.SIGKILL)
        assert run.wait(timeout=120) == 0
    assert parquet(Warehouse(many / "killed")) == parquet(Warehouse(many / "direct"))


@pytest.mark.server
def test_threads_publish_what_direct_publishes(many: Path, server: dict[str, str]) -> None:
    options = ["--raw", many / "raw", "--warehouse", many / "threads", "--as-of", AS_OF, "--task-runner", "threads"]
    done = npa("refresh", *options, env=server)
    assert done.returncode == 0, done.stderr
    assert parquet(Warehouse(many / "threads")) == parquet(Warehouse(many / "direct"))


@pytest.mark.parametrize(
    ("options", "environment", "status", "reason"),
    [
        (["--runner", "direct", "--task-runner", "threads"], {}, 2, "--runner direct has no task runner"),
        (["--dask-address", "tcp://127.0.0.1:9"], {}, 2, "goes with --task-runner dask"),
        (["--task-runner", "dask"], {}, 2, "needs a Prefect server"),
    ],
)
def test_options_that_do_not_go_together(
    raw: Path, tmp_path: Path, options: list[str], environment: dict[str, str], status: int, reason: str
) -> None:
    bad = npa("refresh", "--raw", raw, "--warehouse", tmp_path / "w", *options, env=environment)
    assert (bad.returncode, reason in bad.stderr) == (status, True), bad.stderr
    assert "Traceback" not in bad.stderr


@pytest.mark.dask
def test_a_scheduler_that_does_not_exist(raw: Path, tmp_path: Path, server: dict[str, str]) -> None:
    options = ["--task-runner", "dask", "--dask-address", "tcp://127.0.0.1:9"]
    bad = npa("refresh", "--raw", raw, "--warehouse", tmp_path / "w", *options, env=server)
    assert bad.returncode == 3
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in bad.stderr
    assert "Traceback" not in bad.stderr


def test_a_worker_with_other_software_is_refused() -> None:
    with pytest.raises(WarehouseFault, match="install the same there"):
        check_version("0.0.1+other")
