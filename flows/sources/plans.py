"""The plans: documents are read in batches, each for itself, then put together."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from transforms.errors import InputProblem
from transforms.plans.description.document import JUDGEMENTS, Document
from transforms.plans.description.plan_toml import Description
from transforms.plans.description.reading import read_description, read_judgements
from transforms.plans.normalise import normalise
from transforms.quality.text import sentence
from transforms.tables.rows import Rows
from transforms.text.encodings import codec_name
from transforms.text.lines import decode, split

_FOLDER = re.compile(r"plans/[a-z0-9]+(?:-[a-z0-9]+)*")
# A task of Prefect costs 0.1 s, a document 20 ms.
_BATCH = 50

Folders = Mapping[str, Mapping[str, bytes]]  # files of each document's folder, by name


@dataclass(slots=True)
class Plans:
    """The rows of all documents or one, and what is wrong so far."""

    rows: Rows = field(default_factory=Rows)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)  # by plan_id and name in [plan.expected]
    problems: list[InputProblem] = field(default_factory=list)


def batches(folders: Folders) -> list[tuple[Folders]]:
    """Return the arguments of `read_plans`, those of one task each."""
    names = list(folders)
    starts = range(0, len(names), _BATCH)
    return [({name: folders[name] for name in names[start : start + _BATCH]},) for start in starts]


def read_plans(folders: Folders) -> dict[str, Plans]:
    """Read each document for itself: every line gets its role, the lines become rows."""
    plans = {}
    for folder, files in folders.items():
        document, problems = read_document(folder, files)
        plans[folder] = Plans(problems=problems)
        if document:
            plans[folder].counts, faults = normalise(document, plans[folder].rows)
            problems += faults
    return plans


def gather(batches: Iterable[Mapping[str, Plans]]) -> Plans:
    """Return all documents together, in the order of their folders."""
    documents = {folder: document for batch in batches for folder, document in batch.items()}
    plans = Plans()
    for _, document in sorted(documents.items()):
        plans.rows.extend(document.rows)
        plans.counts |= document.counts
        plans.problems += document.problems
    return plans


def read_document(folder: str, files: Mapping[str, bytes]) -> tuple[Document | None, list[InputProblem]]:
    """Return the document of a folder under raw/plans, or what is wrong with it."""
    if not _FOLDER.fullmatch(folder):
        remedy = "Name it as the document's id in lower case: letters a-z, digits, hyphens."
        return None, [InputProblem("the folder's name is no document id", remedy, path=folder)]
    toml = f"{folder}/plan.toml"
    if "plan.toml" not in files:
        remedy = "It says what the document is and how to read it."
        return None, [InputProblem("the file is missing", remedy, path=toml)]
    description, problems = read_description(files["plan.toml"], toml)
    judgements, faults = read_judgements(files, folder)
    problems += [*faults, *(_check_names(folder, files, description) if description else ())]
    if description is None or problems:
        return None, problems
    path, data = f"{folder}/{description.source}", files[description.source]
    remedy = sentence('Save it as UTF-8, or state its encoding in {toml}: encoding = "…".', toml=toml)
    text, problems = decode(data, description.encoding, path, remedy)
    lines, faults = split(text, path) if not problems else ([], [])
    if problems or faults:
        return None, problems + faults
    document_id = folder.removeprefix("plans/").upper()
    return Document(document_id, folder, path, hashlib.sha256(data).hexdigest(), lines, description, judgements), []


def _check_names(folder: str, files: Mapping[str, bytes], description: Description) -> Iterator[InputProblem]:
    """Yield a problem for each file that nothing reads, and where plan.toml names none of its folder or no encoding."""
    toml, source = f"{folder}/plan.toml", description.source
    if PurePosixPath(source).name != source or "\\" in source:
        remedy = "Name a file beside plan.toml."
        yield InputProblem("source leaves the document's folder", remedy, path=toml, value=source)
    elif source not in files:
        remedy = "Put the document beside plan.toml, or name it right."
        yield InputProblem("source names a file that is not there", remedy, path=toml, value=source)
    if codec_name(description.encoding) is None:
        remedy = "Name one that Python knows: utf-8, utf-16, cp1251 …"
        yield InputProblem("unknown encoding", remedy, path=toml, value=description.encoding)
    remedy = sentence("Take it away; tables of judgement are called {names}.", names=", ".join(JUDGEMENTS))
    for name in sorted(set(files) - {"plan.toml", source, *JUDGEMENTS}):
        yield InputProblem("nothing reads the file", remedy, path=f"{folder}/{name}")
