"""`npa query`: foreign SQL on the current release, read-only, with no way to other files or the network.

Imports duckdb only, so that it answers at once."""

import contextlib
import csv
import json
import shutil
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any

import duckdb

from flows.warehouse import Warehouse, WarehouseFault
from transforms.problems import NpaError

FORMATS = ("table", "csv", "json", "parquet")
_ROWS_AT_A_TIME = 10_000
_WHOLE_ROWS = 2**30
_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI)


class UnanswerableQuestion(NpaError):
    """The SQL is wrong, or asks for more than reading."""


def run_query(warehouse: Warehouse, sql: str, form: str, output: Path | None) -> None:
    """Answer `sql` to standard output, or to `output` (compulsory for parquet)."""
    if form == "parquet" and output is None:
        raise UnanswerableQuestion("parquet is no text: say where to write it, by --output FILE.parquet")
    release = warehouse.current_release()
    with _opened(release / "npa.duckdb", output if form == "parquet" else None) as con:
        try:
            _write(con, _readable(con, sql), form, output)
        except (duckdb.IOException, OSError) as error:
            raise WarehouseFault(f"{output or 'standard output'} cannot be written: {error}") from error
        except duckdb.Error as error:
            raise UnanswerableQuestion(str(error)) from error


@contextlib.contextmanager
def _opened(path: Path, writable: Path | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """The database, closed off: only `writable` may be written, and settings are locked."""
    try:
        con = duckdb.connect(
            str(path),
            read_only=True,
            config={
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "python_enable_replacements": False,
                "temp_directory": "",
            },
        )
    except duckdb.Error as error:
        raise WarehouseFault(f"{path} cannot be opened: {error}") from error
    with con:
        allowed = [str(writable.absolute())] if writable else []
        con.execute("SET allowed_paths = $paths", {"paths": allowed})
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        yield con


def _readable(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The one statement of `sql`, if it only reads."""
    asked = con.extract_statements(sql)
    if len(asked) != 1 or asked[0].type not in _READING:
        raise UnanswerableQuestion(
            "npa query answers one question at a time: one SELECT (or FROM, WITH, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN, "
            "PIVOT), and no statement that changes anything"
        )
    return asked[0].query


def _write(con: duckdb.DuckDBPyConnection, question: str, form: str, output: Path | None) -> None:
    if form == "parquet":
        con.sql(question).to_parquet(str(output))
    elif output is None:
        _write_text(con, question, form, sys.stdout)
    else:
        with output.open("w", encoding="utf-8", newline="") as file:
            _write_text(con, question, form, file)


def _write_text(con: duckdb.DuckDBPyConnection, question: str, form: str, file: IO[str]) -> None:
    if form == "table":
        # The terminal's width on a terminal; whole rows in a pipe or file.
        width = shutil.get_terminal_size().columns if file.isatty() else _WHOLE_ROWS
        with contextlib.redirect_stdout(file):
            con.sql(question).show(max_width=width, max_rows=_WHOLE_ROWS, max_col_width=width)
        return
    answer = con.execute(question)
    names = [column[0] for column in answer.description]
    rows = chain.from_iterable(iter(lambda: answer.fetchmany(_ROWS_AT_A_TIME), []))
    if form == "csv":
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([_cell(value) for value in row] for row in rows)
    else:
        file.write("[")
        for number, row in enumerate(rows):
            text = json.dumps(dict(zip(names, row, strict=False)), ensure_ascii=False, default=str)
            file.write(f"{',' if number else ''}\n{text}")
        file.write("\n]\n")


def _cell(value: Any) -> Any:
    """Lists, maps and booleans as JSON; NULL as an empty cell."""
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict | bool) else value
