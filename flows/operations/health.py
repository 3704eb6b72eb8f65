"""`npa health`: whether readers have a whole and fresh release, in one sentence. Imports nothing heavy."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.releases import refresh_log
from flows.releases.integrity import damage
from flows.releases.warehouse import Warehouse
from flows.releases.writer_lock import dead_holder
from transforms.errors import NpaError

_GOOD = ("published", "up_to_date", "held")
_CLOCK_SLACK = timedelta(minutes=5)  # clocks of two machines on one disk may differ by so much


@dataclass(slots=True)
class Health:
    """What was found; `reason` says in one sentence why it is healthy or not."""

    is_healthy: bool
    reason: str
    checked_at: str
    max_age_seconds: int
    release_id: str | None = None
    last_good_at: str | None = None
    age_seconds: int | None = None
    last_attempt: dict[str, Any] | None = field(default=None)
    failure: dict[str, Any] | None = field(default=None, repr=False)  # the attempt that makes it bad, if one does

    def errors(self) -> list[dict[str, Any]]:
        """What is wrong, as the log has it."""
        return list(self.failure["errors"]) if self.failure else [{"what": self.reason}]


def print_health(warehouse: Warehouse, max_age: int, form: str) -> Health:
    """Print the health of the warehouse, and return it."""
    found = health(warehouse, max_age, datetime.now(UTC))
    shown = {name: value for name, value in asdict(found).items() if name != "failure"}
    print(json.dumps(shown, indent=1) if form == "json" else found.reason)
    return found


def health(warehouse: Warehouse, max_age: int, now: datetime) -> Health:
    """The health at `now`; a good refresh may be `max_age` seconds old."""
    found = Health(False, "", f"{now:%Y-%m-%dT%H:%M:%SZ}", max_age)
    try:
        release = warehouse.current_release()
        manifest = warehouse.manifest(release)
    except NpaError as fault:
        found.reason = str(fault)
        return found
    found.release_id = release.name
    try:
        attempts = list(_until_good(warehouse, now))
    except OSError as fault:
        found.reason = f"{warehouse.log} cannot be read: {fault.strerror}."
        return found
    found.last_attempt = attempts[0] if attempts else None
    note = _note_freshness(found, [*attempts, {"outcome": "published", "ended": manifest["published_at"]}], now)
    bad = _damaged(release.name, damage(release, manifest)) or _died(warehouse, attempts)
    found.failure = None if bad else _failed(attempts)
    bad = bad or _verdict(found.failure) or _stale(found)
    found.is_healthy = not bad
    found.reason = (bad or f"{release.name} is whole, and the last good refresh was {_span(found.age_seconds)} ago"
                    f"{_held(attempts)}.") + note  # fmt: skip
    return found


def _until_good(warehouse: Warehouse, now: datetime) -> Iterable[dict[str, Any]]:
    """The attempts from the last back to the last good one that is not dated in the future."""
    for attempt in refresh_log.newest_first(warehouse.log):
        yield attempt
        ended = _moment(attempt.get("ended"))
        if attempt.get("outcome") in _GOOD and ended and ended <= now + _CLOCK_SLACK:
            return


def _note_freshness(found: Health, attempts: list[dict[str, Any]], now: datetime) -> str:
    """Set when the last good refresh was; returns what is to be said of a clock that went back."""
    ends = [
        ended for attempt in attempts if attempt.get("outcome") in _GOOD and (ended := _moment(attempt.get("ended")))
    ]
    past = [ended for ended in ends if ended <= now + _CLOCK_SLACK]
    if past:
        found.last_good_at = f"{max(past):%Y-%m-%dT%H:%M:%SZ}"
        found.age_seconds = max(0, int((now - max(past)).total_seconds()))
    if len(past) == len(ends):
        return ""
    return (f" A refresh is dated in the future, {max(ends):%Y-%m-%dT%H:%M:%SZ}, and it is {found.checked_at} now: "
            "the clock has gone back, or was wrong then.")  # fmt: skip


def _damaged(release_id: str, faults: Iterable[str]) -> str:
    listed = list(faults)
    more = f", and {len(listed) - 3} more" if len(listed) > 3 else ""
    remedy = "npa refresh --force makes it anew, npa rollback goes to an older one."
    return f"{release_id} is damaged: {'; '.join(listed[:3])}{more}. {remedy}" if listed else ""


def _died(warehouse: Warehouse, attempts: list[dict[str, Any]]) -> str:
    """Of a refresh that was killed, until the next one has noted it or been better."""
    died = dead_holder(warehouse.lock)
    if died is None or died.task != "refresh" or (attempts and str(attempts[0].get("started")) > died.since):
        return ""
    return f"the last refresh died before it was done ({died})."


def _failed(attempts: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The last attempt if it failed. One that was stopped by hand says nothing; the age of the data will."""
    for attempt in attempts:
        if attempt.get("outcome") in ("rejected", "failed"):
            errors = attempt.get("errors")
            is_told = isinstance(errors, list) and bool(errors) and all(isinstance(one, dict) for one in errors)
            return attempt if is_told else {**attempt, "errors": [{"what": "no reason was logged"}]}
        if attempt.get("outcome") in _GOOD:
            break
    return None


def _verdict(attempt: dict[str, Any] | None) -> str:
    if attempt is None:
        return ""
    first = attempt["errors"][0]
    place = ":".join(str(first[key]) for key in ("path", "line") if first.get(key))
    value = f': "{first["value"]}"' if first.get("value") is not None else ""
    more = attempt.get("error_count", 1)
    verb = "was rejected" if attempt["outcome"] == "rejected" else "failed"
    told = f"{place + ': ' if place else ''}{first.get('what', 'no reason was logged')}{value}".rstrip(".")
    told = " ".join(told.split())
    when = attempt.get("ended") or f"begun {attempt.get('started')}"
    others = f", and {more - 1} more problems" if isinstance(more, int) and more > 1 else ""
    return f"the last refresh ({when}) {verb}: {told}{others}."


def _stale(found: Health) -> str:
    if found.age_seconds is None:
        return "no good refresh has a time that can be trusted."
    if found.age_seconds > found.max_age_seconds:
        allowed = _span(found.max_age_seconds)
        return f"the last good refresh was {_span(found.age_seconds)} ago ({found.last_good_at}), more than {allowed}."
    return ""


def _held(attempts: list[dict[str, Any]]) -> str:
    good: dict[str, Any] = next((a for a in attempts if a.get("outcome") in _GOOD), {})
    return f" ({good['why']})" if good.get("outcome") == "held" and good.get("why") else ""


def _span(seconds: int | None) -> str:
    """A span of time to read.

    >>> _span(95), _span(93600), _span(7200), _span(500000)
    ('1 min', '26 h', '2 h', '5 d 18 h')
    """
    minutes = (seconds or 0) // 60
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d {minutes % 1440 // 60} h"


def _moment(text: object) -> datetime | None:
    """A point in time, UTC where it does not say; None where it is none."""
    try:
        moment = datetime.fromisoformat(str(text))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except ValueError:
        return None
