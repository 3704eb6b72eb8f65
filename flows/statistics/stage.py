"""The stage of official statistics: every data set read to its partition, and what the database gets from them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.inputs import Inputs, file_state
from flows.reading import NOTHING, Kept, digest, link
from flows.statistics.datasets import Received, receive
from flows.statistics.read import PARTITION, ReadDataset, read_dataset
from flows.steps import Each, in_turn
from flows.warehouse import WarehouseFault
from transforms.problems import Problem


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
    taken_over: set[str] = field(default_factory=set)  # ids of the data sets that were not read anew
    readings: dict[str, dict[str, Any]] = field(default_factory=dict)  # what the next release needs, to take them over

    def partitions(self) -> list[tuple[str, Path]]:
        """Each data set's id and Parquet file."""
        return [(row["dataset_id"], partition(self.folder, row["dataset_id"]) / PARTITION) for row in self.rows]


def partition(folder: Path, dataset_id: str) -> Path:
    """Folder of a data set's rows, as engines that read folders want it."""
    return folder / "fact_statistic" / f"dataset_id={dataset_id}"


def read_statistics(
    inputs: Inputs, declared: Mapping[str, str], folder: Path, kept: Kept = NOTHING, each: Each = in_turn
) -> Statistics:
    """Every data set under raw/statistics, its partition in `folder`: read, `each` for itself, or where it has not
    changed as it was read for the last release.

    `declared`: series that the plans' links declare, code → name. What is wrong stands in the result, so that it is
    told together with what is wrong elsewhere. Raises WarehouseFault where a file changes while it is read."""
    received, problems = receive(inputs)
    statistics = Statistics(folder, problems=problems)
    new = [one for one in received if not _is_known(one, declared, kept)]
    read = each(read_dataset, [(one, partition(folder, one.dataset.dataset_id), declared) for one in new])
    fresh = {one.toml: done for one, done in zip(new, read, strict=True)}
    for one in received:
        done = fresh.get(one.toml) or _linked(one, statistics, kept)
        statistics.problems += done.problems
        if done.drafts:
            statistics.problems.append(_draft(one.toml, done.drafts))
        if not done.problems:
            _take(statistics, one, done, declared)
    _check_unchanged(inputs)
    return statistics


def _linked(one: Received, statistics: Statistics, kept: Kept) -> ReadDataset:
    """A data set as it was read for the last release, whose partition is that of this one too."""
    dataset_id = one.dataset.dataset_id
    source, target = (partition(root, dataset_id) for root in (kept.folder / "parquet", statistics.folder))
    link(source / PARTITION, target / PARTITION)
    statistics.taken_over.add(dataset_id)
    found = kept.datasets[dataset_id]
    return ReadDataset(row=one.row() | found["counts"], issues=found["issues"])


def _is_known(one: Received, declared: Mapping[str, str], kept: Kept) -> bool:
    found = kept.datasets.get(one.dataset.dataset_id)
    return found is not None and found["mark"] == _mark(one, declared)


def _mark(one: Received, declared: Mapping[str, str]) -> str:
    """A digest over all that a reading depends on: the files, where they stand, the series that plans declare."""
    return digest(one.toml, one.sha256, json.dumps(declared, sort_keys=True))


def _take(statistics: Statistics, one: Received, read: ReadDataset, declared: Mapping[str, str]) -> None:
    dataset_id = one.dataset.dataset_id
    counts = {name: count for name, count in read.row.items() if name not in one.row()}
    statistics.readings[dataset_id] = {"mark": _mark(one, declared), "counts": counts, "issues": read.issues}
    statistics.rows.append(read.row)
    statistics.issues += [{"dataset_id": dataset_id, **issue} for issue in read.issues]
    for path in one.unread:
        message = "dataset.toml names the file in neither `files` nor `structure`; it is not read."
        statistics.issues.append({"dataset_id": dataset_id, "rule": "file_not_read", "source_file": path,
                                  "severity": "info", "action": "kept", "message": message})  # fmt: skip
    statistics.series += one.dataset.defined_series()
    statistics.areas += one.dataset.defined_areas()


def _draft(toml: str, drafts: Mapping[str, Mapping[str, str]]) -> Problem:
    """What dataset.toml lacks, ready to be completed and pasted."""
    lines = []
    for section, entries in drafts.items():
        lines += [f"[{section}]", *(f"{_toml(name)} = {_toml(value)}" for name, value in entries.items())]
    return Problem(toml, 0, "entries are missing", "Complete these:\n" + "\n".join(lines))


def _toml(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'


def _check_unchanged(inputs: Inputs) -> None:
    for name, file in inputs.statistics.items():
        try:
            is_same = file.fault is not None or file_state(file.path) == file.state
        except OSError:
            is_same = False
        if not is_same:
            raise WarehouseFault(f"{name} changed while it was read. Nothing was published; try again.")
