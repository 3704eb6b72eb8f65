"""The delimiter of a CSV file, by its records: it is never taken from the name of the file or its country."""

from collections import Counter
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO

from flows.sources.formats.csv.records import read_records
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Layout
from transforms.text.lines import fold

DELIMITERS = ",;\t|"
_SEARCHED = 1000  # records in which a heading is looked for
_TRIED = 20  # records below the heading that decide on the delimiter
_LOOKED_AT = 500  # records that decide on it if nobody says where the heading is


def opened(text: Path) -> IO[str]:
    """Open a UTF-8 file for records to be read from it."""
    return text.open(encoding="utf-8-sig", newline="")


def heading(text: Path, delimiter: str, layout: Layout) -> tuple[list[str], int, int]:
    """Return the cells of the heading, the number of its record, and the line that it ends in. Raises InputProblem."""
    text_in_heading = fold(layout.header) if isinstance(layout.header, str) else None
    with opened(text) as file:
        for number, (line, cells) in enumerate(islice(read_records(file, delimiter), _SEARCHED), 1):
            if number == layout.header or (text_in_heading is not None and text_in_heading in map(fold, cells)):
                return cells, number, line
    what = sentence("the heading is not among the first {count} records", count=_SEARCHED)
    raise InputProblem(what, "Correct [layout] header.", value=str(layout.header))


def delimiter_of(text: Path, layout: Layout) -> str:
    """Return the delimiter that divides the heading, and most records after it, into as many cells, at least two.

    Raises InputProblem if none does."""
    agreed = {}
    for delimiter in DELIMITERS:
        with suppress(InputProblem):
            cells, row, _ = heading(text, delimiter, layout)
            if len(cells) > 1:
                agreed[delimiter] = (_alike(text, delimiter, row, len(cells)), len(cells))
    if not agreed:
        what = "there is no heading that is divided by comma, semicolon, tab or |"
        remedy = "Say delimiter = … in dataset.toml, or where the heading is: [layout] header = …"
        with opened(text) as file:
            raise InputProblem(what, remedy, line=1, value=file.readline().strip()[:80])
    return max(agreed, key=lambda delimiter: agreed[delimiter])


def _alike(text: Path, delimiter: str, row: int, width: int) -> int:
    """Return how many of the records after the heading have as many cells."""
    alike = 0
    with suppress(InputProblem), opened(text) as file:  # the count of all records raises it again
        for _, cells in islice(read_records(file, delimiter), row, row + _TRIED):
            alike += len(cells) == width
    return alike


def delimiter_by_records(text: Path) -> str:
    """Return the delimiter that divides most of the first records into one number of cells, at least two.

    For a file of which nobody says where the heading is: titles may be above it. Raises InputProblem if none does."""
    agreed = {}
    for delimiter in DELIMITERS:
        with suppress(InputProblem), opened(text) as file:
            widths = Counter(len(cells) for _, cells in islice(read_records(file, delimiter), _LOOKED_AT) if cells[1:])
            for width, records in widths.most_common(1):
                agreed[delimiter] = (records, width)
    return max(agreed, key=lambda delimiter: agreed[delimiter]) if agreed else delimiter_of(text, Layout())
