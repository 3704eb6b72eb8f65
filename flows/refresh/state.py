"""What is taken over from the current release: documents and data sets that have not changed, if the software has not.

`reading.json` of a release keeps what the tables do not say of a reading: by which bytes and settings it was read, what
spans documents, what was noted of data sets. Imports nothing heavy."""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flows.releases.integrity import damage
from flows.releases.warehouse import Warehouse
from flows.sources.files import Inputs
from transforms.errors import NpaError

FILE = "reading.json"
# They read and write too: another version of them may make other bytes.
_LIBRARIES = ("duckdb", "pandas", "lxml", "openpyxl", "python-calamine")


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


def take_over(warehouse: Warehouse, inputs: Inputs, software: str) -> Kept:
    """What the current release has of these inputs. Nothing, where it is not whole or other software made it."""
    try:
        release = warehouse.current_release()
        manifest = warehouse.manifest(release)
        if manifest["software_version"] != software or any(damage(release, manifest, read_all=True)):
            return NOTHING
        reading = json.loads((release / FILE).read_text(encoding="utf-8"))
    except (NpaError, OSError):  # no release, one that is not whole, one of a version that kept no reading
        return NOTHING
    if reading["libraries"] != libraries():
        return NOTHING
    now, then = marks(inputs), reading["documents"]
    same = {folder: one["spanning"] for folder, one in then.items() if now.get(folder) == one["mark"]}
    gone = tuple(document_id(folder) for folder in then if folder not in same)
    return Kept(release, same, gone, reading["datasets"])


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


def write_reading(folder: Path, inputs: Inputs, spanning: Mapping[str, Any], datasets: Mapping[str, Any]) -> None:
    """Keep, beside a release that is being made, what its reading found."""
    of_documents = marks(inputs)
    documents = {name: {"mark": of_documents[name], "spanning": spanning[name]} for name in sorted(spanning)}
    content = {"libraries": libraries(), "documents": documents, "datasets": datasets}
    (folder / FILE).write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


def link(source: Path, target: Path) -> None:
    """Have a published file in the release that is being made too, without its bytes twice where the file system can.

    Neither is ever written to again: who makes it anew takes the name away first."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)  # of a try before this one
    with contextlib.suppress(OSError):
        os.link(source, target)
        return
    shutil.copyfile(source, target)
