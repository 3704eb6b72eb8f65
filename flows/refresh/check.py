"""What was found in reports and statistics, said in lines: for `npa check` and after a refresh."""

from pathlib import Path

import duckdb
import pandas as pd

from flows.refresh.build.connection import database_faults, open_release
from flows.refresh.build.database import balance, count_sources, fill
from flows.refresh.missing_sources import Guard
from flows.refresh.request import Job, new_release
from flows.releases.warehouse import Warehouse
from flows.sources.files import Inputs
from flows.sources.statistics.result import Statistics
from transforms.text.lines import printable


def print_findings(con: duckdb.DuckDBPyConnection) -> None:
    """The balance of all rows read, then every refusal and every judgement about reports and statistics."""
    print(balance(con))
    _print_statistics(con)
    refused = con.execute("""
        SELECT concat_ws(' ', source_file, source_sheet, 'row ' || source_row) || ': ' || message
        FROM rejected_row ORDER BY rejection_id""").fetchall()
    noted = con.execute("""
        SELECT source_file || ' row ' || line_number || ': ' || message
        FROM quality_issue WHERE source_file LIKE 'progress/%' ORDER BY issue_id""").fetchall()
    _print_lines("refused:", refused)
    _print_lines("accepted, but worth a look:", noted)


def _print_statistics(con: duckdb.DuckDBPyConnection) -> None:
    """What became of the rows of each data set, then what the rules flag."""
    for name, read, published, set_aside, repeated in con.execute(
        """SELECT dataset_id, rows_read, observations, rows_set_aside, rows_repeated FROM dim_dataset
           ORDER BY dataset_id"""
    ).fetchall():
        print(f"{name}: {read} rows read = {published} published + {set_aside} set aside + {repeated} repeated")
    flagged = con.execute(
        """SELECT concat_ws(' row ', source_file, line_number) || ': ' || message FROM quality_issue
           WHERE source_file LIKE 'statistics/%' ORDER BY issue_id"""
    ).fetchall()
    _print_lines("published as they are, and flagged:", flagged)


def _print_lines(heading: str, lines: list[tuple[str]]) -> None:
    if lines:
        print(heading, *(f"  {printable(line)}" for (line,) in lines), sep="\n")


def check_reports(
    frames: dict[str, pd.DataFrame], statistics: Statistics, inputs: Inputs, as_of: str, guard: Guard
) -> None:
    """Read reports and judge statistics as a refresh does, in memory, and print what it would find.

    Raises InputRejected where sources have lost rows."""
    release = new_release(Job(Path(), Warehouse(Path()), as_of), "check", "0" * 64)
    with database_faults(), open_release() as con:
        fill(con, frames, statistics, release, inputs.reports)
        print_findings(con)
        guard.check_rows(count_sources(con))
