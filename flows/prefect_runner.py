"""The main job as a Prefect flow: each stage a task. Imported only where the flow is to run."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flows.inputs import software_version
from flows.job import Job, Outcome
from flows.progress import say, shown
from flows.refresh import refresh
from flows.steps import Each, Step
from flows.task_runners import of_version, task_runner_of
from flows.warehouse import Warehouse, WarehouseFault, faults_of

# Before Prefect is imported: its settings are read then. What the user has set stands.
_SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",  # the client would send usage data too, and say so on every terminal
    # A temporary server takes 20 to 35 s on two slow cores; Prefect gives up after 20.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "240",
    # Refusals are told once, in sentences, by the command line; the server's log keeps the rest.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
}


def run_with_prefect(job: Job, task_runner: str | None = None, dask_address: str | None = None) -> Outcome:
    """Run the flow; where no server is configured (PREFECT_API_URL), on a temporary one with its home in the warehouse.
    `task_runner`: threads or dask, to read documents and data sets side by side; None: one after another.

    Raises what the stages raise, and WarehouseFault where the server fails."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    with faults_of(job.warehouse.root):
        home = Path(os.environ.setdefault("PREFECT_HOME", str(job.warehouse.root.absolute() / ".prefect")))
        home.mkdir(parents=True, exist_ok=True)

    say("starting Prefect")
    import httpx

    try:
        from prefect.exceptions import PrefectException
    except ValueError as error:  # a setting that is none, from the environment or a profile
        raise WarehouseFault(f"Prefect does not take its settings: {error}") from error

    try:
        tasks = task_runner_of(task_runner, dask_address)
        # Absolute: workers of a cluster stand in other folders.
        raw, root = str(job.raw.absolute()), str(job.warehouse.root.absolute())
        if tasks is None:
            raw, root = str(job.raw), str(job.warehouse.root)
        return _flow(tasks)(raw, root, job.as_of, job.force, job.wait)
    except (httpx.HTTPError, PrefectException, RuntimeError) as error:
        raise WarehouseFault(
            f"the Prefect server did not do its part ({type(error).__name__}: {error}). Is "
            "PREFECT_API_URL right? npa refresh --runner direct needs no server."
        ) from error
    finally:
        say("")


def _flow(task_runner: Any) -> Callable[[str, str, str, bool, float], Outcome]:
    from prefect import flow
    from prefect.artifacts import create_table_artifact

    step = shown(_step())
    each = shown(_side_by_side()) if task_runner else None

    @flow(name="npa-refresh", flow_run_name="refresh-{raw}-as-of-{as_of}", task_runner=task_runner)
    def npa_refresh(raw: str, warehouse: str, as_of: str, force: bool, wait: float) -> Outcome:
        """Publish a release of the plans in `raw` to `warehouse`."""
        outcome = refresh(Job(Path(raw), Warehouse(Path(warehouse)), as_of, force, wait), step, each)
        if outcome.is_new:
            counts = [{"what": name, "rows": rows} for name, rows in outcome.rows.items()]
            quality = [{"what": f"issues: {severity}", "rows": n} for severity, n in outcome.issues.items()]
            create_table_artifact(
                key="npa-release", table=counts + quality, description=f"Release {outcome.release_id}"
            )
        return outcome

    return npa_refresh


def _step() -> Step:
    """Runs a stage as a task."""
    return lambda stage, *arguments: _task(stage)(*arguments)


def _side_by_side() -> Each:
    """Runs a stage as many tasks, all submitted at once; what they give comes in the order of the arguments."""
    software = software_version()

    def run(stage: Callable[..., Any], many: Iterable[tuple[Any, ...]]) -> list[Any]:
        as_task = _task(stage, of_version)
        futures = [as_task.submit(software, stage, *arguments) for arguments in many]
        return [future.result() for future in futures]

    return run


def _task(stage: Callable[..., Any], run: Callable[..., Any] | None = None) -> Any:
    """A task of the name of the stage. Files that vanish or lock for a moment are worth another try; rejected input is
    not."""
    from prefect import task
    from prefect.cache_policies import NO_CACHE

    return task(
        name=stage.__name__,
        task_run_name=stage.__name__.replace("_", "-"),
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=2,
        retry_delay_seconds=[2, 10],
        retry_condition_fn=_is_passing,
    )(run or stage)


def _is_passing(_task: Any, _run: Any, state: Any) -> bool:
    return isinstance(state.result(raise_on_failure=False), OSError | WarehouseFault)
