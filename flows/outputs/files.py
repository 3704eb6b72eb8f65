"""Files that npa writes for people: complete or not at all, and harmless in a spreadsheet."""

import contextlib
import csv
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

from flows.releases.warehouse import Warehouse
from flows.runtime.files import replacing
from transforms.errors import NpaError, WarehouseFault

if TYPE_CHECKING:
    from xlsxwriter import Workbook


Rows = Iterable[Sequence[str | None]]
# As they are typed, and in full width, which a spreadsheet for Chinese or Japanese takes for the same.
_BEGIN_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


# It has the letters of Tajik, on every desk; with a scheme, Excel would take the font of its theme.
_FONT = {"font_name": "Arial", "font_size": 9, "font_scheme": "none"}


class MisplacedOutput(NpaError):
    """A place where npa must not write."""


@contextlib.contextmanager
def delivered(output: Path, warehouse: Warehouse) -> Iterator[Path]:
    """Yield a draft to write, which replaces the file `output` if the block succeeds.

    Raises MisplacedOutput inside the warehouse, whose releases never change; WarehouseFault if the disk fails."""
    _check_place(output, warehouse)
    if output.exists() and not (output.is_file() or output.is_dir()):  # a device or a pipe is written to, not replaced
        yield output
        return
    draft = output.with_name(f".npa-{os.getpid()}-{output.name[-100:]}")
    try:
        if output.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        with replacing(output, draft):
            yield draft
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        reason = error.strerror or error
        raise WarehouseFault("{output} cannot be written: {reason}", output=output, reason=reason) from error


@contextlib.contextmanager
def delivered_together(folder: Path, warehouse: Warehouse) -> Iterator[Path]:
    """Yield a draft of a folder, whose files are put into `folder` if the block succeeds: all or none. Each replaces a
    file of its name; other files stay. Raises as `delivered` does."""
    _check_place(folder, warehouse)
    is_new = not folder.is_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".npa-", dir=folder, ignore_cleanup_errors=True) as draft:
            yield Path(draft)
            _put_in_place(Path(draft), folder, warehouse)
    except OSError as error:
        reason = "it is a file; name a folder" if folder.is_file() else error.strerror or error
        raise WarehouseFault("{folder} cannot be written: {reason}", folder=folder, reason=reason) from error
    finally:
        if is_new:
            with contextlib.suppress(OSError):  # it stays if a file was put into it
                folder.rmdir()


def _put_in_place(draft: Path, folder: Path, warehouse: Warehouse) -> None:
    """Move the files of `draft` into `folder`, after it is clear that all of them have a place there."""
    places = {path: folder / path.relative_to(draft) for path in sorted(draft.rglob("*")) if path.is_file()}
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
            "{output} lies inside the warehouse, where only npa refresh writes. Name another place.", output=output
        )


def write_csv(file: IO[str], names: Sequence[str], rows: Rows, is_text: Sequence[bool]) -> None:
    """Write rows as CSV, NULL as an empty cell, and text that a spreadsheet would run after an apostrophe."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(
        [harmless(value) if value and text else value for value, text in zip(row, is_text, strict=True)] for row in rows
    )


def write_table(file: IO[str], names: Sequence[str], rows: Rows, width: int | None = None) -> None:
    """Write rows as text in columns, line breaks as blanks, lines cut to `width` characters."""
    cells = [list(names), *([" ".join((value or "").split()) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        line = "  ".join(f"{cell:<{size}}" for cell, size in zip(row, widths, strict=True)).rstrip()
        file.write((line if width is None or len(line) <= width else line[: width - 1] + "…") + "\n")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> harmless("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith(_BEGIN_FORMULAS) else text


def cell_text(text: str | None) -> str:
    """Return a text without control characters, which the XML of a workbook cannot hold.

    >>> cell_text("a\\tb"), cell_text(None)
    ('a b', '')
    """
    return "".join(character if character.isprintable() else " " for character in text or "")


@contextlib.contextmanager
def workbook(path: Path, day: date, **properties: str) -> Iterator["Workbook"]:
    """Yield an empty workbook, and write it to `path`. It is dated `day`, so the same content gives the same bytes."""
    from xlsxwriter import Workbook

    file = BytesIO()  # not the path: XlsxWriter has an error of its own for a full disk
    options: dict[str, object] = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    options |= {"default_format_properties": {**_FONT}}  # which XlsxWriter changes
    with Workbook(file, options) as book:
        book.set_properties({**properties, "created": datetime.combine(day, time())})
        yield book
    path.write_bytes(file.getvalue())
