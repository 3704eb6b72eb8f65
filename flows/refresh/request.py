"""What the main job is given, and what comes of it. Imports nothing heavy."""

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
    """What is to be refreshed; `as_of` is the day for which states are computed, ISO 8601; `wait`, the seconds to wait
    for another writer; `accept_removals`: sources that the last release had may be missing."""

    raw: Path
    warehouse: Warehouse
    as_of: str
    force: bool = False
    wait: float = field(default_factory=lock_wait)
    accept_removals: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the release that is current now, whether it is new and if not why, rows by table, issues by
    severity."""

    release_id: str
    state: State
    rows: dict[str, int] = field(default_factory=dict)
    issues: dict[str, int] = field(default_factory=dict)
    reports: str = ""  # how many rows of reports were read, and what became of them
    why: str = ""  # where nothing was published: why, in a sentence
    removed: tuple[str, ...] = ()  # sources of the last release that were removed on purpose

    @property
    def is_new(self) -> bool:
        """Whether a release was published."""
        return self.state == "published"


def new_release(job: Job, software: str, mark: str) -> dict[str, Any]:
    """The row of table `release`; its id says when, and tells two of one second apart."""
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    return {
        "release_id": f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
        "published_at": now,
        "as_of": date.fromisoformat(job.as_of),
        "software_version": software,
        "input_fingerprint": mark,
    }
