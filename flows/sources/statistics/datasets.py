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

from flows.sources.files import BESIDE_DATA_SETS, Inputs, leads_out
from flows.sources.input_file import InputFile
from transforms.errors import InputProblem, problem_in
from transforms.statistics.composites.listed_codes import listed_codes
from transforms.statistics.dataset.dataset_toml import Dataset, Origin
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
        """Return what the description says for dim_dataset."""
        names = (
            "dataset_id",
            "title",
            "publisher",
            "source_url",
            "licence",
            "retrieved_on",
            *Origin.model_fields,
            "format",
        )
        return {name: getattr(self.dataset, name) for name in names} | {"sha256": self.sha256}


def receive(inputs: Inputs) -> tuple[list[Received], list[InputProblem]]:
    """Return the data sets that can be read, by id, and what is wrong with the others."""
    folders: dict[str, dict[str, InputFile]] = {}  # files by their path inside the folder
    for path, file in inputs.statistics.items():
        top, folder, *inside = path.split("/")
        if path not in BESIDE_DATA_SETS:
            folders.setdefault(f"{top}/{folder}", {})["/".join(inside)] = file
    received: dict[str, Received] = {}
    problems: list[InputProblem] = []
    for folder, files in sorted(folders.items()):
        data_set, faults = receive_folder(folder, files)
        if data_set and (other := received.setdefault(data_set.dataset.dataset_id.upper(), data_set)) != data_set:
            what, remedy = "the dataset_id is that of {other_toml}", "Give each data set an id of its own."
            toml, dataset_id = data_set.toml, data_set.dataset.dataset_id
            faults.append(problem_in(toml, 0, what, remedy, dataset_id, other_toml=other.toml))
        problems += faults
    return sorted(received.values(), key=lambda data_set: data_set.dataset.dataset_id), problems


def receive_folder(folder: str, files: Mapping[str, InputFile]) -> tuple[Received | None, list[InputProblem]]:
    """Return the data set of a folder, or what is wrong with its description. `files`: by their paths inside it."""
    toml = f"{folder}/{DESCRIPTION}"
    if problems := list(_folder_problems(folder, files)):
        return None, problems
    dataset, problems = _read_description(files[DESCRIPTION].path, toml)
    if dataset is None:
        return None, problems
    named, problems = _named(dataset, files, toml)
    if problems:
        return None, problems
    unread = sorted(f"{folder}/{name}" for name in files.keys() - {*named, *_beside(dataset)})
    dataset, problems = _with_codes(dataset, files, folder)
    if problems:
        return None, problems
    digest = hashlib.sha256("\n".join(f"{name}\0{file.sha256}" for name, file in sorted(files.items())).encode())
    structure = files[dataset.structure].path if dataset.structure else None
    paths = {f"{folder}/{name}": files[name].path for name in named}
    return Received(dataset, toml, paths, structure, digest.hexdigest(), tuple(unread)), []


def _folder_problems(folder: str, files: Mapping[str, InputFile]) -> Iterator[InputProblem]:
    if "" in files:
        remedy = "Each data set has a folder of its own under raw/statistics."
        yield InputProblem("the file stands outside a data set's folder", remedy, path=folder)
        return
    for name, file in files.items():
        yield from file_problems(file, file.path.parents[len(PurePosixPath(name).parts) - 1], f"{folder}/{name}")
    if DESCRIPTION not in files:
        remedy = "It says what the data set is; npa dataset describe FILE drafts one."
        yield InputProblem("the file is missing", remedy, path=f"{folder}/{DESCRIPTION}")


def file_problems(file: InputFile, home: Path, path: str) -> Iterator[InputProblem]:
    """Yield the problem with a file that cannot be read, or that is a link out of its folder `home`."""
    if file.fault:
        remedy = "Put a file there that npa may read, or take it away."
        yield InputProblem(str(file.fault).rstrip("."), remedy, path=path, is_temporary=True)
    elif leads_out(file.path, home):
        yield InputProblem("the link leads out of its folder", "Put the file itself there.", path=path)


def _read_description(path: Path, toml: str) -> tuple[Dataset | None, list[InputProblem]]:
    text, problems = decode(path.read_bytes(), "utf-8", toml)
    if problems:
        return None, problems
    try:
        return Dataset.model_validate(tomllib.loads(StringIO(text, newline=None).read())), []  # any line end is one
    except ValidationError as error:
        return None, [_invalid(fault, toml) for fault in error.errors()]
    except (ValueError, RecursionError) as error:
        what, remedy = "the file is not TOML: {error}", "See https://toml.io for its rules."
        return None, [problem_in(toml, 0, what, remedy, error=error)]


def _invalid(fault: Any, toml: str) -> InputProblem:
    value = place = ".".join(map(str, fault["loc"]))
    if fault["type"] == "extra_forbidden":
        what, remedy = "the key is unknown", "Is it misspelt? docs/guides/statistics.md lists the keys."
    elif fault["type"] == "missing":
        what, remedy = "the key is missing", "docs/guides/statistics.md says what it means."
    else:
        what, remedy = "{place}: {reason}", "docs/guides/statistics.md says what may stand there."
        value = str(fault["input"])
    return problem_in(toml, 0, what, remedy, value, place=place, reason=fault["msg"])


def _beside(dataset: Dataset) -> list[str]:
    """Return the files that describe the data: dataset.toml, and those that it names, structures and lists of codes."""
    lists = [composite.codes for composite in dataset.composite if isinstance(composite.codes, str)]
    return [DESCRIPTION, *filter(None, [dataset.structure]), *lists]


def _with_codes(dataset: Dataset, files: Mapping[str, InputFile], folder: str) -> tuple[Dataset, list[InputProblem]]:
    """Return the data set with what its lists of composite codes say in place of their names."""
    composites, problems = [], []
    for composite in dataset.composite:
        if isinstance(name := composite.codes, str):
            codes, faults = listed_codes(files[name].path.read_bytes(), f"{folder}/{name}")
            composite = composite.model_copy(update={"codes": codes})
            problems += faults
        composites.append(composite)
    return dataset.model_copy(update={"composite": composites}), problems


def _named(dataset: Dataset, files: Mapping[str, InputFile], toml: str) -> tuple[list[str], list[InputProblem]]:
    """Return the files that dataset.toml names, in order, each once."""
    named: dict[str, None] = {}
    problems = []
    beside = _beside(dataset)
    for pattern in (*dataset.files, *beside[1:]):
        if PurePosixPath(pattern).is_absolute() or ".." in PurePosixPath(pattern).parts or "\\" in pattern:
            what, remedy = "the path leads out of the data set's folder", "Name a file beside dataset.toml."
            problems.append(InputProblem(what, remedy, path=toml, value=pattern))
            continue
        is_glob = pattern not in beside
        names = [name for name in sorted(files) if name == pattern or (is_glob and fnmatchcase(name, pattern))]
        if not names:
            what, remedy, there = "no file is named so", "The folder has: {there}.", ", ".join(sorted(files))
            problems.append(problem_in(toml, 0, what, remedy, pattern, there=there))
        if is_glob:
            named |= dict.fromkeys(name for name in names if name not in beside)
    if not named and not problems:
        problems.append(InputProblem("`files` names no file", "Name the files of the data set.", path=toml))
    return list(named), problems
