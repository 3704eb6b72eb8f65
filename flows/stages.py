"""The stages of the main job: plain functions, each of which can be called and tested alone."""

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from flows import publication
from flows.build import describe_release, make_database
from flows.database import BrokenRelease, Contents, fill
from flows.documents import read_documents
from flows.findings import print_findings
from flows.inputs import Inputs
from flows.job import Job
from flows.statistics.result import Statistics
from flows.warehouse import Warehouse, WarehouseFault
from schemas.code_list import code_list
from transforms.document import Document
from transforms.extract import extract as extract_text
from transforms.links import declared_series, unknown_series
from transforms.normalise import normalise as normalise_document
from transforms.problems import InputRejected, Problem
from transforms.rows import Rows
from transforms.source_text import SourceText
from transforms.statistics.dimensions import add_dimensions
from transforms.tabulate import tabulate
from transforms.validate import validate as validate_frames


@dataclass(slots=True)
class Extracted:
    """The documents taken apart, and what is wrong with them so far."""

    documents: list[tuple[Document, SourceText, bool]]  # the last: whether every line has a role
    problems: list[Problem]


@dataclass(slots=True)
class Normalised:
    """The rows of all documents, and what is wrong with them so far."""

    rows: Rows
    found: dict[str, dict[str, int]]  # plan_id: counts, by the names of plan.toml
    problems: list[Problem]


def extract(inputs: Inputs) -> Extracted:
    """Every line of every document gets its role."""
    documents, problems = read_documents(inputs)
    extracted = Extracted([], problems)
    for document in documents:
        source, faults = extract_text(document.lines, document.description, document.path)
        extracted.documents.append((document, source, not faults))
        extracted.problems += faults
    return extracted


def normalise(extracted: Extracted) -> Normalised:
    """Rows of the published tables, still with the problems of both stages: they are reported together."""
    normalised = Normalised(Rows(), {}, list(extracted.problems))
    for document, source, is_whole in extracted.documents:
        found, problems = normalise_document(document, source, normalised.rows, is_whole=is_whole)
        normalised.found |= found
        normalised.problems += problems
    return normalised


def read_statistics(inputs: Inputs, normalised: Normalised, folder: Path) -> Statistics:
    """Every data set in its partition, aside in `folder`, still with its problems."""
    if not inputs.statistics:
        return Statistics(folder / "parquet")
    from flows.statistics.stage import read_statistics as read

    with _faults():
        declared = {row["statistic_id"]: row["name"] for row in declared_series(normalised.rows)}
        return read(inputs, declared, folder / "parquet")


def validate(normalised: Normalised, statistics: Statistics) -> dict[str, pd.DataFrame]:
    """Frames fit to be published, or InputRejected with all that is wrong."""
    rows, listed = normalised.rows, code_list("statistic_id")
    defined = {row["statistic_id"] for row in statistics.series}
    series = [*statistics.series, *declared_series(rows, {*listed, *defined})]
    problems = list(add_dimensions(rows, statistics.rows, series, statistics.areas))
    if not statistics.problems:
        problems += unknown_series(rows, listed, defined)
    frames, faults = tabulate(normalised.rows)
    problems += [*faults, *normalised.problems, *statistics.problems]
    if not problems:
        problems = validate_frames(frames)
    if problems:
        raise InputRejected(problems)
    return frames


def new_release(job: Job, software: str, mark: str) -> dict[str, Any]:
    """The row of table `release`; its id says when, and tells two of one second apart."""
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    return {
        "release_id": f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
        "published_at": now,
        "as_of": date.fromisoformat(job.as_of),
        "software_version": software,
        "input_fingerprint": mark,
    }


def check_reports(frames: dict[str, pd.DataFrame], statistics: Statistics, inputs: Inputs, as_of: str) -> None:
    """Read reports and judge statistics as a refresh does, in memory, and print what it would find."""
    release = new_release(Job(Path(), Warehouse(Path()), as_of), "check", "0" * 64)
    with _faults(), duckdb.connect(config={"python_enable_replacements": False}) as con:
        fill(con, frames, statistics, release, inputs)
        print_findings(con)


def compute(
    frames: dict[str, pd.DataFrame],
    statistics: Statistics,
    inputs: Inputs,
    release: dict[str, Any],
    folder: Path,
) -> Contents:
    """The database of the release, aside in `folder`: plans, reports, statistics, reporting slots, indicators."""
    path = folder / "npa.duckdb"
    path.unlink(missing_ok=True)  # of a try before this one
    with _faults():
        return make_database(path, frames, statistics, release, inputs)


def publish(inputs: Inputs, release: dict[str, Any], folder: Path, rows: dict[str, int], warehouse: Warehouse) -> None:
    """Write what belongs to the database, check all by reading it back, and switch the release in."""
    with _faults():
        describe_release(folder, release, inputs, rows)
    publication.publish(warehouse, folder, release["release_id"])


@contextlib.contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except (duckdb.Error, BrokenRelease) as error:
        raise WarehouseFault(
            f"the release could not be written: {error}. Nothing was published, and the last good release stands."
        ) from error
