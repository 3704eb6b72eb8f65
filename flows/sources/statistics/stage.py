"""The stage of official statistics: every data set read to its partition, and what the database gets from them."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.sources.changes import check_unchanged
from flows.sources.files import Inputs
from flows.sources.previous import Kept, digest, link
from flows.sources.statistics.datasets import Received, receive
from flows.sources.statistics.load import ReadDataset
from flows.sources.statistics.result import PARTITION, Statistics, partition
from transforms.errors import InputProblem, WarehouseFault
from transforms.quality.catalogue import message_of
from transforms.quality.text import sentence
from transforms.statistics.quality.notes import issue
from transforms.text.toml import quoted

# Reads many data sets, each by its arguments of `read_dataset`; returns what came of them in the same order.
ReadDatasets = Callable[[Sequence[tuple[Any, ...]]], list[ReadDataset]]


def read_statistics(
    inputs: Inputs, declared: Mapping[str, str], folder: Path, kept: Kept, read_datasets: ReadDatasets
) -> Statistics:
    """Every data set under raw/statistics, its partition in `folder`: read, or where it has not changed as it was read
    for the last release.

    `declared`: series that the plans' links declare, code → name. What is wrong stands in the result, so that it is
    told together with what is wrong elsewhere. Raises WarehouseFault where a file changes while it is read."""
    try:
        statistics = _read(inputs, declared, folder, kept, read_datasets)
    except OSError as error:
        check_unchanged(inputs.statistics)
        where = f"{error.filename}: " if error.filename else ""
        raise WarehouseFault(
            sentence("{where}{reason}. Nothing was published.", where=where, reason=error.strerror or error)
        ) from error
    check_unchanged(inputs.statistics)
    return statistics


def _read(
    inputs: Inputs, declared: Mapping[str, str], folder: Path, kept: Kept, read_datasets: ReadDatasets
) -> Statistics:
    received, problems = receive(inputs)
    statistics = Statistics(folder, problems=problems)
    new = [one for one in received if not _is_known(one, declared, kept)]
    read = read_datasets([(one, partition(folder, one.dataset.dataset_id), declared) for one in new])
    fresh = {one.toml: done for one, done in zip(new, read, strict=True)}
    for one in received:
        done = fresh.get(one.toml) or _linked(one, statistics, kept)
        statistics.problems += done.problems
        if done.drafts:
            statistics.problems.append(_draft(one.toml, done.drafts))
        if not done.problems:
            _take(statistics, one, done, declared)
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
        note = issue("file_not_read", path, message_of("file_not_read"))
        statistics.issues.append({"dataset_id": dataset_id, **note})
    statistics.series += one.dataset.defined_series()
    statistics.areas += one.dataset.defined_areas()


def _draft(toml: str, drafts: Mapping[str, Mapping[str, str]]) -> InputProblem:
    """What dataset.toml lacks, ready to be completed and pasted."""
    lines = []
    for section, entries in drafts.items():
        lines += [f"[{section}]", *(f"{quoted(name)} = {quoted(value)}" for name, value in entries.items())]
    return InputProblem(
        "entries are missing", sentence("Complete these:\n{entries}", entries="\n".join(lines)), path=toml
    )
