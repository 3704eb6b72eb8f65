"""The database in memory in which a release is made, or tried."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from schemas.generated import ddl
from transforms.errors import BrokenRelease, WarehouseFault
from transforms.quality.text import sentence

SPILL = "spill"  # what does not fit into memory stays in this folder of the one that is being made
# Readers have DuckDB 1.4 (R, DBeaver): the file is written in the format that 1.4 opens.
_STORED = "(STORAGE_VERSION 'v1.4.0')"


def in_memory(folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Connect to a new one; `folder`: of the release. Names in SQL never mean variables of Python."""
    config: dict[str, str | bool | int | float | list[str]] = {"python_enable_replacements": False}
    if folder:
        config["temp_directory"] = str(folder / SPILL)
    return duckdb.connect(config=config)


def use_release(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The connection, with the attached database `npa`, that of a release, as its current one."""
    return con.execute("USE npa; SET enable_progress_bar = false")  # which goes to standard output, in a pipe too


def open_release(path: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Connect to the database `npa` of a release: the file `path`, which need not exist, or one in memory."""
    con = in_memory(path.parent if path else None)
    con.execute(f"ATTACH {ddl.literal(str(path or ':memory:'))} AS npa {_STORED if path else ''}")
    return use_release(con)


@contextlib.contextmanager
def database_faults() -> Iterator[None]:
    """Say in a sentence, as WarehouseFault, that the database of a release cannot be written."""
    try:
        yield
    except (duckdb.Error, BrokenRelease) as error:
        raise WarehouseFault(
            sentence(
                "the release could not be written: {error}. Nothing was published, and the last good release stands.",
                error=error,
            )
        ) from error
