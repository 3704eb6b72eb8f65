"""A copy of the release whose history can be changed."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support import oracle
from tests.support.histories import SUBSET, Answers, Fact, Release


@pytest.fixture(scope="module")
def release(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """Yield a writable copy of the release of the real plan."""
    path = tmp_path_factory.mktemp("copy") / "npa.duckdb"
    shutil.copyfile(warehouse / "current" / "npa.duckdb", path)
    with duckdb.connect(str(path)) as con:
        yield Release(con)


@pytest.fixture(params=["contract", "release"])
def ask(request: pytest.FixtureRequest, release: Release) -> Any:
    """Return a function that stores a history and returns who answers: the oracle and the release must say the same."""

    def put(*facts: Fact, units: Sequence[str] = ()) -> Answers:
        by_contract = release.put(facts, units)
        return by_contract if request.param == "contract" else release

    return put


@pytest.fixture(scope="module")
def subset(release: Release) -> list[oracle.Activity]:
    """Return the activities that generated reports are about."""
    activities = [activity for activity in oracle.activities(release.plan) if activity.activity_id in SUBSET]
    assert len(activities) == len(SUBSET)
    return activities
