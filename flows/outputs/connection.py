"""Connections to the current release for commands that only read, and the agency that a user means."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from transforms.errors import NpaError, WarehouseFault
from transforms.quality.text import sentence

_Answer = TypeVar("_Answer")
_NAMES = ("agency_id", "abbreviation", "name")
_CLOSED = ("autoinstall_known_extensions", "autoload_known_extensions", "python_enable_replacements")


class UnknownAgency(NpaError):
    """A name that no agency has, or several have."""


@contextlib.contextmanager
def opened(path: Path, writable: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to a database that reads no other file, writes only `writable`, and has locked settings.

    Raises WarehouseFault if the database cannot be read, now or in the block."""
    config: dict[str, Any] = dict.fromkeys(_CLOSED, False) | {"temp_directory": ""}
    try:
        with duckdb.connect(str(path), read_only=True, config=config) as con:
            allowed = [str(writable.absolute())] if writable else []
            con.execute("SET allowed_paths = $paths", {"paths": allowed})
            con.execute("SET enable_progress_bar = false")  # a pipe would get it too, in the answer
            con.execute("SET enable_external_access = false")
            con.execute("SET lock_configuration = true")
            yield con
    except duckdb.Error as error:
        raise WarehouseFault(
            "{database} cannot be read: {error}. npa refresh --force makes it anew.", database=path, error=error
        ) from error


def fetch(con: duckdb.DuckDBPyConnection, sql: str, **values: object) -> list[dict[str, Any]]:
    """Return the rows of a query, by column."""
    answer = con.execute(sql, values)
    columns = [column[0] for column in answer.description]
    return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]


def interruptible(con: duckdb.DuckDBPyConnection, work: Callable[[], _Answer]) -> _Answer:
    """Return what `work` on `con` does in a thread, because DuckDB may lose a signal that arrives in a query.

    concurrent.futures would do it shorter, but takes 3 ms to import: a thirtieth of a short command."""
    answers: list[_Answer] = []
    errors: list[BaseException] = []

    def attempt() -> None:
        try:
            answers.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=attempt)
    thread.start()
    try:
        thread.join()
    except BaseException:
        while thread.is_alive():  # DuckDB ignores an interruption before the query has begun
            con.interrupt()
            time.sleep(0.05)
        raise
    if errors:
        raise errors[0]
    return answers[0]


def agency_id_of(con: duckdb.DuckDBPyConnection, name: str) -> str:
    """Return the id of the agency that has this id or abbreviation, in any case. Raises UnknownAgency."""
    agencies = fetch(con, f"SELECT {', '.join(_NAMES)} FROM dim_agency ORDER BY agency_id")
    text = name.strip().casefold()
    ids = [row["agency_id"] for row in agencies if text in (row[key].casefold() for key in _NAMES[:2])]
    if len(ids) > 1:
        raise UnknownAgency(
            'several agencies are called "{asked}": {ids}. Name one by its id.', asked=name, ids=", ".join(ids)
        )
    if not ids:
        import difflib

        spellings = {row[key].casefold(): row["agency_id"] for row in agencies for key in _NAMES}
        close = difflib.get_close_matches(text, spellings, n=1, cutoff=0.6)
        hint = sentence(" The nearest known agency is {agency_id}.", agency_id=spellings[close[0]]) if close else ""
        raise UnknownAgency(
            'no agency is called "{asked}".{hint} npa query "FROM dim_agency" lists them all.', asked=name, hint=hint
        )
    return str(ids[0])
