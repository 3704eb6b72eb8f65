"""`npa query`: foreign SQL on the current release, read-only, with no way to other files or the network.

Imports duckdb only, so that it answers at once."""

import contextlib
import json
import shutil
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any

import duckdb

from flows.outputs.connection import interruptible, opened, unreadable
from flows.outputs.files import delivered, write_csv, write_table
from flows.releases.warehouse import Warehouse
from transforms.errors import UnanswerableQuestion, WarehouseFault, WrongUsage
from transforms.quality.text import sentence

FORMATS = ("table", "csv", "json", "parquet")
_MOST_ON_A_TERMINAL = 10_000
_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI)
_NESTED = ("list", "array", "struct", "map", "union", "json")


def run_query(warehouse: Warehouse, sql: str, form: str, output: Path | None) -> None:
    """Answer `sql` to standard output, or to `output` (compulsory for parquet)."""
    if form == "parquet" and output is None:
        raise WrongUsage("parquet is no text: say where to write it, by --output FILE.parquet")
    if not sql.isprintable() and any("\ud800" <= c <= "\udfff" for c in sql):
        raise UnanswerableQuestion("the question is not UTF-8 text")
    release = warehouse.current_release()
    with contextlib.ExitStack() as stack:
        aside = stack.enter_context(delivered(output, warehouse)) if output else None
        con = stack.enter_context(opened(release / "npa.duckdb", aside if form == "parquet" else None))
        try:
            interruptible(con, lambda: _write(con.sql(_readable(con, sql)), form, aside))
        except duckdb.IOException as error:
            if form == "parquet":
                raise WarehouseFault(
                    sentence("{output} cannot be written: {error}", output=output, error=error)
                ) from error
            raise unreadable(release / "npa.duckdb", error) from error
        except duckdb.Error as error:
            raise UnanswerableQuestion(str(error)) from error
        except RecursionError as error:
            raise UnanswerableQuestion("the question or its answer is nested too deeply") from error


def _readable(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The one statement of `sql`, if it only reads."""
    asked = con.extract_statements(sql)
    if len(asked) != 1 or not _only_reads(asked[0]):
        raise UnanswerableQuestion(
            "npa query answers one question at a time: one SELECT (or FROM, WITH, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN, "
            "PIVOT), and no statement that changes anything"
        )
    return asked[0].query


def _only_reads(statement: duckdb.Statement) -> bool:
    """Return True if the type of a statement says that it changes nothing."""
    try:
        return statement.type in _READING
    except ValueError:  # a type that Python's enumeration does not have, such as that of UPDATE EXTENSIONS
        return False


def _write(answer: Any, form: str, aside: Path | None) -> None:
    if form == "parquet":
        answer.to_parquet(str(aside))
    elif aside is None:
        write_answer(answer, form, sys.stdout)
    else:
        with aside.open("w", encoding="utf-8", newline="") as file:
            write_answer(answer, form, file)


def write_answer(answer: Any, form: str, file: IO[str]) -> None:
    """Write all rows of `answer`, a relation of DuckDB (which its type stubs do not know), as table, csv or json."""
    texts = [f"to_json(#{n})" if kind.id in _NESTED else f"#{n}::VARCHAR" for n, kind in enumerate(answer.types, 1)]
    if form == "table" and file.isatty():
        width = shutil.get_terminal_size().columns
        with contextlib.redirect_stdout(file):
            answer.show(max_width=width, max_rows=_MOST_ON_A_TERMINAL, max_col_width=width)
    elif form == "table":
        write_table(file, answer.columns, _rows(answer, texts))
    elif form == "csv":
        is_text = [kind.id in ("varchar", "enum", "blob") for kind in answer.types]
        write_csv(file, answer.columns, _rows(answer, texts), is_text)
    else:
        _write_json(answer, file)


def _write_json(answer: Any, file: IO[str]) -> None:
    """An array of objects, a row a line; a second column of one name is called name_2."""
    names: list[str] = []
    for name in answer.columns:
        names.append(next(n for n in chain([name], (f"{name}_{i}" for i in range(2, 10**6))) if n not in names))
    keys = [json.dumps(name, ensure_ascii=False) for name in names]
    has_fractions = ["DOUBLE" in str(kind) or "FLOAT" in str(kind) for kind in answer.types]
    file.write("[")
    for number, row in enumerate(_rows(answer, [f"to_json(#{n})" for n in range(1, len(names) + 1)])):
        values = (
            "null" if value is None else _finite(value) if fractions else value
            for value, fractions in zip(row, has_fractions, strict=True)
        )
        text = ", ".join(f"{key}: {value}" for key, value in zip(keys, values, strict=True))
        file.write(f"{',' if number else ''}\n{{{text}}}")
    file.write("\n]\n")


def _finite(value: str) -> str:
    """JSON knows no NaN and no Infinity: they are written as text."""
    if "NaN" not in value and "Infinity" not in value:
        return value
    return json.dumps(json.loads(value, parse_constant=str), ensure_ascii=False)


def _rows(answer: Any, columns: list[str]) -> Iterator[tuple[str | None, ...]]:
    """The rows as text, as DuckDB writes it: nothing goes through types of Python that cannot hold it."""
    rows: Iterator[tuple[str | None, ...]]
    rows = answer.project(", ".join(f"{column} AS c{n}" for n, column in enumerate(columns))).iter_rows()
    return rows
