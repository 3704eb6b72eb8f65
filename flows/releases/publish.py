"""Publish: move a finished release to its place, and switch the link `current` by one rename. Imports nothing heavy."""

import contextlib
import shutil
import sys
from pathlib import Path

from flows.releases import hold
from flows.releases.warehouse import NEW, Warehouse, faults_of
from flows.runtime import signals
from flows.runtime.files import make_readable, replacing, sync


def publish(warehouse: Warehouse, staged: Path, release_id: str) -> None:
    """Move a finished release to its place and switch the link: readers see the old release or the new one.

    The new link exists, under another name, before the release is in its place: if npa dies in between, the next run
    sees by it that no reader was led there. Raises WarehouseFault, after it has undone what it did."""
    place = warehouse.releases / release_id
    with faults_of(warehouse.root):
        for path in [*staged.rglob("*"), staged]:
            make_readable(path)
            sync(path)
        link = _link(warehouse, f"{NEW}{release_id}", release_id)
        try:
            sync(warehouse.root)
            staged.rename(place)
            sync(warehouse.releases)
            _switch(warehouse, link)
        except BaseException:
            if place.exists():
                place.rename(staged)
            link.unlink(missing_ok=True)
            raise
    _sync_switch(warehouse)
    _keep_manifest(warehouse, place / "manifest.json")
    hold.keep_spare(warehouse)


def _keep_manifest(warehouse: Warehouse, manifest: Path) -> None:
    """Copy the manifest out of its release: if the release is damaged, the copy says which sources it had. A failure
    is no fault of the release."""
    temporary = warehouse.root / f".staging-{warehouse.last_manifest.name}"
    with contextlib.suppress(OSError), replacing(warehouse.last_manifest, temporary):
        shutil.copyfile(manifest, temporary)
        make_readable(temporary)


def switch(warehouse: Warehouse, release_id: str) -> None:
    """Lead `current` to another release, by one rename. Raises WarehouseFault; `current` is unchanged then."""
    with faults_of(warehouse.root):
        link = _link(warehouse, f".staging-link-{release_id}", release_id)
        try:
            _switch(warehouse, link)
        except BaseException:
            link.unlink(missing_ok=True)
            raise
    _sync_switch(warehouse)


def _link(warehouse: Warehouse, name: str, release_id: str) -> Path:
    link = warehouse.root / name
    link.symlink_to(Path("releases") / release_id, target_is_directory=True)
    return link


def _switch(warehouse: Warehouse, link: Path) -> None:
    signals.ignoring.set()  # readers see the release from here on: the command must say so
    try:
        link.replace(warehouse.current)
    except BaseException:
        signals.ignoring.clear()
        raise


def _sync_switch(warehouse: Warehouse) -> None:
    """Write the switch to the disk. Print a failure and undo nothing, because readers see the release already."""
    try:
        sync(warehouse.root)
    except OSError as error:
        print(
            f"{warehouse.root} cannot be synced ({error.strerror}): should the machine stop now, "
            f"{warehouse.current} may lead to the release before again",
            file=sys.stderr,
        )
