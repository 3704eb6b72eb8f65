"""The lock of the warehouse's one writer: its holder, waiting for it, and holders that died. Imports nothing heavy.

It is an flock, which the kernel releases when its process ends, however it ends. The text in the file only says who
holds the lock; a holder that ends by itself removes that text."""

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
from typing import IO

from flows.runtime.files import make_readable
from transforms.errors import WarehouseFault
from transforms.quality.text import sentence

_INTERVAL = 0.1  # seconds between two tries for a lock that is waited for


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

    def may_run(self) -> bool:
        """Return True if the process runs, or may run because it is on another machine."""
        return self.host != socket.gethostname() or Path("/proc", str(self.pid)).exists()


@dataclass(frozen=True, slots=True)
class Turn:
    """The time in which this process holds the lock; `died` is the last holder if it died with the lock."""

    has_waited: bool
    died: Holder | None


@contextlib.contextmanager
def locked(path: Path, task: str, wait: float) -> Iterator[Turn]:
    """Hold a lock, after waiting for at most `wait` seconds. Raises WarehouseFault if another process does; OSError."""
    with path.open("a+b", buffering=0) as lock:
        try:
            has_waited = _acquire(lock, wait)
        except BlockingIOError:
            what = "{who} is writing to {root} ({holder}). Wait until it has ended, or have npa wait: --wait 600."
            holder = _holder(lock)
            who = sentence("another {task}", task=holder.task) if holder else sentence("another run")
            unknown = sentence("it has not said who it is")
            raise WarehouseFault(what, who=who, root=path.parent, holder=holder or unknown) from None
        with contextlib.suppress(PermissionError):
            make_readable(lock.fileno())
        turn = Turn(has_waited, _read(lock))
        try:
            _write_holder(lock, task)
            yield turn
        finally:
            lock.truncate(0)  # a text that the next holder finds means that its writer died


def dead_holder(path: Path) -> Holder | None:
    """Return who held the lock and died, as far as this machine can see it without taking the lock; or None."""
    try:
        with path.open("rb") as lock:
            holder = _read(lock)
    except OSError:
        return None
    return holder if holder and not holder.may_run() else None


def _acquire(lock: IO[bytes], wait: float) -> bool:
    """Take the lock; return True if it had to be waited for. Raises BlockingIOError after `wait` seconds."""
    end, has_waited = time.monotonic() + wait, False
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return has_waited
        except BlockingIOError:
            if time.monotonic() >= end:
                raise
        if not has_waited:
            print(f"waiting for {wait:g} s at most: the warehouse is held by {_holder(lock)}", file=sys.stderr)
            has_waited = True
        time.sleep(_INTERVAL)


def _holder(lock: IO[bytes]) -> Holder | None:
    """Return who holds the lock; wait a second for a new holder to write that, over the text of one that died."""
    for _ in range(100):
        if (holder := _read(lock)) and holder.may_run():
            return holder
        time.sleep(0.01)
    return None


def _read(lock: IO[bytes]) -> Holder | None:
    try:
        return Holder(**json.loads(os.pread(lock.fileno(), 100_000, 0)))
    except (ValueError, TypeError):
        return None


def _write_holder(lock: IO[bytes], task: str) -> None:
    """Write that this process holds the lock. A full disk prevents only that: the holder may be there to free space."""
    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    holder = Holder(task, os.getpid(), socket.gethostname(), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", command)
    lock.truncate(0)
    with contextlib.suppress(OSError):
        lock.write(json.dumps(asdict(holder)).encode())
