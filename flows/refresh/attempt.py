"""A refresh: what is asked for, its result, and its attempt, timed and logged whatever that is. Nothing heavy."""

import contextlib
import os
import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from flows.releases.refresh_log import errors_of, record, utc
from flows.releases.warehouse import Warehouse
from flows.runtime import signals
from flows.runtime.settings import lock_wait
from flows.runtime.version import software_version
from transforms.errors import InputRejected

State = Literal["published", "up_to_date", "held"]
# A file of another kind has a problem on every line: the first of them say enough, with their number.
_MOST_ERRORS = 100


@dataclass(frozen=True, slots=True)
class Job:
    """A refresh that is asked for."""

    raw: Path
    warehouse: Warehouse
    as_of: str  # day for which states are computed, ISO 8601
    force: bool = False
    wait: float = field(default_factory=lock_wait)  # seconds to wait for another writer
    accept_removals: bool = False  # sources that the last release had may be missing


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a refresh: the release that is current now, and whether it is new."""

    release_id: str
    state: State
    rows: dict[str, int] = field(default_factory=dict)  # by table
    issues: dict[str, int] = field(default_factory=dict)  # by severity
    reports: str = ""  # how many rows of reports were read, and what became of them
    totals: dict[str, int] = field(default_factory=dict)  # how much the plans hold
    why: str = ""  # where nothing was published: why, in a sentence
    removed: tuple[str, ...] = ()  # sources of the last release that were removed on purpose

    @property
    def is_new(self) -> bool:
        """Return True if a release was published."""
        return self.state == "published"


def new_release(as_of: str, software: str, fingerprint: str) -> dict[str, Any]:
    """Return the row of table `release`; its id says when, and differs for another release of that second."""
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    return {
        "release_id": f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
        "published_at": now,
        "as_of": date.fromisoformat(as_of),
        "software_version": software,
        "input_fingerprint": fingerprint,
    }


@dataclass(slots=True)
class Attempt:
    """An attempt, and what the log will say of it."""

    job: Job
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    clock: float = field(default_factory=time.monotonic)
    stages: dict[str, float] = field(default_factory=dict)  # seconds by stage
    outcome: Outcome | None = None
    afterwards: list[BaseException] = field(default_factory=list)  # faults after the release was published
    resources: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)  # released when the log is written

    @contextlib.contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Note the seconds that the stage of this name takes."""
        start = time.monotonic()
        try:
            yield
        finally:
            self.stages[stage] = round(self.stages.get(stage, 0.0) + time.monotonic() - start, 3)

    def line(self, error: BaseException | None) -> dict[str, Any]:
        """Return the line of the log. A fault after a release was published does not make it unpublished."""
        errors = [entry for fault in (error, *self.afterwards) for entry in errors_of(fault)]
        outcome, seconds = self.outcome, round(time.monotonic() - self.clock, 3)
        return {
            "started": utc(self.started), "ended": utc(datetime.now(UTC)), "seconds": seconds,
            "outcome": outcome.state if outcome else _kind(error),
            "release_id": outcome.release_id if outcome else None,
            "as_of": self.job.as_of, "software_version": software_version(), "stages": self.stages,
            "counts": {"rows": outcome.rows, "issues": outcome.issues, "totals": outcome.totals} if outcome else {},
            "why": outcome.why if outcome else "",
            "error_count": len(errors), "errors": errors[:_MOST_ERRORS],
            "pid": os.getpid(), "host": socket.gethostname(),
        }  # fmt: skip


_running: list[Attempt] = []


def job_in_progress() -> Job | None:
    """Return the job of the attempt that this process makes now, or None."""
    return _running[0].job if _running else None


@contextlib.contextmanager
def attempted(job: Job) -> Iterator[Attempt]:
    """Log an attempt to refresh at its end; within another of the same process it is that one."""
    if _running:
        yield _running[0]
        return
    _running.append(attempt := Attempt(job))
    error: BaseException | None = None
    try:
        with attempt.resources:
            try:
                yield attempt
            except BaseException as fault:
                error = fault
                raise
            finally:
                _running.clear()
                record(job.warehouse, attempt.line(error))
    finally:
        signals.ignoring.clear()


def _kind(error: BaseException | None) -> str:
    if signals.noted or signals.is_stop(error):
        return "stopped"
    return "rejected" if isinstance(error, InputRejected) else "failed"
