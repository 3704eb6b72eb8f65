"""The environment variables of npa: their meanings and values. No other module reads them. Imports nothing heavy."""

import contextlib
import os
import re
from dataclasses import dataclass, field
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
    "NPA_DESK": "folder into which each night writes what an officer needs: status, reminders, refused rows",
    "NPA_SMTP_HOST, NPA_SMTP_PORT": "mail server of npa remind --send, and its port (default: 587; with tls 465)",
    "NPA_SMTP_SECURITY": "starttls (default), tls, or none: without encryption, and then without a password",
    "NPA_SMTP_USER, NPA_SMTP_PASSWORD": "with which this server lets npa in (default: it asks for none)",
    "NPA_SMTP_FROM": "address from which reminders come",
    "PREFECT_API_URL": "Prefect server on which npa serve, --runner auto and prefect run the flow",
    "PREFECT_API_AUTH_STRING": "user:password that this server asks for",
    "NPA_ALLOW_OPEN_SERVER": "1: npa serve takes a server that asks for no password (default: it refuses)",
}


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server, and from whom its mails come."""

    host: str
    port: int
    security: str  # starttls, tls, none
    user: str
    password: str = field(repr=False)
    sender: str


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


def mail_sender() -> str:
    """Return the address from which reminders come, NPA_SMTP_FROM; empty if it is not set. Raises WrongSetting."""
    text = _text("NPA_SMTP_FROM", "")
    if text and not re.fullmatch(r"[!-?A-~]+@[A-Za-z0-9.-]+", text):
        raise WrongSetting('NPA_SMTP_FROM is "{text}"; it is one address, as npa@example.org', text=text)
    return text


def mail_server() -> MailServer:
    """Return the server that sends reminders, NPA_SMTP_…. Raises WrongSetting, which never says the password."""
    host, security, sender = _text("NPA_SMTP_HOST", ""), _text("NPA_SMTP_SECURITY", "starttls"), mail_sender()
    user, password = _text("NPA_SMTP_USER", ""), os.environ.get("NPA_SMTP_PASSWORD", "")
    port = _text("NPA_SMTP_PORT", "465" if security == "tls" else "587")
    if not host or not sender:
        raise WrongSetting("mails need a server and a sender: set NPA_SMTP_HOST and NPA_SMTP_FROM")
    if security not in ("starttls", "tls", "none"):
        raise WrongSetting('NPA_SMTP_SECURITY is "{text}"; it is starttls, tls or none', text=security)
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise WrongSetting('NPA_SMTP_PORT is "{text}"; it is a number such as 587', text=port)
    if bool(user) != bool(password):
        raise WrongSetting("NPA_SMTP_USER and NPA_SMTP_PASSWORD go together: set both, or none")
    if not (user + password).isascii():
        raise WrongSetting("NPA_SMTP_USER and NPA_SMTP_PASSWORD may hold ASCII only: choose another password")
    if password and security == "none":
        raise WrongSetting("NPA_SMTP_SECURITY is none: the password would be sent in the clear. Set starttls or tls.")
    return MailServer(host, int(port), security, user, password, sender)


def desk() -> Path | None:
    """Return the folder into which each night writes for the officer, NPA_DESK; None if it is not set."""
    text = _text("NPA_DESK", "")
    return Path(text) if text else None


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
