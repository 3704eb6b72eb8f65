"""The log of refreshes, warehouse/refresh_log.jsonl: one JSON object an attempt, the newest last. Nothing heavy.

Lines are appended by one write each, so that those of two processes never mix. A machine that dies may leave a torn
last line: the next one begins below it, and readers pass over what is no JSON object."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flows.runtime.files import make_readable

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
