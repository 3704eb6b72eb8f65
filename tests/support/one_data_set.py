"""One data set of statistics, read from files that a test writes."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from flows.refresh.stages import in_turn, read_dataset
from flows.sources.files import read_inputs
from flows.sources.statistics.stage import Statistics, read_statistics
from tests.support.paths import ROOT

HEAD = """\
dataset_id = "TEST"
title = "t"
publisher = "p"
source_url = "https://example.org"
licence = "CC0"
retrieved_on = 2026-01-01
format = "csv"
files = ["*.csv"]
"""


PLAIN = "SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE\n"


Load = Callable[..., "Loaded"]


class Loaded:
    """A data set read from files: its statistics, and its rows."""

    def __init__(self, statistics: Statistics) -> None:
        self.statistics = statistics

    @property
    def faults(self) -> str:
        """Return all its problems as they are printed."""
        return "\n".join(map(str, self.statistics.problems))

    def rows(self, columns: str = "*") -> list[tuple[Any, ...]]:
        """Return the published rows."""
        assert not self.statistics.problems, self.faults
        ((_, path),) = self.statistics.partitions()
        return duckdb.execute(f"SELECT {columns} FROM '{path}'").fetchall()

    @property
    def counts(self) -> tuple[int, ...]:
        """Return the numbers of rows read, published, set aside and repeated."""
        (row,) = self.statistics.rows
        return tuple(row[name] for name in ("rows_read", "observations", "rows_set_aside", "rows_repeated"))


def loader(tmp_path: Path) -> Load:
    """Return a function that reads one data set from its files, with `toml` added to the compulsory keys."""

    def run(toml: str = "", head: str = HEAD, **files: str | bytes | Path) -> Loaded:
        raw = tmp_path / "raw"
        shutil.rmtree(raw, ignore_errors=True)
        folder = raw / "statistics" / "test"
        folder.mkdir(parents=True)
        (raw / "plans").mkdir()
        (raw / "plans" / "tjk-npa-2018").symlink_to(ROOT / "raw" / "plans" / "tjk-npa-2018")
        (folder / "dataset.toml").write_text(head + toml, encoding="utf-8")
        for name, data in files.items():
            path = folder / (name if "." in name else f"{name}.csv")
            if isinstance(data, Path):
                path.symlink_to(data)
            else:
                path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return Loaded(read_statistics(read_inputs(raw), {}, tmp_path / "parquet", in_turn(read_dataset)))

    return run
