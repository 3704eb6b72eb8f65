"""Fixtures for the tests of releases and of their outputs."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import npa
from tests.support.history import release_ids


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return the warehouse that `refresh` writes to."""
    return tmp_path / "warehouse"


@pytest.fixture(scope="session")
def five(tmp_path_factory: pytest.TempPathFactory, plain_warehouse: Path) -> Path:
    """Return a warehouse with the release of the real plan and four nights after it, which no test may change."""
    home = tmp_path_factory.mktemp("five") / "warehouse"
    shutil.copytree(plain_warehouse, home, symlinks=True)
    for night in range(1, 5):
        options = ["--raw", plain_warehouse.parent / "raw", "--warehouse", home, "--as-of", f"2020-01-{night:02d}"]
        assert npa("refresh", "--runner", "direct", *options).returncode == 0
    return home


@pytest.fixture
def nights(five: Path, home: Path) -> Callable[[int], list[str]]:
    """Return a function that resets the warehouse to so many nights after its first release, and returns all ids."""

    def run(count: int) -> list[str]:
        shutil.rmtree(home, ignore_errors=True)  # the warehouse of `refresh`
        shutil.copytree(five, home, symlinks=True)
        for surplus in release_ids(home)[count + 1 :]:
            shutil.rmtree(home / "releases" / surplus)
        (home / "current").unlink()
        (home / "current").symlink_to(Path("releases") / release_ids(home)[-1])
        return release_ids(home)

    return run
