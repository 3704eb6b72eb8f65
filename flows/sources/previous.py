"""What the release before this one has of the same inputs."""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flows.sources.files import Inputs

# They read and write too: another version of them may make other bytes.
_LIBRARIES = ("duckdb", "pandas", "lxml", "python-calamine")


@dataclass(frozen=True, slots=True)
class Kept:
    """What of the last release stands: its folder; by folder of each unchanged document what spans documents; the ids
    of its other documents; what was found in each of its data sets."""

    folder: Path = Path()
    documents: Mapping[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    datasets: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def database(self) -> Path | None:
        """The database to start from; None where no document stands."""
        return self.folder / "npa.duckdb" if self.documents else None


NOTHING = Kept()


def libraries() -> dict[str, str]:
    """Versions of what reads and writes beside npa."""
    return {name: version(name) for name in _LIBRARIES}


def marks(inputs: Inputs) -> dict[str, str]:
    """A digest over the files of each document's folder: the same means that it reads the same."""
    found: dict[str, list[str]] = {}
    for path, sha in inputs.hashes().items():
        if path in inputs.files:
            found.setdefault(path.rpartition("/")[0], []).append(f"{path}\0{sha}")
    return {folder: digest(*files) for folder, files in found.items()}


def document_id(folder: str) -> str:
    """Id of the document in a folder under raw/plans."""
    return folder.removeprefix("plans/").upper()


def digest(*parts: str) -> str:
    """SHA-256 over texts."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def link(source: Path, target: Path) -> None:
    """Have a published file in the release that is being made too, without its bytes twice where the file system can.

    Neither is ever written to again: who makes it anew takes the name away first."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)  # of a try before this one
    with contextlib.suppress(OSError):
        os.link(source, target)
        return
    shutil.copyfile(source, target)
