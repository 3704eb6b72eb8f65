"""`npa serve`: put the nightly refresh on the schedule of a Prefect server, and run its nights when they are due."""

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
from flows.runtime import settings
from flows.runtime.settings import WrongSetting, prefect_server
from flows.runtime.version import software_version
from transforms.errors import WarehouseFault

if TYPE_CHECKING:
    from uuid import UUID

    from prefect import Flow
    from prefect.deployments.runner import RunnerDeployment

_LONGEST_END = 60.0  # seconds; Prefect gives a night 30 to stop, then kills it


def serve(load_night: Callable[[], "Flow[Any, Any]"], raw: Path, warehouse: Warehouse, name: str) -> None:
    """Register the deployment `name` of the flow and run its nights, one at a time, until the process is stopped.

    `load_night` imports Prefect, which reads its settings, and returns the flow. Raises WrongSetting before anything is
    registered, and WarehouseFault if the server is missing or lost; NPA_NOTIFY is notified as of a failed night."""
    _check_settings(raw)
    warehouse = Warehouse(warehouse.root.resolve())
    prepare(warehouse)
    # In the environment, because whoever starts a night can choose its parameters.
    settings.set_folders_of_nights(raw.resolve(), warehouse.root)
    try:
        # The runner prints tracebacks when the server is lost; we print a sentence.
        with server_faults(), contextlib.redirect_stdout(io.StringIO()):
            night = load_night()
            asyncio.run(_serve(night, _deployment(night, name)))
    except WarehouseFault as fault:
        notify.notify_of_fault(warehouse, fault)
        raise


def _check_settings(raw: Path) -> None:
    """Raise WrongSetting for a setting that a night needs and that is missing or wrong."""
    if not prefect_server():
        raise WrongSetting(
            "PREFECT_API_URL is not set: npa serve needs a Prefect server that is always there. Start one with "
            "prefect server start, and set PREFECT_API_URL=http://127.0.0.1:4200/api"
        )
    settings.time_zone()
    settings.retry_delays()
    settings.allows_open_server()
    if settings.addresses():
        notify.check_addresses()
    if not (raw / "plans").is_dir():
        raise WrongSetting("{raw} holds no folder plans. Name the folder of sources by --raw.", raw=raw)


def _deployment(night: "Flow[Any, Any]", name: str) -> "RunnerDeployment":
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    cron, zone = settings.cron(), settings.time_zone().key
    try:
        schedule = Cron(cron, timezone=zone)
    except ValueError as error:
        raise WrongSetting('NPA_SCHEDULE is "{cron}"; it is a cron expression, as 30 1 * * *', cron=cron) from error
    deployment: Any = night.to_deployment(
        name=name,
        parameters={"time_zone": zone},
        schedule=schedule,
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE),
        description=night.__doc__,
        version=software_version(),
        tags=["npa"],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    # None removes a work pool that the server has under this name; Prefect replaces the rest by itself.
    deployment.work_pool_name = deployment.work_queue_name = None
    return deployment  # type: ignore[no-any-return]


async def _serve(night: "Flow[Any, Any]", deployment: "RunnerDeployment") -> None:
    from prefect.runner import Runner

    if not settings.allows_open_server():
        await _refuse_open_server()
    # Without a pause, a night that was missed while this process was away runs, late, when it is back.
    runner = Runner(name=deployment.name, pause_on_shutdown=False, limit=1)
    await _tidy_runs(night, await runner.aadd_deployment(deployment))
    serving = asyncio.create_task(runner.start())
    await asyncio.sleep(0)  # the runner sets signal handlers, which would wait for themselves; ours replace them
    ending = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    server = urlsplit(prefect_server()).netloc.rpartition("@")[2]
    when = f"{settings.cron()} ({settings.time_zone().key})"
    print(f"{deployment.full_name} is on the schedule of {server}: {when}", file=sys.stderr, flush=True)
    # A signal stops a night that runs; the last good release stays.
    await asyncio.wait({asyncio.create_task(ending.wait()), serving}, return_when=asyncio.FIRST_COMPLETED)
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


async def _refuse_open_server() -> None:
    """Raise WrongSetting if the server answers a caller without credentials: every local user could give it orders.
    Raises httpx.HTTPError if the server neither answers nor refuses."""
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
        "the Prefect server at {address} asks for no password: whoever reaches it can run commands as this user. Set "
        "PREFECT_SERVER_API_AUTH_STRING=user:password where the server runs, and PREFECT_API_AUTH_STRING to the same "
        "here (docs/guides/operations.md). If an open server is meant, set NPA_ALLOW_OPEN_SERVER=1.",
        address=address.netloc.decode(),
    )


async def _tidy_runs(night: "Flow[Any, Any]", deployment: "UUID") -> None:
    """Mark nights that died as crashed: the server takes them for running, and would begin no other. Remove from late
    nights the parameters that the flow no longer has: those of an older npa have raw and warehouse, and would fail."""
    from prefect import get_client
    from prefect.client.schemas import filters
    from prefect.states import Crashed

    of_deployment = filters.DeploymentFilter.model_validate({"id": {"any_": [deployment]}})
    begun, waiting = (
        filters.FlowRunFilter.model_validate({"state": {"type": {"any_": states}}})
        for states in (["RUNNING", "PENDING", "CANCELLING"], ["SCHEDULED"])
    )
    async with get_client() as client:
        for run in await client.read_flow_runs(deployment_filter=of_deployment, flow_run_filter=begun):
            await client.set_flow_run_state(run.id, Crashed(message="The process that ran it is gone."))
            print(f"{run.name} was left over by a process that died", file=sys.stderr, flush=True)
        for run in await client.read_flow_runs(deployment_filter=of_deployment, flow_run_filter=waiting):
            known = {name: value for name, value in run.parameters.items() if name in night.parameters.properties}
            if known != run.parameters:
                await client.update_flow_run(run.id, parameters=known)
