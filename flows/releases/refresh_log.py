"""The log of refreshes, warehouse/refresh_log.jsonl: one JSON object for each attempt, the newest last. Nothing heavy.

Each line is appended by one write, so that lines of two processes never mix. A machine that dies may leave a torn last
line: the next line begins below it, and readers skip what is no JSON object."""

import contextlib
import errno
import fcntl
import json
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.releases.warehouse import Warehouse
from flows.releases.writer_lock import Holder, Turn
from flows.runtime.files import make_readable
from transforms.errors import InputRejected, NpaError


def append(path: Path, attempt: Mapping[str, Any]) -> None:
    """Append one line. Raises OSError if it cannot be written whole."""
    line = json.dumps(attempt, ensure_ascii=True).encode() + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as log:
        with contextlib.suppress(OSError):  # a file system without locks: at worst an empty line
            fcntl.flock(log, fcntl.LOCK_EX)  # so that a line being written is not taken for a torn one
        size = log.seek(0, os.SEEK_END)
        if not size:
            make_readable(log.fileno())
        elif os.pread(log.fileno(), 1, size - 1) != b"\n":  # a torn line
            line = b"\n" + line
        if os.write(log.fileno(), line) != len(line):
            raise OSError(errno.ENOSPC, "the disk is full", str(path))
        os.fsync(log.fileno())


def newest_first(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the attempts from the last to the first; none if there is no log. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        for line in reversed(path.read_bytes().split(b"\n")):
            with contextlib.suppress(ValueError):
                attempt = json.loads(line)
                if isinstance(attempt, dict):
                    yield attempt


def record(warehouse: Warehouse, attempt: dict[str, Any]) -> None:
    """Append to the log; print on standard error if that fails, and change nothing."""
    try:
        append(warehouse.log, attempt)
    except OSError as fault:
        print(f"{warehouse.log} cannot be written: {fault.strerror}; this refresh is not in it", file=sys.stderr)


def record_killed_refresh(warehouse: Warehouse, turn: Turn) -> None:
    """Append the line that a killed refresh could not write: when it began, and that it ended without a word."""
    died = turn.died
    if died is None or died.task != "refresh":
        return
    print(f"the last refresh died before it was done ({died})", file=sys.stderr)
    if _is_recorded(warehouse, died):
        return  # it died between its line and the release of the lock
    release = _release_since(warehouse, died.since)
    published = f" after it had published {release['release_id']}" if release else ""
    what = f"process {died.pid} ended without a word{published}: it was killed, or the machine stopped"
    of_release = {name: release.get(name) for name in ("release_id", "as_of", "software_version")}
    record(warehouse, {
        "started": died.since, "ended": None, "seconds": None, "outcome": "published" if release else "failed",
        **of_release, "stages": {}, "counts": {}, "why": "", "error_count": 1,
        "errors": [_error(what)], "pid": died.pid, "host": died.host,
    })  # fmt: skip


def _is_recorded(warehouse: Warehouse, died: Holder) -> bool:
    with contextlib.suppress(OSError):
        last = next(newest_first(warehouse.log), {})
        return (last.get("pid"), last.get("host")) == (died.pid, died.host) and (last.get("ended") or "") >= died.since
    return False


def _release_since(warehouse: Warehouse, since: str) -> dict[str, Any]:
    """Return the manifest of the current release if the refresh that began at `since` published it, or nothing."""
    try:
        manifest = warehouse.manifest(warehouse.current_release())
    except NpaError:
        return {}
    return manifest if f"{manifest['published_at']}Z" >= since else {}


def errors_of(error: BaseException | None) -> list[dict[str, Any]]:
    """Return an error as the log has it: path, line, what, value and remedy, each None if there is none."""
    if isinstance(error, InputRejected):
        return [_error(p.statement, p.place, p.line or None, p.value, p.remedy) for p in error.problems]
    return [_error(str(error) or type(error).__name__)] if error is not None else []


def _error(what: str, *details: str | int | None) -> dict[str, Any]:
    path, line, value, remedy = details or (None,) * 4
    return {"path": path, "line": line, "what": what, "value": value, "remedy": remedy}


def printed(error: Mapping[str, Any]) -> str:
    """Return an error of the log in one line: place, what, value."""
    place = "".join(f"{error[key]}:" for key in ("path", "line") if error.get(key))
    value = f': "{error["value"]}"' if error.get("value") is not None else ""
    return " ".join(f"{place} {error.get('what', 'no reason was logged')}{value}".split())


def utc(moment: datetime) -> str:
    """Return a moment as the log has it, ISO 8601."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
