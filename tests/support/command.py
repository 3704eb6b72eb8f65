"""The command npa, run as a user does."""

import atexit
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.warm_process import Warm, warm

Run = Callable[..., subprocess.CompletedProcess[str]]

_started: list[tuple[Warm, dict[str, str]]] = []  # the process that forks commands, and the environment it began with
_is_free = threading.Lock()


def npa(
    *arguments: object,
    env: dict[str, str] | None = None,
    cwd: Path = ROOT,
    timeout: float | None = None,
    fresh: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run the command and return its status and what it printed.

    A process that has everything loaded forks it, which saves a second per command. The command has its own process if
    it is `fresh`, if another command is being forked, if it has a `timeout` in seconds, or if its environment differs
    in more than settings of npa, because libraries and Python read theirs when they are loaded."""
    variables = environment() | (env or {})
    if not fresh and timeout is None and _is_free.acquire(blocking=False):
        try:
            process, began = _warm_process()
            if _without_settings(variables) == began:
                ran = process.run(*arguments, cwd=cwd, setting=variables)
                return subprocess.CompletedProcess(list(map(str, arguments)), ran.returncode, ran.stdout, ran.stderr)
        finally:
            _is_free.release()
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, arguments)],
        capture_output=True, text=True, cwd=cwd, env=variables, check=False, timeout=timeout, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def environment() -> dict[str, str]:
    """Return the environment of a command, without settings of npa or Prefect that this machine may have."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "NPA_"))} | {"PYTHONPATH": str(ROOT)}


def _without_settings(variables: dict[str, str]) -> dict[str, str]:
    return {k: v for k, v in variables.items() if not k.startswith("NPA_") and k != "PYTEST_CURRENT_TEST"}


def _warm_process() -> tuple[Warm, dict[str, str]]:
    if not _started:
        stack = ExitStack()
        atexit.register(stack.close)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _started.append((stack.enter_context(warm(folder, ROOT)), _without_settings(environment())))
    return _started[0]
