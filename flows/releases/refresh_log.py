"""The log of refreshes, warehouse/refresh_log.jsonl: one JSON object an attempt, the newest last. Nothing heavy.

Lines are appended by one write each, so that those of two processes never mix. A machine that dies may leave a torn
last line: the next one begins below it, and readers pass over what is no JSON object."""

import contextlib
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

_BLOCK = 1 << 16


def append(path: Path, attempt: Mapping[str, Any]) -> None:
    """Add one line. Raises OSError where it cannot be written whole."""
    line = json.dumps(attempt, ensure_ascii=True).encode() + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    log = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        with contextlib.suppress(OSError):  # a file system without locks: at worst an empty line
            fcntl.flock(log, fcntl.LOCK_EX)  # so that a line on its way is not taken for a torn one
        size = os.fstat(log).st_size
        if not size:
            make_readable(log)
        if size and os.pread(log, 1, size - 1) != b"\n":  # a line that was torn
            line = b"\n" + line
        if os.write(log, line) != len(line):
            raise OSError(28, "the disk is full", str(path))
        os.fsync(log)
    finally:
        os.close(log)


def newest_first(path: Path) -> Iterator[dict[str, Any]]:
    """The attempts from the last to the first, read from the end; none where there is no log. Raises OSError."""
    with contextlib.suppress(FileNotFoundError), path.open("rb") as log:
        for line in _backwards(log.fileno()):
            with contextlib.suppress(ValueError):
                attempt = json.loads(line)
                if isinstance(attempt, dict):
                    yield attempt


def _backwards(log: int) -> Iterator[bytes]:
    """The lines of a file from the last to the first."""
    place, rest = os.fstat(log).st_size, b""
    while place:
        start = max(0, place - _BLOCK)
        rest, *lines = (os.pread(log, place - start, start) + rest).split(b"\n")
        yield from reversed(lines)
        place = start
    yield rest


def tell(warehouse: Warehouse, line: dict[str, Any]) -> None:
    """Add to the log; that it cannot be written is said, and changes nothing."""
    try:
        append(warehouse.log, line)
    except OSError as fault:
        print(f"{warehouse.log} cannot be written: {fault.strerror}; this refresh is not in it", file=sys.stderr)


def tell_of_the_dead(warehouse: Warehouse, turn: Turn) -> None:
    """The line that a killed refresh could not write: when it began, and that it ended without a word."""
    died = turn.died
    if died is None or died.task != "refresh":
        return
    print(f"the last {died.task} died before it was done ({died})", file=sys.stderr)
    if _has_told(warehouse, died):
        return  # and did not come to let the lock go
    made = _release_of(warehouse, died.since)
    after = f" after it had published {made['release_id']}" if made else ""
    what = f"process {died.pid} ended without a word{after}: it was killed, or the machine stopped"
    of_release = {name: made.get(name) for name in ("release_id", "as_of", "software_version")}
    tell(warehouse, {
        "started": died.since, "ended": None, "seconds": None, "outcome": "published" if made else "failed",
        **of_release, "stages": {}, "counts": {}, "why": "", "error_count": 1,
        "errors": [_error(what)], "pid": died.pid, "host": died.host,
    })  # fmt: skip


def _has_told(warehouse: Warehouse, died: Holder) -> bool:
    with contextlib.suppress(OSError):
        last = next(newest_first(warehouse.log), {})
        return (last.get("pid"), last.get("host")) == (died.pid, died.host) and (last.get("ended") or "") >= died.since
    return False


def _release_of(warehouse: Warehouse, since: str) -> dict[str, Any]:
    """What the current release says of itself, if the process that died made it: nobody has begun one since."""
    try:
        manifest = warehouse.manifest(warehouse.current_release())
    except NpaError:
        return {}
    return manifest if f"{manifest['published_at']}Z" >= since else {}


def errors_of(error: BaseException | None) -> list[dict[str, Any]]:
    """What went wrong, as the log has it: path, line, what, value and remedy, NULL where there is none."""
    if error is None:
        return []
    if isinstance(error, InputRejected):
        return [_error(p.statement, p.place, p.line or None, p.value, p.remedy) for p in error.problems]
    return [_error(str(error) or type(error).__name__)]


def _error(
    what: str,
    path: str | None = None,
    line: int | None = None,
    value: str | None = None,
    remedy: str | None = None,
) -> dict[str, Any]:
    return {"path": path, "line": line, "what": what, "value": value, "remedy": remedy}


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
