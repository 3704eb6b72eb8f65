"""The stage of official statistics: every data set read to its partition, and what the database gets from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.inputs import Inputs, file_state
from flows.statistics.datasets import Received, receive
from flows.statistics.read import PARTITION, ReadDataset, read_dataset
from flows.warehouse import WarehouseFault
from transforms.problems import Problem
from transforms.statistics.toml_text import quoted


@dataclass(slots=True)
class Statistics:
    """The data sets as read: rows of dim_dataset, quality_issue and what they define; their partitions stand in
    `folder`, as they will be published."""

    folder: Path
    rows: list[dict[str, Any]] = field(default_factory=list)  # of dim_dataset
    issues: list[dict[str, Any]] = field(default_factory=list)  # of quality_issue, without their ids
    series: list[dict[str, Any]] = field(default_factory=list)  # of dim_statistic, beyond npa's list
    areas: list[dict[str, Any]] = field(default_factory=list)  # of dim_area, beyond npa's list
    problems: list[Problem] = field(default_factory=list)

    def partitions(self) -> list[tuple[str, Path]]:
        """Each data set's id and Parquet file."""
        return [(row["dataset_id"], partition(self.folder, row["dataset_id"]) / PARTITION) for row in self.rows]


def partition(folder: Path, dataset_id: str) -> Path:
    """Folder of a data set's rows, as engines that read folders want it."""
    return folder / "fact_statistic" / f"dataset_id={dataset_id}"


def read_statistics(inputs: Inputs, declared: Mapping[str, str], folder: Path) -> Statistics:
    """Read every data set under raw/statistics; their partitions go to `folder`.

    `declared`: series that the plans' links declare, code → name. What is wrong stands in the result, so that it is
    told together with what is wrong elsewhere. Raises WarehouseFault where a file changes while it is read."""
    received, problems = receive(inputs)
    statistics = Statistics(folder, problems=problems)
    for one in received:
        read = read_dataset(one, partition(folder, one.dataset.dataset_id), declared)
        statistics.problems += read.problems
        if read.drafts:
            statistics.problems.append(_draft(one.toml, read.drafts))
        if not read.problems:
            _take(statistics, one, read)
    _check_unchanged(inputs)
    return statistics


def _take(statistics: Statistics, one: Received, read: ReadDataset) -> None:
    statistics.rows.append(read.row)
    statistics.issues += [{"dataset_id": one.dataset.dataset_id, **issue} for issue in read.issues]
    for path in one.unread:
        message = "dataset.toml names the file in neither `files` nor `structure`; it is not read."
        statistics.issues.append({"dataset_id": one.dataset.dataset_id, "rule": "file_not_read", "source_file": path,
                                  "severity": "info", "action": "kept", "message": message})  # fmt: skip
    statistics.series += one.dataset.defined_series()
    statistics.areas += one.dataset.defined_areas()


def _draft(toml: str, drafts: Mapping[str, Mapping[str, str]]) -> Problem:
    """What dataset.toml lacks, ready to be completed and pasted."""
    lines = []
    for section, entries in drafts.items():
        lines += [f"[{section}]", *(f"{quoted(name)} = {quoted(value)}" for name, value in entries.items())]
    return Problem(toml, 0, "entries are missing", "Complete these:\n" + "\n".join(lines))


def _check_unchanged(inputs: Inputs) -> None:
    for name, file in inputs.statistics.items():
        try:
            is_same = file.fault is not None or file_state(file.path) == file.state
        except OSError:
            is_same = False
        if not is_same:
            raise WarehouseFault(f"{name} changed while it was read. Nothing was published; try again.")
