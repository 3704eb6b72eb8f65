"""`npa serve`: put the nightly refresh on the schedule of a Prefect server, and run it when its time has come."""

import asyncio
import contextlib
import io
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flows.operations import notify
from flows.operations.prefect_run import prepare, server_faults
from flows.releases.warehouse import Warehouse
from flows.runtime.settings import (
    Schedule,
    WrongSetting,
    addresses,
    allows_open_server,
    prefect_server,
    retry_delays,
    set_folders_of_nights,
)
from flows.runtime.version import software_version
from transforms.errors import WarehouseFault
from transforms.quality.text import sentence

if TYPE_CHECKING:
    from uuid import UUID

    from prefect import Flow
    from prefect.deployments.runner import RunnerDeployment
    from prefect.runner import Runner

_LONGEST_END = 60.0  # seconds; Prefect gives a night 30 to stop, then kills it


def serve(load_night: Callable[[], "Flow[Any, Any]"], raw: Path, warehouse: Warehouse, name: str) -> None:
    """Register the deployment `name` of the flow and run its nights, one at a time, until the process is told to end.

    `load_night` returns the flow; it is called once Prefect, which it imports, may read its settings. Raises
    WrongSetting before anything is registered, WarehouseFault where the server is not there or is lost; that is told as
    a failed night is."""
    schedule, warehouse = _checked(raw, warehouse)
    prepare(warehouse)
    # As parameters, whoever starts a night could choose them.
    set_folders_of_nights(raw.resolve(), warehouse.root)
    try:
        with server_faults():
            night = load_night()
            asyncio.run(_serve(night, _deployment(night, name, schedule)))
    except WarehouseFault as fault:
        notify.tell_fault(warehouse, fault)
        raise


def _checked(raw: Path, warehouse: Warehouse) -> tuple[Schedule, Warehouse]:
    """Everything that a night will need is set, and set sensibly."""
    if not prefect_server():
        raise WrongSetting(
            "PREFECT_API_URL is not set: npa serve needs a Prefect server that is always there. Start one with "
            "prefect server start, and set PREFECT_API_URL=http://127.0.0.1:4200/api"
        )
    schedule = Schedule()
    retry_delays()
    allows_open_server()
    if addresses():
        notify.check_addresses()
    if not (raw / "plans").is_dir():
        raise WrongSetting(sentence("{raw} holds no folder plans. Name the folder of sources by --raw.", raw=raw))
    return schedule, Warehouse(warehouse.root.resolve())


def _deployment(night: "Flow[Any, Any]", name: str, schedule: Schedule) -> "RunnerDeployment":
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    try:
        when = Cron(schedule.cron, timezone=schedule.time_zone)
    except ValueError as error:
        raise WrongSetting(
            sentence('NPA_SCHEDULE is "{cron}"; it is a cron expression, as 30 1 * * *', cron=schedule.cron)
        ) from error
    made: Any = night.to_deployment(
        name=name,
        parameters={"time_zone": schedule.time_zone},
        schedule=when,
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE),
        description=night.__doc__,
        version=software_version(),
        tags=["npa"],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    # A work pool that is registered under this name goes only if it is set to None; Prefect replaces the rest unasked.
    made.work_pool_name = made.work_queue_name = None
    return made  # type: ignore[no-any-return]


async def _serve(night: "Flow[Any, Any]", deployment: "RunnerDeployment") -> None:
    from prefect.runner import Runner

    if not allows_open_server():
        await _refuse_open_server()
    # The schedule goes on when this process is away: a night that was missed runs, late, when it is back.
    runner = Runner(name=deployment.name, pause_on_shutdown=False, limit=1)
    registered = await runner.aadd_deployment(deployment)
    await _bury(registered)
    await _drop_old_parameters(night, registered)
    serving = asyncio.create_task(_run(runner))
    await asyncio.sleep(0)  # it has set its own way to stop, which ours replaces: that would wait for itself
    ending = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    server = urlsplit(prefect_server()).netloc.rpartition("@")[2]
    (when,) = deployment.schedules or []
    print(f"{deployment.full_name} is on the schedule of {server}: {_shown(when)}", file=sys.stderr, flush=True)
    await _until(ending, serving, runner)


async def _refuse_open_server() -> None:
    """Raise WrongSetting if the server answers a caller without credentials: every local user could give it orders.
    Raises httpx.HTTPError if the server answers neither yes nor no."""
    import httpx
    from prefect.client.base import ServerType
    from prefect.client.orchestration import PrefectClient
    from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_CUSTOM_HEADERS, temporary_settings

    address = httpx.URL(PREFECT_API_URL.value()).copy_with(userinfo=b"")
    try:
        with temporary_settings(restore_defaults=[PREFECT_CLIENT_CUSTOM_HEADERS]):
            async with PrefectClient(str(address)) as stranger:  # it takes no credentials from the settings
                if stranger.server_type == ServerType.CLOUD:
                    return
                await stranger.api_version()
    except httpx.HTTPStatusError as refusal:
        if refusal.response.status_code in (401, 403):
            return
        raise
    except json.JSONDecodeError:  # the sign-in page of a proxy that guards the server
        return
    raise WrongSetting(
        sentence(
            "the Prefect server at {address} asks for no password: whoever reaches it can run "
            "commands as this user. Set PREFECT_SERVER_API_AUTH_STRING=user:password where the "
            "server runs, and PREFECT_API_AUTH_STRING to the same here (docs/operations.md). If an "
            "open server is meant, set NPA_ALLOW_OPEN_SERVER=1.",
            address=address.netloc.decode(),
        )
    )


async def _bury(deployment: "UUID") -> None:
    """Tell the server of nights that died with an npa serve before this one, or with the server itself: it takes them
    for running, and as one runs at a time, no other would ever begin."""
    from prefect import get_client
    from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter
    from prefect.states import Crashed

    states = {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}
    async with get_client() as client:
        found = await client.read_flow_runs(
            deployment_filter=DeploymentFilter.model_validate({"id": {"any_": [deployment]}}),
            flow_run_filter=FlowRunFilter.model_validate({"state": states}),
        )
        for run in found:
            await client.set_flow_run_state(run.id, Crashed(message="The process that ran it is gone."))
            print(f"{run.name} was left over by a process that died", file=sys.stderr, flush=True)


async def _drop_old_parameters(night: "Flow[Any, Any]", deployment: "UUID") -> None:
    """Remove from waiting nights the parameters that a night no longer has. Late ones of an older npa have raw and
    warehouse, with which they would fail before they begin."""
    from prefect import get_client
    from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter

    async with get_client() as client:
        waiting = await client.read_flow_runs(
            deployment_filter=DeploymentFilter.model_validate({"id": {"any_": [deployment]}}),
            flow_run_filter=FlowRunFilter.model_validate({"state": {"type": {"any_": ["SCHEDULED"]}}}),
        )
        for run in waiting:
            known = {name: value for name, value in run.parameters.items() if name in night.parameters.properties}
            if known != run.parameters:
                await client.update_flow_run(run.id, parameters=known)


async def _run(runner: "Runner") -> None:
    with contextlib.redirect_stdout(io.StringIO()):  # it prints tracebacks when the server is lost; we say a sentence
        await runner.start()


async def _until(ending: asyncio.Event, serving: "asyncio.Task[None]", runner: "Runner") -> None:
    """Wait until one of the two has come. A night that is running is stopped then; the last good release stands."""
    told = asyncio.create_task(ending.wait())
    await asyncio.wait({told, serving}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not ending.is_set():
        await serving
        return
    print("stopping", file=sys.stderr, flush=True)
    try:
        async with asyncio.timeout(_LONGEST_END):
            await runner.astop()
            await serving
    except TimeoutError:
        print("npa: the Prefect server does not answer; it was not told that this ends", file=sys.stderr)


def _shown(schedule: Any) -> str:
    return f"{schedule.schedule.cron} ({schedule.schedule.timezone})"
