"""The database of a release, in a file or in memory, by the models and the SQL of `schemas/` and `transforms/`."""

import contextlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from flows.refresh.build.indicators import Parts, fill_indicators
from flows.refresh.build.statistics_tables import fill_statistics
from flows.refresh.cache import NO_CACHE, Cache
from flows.sources.files import Inputs
from flows.sources.reports.load import read_reports
from flows.sources.reports.public_results import read_public_results
from flows.sources.reports.withdrawals import read_withdrawals
from flows.sources.root_entries import PUBLIC, WITHDRAWN
from flows.sources.statistics.stage import Statistics
from schemas.generated import ddl
from schemas.generated.data_dictionary import table_rows, view_column
from schemas.model import Table
from schemas.tables import TABLES
from transforms.errors import BrokenRelease, InputRejected
from transforms.indicators.registry import indicator_rows, macros
from transforms.reports.registers import public_results
from transforms.reports.registers.withdrawals import unmatched
from transforms.reports.validation import judge
from transforms.sql import statement, statements
from transforms.tables.frames import frame
from transforms.tables.validate import check_table

# Many readers have DuckDB 1.4 (R, DBeaver), so the file has its format. 1.4.0 and 1.4.1 lose WITH in a stored macro
# and in a subquery of a view, so they cannot use ours; 1.4.2 can.
_STORED = "(STORAGE_VERSION 'v1.4.0')"


_NO_INPUTS = Inputs({})


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds."""

    rows: dict[str, int]  # by table
    issues: dict[str, int]  # judgements by severity
    reports: str  # how many rows of reports were read, and what became of them
    totals: dict[str, int]  # how much the plans hold: transforms/plans/totals.sql
    sources: dict[str, tuple[int, int]]  # path of a report or data file: rows taken from it, and rows that it has


def in_memory(spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Connect to a new database in memory; `spill` is a folder for what does not fit."""
    con = duckdb.connect(config={"python_enable_replacements": False})  # names in SQL never mean variables of Python
    return con.execute(f"SET temp_directory = {ddl.literal(str(spill))}") if spill else con


@contextlib.contextmanager
def open_release(path: Path | None = None, *, is_read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect to the database `npa` of a release: the file `path`, which need not exist, or one in memory."""
    spill = path.with_name("spill") if path else None
    options = "(READ_ONLY)" if is_read_only else _STORED if path else ""
    with in_memory(spill) as con:
        # A progress bar would go to standard output, in a pipe too.
        con.execute(f"SET enable_progress_bar = false; ATTACH {ddl.literal(str(path or ':memory:'))} AS npa {options}")
        yield con.execute("USE npa")
    if spill:
        shutil.rmtree(spill, ignore_errors=True)


def fill(
    con: duckdb.DuckDBPyConnection,
    frames: Mapping[str, pd.DataFrame],
    statistics: Statistics,
    release: Mapping[str, Any],
    inputs: Inputs = _NO_INPUTS,
    cache: Cache = NO_CACHE,
) -> dict[str, Parts]:
    """Make every table, view and macro in the current database of `con`; `release` is the row of that table. Return the
    plans whose indicators are not in the cache. Raises what `read_reports` raises, and InputRejected for withdrawals of
    which nothing is refused, and for public results that nobody has reported."""
    withdrawals, _ = read_withdrawals(inputs)
    has_reports = inputs.reports or inputs.evidence or withdrawals
    if has_reports:
        read_reports(con, inputs.reports, inputs.evidence, withdrawals)
    con.execute("BEGIN")
    view_columns = create(con)
    for name, rows in frames.items():
        _insert(con, TABLES[name], rows)
    _insert_rows(con, "release", [release])
    _insert_rows(con, "dim_indicator", list(indicator_rows()))
    _insert_rows(con, "data_dictionary", [*table_rows(), *view_columns])
    if statistics.rows or statistics.ranges:
        fill_statistics(con, statistics)
    as_of = str(release["as_of"])
    if has_reports and (numbers := judge(con, f"DATE '{as_of}'")):
        raise InputRejected(unmatched(withdrawals[number], WITHDRAWN) for number in numbers)
    if public := read_public_results(inputs)[0]:
        _insert_public(con, public)
    con.execute(";".join(ddl.add_key(table) for table in TABLES.values() if table.is_bulk))
    con.execute(f"INSERT INTO fact_reporting_slot BY NAME FROM reporting_slots(DATE '{as_of}') ORDER BY 1, 2, 3, 4")
    computed = fill_indicators(con, as_of, cache)
    con.execute("COMMIT")
    return computed


def create(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Create every table, macro and view, empty and commented: on full tables, comments take twice as long. Return the
    rows of `data_dictionary` about views."""
    views, functions = statements("views"), statements("functions")
    con.execute(";".join(ddl.create_table(table, is_keyed=not table.is_bulk) for table in TABLES.values()))
    con.execute(";".join(f"CREATE MACRO {m.name}({m.columns['parameters']}) AS TABLE {m.sql}" for m in macros()))
    con.execute(";".join(f"CREATE MACRO {f.name}({f.columns['parameters']}) AS {f.sql}" for f in functions))
    con.execute(";".join(f"CREATE VIEW {view.name} AS {view.sql}" for view in views))
    columns = _describe_views(con)
    comments = [comment for table in TABLES.values() for comment in ddl.comments(table)]
    comments += [ddl.comment("VIEW", view.name, view.description) for view in views]
    comments += [ddl.column_comment(c["table_name"], c["column_name"], c["description"], c["unit"]) for c in columns]
    comments += [ddl.comment("MACRO", function.name, function.description) for function in functions]
    comments += [ddl.comment("MACRO TABLE", macro.name, macro.description) for macro in macros()]
    con.execute(";".join(comments))
    return columns


def _describe_views(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the rows of `data_dictionary` about views, described by their headers or as the tables' columns."""
    headers = {view.name: dict(view.columns) for view in statements("views")}
    columns = con.execute("""
        SELECT table_name, column_name, column_index, data_type FROM duckdb_columns()
        WHERE table_name IN $views ORDER BY table_name, column_index""", {"views": list(headers)})  # fmt: skip
    rows = []
    for view, column, position, data_type in columns.fetchall():
        try:
            description, unit = view_column(column, headers[view].pop(column, ""))
        except LookupError as error:
            raise BrokenRelease(f"{view}.{column}: {error}") from error
        rows.append({
            "table_name": view, "column_name": column, "position": position, "data_type": data_type,
            "is_nullable": True, "key": None, "description": description, "unit": unit,
        })  # fmt: skip
    if stale := [f"{view}.{column}" for view, header in headers.items() for column in header]:
        raise BrokenRelease(f"the header of a view describes what it does not have: {', '.join(stale)}")
    return rows


def _insert_public(con: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    """Insert the rows of public_result. Raises InputRejected for results that nobody has reported."""
    table = TABLES["public_result"]
    con.register("marked", frame(table, {name: [row[name] for row in rows] for name in table.column_names}))
    lines = con.execute(public_results.UNMATCHED).fetchall()
    con.unregister("marked")
    if lines:
        raise InputRejected(public_results.unmatched(line, place, PUBLIC) for line, place in lines)
    _insert_rows(con, table.name, rows)


def _insert_rows(con: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that are no input, checked against their model like those that are."""
    table = TABLES[name]
    checked = frame(table, {key: [row[key] for row in rows] for key in rows[0]})
    if problems := list(check_table(table, checked)):
        raise BrokenRelease("; ".join(map(str, problems)))
    _insert(con, table, checked)


def _insert(con: duckdb.DuckDBPyConnection, table: Table, rows: pd.DataFrame) -> None:
    """Insert rows in the order of the key; those that refer to a row of their own table after that row."""
    own = [c.name for c in table.columns if c.references and c.references[0] == table.name]
    names, key = ", ".join(table.column_names), ", ".join(table.key)
    while not rows.empty:
        waits = rows[own].isin(set(rows[table.key[0]])).any(axis=1) if own else pd.Series(False, index=rows.index)
        if waits.all():
            raise BrokenRelease(f"{table.name}: rows refer to one another in a circle")
        con.register("incoming", rows[~waits])
        con.execute(f"INSERT INTO {table.name} SELECT {names} FROM incoming ORDER BY {key}")
        con.unregister("incoming")
        rows = rows[waits]


def count_contents(con: duckdb.DuckDBPyConnection) -> Contents:
    """Count what the current database of `con` holds."""
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in TABLES)
    issues = con.execute("SELECT severity, count(*) FROM quality_issue GROUP BY severity ORDER BY severity").fetchall()
    ((totals,),) = con.execute(statement("plans/totals").sql).fetchall()
    return Contents(dict(con.execute(counts).fetchall()), dict(issues), balance(con), totals, count_sources(con))


def count_sources(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """Count the rows taken from each report and data file, and those that it has, with repeated and refused ones."""
    rows = con.execute("""
        SELECT source_file, sum(rows_accepted)::BIGINT, sum(rows_accepted + rows_repeated + rows_rejected)::BIGINT
        FROM dim_progress_file GROUP BY source_file
        UNION ALL SELECT source_file, count(*), count(*) FROM fact_statistic GROUP BY source_file""").fetchall()
    return {path: (accepted, total) for path, accepted, total in rows}


def balance(con: duckdb.DuckDBPyConnection) -> str:
    """Return how many rows of reports were read, and what became of them."""
    ((files, unreadable, closed, text),) = con.execute("""
        SELECT count(DISTINCT source_file), (SELECT count(*) FROM rejected_row WHERE source_row IS NULL),
               (SELECT count(*) FROM rejected_row WHERE state <> 'open'),
               format('reports: {} rows of {} files read = {} accepted + {} repeated + {} rejected + {} blank',
                      coalesce(sum(rows_read), 0), count(DISTINCT source_file), coalesce(sum(rows_accepted), 0),
                      coalesce(sum(rows_repeated), 0), coalesce(sum(rows_rejected), 0), coalesce(sum(rows_blank), 0))
        FROM dim_progress_file""").fetchall()
    if files == unreadable == 0:
        return "no reports received"
    text += f"; {unreadable} files or sheets could not be read" if unreadable else ""
    return f"{text}; {closed} of what was rejected is corrected or withdrawn" if closed else str(text)
