"""The lock of the one writer: who holds it, waiting for it, and noticing that its last holder died. Nothing heavy.

It is an flock: the kernel lets go of it when its process ends, however it ends, so a lock that was left is none. What
is written in the file only says who holds it; a holder that ends by itself wipes that out."""

import contextlib
import fcntl
import json
import os
import shlex
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.runtime.files import make_readable

_EVERY = 0.1  # seconds between two tries for a lock that is waited for


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that writes, or wrote, to the warehouse; `since` is UTC, ISO 8601."""

    task: str
    pid: int
    host: str
    since: str
    command: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since}: {self.command}"

    def is_there(self) -> bool:
        """Whether the process may be running; of another machine that cannot be seen."""
        return self.host != socket.gethostname() or Path("/proc", str(self.pid)).exists()


class Locked(Exception):
    """Somebody else holds the lock; None where he has not yet said who he is."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__(holder)
        self.holder = holder


@dataclass(frozen=True, slots=True)
class Turn:
    """The lock is ours: whether it had to be waited for, and who died with it before us."""

    has_waited: bool
    died: Holder | None


def myself(task: str) -> Holder:
    """This process, about to begin `task`."""
    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    return Holder(task, os.getpid(), socket.gethostname(), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", command)


@contextlib.contextmanager
def locked(path: Path, task: str, wait: float) -> Iterator[Turn]:
    """Hold the lock `path`, waiting for it for `wait` seconds at most. Raises Locked, and OSError of the file."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        has_waited = _acquire(lock, wait)
        with contextlib.suppress(PermissionError):
            make_readable(lock)
        turn = Turn(has_waited, _written(lock))
        try:
            _write(lock, json.dumps(asdict(myself(task))))
            yield turn
        finally:
            os.ftruncate(lock, 0)  # what still stands there when the next one comes means: its writer died
    finally:
        os.close(lock)


def dead_holder(path: Path) -> Holder | None:
    """Who held the lock and died with it, as far as can be seen from this machine without touching the lock."""
    try:
        lock = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        holder = _written(lock)
    finally:
        os.close(lock)
    return None if holder is None or holder.is_there() else holder


def _acquire(lock: int, wait: float) -> bool:
    """Take the lock; whether it had to be waited for."""
    end, told = time.monotonic() + wait, False
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise Locked(_holder(lock)) from None
        else:
            return told
        if not told:
            print(f"waiting for {wait:g} s at most: the warehouse is held by {_holder(lock)}", file=sys.stderr)
            told = True
        time.sleep(_EVERY)


def _holder(lock: int) -> Holder | None:
    """Who holds the lock, as he wrote it there; one that has it only just may be about to write, over one who died."""
    for _ in range(100):
        holder = _written(lock)
        if holder and holder.is_there():
            return holder
        time.sleep(0.01)
    return None


def _written(lock: int) -> Holder | None:
    try:
        return Holder(**json.loads(os.pread(lock, 100_000, 0)))
    except (ValueError, TypeError):
        return None


def _write(lock: int, text: str) -> None:
    """Write who holds the lock. On a full disk nobody can be told, and the lock holds all the same: whoever has come
    to free space must not fail for that."""
    os.ftruncate(lock, 0)
    with contextlib.suppress(OSError):
        os.pwrite(lock, text.encode(errors="backslashreplace"), 0)
