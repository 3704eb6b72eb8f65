"""The command npa."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.support.paths import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]


def npa(
    *arguments: object, env: dict[str, str] | None = None, cwd: Path = ROOT, timeout: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does; it is killed, and the test fails, if it takes longer than `timeout` seconds."""
    quiet = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "NPA_"))}
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, arguments)],
        capture_output=True, text=True, cwd=cwd, env=quiet | {"PYTHONPATH": str(ROOT)} | (env or {}), check=False,
        timeout=timeout,
    )  # fmt: skip
