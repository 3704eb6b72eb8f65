"""A warehouse that is damaged, full or read-only: a sentence, and the next refresh repairs what it can."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.refresh.attempt import Job
from flows.refresh.pipeline import nothing_to_do
from flows.releases.warehouse import Warehouse
from tests.support.command import Run, environment, npa
from tests.support.marks import but
from tests.support.paths import AS_OF, ROOT


def test_a_link_left_by_a_killed_run(refresh: Run, tmp_path: Path) -> None:
    """Simulate a kill between making the new link and renaming it."""
    release = (tmp_path / "warehouse" / "current").readlink()
    (tmp_path / "warehouse" / ".staging-link-x").symlink_to(release)
    done = refresh("--force")
    assert done.returncode == 0, done.stderr
    assert not list((tmp_path / "warehouse").glob(".staging*"))
    assert (tmp_path / "warehouse" / release / "manifest.json").is_file()


def test_an_invalid_manifest(refresh: Run, raw: Path, tmp_path: Path) -> None:
    broken = (tmp_path / "warehouse" / "current").resolve() / "manifest.json"
    for text in ("", "{}", "[]", '{"outputs": null}', "\xff"):
        broken.write_text(text, encoding="latin-1")
        listed = npa("releases", "--warehouse", tmp_path / "warehouse")
        assert (listed.returncode, "Traceback" in listed.stderr) == (1, False)
        assert "manifest.json" in listed.stderr
        assert nothing_to_do(Job(raw, Warehouse(tmp_path / "warehouse"), AS_OF)) is None, "it is published again"
    assert "published" in refresh().stdout
    listed = npa("releases", "--warehouse", tmp_path / "warehouse")
    assert (listed.returncode, listed.stdout.count("\n")) == (0, 2)


@pytest.mark.parametrize("damage", ["missing", "cut", "empty"])
def test_a_damaged_database_is_published_again(refresh: Run, tmp_path: Path, damage: str) -> None:
    path = (tmp_path / "warehouse" / "current").resolve() / "npa.duckdb"
    data = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(data[:100_000] if damage == "cut" else b"")
    run = npa("query", "--warehouse", tmp_path / "warehouse", "FROM activities")
    assert run.returncode == 3
    assert "npa refresh --force" in run.stderr
    assert "published" in refresh().stdout


def test_not_enough_memory(refresh: Run, raw: Path, tmp_path: Path) -> None:
    command = f"refresh --runner direct --force --raw '{raw}' --warehouse '{tmp_path / 'warehouse'}'"
    for kilobytes in (700_000, 900_000):
        shell = f"ulimit -v {kilobytes}; exec {sys.executable} -m flows.cli {command}"
        done = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 3), done.stderr
        assert "Traceback" not in done.stderr
    assert refresh().returncode == 0


def test_a_folder_in_place_of_current(refresh: Run, tmp_path: Path) -> None:
    (tmp_path / "warehouse" / "current").unlink()
    (tmp_path / "warehouse" / "current").mkdir()
    bad = refresh()
    assert bad.returncode == 3
    assert "is not the link" in bad.stderr
    run = npa("query", "--warehouse", tmp_path / "warehouse", "SELECT 1")
    assert run.returncode == 3


def test_a_warehouse_that_cannot_be_written(refresh: Run, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "warehouse")
    (tmp_path / "warehouse").write_text("a file", encoding="utf-8")
    bad = refresh()
    assert bad.returncode == 3
    assert "cannot be written" in bad.stderr


@pytest.mark.parametrize("room", but(pytest.mark.full_disk, [0, 3000, 60_000, 4_000_000], [3000]))
def test_a_disk_that_is_full(refresh: Run, tmp_path: Path, room: int) -> None:
    """Let no file grow past `room` bytes: as a full disk, at another point each time."""
    before = (tmp_path / "warehouse" / "current").readlink()
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room})); "
        "from flows.cli import main; sys.exit(main())"
    )
    options = ["--raw", str(tmp_path / "raw"), "--warehouse", str(tmp_path / "warehouse"), "--as-of", "2020-01-01"]
    unmeasured = {name: value for name, value in environment().items() if not name.startswith("COVERAGE_")}
    bad = subprocess.run([sys.executable, "-B", "-c", code, "refresh", "--runner", "direct", *options],
                         capture_output=True, text=True, cwd=ROOT, env=unmeasured, check=False)  # fmt: skip
    assert bad.returncode == 3, bad.stderr
    assert "Traceback" not in bad.stderr
    assert "the last good release stays current" in bad.stderr
    assert (tmp_path / "warehouse" / "current").readlink() == before
    assert refresh("--force").returncode == 0


def test_no_release_yet(tmp_path: Path) -> None:
    for command in (["query", "SELECT 1"], ["releases"]):
        run = npa(*command, "--warehouse", tmp_path)
        assert run.returncode == 1
        assert "holds no release yet" in run.stderr
