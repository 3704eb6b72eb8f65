"""`npa refresh` and `npa check`: their options, and what they run. Heavy libraries are imported where they are used."""

import argparse
import contextlib
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from flows.commands.options import Commands, add_as_of, add_notify, add_wait, command, wait_of
from flows.commands.serve import load_night
from flows.runtime.settings import prefect_server
from transforms.errors import WrongUsage

if TYPE_CHECKING:
    from flows.refresh.request import Job, Outcome

_TOLD = {"dim_plan": "plans", "dim_measure": "measures", "dim_activity": "activities", "dim_agency": "agencies"}


def add_refresh(commands: Commands) -> None:
    """Add `npa refresh`."""
    made = command(
        commands,
        "refresh",
        "read the sources and publish a release",
        "Extracts, normalises, validates and publishes. Where nothing that goes in has changed (the\n"
        "sources, --as-of, the software), nothing is published.",
    )
    add_as_of(made, "day for which states are computed, as 2026-11-24 (default: today in NPA_TIMEZONE)")
    made.add_argument("--force", action="store_true", help="publish even if nothing has changed, or a rollback holds")
    made.add_argument(
        "--accept-removals",
        action="store_true",
        help="publish even if sources that the last release had are gone, or have lost rows (see removed.toml)",
    )
    add_wait(made)
    add_notify(made)
    made.add_argument(
        "--runner",
        choices=("auto", "prefect", "direct"),
        default="auto",
        help="prefect: as a Prefect flow, on a temporary server if PREFECT_API_URL is not set; direct: in this "
        "process; auto (default): prefect if PREFECT_API_URL is set, else direct",
    )
    made.add_argument(
        "--task-runner",
        choices=("threads", "dask"),
        help="of a Prefect flow: read documents and data sets side by side, in threads of this process or on a Dask "
        "cluster (needs a Prefect server and the extra dask: docs/guides/scale.md)",
    )
    made.add_argument(
        "--dask-address",
        metavar="ADDRESS",
        help="scheduler of the cluster, as tcp://10.0.0.5:8786 (default: a cluster of this machine, for this run)",
    )
    made.set_defaults(run=_refresh)


def add_check(commands: Commands) -> None:
    """Add `npa check`."""
    made = command(
        commands,
        "check",
        "report every problem of the sources, publish nothing",
        "Does all that refresh does but publishing, and prints the counts found in each plan, to be\n"
        "verified and put into plan.toml.",
    )
    add_as_of(made, "day for which states are computed (default: today in NPA_TIMEZONE)")
    made.set_defaults(run=_check)


def _refresh(options: argparse.Namespace) -> None:
    from flows.refresh.attempt import attempted
    from flows.refresh.request import Job

    as_of, wait = options.as_of or _today(), wait_of(options)
    job = Job(options.raw, options.warehouse, as_of, options.force, wait, options.accept_removals)
    with _told_of(job) if options.notify else contextlib.nullcontext(), attempted(job) as attempt:
        outcome = attempt.outcome = _run(job, options.runner, options.task_runner, options.dask_address)
    if not outcome.is_new:
        print(f"{outcome.state.replace('_', ' ')}: {outcome.why}; nothing to publish")
        return
    counts = ", ".join(f"{outcome.rows[table]} {name}" for table, name in _TOLD.items())
    print(f"published {outcome.release_id}, as of {job.as_of}: {counts}")
    issues = ", ".join(f"{n} {severity}" for severity, n in outcome.issues.items()) or "none"
    print(f"judgements about the sources (table quality_issue): {issues}")
    print(outcome.reports)
    if outcome.removed:
        from transforms.text.lines import printable

        print(f"published without what the last release had of: {printable(', '.join(outcome.removed))}")
    print(f"open {options.warehouse.current / 'npa.duckdb'}")


def _told_of(job: "Job") -> contextlib.AbstractContextManager[None]:
    """The addresses in NPA_NOTIFY hear what comes of it."""
    from flows.operations.notify import check_addresses, told

    check_addresses()
    return told(job.warehouse)


def _run(job: "Job", runner: str, task_runner: str | None, address: str | None) -> "Outcome":
    """Run the job as asked for."""
    from flows.refresh.pipeline import nothing_to_do, refresh
    from flows.refresh.stages import Stages
    from flows.runtime import progress

    _check_task_runner(runner, task_runner, address)
    if runner == "auto":
        runner = "prefect" if prefect_server() or task_runner else "direct"
        print(f"runner: {runner} (PREFECT_API_URL is {'set' if prefect_server() else 'not set'})")
    if runner == "direct":
        return refresh(job, Stages().within(progress.shown))
    if outcome := nothing_to_do(job):
        return outcome
    from flows.operations.prefect_run import run_with_prefect

    return run_with_prefect(load_night, job, task_runner, address)


def _check_task_runner(runner: str, task_runner: str | None, address: str | None) -> None:
    """Refuse task runners that the runner does not have, and Dask without a Prefect server."""
    if address and task_runner != "dask":
        raise WrongUsage("--dask-address goes with --task-runner dask.")
    if task_runner and runner == "direct":
        raise WrongUsage("--runner direct has no task runner. Leave --task-runner out, or say --runner prefect.")
    if task_runner == "dask" and not prefect_server():
        raise WrongUsage(
            "--task-runner dask needs a Prefect server that every worker reaches: each would start one of its own. "
            "Start one (prefect server start) and say where it is by PREFECT_API_URL."
        )


def _check(options: argparse.Namespace) -> None:
    from flows.refresh.check import check_reports
    from flows.refresh.missing_sources import guarded
    from flows.refresh.stages import Stages, read_statistics
    from flows.runtime.progress import shown
    from flows.sources.plans import batches, gather

    stages = Stages().within(shown)
    inputs = stages.read_inputs(options.raw)
    plans = gather(stages.read_plans(batches(inputs.folders())))
    for plan_id, counts in plans.counts.items():
        print(f"# {plan_id}\n[plan.expected]")
        print("".join(f"{name} = {count}\n" for name, count in counts.items()))
    sys.stdout.flush()
    guard = guarded(plans, options.warehouse, inputs)
    with tempfile.TemporaryDirectory(prefix="npa-") as folder:
        statistics = read_statistics(inputs, plans, Path(folder), read_datasets=stages.read_dataset)
        frames = stages.validate(plans, statistics)
        print("no problem found in the plans" + (" and data sets" if inputs.statistics else ""))
        if inputs.reports or inputs.statistics or inputs.removals:
            with shown("check_reports"):
                check_reports(frames, statistics, inputs, options.as_of or _today(), guard)


def _today() -> str:
    from flows.runtime.calendar import today

    return today().isoformat()
