"""The wheel: an installation from it publishes what this checkout publishes."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.support.command import environment
from tests.support.paths import AS_OF, ROOT
from tests.support.release_digests import digests

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the programs of a new environment with the wheel in it, and with the libraries that the tests have."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=False)
    programs = folder / "venv" / "bin"
    _run(sys.executable, "-m", "pip", "--python", programs / "python", "install", "--quiet", "--no-deps", "--no-index",
         "--disable-pip-version-check", wheel, cwd=folder)  # fmt: skip
    packages = sysconfig.get_path("purelib", vars={"base": str(folder / "venv"), "platbase": str(folder / "venv")})
    # A line with a path activates no .pth file of that folder, so the checkout is not imported.
    Path(packages, "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return programs


def _run(*command: object, cwd: Path) -> str:
    env = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_publishes_the_same_bytes_from_another_folder(
    installed: Path, warehouse: Path, tmp_path: Path
) -> None:
    where = _run(installed / "python", "-c", "import flows, schemas, transforms; print(flows.__file__)", cwd=tmp_path)
    assert where.startswith(str(installed.parent))
    options = ["--raw", ROOT / "raw", "--warehouse", "warehouse", "--as-of", AS_OF, "--runner", "direct"]
    assert _run(installed / "npa", "refresh", *options, cwd=tmp_path).startswith("published")
    assert digests(tmp_path / "warehouse" / "current") == digests(warehouse / "current")


def test_the_wheel_has_every_file_of_the_packages(installed: Path) -> None:
    """Check SQL, code lists and catalogues too: the version of the software is a digest of all of them."""
    ask = "from flows.runtime.version import software_version; print(software_version())"
    assert _run(installed / "python", "-c", ask, cwd=installed) == _run(sys.executable, "-c", ask, cwd=ROOT)
