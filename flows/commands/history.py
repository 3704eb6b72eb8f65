"""The commands that compare, go back, tidy and watch: their options, and what they run."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeAlias

# What add_subparsers returns has no public name.
_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class _Command(Protocol):
    def __call__(self, commands: _Commands, name: str, summary: str, more: str = "") -> argparse.ArgumentParser: ...


def add_commands(commands: _Commands, command: _Command) -> None:
    """Add diff, rollback, prune and health to the manual; `command` makes one with the options that all have."""
    _add_diff(command(commands, "diff", "compare two releases row by row",
        "Which rows of which tables were added, removed or changed, with old and new values. A release is\n"
        'named by its id, by the beginning of it, or as "current".'))  # fmt: skip
    rollback = command(commands, "rollback", "have an older release be the current one, and hold to it",
        "While inputs and software are those of the release that was rolled back from, npa refresh then\n"
        "publishes nothing and says so. To go back to that release ends the hold, and so does\n"
        "npa refresh --force.")  # fmt: skip
    rollback.add_argument("release", metavar="ID", help="id of the release, or the beginning of it")
    prune = command(commands, "prune", "remove old releases",
        "Never the current one, nor those that a rollback holds to or has left.")  # fmt: skip
    prune.add_argument("--keep", type=_count, metavar="N", required=True, help="how many of the newest to keep")
    prune.add_argument("--keep-days", type=_count, metavar="D", help="keep those of the last D days too")
    for made in (rollback, prune):
        add_wait(made)
    _add_health(command(commands, "health", "say whether the data is fresh; exit status 0 or 1, for a watchdog",
        "Bad are: no release, a damaged one, a last attempt that failed, no good refresh for too long."))  # fmt: skip


def _add_diff(made: argparse.ArgumentParser) -> None:
    made.add_argument("a", metavar="A", nargs="?", help="the older release (default: the last but one)")
    made.add_argument("b", metavar="B", nargs="?", help="the newer one (default: with A, the current; else the last)")
    made.add_argument("--format", choices=("table", "json", "csv"), default="table", help="(default: table)")
    made.add_argument("--output", type=Path, metavar="FILE", help="where to write it (default: standard output)")
    made.add_argument(
        "--limit", type=_count, metavar="N", default=10, help="rows of each table to print, as table (default: 10)"
    )


def _add_health(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--max-age",
        type=duration,
        metavar="TIME",
        default=26 * 3600,
        help="how old the last good refresh may be, as 26h, 90m, 2d (default: 26h)",
    )
    made.add_argument("--format", choices=("text", "json"), default="text", help="(default: text)")
    add_notify(made)


def add_wait(made: argparse.ArgumentParser) -> None:
    """The option of those that write."""
    made.add_argument(
        "--wait",
        type=_seconds,
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


def duration(text: str) -> int:
    """Seconds of a duration.

    >>> duration("26h"), duration("90m"), duration("2d")
    (93600, 5400, 172800)
    """
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text.strip())
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration; write it like 26h, 90m, 2d or 30s")
    return int(found[1]) * _SECONDS[found[2]]


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds; write it like 600")
    return float(text)


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to 9999")
    return int(text)


def wait_of(options: argparse.Namespace) -> float:
    """Seconds to wait for another writer: the option, or the setting."""
    from flows.refresh.request import lock_wait

    return lock_wait() if options.wait is None else float(options.wait)


def _diff(options: argparse.Namespace) -> None:
    from flows.outputs.diff.report import print_diff

    print_diff(options.warehouse, options.a, options.b, options.format, options.output, options.limit)


def _rollback(options: argparse.Namespace) -> None:
    from flows.releases.rollback import roll_back

    print(roll_back(options.warehouse, options.release, wait_of(options)))


def _prune(options: argparse.Namespace) -> None:
    from flows.releases.retention import prune

    removed = prune(options.warehouse, options.keep, options.keep_days, wait_of(options))
    print(f"removed {len(removed)} releases: {', '.join(removed)}" if removed else "no release is surplus")


def _health(options: argparse.Namespace) -> int:
    from flows.operations.health import print_health

    if options.notify:
        from flows.operations.notify import check_addresses, tell_health

        check_addresses()
        found = print_health(options.warehouse, options.max_age, options.format)
        tell_health(options.warehouse, found)
    else:
        found = print_health(options.warehouse, options.max_age, options.format)
    return 0 if found.is_healthy else 1


HISTORY: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "diff": _diff,
    "rollback": _rollback,
    "prune": _prune,
    "health": _health,
}
