"""The main job as a Prefect flow: each stage a task. Imports Prefect only where the flow is to run."""

import contextlib
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flows import stopping
from flows.attempt import attempted
from flows.job import Job, Outcome
from flows.progress import say, shown
from flows.refresh import refresh
from flows.warehouse import Warehouse, WarehouseFault, faults_of
from transforms.problems import InputRejected

# Before Prefect is imported: its settings are read then. What the user has set stands.
_SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",  # the client would send usage data too, and say so on every terminal
    # A temporary server takes 20 to 35 s on two slow cores; Prefect gives up after 20.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "240",
    # Refusals are told once, in sentences, by the command line; the server's log keeps the rest.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",  # a lost server would be told by a page for every event
}


class ServerFault(WarehouseFault):
    """The Prefect server did not do its part."""


def run_with_prefect(job: Job) -> Outcome:
    """Run the flow; where no server is configured (PREFECT_API_URL), on a temporary one with its home in the warehouse.

    Raises what the stages raise, and ServerFault where the server fails. Where it fails after a release was published,
    as one that dies in mid-flow does (the stages go on without it), that is only told: another try would do nothing."""
    prepare(job.warehouse)
    logging.raiseExceptions = False  # of a lost server, every line of its log would be told
    say("starting Prefect")
    with attempted(job) as attempt:
        try:
            with server_faults():
                return _flow()(str(job.raw), str(job.warehouse.root), job.as_of, job.force, job.wait)
        except ServerFault as fault:
            if os.environ.get("PREFECT_API_URL"):  # a temporary one is ended by Prefect when the process ends
                stopping.leave_at_once()  # Prefect would try for minutes to send it what it has missed
            if attempt.outcome is None:
                raise
            attempt.afterwards.append(fault)
            print(f"npa: {fault} What this refresh was to do is done all the same.", file=sys.stderr)
            return attempt.outcome
        finally:
            say("")


def prepare(warehouse: Warehouse) -> None:
    """Set what Prefect reads when it is imported; its home is in the warehouse unless the user has set another."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    with faults_of(warehouse.root):
        home = Path(os.environ.setdefault("PREFECT_HOME", str(warehouse.root.absolute() / ".prefect")))
        home.mkdir(parents=True, exist_ok=True)


@contextlib.contextmanager
def server_faults() -> Iterator[None]:
    """Say in a sentence, as ServerFault, that the server does not do its part. Imports Prefect."""
    import httpx

    try:
        from prefect.exceptions import PrefectException
    except ValueError as error:  # a setting that is none, from the environment or a profile
        raise WarehouseFault(f"Prefect does not take its settings: {error}") from error
    try:
        yield
    except (httpx.HTTPError, PrefectException, RuntimeError, ExceptionGroup) as fault:
        first: BaseException = fault
        while isinstance(first, BaseExceptionGroup):  # of the tasks of an event loop
            first = first.exceptions[0]
        raise ServerFault(
            f"the Prefect server did not do its part ({type(first).__name__}: {first}). Is "
            "PREFECT_API_URL right? npa refresh --runner direct needs no server."
        ) from fault


def _flow() -> Callable[[str, str, str, bool, float], Outcome]:
    from prefect import flow

    from flows.artifacts import show

    step = shown(as_tasks())

    @flow(name="npa-refresh", flow_run_name="refresh-{raw}-as-of-{as_of}")
    def npa_refresh(raw: str, warehouse: str, as_of: str, force: bool, wait: float) -> Outcome:
        """Publish a release of the plans in `raw` to `warehouse`."""
        job = Job(Path(raw), Warehouse(Path(warehouse)), as_of, force, wait)
        before = job.warehouse.current_id()
        outcome = refresh(job, step)
        if outcome.is_new:
            show(job.warehouse, outcome, before)
        return outcome

    return npa_refresh


def as_tasks() -> Callable[..., Any]:
    """Runs a stage as a task. Files that vanish or lock for a moment are worth another try; rejected input is not."""

    def run(stage: Callable[..., Any], *arguments: Any) -> Any:
        return as_task(stage, [2, 10])(*arguments)

    return run


def as_task(work: Callable[..., Any], delays: list[float]) -> Callable[..., Any]:
    """`work` as a task, tried again after each of the delays (seconds) if its fault may pass."""
    from prefect import task
    from prefect.cache_policies import NO_CACHE

    return task(
        name=work.__name__,
        task_run_name=work.__name__.replace("_", "-"),
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=len(delays),
        retry_delay_seconds=delays or None,
        retry_condition_fn=_may_pass,
    )(work)


def _may_pass(_task: Any, _run: Any, state: Any) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError | WarehouseFault) or (isinstance(error, InputRejected) and error.may_pass)
