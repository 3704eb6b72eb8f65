"""The hold of a rollback: what was rolled back from is not published again by itself. Imports nothing heavy.

It stands in warehouse/hold.json. The release held to is the current one; each release rolled back from has the digest
of what it was made from (raw inputs and software, not as_of, which moves every night)."""

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flows.releases.warehouse import Warehouse, faults_of
from flows.runtime.files import make_readable, replacing
from transforms.errors import WarehouseFault
from transforms.quality.text import sentence

_ROOM = 1 << 14  # bytes: a hundred releases that were left


@dataclass(frozen=True, slots=True)
class Left:
    """A release rolled back from, and the digest of what it was made from."""

    release_id: str
    sources: str


@dataclass(frozen=True, slots=True)
class Hold:
    """The releases rolled back from, in that order, to get to `held_to`."""

    held_to: str
    left: tuple[Left, ...]

    def reason(self, sources: str) -> str | None:
        """Why inputs with this digest are not to be published, in a sentence; None where they may be."""
        for left in self.left:
            if left.sources == sources:
                return (
                    f"{self.held_to} is held to: the inputs and the software are still those of {left.release_id}, "
                    "which was rolled back from. New inputs or another version of npa publish again; --force does now"
                )
        return None


def sources_digest(hashes: Mapping[str, str], software: str) -> str:
    """SHA-256 over raw inputs (path to SHA-256) and the version of the software."""
    parts = [f"{path}\0{sha}" for path, sha in sorted(hashes.items())]
    return hashlib.sha256("\n".join([*parts, software]).encode()).hexdigest()


def digest_of(manifest: Mapping[str, Any]) -> str:
    """The same of a release."""
    return sources_digest(
        {given["path"]: given["sha256"] for given in manifest["inputs"]}, manifest["software_version"]
    )


def path_of(warehouse: Warehouse) -> Path:
    """Where the hold is written."""
    return warehouse.root / "hold.json"


def hold_of(warehouse: Warehouse) -> Hold | None:
    """The hold in force. A run that died between writing it and switching the link leaves the one before in force; a
    release published since ends it. Raises WarehouseFault where it cannot be read."""
    path, current = path_of(warehouse), warehouse.current_id()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        left = tuple(Left(str(one["release_id"]), str(one["sources"])) for one in found["left"])
        held_to = str(found["held_to"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise WarehouseFault(
            sentence(
                "{path} cannot be read ({error}), so nobody knows what was rolled back from. npa refresh "
                "--force publishes and ends the hold; npa rollback to an older release begins it anew, "
                "once the file is moved away.",
                path=path,
                error=repr(error),
            )
        ) from error
    names = [one.release_id for one in left]
    if current is None or current not in [held_to, *names]:
        return None
    in_force = left if current == held_to else left[: names.index(current)]
    return Hold(current, in_force) if in_force else None


def begin(warehouse: Warehouse, held_to: str, left: tuple[Left, ...]) -> None:
    """Write the hold, whole or not at all; to be called before the link is switched."""
    aside = warehouse.root / ".staging-hold.json"
    text = json.dumps({"held_to": held_to, "left": [asdict(one) for one in left]}, indent=1) + "\n"
    with faults_of(warehouse.root), replacing(path_of(warehouse), aside):
        with contextlib.suppress(FileNotFoundError):
            _spare_of(warehouse).rename(aside)
        with aside.open("r+b" if aside.exists() else "xb") as file:
            file.write(text.encode())
            file.truncate()
        make_readable(aside)
    keep_spare(warehouse)


def keep_spare(warehouse: Warehouse) -> None:
    """Set room on the disk aside for a hold: whoever goes back on a full disk has no other. Changes nothing where
    there is no room any more."""
    with contextlib.suppress(OSError):
        handle = os.open(_spare_of(warehouse), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "ab") as spare:
            spare.write(bytes(max(0, _ROOM - spare.tell())))


def _spare_of(warehouse: Warehouse) -> Path:
    return warehouse.root / ".hold-spare"


def end(warehouse: Warehouse) -> None:
    """There is no hold any more."""
    with faults_of(warehouse.root):
        path_of(warehouse).unlink(missing_ok=True)
