"""The command `npa`. Heavy libraries are imported by the commands that need them."""

import argparse
import atexit
import gc
import io
import os
import re
import signal
import sys
from datetime import date, datetime
from pathlib import Path
from types import FrameType, ModuleType

from flows.warehouse import Warehouse
from transforms.problems import InputRejected, NpaError

_MANUAL = """\
npa turns national plans of action on child rights into an analytical dataset: it reads the
documents in raw/plans, refuses what it cannot trust, and publishes releases of tables as DuckDB
and Parquet, the newest as warehouse/current."""

_TOLD = {"dim_plan": "plans", "dim_measure": "measures", "dim_activity": "activities", "dim_agency": "agencies"}

_AFTER = """\
environment:
  NPA_RAW, NPA_WAREHOUSE   folders, where --raw and --warehouse are not given
  PREFECT_API_URL          Prefect server on which --runner auto and prefect run the flow

exit status:
  0  done
  1  the input was rejected (what, where, why and how to put it right is on standard error; the
     last good release stands), or the question cannot be answered
  2  wrong usage
  3  something around it failed (lock, disk, server), and another try may help
  130  stopped by Ctrl-C or another signal

examples:
  npa check
  npa refresh --as-of 2019-12-31
  npa query "SELECT abbreviation, activities FROM agency_workload LIMIT 5"
  npa query --format csv --output late.csv "FROM activities WHERE timing = 'closed'"
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status of the contract §4."""
    _open_streams()
    stopped = _listen()
    _be_quick()
    try:
        options = _parser().parse_args(arguments)
        options.run(options)
        sys.stdout.flush()
    except BaseException as error:
        if stopped:  # whatever a library has made of our KeyboardInterrupt on its way up
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            print("npa: stopped before it was done; the last good release stands.", file=sys.stderr)
            return 130
        told, status = _told(error)
        if told is None:
            raise
        print(told, end="", file=sys.stderr)
        return status
    return 0


def _open_streams() -> None:
    """A stream that the caller closed leads nowhere; letters that a terminal does not have are written as \\uXXXX."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


class _Stopped(KeyboardInterrupt):
    """Not KeyboardInterrupt itself: once that has gone up through exec(), as dataclasses use it, Python ends the
    process by a signal whatever is returned."""


def _listen() -> list[int]:
    """Ctrl-C and SIGTERM stop the command where it stands; returns the list that they are noted in."""
    stopped: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.append(number)
        if _is_importing(frame):  # C code that is being loaded may end the process with an abort instead
            signal.setitimer(signal.ITIMER_REAL, 0.05)
        else:
            raise _Stopped

    def unraisable(fault: "sys.UnraisableHookArgs") -> None:
        if not stopped:  # a stop that meets a destructor or a callback of C code has nobody to go up to
            sys.__unraisablehook__(fault)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, stop)
    sys.unraisablehook = unraisable
    return stopped


def _is_importing(frame: FrameType | None) -> bool:
    while frame and frame.f_code.co_filename != "<frozen importlib._bootstrap>":
        frame = frame.f_back
    return frame is not None


def _be_quick() -> None:
    """Leave out what one command in a process of its own has no use for; together a fifth of a refresh."""
    # Looking for cycles in memory: while it works, and once more at its exit.
    gc.disable()
    atexit.register(gc.freeze)
    # Generators of test data, which pandera loads where they are installed. None means: not to be had.
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    modules.setdefault("hypothesis", None)


def _told(error: BaseException) -> tuple[str | None, int]:
    """What the user is told of an error, and the exit status; None for what should not happen."""
    if isinstance(error, InputRejected):
        count = len(error.problems)
        return f"npa: the input was rejected, {count} problem{'s' if count > 1 else ''}:\n{error}\n", error.exit_code
    if isinstance(error, NpaError):
        return f"npa: {error}\n", error.exit_code
    if isinstance(error, OSError):
        if error.filename is None:  # standard output: what is left of it would be tried again at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if isinstance(error, BrokenPipeError):  # the reader of our output has gone, as `head` does
            return "", 0
        place = f"{error.filename!s}: " if error.filename else "standard output cannot be written: "
        return f"npa: {place}{error.strerror or error}.\n", 3
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":  # DuckDB's
        return "npa: there is not enough memory for this; the last good release stands.\n", 3
    return None, 1


def _parser() -> argparse.ArgumentParser:
    def formatter(prog: str) -> argparse.HelpFormatter:
        return argparse.RawDescriptionHelpFormatter(prog, max_help_position=30)

    parser = argparse.ArgumentParser(prog="npa", description=_MANUAL, epilog=_AFTER, formatter_class=formatter)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, summary: str, more: str = "") -> argparse.ArgumentParser:
        made = commands.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.\n\n{more}", formatter_class=formatter
        )
        made.add_argument(
            "--raw",
            type=Path,
            metavar="DIR",
            default=Path(os.environ.get("NPA_RAW", "raw")),
            help="folder of sources (default: raw)",
        )
        made.add_argument(
            "--warehouse",
            type=_warehouse,
            metavar="DIR",
            help="folder of releases (default: warehouse)",
            default=Warehouse(Path(os.environ.get("NPA_WAREHOUSE", "warehouse"))),
        )
        return made

    refresh = command(
        "refresh",
        "read the sources and publish a release",
        "Extracts, normalises, validates and publishes. Where nothing that goes in has changed (the\n"
        "sources, --as-of, the software), nothing is published.",
    )
    _add_as_of(refresh, "day for which states are computed, as 2026-11-24 (default: today in Asia/Dushanbe)")
    refresh.add_argument("--force", action="store_true", help="publish even if nothing has changed")
    refresh.add_argument(
        "--runner",
        choices=("auto", "prefect", "direct"),
        default="auto",
        help="prefect: as a Prefect flow, on a temporary server if PREFECT_API_URL is not set; direct: in this "
        "process; auto (default): prefect if PREFECT_API_URL is set, else direct",
    )
    refresh.set_defaults(run=_refresh)

    check = command(
        "check",
        "report every problem of the sources, publish nothing",
        "Does all that refresh does but publishing, and prints the counts found in each plan, to be\n"
        "verified and put into plan.toml.",
    )
    _add_as_of(check, "day for which states are computed (default: today in Asia/Dushanbe)")
    check.set_defaults(run=_check)

    query = command(
        "query",
        "run SQL on the current release, read-only",
        "One SELECT (or FROM, WITH, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN, PIVOT). Other files and the\n"
        "network are out of its reach. SHOW TABLES lists the tables, FROM data_dictionary explains them.",
    )
    query.add_argument("sql", metavar="SQL", help="the question; - reads it from standard input")
    query.add_argument(
        "--format",
        choices=("table", "csv", "json", "parquet"),
        default="table",
        help="how to write the answer (default: table)",
    )
    query.add_argument("--output", type=Path, metavar="FILE", help="where to write it (default: standard output)")
    query.set_defaults(run=_query)

    status = command(
        "status",
        "what is overdue, due soon, or not reported on",
        "The activities that ask for attention, the most urgent first, with totals.",
    )
    _add_as_of(status, "day of the question, as 2026-11-24 (default: the release's as_of)")
    _add_agency(status)
    status.add_argument("--plan", metavar="ID", help="of this plan only, as TJK-CRC-2018")
    _add_format(status)
    status.set_defaults(run=_status)

    template = command(
        "template",
        "write the agencies' report forms",
        "A workbook an agency, with its activities, to be filled in and dropped into raw/progress.",
    )
    which = template.add_mutually_exclusive_group(required=True)
    which.add_argument("--agency", metavar="ID", help="the form of this agency (id or abbreviation)")
    which.add_argument("--all", action="store_true", help="the forms of all agencies, into a folder")
    _add_as_of(template, "show the last report known on this day (default: the release's as_of)")
    template.add_argument("--language", choices=("en", "ru", "tg"), default="en", help="language (default: en)")
    template.add_argument(
        "--output", type=Path, metavar="FILE|DIR", required=True, help="file (.xlsx) or, with --all, folder"
    )
    template.set_defaults(run=_template)

    rejected = command(
        "rejected",
        "list the rows of reports that were refused",
        "What each of them breaks and what its author is to do; as a workbook, to be sent back.",
    )
    _add_agency(rejected)
    _add_format(rejected)
    rejected.add_argument("--output", type=Path, metavar="FILE.xlsx", help="write a workbook, faults marked in place")
    rejected.set_defaults(run=_rejected)

    releases = command("releases", "list the releases in the warehouse, newest first")
    _add_format(releases)
    releases.set_defaults(run=_releases)
    return parser


def _add_as_of(parser: argparse.ArgumentParser, meaning: str) -> None:
    parser.add_argument("--as-of", type=_day, metavar="DATE", default=None, help=meaning)


def _add_agency(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--agency", metavar="ID", help="of this agency only, by its id or abbreviation")


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=("table", "csv", "json"), default="table", help="how to write the list (default: table)"
    )


def _warehouse(text: str) -> Warehouse:
    return Warehouse(Path(text))


def _day(text: str) -> str:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it like 2026-11-24") from None


def _today() -> str:
    """The day at the Agency on Statistics."""
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Asia/Dushanbe")).date().isoformat()


def _refresh(options: argparse.Namespace) -> None:
    from flows.progress import shown
    from flows.refresh import Job, call, is_up_to_date, refresh

    job = Job(options.raw, options.warehouse, options.as_of or _today(), options.force)
    runner = options.runner
    if runner == "auto":
        runner = "prefect" if os.environ.get("PREFECT_API_URL") else "direct"
        print(f"runner: {runner} (PREFECT_API_URL is {'set' if runner == 'prefect' else 'not set'})")
    if runner == "prefect" and (release_id := is_up_to_date(job)):
        print(f"up to date: {release_id} was made from the same input, as of {job.as_of}; nothing to publish")
        return
    if runner == "prefect":
        from flows.prefect_runner import run_with_prefect

        outcome = run_with_prefect(job)
    else:
        outcome = refresh(job, shown(call))
    if not outcome.is_new:
        print(f"up to date: {outcome.release_id} was made from the same input, as of {job.as_of}; nothing to publish")
        return
    counts = ", ".join(f"{outcome.rows[table]} {name}" for table, name in _TOLD.items())
    print(f"published {outcome.release_id}, as of {job.as_of}: {counts}")
    issues = ", ".join(f"{n} {severity}" for severity, n in outcome.issues.items()) or "none"
    print(f"judgements about the sources (table quality_issue): {issues}")
    print(outcome.reports)
    print(f"open {options.warehouse.current / 'npa.duckdb'}")


def _check(options: argparse.Namespace) -> None:
    from flows import stages
    from flows.inputs import read_inputs
    from flows.progress import shown
    from flows.refresh import call

    step = shown(call)
    inputs = step(read_inputs, options.raw)
    normalised = step(stages.normalise, step(stages.extract, inputs))
    for plan_id, found in normalised.found.items():
        print(f"# {plan_id}\n[plan.expected]")
        print("".join(f"{name} = {count}\n" for name, count in found.items()))
    sys.stdout.flush()
    frames = step(stages.validate, normalised)
    print("no problem found in the plans")
    if inputs.reports:
        step(stages.check_reports, frames, inputs, options.as_of or _today())


def _query(options: argparse.Namespace) -> None:
    from flows.query import run_query

    sql = (sys.stdin.read() if sys.stdin else "") if options.sql == "-" else options.sql
    run_query(options.warehouse, sql, options.format, options.output)


def _status(options: argparse.Namespace) -> None:
    from flows.status import print_status

    print_status(options.warehouse, options.as_of, options.agency, options.plan, options.format)


def _template(options: argparse.Namespace) -> None:
    from flows.forms import write_forms

    as_of = date.fromisoformat(options.as_of) if options.as_of else None
    for path in write_forms(options.warehouse, options.agency, as_of, options.language, options.output):
        print(path)


def _rejected(options: argparse.Namespace) -> None:
    from flows.rejected import print_rejected

    print_rejected(options.warehouse, options.agency, options.format, options.output)


def _releases(options: argparse.Namespace) -> None:
    from flows.releases import print_releases

    print_releases(options.warehouse, options.format)


if __name__ == "__main__":
    sys.exit(main())
