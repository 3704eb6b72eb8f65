"""One attempt to refresh, timed, and told to the log whatever comes of it. Imports nothing heavy."""

import contextlib
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flows.refresh.request import Job, Outcome
from flows.releases import refresh_log
from flows.releases.warehouse import Warehouse
from flows.releases.writer_lock import Holder, Turn
from flows.runtime import signals
from flows.sources.files import software_version
from transforms.errors import InputRejected, NpaError

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

    def timed(self, step: Callable[..., Any]) -> Callable[..., Any]:
        """`step`, its seconds noted by the name of the stage."""

        def run(stage: Callable[..., Any], *arguments: Any) -> Any:
            start = time.monotonic()
            try:
                return step(stage, *arguments)
            finally:
                took = self.stages.get(stage.__name__, 0.0) + time.monotonic() - start
                self.stages[stage.__name__] = round(took, 3)

        return run

    def line(self, error: BaseException | None) -> dict[str, Any]:
        """The line of the log. What went wrong after a release was published does not make it unpublished."""
        errors = [one for fault in (error, *self.afterwards) for one in errors_of(fault)]
        done = self.outcome
        return {
            "started": _utc(self.started),
            "ended": _utc(datetime.now(UTC)),
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
                tell(job.warehouse, attempt.line(error))
    finally:
        signals.is_possible()


def tell(warehouse: Warehouse, line: dict[str, Any]) -> None:
    """Add to the log; that it cannot be written is said, and changes nothing."""
    try:
        refresh_log.append(warehouse.log, line)
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
        last = next(refresh_log.newest_first(warehouse.log), {})
        return (last.get("pid"), last.get("host")) == (died.pid, died.host) and (last.get("ended") or "") >= died.since
    return False


def _release_of(warehouse: Warehouse, since: str) -> dict[str, Any]:
    """What the current release says of itself, if the process that died made it: nobody has begun one since."""
    try:
        manifest = warehouse.manifest(warehouse.current_release())
    except NpaError:
        return {}
    return manifest if f"{manifest['published_at']}Z" >= since else {}


def _kind(error: BaseException | None) -> str:
    if signals.noted or (error and not isinstance(error, Exception)):  # Ctrl-C, or Prefect's TerminationSignal
        return "stopped"
    return "rejected" if isinstance(error, InputRejected) else "failed"


def errors_of(error: BaseException | None) -> list[dict[str, Any]]:
    """What went wrong, as the log has it: path, line, what, value and remedy, NULL where there is none."""
    if error is None:
        return []
    if isinstance(error, InputRejected):
        return [_error(p.what, p.path, p.line or None, p.value, p.remedy) for p in error.problems]
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
