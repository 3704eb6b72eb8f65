"""How commands declare their options, and the options that several commands have."""

import argparse
import contextlib
import functools
import inspect
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from flows.releases.warehouse import Warehouse
from flows.runtime.settings import folder, lock_wait

Run: TypeAlias = Callable[[argparse.Namespace], int | None]
Option: TypeAlias = Callable[[Any], object]  # adds the option to a parser, or to a group of options
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Value = TypeVar("Value")
formatter = functools.partial(argparse.RawDescriptionHelpFormatter, max_help_position=30)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def command(*options: Option) -> Callable[[Run], Callable[[Commands], None]]:
    """Return a decorator of the function that runs a command; what it returns adds the command to the parser. The name
    of the function is that of the command, and its docstring is what --help says."""
    return lambda run: functools.partial(_add, run, options)


def _add(run: Run, options: tuple[Option, ...], commands: Commands) -> None:
    """Add a command, with the folders that all commands have, and its options."""
    description = inspect.cleandoc(str(run.__doc__))
    summary = description.partition(".\n")[0].removesuffix(".")
    summary = f"{summary[0].lower()}{summary[1:]}"
    parser = commands.add_parser(run.__name__, help=summary, description=description, formatter_class=formatter)
    raw, warehouse = folder("NPA_RAW", "raw"), Warehouse(folder("NPA_WAREHOUSE", "warehouse"))
    parser.add_argument("--raw", type=Path, metavar="DIR", default=raw, help="folder of sources (default: raw)")
    parser.add_argument("--warehouse", type=lambda text: Warehouse(Path(text)), metavar="DIR", default=warehouse,
                        help="folder of releases (default: warehouse)")  # fmt: skip
    for add_option in options:
        add_option(parser)
    parser.set_defaults(run=run)


def option(*names: str, **settings: object) -> Option:
    """Return an option, or a positional argument, with the settings of argparse's add_argument."""
    return lambda parser: parser.add_argument(*names, **settings)


def group(*options: Option) -> Option:
    """Return options of which exactly one must be given."""

    def add(parser: argparse.ArgumentParser) -> None:
        exclusive = parser.add_mutually_exclusive_group(required=True)
        for add_option in options:
            add_option(exclusive)

    return add


def wait_of(options: argparse.Namespace) -> float:
    """Return the seconds to wait for another writer: the option, or the setting."""
    return lock_wait() if options.wait is None else float(options.wait)


def _convert(pattern: str, fault: str, convert: Callable[[str], Value], text: str) -> Value:
    """Return the value of a text that has the pattern. Raises ArgumentTypeError for others."""
    with contextlib.suppress(ValueError):  # a 31st of June
        if re.fullmatch(pattern, text):
            return convert(text)
    raise argparse.ArgumentTypeError(f"{text!r} {fault}")


def _duration(text: str) -> int:
    return int(text.strip()[:-1]) * _SECONDS[text.strip()[-1]]


_LIKE = "is no duration; write it like 26h, 90m, 2d or 30s"
duration = functools.partial(_convert, r"\s*[0-9]{1,6}[smhd]\s*", _LIKE, _duration)
count = functools.partial(_convert, "(?!0+$)[0-9]{1,4}", "is no whole number from 1 to 9999", int)
_seconds = functools.partial(_convert, r"[0-9]{1,6}(\.[0-9]+)?", "is no number of seconds; write it like 600", float)
_day = functools.partial(_convert, r"\d{4}-\d\d-\d\d", "is no day; write it like 2026-11-24", date.fromisoformat)


def as_of(meaning: str) -> Option:
    """Return the option of the day for which states are computed."""
    return option("--as-of", type=lambda text: _day(text).isoformat(), metavar="DATE", help=meaning)


AGENCY = option("--agency", metavar="ID", help="of this agency only, by its id or abbreviation")
FORMAT = option(
    "--format", choices=("table", "csv", "json"), default="table", help="how to write the list (default: table)"
)
NOTIFY = option(
    "--notify",
    action="store_true",
    help="tell the addresses in NPA_NOTIFY: a failure once for each new cause, and once that all is good again",
)
WAIT = option(
    "--wait",
    type=_seconds,
    metavar="SECONDS",
    help="how long to wait for another run that writes (default: NPA_LOCK_WAIT, or 0: leave at once)",
)
