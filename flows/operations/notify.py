"""A failed night is told to people, once per new cause, and once when it is good again. Imports nothing heavy.

Addresses are those of apprise (https://appriseit.com/services), in NPA_NOTIFY, parted by white space. They may hold
passwords: they are never printed, logged, or written anywhere. What was told stands in warehouse/notified.json, by a
digest of each address, so that one that could not be reached hears of it the next time."""

import contextlib
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from typing import Any

from flows.operations.health import Health
from flows.operations.news import News, of_error, of_health, of_success
from flows.releases.refresh_log import errors_of
from flows.releases.warehouse import Warehouse
from flows.runtime import signals
from flows.runtime.files import make_readable, replacing
from flows.runtime.settings import WrongSetting, addresses
from transforms.quality.text import sentence


def check_addresses() -> list[str]:
    """The addresses in the setting, which must be there. Raises WrongSetting where apprise does not take one."""
    if not addresses():
        raise WrongSetting("NPA_NOTIFY is not set: it holds the addresses to tell, as mailto://… or slack://…")
    for number, address in enumerate(addresses(), 1):
        _notifier(address, number)
    return addresses()


@contextlib.contextmanager
def told(warehouse: Warehouse) -> Iterator[None]:
    """Tell what comes of the block, which refreshes: that it raised, or that all is good again. Being stopped is no
    news, and a notification that fails changes nothing."""
    try:
        yield
    except Exception as error:
        if not signals.is_stop(error):
            tell_fault(warehouse, error)
        raise
    tell(warehouse, of_success(warehouse))


def tell_fault(warehouse: Warehouse, error: Exception) -> None:
    """Tell that a refresh, or the schedule, came to this."""
    tell(warehouse, of_error(warehouse, error, errors_of(error)))


def tell_health(warehouse: Warehouse, found: Health) -> None:
    """Tell what a watchdog has found."""
    tell(warehouse, of_success(warehouse) if found.is_healthy else of_health(warehouse, found))


def tell(warehouse: Warehouse, news: News) -> None:
    """Tell it to each address that has not heard of all its causes, or, where it has none, that has heard of any."""
    if not addresses():
        return
    try:
        before = after = _read(warehouse)
        for number, address in enumerate(addresses(), 1):
            key = hashlib.sha256(address.encode()).hexdigest()[:16]
            heard = before.get(key, [])
            is_news = not heard if news.causes else bool(heard)
            is_news |= not set(news.causes) <= set(heard)
            if is_news and _send(address, number, news):
                after = after | {key: list(dict.fromkeys([*heard, *news.causes])) if news.causes else []}
        if after != before:
            _write(warehouse, {key: causes for key, causes in after.items() if causes})
    except Exception as fault:  # whatever a service or its library does: a night never fails for this
        _say(f"{type(fault).__name__} while it was told")


def _send(address: str, number: int, news: News) -> bool:
    """Whether it was delivered; that it was not is said."""
    try:
        notifier = _notifier(address, number)
    except WrongSetting as fault:
        _say(str(fault))
        return False
    kind = "failure" if news.causes else "success"
    if notifier.notify(title=news.title, body=news.body, notify_type=kind, body_format="text"):
        return True
    _say(f"{_shown(address, number)} could not be reached; it will be told the next time")
    return False


def _notifier(address: str, number: int) -> Any:
    import logging

    logging.getLogger("apprise").propagate = False  # it may log what the address holds
    logging.getLogger("apprise").addHandler(logging.NullHandler())
    import apprise

    notifier = apprise.Apprise(asset=apprise.AppriseAsset(app_id="npa", app_desc="npa", async_mode=False))
    if not notifier.add(address):
        raise WrongSetting(
            sentence(
                "{address} is none that apprise knows; see https://appriseit.com/services",
                address=_shown(address, number),
            )
        )
    return notifier


def _shown(address: str, number: int) -> str:
    """An address without anything that may be secret."""
    scheme = re.match(r"[A-Za-z0-9+]{1,20}(?=://)", address)
    return f"address {number} of NPA_NOTIFY ({scheme[0] if scheme else 'without a scheme'}://…)"


def _say(what: str) -> None:
    print(f"npa: a notification failed: {what}", file=sys.stderr, flush=True)


def _read(warehouse: Warehouse) -> dict[str, list[str]]:
    """Causes by digest of the address that was told; nothing where that cannot be read: then it is told again."""
    try:
        found = json.loads((warehouse.root / "notified.json").read_text(encoding="utf-8"))
        return {str(key): [str(cause) for cause in causes] for key, causes in found["told"].items()}
    except (OSError, ValueError, TypeError, AttributeError, LookupError):
        return {}


def _write(warehouse: Warehouse, told_by: dict[str, list[str]]) -> None:
    warehouse.root.mkdir(parents=True, exist_ok=True)
    aside = warehouse.root / f".notified-{os.getpid()}.json"
    with replacing(warehouse.root / "notified.json", aside):
        aside.write_text(json.dumps({"told": told_by}, indent=1) + "\n", encoding="utf-8")
        make_readable(aside)
