"""Where the tasks of a Prefect flow run side by side: threads of this process, or a Dask cluster."""

import os
import shlex
import socket
import sys
from pathlib import Path
from typing import Any

from flows.runtime.version import software_version
from transforms.errors import WarehouseFault
from transforms.quality.text import sentence

_PATIENCE = "20s"  # for the scheduler of the cluster to answer


def task_runner_of(name: str | None, dask_address: str | None) -> Any:
    """Prefect's task runner of this name; None for None. Raises WarehouseFault where the cluster cannot be had."""
    if name is None:
        return None
    if name == "threads":
        from prefect.task_runners import ThreadPoolTaskRunner

        return ThreadPoolTaskRunner(max_workers=os.cpu_count())
    try:
        from prefect_dask import DaskTaskRunner
    except ImportError as error:
        raise WarehouseFault(
            sentence("Dask is not installed here. Install it: {command} (docs/scale.md).", command=_install_command())
        ) from error
    if dask_address is None:
        return DaskTaskRunner(cluster_kwargs={"n_workers": os.cpu_count(), "threads_per_worker": 1})
    _reach(dask_address)
    return DaskTaskRunner(address=dask_address)


def check_version(software: str) -> None:
    """Raise WarehouseFault if this process, a worker, has other software than that of `software`, where that is named:
    it would read other things from the files."""
    if software and (here := software_version()) != software:
        where = socket.gethostname()
        raise WarehouseFault(
            sentence(
                "the worker on {where} runs npa {here}, not {software}: install the same there.",
                where=where,
                here=here,
                software=software,
            )
        )


def _install_command() -> str:
    """Return the command that adds the extra, with the path of npa: on the index another project has its name."""
    root = Path(__file__).parents[2]
    path = str(root) if (root / "pyproject.toml").is_file() else "/path/to/npa"
    return f"{shlex.quote(sys.executable)} -m pip install {shlex.quote(f'{path}[dask]')}"


def _reach(address: str) -> None:
    from distributed import Client

    try:
        Client(address, timeout=_PATIENCE, set_as_default=False).close()
    except (OSError, ValueError) as error:
        raise WarehouseFault(
            sentence(
                "no Dask scheduler answers at {address} ({error_type}). Is --dask-address right, and "
                "does dask scheduler run there?",
                address=address,
                error_type=type(error).__name__,
            )
        ) from error
