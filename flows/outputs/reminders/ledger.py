"""The ledger of mails, warehouse/reminders.jsonl: which cause was sent to whom on which day. Imports nothing heavy.

Before a mail is handed over, a line `begun` is on the disk; `sent` or `failed` follows. A mail whose process was killed
in between may have arrived or not: it counts as sent on that day, because a day without a reminder is the smaller error
than the same one twice, and the next day it goes again. Addresses are in it as digests only."""

import hashlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from flows.releases import refresh_log
from flows.releases.warehouse import Warehouse, faults_of
from flows.releases.writer_lock import locked

_STATES = "begun", "sent", "failed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A mail about some causes to one address."""

    day: date
    agency_id: str
    recipient: str  # a digest
    causes: tuple[str, ...]

    @property
    def key(self) -> str:
        """The name of the mail: the same causes on the same day to the same address have the same."""
        return _digest("\0".join((str(self.day), self.agency_id, self.recipient, *self.causes)))


@dataclass(frozen=True, slots=True)
class Mail:
    """What became of a mail: `begun` (nobody knows), `sent` or `failed`, and why."""

    day: date
    agency_id: str
    causes: tuple[str, ...]
    state: str
    why: str


def mails(warehouse: Warehouse) -> list[Mail]:
    """Return what became of every mail, the newest first, without taking the ledger; what is no entry is left out."""
    last: dict[str, Mail] = {}
    for line in refresh_log.newest_first(path_of(warehouse)):
        with suppress(KeyError, TypeError, ValueError):
            causes = tuple(map(str, line["causes"]))
            mail = Mail(date.fromisoformat(line["day"]), str(line["agency_id"]), causes, line["state"], line["why"])
            if mail.state in _STATES:
                last.setdefault(str(line["key"]), mail)
    return [*last.values()]


def sent_on(warehouse: Warehouse) -> dict[str, date]:
    """Return the last day on which a mail to each agency was sent, or may have been."""
    found = [mail for mail in mails(warehouse) if mail.state != "failed"]
    return {mail.agency_id: mail.day for mail in sorted(found, key=lambda mail: mail.day)}


def path_of(warehouse: Warehouse) -> Path:
    """Return the path of the ledger, which need not be there."""
    return warehouse.root / "reminders.jsonl"


@contextmanager
def open_ledger(warehouse: Warehouse, wait: float) -> Iterator["Ledger"]:
    """Yield the ledger to the one process that sends. Raises WarehouseFault if another one does."""
    with ExitStack() as stack:
        with faults_of(warehouse.root):
            stack.enter_context(locked(warehouse.root / ".reminders.lock", "remind", wait))
        yield Ledger(warehouse)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger, held by this process."""

    warehouse: Warehouse

    def sent_on(self, day: date, agency_id: str, email: str) -> set[str]:
        """Return the causes that were sent to an address on a day, or may have been; the latter are reported."""
        states: dict[str, tuple[str, list[str]]] = {}
        who = (str(day), agency_id, recipient(email))
        for line in reversed([*refresh_log.newest_first(path_of(self.warehouse))]):
            if (line.get("day"), line.get("agency_id"), line.get("recipient")) == who:
                states[str(line.get("key"))] = str(line.get("state")), list(line.get("causes", ()))
        if any(state == "begun" for state, _ in states.values()):
            print(f"{agency_id}: a mail of {day} was begun, and nobody knows if it arrived; it is not sent again today",
                  file=sys.stderr)  # fmt: skip
        return {cause for state, causes in states.values() if state != "failed" for cause in causes}

    def write(self, entry: Entry, state: str, why: str = "") -> None:
        """Append what became of a mail. Raises OSError if the line is not on the disk: then nothing may be sent."""
        line = {
            "at": refresh_log.utc(datetime.now(UTC)), "day": str(entry.day), "key": entry.key, "state": state,
            "agency_id": entry.agency_id, "recipient": entry.recipient, "causes": [*entry.causes], "why": why,
        }  # fmt: skip
        refresh_log.append(path_of(self.warehouse), line)


def entry(day: date, agency_id: str, email: str, causes: Iterable[str]) -> Entry:
    """Return the entry of a mail."""
    return Entry(day, agency_id, recipient(email), tuple(sorted(set(causes))))


def recipient(email: str) -> str:
    """Return a digest of an address."""
    return _digest(email.casefold())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
