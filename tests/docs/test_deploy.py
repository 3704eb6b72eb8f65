"""The files that operators install: units that systemd accepts, and a prefect.yaml equal to what npa serve deploys."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from flows.cli import parser
from flows.runtime import settings
from tests.support.markdown import page
from tests.support.paths import ROOT
from tests.support.prefect_server import ask

DEPLOY = ROOT / "deploy"
UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer"))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze on this machine")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/npa/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = [tmp_path / unit.name for unit in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_units_call_commands_that_exist() -> None:
    called = [line for unit in UNITS for line in re.findall(r"/bin/npa (.*?)(?: \$|$)", unit.read_text(), re.MULTILINE)]
    assert [parser().parse_args(line.split()).command for line in called] == ["health", "serve"]


def test_units_have_the_password_from_the_file_that_the_docs_make() -> None:
    (path,) = re.findall(r"> (/etc/npa/\S+)$", page("docs/guides/operations.md"), re.MULTILINE)
    of_units = {unit.name: re.findall(r"^EnvironmentFile=(.*)$", unit.read_text(), re.MULTILINE) for unit in UNITS}
    assert {name for name, files in of_units.items() if path in files} == {
        "npa-prefect-server.service", "npa-serve.service"
    }  # fmt: skip
    assert {file for files in of_units.values() for file in files} == {"/etc/npa/npa.env", path}
    for file in DEPLOY.iterdir():
        assert "AUTH_STRING" not in file.read_text(), file


def test_no_other_user_can_listen_where_the_password_is_sent() -> None:
    """Check the port: a user other than root needs a capability to take one below 1024."""
    unit = (DEPLOY / "npa-prefect-server.service").read_text(encoding="utf-8")
    ((host, port),) = re.findall(r"^ExecStart=.* --host (\S+) --port (\d+)$", unit, re.MULTILINE)
    assert (host, int(port) < 1024) == ("127.0.0.1", True)
    assert "\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n" in unit
    assert f"\nPREFECT_API_URL=http://{host}:{port}/api\n" in (DEPLOY / "npa.env").read_text(encoding="utf-8")
    ((local_port, tunnelled),) = re.findall(r"ssh -L (\d+):127.0.0.1:(\d+)", page("docs/guides/operations.md"))
    assert tunnelled == port
    assert f"\nEnvironment=PREFECT_UI_API_URL=http://127.0.0.1:{local_port}/api\n" in unit


def test_every_setting_of_the_file_exists_and_has_its_default() -> None:
    defaults = dict(
        re.findall(r'^#?([A-Z_]+)="?([^"\n]*)"?$', (DEPLOY / "npa.env").read_text(encoding="utf-8"), re.MULTILINE)
    )
    manual = parser().format_help()
    assert all(name in manual for name in defaults)
    assert defaults["NPA_SCHEDULE"] == settings.CRON
    assert defaults["NPA_TIMEZONE"] == settings.TIME_ZONE
    assert defaults["NPA_RETRY_DELAYS"] == settings.RETRY_DELAYS


def test_prefect_yaml_has_the_schedule_of_npa() -> None:
    (deployment,) = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    assert deployment["schedules"] == [{"cron": settings.CRON, "timezone": settings.TIME_ZONE}]
    assert deployment["parameters"] == {"time_zone": settings.TIME_ZONE}


@pytest.mark.server
def test_prefect_deploys_prefect_yaml(server: dict[str, str]) -> None:
    quiet = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "NPA_"))}
    env = quiet | server | {"NPA_HOME": "/opt/npa"}
    ask(server, "/work_pools/", {"name": "npa", "type": "process"})
    done = subprocess.run([sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"], env=env, cwd=ROOT,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    deployment = ask(server, "/deployments/name/npa-night/nightly", method="GET")
    assert (deployment["work_pool_name"], deployment["entrypoint"]) == ("npa", "flows/nightly.py:night")
    assert deployment["pull_steps"][0] == {"prefect.deployments.steps.set_working_directory": {"directory": "/opt/npa"}}
    assert deployment["parameters"] == {"time_zone": settings.TIME_ZONE}
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert deployment["concurrency_options"]["collision_strategy"] == "ENQUEUE"
    assert [entry["schedule"]["cron"] for entry in deployment["schedules"]] == [settings.CRON]
