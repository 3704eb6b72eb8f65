"""The hold of a rollback: npa does not publish again by itself what was rolled back from. Imports nothing heavy.

It is in warehouse/hold.json. The release held to is the current one; each release rolled back from has the digest
of what it was made from: raw inputs and software, without as_of, which moves every night."""

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flows.releases.manifest import input_hashes
from flows.releases.warehouse import Warehouse, faults_of
from flows.runtime.files import make_readable, replacing
from transforms.errors import WarehouseFault

_ROOM = 1 << 14  # bytes: a hundred releases rolled back from


@dataclass(frozen=True, slots=True)
class Left:
    """A release rolled back from, and the digest of what it was made from."""

    release_id: str
    sources: str


@dataclass(frozen=True, slots=True)
class Hold:
    """The release held to, and the releases rolled back from, in that order."""

    held_to: str
    left: tuple[Left, ...]

    def reason(self, sources: str) -> str | None:
        """Return in a sentence why inputs with this digest are not published; None if they may be."""
        release_id = next((left.release_id for left in self.left if left.sources == sources), None)
        return release_id and (
            f"{self.held_to} is held to: the inputs and the software are still those of {release_id}, "
            "which was rolled back from. New inputs or another version of npa publish again; --force does now"
        )


def sources_digest(hashes: Mapping[str, str], software: str) -> str:
    """Return the SHA-256 over raw inputs (path to SHA-256) and the version of the software."""
    parts = [f"{path}\0{sha}" for path, sha in sorted(hashes.items())]
    return hashlib.sha256("\n".join([*parts, software]).encode()).hexdigest()


def digest_of(manifest: dict[str, Any]) -> str:
    """Return the digest of what a release was made from."""
    return sources_digest(input_hashes(manifest), manifest["software_version"])


def hold_of(warehouse: Warehouse) -> Hold | None:
    """Return the hold in force, or None. Raises WarehouseFault if it cannot be read.

    If a run died between writing a hold and switching the link, the hold before is in force; a release published since
    ends a hold."""
    path, current = _path(warehouse), warehouse.current_id()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        left = tuple(Left(str(entry["release_id"]), str(entry["sources"])) for entry in content["left"])
        held_to = str(content["held_to"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, LookupError) as error:
        what = (
            "{path} cannot be read ({error}), so nobody knows what was rolled back from. npa refresh "
            "--force publishes and ends the hold; npa rollback to an older release begins it anew, "
            "once the file is moved away."
        )
        raise WarehouseFault(what, path=path, error=repr(error)) from error
    ids = [entry.release_id for entry in left]
    if current is None or current not in [held_to, *ids]:
        return None
    in_force = left if current == held_to else left[: ids.index(current)]
    return Hold(current, in_force) if in_force else None


def begin(warehouse: Warehouse, held_to: str, left: tuple[Left, ...]) -> None:
    """Write the hold, whole or not at all, before the link is switched. Raises WarehouseFault."""
    temporary = warehouse.root / ".staging-hold.json"
    text = json.dumps({"held_to": held_to, "left": [asdict(entry) for entry in left]}, indent=1) + "\n"
    with faults_of(warehouse.root), replacing(_path(warehouse), temporary):
        with contextlib.suppress(FileNotFoundError):
            _spare(warehouse).rename(temporary)
        with temporary.open("r+b" if temporary.exists() else "xb") as file:
            file.write(text.encode())
            file.truncate()
        make_readable(temporary)
    keep_spare(warehouse)


def keep_spare(warehouse: Warehouse) -> None:
    """Reserve room on the disk for a hold, which a rollback on a full disk needs; change nothing if there is none."""
    with contextlib.suppress(OSError):
        handle = os.open(_spare(warehouse), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "ab") as spare:
            spare.write(bytes(max(0, _ROOM - spare.tell())))


def end(warehouse: Warehouse) -> None:
    """Remove the hold. Raises WarehouseFault."""
    with faults_of(warehouse.root):
        _path(warehouse).unlink(missing_ok=True)


def _path(warehouse: Warehouse) -> Path:
    return warehouse.root / "hold.json"


def _spare(warehouse: Warehouse) -> Path:
    return warehouse.root / ".hold-spare"
