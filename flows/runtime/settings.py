"""When the nightly refresh runs, which day a night is about, and when it is tried again. Imports nothing heavy."""

import os
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from transforms.errors import NpaError

_WAIT = "NPA_LOCK_WAIT"


CRON = "30 1 * * *"
TIME_ZONE = "Asia/Dushanbe"  # of the Agency on Statistics
RETRY_DELAYS = "60 300 900"
_LATE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cron expression and the time zone that it is meant in, as set by NPA_SCHEDULE and NPA_TIMEZONE."""

    cron: str = field(default_factory=lambda: _setting("NPA_SCHEDULE", CRON))
    time_zone: str = field(default_factory=lambda: time_zone().key)


def time_zone() -> ZoneInfo:
    """The zone in which days begin, as set. Raises WrongSetting."""
    name = _setting("NPA_TIMEZONE", TIME_ZONE)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise WrongSetting(
            f'NPA_TIMEZONE is "{name}"; it is a name of the time zone database, as {TIME_ZONE}'
        ) from error


def today() -> date:
    """The day it is in that zone."""
    return datetime.now(time_zone()).date()


def night_of(scheduled: datetime, now: datetime, zone: ZoneInfo) -> date:
    """The day that a night is about: the one it was scheduled for. One that is half a day late, because no server was
    there, is about the day on which it runs: nights that were missed do not publish old days one after the other.

    >>> scheduled, zone = datetime.fromisoformat("2026-11-24T20:30Z"), ZoneInfo("Asia/Dushanbe")
    >>> night_of(scheduled, datetime.fromisoformat("2026-11-24T21:10Z"), zone).isoformat()
    '2026-11-25'
    >>> night_of(scheduled, datetime.fromisoformat("2026-11-27T06:00Z"), zone).isoformat()
    '2026-11-27'
    """
    return (scheduled if now - scheduled < _LATE else now).astimezone(zone).date()


def retry_delays() -> list[float]:
    """Seconds to wait before each further try of a night, by NPA_RETRY_DELAYS; "none" for no further try."""
    text = _setting("NPA_RETRY_DELAYS", RETRY_DELAYS)
    delays = [] if text == "none" else text.split()
    if len(delays) > 20 or not all(re.fullmatch(r"[0-9]{1,5}(\.[0-9]+)?", delay) for delay in delays):
        raise WrongSetting(
            f'NPA_RETRY_DELAYS is "{text}"; it is the seconds before each further try, as {RETRY_DELAYS}, or none'
        )
    return [float(delay) for delay in delays]


def _setting(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


class WrongSetting(NpaError):
    """An environment variable that says nothing sensible."""

    exit_code = 2


def lock_wait() -> float:
    """Seconds to wait for another writer, by the setting; 0 where it is not set: leave at once."""
    text = os.environ.get(_WAIT, "").strip() or "0"
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < float("inf"):
        raise WrongSetting(f'{_WAIT} is "{text}"; it is the seconds to wait for another run, as 600')
    return seconds
