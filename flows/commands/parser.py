"""The manual of npa: its commands, their options, what `--help` says."""

import argparse
import os
import re
from datetime import date
from pathlib import Path
from typing import TypeAlias

from flows.commands.dataset import add_dataset
from flows.commands.history import add_commands, add_notify, add_wait
from flows.releases.warehouse import Warehouse

# What add_subparsers returns has no public name.
_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_MANUAL = """\
npa turns national plans of action on child rights into an analytical dataset: it reads the
documents in raw/plans, refuses what it cannot trust, and publishes releases of tables as DuckDB
and Parquet, the newest as warehouse/current."""

_AFTER = """\
environment:
  NPA_RAW, NPA_WAREHOUSE   folders, where --raw and --warehouse are not given
  NPA_LOCK_WAIT            seconds to wait for another run that writes (default: 0, leave at once)
  NPA_KEEP_RELEASES        releases that a refresh keeps (default: 30; 0: all)
  NPA_TIMEZONE             zone in which a day begins (default: Asia/Dushanbe)
  NPA_SCHEDULE             when npa serve refreshes, as a cron expression (default: 30 1 * * *)
  NPA_RETRY_DELAYS         seconds before each further try of a night (default: 60 300 900)
  NPA_NOTIFY               addresses to tell of a failed night, as apprise has them: mailto://… slack://…
  PREFECT_API_URL          Prefect server on which npa serve, --runner auto and prefect run the flow
  PREFECT_API_AUTH_STRING  user:password that this server asks for
  NPA_ALLOW_OPEN_SERVER    1: npa serve takes a server that asks for no password (default: it refuses)

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
  npa template --all --language ru --output forms
  npa status --agency MOES --as-of 2020-12-31
  npa export sdmx --output indicators
  npa query "SELECT abbreviation, activities FROM agency_workload LIMIT 5"
  npa query --format csv --output late.csv "FROM activities WHERE is_overdue AND duplicate_of IS NULL"
  npa dataset describe births.px
  npa diff
  npa health --max-age 26h
"""


def parser() -> argparse.ArgumentParser:
    """The commands of npa and their options; `command` is the name of the one given."""
    made = argparse.ArgumentParser(prog="npa", description=_MANUAL, epilog=_AFTER, formatter_class=_formatter)
    commands = made.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for add in (_refresh, _check, _query, _status, _template, _rejected, _export, _releases, _serve):
        add(commands)
    add_dataset(commands, _command)
    add_commands(commands, _command)
    return made


def _formatter(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=30)


def _command(commands: _Commands, name: str, summary: str, more: str = "") -> argparse.ArgumentParser:
    """A command with the options that all of them have."""
    description = f"{summary[0].upper()}{summary[1:]}.\n\n{more}"
    made = commands.add_parser(name, help=summary, description=description, formatter_class=_formatter)
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
        default=Warehouse(Path(os.environ.get("NPA_WAREHOUSE", "warehouse"))),
        help="folder of releases (default: warehouse)",
    )
    return made


def _refresh(commands: _Commands) -> None:
    made = _command(
        commands,
        "refresh",
        "read the sources and publish a release",
        "Extracts, normalises, validates and publishes. Where nothing that goes in has changed (the\n"
        "sources, --as-of, the software), nothing is published.",
    )
    _add_as_of(made, "day for which states are computed, as 2026-11-24 (default: today in NPA_TIMEZONE)")
    made.add_argument("--force", action="store_true", help="publish even if nothing has changed, or a rollback holds")
    made.add_argument(
        "--accept-removals",
        action="store_true",
        help="publish even if sources that the last release had are gone, or have lost rows (see removed.toml)",
    )
    add_wait(made)
    add_notify(made)
    made.add_argument(
        "--runner",
        choices=("auto", "prefect", "direct"),
        default="auto",
        help="prefect: as a Prefect flow, on a temporary server if PREFECT_API_URL is not set; direct: in this "
        "process; auto (default): prefect if PREFECT_API_URL is set, else direct",
    )
    made.add_argument(
        "--task-runner",
        choices=("threads", "dask"),
        help="of a Prefect flow: read documents and data sets side by side, in threads of this process or on a Dask "
        "cluster (needs a Prefect server and the extra dask: docs/scale.md)",
    )
    made.add_argument(
        "--dask-address",
        metavar="ADDRESS",
        help="scheduler of the cluster, as tcp://10.0.0.5:8786 (default: a cluster of this machine, for this run)",
    )


def _check(commands: _Commands) -> None:
    made = _command(
        commands,
        "check",
        "report every problem of the sources, publish nothing",
        "Does all that refresh does but publishing, and prints the counts found in each plan, to be\n"
        "verified and put into plan.toml.",
    )
    _add_as_of(made, "day for which states are computed (default: today in NPA_TIMEZONE)")


def _query(commands: _Commands) -> None:
    made = _command(
        commands,
        "query",
        "run SQL on the current release, read-only",
        "One SELECT (or FROM, WITH, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN, PIVOT). Other files and the\n"
        "network are out of its reach. SHOW TABLES lists the tables, FROM data_dictionary explains them.",
    )
    made.add_argument("sql", metavar="SQL", help="the question; - reads it from standard input")
    made.add_argument(
        "--format",
        choices=("table", "csv", "json", "parquet"),
        default="table",
        help="how to write the answer (default: table)",
    )
    made.add_argument("--output", type=Path, metavar="FILE", help="where to write it (default: standard output)")


def _status(commands: _Commands) -> None:
    made = _command(
        commands,
        "status",
        "what is overdue, due soon, or not reported on",
        "The activities that ask for attention, the most urgent first, with totals.",
    )
    _add_as_of(made, "day of the question, as 2026-11-24 (default: the release's as_of)")
    _add_agency(made)
    made.add_argument("--plan", metavar="ID", help="of this plan only, as TJK-CRC-2018")
    _add_format(made)


def _template(commands: _Commands) -> None:
    made = _command(
        commands,
        "template",
        "write the agencies' report forms",
        "A workbook an agency, with its activities, to be filled in and dropped into raw/progress.",
    )
    which = made.add_mutually_exclusive_group(required=True)
    which.add_argument("--agency", metavar="ID", help="the form of this agency (id or abbreviation)")
    which.add_argument("--all", action="store_true", help="the forms of all agencies, into a folder")
    _add_as_of(made, "show the last report known on this day (default: the release's as_of)")
    made.add_argument("--language", choices=("en", "ru", "tg"), default="en", help="language (default: en)")
    made.add_argument(
        "--output", type=Path, metavar="FILE|DIR", required=True, help="file (.xlsx) or, with --all, folder"
    )


def _rejected(commands: _Commands) -> None:
    made = _command(
        commands,
        "rejected",
        "list the rows of reports that were refused",
        "What each of them breaks and what its author is to do; as a workbook, to be sent back.",
    )
    _add_agency(made)
    _add_format(made)
    made.add_argument("--output", type=Path, metavar="FILE.xlsx", help="write a workbook, faults marked in place")


def _export(commands: _Commands) -> None:
    made = _command(
        commands,
        "export",
        "write the indicators as SDMX or Open SDG files",
        "sdmx: data.csv (SDMX-CSV 2.0) and structures.xml (SDMX-ML 2.1). open-sdg: data/indicator_<id>.csv\n"
        "and meta/<id>.yml, of years only. Files of these names are replaced, others in the folder stay.",
    )
    made.add_argument("form", choices=("sdmx", "open-sdg"), help="what is to load them")
    made.add_argument("--output", type=Path, metavar="DIR", required=True, help="folder to write into")


def _releases(commands: _Commands) -> None:
    made = _command(commands, "releases", "list the releases in the warehouse, newest first")
    _add_format(made)


def _serve(commands: _Commands) -> None:
    made = _command(
        commands,
        "serve",
        "refresh every night, on the schedule of a Prefect server",
        "Registers a deployment on the server that PREFECT_API_URL names, and runs its nights until it is\n"
        "stopped. Files that vanish or are locked are tried again, rejected input is not. A failed night is\n"
        "told to the addresses in NPA_NOTIFY. A server that asks for no password is refused. See\n"
        "docs/operations.md.",
    )
    made.add_argument("--name", default="nightly", help="of the deployment, if a server has several (default: nightly)")


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
