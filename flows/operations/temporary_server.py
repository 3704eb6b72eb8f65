"""A Prefect server for one run, if none is configured. Imports nothing heavy.

It inherits a socket that listens already, which this process keeps open. With only the number of a port, any user of
the machine could listen there first, receive the password, and answer in its place."""

import atexit
import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import partial
from threading import Thread

from transforms.errors import WarehouseFault
from transforms.quality.text import sentence

_PATIENCE = 240.0  # seconds: it takes 20 to 35 on two slow cores
_LONGEST_END = 5.0  # seconds
_APP = ("-m", "uvicorn", "--factory", "prefect.server.api.server:create_app")
_OPTIONS = ("--lifespan", "on", "--log-level", "error", "--fd")
_ENVIRONMENT = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}


def start_temporary_server() -> Callable[[], None]:
    """Start a server that Prefect, which must not be imported yet, uses instead of any other; return how to end it. It
    ends with the process, after what Prefect sends at its exit. Raises WarehouseFault if it does not start."""
    password = f"npa:{secrets.token_hex(32)}"
    os.environ["PREFECT_SERVER_API_AUTH_STRING"] = os.environ["PREFECT_API_AUTH_STRING"] = password
    listening = socket.create_server(("127.0.0.1", 0))
    command = [sys.executable, *_APP, *_OPTIONS, str(listening.fileno())]
    process = subprocess.Popen(command, env=os.environ | _ENVIRONMENT, pass_fds=[listening.fileno()])  # noqa: S603
    end = partial(_end, process)
    atexit.register(end)  # Prefect registers its own functions later, so they run first
    url = os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
    try:
        _wait(url, process)
    except BaseException:
        end()
        listening.close()
        raise
    Thread(target=_hang_up, args=(process, listening), daemon=True).start()
    return end


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the server answers. Raises WarehouseFault."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # without the proxies of the environment
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, TimeoutError, OSError):
            opener.open(f"{url}/health", timeout=5).close()
            return
    ended = sentence("it ended with status {status}", status=process.returncode)
    raise WarehouseFault(
        "the temporary Prefect server did not start: {why}. npa refresh --runner direct needs none.",
        why=sentence("it did not answer in time") if process.poll() is None else ended,
    )


def _hang_up(process: "subprocess.Popen[bytes]", listening: socket.socket) -> None:
    """Keep the socket; after the server has ended, close each connection, for which clients would wait minutes."""
    process.wait()
    with contextlib.suppress(OSError):
        while True:
            listening.accept()[0].close()


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()  # does nothing if the server has ended
    try:
        process.wait(_LONGEST_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
