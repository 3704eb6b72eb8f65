"""`npa refresh` killed at any instant, while people read: no reader gets an error or half a release, and the next
refresh publishes, and removes the remains."""

import json
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from flows.releases.refresh_log import newest_first
from tests.support.constant_reader import read_all_the_time
from tests.support.marks import but
from tests.support.paths import ROOT
from tests.support.small_country import Small, is_telling, make_raw
from tests.support.warm_process import Warm, warm

_SEED = 20261125
_KILLS = (54, 48)  # in each warehouse
_KEEP: dict[str, Any] = {"setting": {"NPA_KEEP_RELEASES": "3"}}  # old releases are removed while readers use them
# From here on, the touches of files are few and each is tried: the last of the release's files, and the switch.
_LAST_FILE = "manifest.json"


@pytest.fixture
def two(tmp_path: Path) -> Iterator[list[Small]]:
    """Yield two warehouses, each with a process of its own, for two cores."""
    with warm(tmp_path / "one", ROOT) as first, warm(tmp_path / "two", ROOT) as second:
        both = []
        for process, folder in ((first, tmp_path / "one"), (second, tmp_path / "two")):
            both.append(Small(make_raw(folder / "raw"), folder / "warehouse", process))
        yield both


@pytest.mark.kills
def test_killed_at_any_instant(two: list[Small]) -> None:
    draws = [random.Random(_SEED), random.Random(_SEED + 1)]
    with ThreadPoolExecutor(2) as pool:
        killed = list(pool.map(_kill_again_and_again, two, draws, _KILLS, [False, True]))
    assert sum(killed) >= 100, killed


def _kill_again_and_again(small: Small, draw: random.Random, times: int, at_touches: bool) -> int:
    """Kill so many times; a refresh that ended before its instant does not count."""
    for _ in range(2):  # the second is as fast as the later ones
        start = time.monotonic()
        done = small.refresh("--force", watch=str(small.home), **_KEEP)
        assert done.returncode == 0, done
    killed, number = 0, 0
    instants = _instants(small, draw, time.monotonic() - start, done.touched if at_touches else [])
    with read_all_the_time(small.home, ROOT) as reading:
        while killed < times and number < 3 * times:
            number += 1
            seed = f"seed {_SEED}, kill {number}: {(instant := next(instants))}"
            ran = small.refresh("--force", **_KEEP, **instant)
            killed += ran.returncode == -signal.SIGKILL
            assert ran.returncode in (-signal.SIGKILL, 0), (seed, ran)
            small.check_releases()
            if number % 8 == 0 or killed == times:
                _recover(small, seed, was_killed=ran.returncode != 0)
    assert reading.errors == [], (seed, reading)
    assert reading.times > number
    assert len(reading.releases) > 3
    return killed


def _instants(small: Small, draw: random.Random, took: float, touched: list[str]) -> Iterator[dict[str, Any]]:
    """Yield touches of files, each at the beginning and from the last of the release's on; then random ones."""
    last = False
    for number, touch in enumerate(touched, 1):
        last |= touch.endswith(_LAST_FILE)
        if number <= 12 or (last and is_telling(touch)):
            yield {"watch": str(small.home), "do": "kill", "at": number}
    while True:
        yield {"kill_after": draw.uniform(0, 1.05) * took}


def _recover(small: Small, seed: str, *, was_killed: bool) -> None:
    """Check that the next refresh publishes, reports what it found, and leaves nothing over."""
    staging = [path.name for path in small.home.glob(".staging-*")]
    holder = (small.home / ".lock").read_text(encoding="utf-8")
    done = small.refresh("--force", **_KEEP)
    assert done.returncode == 0, (seed, done)
    for name in staging:
        assert f"cleared away {name}, left over by a run that died" in done.stderr, (seed, done)
    assert was_killed or not staging
    assert small.left_over() == [], seed
    small.check_releases()
    assert small.last_attempt()["outcome"] == "published", seed
    if holder:
        pid = json.loads(holder)["pid"]
        assert f"the last refresh died before it was done (process {pid} on" in done.stderr, (seed, done)


# When the log is opened; before it is written; when it is written, but not yet synced.
@pytest.mark.parametrize("at", but(pytest.mark.kills, [1, 2, 3], [2]))
def test_killed_before_the_log_is_written(process: Warm, tmp_path: Path, at: int) -> None:
    """Log the release once, by the killed run or by the next one, because the link leads to it by then."""
    small = Small(make_raw(tmp_path / "raw"), tmp_path / "warehouse", process)
    assert small.refresh("--force").returncode == 0
    before = small.current()
    ran = small.refresh("--force", watch=str(small.home), on="refresh_log.jsonl", do="kill", at=at)
    assert ran.returncode == -signal.SIGKILL
    release_id = small.current()
    assert release_id != before
    done = small.refresh("--force")
    assert done.returncode == 0
    assert "died before it was done" in done.stderr
    attempts = [(line["outcome"], line["release_id"]) for line in newest_first(small.home / "refresh_log.jsonl")]
    assert attempts == [("published", small.current()), ("published", release_id), ("published", before)]
