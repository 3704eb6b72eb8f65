"""`npa rollback`: make an older release the current one, and hold to it. Imports nothing heavy."""

from flows.releases import hold
from flows.releases.manifest import damage
from flows.releases.publish import switch
from flows.releases.refresh_log import record_killed_refresh
from flows.releases.warehouse import Warehouse
from transforms.errors import NoRelease, NpaError, WarehouseFault
from transforms.quality.text import sentence


class NoSuchRelease(NpaError):
    """A name of no release, or of more than one."""


def resolve(warehouse: Warehouse, name: str) -> str:
    """Return the id of the release called `name`: an id, the beginning of just one, or "current".

    Raises NoSuchRelease, NoRelease."""
    ids = warehouse.release_ids()
    if not ids:
        what = "{root} holds no release yet. Run npa refresh, or name another by --warehouse."
        raise NoRelease(what, root=warehouse.root)
    if name == "current":
        return warehouse.current_release().name
    matches = [name] if name in ids else [release_id for release_id in ids if name and release_id.startswith(name)]
    if len(matches) == 1:
        return matches[0]
    what = (
        sentence("{count} releases begin with", count=len(matches))
        if matches
        else sentence("no release is called, or begins with,")
    )
    listed = matches or ids
    releases = ", ".join(listed[:5]) + (f", and {len(listed) - 5} more" if len(listed) > 5 else "")
    raise NoSuchRelease(
        '{what} "{name}". npa releases lists them: {releases}.', what=what, name=name, releases=releases
    )


def roll_back(warehouse: Warehouse, name: str, wait: float) -> str:
    """Switch to the release called `name`, and hold to it; return in a sentence what was done.

    Raises NoSuchRelease, and WarehouseFault if that release is damaged or another process is writing."""
    resolve(warehouse, name)  # before anything is written
    with warehouse.writing("rollback", wait) as turn:
        record_killed_refresh(warehouse, turn)
        release_id = resolve(warehouse, name)
        release, current = warehouse.releases / release_id, warehouse.current_id()
        if faults := "; ".join(damage(release, warehouse.manifest(release), read_all=True)):
            what = "{release_id} is damaged: {faults}. {current} stays as it is."
            raise WarehouseFault(what, release_id=release_id, faults=faults, current=warehouse.current)
        if release_id == current:
            return f"{release_id} is the current release already; nothing was changed"
        left, warning = _left(warehouse, current, release_id)
        hold.begin(warehouse, release_id, left)
        switch(warehouse, release_id)
        if not left:
            hold.end(warehouse)
    names = " or ".join(left)
    consequence = (
        f"npa refresh publishes nothing until inputs or software are other than those of {names}"
        if left
        else "nothing is held back any more"
    )
    return f"current is {release_id} now, instead of {current}; {consequence}{warning}"


def _left(warehouse: Warehouse, current: str | None, target: str) -> tuple[dict[str, str], str]:
    """Return the releases rolled back from once `target` is current, and a warning if one is too damaged to recognise.

    A rollback to one of them undoes its rollback, and those made after it."""
    previous = hold.hold_of(warehouse)
    left = dict(previous.left) if previous else {}
    if target in left or current is None:
        return hold.before(left, target), ""
    try:
        manifest = warehouse.manifest(warehouse.releases / current)
    except WarehouseFault:
        return left, f". {current} cannot be read, so the next refresh does not know it and may publish the same again"
    return left | {current: hold.digest_of(manifest)}, ""
