"""Run the flow for `npa refresh`, and say in sentences what a Prefect server does not do.

Prefect is imported only where it is used."""

import contextlib
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from flows.operations.task_runners import task_runner_of
from flows.operations.temporary_server import start_temporary_server
from flows.refresh.attempt import Attempt, attempted
from flows.refresh.request import Job, Outcome
from flows.releases.warehouse import Warehouse, faults_of
from flows.runtime import signals
from flows.runtime.progress import say
from flows.runtime.settings import WrongSetting, prefect_server
from transforms.errors import WarehouseFault
from transforms.quality.text import sentence

# Before Prefect is imported: its settings are read then. What the user has set stands.
_SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",  # the client would send usage data too, and say so on every terminal
    # Refusals are told once, in sentences, by the command line; the server's log keeps the rest.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",  # a lost server would be told by a page for every event
}


class ServerFault(WarehouseFault):
    """The Prefect server did not do its part."""


class WrongCredentials(ServerFault):
    """The Prefect server refuses the credentials of this process; another try does not help."""

    exit_code = 2


def run_with_prefect(
    load_night: Callable[[], Any], job: Job, task_runner: str | None = None, dask_address: str | None = None
) -> Outcome:
    """Run the flow; where no server is configured (PREFECT_API_URL), on a temporary one with its home in the warehouse.
    `load_night` returns the flow; it is called when Prefect may read its settings. `task_runner`: threads or dask, to
    read documents and data sets side by side; None: one after another.

    Raises what the stages raise, and ServerFault where the server fails. Where it fails after a release was published,
    as one that dies in mid-flow does (the stages go on without it), that is only told: another try would do nothing."""
    prepare(job.warehouse)
    logging.raiseExceptions = False  # of a lost server, every line of its log would be told
    say("starting Prefect")
    with attempted(job) as attempt:
        end_server = _no_server if prefect_server() else start_temporary_server()
        try:
            with server_faults():
                tasks = task_runner_of(task_runner, dask_address)
                if tasks:  # workers of a cluster stand in other folders
                    job = replace(job, raw=job.raw.absolute(), warehouse=Warehouse(job.warehouse.root.absolute()))
                attempt.job = job
                night = load_night().with_options(flow_run_name="refresh-as-of-{as_of}", task_runner=tasks)
                night(as_of=date.fromisoformat(job.as_of), force=job.force)
                return _outcome_of(attempt)
        except ServerFault as fault:
            signals.leave_at_once()  # Prefect would try for minutes to send the server what it has missed
            if attempt.outcome is None:
                raise
            attempt.afterwards.append(fault)
            print(f"npa: {fault} What this refresh was to do is done all the same.", file=sys.stderr)
            return attempt.outcome
        finally:
            if signals.noted or signals.leaves_at_once():  # nothing else is done at the end of the process then
                end_server()
            say("")


def _outcome_of(attempt: Attempt) -> Outcome:
    assert attempt.outcome  # noqa: S101 - a flow that ends without a fault has one
    return attempt.outcome


def _no_server() -> None:
    """End no server: it is not ours."""


def prepare(warehouse: Warehouse) -> None:
    """Set what Prefect reads when it is imported; its home is in the warehouse unless the user has set another."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    own = warehouse.root.absolute() / ".prefect"
    with faults_of(warehouse.root):
        home = Path(os.environ.setdefault("PREFECT_HOME", str(own)))
        home.mkdir(parents=True, exist_ok=True)
        if home == own:
            home.chmod(0o700)  # its database has runs and their logs, and the key to what is stored as secret


@contextlib.contextmanager
def server_faults() -> Iterator[None]:
    """Say in a sentence, as ServerFault, that the server does not do its part. Imports Prefect."""
    import httpx

    try:
        from prefect.exceptions import PrefectException
    except ValueError as error:  # a setting that is none, from the environment or a profile
        raise WarehouseFault(sentence("Prefect does not take its settings: {error}", error=error)) from error
    try:
        yield
    except httpx.InvalidURL as error:  # which may hold a password
        what = "PREFECT_API_URL is no address of a server; it is one like http://127.0.0.1:420/api"
        raise WrongSetting(what) from error
    except (httpx.HTTPError, PrefectException, RuntimeError, ExceptionGroup) as fault:
        first: BaseException = fault
        while isinstance(first, BaseExceptionGroup):  # of the tasks of an event loop
            first = first.exceptions[0]
        if isinstance(first, httpx.HTTPStatusError) and first.response.status_code in (401, 403):
            raise WrongCredentials(
                sentence(
                    "the Prefect server refuses this caller (status {status}). Set PREFECT_API_AUTH_STRING "
                    "to the PREFECT_SERVER_API_AUTH_STRING of the server, or PREFECT_API_KEY for Prefect "
                    "Cloud.",
                    status=first.response.status_code,
                )
            ) from fault
        what = re.sub(r"[^\s/@'\"]*:[^\s@]*@", "", str(first))  # user:password@ in an address
        raise ServerFault(
            sentence(
                "the Prefect server did not do its part ({error_type}: {what}). Is PREFECT_API_URL "
                "right? npa refresh --runner direct needs no server.",
                error_type=type(first).__name__,
                what=what,
            )
        ) from fault
