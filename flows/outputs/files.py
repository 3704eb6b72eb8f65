"""Files that npa writes for people: whole or not at all, and harmless in a spreadsheet."""

import contextlib
import csv
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from flows.releases.warehouse import Warehouse
from flows.runtime.files import replacing
from transforms.errors import NpaError, WarehouseFault
from transforms.quality.text import sentence


class MisplacedOutput(NpaError):
    """A place where nothing may be written."""


@contextlib.contextmanager
def delivered(output: Path, warehouse: Warehouse) -> Iterator[Path]:
    """A file to write aside, put in the place of `output` when all went well; what stood there stands until then.

    Raises MisplacedOutput inside the warehouse, whose releases never change; WarehouseFault where the disk refuses."""
    _check_place(output, warehouse)
    if output.exists() and not (output.is_file() or output.is_dir()):  # a device or a pipe is written to, not replaced
        yield output
        return
    aside = output.with_name(f".npa-{os.getpid()}-{output.name[-100:]}")
    try:
        if output.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        with replacing(output, aside):
            yield aside
    except BrokenPipeError:
        raise
    except OSError as error:
        raise WarehouseFault(
            sentence("{output} cannot be written: {reason}", output=output, reason=error.strerror or error)
        ) from error


@contextlib.contextmanager
def delivered_together(folder: Path, warehouse: Warehouse) -> Iterator[Path]:
    """A folder to write several files in, aside. They are put into `folder` when all went well, and none before: each
    in the place of a file of its name, beside what else is there. Raises as `delivered` does."""
    _check_place(folder, warehouse)
    was_there = folder.is_dir()
    aside = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".npa-", dir=folder))
        yield aside
        _put_in_place(aside, folder, warehouse)
    except OSError as error:
        reason = "it is a file; name a folder" if folder.is_file() else error.strerror or error
        raise WarehouseFault(sentence("{folder} cannot be written: {reason}", folder=folder, reason=reason)) from error
    finally:
        if aside != folder:
            shutil.rmtree(aside, ignore_errors=True)
        if not was_there:
            with contextlib.suppress(OSError):  # it stays where something was put into it
                folder.rmdir()


def _put_in_place(aside: Path, folder: Path, warehouse: Warehouse) -> None:
    """Move the files of `aside` into `folder`, after it is clear that all of them have a place there."""
    places = {path: folder / path.relative_to(aside) for path in sorted(aside.rglob("*")) if path.is_file()}
    for place in places.values():
        _check_place(place, warehouse)
        place.parent.mkdir(exist_ok=True)
        if place.is_dir():
            raise IsADirectoryError(21, f"{place.relative_to(folder)} is a folder there, and not a file")
    for path, place in places.items():
        path.replace(place)


def _check_place(output: Path, warehouse: Warehouse) -> None:
    if output.resolve().is_relative_to(warehouse.root.resolve()):
        raise MisplacedOutput(
            sentence(
                "{output} lies inside the warehouse, where only npa refresh writes. Name another place.", output=output
            )
        )


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
