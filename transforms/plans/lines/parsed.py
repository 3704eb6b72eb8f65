"""The parts of a document that extraction recognises: lines with their roles, plans, measures, activities, glossary."""

from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal

from transforms.plans.description.document import CutRow

# The columns of the plan's table, left to right, as in corrections.csv.
COLUMNS = ("number", "summary", "activity_text", "period_text", "agencies", "expected_result")
Column = Literal["activity_text", "period_text", "agencies", "expected_result"]  # of an activity


@dataclass(slots=True)
class Cell:
    """One cell, possibly cut by page breaks: its pieces, each with the line that prints it."""

    pieces: list[tuple[int, str]]

    @property
    def text(self) -> str:
        """The cell as if it had not been cut: a page break falls between words."""
        return " ".join(text for _, text in self.pieces)

    def line_at(self, offset: int) -> int:
        """Return the line that prints the character of `text` at `offset`."""
        ends = accumulate(len(text) + 1 for _, text in self.pieces)
        lines = (line for (line, _), end in zip(self.pieces, ends, strict=True) if offset < end - 1)
        return next(lines, self.pieces[-1][0])


@dataclass(slots=True)
class SourceActivity:
    """One row of the table, cut or whole."""

    line_first: int
    line_last: int
    cells: dict[Column, Cell]  # those that are printed, or filled down
    filled_from: dict[Column, "SourceActivity"] = field(default_factory=dict)  # the row that prints the cell
    activity_id: str = ""  # known when the plan is identified

    def text(self, column: Column) -> str:
        """Return the text of a cell, "" if nothing is printed."""
        return self.cells[column].text if column in self.cells else ""


@dataclass(slots=True)
class SourceMeasure:
    """One numbered row group."""

    line_first: int
    number: int
    summary: Cell
    activities: list[SourceActivity] = field(default_factory=list)
    is_doubtful: bool = False  # a row of it was refused, so the positions of its activities are unsure


@dataclass(slots=True)
class SourcePlan:
    """One plan: its title and its table."""

    line_first: int
    title: list[str]
    measures: list[SourceMeasure] = field(default_factory=list)
    column_numbers: tuple[int, list[str]] | None = None  # line and cells of the first such heading
    plan_id: str | None = None  # known when the plan is identified


@dataclass(slots=True)
class SourceLine:
    """One line: its role, and the plan that it is part of."""

    number: int
    text: str
    role: str
    plan: SourcePlan | None


@dataclass(slots=True)
class GlossaryEntry:
    """One abbreviation explained."""

    line: int
    abbreviation: str
    name: str


@dataclass(slots=True)
class SourceText:
    """A document taken apart."""

    lines: list[SourceLine] = field(default_factory=list)
    approval: list[tuple[int, str]] = field(default_factory=list)
    plans: list[SourcePlan] = field(default_factory=list)
    glossary: list[GlossaryEntry] = field(default_factory=list)
    # Lines that continue a row by a case of cuts.csv: number, row, text as printed (folded), case.
    declared_cuts: list[tuple[int, SourceActivity, str, CutRow]] = field(default_factory=list)
