"""`npa refresh` killed at any instant, while people read: no reader sees an error or half a release, and the next
refresh publishes, and clears away what was left."""

import json
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from reader import read_all_the_time
from small import Small, is_telling, make_raw
from warm import warm

pytestmark = pytest.mark.faults

_SEED = 20261125
_RANDOM = 84
_KEEP: dict[str, Any] = {
    "setting": {"NPA_KEEP_RELEASES": "3"}
}  # so that old releases are removed under the readers' eyes
# From here on, the touches of files are few and each is tried: the last of the release's files, and the switch.
_LAST_FILE = "manifest.json"


@pytest.fixture
def two(tmp_path: Path) -> Iterator[list[Small]]:
    """Two warehouses, each with a process of its own, for two cores."""
    with warm(tmp_path / "one", ROOT) as first, warm(tmp_path / "two", ROOT) as second:
        both = []
        for process, folder in ((first, tmp_path / "one"), (second, tmp_path / "two")):
            both.append(Small(make_raw(folder / "raw"), folder / "warehouse", process))
        yield both


def test_killed_at_any_instant(two: list[Small]) -> None:
    with ThreadPoolExecutor(2) as pool:
        killed = sum(pool.map(_kill_again_and_again, two, ["random", "touches"]))
    assert killed >= 100


def _kill_again_and_again(small: Small, how: str) -> int:
    """Kill at instants drawn at random, or at each touch of a file from the last of the release's files on."""
    start = time.monotonic()
    done = small.refresh("--force", watch=str(small.home), **_KEEP)
    took = time.monotonic() - start
    assert done.returncode == 0, done
    draw = random.Random(_SEED)
    if how == "random":
        instants: list[dict[str, Any]] = [{"kill_after": draw.uniform(0, 1.05) * took} for _ in range(_RANDOM)]
    else:
        first = next(n for n, touch in enumerate(done.touched, 1) if touch.endswith(_LAST_FILE))
        touches = enumerate(done.touched, 1)
        places = [n for n, touch in touches if n <= 12 or (n >= first and is_telling(touch))]
        instants = [{"watch": str(small.home), "do": "kill", "at": n} for n in places]
    killed = 0
    with read_all_the_time(small.home, ROOT) as reading:
        for number, instant in enumerate(instants):
            seed = f"seed {_SEED}, kill {number}: {instant}"
            ran = small.refresh("--force", **_KEEP, **instant)
            killed += ran.returncode == -signal.SIGKILL
            assert ran.returncode in (-signal.SIGKILL, 0), (seed, ran)
            small.check_releases()
            if number % 4 == 3 or number == len(instants) - 1:
                _recover(small, seed, was_killed=ran.returncode != 0)
    assert reading.errors == [], reading
    assert reading.times > len(instants)
    assert len(reading.releases) > 3
    return killed


def _recover(small: Small, seed: str, *, was_killed: bool) -> None:
    """The next refresh is a good one, says what it found, and leaves nothing."""
    left = [path.name for path in small.home.glob(".staging-*")]
    holder = (small.home / ".lock").read_text(encoding="utf-8")
    done = small.refresh("--force", **_KEEP)
    assert done.returncode == 0, (seed, done)
    for name in left:
        assert f"cleared away {name}, left over by a run that died" in done.stderr, (seed, done)
    assert was_killed or not left
    assert small.left_over() == [], seed
    small.check_releases()
    assert small.told()["outcome"] == "published", seed
    if holder:
        pid = json.loads(holder)["pid"]
        assert f"the last refresh died before it was done (process {pid} on" in done.stderr, (seed, done)
