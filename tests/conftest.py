"""What the tests share: the real plan, ways to run npa on a changed one, and a release of it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

ROOT = Path(__file__).parent.parent
FOLDER = "plans/tjk-npa-2018"
PLAN = ROOT / "raw" / FOLDER / "national-plan-of-action-2018-2022.txt"
AS_OF = "2026-11-24"

Run = Callable[..., subprocess.CompletedProcess[str]]
Frames = dict[str, pd.DataFrame]


def npa(*arguments: object, env: dict[str, str] | None = None, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    quiet = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "NPA_"))}
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, arguments)],
        capture_output=True, text=True, cwd=cwd, env=quiet | {"PYTHONPATH": str(ROOT)} | (env or {}), check=False,
    )  # fmt: skip


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A copy of the real sources, to be changed."""
    return Path(shutil.copytree(ROOT / "raw", tmp_path / "raw"))


@pytest.fixture
def plan(raw: Path) -> Path:
    """The text of the plan in `raw`."""
    return raw / FOLDER / PLAN.name


@pytest.fixture
def refresh(raw: Path, tmp_path: Path, warehouse: Path) -> Run:
    """`npa refresh` of the copy, into a warehouse of its own that holds a release of the real plan."""
    shutil.copytree(warehouse, tmp_path / "warehouse", symlinks=True)

    def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        given = ["--raw", raw, "--warehouse", tmp_path / "warehouse", "--as-of", AS_OF, "--runner", "direct"]
        return npa("refresh", *given, *arguments, **options)  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with a release of the real plan; not to be changed."""
    folder = tmp_path_factory.mktemp("real") / "warehouse"
    done = npa("refresh", "--raw", ROOT / "raw", "--warehouse", folder, "--as-of", AS_OF, "--runner", "direct")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def con(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release of the real plan, opened as a statistician does."""
    with duckdb.connect(str(warehouse / "current" / "npa.duckdb"), read_only=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with a release of the plan and the invented reports; not to be changed."""
    raw = Path(shutil.copytree(ROOT / "examples", tmp_path_factory.mktemp("example") / "examples",
                               ignore=shutil.ignore_patterns("warehouse")))  # fmt: skip
    given = ["--raw", raw, "--warehouse", raw / "warehouse", "--as-of", "2020-12-31", "--runner", "direct"]
    done = npa("refresh", *given)
    assert done.returncode == 0, done.stderr
    return raw / "warehouse"


@pytest.fixture(scope="session")
def files() -> dict[str, bytes]:
    """The files of the real plan's folder by their paths."""
    return {f"{FOLDER}/{path.name}": path.read_bytes() for path in PLAN.parent.iterdir()}


@pytest.fixture(scope="session")
def read(files: dict[str, bytes]) -> Callable[[str | bytes], Frames]:
    """The frames of the real plan with another text in its place; raises InputRejected like the command."""
    from flows import stages
    from flows.inputs import Inputs
    from flows.plans import gather, read_plans
    from flows.statistics.stage import Statistics

    def run(text: str | bytes) -> Frames:
        data = text if isinstance(text, bytes) else text.encode()
        inputs = Inputs(files | {f"{FOLDER}/{PLAN.name}": data})
        return stages.validate(gather([read_plans(inputs.folders())]), Statistics(Path()))

    return run


@pytest.fixture(scope="session")
def lines() -> list[str]:
    """The lines of the real plan."""
    return PLAN.read_text(encoding="utf-8").split("\n")


@pytest.fixture(scope="session")
def real(read: Callable[[str | bytes], Frames], lines: list[str]) -> Frames:
    """The frames of the real plan."""
    return read("\n".join(lines))


# What a re-export of the same plan may change: where things stand, and the bytes.
_PLACES = {"line_first", "line_last", "line_number", "line_count", "sha256", "issue_id"}


def same_plan(one: Frames, other: Frames) -> None:
    """Assert that two readings publish the same tables, but for the places of things in the file."""
    for name in one:
        if name == "source_line":
            continue
        first, second = (frames[name][[c for c in frames[name].columns if c not in _PLACES]] for frames in (one, other))
        if name == "quality_issue":
            first, second = (_issues(frame) for frame in (first, second))
        pd.testing.assert_frame_equal(first, second, obj=name)


def _issues(frame: pd.DataFrame) -> pd.DataFrame:
    """Judgements without those about page breaks, in an order that does not depend on lines."""
    kept = frame[frame["rule"] != "row_cut"].drop(columns="message")
    return kept.sort_values(list(kept.columns), ignore_index=True)
