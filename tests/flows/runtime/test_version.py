"""The version of the software: a changed byte in any packaged file is another version."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.runtime.version import software_version
from tests.support.command import environment
from tests.support.paths import ROOT

PACKAGES = "flows", "transforms", "schemas"
_VERSIONS = """
import json, sys
from pathlib import Path
from flows.runtime.version import software_version
versions = [software_version()]
for path in map(Path, sys.argv[1:]):
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    versions.append(software_version())
    path.write_bytes(data)
versions.append(software_version())
print(json.dumps(versions))
"""


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the three packages, each with a template and a catalogue of kinds that none has today."""
    root = tmp_path_factory.mktemp("copied")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("template.xlsx", "messages.po"):
            (root / package / name).write_bytes(b"x")
    return root


def _versions(root: Path, *changed: Path) -> list[str]:
    """Return the versions of the copy: as it is, with each of the files changed, and as it is again."""
    command = [sys.executable, "-B", "-c", _VERSIONS, *map(str, changed)]
    done = subprocess.run(command, cwd=root, env=environment() | {"PYTHONPATH": str(root)}, capture_output=True,
                          text=True, check=True)  # fmt: skip
    versions: list[str] = json.loads(done.stdout)
    return versions


def test_a_byte_changed_in_a_file_of_any_kind_is_another_version(copied: Path) -> None:
    kinds = {(path.relative_to(copied).parts[0], path.suffix): path for path in sorted(copied.rglob("*.*"))}
    assert {("flows", ".py"), ("transforms", ".py"), ("schemas", ".py"), ("transforms", ".sql"), ("transforms", ".csv"),
            ("schemas", ".csv"), ("flows", ".po"), ("schemas", ".xlsx")} <= kinds.keys()  # fmt: skip
    first, *changed, last = _versions(copied, *kinds.values())
    assert first == last
    assert len({first, *changed}) == len(kinds) + 1


def test_files_of_python_and_editors_do_not_change_the_version(copied: Path) -> None:
    (before, _) = _versions(copied)
    for name in ("__pycache__/a.cpython-311.pyc", "a.pyc", "a.py~", ".a.py.swp"):
        path = copied / "flows" / "runtime" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    assert _versions(copied) == [before, before]


def test_the_version_does_not_depend_on_the_place(tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    assert _versions(tmp_path) == [software_version()] * 2
