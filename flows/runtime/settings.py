"""The environment variables of npa: what each means, and its value, read nowhere else. Imports nothing heavy.

Prefect has settings of its own; of those, npa reads only where the server is."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from transforms.errors import NpaError
from transforms.quality.text import sentence

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
    """An environment variable that says nothing sensible."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cron expression and the time zone that it is meant in, as set by NPA_SCHEDULE and NPA_TIMEZONE."""

    cron: str = field(default_factory=lambda: _text("NPA_SCHEDULE") or CRON)
    time_zone: str = field(default_factory=lambda: time_zone().key)


def raw_folder() -> Path:
    """Return the folder of sources, NPA_RAW."""
    return Path(os.environ.get("NPA_RAW", "raw"))


def warehouse_folder() -> Path:
    """Return the folder of releases, NPA_WAREHOUSE."""
    return Path(os.environ.get("NPA_WAREHOUSE", "warehouse"))


def folder_of_nights(name: str) -> Path:
    """Return the absolute path in NPA_RAW or NPA_WAREHOUSE, which a night needs. Raises WrongSetting."""
    text = os.environ.get(name, "")
    if not Path(text).is_absolute():
        raise WrongSetting(
            sentence(
                '{name} is "{text}"; a night needs an absolute path there. npa serve sets it; set it '
                "where a Prefect worker runs.",
                name=name,
                text=text,
            )
        )
    return Path(text)


def set_folders_of_nights(raw: Path, warehouse: Path) -> None:
    """Have the nights that this process starts read and write these folders: they inherit its environment."""
    os.environ.update(NPA_RAW=str(raw), NPA_WAREHOUSE=str(warehouse))


def lock_wait() -> float:
    """Return the seconds to wait for another writer, NPA_LOCK_WAIT; 0 where it is not set. Raises WrongSetting."""
    text = _text("NPA_LOCK_WAIT") or "0"
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < float("inf"):
        raise WrongSetting(
            sentence('NPA_LOCK_WAIT is "{text}"; it is the seconds to wait for another run, as 600', text=text)
        )
    return seconds


def kept_releases() -> int:
    """Return how many releases a refresh keeps, NPA_KEEP_RELEASES; 0 for all. Raises WrongSetting."""
    text = os.environ.get("NPA_KEEP_RELEASES", _KEEP_RELEASES)
    if not text.strip().isdecimal():
        raise WrongSetting(sentence('NPA_KEEP_RELEASES is "{text}", no whole number', text=text))
    return int(text)


def time_zone() -> ZoneInfo:
    """Return the zone in which days begin, NPA_TIMEZONE. Raises WrongSetting."""
    name = _text("NPA_TIMEZONE") or TIME_ZONE
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise WrongSetting(
            sentence(
                'NPA_TIMEZONE is "{name}"; it is a name of the time zone database, as {example}',
                name=name,
                example=TIME_ZONE,
            )
        ) from error


def language() -> str:
    """Return the language in which errors are printed, NPA_LANGUAGE; English where it is not set. Raises
    WrongSetting."""
    text = _text("NPA_LANGUAGE") or "en"
    if text not in _LANGUAGES:
        raise WrongSetting(sentence('NPA_LANGUAGE is "{text}"; it is en, ru or tg', text=text))
    return text


def retry_delays() -> list[float]:
    """Return the seconds to wait before each further try of a night, NPA_RETRY_DELAYS; "none" is for no further try.
    Raises WrongSetting."""
    text = _text("NPA_RETRY_DELAYS") or RETRY_DELAYS
    delays = [] if text == "none" else text.split()
    if len(delays) > 20 or not all(re.fullmatch(r"[0-9]{1,5}(\.[0-9]+)?", delay) for delay in delays):
        raise WrongSetting(
            sentence(
                'NPA_RETRY_DELAYS is "{text}"; it is the seconds before each further try, as {example}, or none',
                text=text,
                example=RETRY_DELAYS,
            )
        )
    return [float(delay) for delay in delays]


def addresses() -> list[str]:
    """Return the addresses to tell of a failed night, NPA_NOTIFY. They may hold passwords."""
    return os.environ.get("NPA_NOTIFY", "").split()


def allows_open_server() -> bool:
    """Return True if npa serve may use a server that asks for no password, NPA_ALLOW_OPEN_SERVER. Raises
    WrongSetting."""
    text = _text("NPA_ALLOW_OPEN_SERVER")
    if text not in ("", "0", "1"):
        raise WrongSetting(sentence('NPA_ALLOW_OPEN_SERVER is "{text}"; it is 1, or not set', text=text))
    return text == "1"


def prefect_server() -> str:
    """Return the address of the Prefect server's API, PREFECT_API_URL; empty where there is none."""
    return os.environ.get("PREFECT_API_URL", "")


def _text(name: str) -> str:
    return os.environ.get(name, "").strip()
