"""A sheet of a workbook as text, and what its text does not say."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Place = tuple[int, int]  # row and column, from 0


@dataclass(frozen=True, slots=True)
class CellNote:
    """Something about a cell, row or column of a sheet that its text does not say. The kinds:

    - `hidden_row`, `filtered_row`, `hidden_column`: nobody who opens the file sees it
    - `struck_out`: the whole text is struck out, or `text`, a part of it
    - `superscript`: `text` is raised behind the cell's text, as the mark of a footnote is, and is no part of it
    - `masked`: the number format, or the font, shows `text` (maybe nothing) in place of the number
    - `comment`: `text` is a comment on the cell
    - `picture`: a picture lies over the cell, or is in it
    """

    kind: str
    row: int  # as a spreadsheet shows it; 0: a whole column
    column: int | None  # from 0; None: a whole row
    text: str = ""


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
