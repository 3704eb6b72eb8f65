"""The stages of the main job: plain functions, each of which can be called and tested alone. Imports nothing heavy."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ContextDecorator, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.refresh.cache import Cache
from flows.sources.files import Inputs, read_inputs
from transforms.errors import BrokenRelease, InputRejected, WarehouseFault

if TYPE_CHECKING:
    import pandas as pd

    from flows.refresh.build.database import Contents
    from flows.releases.warehouse import Warehouse
    from flows.sources.plans import Folders, Plans
    from flows.sources.statistics.datasets import Received
    from flows.sources.statistics.stage import ReadDataset, Statistics

    Frames = dict[str, pd.DataFrame]  # by table

Row = dict[str, Any]
Many = Sequence[tuple[Any, ...]]  # the arguments of each run of a stage


@contextmanager
def database_faults() -> Iterator[None]:
    """Raise WarehouseFault, in a sentence, if the database of a release cannot be written."""
    import duckdb

    try:
        yield
    except (duckdb.Error, BrokenRelease) as error:
        what = (
            "the release could not be written: {error}. Nothing was published, and the last good release stays current."
        )
        raise WarehouseFault(what, error=error) from error


def read_plans(folders: "Folders") -> "dict[str, Plans]":
    """Read a batch of documents, each for itself."""
    from flows.sources.plans import read_plans as read

    return read(folders)


def read_dataset(received: "Received", target: Path, declared: dict[str, str]) -> "ReadDataset":
    """Read one data set into its partition, the folder `target`."""
    from flows.sources.statistics.load import read_dataset as read

    return read(received, target, declared)


def in_turn(stage: Callable[..., Any]) -> Callable[[Many], list[Any]]:
    """Return a function that runs a stage with each of many arguments, one after another."""
    return lambda many: [stage(*arguments) for arguments in many]


_read_plans_in_turn, _read_datasets_in_turn = in_turn(read_plans), in_turn(read_dataset)


@database_faults()
def read_statistics(
    inputs: Inputs, folder: Path, read_datasets: Callable[[Many], list[Any]] = _read_datasets_in_turn
) -> "Statistics":
    """Return all data sets, each with its partition in `folder` or its problems."""
    from flows.sources.statistics.stage import Statistics
    from transforms.plans.judgements.statistic_links import stated_series

    declared: dict[str, str] = {}
    for _, files in sorted(inputs.folders().items()):  # of rejected documents too: their series are not unknown
        declared |= stated_series(files.get("statistics.csv", b""))
    if not inputs.statistics:
        return Statistics(folder / "parquet", declared)
    from flows.sources.statistics.stage import read_statistics as read

    return read(inputs, declared, folder / "parquet", read_datasets)


@database_faults()
def validate(plans: "Plans", statistics: "Statistics") -> "Frames":
    """Return frames that can be published. Raises InputRejected with everything that is wrong."""
    from flows.refresh.build.database import in_memory
    from schemas.code_lists import code_list
    from transforms.code_names import add_code_names
    from transforms.plans.judgements.statistic_links import declared_names, declared_series, unknown_series
    from transforms.plans.judgements.themes import theme_names
    from transforms.statistics.dimensions import add_dimensions
    from transforms.tables.frames import tabulate
    from transforms.tables.validate import validate as validate_frames

    rows, listed = plans.rows, code_list("statistic_id")
    defined = {row["statistic_id"] for row in statistics.series}
    series = [*statistics.series, *declared_series(rows, {*listed, *defined})]
    problems = list(add_dimensions(rows, statistics.rows, series, statistics.areas, statistics.judged))
    rows.add_all("dim_plausible_range", statistics.ranges)
    names = [*statistics.names, *declared_names(rows, {*listed, *defined}), *theme_names(rows)]
    problems += add_code_names(rows, names)
    if not statistics.problems:
        problems += unknown_series(rows, listed, {*defined, *statistics.declared})
    frames, faults = tabulate(rows)
    problems += [*faults, *plans.problems, *statistics.problems]
    if not problems:
        with in_memory() as con:
            problems = validate_frames(frames, con)
    if problems:
        raise InputRejected(problems)
    return frames


@database_faults()
def compute(
    frames: "Frames", statistics: "Statistics", inputs: Inputs, release: Row, folder: Path, cache: Cache
) -> "Contents":
    """Write the database of the release in `folder`: plans, reports, statistics, reporting slots, indicators."""
    from flows.refresh.build.database import count_contents, fill, open_release
    from flows.refresh.build.indicators import cache_indicators

    path = folder / "npa.duckdb"
    path.unlink(missing_ok=True)  # of an earlier attempt
    with open_release(path) as con:
        computed = fill(con, frames, statistics, release, inputs, cache)
        cache_indicators(con, cache, computed, folder)
        contents = count_contents(con)
        con.execute("CHECKPOINT npa")  # which closing does too, without a word should it fail
    return contents


@database_faults()
def publish(
    inputs: Inputs, release: Row, folder: Path, contents: "Contents", removals: Row, warehouse: "Warehouse"
) -> None:
    """Write what belongs to the database, check all by reading it back, and switch the release in."""
    from flows.refresh.build.release_files import describe_release
    from flows.releases.publish import publish as publish_folder

    describe_release(folder, release, inputs, contents, removals)
    publish_folder(warehouse, folder, release["release_id"])


@dataclass(frozen=True, slots=True)
class Stages:
    """The functions that run the stages: those of this module, or a runner's own of the same names and arguments.
    `read_plans` and `read_dataset` take the arguments of many independent runs; they return the results in order."""

    read_inputs: Callable[[Path], Inputs] = read_inputs
    read_plans: Callable[[Many], list[Any]] = _read_plans_in_turn
    read_dataset: Callable[[Many], list[Any]] = _read_datasets_in_turn
    validate: "Callable[..., Frames]" = validate
    compute: "Callable[..., Contents]" = compute
    publish: Callable[..., None] = publish

    def within(self, around: Callable[[str], ContextDecorator]) -> "Stages":
        """Return the same stages, each run within the context that `around` returns for its name."""
        return Stages(*(around(field.name)(getattr(self, field.name)) for field in fields(self)))
