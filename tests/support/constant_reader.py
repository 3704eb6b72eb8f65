"""A person who reads the current release all the time, in a process of their own, and notes every error."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

_PAUSE = 0.06  # seconds between two readings: refreshes need the two cores too


@dataclass(slots=True)
class Reading:
    """The releases that the reader has read and its errors; filled when it ends."""

    times: int = 0
    releases: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def read_all_the_time(home: Path, root: Path) -> Iterator[Reading]:
    """Read the warehouse `home` until the end of the block."""
    reading = Reading()
    process = subprocess.Popen([sys.executable, "-m", "tests.support.constant_reader", str(home)], text=True, cwd=root,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    try:
        yield reading
    finally:
        out, _ = process.communicate("")
        results = json.loads(out)
        reading.times, reading.releases, reading.errors = results["times"], results["releases"], results["errors"]


def _read(home: Path) -> str:
    """Read the database behind the link, and the Parquet files of the release that the link leads to."""
    with duckdb.connect(str(home / "current" / "npa.duckdb"), read_only=True) as con:
        ((opened, activities, observations),) = con.execute(
            "SELECT release_id, (SELECT count(*) FROM activities), (SELECT count(*) FROM fact_statistic) FROM release"
        ).fetchall()
    assert activities, "no activity"
    assert observations, "no observation"
    release = (home / "current").resolve(strict=True)
    parquet = release / "parquet"
    with duckdb.connect() as con:
        rows = con.execute(
            f"""SELECT (SELECT release_id FROM '{parquet}/release.parquet'),
                       (SELECT count(*) FROM '{parquet}/dim_activity.parquet'),
                       (SELECT count(*) FROM '{parquet}/fact_statistic/*/*.parquet')"""
        ).fetchall()
    assert rows == [(release.name, activities, observations)], f"{rows} in the Parquet of {release.name}"
    with duckdb.connect() as con:  # as a reader does who knows nothing but the link
        con.execute(f"SELECT count(*) FROM '{home}/current/parquet/fact_indicator.parquet'").fetchall()
    return str(opened)


def _wait_for_the_end(done: threading.Event) -> None:
    sys.stdin.read()
    done.set()


def _run(home: Path) -> None:
    done = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=[done], daemon=True).start()
    reading = Reading()
    while not done.is_set():
        try:
            release_id = _read(home)
            if release_id not in reading.releases:
                reading.releases.append(release_id)
        except Exception as error:
            reading.errors.append(f"{type(error).__name__}: {error}")
        reading.times += 1
        time.sleep(_PAUSE)
    print(json.dumps({"times": reading.times, "releases": reading.releases, "errors": reading.errors}))


if __name__ == "__main__":
    _run(Path(sys.argv[1]))
