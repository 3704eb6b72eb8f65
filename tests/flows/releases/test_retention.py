"""`npa prune`, and what a refresh removes."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.releases import retention
from flows.releases.warehouse import Warehouse
from tests.support.command import Run, npa
from tests.support.history import current_id, release_ids


def test_prune_keeps_the_newest_the_current_and_the_one_on_hold(nights: Callable[[int], list[str]], home: Path) -> None:
    ids = nights(4)
    npa("rollback", ids[1], "--warehouse", home)
    with duckdb.connect(str(home / "releases" / ids[0] / "npa.duckdb"), read_only=True) as reader:
        done = npa("prune", "--keep", "1", "--warehouse", home)
        assert done.stdout == f"removed 3 releases: {', '.join([ids[0], *ids[2:4]])}\n", done.stderr
        assert reader.execute("SELECT count(*) FROM fact_indicator").fetchone() != (0,)  # it has the file open
    assert release_ids(home) == [ids[1], ids[4]]
    assert npa("prune", "--keep", "1", "--warehouse", home).stdout == "no release is surplus\n"
    assert npa("query", "--warehouse", home, "SELECT 1").returncode == 0
    for wrong in (["--keep", "0"], ["--keep", "many"], []):
        assert npa("prune", *wrong, "--warehouse", home).returncode == 2


def test_prune_keeps_the_last_days(nights: Callable[[int], list[str]], home: Path) -> None:
    ids = nights(2)
    old = f"{datetime.now(UTC) - timedelta(days=9):%Y%m%dT%H%M%SZ}-abc"
    shutil.move(home / "releases" / ids[0], home / "releases" / old)
    done = npa("prune", "--keep", "1", "--keep-days", "8", "--warehouse", home)
    assert done.stdout == f"removed 1 releases: {old}\n"
    assert release_ids(home) == ids[1:]


def test_refresh_prunes_by_the_setting(nights: Callable[[int], list[str]], refresh: Run, home: Path) -> None:
    ids = nights(3)
    done = refresh("--as-of", "2020-02-01", env={"NPA_KEEP_RELEASES": "2"})
    assert done.returncode == 0
    assert f"removed old releases (NPA_KEEP_RELEASES=2): {', '.join(ids[:3])}" in done.stderr
    assert release_ids(home) == [ids[3], current_id(home)]
    refresh("--as-of", "2020-02-02", env={"NPA_KEEP_RELEASES": "1"})
    assert len(release_ids(home)) == 2  # the release just replaced stays for readers who are opening it
    done = refresh("--as-of", "2020-02-03", env={"NPA_KEEP_RELEASES": "some"})
    assert (done.returncode, 'NPA_KEEP_RELEASES is "some", no whole number' in done.stderr) == (0, True)
    refresh("--as-of", "2020-02-04", env={"NPA_KEEP_RELEASES": "0"})
    assert len(release_ids(home)) == 4


def test_a_release_that_cannot_be_removed_fails_no_night(
    nights: Callable[[int], list[str]], home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = nights(2)

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setenv("NPA_KEEP_RELEASES", "1")
    monkeypatch.setattr(shutil, "rmtree", refuse)
    retention.prune_after_refresh(Warehouse(home), ids[1])
    assert "old releases were not removed" in capsys.readouterr().err
    monkeypatch.undo()
    assert "cleared away" in npa("prune", "--keep", "9", "--warehouse", home).stderr
    assert release_ids(home) == ids[1:]
