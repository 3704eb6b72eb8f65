"""A Prefect server for tests, and requests to its API."""

import base64
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def prefect_server(home: Path, *, is_open: bool = False) -> Iterator[dict[str, str]]:
    """Run a real Prefect server, with a password unless it is open; yield the environment of its clients, and its
    process id as SERVER_PID."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    password = "" if is_open else f"npa:{secrets.token_hex(16)}"
    server_password = {"PREFECT_SERVER_API_AUTH_STRING": password} if password else {}
    process = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, **environment, **server_password}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}/api"
    try:
        for _ in range(480):
            try:
                urllib.request.urlopen(f"{url}/health", timeout=1).close()
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.25)
        client_password = {"PREFECT_API_AUTH_STRING": password} if password else {}
        yield environment | client_password | {"PREFECT_API_URL": url, "SERVER_PID": str(process.pid)}
    finally:
        process.terminate()
        process.wait()


def ask(server: dict[str, str], path: str, body: dict[str, Any] | None = None, method: str = "POST") -> Any:
    """Return what the server's API answers."""
    data = json.dumps(body or {}).encode() if method == "POST" else None
    headers = {"Content-Type": "application/json"}
    if password := server.get("PREFECT_API_AUTH_STRING"):
        headers["Authorization"] = f"Basic {base64.b64encode(password.encode()).decode()}"
    request = urllib.request.Request(f"{server['PREFECT_API_URL']}{path}", data=data, method=method, headers=headers)
    for _ in range(20):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as fault:
            if fault.code != 503:  # the server's SQLite is busy
                raise
            print(f"{path}: {fault.read()!r}")
            time.sleep(0.5)
    raise AssertionError(f"{path}: the server stays busy")
