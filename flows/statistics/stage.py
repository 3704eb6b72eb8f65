"""The stage of official statistics: every data set read to its partition, and what the database gets from them."""

from collections.abc import Mapping
from pathlib import Path

from flows.changes import check_unchanged
from flows.inputs import Inputs
from flows.statistics.datasets import Received, receive
from flows.statistics.read import ReadDataset, read_dataset
from flows.statistics.result import Statistics, partition
from flows.warehouse import WarehouseFault
from transforms.problems import Problem
from transforms.statistics.toml_text import quoted


def read_statistics(inputs: Inputs, declared: Mapping[str, str], folder: Path) -> Statistics:
    """Read every data set under raw/statistics; their partitions go to `folder`.

    `declared`: series that the plans' links declare, code → name. What is wrong stands in the result, so that it is
    told together with what is wrong elsewhere. Raises WarehouseFault where a file changes while it is read."""
    try:
        statistics = _read(inputs, declared, folder)
    except OSError as error:
        check_unchanged(inputs.statistics)
        where = f"{error.filename}: " if error.filename else ""
        raise WarehouseFault(f"{where}{error.strerror or error}. Nothing was published.") from error
    check_unchanged(inputs.statistics)
    return statistics


def _read(inputs: Inputs, declared: Mapping[str, str], folder: Path) -> Statistics:
    received, problems = receive(inputs)
    statistics = Statistics(folder, problems=problems)
    for one in received:
        read = read_dataset(one, partition(folder, one.dataset.dataset_id), declared)
        statistics.problems += read.problems
        if read.drafts:
            statistics.problems.append(_draft(one.toml, read.drafts))
        if not read.problems:
            _take(statistics, one, read)
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
