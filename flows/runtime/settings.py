"""The environment variables of npa: their meanings and values. No other module reads them. Imports nothing heavy."""

import contextlib
import os
import re
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from transforms.errors import NpaError

CRON = "30 1 * * *"
TIME_ZONE = "Asia/Dushanbe"  # of the Agency on Statistics
RETRY_DELAYS = "60 300 900"
_KEEP_RELEASES = "30"
_LANGUAGES = "en", "ru", "tg"

# What `npa --help` says of each, in its order.
MEANINGS = {
    "NPA_RAW, NPA_WAREHOUSE": "folders, where --raw and --warehouse are not given",
    "NPA_LOCK_WAIT": "seconds to wait for another run that writes (default: 0, leave at once)",
    "NPA_KEEP_RELEASES": f"releases that a refresh keeps (default: {_KEEP_RELEASES}; 0: all)",
    "NPA_TIMEZONE": f"zone in which a day begins (default: {TIME_ZONE})",
    "NPA_LANGUAGE": "language in which errors are printed: en, ru or tg (default: en)",
    "NPA_SCHEDULE": f"when npa serve refreshes, as a cron expression (default: {CRON})",
    "NPA_RETRY_DELAYS": f"seconds before each further try of a night (default: {RETRY_DELAYS})",
    "NPA_NOTIFY": "addresses to tell of a failed night, as apprise has them: mailto://… slack://…",
    "PREFECT_API_URL": "Prefect server on which npa serve, --runner auto and prefect run the flow",
    "PREFECT_API_AUTH_STRING": "user:password that this server asks for",
    "NPA_ALLOW_OPEN_SERVER": "1: npa serve takes a server that asks for no password (default: it refuses)",
}


class WrongSetting(NpaError):
    """An environment variable with a value that npa cannot use."""

    exit_code = 2


def folder(name: str, default: str) -> Path:
    """Return the path in NPA_RAW or NPA_WAREHOUSE."""
    return Path(os.environ.get(name, default))


def folder_of_nights(name: str) -> Path:
    """Return the absolute path in NPA_RAW or NPA_WAREHOUSE, which a night needs. Raises WrongSetting."""
    text = os.environ.get(name, "")
    if Path(text).is_absolute():
        return Path(text)
    what = (
        '{name} is "{text}"; a night needs an absolute path there. npa serve sets it; set it where a '
        "Prefect worker runs."
    )
    raise WrongSetting(what, name=name, text=text)


def set_folders_of_nights(raw: Path, warehouse: Path) -> None:
    """Set the folders of the nights that this process starts: they inherit its environment."""
    os.environ.update(NPA_RAW=str(raw), NPA_WAREHOUSE=str(warehouse))


def lock_wait() -> float:
    """Return the seconds to wait for another writer, NPA_LOCK_WAIT; 0 if it is not set. Raises WrongSetting."""
    text = _text("NPA_LOCK_WAIT", "0")
    with contextlib.suppress(ValueError):
        if 0 <= (seconds := float(text)) < float("inf"):
            return seconds
    raise WrongSetting('NPA_LOCK_WAIT is "{text}"; it is the seconds to wait for another run, as 600', text=text)


def kept_releases() -> int:
    """Return how many releases a refresh keeps, NPA_KEEP_RELEASES; 0 for all. Raises WrongSetting."""
    text = os.environ.get("NPA_KEEP_RELEASES", _KEEP_RELEASES)
    if not text.strip().isdecimal():
        raise WrongSetting('NPA_KEEP_RELEASES is "{text}", no whole number', text=text)
    return int(text)


def cron() -> str:
    """Return when npa serve refreshes, NPA_SCHEDULE, a cron expression that nobody has checked."""
    return _text("NPA_SCHEDULE", CRON)


def time_zone() -> ZoneInfo:
    """Return the zone in which days begin, NPA_TIMEZONE. Raises WrongSetting."""
    name = _text("NPA_TIMEZONE", TIME_ZONE)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        what = 'NPA_TIMEZONE is "{name}"; it is a name of the time zone database, as {example}'
        raise WrongSetting(what, name=name, example=TIME_ZONE) from error


def language() -> str:
    """Return the language of printed errors, NPA_LANGUAGE; English if it is not set. Raises WrongSetting."""
    text = _text("NPA_LANGUAGE", "en")
    if text not in _LANGUAGES:
        raise WrongSetting('NPA_LANGUAGE is "{text}"; it is en, ru or tg', text=text)
    return text


def retry_delays() -> list[float]:
    """Return the seconds to wait before each further try of a night, NPA_RETRY_DELAYS. Raises WrongSetting."""
    text = _text("NPA_RETRY_DELAYS", RETRY_DELAYS)
    delays = [] if text == "none" else text.split()
    if len(delays) > 20 or not all(re.fullmatch(r"[0-9]{1,5}(\.[0-9]+)?", delay) for delay in delays):
        what = 'NPA_RETRY_DELAYS is "{text}"; it is the seconds before each further try, as {example}, or none'
        raise WrongSetting(what, text=text, example=RETRY_DELAYS)
    return [float(delay) for delay in delays]


def addresses() -> list[str]:
    """Return the addresses to notify of a failed night, NPA_NOTIFY. They may hold passwords."""
    return os.environ.get("NPA_NOTIFY", "").split()


def allows_open_server() -> bool:
    """Return True if npa serve may use a server without a password, NPA_ALLOW_OPEN_SERVER. Raises WrongSetting."""
    text = _text("NPA_ALLOW_OPEN_SERVER", "0")
    if text not in ("0", "1"):
        raise WrongSetting('NPA_ALLOW_OPEN_SERVER is "{text}"; it is 1, or not set', text=text)
    return text == "1"


def prefect_server() -> str:
    """Return the address of the Prefect server's API, PREFECT_API_URL; empty if it is not set."""
    return os.environ.get("PREFECT_API_URL", "")


def _text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default
