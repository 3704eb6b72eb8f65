"""The commands that compare, go back, tidy and watch: their options, and what they run."""

import argparse
from pathlib import Path

from flows.commands.options import NOTIFY, WAIT, command, count, duration, option, wait_of


@command(
    option("a", metavar="A", nargs="?", help="the older release (default: the last but one)"),
    option("b", metavar="B", nargs="?", help="the newer one (default: with A, the current; else the last)"),
    option("--format", choices=("table", "json", "csv"), default="table", help="(default: table)"),
    option("--output", type=Path, metavar="FILE", help="where to write it (default: standard output)"),
    option("--limit", type=count, metavar="N", default=10, help="rows of each table to print, as table (default: 10)"),
)
def diff(options: argparse.Namespace) -> None:
    """Compare two releases row by row.

    Which rows of which tables were added, removed or changed, with old and new values. A release is
    named by its id, by the beginning of it, or as "current"."""
    from flows.outputs.diff.report import print_diff

    print_diff(options.warehouse, options.a, options.b, options.format, options.output, options.limit)


@command(option("release", metavar="ID", help="id of the release, or the beginning of it"), WAIT)
def rollback(options: argparse.Namespace) -> None:
    """Have an older release be the current one, and hold to it.

    While inputs and software are those of the release that was rolled back from, npa refresh then
    publishes nothing and says so. To go back to that release ends the hold, and so does
    npa refresh --force."""
    from flows.releases.rollback import roll_back

    print(roll_back(options.warehouse, options.release, wait_of(options)))


@command(
    option("--keep", type=count, metavar="N", required=True, help="how many of the newest to keep"),
    option("--keep-days", type=count, metavar="D", help="keep those of the last D days too"),
    WAIT,
)
def prune(options: argparse.Namespace) -> None:
    """Remove old releases.

    Never the current one, nor those that a rollback holds to or has left."""
    from flows.releases.retention import prune

    removed = prune(options.warehouse, options.keep, options.keep_days, wait_of(options))
    print(f"removed {len(removed)} releases: {', '.join(removed)}" if removed else "no release is surplus")


@command(
    option("--max-age", type=duration, metavar="TIME", default=26 * 3600,
           help="how old the last good refresh may be, as 26h, 90m, 2d (default: 26h)"),
    option("--format", choices=("text", "json"), default="text", help="(default: text)"),
    NOTIFY,
)  # fmt: skip
def health(options: argparse.Namespace) -> int:
    """Say whether the data is fresh; exit status 0 or 1, for a watchdog.

    Bad are: no release, a damaged one, a last attempt that failed, no good refresh for too long."""
    from flows.operations import notify
    from flows.operations.health import print_health

    if options.notify:
        notify.check_addresses()
    result = print_health(options.warehouse, options.max_age, options.format)
    if options.notify:
        notify.notify_of_health(options.warehouse, result)
    return 0 if result.is_healthy else 1
