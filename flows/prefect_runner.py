"""The main job as a Prefect flow: each stage a task. Imported only where the flow is to run."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flows.job import Job, Outcome
from flows.progress import say, shown
from flows.refresh import refresh
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


def run_with_prefect(job: Job) -> Outcome:
    """Run the flow; where no server is configured (PREFECT_API_URL), on a temporary one with its home in the warehouse.

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
        return _flow()(str(job.raw), str(job.warehouse.root), job.as_of, job.force, job.wait)
    except (httpx.HTTPError, PrefectException, RuntimeError) as error:
        raise WarehouseFault(
            f"the Prefect server did not do its part ({type(error).__name__}: {error}). Is "
            "PREFECT_API_URL right? npa refresh --runner direct needs no server."
        ) from error
    finally:
        say("")


def _flow() -> Callable[[str, str, str, bool, float], Outcome]:
    from prefect import flow
    from prefect.artifacts import create_table_artifact

    step = shown(_step())

    @flow(name="npa-refresh", flow_run_name="refresh-{raw}-as-of-{as_of}")
    def npa_refresh(raw: str, warehouse: str, as_of: str, force: bool, wait: float) -> Outcome:
        """Publish a release of the plans in `raw` to `warehouse`."""
        outcome = refresh(Job(Path(raw), Warehouse(Path(warehouse)), as_of, force, wait), step)
        if outcome.is_new:
            counts = [{"what": name, "rows": rows} for name, rows in outcome.rows.items()]
            quality = [{"what": f"issues: {severity}", "rows": n} for severity, n in outcome.issues.items()]
            create_table_artifact(
                key="npa-release", table=counts + quality, description=f"Release {outcome.release_id}"
            )
        return outcome

    return npa_refresh


def _step() -> Callable[..., Any]:
    """Runs a stage as a task. Files that vanish or lock for a moment are worth another try; rejected input is not."""
    from prefect import task
    from prefect.cache_policies import NO_CACHE

    def is_passing(_task: Any, _run: Any, state: Any) -> bool:
        return isinstance(state.result(raise_on_failure=False), OSError | WarehouseFault)

    def run(stage: Callable[..., Any], *arguments: Any) -> Any:
        as_task = task(
            name=stage.__name__,
            task_run_name=stage.__name__.replace("_", "-"),
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=2,
            retry_delay_seconds=[2, 10],
            retry_condition_fn=is_passing,
        )(stage)
        return as_task(*arguments)

    return run
