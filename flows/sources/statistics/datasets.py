"""The data sets under raw/statistics: a folder each, with dataset.toml. Imports nothing heavy at the top."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError

from flows.sources.files import Inputs
from flows.sources.input_file import InputFile
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.text.lines import decode

DESCRIPTION = "dataset.toml"


@dataclass(frozen=True, slots=True)
class Received:
    """One data set as received: its description and its files, by their paths relative to the folder of raw data."""

    dataset: Dataset
    toml: str
    files: Mapping[str, Path]
    structure: Path | None
    sha256: str  # over dataset.toml and every file
    unread: tuple[str, ...]  # files of the folder that the description does not name

    def row(self) -> dict[str, Any]:
        """What the description says for dim_dataset."""
        names = ("dataset_id", "title", "publisher", "source_url", "licence", "retrieved_on", "format")
        return {name: getattr(self.dataset, name) for name in names} | {"sha256": self.sha256}


def receive(inputs: Inputs) -> tuple[list[Received], list[InputProblem]]:
    """The data sets that can be read, by id, and what is wrong with the others."""
    received: list[Received] = []
    problems: list[InputProblem] = []
    for folder, files in sorted(_folders(inputs).items()):
        found, faults = _receive(folder, files)
        problems += faults
        if found:
            received.append(found)
    problems += _same_ids(received)
    return sorted(received, key=lambda one: one.dataset.dataset_id), problems


def _folders(inputs: Inputs) -> dict[str, dict[str, InputFile]]:
    """Files of each data set's folder, by their path inside it."""
    folders: dict[str, dict[str, InputFile]] = {}
    for path, file in inputs.statistics.items():
        top, folder, *inside = path.split("/")
        folders.setdefault(f"{top}/{folder}", {})["/".join(inside)] = file
    return folders


def _same_ids(received: list[Received]) -> Iterator[InputProblem]:
    seen: dict[str, str] = {}
    for one in received:
        name = one.dataset.dataset_id.upper()
        if name in seen:
            remedy = "Give each data set an id of its own."
            yield InputProblem(
                sentence("the dataset_id is that of {other_toml}", other_toml=seen[name]),
                remedy,
                path=one.toml,
                value=one.dataset.dataset_id,
            )
        seen.setdefault(name, one.toml)


def _receive(folder: str, files: Mapping[str, InputFile]) -> tuple[Received | None, list[InputProblem]]:
    toml = f"{folder}/{DESCRIPTION}"
    if "" in files:
        remedy = "Each data set has a folder of its own under raw/statistics."
        return None, [InputProblem("the file stands outside a data set's folder", remedy, path=folder)]
    remedy = "Put a file there that npa may read, or take it away."
    faults: list[InputProblem] = [
        InputProblem(str(file.fault).rstrip("."), remedy, path=f"{folder}/{name}", is_temporary=True)
        for name, file in files.items()
        if file.fault
    ]
    faults += _links_out(folder, files)
    if DESCRIPTION not in files:
        remedy = "It says what the data set is; npa dataset describe FILE drafts one."
        return None, [*faults, InputProblem("the file is missing", remedy, path=toml)]
    if faults:
        return None, faults
    dataset, faults = _read_description(files[DESCRIPTION].path, toml)
    if dataset is None:
        return None, faults
    named, faults = _named(dataset, files, toml)
    if faults:
        return None, faults
    digest = hashlib.sha256("\n".join(f"{name}\0{file.sha256}" for name, file in sorted(files.items())).encode())
    structure = files[dataset.structure].path if dataset.structure else None
    unread = tuple(f"{folder}/{name}" for name in files.keys() - {*named, DESCRIPTION, dataset.structure})
    paths = {f"{folder}/{name}": files[name].path for name in named}
    return Received(dataset, toml, paths, structure, digest.hexdigest(), tuple(sorted(unread))), []


def _links_out(folder: str, files: Mapping[str, InputFile]) -> Iterator[InputProblem]:
    """Links that lead out of a data set's folder, as for documents: what they lead to may be no business of npa's."""
    for name, file in files.items():
        home = file.path.parents[len(PurePosixPath(name).parts) - 1].resolve()
        if not file.fault and file.path.is_symlink() and not file.path.resolve().is_relative_to(home):
            what = "the link leads out of the data set's folder"
            yield InputProblem(what, "Put the file itself there.", path=f"{folder}/{name}")


def _read_description(path: Path, toml: str) -> tuple[Dataset | None, list[InputProblem]]:
    text, problems = decode(path.read_bytes(), "utf-8", toml)
    if problems:
        return None, problems
    try:
        return Dataset.model_validate(tomllib.loads(StringIO(text, newline=None).read())), []  # any line end is one
    except ValidationError as error:
        return None, [_invalid(fault, toml) for fault in error.errors()]
    except (ValueError, RecursionError) as error:
        return None, [
            InputProblem(
                sentence("the file is not TOML: {error}", error=error), "See https://toml.io for its rules.", path=toml
            )
        ]


def _invalid(fault: Any, toml: str) -> InputProblem:
    place = ".".join(map(str, fault["loc"]))
    kind = fault["type"]
    if kind == "extra_forbidden":
        return InputProblem(
            "the key is unknown", "Is it misspelt? docs/statistics.md lists the keys.", path=toml, value=place
        )
    if kind == "missing":
        return InputProblem("the key is missing", "docs/statistics.md says what it means.", path=toml, value=place)
    return InputProblem(
        sentence("{place}: {reason}", place=place, reason=fault["msg"]),
        "docs/statistics.md says what may stand there.",
        path=toml,
        value=str(fault["input"]),
    )


def _named(dataset: Dataset, files: Mapping[str, InputFile], toml: str) -> tuple[list[str], list[InputProblem]]:
    """The files that dataset.toml names, in order, each once."""
    named: dict[str, None] = {}
    problems = []
    for pattern in (*dataset.files, *filter(None, [dataset.structure])):
        if PurePosixPath(pattern).is_absolute() or ".." in PurePosixPath(pattern).parts or "\\" in pattern:
            what = "the path leads out of the data set's folder"
            problems.append(InputProblem(what, "Name a file beside dataset.toml.", path=toml, value=pattern))
            continue
        found = [name for name in sorted(files) if name == pattern or fnmatchcase(name, pattern)]
        if not found:
            there = ", ".join(sorted(files))
            problems.append(
                InputProblem(
                    "no file is named so", sentence("The folder has: {there}.", there=there), path=toml, value=pattern
                )
            )
        if pattern != dataset.structure:
            named |= dict.fromkeys(name for name in found if name not in (DESCRIPTION, dataset.structure))
    if not named and not problems:
        problems.append(InputProblem("`files` names no file", "Name the files of the data set.", path=toml))
    return list(named), problems
