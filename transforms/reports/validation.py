"""Judge progress reports: every line below a heading is accepted, repeated, rejected or blank (contract §7).

Lines come in as text; each distinct text is read once by `cells`. The rest is SQL over sets, in a database that holds
the plans' tables: `steps/`, in the order of their numbers."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import duckdb
import pandas as pd

from transforms.quality.catalogue import Message, message
from transforms.reports import cells
from transforms.reports.vocabulary import COLUMNS
from transforms.sql import statements
from transforms.tables.quality_issues import load_messages


def stage(con: duckdb.DuckDBPyConnection) -> None:
    """Create the empty tables that reading fills, and the view that judging reads.

    - `report_sheet`: one row per sheet read; `places` are those of our columns in its cells, from 1; `unread` names the
      headings of other columns that are filled. Without headings, heading_row is NULL.
    - `report_cells`: one row per row below the headings of a sheet, in the order of the files.
    - `report_line`: the same rows with our columns; `extra` counts the cells beyond the headings.
    - `report_note`: one row per kind of thing in a sheet that the texts of its cells do not say.
    - `unreadable`: one row per file or sheet that could not be read."""
    texts = ", ".join(f"nullif(cells[places[{place}]], '') AS {column}" for place, column in enumerate(COLUMNS, 1))
    con.execute(f"""
        CREATE TEMP TABLE report_sheet (
            sheet_id INTEGER, file_number INTEGER, source_file VARCHAR, sheet_number INTEGER, source_sheet VARCHAR,
            heading_row INTEGER, form_agency_id VARCHAR, unread VARCHAR, headings VARCHAR[], places INTEGER[]);
        CREATE TEMP TABLE report_cells (sheet_id INTEGER, source_row INTEGER, cells VARCHAR[]);
        CREATE TEMP VIEW report_line AS
            SELECT report_cells.rowid AS line, sheet_id, file_number, source_row, {texts}, cells, headings,
                   greatest(len(cells) - len(headings), 0) AS extra
            FROM report_cells JOIN report_sheet USING (sheet_id);
        CREATE TEMP TABLE report_note (source_file VARCHAR, line_number INTEGER, rule VARCHAR, message_id VARCHAR,
                                       arguments JSON);
        CREATE TEMP TABLE unreadable (source_file VARCHAR, sheet_number INTEGER, source_sheet VARCHAR, rule VARCHAR,
                                      message VARCHAR, message_id VARCHAR, arguments JSON)""")


def insert(
    con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]] | dict[str, list[Any]], columns: str = "*"
) -> None:
    """Append rows to a table: tuples, or the values of each column; `columns` in SQL says what becomes of them."""
    frame = pd.DataFrame(rows, dtype=object)
    if not frame.empty:
        con.register("incoming", frame)
        con.execute(f"INSERT INTO {table} SELECT {columns} FROM incoming")
        con.unregister("incoming")


def joined(rows: Sequence[list[str]]) -> tuple[str, list[str]]:
    """Return a separator, and each row as one text: DuckDB divides it much quicker than it takes over a list.

    The separator is the first character, from U+001F on (the unit separator), that no cell has."""
    inner = sum(map(len, rows)) - len(rows)
    for separator in map(chr, count(0x1F)):
        texts = [separator.join(cells) for cells in rows]
        if "".join(texts).count(separator) == inner:
            break
    return separator, texts


def _id(text: str) -> tuple[str | None, Message | None]:
    """Return an id, and instead of a fault the note that letters of another script were taken for Latin ones."""
    value, has_look_alikes = cells.read_id(text)
    return value or None, message("look_alike_letters", id=value) if has_look_alikes else None


# Column: the SQL type of its values, and what reads a text. Its days are read by file.
_READERS: dict[str, tuple[str, Callable[[str], tuple[Any, Message | None]]]] = {
    "activity_id": ("VARCHAR", _id),
    "agency_id": ("VARCHAR", _id),
    "time_period": ("INTEGER", cells.read_year),
    "status": ("VARCHAR", cells.read_status),
    "percent_complete": ("DOUBLE", cells.read_percent),
    "evidence_url": ("VARCHAR", cells.read_evidence),
}
# A million lines have as many addresses; only the unusual ones are read.
_USUAL_URL = r"regexp_full_match(evidence_url, '(?i)https?://[a-z0-9-]+(\.[a-z0-9-]+)+(/[!-~]*)?')"


def read_texts(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of what each distinct text of a column means, without looking at the plans.

    `read_<column>` has the columns text, value, fault (the message_id of a sentence) and the arguments of that, and
    `read_day`, of two columns, file_number before them. A blank text has neither value nor fault."""
    for column, (sql_type, read) in _READERS.items():
        con.execute(f"CREATE TEMP TABLE read_{column} (text VARCHAR, value {sql_type}, fault VARCHAR, arguments JSON)")
        unusual = f"NOT {_USUAL_URL}" if column == "evidence_url" else "true"
        texts = con.execute(f"SELECT DISTINCT {column} FROM report_line WHERE {column} IS NOT NULL AND {unusual}")
        insert(con, f"read_{column}", [(text, *_reading(*read(text))) for (text,) in texts.fetchall()])
    con.execute("""
        CREATE TEMP TABLE read_day (file_number INTEGER, text VARCHAR, value DATE, fault VARCHAR, arguments JSON)""")
    days = con.execute("""
        SELECT file_number, list(DISTINCT text)
        FROM (UNPIVOT (SELECT file_number, reported_on, completed_on FROM report_line)
              ON reported_on, completed_on INTO NAME column_name VALUE text)
        GROUP BY file_number""")
    readings = [(number, *item) for number, of_file in days.fetchall() for item in cells.read_dates(of_file).items()]
    insert(con, "read_day", [(number, text, *_reading(*day)) for number, text, day in readings])


def _reading(value: Any, fault: Message | None) -> tuple[Any, str | None, str | None]:
    return (value, fault.message_id, fault.arguments_json) if fault else (value, None, None)


def judge(con: duckdb.DuckDBPyConnection, as_of: str) -> None:
    """Fill `fact_progress`, `rejected_row`, `dim_progress_file`, the issues about reports and the years they are about,
    after `read_texts`; `as_of` is a date in SQL. Drops the temporary tables."""
    load_messages(con)
    for step in statements("reports/steps"):
        con.execute(step.sql.replace("$as_of", as_of))
    con.execute("DROP VIEW report_line")
    for (table,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall():
        con.execute(f"DROP TABLE {table}")
