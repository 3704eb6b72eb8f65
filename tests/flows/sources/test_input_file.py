"""Files that change, are replaced or disappear while npa reads them: nothing is published from half a file."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.marks import but
from tests.support.small_country import DATA, PLAN, REPORT, Small, make_raw
from tests.support.warm_process import Warm

_FILES = [PLAN, PLAN.replace("plan.txt", "plan.toml"), REPORT, DATA, f"{Path(DATA).parent}/dataset.toml"]
_SAYS = {"change": "changed while it was read", "replace": "changed while it was read", "cut": "changed while it was",
         "remove": "was taken away while"}  # fmt: skip


@pytest.fixture(scope="module")
def published(process: Warm, tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Return a warehouse with a release."""
    folder = tmp_path_factory.mktemp("moving")
    small = Small(make_raw(folder / "raw"), folder / "warehouse", process)
    assert small.refresh().returncode == 0
    return small


@pytest.fixture
def small(published: Small) -> Iterator[Small]:
    """Yield the same warehouse and restore its sources; then check that the next refresh leaves nothing over."""
    before = {path: path.read_bytes() for path in published.raw.rglob("*") if path.is_file()}
    yield published
    for path, data in before.items():
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
    assert published.left_over() == []


@pytest.mark.parametrize("name", _FILES)
@pytest.mark.parametrize("do", _SAYS)
def test_while_it_is_read_first(small: Small, name: str, do: str) -> None:
    _check_refused(small, name, do, 1)


@pytest.mark.parametrize("name", but(pytest.mark.slow, _FILES[2:], [DATA]))
@pytest.mark.parametrize("do", ["cut", "remove"])
def test_while_it_is_read_last(small: Small, name: str, do: str) -> None:
    opened = small.refresh("--force", watch=str(small.raw), on=name).touched
    assert len(opened) > 1
    for at in {2, len(opened)}:
        data = (small.raw / name).read_bytes()
        _check_refused(small, name, do, at)
        (small.raw / name).write_bytes(data)


def _check_refused(small: Small, name: str, do: str, at: int) -> None:
    before = small.current()
    ran = small.refresh("--force", watch=str(small.raw), on=name, at=at, do=do, target=small.raw / name)
    small.check_fault(ran, 3, before)
    assert f"npa: {name} {_SAYS[do]}" in ran.stderr, ran
    assert f"{name} {_SAYS[do]}" in small.last_attempt()["errors"][0]["what"]


@pytest.mark.parametrize("do", ["change", "remove"])
def test_after_it_was_read(small: Small, do: str) -> None:
    """Publish the document as it was read, once; the next night brings the change."""
    was = hashlib.sha256((small.raw / PLAN).read_bytes()).hexdigest()
    ran = small.refresh("--force", before="read_plans", do=do, target=small.raw / PLAN)
    assert ran.returncode == 0, ran
    manifest = json.loads((small.home / "current" / "manifest.json").read_text(encoding="utf-8"))
    assert {"path": PLAN, "sha256": was} in manifest["inputs"]
    assert small.refresh().returncode == (0 if do == "change" else 1)


def test_a_report_that_changes_after_it_was_read(small: Small) -> None:
    was = hashlib.sha256((small.raw / REPORT).read_bytes()).hexdigest()
    ran = small.refresh("--force", before="publish", do="change", target=small.raw / REPORT)
    assert ran.returncode == 0, ran
    manifest = json.loads((small.home / "current" / "manifest.json").read_text(encoding="utf-8"))
    assert {"path": REPORT, "sha256": was, "rows": 1} in manifest["inputs"]
    before = small.current()
    assert small.refresh().returncode == 0
    assert small.current() != before


def test_a_document_that_is_still_being_copied(small: Small) -> None:
    """Ask for another try: half of the document would be rejected, but it has grown meanwhile."""
    path, before = small.raw / PLAN, small.current()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    small.check_fault(small.refresh(), 1, before, "rejected")
    ran = small.refresh(before="validate", do="change", target=path)
    small.check_fault(ran, 3, before)
    assert f"{PLAN} changed while it was read" in ran.stderr


@pytest.mark.parametrize("name", ["plans", "statistics"])
def test_a_folder_that_is_moved_away(small: Small, name: str) -> None:
    before = small.current()
    away = small.raw / "away"
    (small.raw / name).rename(away)
    try:
        small.check_fault(small.refresh(), 1, before, "rejected")
    finally:
        away.rename(small.raw / name)
