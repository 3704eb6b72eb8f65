"""Instructions to install npa: always by its path, because another project has its name on the package index."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from flows.operations.prefect_run import task_runner_of
from tests.support.paths import ROOT
from transforms.errors import WarehouseFault

# pip install npa, pip install -U 'npa[dask]', uv add npa, `npa[dask]`; not install -g npa /srv
_BY_NAME = re.compile(
    r"""\bnpa\[[a-z]|\b(?:pip3?|pipx|uvx?)\s[^\n`]*\b(?:install|add|run)\b[^\n`]*?[\s'"`]npa(?![\w./-])"""
)
_PATH = re.compile(r"[\w.}-]/npa\[")  # /opt/npa[dask]
_MEANT = ["pip install npa", "pip install -U 'npa[dask]'", "python -m pip install --quiet \"npa\"", "extra `npa[dask]`",
          "uv add npa", "pipx install npa==1.0"]  # fmt: skip
_NOT_MEANT = ["install -d -o npa -g npa /srv/npa", "pip install '/opt/npa[dask]'", "pip install --editable .",
              "pip install ./npa", "npa refresh", "pip install npa-of-others"]  # fmt: skip


def _installs_by_name(text: str) -> list[str]:
    return [match[0] for match in _BY_NAME.finditer(_PATH.sub("", text))]


def test_the_pattern_finds_what_it_is_for() -> None:
    assert [text for text in _MEANT if not _installs_by_name(text)] == []
    assert [text for text in _NOT_MEANT if _installs_by_name(text)] == []


def test_no_text_says_to_install_npa_by_its_name() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.decode()
    if not listed:
        pytest.skip("this is no git checkout")
    faults = {}
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        is_ours = path.is_file() and path != Path(__file__) and not name.startswith(("raw/", "tests/data/"))
        if is_ours and (commands := _installs_by_name(path.read_text(encoding="utf-8", errors="replace"))):
            faults[name] = commands
    assert faults == {}


def test_the_message_about_dask_names_the_path_of_npa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prefect_dask", None)
    with pytest.raises(WarehouseFault) as fault:
        task_runner_of("dask", None)
    assert f"{sys.executable} -m pip install '{ROOT}[dask]'" in str(fault.value)
