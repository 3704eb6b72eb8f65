"""A connection to the current release, for those who only read."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import duckdb

from transforms.errors import WarehouseFault
from transforms.quality.text import sentence


@contextlib.contextmanager
def opened(path: Path, writable: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """The database, closed off: only `writable` may be written, and settings are locked. Raises WarehouseFault where it
    cannot be read, then or in the block."""
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
        raise unreadable(path, error) from error
    with con:
        allowed = [str(writable.absolute())] if writable else []
        con.execute("SET allowed_paths = $paths", {"paths": allowed})
        con.execute("SET enable_progress_bar = false")  # it would be printed into the answer, in a pipe too
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        try:
            yield con
        except duckdb.Error as error:
            raise unreadable(path, error) from error


def unreadable(database: Path, error: duckdb.Error) -> WarehouseFault:
    """Return the fault of a database that was published and cannot be read."""
    return WarehouseFault(
        sentence(
            "{database} cannot be read: {error}. npa refresh --force makes it anew.", database=database, error=error
        )
    )


def interruptible(con: duckdb.DuckDBPyConnection, work: Callable[[], None]) -> None:
    """Do `work` on `con` in a thread, and wait: a signal that meets DuckDB itself may be lost; this way none is."""
    faults: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as fault:  # raised again below, where somebody listens
            faults.append(fault)

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        thread.join()
    except BaseException:
        while thread.is_alive():  # an interruption that comes before the query has begun is lost too
            con.interrupt()
            thread.join(0.05)
        raise
    if faults:
        raise faults[0]
