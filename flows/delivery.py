"""Files that npa writes for people: whole or not at all, and harmless in a spreadsheet."""

import contextlib
import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from flows.warehouse import Warehouse, WarehouseFault
from transforms.problems import NpaError


class MisplacedOutput(NpaError):
    """A place where nothing may be written."""


@contextlib.contextmanager
def delivered(output: Path, warehouse: Warehouse) -> Iterator[Path]:
    """A file to write aside, put in the place of `output` when all went well; what stood there stands until then.

    Raises MisplacedOutput inside the warehouse, whose releases never change; WarehouseFault where the disk refuses."""
    if output.resolve().is_relative_to(warehouse.root.resolve()):
        raise MisplacedOutput(f"{output} lies inside the warehouse, where only npa refresh writes. Name another place.")
    aside = output.with_name(f".npa-{os.getpid()}-{output.name[-100:]}")
    try:
        if output.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        yield aside
        aside.replace(output)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise WarehouseFault(f"{output} cannot be written: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)


def write_csv(
    file: IO[str], names: Sequence[str], rows: Iterable[Sequence[str | None]], is_text: Sequence[bool]
) -> None:
    """Rows as CSV, NULL as an empty cell. Text that a spreadsheet would run stands behind an apostrophe."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(
        [harmless(value) if value and text else value for value, text in zip(row, is_text, strict=True)] for row in rows
    )


def write_table(file: IO[str], names: Sequence[str], rows: Iterable[Sequence[str | None]]) -> None:
    """Rows as text in columns, line breaks as blanks."""
    cells = [list(names), *([" ".join((value or "").split()) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        file.write("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() + "\n")


def harmless(text: str) -> str:
    """`text` so that no spreadsheet takes it for a formula.

    >>> harmless("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
