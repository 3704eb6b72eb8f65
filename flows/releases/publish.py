"""Publish: move a finished release to its place, and switch the link `current` by one rename. Imports nothing heavy."""

import contextlib
import shutil
import sys
from pathlib import Path

from flows.releases.warehouse import NEW, Warehouse, faults_of
from flows.runtime import signals
from flows.runtime.files import make_readable, replacing, sync

SPARE = ".hold-spare"  # a file that becomes the hold of a rollback
_ROOM = 1 << 14  # bytes: a hundred releases rolled back from


def publish(warehouse: Warehouse, staged: Path, release_id: str) -> None:
    """Move a finished release to its place and switch the link: readers see the old release or the new one. Raises
    WarehouseFault, after it has undone what it did."""
    with faults_of(warehouse.root):
        for path in [*staged.rglob("*"), staged]:
            make_readable(path)
            sync(path)
    switch(warehouse, release_id, staged)
    _keep_manifest(warehouse, warehouse.releases / release_id / "manifest.json")
    keep_spare(warehouse)


def _keep_manifest(warehouse: Warehouse, manifest: Path) -> None:
    """Copy the manifest out of its release, if that works: should the release be damaged, it says what that had."""
    temporary = warehouse.root / f".staging-{warehouse.last_manifest.name}"
    with contextlib.suppress(OSError), replacing(warehouse.last_manifest, temporary):
        shutil.copyfile(manifest, temporary)
        make_readable(temporary)


def keep_spare(warehouse: Warehouse) -> None:
    """Reserve room on the disk for a hold, which a rollback on a full disk needs; change nothing if there is none."""
    with contextlib.suppress(OSError), (warehouse.root / SPARE).open("ab") as spare:
        spare.write(bytes(max(0, _ROOM - spare.tell())))


def switch(warehouse: Warehouse, release_id: str, staged: Path | None = None) -> None:
    """Lead `current` to a release by one rename, after that is moved to its place if it is `staged`. Raises
    WarehouseFault; `current` is unchanged then."""
    # The new link exists, under another name, before a release is in its place: if npa dies in between, the next run
    # sees by it that no reader was led there.
    name = f"{NEW}{release_id}" if staged else f".staging-link-{release_id}"
    link, place = warehouse.root / name, warehouse.releases / release_id
    with faults_of(warehouse.root):
        link.symlink_to(Path("releases") / release_id, target_is_directory=True)
        try:
            if staged:
                sync(warehouse.root)
                staged.rename(place)
                sync(warehouse.releases)
            signals.ignoring.set()  # readers see the release from here on: the command must say so
            link.replace(warehouse.current)
        except BaseException:
            signals.ignoring.clear()
            if staged and place.exists():
                place.rename(staged)
            link.unlink(missing_ok=True)
            raise
    try:
        sync(warehouse.root)
    except OSError as error:  # nothing is undone, because readers see the release already
        reason = f"{warehouse.root} cannot be synced ({error.strerror})"
        lost = f"should the machine stop now, {warehouse.current} may lead to the release before again"
        print(f"{reason}: {lost}", file=sys.stderr)
