"""What the main job is given, and its result. Imports nothing heavy."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from flows.releases.warehouse import Warehouse
from flows.runtime.settings import lock_wait

State = Literal["published", "up_to_date", "held"]


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
    why: str = ""  # where nothing was published: why, in a sentence
    removed: tuple[str, ...] = ()  # sources of the last release that were removed on purpose

    @property
    def is_new(self) -> bool:
        """Return True if a release was published."""
        return self.state == "published"


def new_release(job: Job, software: str, fingerprint: str) -> dict[str, Any]:
    """Return the row of table `release`; its id says when, and is another one for another release of that second."""
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    return {
        "release_id": f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
        "published_at": now,
        "as_of": date.fromisoformat(job.as_of),
        "software_version": software,
        "input_fingerprint": fingerprint,
    }
