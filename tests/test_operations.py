"""docs/operations.md: its commands for the user npa run, from the first release through every bad morning."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def _blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def machine(tmp_path: Path, raw: Path) -> dict[str, str]:
    """A folder for /srv/npa, and `npa` on the path."""
    tool = tmp_path / "bin" / "npa"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m flows.cli "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    quiet = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "NPA_"))}
    settings = {"NPA_RAW": str(raw), "NPA_WAREHOUSE": str(tmp_path / "warehouse")}
    return quiet | settings | {"PYTHONPATH": str(ROOT), "PATH": f"{tool.parent}:{os.environ['PATH']}"}


def test_what_an_operator_is_told_to_run_runs(machine: dict[str, str], tmp_path: Path) -> None:
    said = ""
    for block in _blocks():
        script = block.replace("/srv/npa", str(tmp_path))
        if "rollback" in script:
            oldest = min(path.name for path in (tmp_path / "warehouse/releases").iterdir())
            script = re.sub(r"(npa rollback) \S+", rf"\1 {oldest}", script)
        done = subprocess.run(["sh", "-e", "-c", script], env=machine, capture_output=True, text=True, check=False)
        assert done.returncode == 0, script + done.stdout + done.stderr
        said = done.stdout
    assert len(_blocks()) == 8
    assert "held: " in said


def test_every_setting_is_told_and_no_other(machine: dict[str, str]) -> None:
    manual = subprocess.run(["npa", "--help"], env=machine, capture_output=True, text=True, check=True).stdout
    environment = manual.split("environment:")[1].split("exit status:")[0]
    table = "".join(re.findall(r"^\| (`[A-Z].*?) \|", PAGE, re.MULTILINE))
    assert set(re.findall(r"`([A-Z_]+)`", table)) == set(re.findall(r"(?:NPA|PREFECT)_[A-Z_]+", environment))


def test_what_is_named_is_there() -> None:
    for path in set(re.findall(r"/opt/npa/((?:deploy|raw)[\w./*-]*)", PAGE)):
        assert list(ROOT.glob(path)), path
    units = {path.name.split(".")[0] for path in (ROOT / "deploy").iterdir()}
    assert set(re.findall(r"\bnpa-(?:serve|health|prefect-server)\b", PAGE)) <= units
