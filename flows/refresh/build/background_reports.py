"""Reports are read aside: until they are judged, neither a million rows nor a thousand workbooks need the plans."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Self

import duckdb

from flows.refresh.build.connection import in_memory, use_release
from flows.sources.files import InputFile
from schemas.generated import ddl

# Readers have DuckDB 1.4 (R, DBeaver): the file is written in the format that 1.4 opens.
_STORED = "(STORAGE_VERSION 'v1.4.0')"
_PATIENCE = 0.01  # seconds


class ReportsAside:
    """Reads reports in a thread, from the moment at which it is entered."""

    def __init__(self, reports: Mapping[str, InputFile], folder: Path | None = None) -> None:
        self._reports, self._folder = reports, folder
        self._reading: _Reading | None = None

    def __enter__(self) -> Self:
        self._begin()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._end()

    @contextmanager
    def database(self, path: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to the database of a release, `npa`, in a file or in memory. It does not wait for the reports.
        When it is closed, what was read is gone: another try reads anew."""
        self._begin()
        con = self._reading.con if self._reading else in_memory(self._folder)
        try:
            con.execute(f"ATTACH {ddl.literal(str(path or ':memory:'))} AS npa {_STORED if path else ''}")
            yield use_release(con)
        finally:
            self._end()  # first: a connection cannot be closed while one that was made from it is busy
            con.close()

    @property
    def read(self) -> Callable[[], duckdb.DuckDBPyConnection] | None:
        """Waits until all is read, and gives another connection to that database, which has what `read_reports` makes;
        None where there are no reports. Raises what `read_reports` raises."""
        return self._reading.wait if self._reading else None

    def _begin(self) -> None:
        if self._reports and not self._reading:
            self._reading = _Reading(self._reports, self._folder)

    def _end(self) -> None:
        if self._reading:
            self._reading.end()
        self._reading = None


class _Reading:
    """One reading of all reports: `con` is free meanwhile."""

    def __init__(self, reports: Mapping[str, InputFile], folder: Path | None) -> None:
        from flows.sources.reports.load import read_reports

        def read() -> None:
            read_reports(self._reader, reports, self._stopped)
            self._reader.execute("RESET threads")

        self.con = in_memory(folder)
        self.con.execute("SET threads = 1")  # the others are for what is being done meanwhile
        self._reader, self._stopped, self._thread = self.con.cursor(), Event(), ThreadPoolExecutor(1, "reports")
        self._done: Future[None] = self._thread.submit(read)

    def wait(self) -> duckdb.DuckDBPyConnection:
        self._done.result()
        return use_release(self._reader)

    def end(self) -> None:
        self._stopped.set()
        while wait([self._done], _PATIENCE).not_done:
            self._reader.interrupt()  # again and again, for between two statements it does nothing
        self._thread.shutdown()
        self._reader.close()
        self.con.close()
