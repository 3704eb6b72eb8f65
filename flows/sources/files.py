"""The files that go in: read once, hashed, and never looked at again. Imports nothing heavy."""

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import basename
from typing import Any

from flows.sources.input_file import InputFile, check_exists, check_unchanged, file_state
from flows.sources.root_entries import REMOVED, TABLES, TOPS, misspelt_entries
from transforms.errors import InputProblem, InputRejected
from transforms.quality.catalogue import message_of
from transforms.quality.text import sentence

_DATASET = "dataset.toml"
Counts = Mapping[str, tuple[int, int]]  # path: rows taken from it, and rows that it has (build/database.py)

# Notes for people, and what desktops leave behind: no inputs.
_NO_INPUTS = {"README.md", "SOURCE.txt", "Thumbs.db", "desktop.ini"}
# What stands for a file that is not here yet: in a folder that a cloud fills, or while it is downloaded.
_PLACEHOLDERS = (".icloud", ".nextcloud", ".owncloud", ".crdownload", ".part", ".partial", ".download")
# What figures may be, next to the folders of the data sets (flows/sources/statistics/ranges.py).
RANGES = "statistics/plausible_ranges.csv"
# Whom and what series are about, there too (flows/sources/statistics/series.py).
SERIES = "statistics/series.csv"
BESIDE_DATA_SETS = (RANGES, SERIES)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Every input file by its path relative to the folder of raw data."""

    files: dict[str, bytes]  # of documents
    reports: dict[str, InputFile] = field(default_factory=dict)
    evidence: dict[str, InputFile] = field(default_factory=dict)  # what reports cite; it is never read
    statistics: dict[str, InputFile] = field(default_factory=dict)
    plans: dict[str, InputFile] = field(default_factory=dict)  # where `files` are from
    removals: dict[str, bytes] = field(default_factory=dict)  # every removed.toml
    tables: dict[str, bytes] = field(default_factory=dict)  # next to the folders

    def folders(self) -> dict[str, dict[str, bytes]]:
        """Return the files of each document's folder, by name."""
        folders: dict[str, dict[str, bytes]] = {}
        for path, data in self.files.items():
            folder, _, name = path.rpartition("/")
            folders.setdefault(folder, {})[name] = data
        return folders

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of each file."""
        read = self.files | self.removals | self.tables
        hashed = self.reports | self.evidence | self.statistics
        hashes = {path: hashlib.sha256(data).hexdigest() for path, data in read.items()}
        return dict(sorted((hashes | {path: file.sha256 for path, file in hashed.items()}).items()))


def read_inputs(raw: Path) -> Inputs:
    """Read raw/plans; a missing folder, strange files and links that lead elsewhere are refused, all at once. Reports,
    evidence and statistics are only hashed: there may be many, and large ones. Raises InputRejected, and WarehouseFault
    where a file changes or vanishes meanwhile."""
    inputs, problems = Inputs({}), list[InputProblem]()
    for top in ("progress", "evidence"):
        if leads_out(raw / top, raw):
            remedy = "Put the folder itself there, or mount it there."
            problems.append(InputProblem("the link leads out of the folder of sources", remedy, path=top))
    _read_documents(raw / "plans", inputs, problems)
    problems += _misspelt(raw)
    removals = [raw / REMOVED, *(path for top in TOPS for path in sorted((raw / top).rglob(REMOVED)))]
    _read_tables(removals, raw, inputs.removals, problems)
    _read_tables([raw / name for name in TABLES], raw, inputs.tables, problems)
    check_unchanged(inputs.plans)
    if not problems and not inputs.files:
        remedy = "Put one folder a document into it."
        problems.append(InputProblem("no document is there", remedy, path=str(raw / "plans")))
    if problems:
        raise InputRejected(problems)
    inputs.reports.update(_hash_files(raw, "progress"))
    inputs.evidence.update(_hash_files(raw, "evidence"))
    inputs.statistics.update(_hash_files(raw, "statistics"))
    return inputs


def _misspelt(raw: Path) -> list[InputProblem]:
    """Return what is wrong with the names next to the folders; nothing if there is no folder, which is reported."""
    if not raw.is_dir():
        return []
    return [*misspelt_entries(raw, [path.name for path in raw.iterdir() if _is_input(path.name)])]


@contextlib.contextmanager
def _collected(problems: list[InputProblem], path: Path, name: str) -> Iterator[None]:
    """Add what is wrong with a file or folder to `problems`. Raises WarehouseFault if it is gone."""
    try:
        yield
    except InputProblem as problem:
        problems.append(problem.at(name))
    except OSError as error:
        check_exists(path, name)
        what = sentence("it cannot be read: {reason}", reason=error.strerror)
        problems.append(InputProblem(what, "Let npa read it.", path=name, is_temporary=True))


def _read_documents(plans: Path, inputs: Inputs, problems: list[InputProblem]) -> None:
    """Read the folder of each document."""
    with _collected(problems, plans, str(plans)):
        if not plans.is_dir():
            raise InputProblem("there is no such folder", "Is --raw right? It holds plans/.", is_temporary=True)
        for folder in _entries(plans, "plans", problems):
            with _collected(problems, folder, name := f"plans/{folder.name}"):
                if folder.is_dir():
                    _read_folder(folder, name, inputs, problems)
                else:
                    check_exists(folder, name)
                    remedy = "Each document has a folder of its own under raw/plans."
                    raise InputProblem("the file stands outside a document's folder", remedy)


def _read_folder(folder: Path, own: str, inputs: Inputs, problems: list[InputProblem]) -> None:
    entries = _entries(folder, own, problems)
    if not entries:
        remedy = "Put the document and plan.toml there, or take the folder away."
        raise InputProblem("the document's folder is empty: plan.toml is missing", remedy)
    for path in entries:
        with _collected(problems, path, name := f"{own}/{path.name}"):
            if leads_out(path, folder):
                raise InputProblem("the link leads out of the document's folder", "Put the file itself there.")
            check_exists(path, name)
            if not path.is_file():
                raise InputProblem("this is not a file", "A document's folder holds files only.")
            if path.name.endswith(_PLACEHOLDERS):
                what = "the file is not here yet: this is its placeholder in a cloud folder, or an unfinished download"
                raise InputProblem(what, "Download it, or take the placeholder away.")
            state, data = file_state(path), path.read_bytes()
            inputs.files[name] = data
            inputs.plans[name] = InputFile(path, hashlib.sha256(data).hexdigest(), None, state)


def _read_tables(paths: Iterable[Path], raw: Path, tables: dict[str, bytes], problems: list[InputProblem]) -> None:
    """Read those of the files that are there, each in a folder of the raw data."""
    for path in paths:
        with _collected(problems, path, name := _name(path, raw)):
            if leads_out(path, path.parent):
                raise InputProblem("the link leads out of its folder", "Put the file itself there.")
            if path.is_file():
                tables[name] = path.read_bytes()


def leads_out(path: Path, home: Path) -> bool:
    """Return True if `path` is a link to something outside the folder `home`, or to itself: by one, any file that npa
    can read would be published, because refused rows are published as they are."""
    if not path.is_symlink():
        return False
    try:
        return not path.resolve().is_relative_to(home.resolve())
    except (RuntimeError, OSError):  # a loop of links
        return True


def _hash_files(raw: Path, top: str) -> dict[str, InputFile]:
    """Hash every file under a folder of the raw data, except notes and what desktops leave. None is refused: a report
    that cannot be read does not keep the night from publishing. One that vanishes does: its move is not done."""
    hashed: dict[str, InputFile] = {}

    def reject_folder(error: OSError) -> None:
        if (raw / top).exists():
            path = Path(error.filename)
            hashed[_name(path, raw)] = _rejected(path, reason=str(error.strerror))

    for root, folders, files in os.walk(raw / top, onerror=reject_folder):
        folders[:] = filter(_is_input, folders)
        for path in filter(Path.is_symlink, (Path(root, name) for name in folders)):
            hashed[_name(path, raw)] = _rejected(path, "folder_link")
        for path in (Path(root, name) for name in filter(_is_input, files)):
            # Links of a data set's files are checked in flows/sources/statistics/datasets.py.
            name = _name(path, raw)
            hashed[name] = _hash(path, name, None if top == "statistics" else raw)
    return dict(sorted(hashed.items()))


def _hash(path: Path, name: str, home: Path | None) -> InputFile:
    """Hash a file, which must lie in the folder `home` if that is named. Raises WarehouseFault if it is gone."""
    try:
        if path.name.endswith(_PLACEHOLDERS):
            return _rejected(path, "not_here")
        state = file_state(path)
        if not path.is_file():
            raise OSError(0, "it is no file")
        with path.open("rb") as file:
            # Where what was opened really is: a folder above it may have become a link since it was listed.
            opened = Path(f"/proc/self/fd/{file.fileno()}")
            place = opened.readlink() if opened.is_symlink() else path.resolve()
            if home and not place.is_relative_to(home.resolve()):
                return _rejected(path, "link_leads_out")
            return InputFile(path, hashlib.file_digest(file, "sha256").hexdigest(), None, state)
    except OSError as error:
        check_exists(path, name)
        return _rejected(path, reason=str(error.strerror))


def _rejected(path: Path, variant: str = "", **arguments: str) -> InputFile:
    return InputFile(path, "", message_of("file_unreadable", variant, **arguments))


def _entries(folder: Path, name: str, problems: list[InputProblem]) -> list[Path]:
    """List a folder without notes, hidden files and what desktops leave; names that are no text are refused."""
    entries = [path for path in sorted(folder.iterdir()) if _is_input(path.name)]
    strange = [f"{name}/{as_text(path.name)}" for path in entries if not path.name.isprintable()]
    problems += [InputProblem("the name is not UTF-8 text", "Rename it.", path=place) for place in strange]
    return [path for path in entries if path.name.isprintable()]


def _is_input(name: str) -> bool:
    is_left_over = name.startswith((".", "~$")) and not name.endswith(_PLACEHOLDERS)  # .report.xlsx.icloud
    return not is_left_over and name not in _NO_INPUTS and name != REMOVED


def _name(path: Path, raw: Path) -> str:
    """Return the path of a file relative to the folder of raw data."""
    return as_text("/".join(path.relative_to(raw).parts))


def as_text(name: str) -> str:
    """Return the name of a file, or what contains it; bytes that are no UTF-8 are written out."""
    return name.encode("utf-8", "backslashreplace").decode()


def described_inputs(inputs: Inputs, now: Counts) -> list[dict[str, Any]]:
    """Return what the manifest says of each input: path and SHA-256, of a report or data file the rows taken, too."""
    uncounted = {path for path in inputs.statistics if basename(path) == _DATASET or path in BESIDE_DATA_SETS}
    counted = {*inputs.reports, *inputs.statistics} - uncounted
    return [
        {"path": path, "sha256": sha} | ({"rows": now.get(path, (0, 0))[0]} if path in counted else {})
        for path, sha in inputs.hashes().items()
    ]
