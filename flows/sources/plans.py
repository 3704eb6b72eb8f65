"""The plans: documents read in batches, each for itself, then what they say together."""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from transforms.errors import InputProblem
from transforms.plans.description.document import Document, read_description, read_judgements
from transforms.plans.description.judgements import JUDGEMENTS
from transforms.plans.description.plan_toml import Description
from transforms.plans.normalise import normalise
from transforms.quality.text import sentence
from transforms.tables.rows import Rows
from transforms.text.encodings import codec_name
from transforms.text.lines import decode, split

_FOLDER = re.compile(r"plans/[a-z0-9]+(?:-[a-z0-9]+)*")


# A task of Prefect costs 0.1 s, a document 20 ms.
_BATCH = 50
# Not published: what the rules that span documents ask of each. Plain values, which the next night reads again
# (flows/refresh/state.py).
SPANNING = ("plan_of_document", "agency_of_document", "linked_series")

Folders = Mapping[str, Mapping[str, bytes]]  # files of each document's folder, by name


@dataclass(slots=True)
class ReadDocument:
    """What came of one folder under raw/plans."""

    rows: Rows = field(default_factory=Rows)
    found: dict[str, dict[str, int]] = field(default_factory=dict)  # plan_id: counts, by the names of plan.toml
    problems: list[InputProblem] = field(default_factory=list)


@dataclass(slots=True)
class Plans:
    """The rows of all documents that were read, and of the others what spans documents; what is wrong so far."""

    rows: Rows
    found: dict[str, dict[str, int]]
    problems: list[InputProblem]
    spanning: dict[str, dict[str, list[dict[str, Any]]]]  # folder: table: rows


def batches(folders: Folders, kept: Collection[str] = ()) -> list[tuple[Folders]]:
    """The arguments of `read_plans`, a task each, for the folders that are not taken over."""
    names = [name for name in folders if name not in kept]
    starts = range(0, len(names), _BATCH)
    return [({name: folders[name] for name in names[start : start + _BATCH]},) for start in starts]


def read_plans(folders: Folders) -> dict[str, ReadDocument]:
    """Read each document for itself: every line gets its role, the lines become rows."""
    return {folder: _read(folder, files) for folder, files in folders.items()}


def _read(folder: str, files: Mapping[str, bytes]) -> ReadDocument:
    read = ReadDocument()
    document, read.problems = read_document(folder, files)
    if document:
        read.found, problems = normalise(document, read.rows)
        read.problems += problems
    return read


def gather(read: Iterable[dict[str, ReadDocument]], kept: Mapping[str, Any] | None = None) -> Plans:
    """All documents together, in the order of their folders; `kept`: of those taken over, what spans documents."""
    documents: dict[str, ReadDocument] = {folder: one for batch in read for folder, one in batch.items()}
    plans = Plans(Rows(), {}, [], dict(kept or {}))
    for folder in sorted(documents.keys() | plans.spanning.keys()):
        if folder in documents:
            one = documents.pop(folder)
            plans.spanning[folder] = {table: list(one.rows.each(table)) for table in SPANNING}
            plans.rows.extend(one.rows)
            plans.found |= one.found
            plans.problems += one.problems
        else:
            for table, rows in plans.spanning[folder].items():
                plans.rows.add_all(table, rows)
    return plans


def read_document(folder: str, files: Mapping[str, bytes]) -> tuple[Document | None, list[InputProblem]]:
    """The document of a folder under raw/plans, or what is wrong with it."""
    if not _FOLDER.fullmatch(folder):
        remedy = "Name it as the document's id in lower case: letters a-z, digits, hyphens."
        return None, [InputProblem("the folder's name is no document id", remedy, path=folder)]
    toml = f"{folder}/plan.toml"
    if "plan.toml" not in files:
        return None, [
            InputProblem("the file is missing", "It says what the document is and how to read it.", path=toml)
        ]
    description, problems = read_description(files["plan.toml"], toml)
    judgements, faults = read_judgements(files, folder)
    problems += faults
    if description is None:
        return None, problems
    problems += _check_names(folder, files, description)
    if description.source not in files or problems:
        return None, problems
    path = f"{folder}/{description.source}"
    data = files[description.source]
    remedy = sentence('Save it as UTF-8, or state its encoding in {toml}: encoding = "…".', toml=toml)
    text, problems = decode(data, description.encoding, path, remedy)
    lines, faults = split(text, path) if not problems else ([], [])
    if problems or faults:
        return None, problems + faults
    document_id = folder.removeprefix("plans/").upper()
    return Document(document_id, folder, path, hashlib.sha256(data).hexdigest(), lines, description, judgements), []


def _check_names(folder: str, files: Mapping[str, bytes], description: Description) -> list[InputProblem]:
    """plan.toml names a file of its own folder and a known encoding; no file of the folder goes unread."""
    toml = f"{folder}/plan.toml"
    problems = []
    if PurePosixPath(description.source).name != description.source or "\\" in description.source:
        problems.append(
            InputProblem(
                "source leaves the document's folder",
                "Name a file beside plan.toml.",
                path=toml,
                value=description.source,
            )
        )
    elif description.source not in files:
        problems.append(
            InputProblem(
                "source names a file that is not there",
                "Put the document beside plan.toml, or name it right.",
                path=toml,
                value=description.source,
            )
        )
    if codec_name(description.encoding) is None:
        problems.append(
            InputProblem(
                "unknown encoding",
                "Name one that Python knows: utf-8, utf-16, cp1251 …",
                path=toml,
                value=description.encoding,
            )
        )
    remedy = sentence("Take it away; tables of judgement are called {names}.", names=", ".join(JUDGEMENTS))
    unread = sorted(set(files) - {"plan.toml", description.source, *JUDGEMENTS})
    return problems + [InputProblem("nothing reads the file", remedy, path=f"{folder}/{name}") for name in unread]
