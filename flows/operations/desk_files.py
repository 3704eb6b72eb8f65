"""Files on an officer's desk: replaced every night, unless she has one open, or has written into it.

.npa-desk.json there has the SHA-256 of each file that npa wrote: what differs from it is hers, and is kept; and, if all
could be written, a digest of what the files were made from."""

import contextlib
import hashlib
import json
import os
from pathlib import Path

from flows.runtime.files import replacing
from transforms.quality.text import sentence

_LIST = ".npa-desk.json"
_MADE_FROM = "*"  # in the list; no name of a file
_FULL = 28, 122  # ENOSPC, EDQUOT


def is_on_desk(desk: Path, made_from: str) -> bool:
    """Return True if the files on the desk were made from the same, and nobody has touched them since."""
    listed = _read_list(desk)
    try:
        return listed.pop(_MADE_FROM, "") == made_from and all(
            _digest((desk / name).read_bytes()) == digest for name, digest in listed.items()
        )
    except OSError:
        return False


def put_on_desk(draft: Path, desk: Path, only: str | None = None, made_from: str = "") -> list[str]:
    """Put the files of a folder onto the desk (or one of them), take away those of earlier nights that it has no more,
    note what they were made from, and return what went wrong; what cannot be written stays as it was."""
    written = _read_list(desk)
    written.pop(_MADE_FROM, None)
    new = {path.relative_to(draft).as_posix(): path for path in sorted(draft.rglob("*")) if path.is_file()}
    names = [only] if only else sorted(new.keys() | written.keys() - {"about.txt"})
    problems = []
    for name in names:
        try:
            if problem := _replace(new.get(name), desk / name, written, name):
                problems.append(problem)
        except OSError as error:
            reason = error.strerror or str(error)
            problems.append(sentence("{name} could not be written: {reason}", name=name, reason=reason))
            if error.errno in _FULL:
                break
    if made_from and not problems:
        written[_MADE_FROM] = made_from
    try:
        _write(desk / _LIST, json.dumps(written, ensure_ascii=False, indent=1).encode())
    except OSError as error:
        problems.append(sentence("{name} could not be written: {reason}", name=_LIST, reason=error.strerror or error))
    return problems


def _replace(new: Path | None, place: Path, written: dict[str, str], name: str) -> str:
    """Replace a file, or take it away (None), and note it in `written`; return why it was left as it is, or a text that
    says under which name the officer's own is kept."""
    problem = ""
    data = new.read_bytes() if new else None
    if place.is_file():
        old = place.read_bytes()
        if old == data:
            written[name] = _digest(old)
            return ""
        if _is_open(place):
            return sentence("{name} is open in another program, and stays as it was. Close it overnight.", name=name)
        if _digest(old) != written.get(name):
            if data is None:
                del written[name]  # it is the officer's now
                return ""
            own = _free_name(place)
            place.rename(own)
            problem = sentence("{name} was changed by hand: that file is now {own}.", name=name, own=own.name)
    if data is None:
        place.unlink(missing_ok=True)
        written.pop(name, None)
        with contextlib.suppress(OSError):  # other files are in it
            place.parent.rmdir()
        return problem
    place.parent.mkdir(parents=True, exist_ok=True)
    _write(place, data)
    written[name] = _digest(data)
    return problem


def _is_open(place: Path) -> bool:
    """Return True if Excel or LibreOffice says, by a file next to it, that somebody has the file open."""
    return any(place.with_name(name).exists() for name in (f"~${place.name}", f".~lock.{place.name}#"))


def _free_name(place: Path) -> Path:
    """Return a name next to a file that no other file has."""
    number = 1
    while (own := place.with_name(f"{place.stem} (own {number}){place.suffix}")).exists():
        number += 1
    return own


def _write(place: Path, data: bytes) -> None:
    temporary = place.with_name(f".npa-{os.getpid()}")
    with replacing(place, temporary):
        temporary.write_bytes(data)


def _read_list(desk: Path) -> dict[str, str]:
    """Return the digests of what npa wrote; none if they cannot be read: then all is kept."""
    try:
        listed = json.loads((desk / _LIST).read_text(encoding="utf-8"))
        return {name: digest for name, digest in listed.items() if _is_inside(name) and isinstance(digest, str)}
    except (OSError, ValueError, AttributeError):
        return {}


def _is_inside(name: str) -> bool:
    return not name.startswith("/") and ".." not in name.split("/")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
