"""`npa health`: whether readers have a whole and fresh release, in one sentence. Imports nothing heavy."""

import contextlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.releases.manifest import damage
from flows.releases.refresh_log import newest_first, printed, utc
from flows.releases.warehouse import Warehouse
from flows.releases.writer_lock import dead_holder
from transforms.errors import NpaError

Attempt = dict[str, Any]  # a line of the log of refreshes
_GOOD = ("published", "up_to_date", "held")
_CLOCK_SLACK = timedelta(minutes=5)  # the clocks of two machines on one disk may differ by so much


@dataclass(slots=True)
class Health:
    """The health of a warehouse; `reason` says in one sentence why it is good or bad."""

    is_healthy: bool
    reason: str
    checked_at: str
    max_age_seconds: int
    release_id: str | None = None
    last_good_at: str | None = None
    age_seconds: int | None = None
    last_attempt: Attempt | None = None
    failure: Attempt | None = field(default=None, repr=False)  # the attempt that makes it bad, if one does


def print_health(warehouse: Warehouse, max_age: int, form: str) -> Health:
    """Print the health of the warehouse, and return it."""
    result = health(warehouse, max_age, datetime.now(UTC))
    shown = {name: value for name, value in asdict(result).items() if name != "failure"}
    print(json.dumps(shown, indent=1) if form == "json" else result.reason)
    return result


def health(warehouse: Warehouse, max_age: int, now: datetime) -> Health:
    """Return the health at `now`, where a good refresh may be `max_age` seconds old."""
    result = Health(False, "", utc(now), max_age)
    try:
        release = warehouse.current_release()
        manifest = warehouse.manifest(release)
        result.release_id = release.name
        attempts = list(_until_good(warehouse, now))
    except NpaError as fault:
        return replace(result, reason=str(fault))
    except OSError as fault:
        return replace(result, reason=f"{warehouse.log} cannot be read: {fault.strerror}.")
    result.last_attempt = attempts[0] if attempts else None
    note = _set_age(result, [*attempts, {"outcome": "published", "ended": manifest["published_at"]}], now)
    problem = _damage(release.name, list(damage(release, manifest))) or _death(warehouse, attempts)
    result.failure = None if problem else _failure(attempts)
    problem = problem or (_sentence(result.failure) if result.failure else _staleness(result))
    result.is_healthy = not problem
    good = f"{release.name} is whole, and the last good refresh was {_span(result.age_seconds)} ago{_hold(attempts)}."
    result.reason = (problem or good) + note
    return result


def _until_good(warehouse: Warehouse, now: datetime) -> Iterable[Attempt]:
    """Yield the attempts, from the last back to the last good one that is not dated in the future."""
    for attempt in newest_first(warehouse.log):
        yield attempt
        if (ended := _end_of_good(attempt)) and ended <= now + _CLOCK_SLACK:
            return


def _end_of_good(attempt: Attempt) -> datetime | None:
    """Return when a good attempt ended, in UTC if it does not say its zone; None of another attempt."""
    with contextlib.suppress(ValueError):
        if attempt.get("outcome") in _GOOD:
            moment = datetime.fromisoformat(str(attempt.get("ended")))
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _set_age(result: Health, attempts: list[Attempt], now: datetime) -> str:
    """Set when the last good refresh was; return a note if the clock went back."""
    ends = [ended for attempt in attempts if (ended := _end_of_good(attempt))]
    past = [ended for ended in ends if ended <= now + _CLOCK_SLACK]
    if past:
        result.last_good_at = utc(max(past))
        result.age_seconds = max(0, int((now - max(past)).total_seconds()))
    if len(past) == len(ends):
        return ""
    times = f"{utc(max(ends))}, and it is {result.checked_at} now"
    return f" A refresh is dated in the future, {times}: the clock has gone back, or was wrong then."


def _damage(release_id: str, faults: list[str]) -> str:
    rest = f", and {len(faults) - 3} more" if len(faults) > 3 else ""
    remedy = "npa refresh --force makes it anew, npa rollback goes to an older one."
    return f"{release_id} is damaged: {'; '.join(faults[:3])}{rest}. {remedy}" if faults else ""


def _death(warehouse: Warehouse, attempts: list[Attempt]) -> str:
    """Return a sentence about a refresh that was killed, unless a later attempt has been logged."""
    died = dead_holder(warehouse.lock)
    is_new = died and died.task == "refresh" and not (attempts and str(attempts[0].get("started")) > died.since)
    return f"the last refresh died before it was done ({died})." if is_new else ""


def _failure(attempts: list[Attempt]) -> Attempt | None:
    """Return the last attempt if it failed, without those that were stopped by hand: the age of the data counts."""
    attempt = next((a for a in attempts if a.get("outcome") in ("rejected", "failed", *_GOOD)), None)
    if attempt is None or attempt["outcome"] in _GOOD:
        return None
    errors = attempt.get("errors")
    is_readable = isinstance(errors, list) and errors and all(isinstance(error, dict) for error in errors)
    return attempt if is_readable else {**attempt, "errors": [{"what": "no reason was logged"}]}


def _sentence(failure: Attempt) -> str:
    count = failure.get("error_count")
    verb = "was rejected" if failure["outcome"] == "rejected" else "failed"
    when = failure.get("ended") or f"begun {failure.get('started')}"
    others = f", and {count - 1} more problems" if isinstance(count, int) and count > 1 else ""
    return f"the last refresh ({when}) {verb}: {printed(failure['errors'][0]).rstrip('.')}{others}."


def _staleness(result: Health) -> str:
    if result.age_seconds is None:
        return "no good refresh has a time that can be trusted."
    age, allowed = _span(result.age_seconds), _span(result.max_age_seconds)
    sentence = f"the last good refresh was {age} ago ({result.last_good_at}), more than {allowed}."
    return sentence if result.age_seconds > result.max_age_seconds else ""


def _hold(attempts: list[Attempt]) -> str:
    good: Attempt = next((attempt for attempt in attempts if attempt.get("outcome") in _GOOD), {})
    return f" ({good['why']})" if good.get("outcome") == "held" and good.get("why") else ""


def _span(seconds: int | None) -> str:
    """Return a span of time to read.

    >>> _span(95), _span(93600), _span(7200), _span(500000)
    ('1 min', '26 h', '2 h', '5 d 18 h')
    """
    minutes = (seconds or 0) // 60
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d {minutes % 1440 // 60} h"
