"""Reports are read aside: until they are judged, neither a million rows nor a thousand workbooks need the plans."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Self

import duckdb

from flows.connection import in_memory
from flows.inputs import InputFile


class ReportsAside:
    """Reads reports in a thread, from the moment at which it is entered, into a database in memory."""

    def __init__(self, reports: Mapping[str, InputFile], folder: Path | None = None) -> None:
        self.reports, self._folder = reports, folder
        self._stopped, self._thread, self._is_given = Event(), ThreadPoolExecutor(1, "reports"), False
        self._begun: tuple[duckdb.DuckDBPyConnection, Future[None]] | None = None

    def __enter__(self) -> Self:
        if self.reports:
            self._begun = self._begin()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._stopped.set()
        if self._begun:
            con, reading = self._begun
            if not reading.done():
                con.interrupt()
            self._thread.shutdown()
            con.close()

    def connection(self) -> duckdb.DuckDBPyConnection:
        """The database in memory, with what `read_reports` makes there; whoever asks closes it. Another try is given
        another, read anew.

        Raises what `read_reports` raises."""
        if not self.reports:
            return in_memory(self._folder)
        if not self._begun or self._is_given:
            self._begun = self._begin()
        self._is_given = True
        con, reading = self._begun
        reading.result()
        con.execute("RESET threads")
        return con

    def _begin(self) -> tuple[duckdb.DuckDBPyConnection, Future[None]]:
        from flows.report_reading import read_reports

        con = in_memory(self._folder)
        con.execute("SET threads = 1")  # the others are for what is being done meanwhile
        return con, self._thread.submit(read_reports, con, self.reports, self._stopped)
