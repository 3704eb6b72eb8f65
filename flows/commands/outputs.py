"""The commands that hand something out of a release: their options, and what they run."""

import argparse
import sys
from datetime import date
from pathlib import Path

from flows.commands.options import AGENCY, FORMAT, as_of, command, one_of, option


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
    """What is overdue, due soon, or not reported on.

    The activities that ask for attention, the most urgent first, with totals."""
    from flows.outputs.status import print_status

    print_status(options.warehouse, options.as_of, options.agency, options.plan, options.format)


@command(
    one_of(
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
    AGENCY, FORMAT, option("--output", type=Path, metavar="FILE.xlsx", help="write a workbook, faults marked in place")
)
def rejected(options: argparse.Namespace) -> None:
    """List the rows of reports that were refused.

    What each of them breaks and what its author is to do; as a workbook, to be sent back."""
    from flows.outputs.workbooks.rejected import print_rejected

    print_rejected(options.warehouse, options.agency, options.format, options.output)


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
