"""From a document's files to what the transforms read."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from transforms.errors import InputRejected, Problem
from transforms.plans.description.document import Document, read_description, read_judgements
from transforms.plans.description.plan_toml import JUDGEMENTS, Description
from transforms.text import decode, split

_FOLDER = re.compile(r"plans/[a-z0-9]+(?:-[a-z0-9]+)*")


def read_document(folder: str, files: Mapping[str, bytes]) -> tuple[Document | None, list[Problem]]:
    """The document of a folder under raw/plans, or what is wrong with it."""
    if not _FOLDER.fullmatch(folder):
        remedy = "Name it as the document's id in lower case: letters a-z, digits, hyphens."
        return None, [Problem(folder, 0, "the folder's name is no document id", remedy)]
    toml = f"{folder}/plan.toml"
    if "plan.toml" not in files:
        return None, [Problem(toml, 0, "the file is missing", "It says what the document is and how to read it.")]
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
    remedy = f'Save it as UTF-8, or state its encoding in {toml}: encoding = "…".'
    text, problems = decode(data, description.encoding, path, remedy)
    lines, faults = split(text, path) if not problems else ([], [])
    if problems or faults:
        return None, problems + faults
    document_id = folder.removeprefix("plans/").upper()
    return Document(document_id, folder, path, hashlib.sha256(data).hexdigest(), lines, description, judgements), []


def _check_names(folder: str, files: Mapping[str, bytes], description: Description) -> list[Problem]:
    """plan.toml names a file of its own folder and a known encoding; no file of the folder goes unread."""
    toml = f"{folder}/plan.toml"
    problems = []
    if PurePosixPath(description.source).name != description.source or "\\" in description.source:
        problems.append(
            Problem(toml, 0, "source leaves the document's folder", "Name a file beside plan.toml.", description.source)
        )
    elif description.source not in files:
        problems.append(
            Problem(
                toml,
                0,
                "source names a file that is not there",
                "Put the document beside plan.toml, or name it right.",
                description.source,
            )
        )
    try:
        "".encode(description.encoding)
    except (LookupError, ValueError):  # no encoding, or none of text
        problems.append(
            Problem(
                toml, 0, "unknown encoding", "Name one that Python knows: utf-8, utf-16, cp1251 …", description.encoding
            )
        )
    remedy = f"Take it away; tables of judgement are called {', '.join(JUDGEMENTS)}."
    unread = sorted(set(files) - {"plan.toml", description.source, *JUDGEMENTS})
    return problems + [Problem(f"{folder}/{name}", 0, "nothing reads the file", remedy) for name in unread]


def reject(problems: list[Problem]) -> None:
    """Raise all problems at once, if there are any."""
    if problems:
        raise InputRejected(problems)
