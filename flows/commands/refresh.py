"""The commands that read the sources: their options, and what they run. Heavy libraries are imported where used."""

import argparse
import contextlib
import sys
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.commands.options import NOTIFY, WAIT, as_of, command, option, wait_of
from flows.releases.totals import totals_phrase, without_second_prints
from flows.runtime import progress
from flows.runtime.settings import prefect_server, time_zone
from transforms.errors import WrongUsage

if TYPE_CHECKING:
    from flows.refresh.attempt import Job, Outcome
    from flows.sources.plans import Plans


@command(
    as_of("day for which states are computed, as 2026-11-24 (default: today in NPA_TIMEZONE)"),
    option("--force", action="store_true", help="publish even if nothing has changed, or a rollback holds"),
    option("--accept-removals", action="store_true",
           help="publish even if sources that the last release had are gone, or have lost rows (see removed.toml)"),
    WAIT,
    NOTIFY,
    option("--runner", choices=("auto", "prefect", "direct"), default="auto",
           help="prefect: as a Prefect flow, on a temporary server if PREFECT_API_URL is not set; direct: in this "
           "process; auto (default): prefect if PREFECT_API_URL is set, else direct"),
    option("--task-runner", choices=("threads", "dask"),
           help="of a Prefect flow: read documents and data sets side by side, in threads of this process or on a Dask "
           "cluster (needs a Prefect server and the extra dask: docs/guides/scale.md)"),
    option("--dask-address", metavar="ADDRESS",
           help="scheduler of the cluster, as tcp://10.0.0.5:8786 (default: a cluster of this machine, for this run)"),
)  # fmt: skip
def refresh(options: argparse.Namespace) -> None:
    """Read the sources and publish a release.

    Extracts, normalises, validates and publishes. Where nothing that goes in has changed (the
    sources, --as-of, the software), nothing is published."""
    from flows.operations import notify
    from flows.operations.desk import filling_desk
    from flows.refresh.attempt import Job, attempted

    day, wait = options.as_of or _today(), wait_of(options)
    job = Job(options.raw, options.warehouse, day, options.force, wait, options.accept_removals)
    if options.notify:
        notify.check_addresses()
    notifying = notify.notifying(job.warehouse) if options.notify else contextlib.nullcontext()
    with filling_desk(job.warehouse, job.raw), notifying, attempted(job) as attempt:
        outcome = attempt.outcome = _run(job, options.runner, options.task_runner, options.dask_address)
    if not outcome.is_new:
        print(f"{outcome.state.replace('_', ' ')}: {outcome.why}; nothing to publish")
        return
    print(f"published {outcome.release_id}, as of {job.as_of}: {totals_phrase(outcome.totals)}")
    issues = ", ".join(f"{n} {severity}" for severity, n in outcome.issues.items()) or "none"
    print(f"judgements about the sources (table quality_issue): {issues}")
    print(outcome.reports)
    if outcome.removed:
        from transforms.printable import printable

        print(f"published without what the last release had of: {printable(', '.join(outcome.removed))}")
    print(f"open {options.warehouse.current / 'npa.duckdb'}")


def _run(job: "Job", runner: str, task_runner: str | None, address: str | None) -> "Outcome":
    """Run the job, directly or as a flow. Raises WrongUsage for options that do not go together."""
    from flows.refresh.pipeline import nothing_to_do, refresh
    from flows.refresh.stages import Stages

    if address and task_runner != "dask":
        raise WrongUsage("--dask-address goes with --task-runner dask.")
    if task_runner and runner == "direct":
        raise WrongUsage("--runner direct has no task runner. Leave --task-runner out, or say --runner prefect.")
    if task_runner == "dask" and not prefect_server():
        raise WrongUsage(
            "--task-runner dask needs a Prefect server that every worker reaches: each would start one of its own. "
            "Start one (prefect server start) and say where it is by PREFECT_API_URL."
        )
    if runner == "auto":
        runner = "prefect" if prefect_server() or task_runner else "direct"
        print(f"runner: {runner} (PREFECT_API_URL is {'set' if prefect_server() else 'not set'})")
    if runner == "direct":
        return refresh(job, Stages().within(progress.shown))
    if outcome := nothing_to_do(job):
        return outcome
    from flows.operations.prefect_run import run_with_prefect

    return run_with_prefect(_load_night, job, task_runner, address)


def _load_night() -> Any:
    """Return the flow. This imports Prefect, which then reads its settings."""
    from flows.nightly import night

    return night


@command(as_of("day for which states are computed (default: today in NPA_TIMEZONE)"))
def check(options: argparse.Namespace) -> None:
    """Report every problem of the sources, publish nothing.

    Does all that refresh does but publishing, and prints the counts found in each plan, to be
    verified and put into plan.toml."""
    from flows.refresh.check import check_reports
    from flows.refresh.missing_sources import guarded
    from flows.refresh.stages import Stages, read_statistics
    from flows.sources.plans import batches, gather
    from flows.sources.reports.contacts import read_contacts
    from flows.sources.reports.public_results import read_public_results
    from flows.sources.reports.receipts import add_receipts
    from flows.sources.reports.withdrawals import read_withdrawals

    stages = Stages().within(progress.shown)
    inputs = stages.read_inputs(options.raw)
    plans = gather(stages.read_plans(batches(inputs.folders())))
    _print_expected(plans)
    guard = guarded(plans, options.warehouse, inputs)
    add_receipts(plans, inputs)
    plans.problems += read_withdrawals(inputs)[1] + read_public_results(inputs)[1]
    if not plans.problems:  # else agencies may be missing
        plans.problems += read_contacts(options.raw, plans.rows.column("agency_of_document", "agency_id"))[1]
    with tempfile.TemporaryDirectory(prefix="npa-") as folder:
        statistics = read_statistics(inputs, Path(folder), read_datasets=stages.read_dataset)
        frames = stages.validate(plans, statistics)
        print("no problem found in the plans" + (" and data sets" if inputs.statistics else ""))
        if inputs.reports or inputs.statistics or inputs.removals:
            with progress.shown("check_reports"):
                check_reports(frames, statistics, inputs, options.as_of or _today(), guard)


def _print_expected(plans: "Plans") -> None:
    """Print the counts of each plan as plan.toml has them, with a note on activities where some are second prints."""
    seconds = Counter(row["plan_id"] for row in plans.rows.of("dim_activity") if row["duplicate_of"])
    for plan_id, counts in plans.counts.items():
        without = without_second_prints(seconds[plan_id])
        note = f"  # {counts['activities'] - seconds[plan_id]} {without}" if without else ""
        print(f"# {plan_id}\n[plan.expected]")
        for name, count in counts.items():
            print(f"{name} = {count}{note if name == 'activities' else ''}")
        print()
    sys.stdout.flush()


def _today() -> str:
    return datetime.now(time_zone()).date().isoformat()


@command(option("--name", default="nightly", help="of the deployment, if a server has several (default: nightly)"))
def serve(options: argparse.Namespace) -> None:
    """Refresh every night, on the schedule of a Prefect server.

    Registers a deployment on the server that PREFECT_API_URL names, and runs its nights until it is
    stopped. Files that vanish or are locked are tried again, rejected input is not. A failed night is
    told to the addresses in NPA_NOTIFY. A server that asks for no password is refused. See
    docs/guides/operations.md."""
    from flows.operations.scheduler import serve

    serve(_load_night, options.raw, options.warehouse, options.name)


def _add_describe(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", dest="verb", required=True)
    describe = verbs.add_parser(
        "describe",
        help="describe a file and draft its dataset.toml",
        description="Describe a file: format (by its content, not its name), columns, codes, periods, values, what is\n"
        'still to decide; then a draft of dataset.toml, whose guesses are marked "check".',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    describe.add_argument("file", type=Path, metavar="FILE", help="the file as received")
    describe.add_argument("--toml", action="store_true", help="print the draft alone: … --toml > dataset.toml")


@command(_add_describe)
def dataset(options: argparse.Namespace) -> None:
    """Look at a file of statistics, draft its dataset.toml.

    npa dataset describe FILE tells what a file is that nobody has described yet: format, columns,
    codes, periods, values; and drafts the dataset.toml that it needs under raw/statistics."""
    from flows.sources.describe.describe import print_description

    print_description(options.file, only_toml=options.toml)
