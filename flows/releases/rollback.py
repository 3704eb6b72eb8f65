"""`npa rollback`: have an older release be the current one, and hold to it. Imports nothing heavy."""

from collections.abc import Iterable

from flows.releases import hold
from flows.releases.hold import Left
from flows.releases.integrity import damage
from flows.releases.publish import switch
from flows.releases.refresh_log import tell_of_the_dead
from flows.releases.warehouse import Warehouse
from transforms.errors import NoRelease, NpaError, WarehouseFault
from transforms.quality.text import sentence


class NoSuchRelease(NpaError):
    """What was named is no release, or more than one."""


def resolve(warehouse: Warehouse, name: str) -> str:
    """Id of the release that is meant: an id, the beginning of just one, or "current"."""
    ids = warehouse.release_ids()
    if not ids:
        raise NoRelease(
            sentence(
                "{root} holds no release yet. Run npa refresh, or name another by --warehouse.", root=warehouse.root
            )
        )
    if name == "current":
        return warehouse.current_release().name
    found = [name] if name in ids else [release_id for release_id in ids if name and release_id.startswith(name)]
    if len(found) != 1:
        what = (
            sentence("{count} releases begin with", count=len(found))
            if found
            else sentence("no release is called, or begins with,")
        )
        raise NoSuchRelease(
            sentence(
                '{what} "{name}". npa releases lists them: {releases}.',
                what=what,
                name=name,
                releases=_some(found or ids),
            )
        )
    return found[0]


def roll_back(warehouse: Warehouse, name: str, wait: float) -> str:
    """Switch to the release named, and hold to it; returns what was done, in a sentence.

    Raises NoSuchRelease, and WarehouseFault where that release is damaged or another process is writing."""
    resolve(warehouse, name)  # before anything is written
    with warehouse.writing("rollback", wait) as turn:
        tell_of_the_dead(warehouse, turn)
        release_id = resolve(warehouse, name)
        faults = list(damage(warehouse.releases / release_id, warehouse.manifest(warehouse.releases / release_id),
                             read_all=True))  # fmt: skip
        if faults:
            raise WarehouseFault(
                sentence(
                    "{release_id} is damaged: {faults}. {current} stays as it is.",
                    release_id=release_id,
                    faults="; ".join(faults),
                    current=warehouse.current,
                )
            )
        current = warehouse.current_id()
        if release_id == current:
            return f"{release_id} is the current release already; nothing was changed"
        left, unknown = _left(warehouse, current, release_id)
        hold.begin(warehouse, release_id, left)
        switch(warehouse, release_id)
        if not left:
            hold.end(warehouse)
    return f"current is {release_id} now, instead of {current}; {_consequence(left)}{unknown}"


def _left(warehouse: Warehouse, current: str | None, target: str) -> tuple[tuple[Left, ...], str]:
    """The releases rolled back from once `target` is current. To go back to one of them undoes its rollback, and those
    made after it. The second says so where a release is too broken to be recognised."""
    before = hold.hold_of(warehouse)
    left = before.left if before else ()
    names = [one.release_id for one in left]
    if target in names:
        return left[: names.index(target)], ""
    if current is None:
        return left, ""
    try:
        manifest = warehouse.manifest(warehouse.releases / current)
    except WarehouseFault:
        return left, f". {current} cannot be read, so the next refresh does not know it and may publish the same again"
    return (*left, Left(current, hold.digest_of(manifest))), ""


def _consequence(left: tuple[Left, ...]) -> str:
    if not left:
        return "nothing is held back any more"
    names = " or ".join(one.release_id for one in left)
    return f"npa refresh publishes nothing until inputs or software are other than those of {names}"


def _some(ids: Iterable[str]) -> str:
    first = list(ids)
    return ", ".join(first[:5]) + (f", and {len(first) - 5} more" if len(first) > 5 else "")
