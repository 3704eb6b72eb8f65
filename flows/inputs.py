"""The files that go in: read once, hashed, and never looked at again. Imports nothing heavy."""

import hashlib
import os
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from transforms.problems import InputRejected, Problem

_BESIDE = {"README.md", "SOURCE.txt"}  # notes for people, no inputs


@dataclass(frozen=True, slots=True)
class Inputs:
    """Every file under raw/plans by its path relative to the folder of raw data."""

    files: dict[str, bytes]

    def folders(self) -> dict[str, dict[str, bytes]]:
        """Files of each document's folder, by name."""
        found: dict[str, dict[str, bytes]] = {}
        for path, data in self.files.items():
            folder, _, name = path.rpartition("/")
            found.setdefault(folder, {})[name] = data
        return found

    def hashes(self) -> dict[str, str]:
        """SHA-256 of each file."""
        return {path: hashlib.sha256(data).hexdigest() for path, data in sorted(self.files.items())}


def read_inputs(raw: Path) -> Inputs:
    """Read raw/plans; a missing folder, strange files and links that lead elsewhere are refused, all at once."""
    plans = raw / "plans"
    if not plans.is_dir():
        raise InputRejected([Problem(str(plans), 0, "there is no such folder", "Is --raw right? It holds plans/.")])
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for folder in sorted(plans.iterdir()):
        if folder.name.startswith(".") or folder.name in _BESIDE:
            continue
        if folder.is_dir():
            _read_folder(folder, files, problems)
        else:
            problems.append(
                Problem(
                    f"plans/{folder.name}",
                    0,
                    "the file stands outside a document's folder",
                    "Each document has a folder of its own under raw/plans.",
                )
            )
    if problems:
        raise InputRejected(problems)
    if not files:
        raise InputRejected([Problem(str(plans), 0, "no document is there", "Put one folder a document into it.")])
    return Inputs(files)


def _read_folder(folder: Path, files: dict[str, bytes], problems: list[Problem]) -> None:
    for path in sorted(folder.iterdir()):
        name = f"plans/{folder.name}/{path.name}"
        if path.name.startswith(".") or path.name in _BESIDE:
            continue
        if not path.resolve().is_relative_to(folder.resolve()):
            problems.append(
                Problem(name, 0, "the link leads out of the document's folder", "Put the file itself there.")
            )
        elif not path.is_file():
            problems.append(Problem(name, 0, "this is not a file", "A document's folder holds files only."))
        else:
            try:
                files[name] = path.read_bytes()
            except OSError as error:
                problems.append(Problem(name, 0, f"the file cannot be read: {error.strerror}", "Let npa read it."))


def software_version() -> str:
    """Version of npa with a digest of its code, so that changed code makes a new release."""
    root = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for room in ("flows", "schemas", "transforms"):
        for folder, _, names in sorted(os.walk(root / room)):
            for name in sorted(n for n in names if n.endswith((".py", ".sql"))):
                digest.update(name.encode() + b"\0" + Path(folder, name).read_bytes())
    return f"{version('npa')}+{digest.hexdigest()[:8]}"


def fingerprint(inputs: Inputs, as_of: str, software: str) -> str:
    """SHA-256 over all that goes in; the same fingerprint means the same release."""
    parts = [f"{path}\0{sha}" for path, sha in inputs.hashes().items()]
    return hashlib.sha256("\n".join([*parts, as_of, software]).encode()).hexdigest()
