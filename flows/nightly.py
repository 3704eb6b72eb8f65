"""The flow: the main job for Prefect, with a task for each stage. `npa refresh --runner prefect`, `npa serve` and
Prefect's workers run it, as the deployment npa-night/nightly of prefect.yaml. Importing this module imports Prefect."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from prefect import Task, flow, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.states import Completed

from flows.operations.desk import filling_desk
from flows.operations.notify import notifying
from flows.operations.prefect_run import check_version, server_faults, show
from flows.refresh import pipeline, stages
from flows.refresh.attempt import Job, Outcome, job_in_progress
from flows.refresh.stages import Many, Stages
from flows.releases.warehouse import Warehouse
from flows.runtime.progress import shown
from flows.runtime.settings import TIME_ZONE, folder_of_nights, retry_delays
from flows.runtime.version import software_version
from flows.sources import files
from transforms.errors import InputRejected, NpaError, WarehouseFault

if TYPE_CHECKING:
    from flows.sources.plans import Folders, Plans
    from flows.sources.statistics.datasets import Received
    from flows.sources.statistics.stage import ReadDataset


def _may_pass(_task: object, _run: object, state: State[Any]) -> bool:
    """Return True if another try may succeed: after a fault of disk, warehouse or server, or of a file being moved."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError | WarehouseFault) or (isinstance(error, InputRejected) and error.may_pass)


# Tasks hand on frames and files, which Prefect neither caches nor stores.
_TASK: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False, "retry_condition_fn": _may_pass}
_STAGE: dict[str, Any] = _TASK | {"retries": 2, "retry_delay_seconds": [2.0, 10.0]}


read_inputs = task(name="read_inputs", task_run_name="read-inputs", **_STAGE)(files.read_inputs)


@task(name="read_plans", task_run_name="read-plans", **_STAGE)
def read_plans(folders: "Folders", software: str = "") -> "dict[str, Plans]":
    """Read a batch of documents, on a worker with this version of the software."""
    check_version(software)
    return stages.read_plans(folders)


@task(name="read_dataset", task_run_name="read-dataset", **_STAGE)
def read_dataset(received: "Received", target: Path, declared: dict[str, str], software: str = "") -> "ReadDataset":
    """Read one data set into its partition, on a worker with this version of the software."""
    check_version(software)
    return stages.read_dataset(received, target, declared)


validate = task(name="validate", task_run_name="validate", **_STAGE)(stages.validate)
compute = task(name="compute", task_run_name="compute", **_STAGE)(stages.compute)
publish = task(name="publish", task_run_name="publish", **_STAGE)(stages.publish)


@task(name="refresh", task_run_name="refresh", **_TASK)
def refresh(job: Job) -> Outcome:
    """Run all stages once, each as a task."""
    many = _submitted if _has_task_runner() else stages.in_turn
    tasks = Stages(read_inputs, many(read_plans), many(read_dataset), validate, compute, publish)
    return pipeline.refresh(job, tasks.within(shown))


def _run_name() -> str:
    parameters = runtime.flow_run.parameters
    return f"night-{parameters['as_of'] or _tonight(parameters['time_zone'])}"


@flow(name="npa-night", flow_run_name=_run_name)
def night(as_of: date | None = None, time_zone: str = TIME_ZONE, force: bool = False) -> State[None]:
    """Publish a release of the sources in NPA_RAW to the warehouse NPA_WAREHOUSE if anything has changed.

    Both are absolute paths in the environment of the process that runs the night: who starts a night cannot choose
    them. `as_of` is the day for which states are computed: that of the night, in `time_zone`, if it is not given.
    After a fault that may pass, another try follows after NPA_RETRY_DELAYS; after rejected input none does. The
    addresses in NPA_NOTIFY are notified of the outcome. For `npa refresh`, the flow runs the job of that command once,
    and the command prints the outcome."""
    given_job = job_in_progress()
    warehouse = given_job.warehouse if given_job else Warehouse(folder_of_nights("NPA_WAREHOUSE"))
    day = str(as_of or _tonight(time_zone))
    before = warehouse.current_id()
    with contextlib.nullcontext() if given_job else _reported(warehouse, day):
        delays = [] if given_job else retry_delays()
        job = given_job or Job(folder_of_nights("NPA_RAW"), warehouse, day, force)
        with contextlib.nullcontext() if given_job else filling_desk(warehouse, job.raw), server_faults():
            outcome = refresh.with_options(retries=len(delays), retry_delay_seconds=delays or 0)(job)
    if outcome.is_new:
        show(warehouse, outcome, before)
    sentence = f"{outcome.state.replace('_', ' ')} {outcome.release_id}{f': {outcome.why}' if outcome.why else ''}"
    if not given_job:
        print(f"night of {day}: {sentence}", file=sys.stderr, flush=True)
    return Completed(message=sentence)


@contextlib.contextmanager
def _reported(warehouse: Warehouse, day: str) -> Iterator[None]:
    """Notify the addresses in NPA_NOTIFY of the outcome, and print on standard error why a night failed."""
    try:
        with notifying(warehouse):
            yield
    except NpaError as error:
        print(f"night of {day}: {error}", file=sys.stderr, flush=True)
        raise


def _has_task_runner() -> bool:
    """Return True if with_options gave the running flow a task runner, which runs many tasks of a stage at a time."""
    context = FlowRunContext.get()
    return bool(context and context.flow and context.flow.task_runner is not night.task_runner)


def _submitted(stage: "Task[Any, Any]") -> Callable[[Many], list[Any]]:
    """Return a function that runs a stage as many tasks, all submitted at once."""
    software = software_version()
    return lambda many: [
        future.result() for future in [stage.submit(*arguments, software=software) for arguments in many]
    ]


def _tonight(time_zone: str) -> date:
    now = datetime.now(UTC)
    return _day_of_night(runtime.flow_run.scheduled_start_time or now, now, ZoneInfo(time_zone))


def _day_of_night(scheduled: datetime, now: datetime, zone: ZoneInfo) -> date:
    """Return the day for which a night was scheduled, or, if it is half a day late because no server ran, the day on
    which it runs: nights that were missed do not publish old days one after the other.

    >>> scheduled, zone = datetime.fromisoformat("2026-11-24T20:30Z"), ZoneInfo("Asia/Dushanbe")
    >>> _day_of_night(scheduled, datetime.fromisoformat("2026-11-24T21:10Z"), zone).isoformat()
    '2026-11-25'
    >>> _day_of_night(scheduled, datetime.fromisoformat("2026-11-27T06:00Z"), zone).isoformat()
    '2026-11-27'
    """
    return (scheduled if now - scheduled < timedelta(hours=12) else now).astimezone(zone).date()
