"""Connections to the database of a release, in a file or in memory."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from schemas.generated import ddl
from transforms.errors import BrokenRelease, WarehouseFault
from transforms.quality.text import sentence

# Many readers have DuckDB 1.4 (R, DBeaver), so the file has its format. 1.4.0 and 1.4.1 lose WITH in a stored macro
# and in a subquery of a view, so they cannot use ours; 1.4.2 can.
_STORED = "(STORAGE_VERSION 'v1.4.0')"


def in_memory(spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Connect to a new database in memory. Names in SQL never mean variables of Python.

    `spill`: folder for what does not fit into memory."""
    folder: dict[str, str | bool | int | float | list[str]] = {"temp_directory": str(spill)} if spill else {}
    return duckdb.connect(config={"python_enable_replacements": False, **folder})


@contextlib.contextmanager
def open_release(path: Path | None = None, *, is_read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect to the database `npa` of a release: the file `path`, which need not exist, or one in memory."""
    spill = path.with_name("spill") if path else None
    options = "(READ_ONLY)" if is_read_only else _STORED if path else ""
    with in_memory(spill) as con:
        # A progress bar would go to standard output, in a pipe too.
        con.execute(f"SET enable_progress_bar = false; ATTACH {ddl.literal(str(path or ':memory:'))} AS npa {options}")
        yield con.execute("USE npa")
    if spill:
        shutil.rmtree(spill, ignore_errors=True)


@contextlib.contextmanager
def database_faults() -> Iterator[None]:
    """Raise WarehouseFault, in a sentence, if the database of a release cannot be written."""
    try:
        yield
    except (duckdb.Error, BrokenRelease) as error:
        what = "the release could not be written: {error}. Nothing was published, and the last good release stands."
        raise WarehouseFault(sentence(what, error=error)) from error
