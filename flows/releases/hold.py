"""The hold of a rollback: npa does not publish again by itself what was rolled back from. Imports nothing heavy.

It is in warehouse/hold.json. The release held to is the current one; each release rolled back from has the digest
of what it was made from: raw inputs and software, without as_of, which moves every night."""

import contextlib
import hashlib
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows.releases.manifest import input_hashes
from flows.releases.warehouse import Warehouse, faults_of
from flows.runtime.files import make_readable, replacing
from transforms.errors import WarehouseFault

_SPARE = ".hold-spare"  # a file that becomes the hold
_ROOM = 1 << 14  # bytes: a hundred releases rolled back from


@dataclass(frozen=True, slots=True)
class Hold:
    """The release held to, and the releases rolled back from, in that order, each with the digest of its sources."""

    held_to: str
    left: Mapping[str, str]

    def reason(self, sources: str) -> str | None:
        """Return in a sentence why inputs with this digest are not published; None if they may be."""
        release_id = next((release_id for release_id, digest in self.left.items() if digest == sources), None)
        return release_id and (
            f"{self.held_to} is held to: the inputs and the software are still those of {release_id}, "
            "which was rolled back from. New inputs or another version of npa publish again; --force does now"
        )


def sources_digest(hashes: Mapping[str, str], *others: str) -> str:
    """Return the SHA-256 over raw inputs (path to SHA-256) and others: the version of the software, perhaps a day."""
    parts = [f"{path}\0{sha}" for path, sha in sorted(hashes.items())]
    return hashlib.sha256("\n".join([*parts, *others]).encode()).hexdigest()


def digest_of(manifest: dict[str, Any]) -> str:
    """Return the digest of what a release was made from."""
    return sources_digest(input_hashes(manifest), manifest["software_version"])


def hold_of(warehouse: Warehouse) -> Hold | None:
    """Return the hold in force, or None. Raises WarehouseFault if it cannot be read.

    If a run died between writing a hold and switching the link, the hold before is in force; a release published since
    ends a hold."""
    try:
        content = json.loads(warehouse.hold.read_text(encoding="utf-8"))
        left = {str(release["release_id"]): str(release["sources"]) for release in content["left"]}
        held_to, current = str(content["held_to"]), warehouse.current_id()
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, LookupError) as error:
        what = (
            "{path} cannot be read ({error}), so nobody knows what was rolled back from. npa refresh --force publishes "
            "and ends the hold; npa rollback to an older release begins it anew, once the file is moved away."
        )
        raise WarehouseFault(what, path=warehouse.hold, error=repr(error)) from error
    in_force = before(left, current) if current in [held_to, *left] else {}
    return Hold(str(current), in_force) if in_force else None


def before(left: Mapping[str, str], release_id: str) -> dict[str, str]:
    """Return the releases rolled back from before `release_id` was; all if it was not."""
    return dict(itertools.takewhile(lambda release: release[0] != release_id, left.items()))


def begin(warehouse: Warehouse, held_to: str, left: Mapping[str, str]) -> None:
    """Write the hold, whole or not at all, before the link is switched. Raises WarehouseFault."""
    temporary = warehouse.root / ".staging-hold.json"
    releases = [{"release_id": release_id, "sources": digest} for release_id, digest in left.items()]
    text = json.dumps({"held_to": held_to, "left": releases}, indent=1) + "\n"
    with faults_of(warehouse.root), replacing(warehouse.hold, temporary):
        with contextlib.suppress(FileNotFoundError):
            (warehouse.root / _SPARE).rename(temporary)
        with temporary.open("r+b" if temporary.exists() else "xb") as file:
            file.write(text.encode())
            file.truncate()
        make_readable(temporary)
    keep_spare(warehouse)


def keep_spare(warehouse: Warehouse) -> None:
    """Reserve room on the disk for a hold, which a rollback on a full disk needs; change nothing if there is none."""
    with contextlib.suppress(OSError), (warehouse.root / _SPARE).open("ab") as spare:
        spare.write(bytes(max(0, _ROOM - spare.tell())))


def end(warehouse: Warehouse) -> None:
    """Remove the hold. Raises WarehouseFault."""
    with faults_of(warehouse.root):
        warehouse.hold.unlink(missing_ok=True)
