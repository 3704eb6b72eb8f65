"""Which day it is, and which day a night is about. Imports nothing heavy."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flows.runtime.settings import time_zone

_LATE = timedelta(hours=12)


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
