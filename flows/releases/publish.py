"""Publish: a finished release gets its place, and the link `current` is switched by one rename. Nothing heavy."""

import contextlib
import shutil
import sys
from pathlib import Path

from flows.releases import hold
from flows.releases.recovery import NEW
from flows.releases.warehouse import Warehouse, faults_of
from flows.runtime import signals
from flows.runtime.files import make_readable, replacing, sync


def publish(warehouse: Warehouse, staged: Path, release_id: str) -> None:
    """Move a finished release to its place and switch the link: readers see the old one or the new one.

    The new link stands aside before the release is in its place: where npa dies in between, the next run sees by it
    that nobody was ever led there. Raises WarehouseFault; then all is as it was, and `staged` where it was."""
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
    _keep_copy(place / "manifest.json", warehouse)
    hold.keep_spare(warehouse)


def _keep_copy(manifest: Path, warehouse: Warehouse) -> None:
    """Keep the manifest outside of its release, too: should the release be damaged, it says which sources there were.
    That it cannot be kept is no fault of the release."""
    aside = warehouse.root / f".staging-{warehouse.last_manifest.name}"
    with contextlib.suppress(OSError), replacing(warehouse.last_manifest, aside):
        shutil.copyfile(manifest, aside)
        make_readable(aside)


def switch(warehouse: Warehouse, release_id: str) -> None:
    """Have `current` lead to another release, by one rename. Raises WarehouseFault; then it leads where it did."""
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
    signals.comes_too_late("to switch")  # readers see it from here on: whoever did it is to say so
    try:
        link.replace(warehouse.current)
    except BaseException:
        signals.is_possible()
        raise


def _sync_switch(warehouse: Warehouse) -> None:
    """Readers are led there already, so a fault is told, and nothing is taken back."""
    try:
        sync(warehouse.root)
    except OSError as error:
        print(
            f"{warehouse.root} cannot be synced ({error.strerror}): should the machine stop now, "
            f"{warehouse.current} may lead to the release before again",
            file=sys.stderr,
        )
