"""The night: the main job as the flow of a Prefect deployment. `npa serve` and Prefect's workers run it; it is imported
only there, for it imports Prefect."""

import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.operations.notify import told
from flows.operations.prefect_artifacts import show
from flows.operations.prefect_flow import as_task, as_tasks, server_faults
from flows.refresh.pipeline import refresh
from flows.refresh.request import Job, Outcome
from flows.releases.warehouse import Warehouse
from flows.runtime.settings import TIME_ZONE, WrongSetting, night_of, retry_delays
from transforms.errors import NpaError


def _run_name() -> str:
    parameters = runtime.flow_run.parameters
    return f"night-{parameters['as_of'] or _tonight(parameters['time_zone'])}"


@flow(name="npa-night", flow_run_name=_run_name)
def night(as_of: date | None = None, time_zone: str = TIME_ZONE, force: bool = False) -> State[None]:
    """Publish a release of the sources in NPA_RAW to the warehouse NPA_WAREHOUSE if anything has changed.

    Both are absolute paths in the environment of the process that runs the night: who starts a night cannot choose
    them. `as_of` is the day for which states are computed: that of the night, in `time_zone`, if it is not given.
    Faults that may pass are tried again after NPA_RETRY_DELAYS, rejected input is not; what comes of it is told to
    NPA_NOTIFY."""
    warehouse = Warehouse(_folder("NPA_WAREHOUSE"))
    day = str(as_of or _tonight(time_zone))
    before = warehouse.current_id()
    try:
        with told(warehouse), server_faults():
            outcome = _tried(Job(_folder("NPA_RAW"), warehouse, day, force))
    except NpaError as error:
        print(f"night of {day}: {error}", file=sys.stderr, flush=True)
        raise
    if outcome.is_new:
        show(warehouse, outcome, before)
    sentence = f"{outcome.state.replace('_', ' ')} {outcome.release_id}{f': {outcome.why}' if outcome.why else ''}"
    print(f"night of {day}: {sentence}", file=sys.stderr, flush=True)
    return Completed(message=sentence)


def _folder(setting: str) -> Path:
    """Return the absolute path in an environment variable. Raises WrongSetting."""
    text = os.environ.get(setting, "")
    if not Path(text).is_absolute():
        raise WrongSetting(
            f'{setting} is "{text}"; a night needs an absolute path there. npa serve sets it; set it where a Prefect '
            "worker runs."
        )
    return Path(text)


def _tried(job: Job) -> Outcome:
    """Refresh, and try again while the fault may pass."""

    def refreshed() -> Outcome:
        return refresh(job, as_tasks())

    outcome: Outcome = as_task(refreshed, retry_delays())()
    return outcome


def _tonight(time_zone: str) -> date:
    scheduled = runtime.flow_run.scheduled_start_time or datetime.now(UTC)
    return night_of(scheduled, datetime.now(UTC), ZoneInfo(time_zone))
