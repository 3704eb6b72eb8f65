"""`npa query`: foreign SQL on the current release, read-only, without files or network. Imports nothing but duckdb."""

import contextlib
import json
import shutil
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any

import duckdb

from flows.outputs.connection import interruptible, opened
from flows.outputs.files import delivered, write_csv, write_table
from flows.releases.warehouse import Warehouse
from transforms.errors import UnanswerableQuestion, WarehouseFault, WrongUsage

_MOST_ON_A_TERMINAL = 10_000  # rows
_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI)
_NESTED = ("list", "array", "struct", "map", "union", "json")


def run_query(warehouse: Warehouse, sql: str, form: str, output: Path | None) -> None:
    """Answer `sql` to standard output, or to `output` (required for parquet). Raises UnanswerableQuestion for SQL that
    is wrong or does not only read; WrongUsage; WarehouseFault."""
    if form == "parquet" and output is None:
        raise WrongUsage("parquet is no text: say where to write it, by --output FILE.parquet")
    if not sql.isprintable() and any("\ud800" <= c <= "\udfff" for c in sql):
        raise UnanswerableQuestion("the question is not UTF-8 text")
    database = warehouse.current_release() / "npa.duckdb"
    draft_of = delivered(output, warehouse) if output else contextlib.nullcontext()
    with draft_of as draft, opened(database, draft if form == "parquet" else None) as con:
        try:
            interruptible(con, lambda: _write(con.sql(_readable(con, sql)), form, draft))
        except duckdb.IOException as error:
            if form != "parquet":
                raise
            raise WarehouseFault("{output} cannot be written: {error}", output=output, error=error) from error
        except duckdb.Error as error:
            raise UnanswerableQuestion(str(error)) from error
        except RecursionError as error:
            raise UnanswerableQuestion("the question or its answer is nested too deeply") from error


def _readable(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Return the one statement of `sql`. Raises UnanswerableQuestion if there are more, or if it does not only read."""
    statements = con.extract_statements(sql)
    # Python's enumeration lacks some types, such as that of UPDATE EXTENSIONS: ValueError.
    with contextlib.suppress(ValueError):
        if len(statements) == 1 and statements[0].type in _READING:
            return statements[0].query
    raise UnanswerableQuestion(
        "npa query answers one question at a time: one SELECT (or FROM, WITH, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN, "
        "PIVOT), and no statement that changes anything"
    )


def _write(answer: Any, form: str, draft: Path | None) -> None:
    if form == "parquet":
        answer.to_parquet(str(draft))
        return
    with draft.open("w", encoding="utf-8", newline="") if draft else contextlib.nullcontext(sys.stdout) as file:
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
    """Write an array of objects, one row per line; a second column called name becomes name_2."""
    names: list[str] = []
    for name in answer.columns:
        names.append(next(n for n in chain([name], (f"{name}_{i}" for i in range(2, 10**6))) if n not in names))
    keys = [json.dumps(name, ensure_ascii=False) for name in names]
    has_fractions = ["DOUBLE" in str(kind) or "FLOAT" in str(kind) for kind in answer.types]
    file.write("[")
    for number, row in enumerate(_rows(answer, [f"to_json(#{n})" for n in range(1, len(names) + 1)])):
        cells = zip(keys, row, has_fractions, strict=True)
        text = ", ".join(
            f"{key}: {_finite(value) if fractions else value or 'null'}" for key, value, fractions in cells
        )
        file.write(f"{',' if number else ''}\n{{{text}}}")
    file.write("\n]\n")


def _finite(value: str | None) -> str:
    """Return a JSON value with NaN and Infinity, which JSON does not have, as text."""
    if value and ("NaN" in value or "Infinity" in value):
        return json.dumps(json.loads(value, parse_constant=str), ensure_ascii=False)
    return value or "null"


def _rows(answer: Any, columns: list[str]) -> Iterator[tuple[str | None, ...]]:
    """Yield the rows as text that DuckDB writes, because Python's types cannot hold every value."""
    yield from answer.project(", ".join(f"{column} AS c{n}" for n, column in enumerate(columns))).iter_rows()
