"""A disk that fills up: at each write, at each size of a file, and permanently on a small file system."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.refresh import stages
from flows.refresh.attempt import Job
from flows.refresh.pipeline import refresh
from flows.releases import publish
from flows.releases.warehouse import Warehouse
from flows.runtime.files import sync
from tests.support.paths import ROOT
from tests.support.small_country import Small, is_telling, make_raw
from tests.support.warm_process import Ran, Warm
from transforms.errors import WarehouseFault


@pytest.fixture
def small(process: Warm, tmp_path: Path) -> Small:
    """Return a warehouse with a release."""
    small = Small(make_raw(tmp_path / "raw"), tmp_path / "warehouse", process)
    assert small.refresh().returncode == 0
    return small


@pytest.mark.full_disk
def test_no_space_at_each_write(small: Small) -> None:
    writes = small.refresh("--force", watch=str(small.home), do="fill").touched
    assert len(writes) > 40
    for number, write in enumerate(writes, 1):
        if not is_telling(write):
            continue
        before = small.current()
        ran = small.refresh("--force", watch=str(small.home), do="fill", at=number, lasting=True)
        _check_reported(small, ran, before, write)
    _check_recovers(small)


@pytest.mark.full_disk
def test_a_disk_that_is_full_for_a_moment(small: Small) -> None:
    """Check the log too: there is space again when it is written."""
    writes = small.refresh("--force", watch=str(small.home), do="fill").touched
    for kind in (".lock", "dataset_id=UNICEF-CME.work", "quality_report.json", "manifest.json", "os.rename"):
        number = next(n for n, write in enumerate(writes, 1) if kind in write and "/cache" not in write)
        before = small.current()
        ran = small.refresh("--force", watch=str(small.home), do="fill", at=number)
        small.check_fault(ran, 3, before)
        assert "No space left on device" in ran.stderr
        assert "No space left on device" in small.last_attempt()["errors"][0]["what"]
    _check_recovers(small)


@pytest.mark.full_disk
def test_a_disk_that_is_full_while_the_cache_is_written(small: Small) -> None:
    """Stop caching, report that once, and publish the release."""
    writes = small.refresh("--force", watch=str(small.home), do="fill").touched
    numbers = [n for n, write in enumerate(writes, 1) if "/cache/" in write]
    assert len(numbers) > 8
    for number in numbers:
        ran = small.refresh("--force", watch=str(small.home), do="fill", at=number)
        assert (ran.returncode, ran.stderr.count("cannot be used: No space left on device")) == (0, 1), ran
        assert small.left_over() == []
    small.check_releases()


@pytest.mark.full_disk
def test_no_file_may_be_larger(small: Small) -> None:
    """Set a limit of the system, which DuckDB's own files reach too."""
    sizes = sorted({path.stat().st_size for path in (small.home / "current").resolve().rglob("*") if path.is_file()})
    for largest in (5_000, sizes[len(sizes) // 2], sizes[-2], sizes[-1] // 2, sizes[-1] - 1):
        before = small.current()
        ran = small.refresh("--force", largest=largest)
        assert ran.returncode == 3, (largest, ran)
        _check_reported(small, ran, before, f"files of {largest} bytes")
    _check_recovers(small)


def test_a_second_try_publishes_a_whole_release(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """Try a stage again as Prefect does: what the first try has written is no part of the second one's release."""
    failures = [OSError(28, "No space left on device")]

    def fail_once(path: Path) -> None:
        if failures and path.name == "parquet":
            raise failures.pop()
        sync(path)

    def twice(*arguments: Any) -> None:
        try:
            stages.publish(*arguments)
        except WarehouseFault:
            stages.publish(*arguments)

    monkeypatch.setattr(publish, "sync", fail_once)
    outcome = refresh(Job(small.raw, Warehouse(small.home), "2021-06-02"), stages.Stages(publish=twice))
    assert (failures, outcome.release_id) == ([], small.current())
    small.check_releases()
    assert refresh(Job(small.raw, Warehouse(small.home), "2021-06-02")).state == "up_to_date"


@pytest.mark.full_disk
def test_standard_error_cannot_be_written(small: Small) -> None:
    """Publish the release although standard error is on a full disk."""
    (small.home / ".staging-left").mkdir()
    command = ["refresh", "--force", "--raw", small.raw, "--warehouse", small.home, "--runner", "direct"]
    for bad, status in (([], 0), (["--wait", "soon"], 2)):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run([sys.executable, "-m", "flows.cli", *map(str, command), *bad], cwd=ROOT, stderr=full,
                                  stdout=subprocess.PIPE, text=True, check=False)  # fmt: skip
        assert done.returncode == status, done
    assert not (small.home / ".staging-left").exists()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a file system of its own, of 200 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", str(place)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False) if os.geteuid() == 0 else None
    if mounted is None or mounted.returncode:
        pytest.skip(f"a file system cannot be mounted here: {mounted.stderr.strip() if mounted else 'not root'}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.full_disk
def test_a_small_file_system(process: Warm, tmp_path: Path, disk: Path) -> None:
    small = Small(make_raw(tmp_path / "raw"), disk / "warehouse", process)
    assert small.refresh().returncode == 0
    _fill_up(small, disk)


@pytest.mark.full_disk
def test_commands_work_on_a_full_disk(process: Warm, tmp_path: Path, disk: Path) -> None:
    """Run with no byte free: history and health are reported, a rollback works twice, and old releases are removed."""
    small = Small(make_raw(tmp_path / "raw"), disk / "warehouse", process)
    for day in range(1, 7):
        assert small.refresh(as_of=f"2021-06-0{day}").returncode == 0

    def run(command: str, *arguments: object) -> Ran:
        _take_all(disk)
        ran = process.run(command, "--warehouse", small.home, *arguments)
        assert (ran.returncode, "Traceback" in ran.stderr) == (0, False), ran
        return ran

    ids = sorted(path.name for path in (small.home / "releases").iterdir())
    assert run("releases", "--format", "csv").stdout.count("\n") == 7
    assert "is whole" in run("health").stdout
    for goal in (ids[4], ids[2]):
        assert f"current is {goal} now" in run("rollback", goal).stdout
        assert small.current() == goal
    assert "is whole" in run("health").stdout
    assert run("prune", "--keep", "1").stdout.startswith("removed 3 releases: ")
    small.check_releases()
    assert os.statvfs(disk).f_bfree > 0
    assert small.refresh("--force").returncode == 0


def _take_all(place: Path) -> None:
    """Fill a file system to its last byte."""
    with (place / "filler").open("ab", buffering=0) as filler:
        for piece in (bytes(1 << 20), bytes(1 << 12), b"0"):
            try:
                while filler.write(piece) == len(piece):
                    pass
            except OSError:
                continue
    assert os.statvfs(place).f_bfree == 0


def _fill_up(small: Small, place: Path) -> None:
    for spare in (0, 16, 200, 1_000, 3_000):  # KB
        disk = os.statvfs(place)
        used = (disk.f_blocks - disk.f_bfree) * disk.f_frsize // 1024
        subprocess.run(["mount", "-o", f"remount,size={used + spare}k", str(place)], check=True)
        before = small.current()
        ran = small.refresh("--force")
        assert ran.returncode == 3, (spare, ran)
        _check_reported(small, ran, before, f"{spare} KB left")
        assert small.left_over() == []
    subprocess.run(["mount", "-o", "remount,size=200m", str(place)], check=True)
    _check_recovers(small)


def _check_reported(small: Small, ran: Ran, before: str, what: str) -> None:
    """Check that nothing was published, or all was before the disk was full, and that it is reported; if the log could
    not be written, that is reported."""
    assert "Traceback" not in ran.stderr, (what, ran)
    assert (ran.returncode, small.current() == before) in ((3, True), (0, False)), (what, ran)
    small.check_releases()
    if ran.returncode == 3:
        assert ran.stderr.rstrip().endswith("."), (what, ran)
        assert "ublished" in ran.stderr, (what, ran)
        assert "rejected" not in ran.stderr
    if small.last_attempt()["outcome"] != ("failed" if ran.returncode else "published"):
        assert "this refresh is not in it" in ran.stderr, (what, ran)


def _check_recovers(small: Small) -> None:
    done = small.refresh("--force")
    assert done.returncode == 0, done
    small.check_releases()
    assert [name for name in small.left_over() if name.startswith(".")] == []
