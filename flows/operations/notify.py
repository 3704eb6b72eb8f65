"""Notifications of a failed night: once for each new cause, and once when all is good again. Imports nothing heavy.

NPA_NOTIFY holds the addresses, those of apprise (https://appriseit.com/services), separated by white space. They may
hold passwords: they are never printed, logged, or written. warehouse/notified.json has the causes that were sent, by a
digest of each address, so that an address that could not be reached is notified the next time."""

import contextlib
import hashlib
import json
import os
import re
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flows.operations.health import Health
from flows.releases.refresh_log import errors_of, printed
from flows.releases.warehouse import Warehouse
from flows.runtime import signals
from flows.runtime.files import make_readable, replacing
from flows.runtime.settings import WrongSetting, addresses
from transforms.errors import InputRejected
from transforms.printable import printable

_LISTED = 10  # errors in a notification
_LONGEST = 500  # characters of an error
_ONCE = "It is not told again while nothing else goes wrong. More: npa health, npa check."
_CAUSES = 100  # a hopeless file has a problem on every line
# Times, ids of releases and processes, spans, counts: they differ every night, and the cause is the same.
_VARYING = re.compile(r"(?:\d[\dTZ:.-]*(?:-[0-9a-f]{6})?(?: (?:d|h|min|s)\b)? ?)+")


@dataclass(frozen=True, slots=True)
class News:
    """The text of a notification, and a digest of each cause; none if all is good."""

    title: str
    body: str
    causes: tuple[str, ...] = ()


@contextlib.contextmanager
def notifying(warehouse: Warehouse) -> Iterator[None]:
    """Send the outcome of the block, a refresh: that it failed (a stop is no news), or that all is good again."""
    try:
        yield
    except Exception as error:
        if not signals.is_stop(error):
            notify_of_fault(warehouse, error)
        raise
    send(warehouse, _good_news(warehouse))


def notify_of_fault(warehouse: Warehouse, error: Exception) -> None:
    """Send that a refresh, or the schedule, raised `error`."""
    verb = "was rejected" if isinstance(error, InputRejected) else "failed"
    send(warehouse, _bad_news(warehouse, f"the refresh {verb}", errors_of(error)))


def notify_of_health(warehouse: Warehouse, health: Health) -> None:
    """Send the health that a watchdog has found."""
    errors = health.failure["errors"] if health.failure else [{"what": health.reason}]
    bad = None if health.is_healthy else _bad_news(warehouse, "the data is not healthy", errors)
    send(warehouse, bad or _good_news(warehouse))


def _good_news(warehouse: Warehouse) -> News:
    body = f"The current release of {_place(warehouse)} is {warehouse.current_id()}. What was told before is over."
    return News("npa: good again", body)


def _bad_news(warehouse: Warehouse, what: str, errors: list[dict[str, Any]]) -> News:
    current = warehouse.current_id()
    listed = "".join(f"- {_line(error)}\n" for error in errors[:_LISTED])
    rest = f"… and {len(errors) - _LISTED} more\n" if len(errors) > _LISTED else ""
    readers = f"Readers keep the last good release, {current}." if current else "There is no release yet."
    body = f"{what[0].upper()}{what[1:]}: {_place(warehouse)}.\n\n{listed}{rest}\n{readers}\n{_ONCE}"
    return News(f"npa: {what}", body, tuple(dict.fromkeys(_cause(error) for error in errors[:_CAUSES])))


def _line(error: dict[str, Any]) -> str:
    advice = f". {error['remedy']}" if error.get("remedy") else ""
    line = printable(" ".join(f"{printed(error)}{advice}".split()))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 2] + " …"


def _cause(error: dict[str, Any]) -> str:
    """Return a digest of the cause of an error, the same on whichever line and day.

    >>> first = {"what": "the last good refresh was 27 h ago (2026-11-25T01:30:00Z), more than 26 h."}
    >>> later = {"what": "the last good refresh was 2 d 3 h ago (2026-11-25T01:30:00Z), more than 26 h."}
    >>> _cause(first) == _cause(later)
    True
    """
    what = _VARYING.sub("# ", str(error.get("what")))
    return _digest("\0".join([str(error.get("path")), what, str(error.get("value"))]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _place(warehouse: Warehouse) -> str:
    return f"{warehouse.root.absolute()} on {socket.gethostname()}"


def send(warehouse: Warehouse, news: News) -> None:
    """Send bad news to each address that does not know all its causes, good news to each that knows any."""
    if not addresses():
        return
    try:
        before = after = _read(warehouse)
        for number, address in enumerate(addresses(), 1):
            key = _digest(address)
            known = before.get(key, [])
            is_new = not set(news.causes) <= set(known) if news.causes else bool(known)
            if is_new and _send(address, number, news):
                after = after | {key: list(dict.fromkeys([*known, *news.causes])) if news.causes else []}
        if after != before:
            text = json.dumps({"told": {key: causes for key, causes in after.items() if causes}}, indent=1)
            warehouse.root.mkdir(parents=True, exist_ok=True)
            temporary = warehouse.root / f".notified-{os.getpid()}.json"
            with replacing(warehouse.root / "notified.json", temporary):
                temporary.write_text(text + "\n", encoding="utf-8")
                make_readable(temporary)
    except Exception as fault:  # of a service or its library: a refresh never fails for this
        _print_failure(f"{type(fault).__name__} while it was told")


def check_addresses() -> None:
    """Raise WrongSetting if NPA_NOTIFY is not set, or apprise does not accept an address in it."""
    if not addresses():
        raise WrongSetting("NPA_NOTIFY is not set: it holds the addresses to tell, as mailto://… or slack://…")
    for number, address in enumerate(addresses(), 1):
        _notifier(address, number)


def _send(address: str, number: int, news: News) -> bool:
    """Return True if the news was delivered; print on standard error if not."""
    failure = f"{_without_secrets(address, number)} could not be reached; it will be told the next time"
    try:
        kind = "failure" if news.causes else "success"
        if _notifier(address, number).notify(title=news.title, body=news.body, notify_type=kind, body_format="text"):
            return True
    except WrongSetting as fault:
        failure = str(fault)
    _print_failure(failure)
    return False


def _notifier(address: str, number: int) -> Any:
    import logging

    logging.getLogger("apprise").propagate = False  # it may log what the address holds
    logging.getLogger("apprise").addHandler(logging.NullHandler())
    import apprise

    notifier = apprise.Apprise(asset=apprise.AppriseAsset(app_id="npa", app_desc="npa", async_mode=False))
    if not notifier.add(address):
        what = "{address} is none that apprise knows; see https://appriseit.com/services"
        raise WrongSetting(what, address=_without_secrets(address, number))
    return notifier


def _without_secrets(address: str, number: int) -> str:
    scheme = re.match(r"[A-Za-z0-9+]{1,20}(?=://)", address)
    return f"address {number} of NPA_NOTIFY ({scheme[0] if scheme else 'without a scheme'}://…)"


def _print_failure(what: str) -> None:
    print(f"npa: a notification failed: {what}", file=sys.stderr, flush=True)


def _read(warehouse: Warehouse) -> dict[str, list[str]]:
    """Return the causes that were sent, by digest of the address; if they cannot be read, none, to send all again."""
    try:
        content = json.loads((warehouse.root / "notified.json").read_text(encoding="utf-8"))
        return {str(key): [str(cause) for cause in causes] for key, causes in content["told"].items()}
    except (OSError, ValueError, TypeError, AttributeError, LookupError):
        return {}
