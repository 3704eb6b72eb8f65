"""One attempt to refresh, timed, and told to the log whatever comes of it. Imports nothing heavy."""

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flows.refresh.request import Job, Outcome
from flows.releases.refresh_log import errors_of, record, utc
from flows.runtime import signals
from flows.runtime.version import software_version
from transforms.errors import InputRejected

# A hopeless file has a problem on every line: the first of them tell enough, night after night, beside their number.
_ERRORS_KEPT = 100


@dataclass(slots=True)
class Attempt:
    """What the log will say."""

    job: Job
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    clock: float = field(default_factory=time.monotonic)
    stages: dict[str, float] = field(default_factory=dict)
    outcome: Outcome | None = None
    afterwards: list[BaseException] = field(default_factory=list)  # what went wrong when all was done
    held: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)  # let go when the log has its line

    @contextlib.contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Note the seconds that the stage of this name takes."""
        start = time.monotonic()
        try:
            yield
        finally:
            took = self.stages.get(stage, 0.0) + time.monotonic() - start
            self.stages[stage] = round(took, 3)

    def line(self, error: BaseException | None) -> dict[str, Any]:
        """The line of the log. What went wrong after a release was published does not make it unpublished."""
        errors = [one for fault in (error, *self.afterwards) for one in errors_of(fault)]
        done = self.outcome
        return {
            "started": utc(self.started),
            "ended": utc(datetime.now(UTC)),
            "seconds": round(time.monotonic() - self.clock, 3),
            "outcome": done.state if done else _kind(error),
            "release_id": done.release_id if done else None,
            "as_of": self.job.as_of,
            "software_version": software_version(),
            "stages": self.stages,
            "counts": {"rows": done.rows, "issues": done.issues} if done else {},
            "why": done.why if done else "",
            "error_count": len(errors),
            "errors": errors[:_ERRORS_KEPT],
            "pid": os.getpid(),
            "host": socket.gethostname(),
        }


_running: list[Attempt] = []


def job_in_progress() -> Job | None:
    """Return the job of the attempt that this process makes now; None if it makes none."""
    return _running[0].job if _running else None


@contextlib.contextmanager
def attempted(job: Job) -> Iterator[Attempt]:
    """An attempt to refresh, logged at its end; within another of the same process it is that one."""
    if _running:
        yield _running[0]
        return
    _running.append(attempt := Attempt(job))
    error: BaseException | None = None
    try:
        with attempt.held:
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
