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
        self._reading: Future[None] | None = None

    def __enter__(self) -> Self:
        self._begin()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._stopped.set()
        if self._reading and not self._reading.done():
            self._con.interrupt()
        self._thread.shutdown()
        self._con.close()

    def connection(self) -> duckdb.DuckDBPyConnection:
        """The database in memory, with what `read_reports` makes there. Another try is given another, read anew.

        Raises what `read_reports` raises."""
        if self._is_given:
            self._con.close()
            self._begin()
        self._is_given = True
        if self._reading:
            self._reading.result()
            self._con.execute("RESET threads")
        return self._con

    def _begin(self) -> None:
        self._con = in_memory(self._folder)
        if self.reports:
            from flows.report_reading import read_reports

            self._con.execute("SET threads = 1")  # the others are for what is being done meanwhile
            self._reading = self._thread.submit(read_reports, self._con, self.reports, self._stopped)
