"""The stages of the main job: plain functions, each of which can be called and tested alone."""

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime

import duckdb
import pandas as pd

from flows.build import BrokenRelease, build
from flows.documents import read_documents
from flows.inputs import Inputs
from flows.refresh import Job
from flows.warehouse import WarehouseFault
from transforms.document import Document
from transforms.extract import extract as extract_text
from transforms.normalise import normalise as normalise_document
from transforms.problems import InputRejected, Problem
from transforms.rows import Rows
from transforms.source_text import SourceText
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


def validate(normalised: Normalised) -> dict[str, pd.DataFrame]:
    """Frames fit to be published, or InputRejected with all that is wrong."""
    frames, problems = tabulate(normalised.rows)
    problems += normalised.problems
    if not problems:
        problems = validate_frames(frames)
    if problems:
        raise InputRejected(problems)
    return frames


def publish(
    frames: dict[str, pd.DataFrame], inputs: Inputs, job: Job, software: str, mark: str
) -> tuple[str, bool, dict[str, int], dict[str, int]]:
    """Build the release aside, check it by reading it back, switch it in; returns the fields of an Outcome."""
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    release_id = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    release = {
        "release_id": release_id,
        "published_at": now,
        "as_of": date.fromisoformat(job.as_of),
        "software_version": software,
        "input_fingerprint": mark,
    }
    with job.warehouse.staging(release_id) as folder:
        try:
            build(folder, frames, release, inputs.hashes())
        except (duckdb.Error, BrokenRelease) as error:
            raise WarehouseFault(
                f"the release could not be written: {error}. Nothing was published, and the last good release stands."
            ) from error
        job.warehouse.publish(folder, release_id)
    issues = frames["quality_issue"]["severity"].value_counts().sort_index().to_dict()
    return (
        release_id,
        True,
        {name: len(rows) for name, rows in frames.items()},
        {str(k): int(v) for k, v in issues.items()},
    )
