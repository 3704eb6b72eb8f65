"""Ctrl-C and SIGTERM at each stage; two refreshes at once, of which one dies."""

import random
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.small_country import DATA, Small, make_raw
from tests.support.warm_process import Warm, warm

_SEED = 20261125
_STAGES = ["read_inputs", "read_plans", "read_dataset", "validate", "compute", "publish"]


@pytest.fixture(scope="module")
def small(process: Warm, tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Return a warehouse with a release."""
    folder = tmp_path_factory.mktemp("stops")
    small = Small(make_raw(folder / "raw"), folder / "warehouse", process)
    assert small.refresh().returncode == 0
    return small


@pytest.mark.parametrize(
    ("stage", "do"),
    [
        *(pytest.param(stage, "stop", marks=pytest.mark.kills) for stage in _STAGES),
        pytest.param("read_dataset", "interrupt", marks=pytest.mark.kills),
        ("publish", "interrupt"),
    ],
)
def test_stopped_before_a_stage(small: Small, stage: str, do: str) -> None:
    before = small.current()
    ran = small.refresh("--force", before=stage, do=do)
    small.check_fault(ran, 130, before, "stopped")
    assert ran.stderr == "npa: stopped before it was done; the last good release stays current.\n"


@pytest.mark.kills
def test_stopped_at_each_touch_of_the_switch(small: Small) -> None:
    """Check what is published and reported: nothing before the switch, everything from it on."""
    touched = small.refresh("--force", watch=str(small.home)).touched
    first = next(n for n, touch in enumerate(touched, 1) if touch.endswith("/manifest.json"))
    for number, touch in enumerate(touched, 1):
        if number < first or "/parquet/" in touch:
            continue
        before = small.current()
        ran = small.refresh("--force", watch=str(small.home), at=number, do="stop")
        if ran.returncode == 0:
            assert small.current() != before, (touch, ran)
            small.check_releases()
            assert (small.last_attempt()["outcome"], small.left_over()) == ("published", []), touch
        else:
            small.check_fault(ran, 130, before, "stopped")


@pytest.mark.kills
def test_stopped_while_statistics_are_read(small: Small) -> None:
    """Stop in the middle of a large file, at random instants."""
    path, draw = small.raw / DATA, random.Random(_SEED)
    text = path.read_text(encoding="utf-8")
    heading, row = text.splitlines()[:2]
    many = (row.replace("TJK", "AFG").replace(",2020,", f",{1900 + n % 120},") for n in range(400_000))
    path.write_text("\n".join([text.rstrip("\n"), *many]) + "\n", encoding="utf-8")
    assert heading.startswith("REF_AREA")
    for _ in range(6):
        before, delay = small.current(), draw.uniform(0.1, 1.5)
        ran = small.refresh("--force", before="read_dataset", do="stop", delay=delay)
        assert ran.returncode == 130, (_SEED, delay, ran)
        small.check_fault(ran, 130, before, "stopped")
    path.write_text(text, encoding="utf-8")


@pytest.mark.kills
def test_one_dies_while_another_waits(small: Small, tmp_path: Path) -> None:
    """Ignore the lock of a dead process: the waiting one goes on, removes the remains, and publishes."""
    with warm(tmp_path / "other", ROOT) as second, ThreadPoolExecutor(2) as pool:
        other = Small(small.raw, small.home, second)
        for _ in range(2):
            dies = pool.submit(small.refresh, "--force", "--wait", "120", before="publish", do="kill")
            waits = pool.submit(other.refresh, "--force", "--wait", "120")
            assert dies.result().returncode == -signal.SIGKILL
            assert waits.result().returncode == 0, waits.result()
            assert small.refresh("--force").returncode == 0
            assert small.left_over() == []
            small.check_releases()


@pytest.mark.kills
def test_one_leaves_while_another_works(small: Small, tmp_path: Path) -> None:
    with warm(tmp_path / "other", ROOT) as second, ThreadPoolExecutor(2) as pool:
        both = [pool.submit(country.refresh, "--force") for country in (small, Small(small.raw, small.home, second))]
        ran = [future.result() for future in both]
    assert sorted(run.returncode for run in ran) in ([0, 3], [0, 0]), ran  # the second may begin when the first is done
    for result in ran:
        assert result.returncode == 0 or "another refresh is writing to" in result.stderr
    small.check_releases()
    assert small.left_over() == []
