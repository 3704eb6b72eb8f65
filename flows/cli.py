"""The command `npa`. Heavy libraries are imported by the commands that need them."""

import argparse
import atexit
import contextlib
import gc
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from flows.commands.dataset import dataset
from flows.commands.history import HISTORY, wait_of
from flows.commands.parser import parser
from flows.runtime import signals
from flows.runtime.streams import open_streams
from transforms.errors import InputRejected, NpaError

if TYPE_CHECKING:
    from flows.refresh.request import Job, Outcome

_TOLD = {"dim_plan": "plans", "dim_measure": "measures", "dim_activity": "activities", "dim_agency": "agencies"}

_OUT_OF_MEMORY = "can't start new thread", "failed to map segment", "annot allocate memory"


def main(arguments: list[str] | None = None) -> int:
    """Run one command, of the process where none is given; returns the exit status of the contract §4."""
    status = _run_command(arguments)
    if arguments is None and signals.leaves_at_once():
        sys.stdout.flush()
        os._exit(status)
    return status


def _run_command(arguments: list[str] | None) -> int:
    open_streams()
    signals.listen()
    _be_quick()
    try:
        options = parser().parse_args(arguments)
        status = _COMMANDS[options.command](options) or 0
        sys.stdout.flush()
    except BaseException as error:
        if signals.noted:  # whatever a library has made of our KeyboardInterrupt on its way up
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            print("npa: stopped before it was done; the last good release stands.", file=sys.stderr)
            signals.leave_at_once()  # a query that still ends in a thread of DuckDB's would abort Python's own end
            return 130
        told, status = _told(error)
        if told is None:
            raise
        print(told, end="", file=sys.stderr)
        return status
    return status


def _be_quick() -> None:
    """Leave out what one command in a process of its own has no use for; together a fifth of a refresh."""
    # Looking for cycles in memory: while it works, and once more at its exit.
    gc.disable()
    atexit.register(gc.freeze)
    # Generators of test data, which pandera loads where they are installed. None means: not to be had.
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    modules.setdefault("hypothesis", None)
    # Threads in which NumPy multiplies matrices, one a core, each with memory of its own: there are none to multiply.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _told(error: BaseException) -> tuple[str | None, int]:
    """What the user is told of an error, and the exit status; None for what should not happen."""
    if isinstance(error, InputRejected):
        count = len(error.problems)
        return f"npa: the input was rejected, {count} problem{'s' if count > 1 else ''}:\n{error}\n", error.exit_code
    if isinstance(error, NpaError):
        return f"npa: {error}\n", error.exit_code
    if isinstance(error, OSError):
        if error.filename is None:  # standard output: what is left of it would be tried again at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if isinstance(error, BrokenPipeError):  # the reader of our output has gone, as `head` does
            return "", 0
        place = f"{error.filename!s}: " if error.filename else "standard output cannot be written: "
        return f"npa: {place}{error.strerror or error}.\n", 3
    if _is_of_memory(error):
        return "npa: there is not enough memory for this; the last good release stands.\n", 3
    return None, 1


def _is_of_memory(error: BaseException | None) -> bool:
    """Whether memory was wanting: for values, for DuckDB, for a thread, or for a library that was to be loaded."""
    while error:
        if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
            return True
        if isinstance(error, RuntimeError | ImportError) and any(words in str(error) for words in _OUT_OF_MEMORY):
            return True
        error = error.__cause__
    return False


def _today() -> str:
    from flows.runtime.settings import today

    return today().isoformat()


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
        from transforms.text import printable

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
    from flows.runtime.progress import shown
    from flows.runtime.runner import call, check_task_runner

    check_task_runner(runner, task_runner, address)
    if runner == "auto":
        runner = "prefect" if os.environ.get("PREFECT_API_URL") or task_runner else "direct"
        print(f"runner: {runner} (PREFECT_API_URL is {'set' if os.environ.get('PREFECT_API_URL') else 'not set'})")
    if runner == "direct":
        return refresh(job, shown(call))
    if outcome := nothing_to_do(job):
        return outcome
    from flows.operations.prefect_flow import run_with_prefect

    return run_with_prefect(job, task_runner, address)


def _check(options: argparse.Namespace) -> None:
    from flows.refresh import stages
    from flows.refresh.missing_sources import guarded
    from flows.runtime.progress import shown
    from flows.runtime.runner import call, with_step
    from flows.sources.files import read_inputs
    from flows.sources.plans import batches, gather, read_plans

    step = shown(call)
    inputs = step(read_inputs, options.raw)
    plans = gather(with_step(step)(read_plans, batches(inputs.folders())))
    for plan_id, found in plans.found.items():
        print(f"# {plan_id}\n[plan.expected]")
        print("".join(f"{name} = {count}\n" for name, count in found.items()))
    sys.stdout.flush()
    guard = guarded(plans, options.warehouse, inputs)
    with tempfile.TemporaryDirectory(prefix="npa-") as folder:
        statistics = stages.read_statistics(inputs, plans, Path(folder), each=with_step(step))
        frames = step(stages.validate, plans, statistics)
        print("no problem found in the plans" + (" and data sets" if inputs.statistics else ""))
        if inputs.reports or inputs.statistics or inputs.removals:
            step(stages.check_reports, frames, statistics, inputs, options.as_of or _today(), guard)


def _query(options: argparse.Namespace) -> None:
    from flows.outputs.query import run_query

    sql = (sys.stdin.read() if sys.stdin else "") if options.sql == "-" else options.sql
    run_query(options.warehouse, sql, options.format, options.output)


def _status(options: argparse.Namespace) -> None:
    from flows.outputs.status import print_status

    print_status(options.warehouse, options.as_of, options.agency, options.plan, options.format)


def _template(options: argparse.Namespace) -> None:
    from flows.outputs.workbooks.report_form import write_forms

    as_of = date.fromisoformat(options.as_of) if options.as_of else None
    for path in write_forms(options.warehouse, options.agency, as_of, options.language, options.output):
        print(path)


def _rejected(options: argparse.Namespace) -> None:
    from flows.outputs.workbooks.rejected import print_rejected

    print_rejected(options.warehouse, options.agency, options.format, options.output)


def _export(options: argparse.Namespace) -> None:
    from flows.outputs.export import export

    print(export(options.warehouse, options.form, options.output))


def _releases(options: argparse.Namespace) -> None:
    from flows.outputs.release_list import print_releases

    print_releases(options.warehouse, options.format)


def _serve(options: argparse.Namespace) -> None:
    from flows.operations.scheduler import serve

    serve(options.raw, options.warehouse, options.name)


_COMMANDS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "refresh": _refresh,
    "check": _check,
    "query": _query,
    "status": _status,
    "template": _template,
    "rejected": _rejected,
    "export": _export,
    "dataset": dataset,
    "releases": _releases,
    "serve": _serve,
    **HISTORY,
}

if __name__ == "__main__":
    sys.exit(main())
