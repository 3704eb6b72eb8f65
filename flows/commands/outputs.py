"""The commands that hand something out of a release: their options, and what they run."""

import argparse
import sys
from datetime import date
from pathlib import Path

from flows.commands.options import Commands, add_agency, add_as_of, add_format, command


def add_query(commands: Commands) -> None:
    """Add `npa query`."""
    made = command(
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
    made.set_defaults(run=_query)


def add_status(commands: Commands) -> None:
    """Add `npa status`."""
    made = command(
        commands,
        "status",
        "what is overdue, due soon, or not reported on",
        "The activities that ask for attention, the most urgent first, with totals.",
    )
    add_as_of(made, "day of the question, as 2026-11-24 (default: the release's as_of)")
    add_agency(made)
    made.add_argument("--plan", metavar="ID", help="of this plan only, as TJK-CRC-2018")
    add_format(made)
    made.set_defaults(run=_status)


def add_template(commands: Commands) -> None:
    """Add `npa template`."""
    made = command(
        commands,
        "template",
        "write the agencies' report forms",
        "A workbook an agency, with its activities, to be filled in and dropped into raw/progress.",
    )
    which = made.add_mutually_exclusive_group(required=True)
    which.add_argument("--agency", metavar="ID", help="the form of this agency (id or abbreviation)")
    which.add_argument("--all", action="store_true", help="the forms of all agencies, into a folder")
    add_as_of(made, "show the last report known on this day (default: the release's as_of)")
    made.add_argument("--language", choices=("en", "ru", "tg"), default="en", help="language (default: en)")
    made.add_argument(
        "--output", type=Path, metavar="FILE|DIR", required=True, help="file (.xlsx) or, with --all, folder"
    )
    made.set_defaults(run=_template)


def add_rejected(commands: Commands) -> None:
    """Add `npa rejected`."""
    made = command(
        commands,
        "rejected",
        "list the rows of reports that were refused",
        "What each of them breaks and what its author is to do; as a workbook, to be sent back.",
    )
    add_agency(made)
    add_format(made)
    made.add_argument("--output", type=Path, metavar="FILE.xlsx", help="write a workbook, faults marked in place")
    made.set_defaults(run=_rejected)


def add_export(commands: Commands) -> None:
    """Add `npa export`."""
    made = command(
        commands,
        "export",
        "write the indicators as SDMX or Open SDG files",
        "sdmx: data.csv (SDMX-CSV 2.0) and structures.xml (SDMX-ML 2.1). open-sdg: data/indicator_<id>.csv\n"
        "and meta/<id>.yml, of years only. Files of these names are replaced, others in the folder stay.",
    )
    made.add_argument("form", choices=("sdmx", "open-sdg"), help="what is to load them")
    made.add_argument("--output", type=Path, metavar="DIR", required=True, help="folder to write into")
    made.set_defaults(run=_export)


def add_releases(commands: Commands) -> None:
    """Add `npa releases`."""
    made = command(commands, "releases", "list the releases in the warehouse, newest first")
    add_format(made)
    made.set_defaults(run=_releases)


def _query(options: argparse.Namespace) -> None:
    from flows.outputs.query import run_query

    sql = (sys.stdin.read() if sys.stdin else "") if options.sql == "-" else options.sql
    run_query(options.warehouse, sql, options.format, options.output)


def _status(options: argparse.Namespace) -> None:
    from flows.outputs.status import print_status

    print_status(options.warehouse, options.as_of, options.agency, options.plan, options.format)


def _template(options: argparse.Namespace) -> None:
    from flows.outputs.workbooks.report_form import write_forms

    as_of = date.fromisoformat(options.as_of) if options.as_of else None
    for path in write_forms(options.warehouse, options.agency, as_of, options.language, options.output):
        print(path)


def _rejected(options: argparse.Namespace) -> None:
    from flows.outputs.workbooks.rejected import print_rejected

    print_rejected(options.warehouse, options.agency, options.format, options.output)


def _export(options: argparse.Namespace) -> None:
    from flows.outputs.export import export

    print(export(options.warehouse, options.form, options.output))


def _releases(options: argparse.Namespace) -> None:
    from flows.outputs.release_list import print_releases

    print_releases(options.warehouse, options.format)
