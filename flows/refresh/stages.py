"""The stages of the main job: plain functions, each of which can be called and tested alone."""

from pathlib import Path
from typing import Any

import pandas as pd

from flows.refresh.build.background_reports import ReportsAside
from flows.refresh.build.connection import database_faults, in_memory
from flows.refresh.build.database import Contents
from flows.refresh.build.incremental import show_kept
from flows.refresh.build.release_files import describe_release, make_database
from flows.refresh.missing_sources import Guard
from flows.refresh.state import write_reading
from flows.releases import publish as publication
from flows.releases.warehouse import Warehouse
from flows.runtime.runner import Each, in_turn
from flows.sources.files import Inputs
from flows.sources.plans import Plans
from flows.sources.previous import NOTHING, Kept
from flows.sources.statistics.result import Statistics
from schemas.code_lists import code_list
from transforms.errors import InputRejected
from transforms.plans.description.statistic_links import declared_series, unknown_series
from transforms.statistics.dimensions import add_dimensions
from transforms.tables.frames import tabulate
from transforms.tables.validate import validate as validate_frames


def read_statistics(
    inputs: Inputs, plans: Plans, folder: Path, kept: Kept = NOTHING, each: Each = in_turn
) -> Statistics:
    """Every data set in its partition, aside in `folder`, still with its problems; each is a stage of its own."""
    if not inputs.statistics:
        return Statistics(folder / "parquet")
    from flows.sources.statistics.stage import read_statistics as read

    with database_faults():
        declared = {row["statistic_id"]: row["name"] for row in declared_series(plans.rows)}
        return read(inputs, declared, folder / "parquet", kept, each)


def validate(plans: Plans, statistics: Statistics, kept: Kept = NOTHING) -> dict[str, pd.DataFrame]:
    """Frames fit to be published, or InputRejected with all that is wrong. Of documents that are `kept` they have what
    spans documents only; the rules that span tables see all."""
    rows, listed = plans.rows, code_list("statistic_id")
    defined = {row["statistic_id"] for row in statistics.series}
    series = [*statistics.series, *declared_series(rows, {*listed, *defined})]
    problems = list(add_dimensions(rows, statistics.rows, series, statistics.areas))
    if not statistics.problems:
        problems += unknown_series(rows, listed, defined)
    frames, faults = tabulate(rows)
    problems += [*faults, *plans.problems, *statistics.problems]
    if not problems:
        with database_faults(), in_memory() as con:
            problems = validate_frames(frames, con, show_kept(con, kept))
    if problems:
        raise InputRejected(problems)
    return frames


def compute(
    frames: dict[str, pd.DataFrame],
    statistics: Statistics,
    reports: ReportsAside,
    release: dict[str, Any],
    folder: Path,
    kept: Kept,
) -> Contents:
    """The database of the release, aside in `folder`: plans, reports, statistics, reporting slots, indicators."""
    path = folder / "npa.duckdb"
    path.unlink(missing_ok=True)  # of a try before this one
    with database_faults():
        return make_database(path, frames, statistics, release, reports, kept)


def publish(
    inputs: Inputs,
    release: dict[str, Any],
    folder: Path,
    made: Contents,
    plans: Plans,
    statistics: Statistics,
    guard: Guard,
    warehouse: Warehouse,
) -> None:
    """Write what belongs to the database, check all by reading it back, and switch the release in."""
    with database_faults():
        write_reading(folder, inputs, plans.spanning, statistics.readings)
        describe_release(folder, release, inputs, made, guard.described())
    publication.publish(warehouse, folder, release["release_id"])
