"""docs/guides/operations.md: its commands for the user npa run, from the first release through every failure."""

import grp
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "guides" / "operations.md").read_text(encoding="utf-8")


def _blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def machine(tmp_path: Path, raw: Path) -> dict[str, str]:
    """Return the environment of a folder for /srv/npa, with `npa` on the path."""
    tool = tmp_path / "bin" / "npa"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m flows.cli "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    quiet = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "NPA_"))}
    settings = {"NPA_RAW": str(raw), "NPA_WAREHOUSE": str(tmp_path / "warehouse")}
    return quiet | settings | {"PYTHONPATH": str(ROOT), "PATH": f"{tool.parent}:{os.environ['PATH']}"}


def test_commands_for_operators_run(machine: dict[str, str], tmp_path: Path) -> None:
    output = ""
    for block in _blocks():
        script = block.replace("/srv/npa", str(tmp_path))
        if "rollback" in script:
            oldest = min(path.name for path in (tmp_path / "warehouse/releases").iterdir())
            script = re.sub(r"(npa rollback) \S+", rf"\1 {oldest}", script)
        done = subprocess.run(["sh", "-e", "-c", script], env=machine, capture_output=True, text=True, check=False)
        assert done.returncode == 0, script + done.stdout + done.stderr
        output = done.stdout
    assert len(_blocks()) == 8
    assert "held: " in output


@pytest.fixture
def root() -> Iterator[Path]:
    """Yield a folder for /etc and /srv that every user may enter, unlike the folders of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "etc" / "npa").mkdir(parents=True)
        (Path(folder) / "srv" / "npa").mkdir(parents=True)
        yield Path(folder)


def _password_file(root: Path) -> Path:
    """Run the page's commands as a user whose new files all may read, check after each and return the password file."""
    (block,) = [
        script for script in re.findall(r"^```root\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE) if "secrets" in script
    ]
    group = grp.getgrgid(1 if os.geteuid() == 0 else os.getegid())
    block = block.replace("-g npa", f"-g {group.gr_name}").replace("/etc/npa", str(root / "etc" / "npa"))
    for command in re.split(r"\n(?=python3)", block):
        done = subprocess.run(["sh", "-e", "-c", command], umask=0, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), command
        status = (root / "etc" / "npa" / "prefect-auth.env").stat()
        assert (status.st_mode & 0o777, status.st_uid, status.st_gid) == (0o640, os.geteuid(), group.gr_gid)
    return root / "etc" / "npa" / "prefect-auth.env"


def test_the_password_is_random_and_not_for_others(root: Path) -> None:
    path = _password_file(root)
    server, client = re.fullmatch(
        r"PREFECT_SERVER_API_AUTH_STRING=(npa:[0-9a-f]{64})\nPREFECT_API_AUTH_STRING=(npa:[0-9a-f]{64})\n",
        path.read_text(),
    ).groups()  # type: ignore[union-attr]
    assert server == client
    path.chmod(0o666)  # the commands make it again with the right mode
    assert server not in _password_file(root).read_text()
    if os.geteuid() == 0:
        script = f"import os; os.setgroups([]), os.setgid(65534), os.setuid(65534); open({str(path)!r})"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        assert "PermissionError" in done.stderr


def test_the_shell_of_the_user_npa_has_the_password(root: Path) -> None:
    password = _password_file(root).read_text().rpartition("=")[2].strip()
    shutil.copy(ROOT / "deploy" / "npa.env", root / "etc" / "npa" / "npa.env")
    (command,) = re.findall(r"runuser -u npa -- sh -c '(.*exec )sh'", PAGE)
    command = re.sub(r"/(?=etc|srv)", f"{root}/", command) + "env"
    variables = subprocess.run(
        ["sh", "-c", command], env={}, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert f"PREFECT_API_AUTH_STRING={password}" in variables
    assert {"NPA_RAW=/srv/npa/raw", "PREFECT_API_URL=http://127.0.0.1:420/api"} <= set(variables)


def test_every_setting_is_listed_and_no_other(machine: dict[str, str]) -> None:
    manual = subprocess.run(["npa", "--help"], env=machine, capture_output=True, text=True, check=True).stdout
    environment = manual.split("environment:")[1].split("exit status:")[0]
    table = "".join(re.findall(r"^\| (`[A-Z].*?) \|", PAGE, re.MULTILINE))
    assert set(re.findall(r"`([A-Z_]+)`", table)) == set(re.findall(r"(?:NPA|PREFECT)_[A-Z_]+", environment))


def test_named_files_and_units_exist() -> None:
    for path in set(re.findall(r"/opt/npa/((?:deploy|raw)[\w./*-]*)", PAGE)):
        assert list(ROOT.glob(path)), path
    units = {path.name.split(".")[0] for path in (ROOT / "deploy").iterdir()}
    assert set(re.findall(r"\bnpa-(?:serve|health|prefect-server)\b", PAGE)) <= units
