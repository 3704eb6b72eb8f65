"""Fixtures that the tests share: the real plan, ways to run npa on a changed one, and a release of it."""

import gc
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import is_hypothesis_test, settings

from tests.support.command import Run, npa
from tests.support.examples import THOROUGH, examples
from tests.support.paths import AS_OF, FOLDER, PLAN, ROOT
from tests.support.prefect_server import prefect_server
from tests.support.publish import Publish, Report, publisher, reporter
from tests.support.same_plan import Frames
from tests.support.warm_process import Warm, warm

# Examples have no deadline, because other tests run at the same time.
settings.register_profile("quick", max_examples=examples(100), deadline=None)
settings.register_profile(THOROUGH, max_examples=100, deadline=None)
settings.load_profile("quick")


def pytest_collection_finish() -> None:
    """Collect garbage seldom: what is imported stays, and a command, too, does without (flows/cli.py)."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark properties, which `make test-slow` tries again with more examples."""
    for item in items:
        if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
            item.add_marker("property")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Yield the environment of a client of a Prefect server that all tests share."""
    with prefect_server(tmp_path_factory.mktemp("prefect")) as environment:
        yield environment


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """Yield a process that forks npa, with or without a fault in it."""
    with warm(tmp_path_factory.mktemp("warm"), ROOT) as started:
        yield started


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Return a copy of the real plan that a test may change, without the statistics, which every refresh would read."""
    return Path(shutil.copytree(ROOT / "raw", tmp_path / "raw", ignore=shutil.ignore_patterns("statistics", "areas")))


@pytest.fixture
def plan(raw: Path) -> Path:
    """Return the path of the text of the plan in `raw`."""
    return raw / FOLDER / PLAN.name


@pytest.fixture
def refresh(raw: Path, tmp_path: Path, plain_warehouse: Path) -> Run:
    """Return a function that runs `npa refresh` on the copy, into a warehouse with a release of the real plan."""
    shutil.copytree(plain_warehouse, tmp_path / "warehouse", symlinks=True)

    def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        defaults = ["--raw", raw, "--warehouse", tmp_path / "warehouse", "--as-of", AS_OF, "--runner", "direct"]
        return npa("refresh", *defaults, *arguments, **options)  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a warehouse with a release of the real sources, which no test may change."""
    return _published(ROOT / "raw", tmp_path_factory.mktemp("real") / "warehouse")


@pytest.fixture(scope="session")
def plain_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a warehouse with a release of the real plan without statistics, which no test may change."""
    folder = tmp_path_factory.mktemp("plain")
    shutil.copytree(ROOT / "raw", folder / "raw", ignore=shutil.ignore_patterns("statistics", "areas"))
    return _published(folder / "raw", folder / "warehouse")


def _published(raw: Path, folder: Path) -> Path:
    done = npa("refresh", "--raw", raw, "--warehouse", folder, "--as-of", AS_OF, "--runner", "direct")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def con(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to the release of the real plan, opened as a statistician does."""
    with duckdb.connect(str(warehouse / "current" / "npa.duckdb"), read_only=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a warehouse with a release of the plan and the invented reports, which no test may change."""
    raw = Path(shutil.copytree(ROOT / "examples", tmp_path_factory.mktemp("example") / "examples",
                               ignore=shutil.ignore_patterns("warehouse")))  # fmt: skip
    options = ["--raw", raw, "--warehouse", raw / "warehouse", "--as-of", "2020-12-31", "--runner", "direct"]
    done = npa("refresh", *options)
    assert done.returncode == 0, done.stderr
    return raw / "warehouse"


@pytest.fixture(scope="session")
def files() -> dict[str, bytes]:
    """Return the files of the real plan's folder by their paths."""
    return {f"{FOLDER}/{path.name}": path.read_bytes() for path in PLAN.parent.iterdir()}


@pytest.fixture(scope="session")
def read(files: dict[str, bytes]) -> Callable[[str | bytes], Frames]:
    """Return a function that reads the real plan with another text and raises InputRejected like the command."""
    from flows.refresh import stages
    from flows.sources.files import Inputs
    from flows.sources.plans import gather, read_plans
    from flows.sources.statistics.stage import Statistics

    def run(text: str | bytes) -> Frames:
        data = text if isinstance(text, bytes) else text.encode()
        inputs = Inputs(files | {f"{FOLDER}/{PLAN.name}": data})
        return stages.validate(gather([read_plans(inputs.folders())]), Statistics(Path()))

    return run


@pytest.fixture(scope="session")
def lines() -> list[str]:
    """Return the lines of the real plan."""
    return PLAN.read_text(encoding="utf-8").split("\n")


@pytest.fixture(scope="session")
def real(read: Callable[[str | bytes], Frames], lines: list[str]) -> Frames:
    """Return the frames of the real plan."""
    return read("\n".join(lines))


@pytest.fixture
def publish(refresh: Run, raw: Path, tmp_path: Path) -> Publish:
    """Return a function that publishes a release with the given lines, or files by name, and answers SQL about it."""
    return publisher(refresh, raw, tmp_path)


@pytest.fixture(scope="session")
def plan_database(real: Frames) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to the tables and views of a release of the real plan, in memory, without statistics and
    reports; a test that changes it rolls that back."""
    from flows.refresh.attempt import new_release
    from flows.refresh.build.database import fill, open_release
    from flows.sources.statistics.stage import Statistics

    with open_release() as con:
        fill(con, real, Statistics(Path()), new_release(AS_OF, "test", "0" * 64))
        yield con


@pytest.fixture
def report(plan_database: duckdb.DuckDBPyConnection, raw: Path) -> Iterator[Report]:
    """Yield a function that judges the given lines, or files by name, and answers SQL about what a release would have
    of them; its indicators and reporting slots are those without reports."""
    yield from reporter(plan_database, raw)
