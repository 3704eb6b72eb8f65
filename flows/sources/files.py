"""The files that go in: read once, hashed, and never looked at again. Imports nothing heavy."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import basename
from typing import Any

from flows.sources.changes import check_unchanged, file_state, is_gone, vanished
from transforms.errors import InputProblem, InputRejected
from transforms.quality.catalogue import Message, message_of
from transforms.quality.text import sentence

_DATASET = "dataset.toml"
Counts = Mapping[str, tuple[int, int]]  # path: rows taken from it, and rows that it holds (build/database.py)


# Notes for people, and what desktops leave behind: no inputs.
_BESIDE = {"README.md", "SOURCE.txt", "Thumbs.db", "desktop.ini"}
# Which sources were taken away, in any folder: an input, but of no document, report or data set.
REMOVED = "removed.toml"
_TOPS = ("plans", "progress", "statistics")


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file of the raw data: where it is, its SHA-256, by what a change is seen; `fault`: why it cannot be read."""

    path: Path
    sha256: str
    fault: Message | None = None
    state: tuple[int, ...] = ()  # see flows/sources/changes.py


@dataclass(frozen=True, slots=True)
class Inputs:
    """Every file under raw/plans, every report and every file of a data set, by its path relative to the folder of raw
    data."""

    files: dict[str, bytes]
    reports: dict[str, InputFile] = field(default_factory=dict)
    statistics: dict[str, InputFile] = field(default_factory=dict)
    plans: dict[str, InputFile] = field(default_factory=dict)  # where `files` are from
    removals: dict[str, bytes] = field(default_factory=dict)  # every removed.toml

    def folders(self) -> dict[str, dict[str, bytes]]:
        """Files of each document's folder, by name."""
        found: dict[str, dict[str, bytes]] = {}
        for path, data in self.files.items():
            folder, _, name = path.rpartition("/")
            found.setdefault(folder, {})[name] = data
        return found

    def hashes(self) -> dict[str, str]:
        """SHA-256 of each file."""
        plans = {path: hashlib.sha256(data).hexdigest() for path, data in (self.files | self.removals).items()}
        others = {name: file.sha256 for name, file in (self.reports | self.statistics).items()}
        return dict(sorted((plans | others).items()))


def read_inputs(raw: Path) -> Inputs:
    """Read raw/plans; a missing folder, strange files and links that lead elsewhere are refused, all at once.

    Reports and statistics are only hashed: there may be many, and large ones. Raises InputRejected, and WarehouseFault
    where a file changes or vanishes meanwhile."""
    plans = raw / "plans"
    files: dict[str, bytes] = {}
    seen: dict[str, InputFile] = {}
    problems: list[InputProblem] = []
    if leads_out(raw / "progress", raw):
        what = "the link leads out of the folder of sources"
        problems.append(InputProblem(what, "Put the folder itself there, or mount it there.", path="progress"))
    _read_documents(plans, files, seen, problems)
    removals = _read_removals(raw, problems)
    check_unchanged(seen)
    if problems:
        raise InputRejected(problems)
    if not files:
        raise InputRejected(
            [InputProblem("no document is there", "Put one folder a document into it.", path=str(plans))]
        )
    return Inputs(files, _find_files(raw, "progress"), _find_files(raw, "statistics"), seen, removals)


def _read_documents(
    plans: Path, files: dict[str, bytes], seen: dict[str, InputFile], problems: list[InputProblem]
) -> None:
    """Read the folder of each document into `files` and `seen`."""
    try:
        if not plans.is_dir():
            remedy = "Is --raw right? It holds plans/."
            raise InputRejected([InputProblem("there is no such folder", remedy, path=str(plans), is_temporary=True)])
        folders = _entries(plans, "plans", problems)
    except OSError as error:
        raise InputRejected([_unreadable(str(plans), error)]) from error
    for folder in folders:
        name = f"plans/{folder.name}"
        if folder.is_dir():
            try:
                _read_folder(folder, files, seen, problems)
            except OSError as error:
                if is_gone(folder):
                    raise vanished(name) from error
                problems.append(_unreadable(name, error))
        elif is_gone(folder):
            raise vanished(name)
        else:
            remedy = "Each document has a folder of its own under raw/plans."
            problems.append(InputProblem("the file stands outside a document's folder", remedy, path=name))


def leads_out(path: Path, home: Path) -> bool:
    """Return True if `path` is a link to something outside the folder `home`, or to itself.

    Who may put a link among the sources could have any file that npa can read published by it: rows refused are
    published as they are."""
    if not path.is_symlink():
        return False
    try:
        return not path.resolve().is_relative_to(home.resolve())
    except (RuntimeError, OSError):  # a loop of links
        return True


def _read_removals(raw: Path, problems: list[InputProblem]) -> dict[str, bytes]:
    """Read every removed.toml in the folder of raw data and below it."""
    found = [raw / REMOVED, *(path for top in _TOPS for path in sorted((raw / top).rglob(REMOVED)))]
    removals = {}
    for path in found:
        name = _name(path, raw)
        try:
            if leads_out(path, path.parent):
                problems.append(
                    InputProblem("the link leads out of its folder", "Put the file itself there.", path=name)
                )
            elif path.is_file():
                removals[name] = path.read_bytes()
        except OSError as error:
            problems.append(_unreadable(name, error))
    return removals


def _find_files(raw: Path, top: str) -> dict[str, InputFile]:
    """Every file under a folder of the raw data, but for notes and what desktops leave.

    None is refused here: a report that cannot be read does not keep the night from publishing. One that vanishes does:
    whoever moves it is not done."""
    folder = raw / top
    found: dict[str, InputFile] = {}
    if not folder.exists():
        return found

    def reject(path: Path, variant: str = "", **arguments: str) -> None:
        found[_name(path, raw)] = InputFile(path, "", message_of("file_unreadable", variant, **arguments))

    for root, folders, files in os.walk(folder, onerror=lambda e: reject(Path(e.filename), reason=str(e.strerror))):
        folders[:] = filter(_is_input, folders)
        for path in (Path(root, name) for name in folders):
            if path.is_symlink():
                reject(path, "folder_link")
        for path in (Path(root, name) for name in files if _is_input(name)):
            try:
                # Of a data set's files, flows/sources/statistics/datasets.py says it.
                found[_name(path, raw)] = _hashed(path, raw if top == "progress" else None)
            except _LeadsOut:
                reject(path, "link_leads_out")
            except OSError as error:
                if is_gone(path):
                    raise vanished(_name(path, raw)) from error
                reject(path, reason=str(error.strerror))
    return dict(sorted(found.items()))


def _name(path: Path, raw: Path) -> str:
    """Path of a file relative to the folder of raw data."""
    return as_text("/".join(path.relative_to(raw).parts))


def as_text(name: str) -> str:
    """The name of a file, or what holds it; bytes that are no UTF-8 are written out."""
    return name.encode("utf-8", "backslashreplace").decode()


def _is_input(name: str) -> bool:
    return not name.startswith((".", "~$")) and name not in _BESIDE and name != REMOVED


class _LeadsOut(Exception):
    """A file that is opened by a path below a folder is none of that folder."""


def _hashed(path: Path, home: Path | None) -> InputFile:
    """Hash a file, of the folder `home` if that is named. Raises _LeadsOut; OSError."""
    state = file_state(path)
    if not path.is_file():
        raise OSError(0, "it is no file")
    with path.open("rb") as file:
        # Where what was opened really is: a folder above it may have become a link since it was listed.
        opened = Path(f"/proc/self/fd/{file.fileno()}")
        place = opened.readlink() if opened.is_symlink() else path.resolve()
        if home and not place.is_relative_to(home.resolve()):
            raise _LeadsOut
        return InputFile(path, hashlib.file_digest(file, "sha256").hexdigest(), None, state)


def _entries(folder: Path, name: str, problems: list[InputProblem]) -> list[Path]:
    """What a folder holds, but for notes, hidden files and what desktops leave; names that are no text are refused."""
    found = []
    for path in sorted(folder.iterdir()):
        if not _is_input(path.name):
            continue
        if path.name.isprintable():
            found.append(path)
        else:
            problems.append(
                InputProblem("the name is not UTF-8 text", "Rename it.", path=f"{name}/{as_text(path.name)}")
            )
    return found


def _read_folder(
    folder: Path, files: dict[str, bytes], seen: dict[str, InputFile], problems: list[InputProblem]
) -> None:
    own = f"plans/{folder.name}"
    entries = _entries(folder, own, problems)
    if not entries:
        what = "the document's folder is empty: plan.toml is missing"
        problems.append(InputProblem(what, "Put the document and plan.toml there, or take the folder away.", path=own))
    for path in entries:
        name = f"{own}/{path.name}"
        if leads_out(path, folder):
            problems.append(
                InputProblem("the link leads out of the document's folder", "Put the file itself there.", path=name)
            )
        elif is_gone(path):
            raise vanished(name)
        elif not path.is_file():
            problems.append(InputProblem("this is not a file", "A document's folder holds files only.", path=name))
        else:
            try:
                state = file_state(path)
                files[name] = path.read_bytes()
                seen[name] = InputFile(path, hashlib.sha256(files[name]).hexdigest(), None, state)
            except OSError as error:
                if is_gone(path):
                    raise vanished(name) from error
                problems.append(_unreadable(name, error))


def _unreadable(name: str, error: OSError) -> InputProblem:
    return InputProblem(
        sentence("it cannot be read: {reason}", reason=error.strerror), "Let npa read it.", path=name, is_temporary=True
    )


def fingerprint(inputs: Inputs, as_of: str, software: str) -> str:
    """SHA-256 over all that goes in; the same fingerprint means the same release."""
    parts = [f"{path}\0{sha}" for path, sha in inputs.hashes().items()]
    return hashlib.sha256("\n".join([*parts, as_of, software]).encode()).hexdigest()


def described_inputs(inputs: Inputs, now: Counts) -> list[dict[str, Any]]:
    """Return what the manifest says of each input: path and SHA-256, of a report or data file the rows taken, too."""
    counted = {path for path in inputs.reports | inputs.statistics if basename(path) != _DATASET}
    return [
        {"path": path, "sha256": sha} | ({"rows": now.get(path, (0, 0))[0]} if path in counted else {})
        for path, sha in inputs.hashes().items()
    ]
