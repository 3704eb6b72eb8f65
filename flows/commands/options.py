"""The options that several commands have, and how they are read."""

import argparse
import re
from datetime import date
from pathlib import Path
from typing import TypeAlias

from flows.releases.warehouse import Warehouse
from flows.runtime.settings import lock_wait, raw_folder, warehouse_folder

# What add_subparsers returns has no public name.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def command(commands: Commands, name: str, summary: str, more: str = "") -> argparse.ArgumentParser:
    """A command with the options that all of them have."""
    description = f"{summary[0].upper()}{summary[1:]}.\n\n{more}"
    made = commands.add_parser(name, help=summary, description=description, formatter_class=formatter)
    made.add_argument(
        "--raw",
        type=Path,
        metavar="DIR",
        default=raw_folder(),
        help="folder of sources (default: raw)",
    )
    made.add_argument(
        "--warehouse",
        type=_warehouse,
        metavar="DIR",
        default=Warehouse(warehouse_folder()),
        help="folder of releases (default: warehouse)",
    )
    return made


def formatter(prog: str) -> argparse.HelpFormatter:
    """Return a formatter that keeps the lines of a description."""
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=30)


def add_as_of(parser: argparse.ArgumentParser, meaning: str) -> None:
    """Add the option of the day for which states are computed."""
    parser.add_argument("--as-of", type=day, metavar="DATE", default=None, help=meaning)


def add_agency(parser: argparse.ArgumentParser) -> None:
    """Add the option of one agency."""
    parser.add_argument("--agency", metavar="ID", help="of this agency only, by its id or abbreviation")


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add the option of the form of a list."""
    parser.add_argument(
        "--format", choices=("table", "csv", "json"), default="table", help="how to write the list (default: table)"
    )


def add_wait(made: argparse.ArgumentParser) -> None:
    """The option of those that write."""
    made.add_argument(
        "--wait",
        type=seconds,
        metavar="SECONDS",
        help="how long to wait for another run that writes (default: NPA_LOCK_WAIT, or 0: leave at once)",
    )


def add_notify(made: argparse.ArgumentParser) -> None:
    """The option of those whose outcome may be told to people."""
    made.add_argument(
        "--notify",
        action="store_true",
        help="tell the addresses in NPA_NOTIFY: a failure once for each new cause, and once that all is good again",
    )


def wait_of(options: argparse.Namespace) -> float:
    """Seconds to wait for another writer: the option, or the setting."""
    return lock_wait() if options.wait is None else float(options.wait)


def duration(text: str) -> int:
    """Seconds of a duration.

    >>> duration("26h"), duration("90m"), duration("2d")
    (93600, 5400, 172800)
    """
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text.strip())
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration; write it like 26h, 90m, 2d or 30s")
    return int(found[1]) * _SECONDS[found[2]]


def seconds(text: str) -> float:
    """Return a number of seconds. Raises ArgumentTypeError."""
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds; write it like 600")
    return float(text)


def count(text: str) -> int:
    """Return a whole number from 1 to 9999. Raises ArgumentTypeError."""
    if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to 9999")
    return int(text)


def day(text: str) -> str:
    """Return a day, ISO 8601. Raises ArgumentTypeError."""
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it like 2026-11-24") from None


def _warehouse(text: str) -> Warehouse:
    return Warehouse(Path(text))
