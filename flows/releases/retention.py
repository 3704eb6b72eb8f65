"""The removal of old releases, by `npa prune` and after a refresh. Imports nothing heavy.

A reader keeps the files that it has open, because they are only unlinked. One that has followed `current` and not yet
opened a file needs the release for a moment longer: a refresh never removes the release that it has replaced."""

import shutil
import sys
from datetime import UTC, datetime, timedelta

from flows.releases.refresh_log import record_killed_refresh
from flows.releases.rollback import hold_of
from flows.releases.warehouse import Warehouse
from flows.runtime.files import sync
from flows.runtime.settings import WrongSetting, kept_releases
from transforms.errors import WarehouseFault


def prune(warehouse: Warehouse, keep: int, keep_days: int | None, wait: float) -> list[str]:
    """Remove all releases but the newest `keep`, those of the last `keep_days` days, the current one, and those that a
    rollback holds to or left; return the ids removed. Raises WarehouseFault."""
    with warehouse.writing("prune", wait) as turn:
        try:
            return _remove(warehouse, keep, keep_days, set())
        finally:  # not before: the disk may be full
            record_killed_refresh(warehouse, turn)


def prune_after_refresh(warehouse: Warehouse, replaced: str | None) -> None:
    """Remove all releases but `replaced` and the newest ones, as many as NPA_KEEP_RELEASES says (0: all). Print on
    standard error what was removed, or why that failed: no refresh fails for this."""
    try:
        keep = kept_releases()
        if keep and (removed := _remove(warehouse, keep, None, {replaced})):
            print(f"removed old releases (NPA_KEEP_RELEASES={keep}): {', '.join(removed)}", file=sys.stderr)
    except (WrongSetting, WarehouseFault, OSError) as fault:
        print(f"old releases were not removed: {fault}", file=sys.stderr)


def _remove(warehouse: Warehouse, keep: int, keep_days: int | None, spared: set[str | None]) -> list[str]:
    """Remove old releases but those `spared`, the oldest first; return their ids. One that is half removed when the
    process dies is cleared by the next run. Raises WarehouseFault for what cannot be removed, after the others are."""
    hold, faults = hold_of(warehouse), []
    spared = spared | {warehouse.current_id()} | set(hold.abandoned if hold else ())
    since = None if keep_days is None else f"{datetime.now(UTC) - timedelta(days=keep_days):%Y%m%dT%H%M%SZ}"
    old = warehouse.release_ids()[keep:]
    ids = [name for name in reversed(old) if name not in spared and (since is None or name < since)]
    for release_id in ids:
        removed = warehouse.root / f".staging-pruned-{release_id}"
        try:
            (warehouse.releases / release_id).rename(removed)
            sync(warehouse.releases)
            shutil.rmtree(removed)
        except OSError as error:
            faults.append(f"{error.filename or release_id} cannot be removed ({error.strerror})")
    if faults:
        raise WarehouseFault("; ".join(faults) + ".")
    return ids
