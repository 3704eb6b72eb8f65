"""A sheet of a workbook as text, and what its text does not say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.sources.formats.workbook.number_formats import NumberFormat
from transforms.statistics.layouts.grid import number
from transforms.text.cell_notes import CellNote

Place = tuple[int, int]  # row and column, from 0
Span = tuple[Place, Place]  # first and last cell of a merged range
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as text, from its first filled row on; `rows` are equally long and begin with column A."""

    name: str
    is_hidden: bool
    first_row: int  # the number that a spreadsheet shows beside rows[0]
    rows: list[list[str]]
    repeated: frozenset[Place] = frozenset()  # cells (index in rows, column) that a merged cell fills from their left
    day_zero: int = 0  # days to add to a bare serial number of a day; 0 in the usual system, which begins in 1900
    links: Mapping[Place, str] = field(default_factory=dict)  # index in rows, column → address under the cell
    notes: tuple[CellNote, ...] = ()  # in the order of rows and columns
    spans: tuple[Span, ...] = ()  # first and last cell (index in rows, column) of merged ranges


@dataclass(frozen=True, slots=True)
class CellStyle:
    """What is unusual about the style of cells or letters."""

    number_format: NumberFormat | None = None
    is_struck_out: bool = False
    is_raised: bool = False
    is_invisible: bool = False
    has_fill: bool = False


@dataclass(slots=True)
class Appearance:
    """What the XML of one sheet says beyond calamine's values; places and rows count from the sheet's first."""

    texts: dict[Place, str] = field(default_factory=dict)  # to put in place of calamine's values
    spans: list[Span] = field(default_factory=list)  # merged ranges of .ods: first and last cell
    links: dict[Place, str] = field(default_factory=dict)
    notes: list[CellNote] = field(default_factory=list)

    def note(self, kind: str, place: Place, text: str = "") -> None:
        """Add a note on a cell."""
        self.notes.append(CellNote(kind, place[0] + 1, place[1], text))


def place_of(reference: str) -> Place | None:
    """Return the row and column, from 0, of a cell by its name.

    >>> place_of("B12"), place_of("")
    ((11, 1), None)
    """
    match = _REFERENCE.fullmatch(reference.replace("$", ""))
    return (int(match[2]) - 1, number(match[1].upper()) - 1) if match else None
