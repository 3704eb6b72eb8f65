"""A clock that goes back, and folders of the warehouse that cannot be read or written, or are files."""

import shutil
from pathlib import Path

import pytest

from tests.support.small_country import PLAN, Small, make_raw
from tests.support.warm_process import Warm


@pytest.fixture
def empty(process: Warm, tmp_path: Path) -> Small:
    """Return a warehouse without a release."""
    return Small(make_raw(tmp_path / "raw"), tmp_path / "warehouse", process)


@pytest.fixture(scope="module")
def published(process: Warm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of sources and a warehouse with a release of them, which no test may change."""
    folder = tmp_path_factory.mktemp("published")
    assert Small(make_raw(folder / "raw"), folder / "warehouse", process).refresh().returncode == 0
    return folder


@pytest.fixture
def small(published: Path, process: Warm, tmp_path: Path) -> Small:
    """Return a copy of the warehouse with a release."""
    folder = Path(shutil.copytree(published, tmp_path / "copy", symlinks=True))
    return Small(folder / "raw", folder / "warehouse", process)


def test_a_clock_that_goes_back(empty: Small) -> None:
    """Follow `current`, the last published release, whatever the clock said; ids sort by the clock."""
    assert empty.refresh(days=3).returncode == 0
    ahead = empty.current()
    ask = ["health", "--warehouse", empty.home]
    run = empty.process.run(*ask)
    assert (run.returncode, "the clock has gone back" in run.stdout) == (1, True), run
    assert empty.refresh().stdout.startswith("up to date")
    for _ in range(2):
        done = empty.refresh("--force", setting={"NPA_KEEP_RELEASES": "1"})
        assert done.returncode == 0, done
        assert empty.current() < ahead
    run = empty.process.run(*ask)
    assert (run.returncode, "is whole" in run.stdout) == (0, True), run
    listed = empty.process.run("releases", "--warehouse", empty.home, "--format", "csv").stdout.splitlines()
    ids = [line.split(",")[0] for line in listed[1:]]
    assert ids == sorted(ids, reverse=True)
    assert [line.split(",")[0] for line in listed if ",current," in line] == [empty.current()]
    assert empty.left_over() == []


def test_a_release_that_cannot_be_read(small: Small) -> None:
    """Publish a release although the input is the same, because readers have none."""
    release = (small.home / "current").resolve()
    release.chmod(0)
    try:
        for command in (["query", "SELECT 1"], ["health"], ["status"], ["diff"]):
            run = small.process.run(*command, "--warehouse", small.home, is_nobody=True)
            assert run.returncode in (1, 3), (command, run)
            assert "Traceback" not in run.stderr, run
            assert run.stdout + run.stderr != ""
        done = small.refresh(is_nobody=True)
        assert (done.returncode, "published" in done.stdout) == (0, True), done
        assert small.process.run("health", "--warehouse", small.home, is_nobody=True).returncode == 0
        run = small.process.run("releases", "--warehouse", small.home, is_nobody=True)
        assert (run.returncode, f"{release}/manifest.json cannot be read" in run.stderr) == (0, True), run
        done = small.refresh("--force", setting={"NPA_KEEP_RELEASES": "1"}, is_nobody=True)
        assert done.returncode == 0, done
        assert "Traceback" not in done.stderr
    finally:
        for path in small.home.glob(f"*/*{release.name}"):
            path.chmod(0o755)
    small.check_releases()


def test_a_file_in_place_of_a_release(small: Small) -> None:
    release = (small.home / "current").resolve()
    release.rename(release.with_name("away"))
    release.write_text("no folder", encoding="utf-8")
    run = small.process.run("health", "--warehouse", small.home)
    assert (run.returncode, "no complete release" in run.stdout) == (1, True), run
    done = small.refresh()
    assert (done.returncode, "published" in done.stdout) == (0, True), done
    assert (small.home / "current" / "manifest.json").is_file()


def test_a_file_in_place_of_all_releases(empty: Small) -> None:
    empty.home.mkdir()
    (empty.home / "releases").write_text("no folder", encoding="utf-8")
    ran = empty.refresh()
    assert (ran.returncode, f"{empty.home / 'releases'}: File exists." in ran.stderr) == (3, True), ran
    assert empty.last_attempt()["outcome"] == "failed"


@pytest.mark.parametrize("folder", [".", "releases"])
def test_a_folder_that_cannot_be_written(small: Small, folder: str) -> None:
    before = small.current()
    (small.home / folder).chmod(0o555)
    ran = small.refresh("--force", is_nobody=True)
    (small.home / folder).chmod(0o755)
    small.check_fault(ran, 3, before)
    assert "Permission denied. The warehouse cannot be written" in ran.stderr


def test_all_releases_cannot_be_read(small: Small) -> None:
    before = small.current()
    (small.home / "releases").chmod(0)
    for command in (["query", "SELECT 1"], ["health"], ["releases"], ["status"], ["rollback", "2"]):
        run = small.process.run(*command, "--warehouse", small.home, is_nobody=True)
        assert (run.returncode in (1, 3), "Traceback" in run.stderr) == (True, False), (command, run)
    ran = small.refresh("--force", is_nobody=True)
    (small.home / "releases").chmod(0o755)
    small.check_fault(ran, 3, before)


def test_a_document_that_cannot_be_read(small: Small) -> None:
    before = small.current()
    (small.raw / PLAN).chmod(0)
    ran = small.refresh(is_nobody=True)
    small.check_fault(ran, 1, before, "rejected")
    assert f"{PLAN}: it cannot be read: Permission denied" in ran.stderr
