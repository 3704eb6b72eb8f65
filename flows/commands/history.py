"""The commands that compare, go back, tidy and watch: their options, and what they run."""

import argparse
from pathlib import Path

from flows.commands.options import Commands, add_notify, add_wait, command, count, duration, wait_of


def add_diff(commands: Commands) -> None:
    """Add `npa diff`."""
    made = command(
        commands,
        "diff",
        "compare two releases row by row",
        "Which rows of which tables were added, removed or changed, with old and new values. A release is\n"
        'named by its id, by the beginning of it, or as "current".',
    )
    made.add_argument("a", metavar="A", nargs="?", help="the older release (default: the last but one)")
    made.add_argument("b", metavar="B", nargs="?", help="the newer one (default: with A, the current; else the last)")
    made.add_argument("--format", choices=("table", "json", "csv"), default="table", help="(default: table)")
    made.add_argument("--output", type=Path, metavar="FILE", help="where to write it (default: standard output)")
    made.add_argument(
        "--limit", type=count, metavar="N", default=10, help="rows of each table to print, as table (default: 10)"
    )
    made.set_defaults(run=_diff)


def add_rollback(commands: Commands) -> None:
    """Add `npa rollback`."""
    made = command(
        commands,
        "rollback",
        "have an older release be the current one, and hold to it",
        "While inputs and software are those of the release that was rolled back from, npa refresh then\n"
        "publishes nothing and says so. To go back to that release ends the hold, and so does\n"
        "npa refresh --force.",
    )
    made.add_argument("release", metavar="ID", help="id of the release, or the beginning of it")
    add_wait(made)
    made.set_defaults(run=_rollback)


def add_prune(commands: Commands) -> None:
    """Add `npa prune`."""
    made = command(
        commands,
        "prune",
        "remove old releases",
        "Never the current one, nor those that a rollback holds to or has left.",
    )
    made.add_argument("--keep", type=count, metavar="N", required=True, help="how many of the newest to keep")
    made.add_argument("--keep-days", type=count, metavar="D", help="keep those of the last D days too")
    add_wait(made)
    made.set_defaults(run=_prune)


def add_health(commands: Commands) -> None:
    """Add `npa health`."""
    made = command(
        commands,
        "health",
        "say whether the data is fresh; exit status 0 or 1, for a watchdog",
        "Bad are: no release, a damaged one, a last attempt that failed, no good refresh for too long.",
    )
    made.add_argument(
        "--max-age",
        type=duration,
        metavar="TIME",
        default=26 * 3600,
        help="how old the last good refresh may be, as 26h, 90m, 2d (default: 26h)",
    )
    made.add_argument("--format", choices=("text", "json"), default="text", help="(default: text)")
    add_notify(made)
    made.set_defaults(run=_health)


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
