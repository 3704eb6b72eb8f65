"""Judge progress reports: every line below a heading is accepted, repeated, rejected or blank (contract §7).

Lines come in as text (`report_line`, made by `stage`); each distinct text is read once by `cells`. The rest is SQL over
sets, in a database that holds the plans' tables: `steps/`, in the order of their numbers."""

from collections.abc import Callable, Iterable
from typing import Any

import duckdb

from transforms.quality.catalogue import Message, message
from transforms.reports import cells
from transforms.reports.vocabulary import COLUMNS
from transforms.sql import statements
from transforms.tables.messages import load_messages

# Addresses of a million lines differ; only the unusual ones need a closer look.
_NO_PLAIN_URL = r"NOT regexp_full_match(evidence_url, '(?i)https?://[a-z0-9-]+(\.[a-z0-9-]+)+(/[!-~]*)?')"


def stage(con: duckdb.DuckDBPyConnection) -> None:
    """Make the empty tables that reading fills.

    - `report_sheet`: one row per sheet read; unread: the headings of its columns that are none of a report.
    - `report_line`: one row per row below its heading, in the order of the files. Where source_row is NULL, it is
      counted from the sheet's first row, as `rowid - first_line`. row_text is NULL where it can be told from the nine
      columns; extra counts the cells beyond the headings.
    - `unreadable`: one row per file or sheet that could not be read."""
    con.execute("""
        CREATE TEMP TABLE report_sheet (
            sheet_id INTEGER, file_number INTEGER, source_file VARCHAR, sheet_number INTEGER, source_sheet VARCHAR,
            is_report BOOLEAN, heading_row INTEGER, first_row INTEGER, first_line BIGINT, form_agency_id VARCHAR,
            unread VARCHAR)""")
    texts = ", ".join(f"{column} VARCHAR" for column in (*COLUMNS, "row_text"))
    con.execute(f"CREATE TEMP TABLE report_line (sheet_id INTEGER, source_row INTEGER, {texts}, extra INTEGER)")
    con.execute("""
        CREATE TEMP TABLE unreadable (source_file VARCHAR, sheet_number INTEGER, source_sheet VARCHAR, rule VARCHAR,
                                      message VARCHAR, message_id VARCHAR, arguments JSON)""")


def read_texts(con: duckdb.DuckDBPyConnection) -> None:
    """What each distinct text of a column means: tables `read_<column>` with columns text, value, fault (the
    message_id of a sentence) and the arguments of that. Asks nothing of the plans."""
    _tabulate(con, "activity_id", "VARCHAR", _each(con, "activity_id", _as_id))
    _tabulate(con, "agency_id", "VARCHAR", _each(con, "agency_id", _as_id))
    _tabulate(con, "time_period", "INTEGER", _each(con, "time_period", cells.read_year))
    _tabulate(con, "status", "VARCHAR", _each(con, "status", cells.read_status))
    _tabulate(con, "percent_complete", "DOUBLE", _each(con, "percent_complete", cells.read_percent))
    _tabulate(con, "evidence_url", "VARCHAR", _each(con, "evidence_url", cells.read_url, _NO_PLAIN_URL))
    _tabulate_days(con)


def judge(con: duckdb.DuckDBPyConnection, as_of: str) -> None:
    """Fill `fact_progress`, `rejected_row`, `dim_progress_file`, the issues about reports and the years they are about,
    once their texts are read; `as_of` is a date in SQL."""
    load_messages(con)
    for step in statements("reports/steps"):
        con.execute(step.sql.replace("$as_of", as_of))
    for (made,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall():
        con.execute(f"DROP TABLE {made}")


def _as_id(text: str) -> tuple[str | None, Message | None]:
    """An id, and in place of a fault what is said where letters of another script were taken for Latin ones."""
    value, has_look_alikes = cells.read_id(text)
    return value or None, message("look_alike_letters", id=value) if has_look_alikes else None


Reading = tuple[str, Any, Message | None]


def _each(
    con: duckdb.DuckDBPyConnection,
    column: str,
    read: Callable[[str], tuple[Any, Message | None]],
    which: str = "true",
) -> Iterable[Reading]:
    """Readings of the texts of a column, those of which `which` is true; a blank one has neither value nor fault."""
    found = con.execute(f"SELECT DISTINCT {column} FROM report_line WHERE {column} IS NOT NULL AND {which}").fetchall()
    return [(text, *read(text)) for (text,) in found]


def _tabulate(con: duckdb.DuckDBPyConnection, column: str, value_type: str, readings: Iterable[Reading]) -> None:
    con.execute(f"CREATE TEMP TABLE read_{column} (text VARCHAR, value {value_type}, fault VARCHAR, arguments JSON)")
    _insert(con, f"read_{column}", [(text, value, *_columns(fault)) for text, value, fault in readings])


def _tabulate_days(con: duckdb.DuckDBPyConnection) -> None:
    """Days are read file by file, because the dates of one file decide how its ambiguous ones are meant."""
    con.execute(
        "CREATE TEMP TABLE read_day (file_number INTEGER, text VARCHAR, value DATE, fault VARCHAR, arguments JSON)"
    )
    found = con.execute("""
        SELECT file_number, list(DISTINCT reported_on) FILTER (reported_on IS NOT NULL),
               list(DISTINCT completed_on) FILTER (completed_on IS NOT NULL)
        FROM report_line
        JOIN report_sheet USING (sheet_id)
        GROUP BY file_number""").fetchall()
    texts = ((number, [*(reported or ()), *(completed or ())]) for number, reported, completed in found)
    readings = [(f, t, *reading) for f, of_file in texts for t, reading in cells.read_dates(of_file).items()]
    _insert(con, "read_day", [(f, t, day, *_columns(fault)) for f, t, day, fault in readings])


def _columns(fault: Message | None) -> tuple[str | None, str | None]:
    return (fault.message_id, fault.arguments_json) if fault else (None, None)


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    columns = list(zip(*rows, strict=True))
    if columns:
        names = [row[0] for row in con.execute(f"SELECT column_name FROM (DESCRIBE {table})").fetchall()]
        unnested = ", ".join(f"unnest(${name}) AS {name}" for name in names)
        con.execute(f"INSERT INTO {table} SELECT {unnested}", dict(zip(names, map(list, columns), strict=True)))
