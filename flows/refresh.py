"""The main job: inputs → documents → rows → frames → release. One composition for every way of running it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.inputs import fingerprint, read_inputs, software_version
from flows.warehouse import Warehouse
from transforms.problems import InputRejected, Problem


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be refreshed; `as_of` is the day for which states are computed, ISO 8601."""

    raw: Path
    warehouse: Warehouse
    as_of: str
    force: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the release that is current now, whether it is new, rows by table, issues by severity."""

    release_id: str
    is_new: bool
    rows: dict[str, int]
    issues: dict[str, int]
    reports: str = ""  # how many rows of reports were read, and what became of them


def call(stage: Callable[..., Any], *arguments: Any) -> Any:
    """Run a stage as it is."""
    return stage(*arguments)


def refresh(job: Job, step: Callable[..., Any] = call) -> Outcome:
    """Publish a release of `job.raw`, unless the current one was made from just this input.

    Raises InputRejected with every problem found, WarehouseFault where the warehouse is at fault; in both cases the
    last good release stands."""
    _keep_apart(job)
    inputs = step(read_inputs, job.raw)
    software = software_version()
    mark = fingerprint(inputs, job.as_of, software)
    if release_id := _published(job, mark):
        return Outcome(release_id, is_new=False, rows={}, issues={})
    with job.warehouse.writing():
        if release_id := _published(job, mark):  # by a run that has just let go of the lock
            return Outcome(release_id, is_new=False, rows={}, issues={})

        from flows import stages  # pandas and duckdb: only where there is work to do

        release = stages.new_release(job, software, mark)
        with job.warehouse.staging(release["release_id"]) as folder:
            work = step(stages.extract, inputs)  # one name: what a stage has used up is let go
            work = step(stages.normalise, work)
            statistics = step(stages.read_statistics, inputs, work, folder)
            work = step(stages.validate, work, statistics)
            made = step(stages.compute, work, statistics, inputs, release, folder)
            step(stages.publish, inputs, release, folder, made.rows, job.warehouse)
        return Outcome(release["release_id"], is_new=True, rows=made.rows, issues=made.issues, reports=made.reports)


def _keep_apart(job: Job) -> None:
    """Invented sources, which their folder says by a file INVENTED, never reach a warehouse outside of it."""
    if (job.raw / "INVENTED").exists() and not job.warehouse.root.resolve().is_relative_to(job.raw.resolve()):
        remedy = f"Publish them to a warehouse inside that folder: --warehouse {job.raw / 'warehouse'}."
        raise InputRejected([Problem(str(job.raw / "INVENTED"), 0, "the sources are invented", remedy)])


def is_up_to_date(job: Job) -> str | None:
    """Id of the current release if there is nothing to do, so that no runner need be started."""
    _keep_apart(job)
    return _published(job, fingerprint(read_inputs(job.raw), job.as_of, software_version()))


def _published(job: Job, mark: str) -> str | None:
    return None if job.force else job.warehouse.published(mark)
