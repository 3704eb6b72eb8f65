"""The plans: documents read in batches, each for itself, then what they say together."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.sources.documents import read_document
from transforms.errors import Problem
from transforms.plans.extract import extract
from transforms.plans.normalise import normalise
from transforms.tables.rows import Rows

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
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Plans:
    """The rows of all documents that were read, and of the others what spans documents; what is wrong so far."""

    rows: Rows
    found: dict[str, dict[str, int]]
    problems: list[Problem]
    spanning: dict[str, dict[str, list[dict[str, Any]]]]  # folder: table: rows


def batches(folders: Folders, kept: Collection[str] = ()) -> Iterator[tuple[Folders]]:
    """The arguments of `read_plans`, a task each, for the folders that are not taken over."""
    names = [name for name in folders if name not in kept]
    for start in range(0, len(names), _BATCH):
        yield ({name: folders[name] for name in names[start : start + _BATCH]},)


def read_plans(folders: Folders) -> dict[str, ReadDocument]:
    """Extract, then normalise, each document for itself: every line gets its role, the lines become rows."""
    return {folder: _read(folder, files) for folder, files in folders.items()}


def _read(folder: str, files: Mapping[str, bytes]) -> ReadDocument:
    read = ReadDocument()
    document, read.problems = read_document(folder, files)
    if document:
        source, faults = extract(document)
        read.found, problems = normalise(document, source, read.rows, is_whole=not faults)
        read.problems += [*faults, *problems]
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
