"""`npa rollback`: make an older release the current one, and hold to it. Imports nothing heavy.

The hold is in warehouse/hold.json: npa does not publish again by itself what was rolled back from. The release held to
is the current one; each release rolled back from has the digest of what it was made from: raw inputs and software,
without as_of, which moves every night."""

import contextlib
import hashlib
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows.releases.manifest import damage, input_hashes
from flows.releases.publish import SPARE, keep_spare, switch
from flows.releases.refresh_log import record_killed_refresh
from flows.releases.warehouse import Warehouse, faults_of
from flows.runtime.files import make_readable, replacing
from transforms.errors import NoRelease, NpaError, WarehouseFault
from transforms.quality.text import sentence


class NoSuchRelease(NpaError):
    """A name of no release, or of more than one."""


def resolve(warehouse: Warehouse, name: str) -> str:
    """Return the id of a release by an id, the beginning of just one, or "current". Raises NoSuchRelease, NoRelease."""
    ids = warehouse.release_ids()
    if not ids:
        what = "{root} holds no release yet. Run npa refresh, or name another by --warehouse."
        raise NoRelease(what, root=warehouse.root)
    if name == "current":
        return warehouse.current_release().name
    matches = [name] if name in ids else [release_id for release_id in ids if name and release_id.startswith(name)]
    if len(matches) == 1:
        return matches[0]
    what, listed = sentence("no release is called, or begins with,"), matches or ids
    if matches:
        what = sentence("{count} releases begin with", count=len(matches))
    text = ", ".join(listed[:5]) + (f", and {len(listed) - 5} more" if len(listed) > 5 else "")
    raise NoSuchRelease('{what} "{name}". npa releases lists them: {releases}.', what=what, name=name, releases=text)


def roll_back(warehouse: Warehouse, name: str, wait: float) -> str:
    """Switch to the release called `name`, and hold to it; return in a sentence what was done. Raises NoSuchRelease,
    and WarehouseFault if that release is damaged or another process is writing."""
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
        abandoned, warning = _abandoned(warehouse, current, release_id)
        begin_hold(warehouse, release_id, abandoned)
        switch(warehouse, release_id)
        if not abandoned:
            end_hold(warehouse)
    consequence, names = "nothing is held back any more", " or ".join(abandoned)
    if abandoned:
        consequence = f"npa refresh publishes nothing until inputs or software are other than those of {names}"
    return f"current is {release_id} now, instead of {current}; {consequence}{warning}"


def _abandoned(warehouse: Warehouse, current: str | None, target: str) -> tuple[dict[str, str], str]:
    """Return the releases rolled back from once `target` is current, and a warning if one is too damaged to recognise.
    A rollback to one of them undoes its rollback, and those made after it."""
    previous = hold_of(warehouse)
    abandoned = dict(previous.abandoned) if previous else {}
    if target in abandoned or current is None:
        return _before(abandoned, target), ""
    try:
        manifest = warehouse.manifest(warehouse.releases / current)
    except WarehouseFault:
        return (
            abandoned,
            f". {current} cannot be read, so the next refresh does not know it and may publish the same again",
        )
    return abandoned | {current: digest_of(manifest)}, ""


@dataclass(frozen=True, slots=True)
class Hold:
    """The release held to, and the releases rolled back from, in that order, each with the digest of its sources."""

    held_to: str
    abandoned: Mapping[str, str]

    def reason(self, sources: str) -> str | None:
        """Return in a sentence why inputs with this digest are not published; None if they may be."""
        release_id = next((release_id for release_id, digest in self.abandoned.items() if digest == sources), None)
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
    """Return the hold in force, or None. Raises WarehouseFault if it cannot be read. If a run died between writing a
    hold and switching the link, the hold before is in force; a release published since ends a hold."""
    try:
        content = json.loads(warehouse.hold.read_text(encoding="utf-8"))
        abandoned = {str(release["release_id"]): str(release["sources"]) for release in content["left"]}
        held_to, current = str(content["held_to"]), warehouse.current_id()
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, LookupError) as error:
        what = (
            "{path} cannot be read ({error}), so nobody knows what was rolled back from. npa refresh --force publishes "
            "and ends the hold; npa rollback to an older release begins it anew, once the file is moved away."
        )
        raise WarehouseFault(what, path=warehouse.hold, error=repr(error)) from error
    in_force = _before(abandoned, current) if current in [held_to, *abandoned] else {}
    return Hold(str(current), in_force) if in_force else None


def _before(abandoned: Mapping[str, str], release_id: str) -> dict[str, str]:
    """Return the releases rolled back from before `release_id` was; all if it was not."""
    return dict(itertools.takewhile(lambda release: release[0] != release_id, abandoned.items()))


def begin_hold(warehouse: Warehouse, held_to: str, abandoned: Mapping[str, str]) -> None:
    """Write the hold, whole or not at all, before the link is switched. Raises WarehouseFault."""
    temporary = warehouse.root / ".staging-hold.json"
    releases = [{"release_id": release_id, "sources": digest} for release_id, digest in abandoned.items()]
    text = json.dumps({"held_to": held_to, "left": releases}, indent=1) + "\n"
    with faults_of(warehouse.root), replacing(warehouse.hold, temporary):
        with contextlib.suppress(FileNotFoundError):
            (warehouse.root / SPARE).rename(temporary)
        with temporary.open("r+b" if temporary.exists() else "xb") as file:
            file.write(text.encode())
            file.truncate()
        make_readable(temporary)
    keep_spare(warehouse)


def end_hold(warehouse: Warehouse) -> None:
    """Remove the hold. Raises WarehouseFault."""
    with faults_of(warehouse.root):
        warehouse.hold.unlink(missing_ok=True)
