"""The commands on releases: what they hand out, compare, bring back, remove and watch."""

import argparse
import sys
from datetime import date, datetime
from pathlib import Path

from flows.commands.options import AGENCY, FORMAT, NOTIFY, WAIT, as_of, command, count, duration, group, option, wait_of
from flows.runtime.settings import mail_server, time_zone


@command(
    option("sql", metavar="SQL", help="the question; - reads it from standard input"),
    option("--format", choices=("table", "csv", "json", "parquet"), default="table",
           help="how to write the answer (default: table)"),
    option("--output", type=Path, metavar="FILE", help="where to write it (default: standard output)"),
)  # fmt: skip
def query(options: argparse.Namespace) -> None:
    """Run SQL on the current release, read-only.

    One SELECT (or FROM, WITH, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN, PIVOT). Other files and the
    network are out of its reach. SHOW TABLES lists the tables, FROM data_dictionary explains them."""
    from flows.outputs.query import run_query

    sql = (sys.stdin.read() if sys.stdin else "") if options.sql == "-" else options.sql
    run_query(options.warehouse, sql, options.format, options.output)


@command(
    as_of("day of the question, as 2026-11-24 (default: the release's as_of)"),
    AGENCY,
    option("--plan", metavar="ID", help="of this plan only, as TJK-CRC-2018"),
    FORMAT,
)
def status(options: argparse.Namespace) -> None:
    """List what is overdue, due soon, or not reported on.

    The activities that ask for attention, the most urgent first, with totals."""
    from flows.outputs.status import print_status

    print_status(options.warehouse, options.as_of, options.agency, options.plan, options.format)


@command(
    group(
        option("--agency", metavar="ID", help="the form of this agency (id or abbreviation)"),
        option("--all", action="store_true", help="the forms of all agencies, into a folder"),
    ),
    as_of("show the last report known on this day (default: the release's as_of)"),
    option("--language", choices=("en", "ru", "tg"), default="en", help="language (default: en)"),
    option("--output", type=Path, metavar="FILE|DIR", required=True, help="file (.xlsx) or, with --all, folder"),
)
def template(options: argparse.Namespace) -> None:
    """Write the agencies' report forms.

    A workbook an agency, with its activities, to be filled in and dropped into raw/progress."""
    from flows.outputs.workbooks.report_form import write_forms

    day = date.fromisoformat(options.as_of) if options.as_of else None
    for path in write_forms(options.warehouse, options.agency, day, options.language, options.output):
        print(path)


@command(
    AGENCY,
    option("--all", action="store_true", help="list those that were corrected or withdrawn, too"),
    FORMAT,
    option("--language", choices=("en", "ru", "tg"),
           help="of workbooks (default: of the agency's own reports, or NPA_LANGUAGE)"),
    option("--output", type=Path, metavar="FILE.xlsx|DIR",
           help="write a workbook, faults marked in place; into a folder, one for each agency"),
)  # fmt: skip
def rejected(options: argparse.Namespace) -> None:
    """List the rows of reports that were refused and are still open.

    What each of them breaks and what its author is to do; as workbooks, to be sent back."""
    from flows.outputs.workbooks.rejected import Asked, print_rejected

    asked = Asked(options.agency, options.all, options.language)
    print_rejected(options.warehouse, asked, options.format, options.output)


@command(
    AGENCY,
    option("--language", choices=("en", "ru", "tg"),
           help="of all letters (default: of each contact, of the agency's reports, or NPA_LANGUAGE)"),
    as_of("day of the letters (default: the release's as_of)"),
    option("--days", type=count, metavar="N", default=30, help="with reports due within N days (default: 30)"),
    option("--output", type=Path, metavar="DIR", required=True, help="folder to write into, one an agency"),
    option("--send", action="store_true", help="send the mails, too, by the server in NPA_SMTP_HOST"),
    WAIT,
)  # fmt: skip
def remind(options: argparse.Namespace) -> None:
    """Write to the agencies that owe something.

    A letter to each, about reports that are missing or due soon, refused rows and contradictions,
    with its form and its refused rows; and where raw/contacts.csv has an address, a mail that any
    mail program opens. Nothing is sent without --send, and nothing twice on one day."""
    from flows.outputs.reminders.remind import Asked, write_reminders

    day = date.fromisoformat(options.as_of) if options.as_of else None
    asked, server = Asked(options.agency, options.language, day, options.days), mail_server() if options.send else None
    for line in write_reminders(options.warehouse, options.raw, asked, options.output):
        print(line)
    if server:
        from flows.outputs.reminders.send import send_reminders

        today = datetime.now(time_zone()).date()
        for line in send_reminders(options.warehouse, options.raw, asked, server, today, wait_of(options)):
            print(line, flush=True)


@command(
    option("form", choices=("sdmx", "open-sdg"), help="what is to load them"),
    option("--output", type=Path, metavar="DIR", required=True, help="folder to write into"),
)
def export(options: argparse.Namespace) -> None:
    """Write the indicators as SDMX or Open SDG files.

    sdmx: data.csv (SDMX-CSV 2.0) and structures.xml (SDMX-ML 2.1). open-sdg: data/indicator_<id>.csv
    and meta/<id>.yml, of years only. Files of these names are replaced, others in the folder stay."""
    from flows.outputs.export import export

    print(export(options.warehouse, options.form, options.output))


@command(FORMAT)
def releases(options: argparse.Namespace) -> None:
    """List the releases in the warehouse, newest first."""
    from flows.outputs.release_list import print_releases

    print_releases(options.warehouse, options.format)


@command(
    option("a", metavar="A", nargs="?", help="the older release (default: the last but one)"),
    option("b", metavar="B", nargs="?", help="the newer one (default: with A, the current; else the last)"),
    option("--format", choices=("table", "json", "csv"), default="table", help="(default: table)"),
    option("--output", type=Path, metavar="FILE", help="where to write it (default: standard output)"),
    option("--limit", type=count, metavar="N", default=10, help="rows of each table to print, as table (default: 10)"),
    option("--all", action="store_true", help="with the rows that only a later as_of adds"),
)
def diff(options: argparse.Namespace) -> None:
    """Compare two releases row by row.

    Which rows of which tables were added, removed or changed, with old and new values. A release is
    named by its id, by the beginning of it, or as "current"."""
    from flows.outputs.diff.report import print_diff

    print_diff(options.warehouse, options.a, options.b, options.format, options.output, options.limit, options.all)


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
