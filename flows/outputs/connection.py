"""Connections to the current release for commands that only read."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb

from transforms.errors import WarehouseFault


@contextlib.contextmanager
def opened(path: Path, writable: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to a database that reads no other file, writes only `writable`, and has locked settings.

    Raises WarehouseFault if the database cannot be read, now or in the block."""
    closed = ("autoinstall_known_extensions", "autoload_known_extensions", "python_enable_replacements")
    config: dict[str, Any] = dict.fromkeys(closed, False) | {"temp_directory": ""}
    try:
        with duckdb.connect(str(path), read_only=True, config=config) as con:
            allowed = [str(writable.absolute())] if writable else []
            con.execute("SET allowed_paths = $paths", {"paths": allowed})
            con.execute("SET enable_progress_bar = false")  # a pipe would get it too, in the answer
            con.execute("SET enable_external_access = false")
            con.execute("SET lock_configuration = true")
            yield con
    except duckdb.Error as error:
        raise unreadable(path, error) from error


def unreadable(database: Path, error: duckdb.Error) -> WarehouseFault:
    """Return the fault of a database that was published and cannot be read."""
    return WarehouseFault(
        "{database} cannot be read: {error}. npa refresh --force makes it anew.", database=database, error=error
    )


def fetch(con: duckdb.DuckDBPyConnection, sql: str, **values: object) -> list[dict[str, Any]]:
    """Return the rows of a query, by column."""
    answer = con.execute(sql, values)
    columns = [column[0] for column in answer.description]
    return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]


def interruptible(con: duckdb.DuckDBPyConnection, work: Callable[[], None]) -> None:
    """Do `work` on `con` in a thread and wait for it, because DuckDB may lose a signal that arrives in a query."""
    faults: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as fault:  # raised again in the thread that waits
            faults.append(fault)

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        thread.join()
    except BaseException:
        while thread.is_alive():  # DuckDB ignores an interruption before the query has begun
            con.interrupt()
            thread.join(0.05)
        raise
    if faults:
        raise faults[0]
