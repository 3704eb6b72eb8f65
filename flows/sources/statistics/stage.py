"""The stage of official statistics: every data set is read to its partition, and what the database gets from it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.sources.files import Inputs
from flows.sources.input_file import check_unchanged
from flows.sources.statistics.datasets import receive
from flows.sources.statistics.ranges import receive_ranges
from flows.sources.statistics.series import receive_series
from schemas.code_names import CodeName
from transforms.errors import InputProblem, WarehouseFault, problem_in
from transforms.quality.catalogue import message_of
from transforms.quality.text import sentence
from transforms.statistics.code_names import defined_names
from transforms.statistics.loading.validation import Gap
from transforms.statistics.quality.notes import issue
from transforms.text.toml import comment, quoted

PARTITION = "data.parquet"
_SHOWN = 20  # files that one message lists


@dataclass(slots=True)
class ReadDataset:
    """The result of reading a data set."""

    problems: list[InputProblem] = field(default_factory=list)
    drafts: dict[str, dict[str, Gap]] = field(default_factory=dict)  # what dataset.toml lacks
    row: dict[str, Any] = field(default_factory=dict)  # of dim_dataset
    issues: list[dict[str, Any]] = field(default_factory=list)  # of quality_issue
    names: list[CodeName] = field(default_factory=list)  # of dim_code, in the producer's code lists


@dataclass(slots=True)
class Statistics:
    """Rows and problems of all data sets; their partitions are in `folder`, as they will be published."""

    folder: Path
    declared: Mapping[str, str] = field(default_factory=dict)  # series that the plans' links declare, code → name
    rows: list[dict[str, Any]] = field(default_factory=list)  # of dim_dataset
    issues: list[dict[str, Any]] = field(default_factory=list)  # of quality_issue, without their ids
    series: list[dict[str, Any]] = field(default_factory=list)  # of dim_statistic, beyond npa's list; where defined
    areas: list[dict[str, Any]] = field(default_factory=list)  # of dim_area, beyond npa's list; where defined
    names: list[CodeName] = field(default_factory=list)  # of dim_code, beyond npa's
    ranges: list[dict[str, Any]] = field(default_factory=list)  # of dim_plausible_range
    judged: list[dict[str, Any]] = field(default_factory=list)  # of series.csv
    problems: list[InputProblem] = field(default_factory=list)

    def partitions(self) -> list[tuple[str, Path]]:
        """Return the id and the Parquet file of each data set."""
        return [(row["dataset_id"], partition(self.folder, row["dataset_id"]) / PARTITION) for row in self.rows]


def partition(folder: Path, dataset_id: str) -> Path:
    """Return the folder of a data set's rows, as engines that read folders expect it."""
    return folder / "fact_statistic" / f"dataset_id={dataset_id}"


# Reads many data sets, each by its arguments of `read_dataset`; returns the results in the same order.
ReadDatasets = Callable[[Sequence[tuple[Any, ...]]], list[ReadDataset]]


def read_statistics(
    inputs: Inputs, declared: Mapping[str, str], folder: Path, read_datasets: ReadDatasets
) -> Statistics:
    """Return every data set under raw/statistics, its partition in `folder`, or what is wrong with it, so that it is
    reported together with what is wrong elsewhere.

    `declared`: series that the plans' links declare, code → name. Raises WarehouseFault where a file changes while it
    is read."""
    try:
        statistics = _read(inputs, declared, folder, read_datasets)
    except OSError as error:
        check_unchanged(inputs.statistics)
        where, reason = f"{error.filename}: " if error.filename else "", error.strerror or error
        raise WarehouseFault(sentence("{where}{reason}. Nothing was published.", where=where, reason=reason)) from error
    check_unchanged(inputs.statistics)
    return statistics


def _read(inputs: Inputs, declared: Mapping[str, str], folder: Path, read_datasets: ReadDatasets) -> Statistics:
    received, problems = receive(inputs)
    known = None if problems else received  # the codes that a rejected dataset.toml defines are not known
    ranges, faults = receive_ranges(inputs, known, [*declared])
    judged, more = receive_series(inputs, known, [*declared])
    statistics = Statistics(folder, declared, ranges=ranges, judged=judged, problems=[*problems, *faults, *more])
    arguments = [(source, partition(folder, source.dataset.dataset_id), declared) for source in received]
    for source, read in zip(received, read_datasets(arguments), strict=True):
        statistics.problems += read.problems
        if read.drafts:
            statistics.problems.append(_draft(source.toml, read.drafts))
        if not read.problems:
            notes = [*read.issues, *_unread(source.unread)]
            statistics.rows.append(read.row)
            statistics.issues += [{"dataset_id": source.dataset.dataset_id, **note} for note in notes]
            statistics.names += [*defined_names(source.dataset, source.toml), *read.names]
            origin = {"defined_in": source.toml}
            statistics.series += [row | origin for row in source.dataset.defined_series()]
            statistics.areas += [row | origin for row in source.dataset.defined_areas()]
    return statistics


def _unread(paths: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the note on the files of a data set that dataset.toml does not name."""
    if paths:
        files = ", ".join(Path(path).name for path in paths[:_SHOWN]) + (", …" if len(paths) > _SHOWN else "")
        message = message_of("file_not_read", n=len(paths), files=files)
        yield issue("file_not_read", paths[0], message, places=len(paths))


def _draft(toml: str, drafts: Mapping[str, Mapping[str, Gap]]) -> InputProblem:
    """Return what dataset.toml lacks, ready to be completed and pasted."""
    lines = []
    for section, entries in drafts.items():
        lines.append(f"[{section}]")
        for name, gap in entries.items():
            note = f" # {comment(gap.note)}" if gap.note else ""
            lines.append(f"{quoted(name)} = {quoted(gap.value)}{note}")
    return problem_in(toml, 0, "entries are missing", "Complete these:\n{entries}", entries="\n".join(lines))
