"""`npa prune`, and the tidying after a refresh: remove old releases. Imports nothing heavy.

A reader with an open file keeps it, for it is unlinked only. One who has looked up `current` and not yet opened what he
found there needs the release for a moment longer, so a refresh never removes the one that it has just replaced."""

import shutil
import sys
from datetime import UTC, datetime, timedelta

from flows.releases.hold import hold_of
from flows.releases.refresh_log import tell_of_the_dead
from flows.releases.warehouse import Warehouse
from flows.runtime.files import sync
from flows.runtime.settings import WrongSetting, kept_releases
from transforms.errors import WarehouseFault


def prune(warehouse: Warehouse, keep: int, keep_days: int | None, wait: float) -> list[str]:
    """Remove all releases but the newest `keep`, those of the last `keep_days` days, the current one, and those that a
    rollback holds to or left; returns the ids removed."""
    with warehouse.writing("prune", wait) as turn:
        try:
            return _remove(warehouse, _surplus(warehouse, keep, keep_days, set()))
        finally:  # not before: the disk may be full
            tell_of_the_dead(warehouse, turn)


def prune_after_refresh(warehouse: Warehouse, replaced: str | None) -> None:
    """Keep as many as the setting says (0: all of them), and `replaced`. Says on standard error what it removed or why
    it could not: a night never fails for this."""
    try:
        if keep := kept_releases():
            removed = _remove(warehouse, _surplus(warehouse, keep, None, {replaced}))
            if removed:
                print(f"removed old releases (NPA_KEEP_RELEASES={keep}): {', '.join(removed)}", file=sys.stderr)
    except (WrongSetting, WarehouseFault, OSError) as fault:
        print(f"old releases were not removed: {fault}", file=sys.stderr)


def _surplus(warehouse: Warehouse, keep: int, keep_days: int | None, spared: set[str | None]) -> list[str]:
    """Releases to remove, the oldest first."""
    hold = hold_of(warehouse)
    spared = spared | {warehouse.current_id()} | ({left.release_id for left in hold.left} if hold else set())
    since = None if keep_days is None else f"{datetime.now(UTC) - timedelta(days=keep_days):%Y%m%dT%H%M%SZ}"
    old = warehouse.release_ids()[keep:]
    return [name for name in reversed(old) if name not in spared and (since is None or name < since)]


def _remove(warehouse: Warehouse, ids: list[str]) -> list[str]:
    """Take the releases away whole: what is removed half when the process dies is no release, and is cleared later.
    Raises WarehouseFault that names those that cannot be removed, when the others are."""
    faults = []
    for release_id in ids:
        aside = warehouse.root / f".staging-pruned-{release_id}"
        try:
            (warehouse.releases / release_id).rename(aside)
            sync(warehouse.releases)
            shutil.rmtree(aside)
        except OSError as error:
            faults.append(f"{error.filename or release_id} cannot be removed ({error.strerror})")
    if faults:
        raise WarehouseFault("; ".join(faults) + ".")
    return ids
