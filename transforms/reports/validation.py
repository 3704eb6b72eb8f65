"""Judge progress reports: every line below a heading is accepted, repeated, rejected or blank (contract §7).

Lines come in as text; each distinct text is read once, by `readings`. The rest is SQL over sets, in a database that
holds the plans' tables: `steps/`, in the order of their numbers."""

from collections.abc import Sequence
from itertools import count
from typing import Any

import duckdb
import pandas as pd

from transforms.reports.cells.units import add_labels
from transforms.reports.vocabulary import COLUMNS
from transforms.sql import statement, statements
from transforms.tables.quality_issues import load_messages


def stage(con: duckdb.DuckDBPyConnection) -> None:
    """Create the empty tables that reading fills, and the view that judging reads.

    - `report_sheet`: one row per sheet read; `places` are those of our columns in its cells, from 1; `origin` those of
      file, sheet and row that each row is from, where rejected rows were sent back; `unread` names the headings of
      other columns that are filled, `old_letters` those typed in an old Tajik font; `language` is that of most
      headings. Without headings, heading_row is NULL.
    - `report_cells`: one row per row below the headings of a sheet, in the order of the files.
    - `report_line`: the same rows with our columns; `extra` counts the cells beyond the headings.
    - `report_note`: one row per judgement about a whole file or sheet.
    - `unreadable`: one row per file or sheet that could not be read.
    - `evidence_file`: one row per file that a report may cite; `fault` is the message_id of why it cannot be read.
    - `withdrawal`: one row per line of withdrawn.csv."""
    texts = ", ".join(f"nullif(cells[places[{place}]], '') AS {column}" for place, column in enumerate(COLUMNS, 1))
    con.execute(f"""
        CREATE TEMP TABLE evidence_file (path VARCHAR, fault VARCHAR, arguments JSON);
        CREATE TEMP TABLE withdrawal (number INTEGER, source_file VARCHAR, source_sheet VARCHAR, source_row INTEGER,
                                      reason VARCHAR);
        CREATE OR REPLACE TEMP MACRO folded(t) AS
            nfc_normalize(trim(regexp_replace(coalesce(t, ''), '[\\s\\p{{Z}}\\p{{C}}]+', ' ', 'g')));
        CREATE TEMP TABLE report_sheet (
            sheet_id INTEGER, file_number INTEGER, source_file VARCHAR, sheet_number INTEGER, source_sheet VARCHAR,
            heading_row INTEGER, form_agency_id VARCHAR, unread VARCHAR, old_letters VARCHAR,
            headings VARCHAR[], places INTEGER[], origin INTEGER[], language VARCHAR);
        CREATE TEMP TABLE report_cells (sheet_id INTEGER, source_row INTEGER, cells VARCHAR[]);
        CREATE TEMP VIEW report_line AS
            SELECT report_cells.rowid AS line, sheet_id, file_number, source_row, {texts}, cells, headings,
                   places, form_agency_id IS NOT NULL AS is_form, greatest(len(cells) - len(headings), 0) AS extra
            FROM report_cells JOIN report_sheet USING (sheet_id);
        CREATE TEMP TABLE report_note (
            source_file VARCHAR, line_number INTEGER, rule VARCHAR, column_name VARCHAR, source_value VARCHAR,
            published_value VARCHAR, message_id VARCHAR, arguments JSON);
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


def judge(con: duckdb.DuckDBPyConnection, as_of: str) -> list[int]:
    """Fill `fact_progress`, `rejected_row`, `dim_progress_file`, the issues about reports and evidence, and the years
    that reports are about, after `read_texts`; `as_of` is a date in SQL. Drops the temporary tables. Return the numbers
    of the withdrawals of which nothing is refused."""
    load_messages(con)
    add_labels(con)
    for step in statements("reports/steps"):
        con.execute(step.sql.replace("$as_of", as_of))
    unmatched = con.execute(statement("reports/unmatched").sql).fetchall()
    con.execute("DROP VIEW report_line")
    for (table,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall():
        con.execute(f"DROP TABLE {table}")
    return [number for (number,) in unmatched]
