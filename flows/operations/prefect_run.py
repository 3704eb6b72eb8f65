"""The flow as `npa refresh` runs it, faults of a server, artifacts of a release. Prefect is imported only when used."""

import contextlib
import json
import logging
import os
import re
import shlex
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from flows.operations.temporary_server import start_temporary_server
from flows.outputs.diff.compare import differences, side
from flows.refresh.attempt import Job, Outcome, attempted
from flows.releases.totals import totals_phrase
from flows.releases.warehouse import Warehouse, faults_of
from flows.runtime import signals
from flows.runtime.progress import say
from flows.runtime.settings import WrongSetting, prefect_server
from flows.runtime.version import software_version
from transforms.errors import NpaError, WarehouseFault

_SEVERITIES = ("error", "warning", "info")
_COLUMNS = ("severity", "rule", "action", "document_id", "issues", "first_line", "example")
_DASK_PATIENCE = "20s"  # for the scheduler of a cluster to answer
# Prefect reads its settings when it is imported. Those that the user has set stay.
_SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_COLORS": "false",  # `open_streams` shows colours as text
    "DO_NOT_TRACK": "1",  # or the client sends usage data, and says so on every terminal
}
# The command line prints each rejection once, and a lost server would fill a page for every event.
_SETTINGS |= {f"PREFECT_LOGGING_{name}_LEVEL": "CRITICAL" for name in ("HANDLERS_CONSOLE", "SERVER", "INTERNAL")}


class ServerFault(WarehouseFault):
    """A Prefect server that did not do its part."""


class WrongCredentials(ServerFault):
    """Credentials of this process that the Prefect server refuses; another try does not help."""

    exit_code = 2


def run_with_prefect(load_night: Callable[[], Any], job: Job, task_runner: str | None, address: str | None) -> Outcome:
    """Run the flow, on a temporary server with its home in the warehouse if PREFECT_API_URL is not set.

    `load_night` imports Prefect and returns the flow. `task_runner`: threads, or dask at `address`, to read documents
    and data sets side by side. Raises what the stages raise, and ServerFault; prints it if a release is published."""
    prepare(job.warehouse)
    logging.raiseExceptions = False  # or a lost server makes every line of its log a message
    say("starting Prefect")
    with attempted(job) as attempt:
        end_server = None if prefect_server() else start_temporary_server()
        try:
            with server_faults():
                tasks = task_runner_of(task_runner, address)
                if tasks:  # the workers of a cluster run in other folders
                    job = replace(job, raw=job.raw.absolute(), warehouse=Warehouse(job.warehouse.root.absolute()))
                attempt.job = job
                night = load_night().with_options(flow_run_name="refresh-as-of-{as_of}", task_runner=tasks)
                night(as_of=date.fromisoformat(job.as_of), force=job.force)
        except ServerFault as fault:
            signals.leaving.set()  # Prefect would try for minutes to send the server what it has missed
            if attempt.outcome is None:
                raise
            attempt.afterwards.append(fault)
            print(f"npa: {fault} What this refresh was to do is done all the same.", file=sys.stderr)
        finally:
            if end_server and (signals.noted or signals.leaving.is_set()):  # nothing runs at exit then
                end_server()
            say("")
        assert attempt.outcome  # noqa: S101 - a flow that ends without a fault has one
        return attempt.outcome


def prepare(warehouse: Warehouse) -> None:
    """Set what Prefect reads when it is imported; its home is in the warehouse unless the user has set another."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    default = warehouse.root.absolute() / ".prefect"
    with faults_of(warehouse.root):
        home = Path(os.environ.setdefault("PREFECT_HOME", str(default)))
        home.mkdir(parents=True, exist_ok=True)
        if home == default:
            home.chmod(0o700)  # its database has runs and their logs, and the key to what is stored as secret


@contextlib.contextmanager
def server_faults() -> Iterator[None]:
    """Raise ServerFault if the server fails in the block, WrongSetting or WarehouseFault for settings."""
    import httpx

    try:
        from prefect.exceptions import PrefectException
    except ValueError as error:  # a wrong setting, from the environment or a profile
        raise WarehouseFault("Prefect does not take its settings: {error}", error=error) from error
    try:
        yield
    except httpx.InvalidURL as error:  # which may hold a password
        raise WrongSetting(
            "PREFECT_API_URL is no address of a server; it is one like http://127.0.0.1:420/api"
        ) from error
    except (httpx.HTTPError, PrefectException, RuntimeError, ExceptionGroup) as fault:
        first: BaseException = fault
        while isinstance(first, BaseExceptionGroup):  # of the tasks of an event loop
            first = first.exceptions[0]
        if isinstance(first, httpx.HTTPStatusError) and first.response.status_code in (401, 403):
            raise WrongCredentials(
                "the Prefect server refuses this caller (status {status}). Set PREFECT_API_AUTH_STRING to the "
                "PREFECT_SERVER_API_AUTH_STRING of the server, or PREFECT_API_KEY for Prefect Cloud.",
                status=first.response.status_code,
            ) from fault
        raise ServerFault(
            "the Prefect server did not do its part ({error_type}: {what}). Is PREFECT_API_URL "
            "right? npa refresh --runner direct needs no server.",
            error_type=type(first).__name__,
            what=re.sub(r"[^\s/@'\"]*:[^\s@]*@", "", str(first)),  # user:password@ in an address
        ) from fault


def task_runner_of(name: str | None, dask_address: str | None) -> Any:
    """Return Prefect's task runner of this name; None for None. Raises WarehouseFault if there is no such cluster."""
    if name is None:
        return None
    if name == "threads":
        from prefect.task_runners import ThreadPoolTaskRunner

        return ThreadPoolTaskRunner(max_workers=os.cpu_count())
    try:
        from prefect_dask import DaskTaskRunner
    except ImportError as error:
        # With the path of npa: on the package index another project has its name.
        root = Path(__file__).parents[2]
        path = str(root) if (root / "pyproject.toml").is_file() else "/path/to/npa"
        command = f"{shlex.quote(sys.executable)} -m pip install {shlex.quote(f'{path}[dask]')}"
        raise WarehouseFault(
            "Dask is not installed here. Install it: {command} (docs/guides/scale.md).", command=command
        ) from error
    if dask_address is None:
        return DaskTaskRunner(cluster_kwargs={"n_workers": os.cpu_count(), "threads_per_worker": 1})
    from distributed import Client

    try:
        Client(dask_address, timeout=_DASK_PATIENCE, set_as_default=False).close()
    except (OSError, ValueError) as error:
        raise WarehouseFault(
            "no Dask scheduler answers at {address} ({error_type}). Is --dask-address right, and does dask scheduler "
            "run there?",
            address=dask_address,
            error_type=type(error).__name__,
        ) from error
    return DaskTaskRunner(address=dask_address)


def check_version(software: str) -> None:
    """Raise WarehouseFault if this process, a worker, has another version than `software`, unless that is empty."""
    if software and (here := software_version()) != software:
        what = "the worker on {where} runs npa {here}, not {software}: install the same there."
        raise WarehouseFault(what, where=socket.gethostname(), here=here, software=software)


def show(warehouse: Warehouse, outcome: Outcome, before: str | None) -> None:
    """Create the artifacts of a new release; `before` is the id of the one that was current. Print a failure."""
    import httpx
    from prefect.artifacts import create_markdown_artifact, create_table_artifact
    from prefect.exceptions import PrefectException

    new = outcome.release_id
    try:
        counts = [{"what": name, "rows": rows} for name, rows in outcome.rows.items()]
        issues = [{"what": f"issues: {severity}", "rows": n} for severity, n in outcome.issues.items()]
        plans = totals_phrase(outcome.totals)
        create_table_artifact(key="npa-release", table=counts + issues, description=f"{new}: {plans}")
        create_markdown_artifact(key="npa-quality", markdown=_quality(warehouse, outcome))
        if before and before != new:
            described = f"What differs between {before} and {new}. Rows: npa diff {before} {new}"
            create_table_artifact(key="npa-diff", table=_diff(warehouse, before, new), description=described)
    except (NpaError, OSError, ValueError, LookupError, duckdb.Error, httpx.HTTPError, PrefectException) as fault:
        print(f"npa: {new} is published, but Prefect does not show all of it: {fault}", file=sys.stderr)


def _quality(warehouse: Warehouse, outcome: Outcome) -> str:
    """Return the quality report of the release in Markdown: one line for each document and kind of judgement."""
    path = warehouse.releases / outcome.release_id / "quality_report.json"
    issues = json.loads(path.read_text(encoding="utf-8"))["issues"]
    issues.sort(key=lambda issue: _SEVERITIES.index(issue["severity"]))
    lines = [["" if issue[column] is None else str(issue[column]) for column in _COLUMNS] for issue in issues]
    cells = [[" ".join(cell.replace("|", "\\|").split()) for cell in line] for line in lines]
    rows = "\n".join(f"| {' | '.join(row)} |" for row in [_COLUMNS, ["---"] * len(_COLUMNS), *cells])
    return f"# Judgements about the sources of {outcome.release_id}\n\n{rows}\n\n{outcome.reports}\n"


def _diff(warehouse: Warehouse, before: str, after: str) -> list[dict[str, object]]:
    """Return one row for each table that differs, and one for all that do not."""
    with duckdb.connect(config={"memory_limit": "1GB"}) as con:
        tables = list(differences(con, side(warehouse, before), side(warehouse, after)))
    rows: list[dict[str, object]] = [
        {"table": table.name, "added": table.added, "removed": table.removed, "changed": table.changed,
         "rows": table.rows_after, "notes": "; ".join(table.notes)}
        for table in tables if table.differing or table.notes
    ]  # fmt: skip
    same = len(tables) - len(rows)
    return [*rows, {"table": f"{same} tables are the same", "added": 0, "removed": 0, "changed": 0, "notes": ""}]
