"""What extraction finds in a document: lines with their roles, plans, measures, activities, glossary."""

from dataclasses import dataclass, field

from transforms.plans.description.plan_toml import CutRow

# The columns of the plan's table, left to right.
NUMBER, SUMMARY, ACTIVITY, PERIOD, AGENCIES, RESULT = range(6)
COLUMN_NAMES = {  # as corrections.csv has them
    SUMMARY: "summary",
    ACTIVITY: "activity_text",
    PERIOD: "period_text",
    AGENCIES: "agencies",
    RESULT: "expected_result",
}


@dataclass(slots=True)
class Cell:
    """One cell, possibly cut by page breaks: its pieces, each with the line that prints it."""

    pieces: list[tuple[int, str]]

    @property
    def text(self) -> str:
        """The cell as if it had not been cut: a page break falls between words."""
        return " ".join(text for _, text in self.pieces)

    def line_at(self, offset: int) -> int:
        """The line that prints the character of `text` at `offset`."""
        end = -1
        for line, text in self.pieces:
            end += len(text) + 1
            if offset < end:
                return line
        return self.pieces[-1][0]


@dataclass(slots=True)
class SourceActivity:
    """One row of the table, cut or whole."""

    line_first: int
    line_last: int
    cells: dict[int, Cell]  # ACTIVITY, PERIOD, AGENCIES, RESULT; only those with print, or filled down
    filled_from: dict[int, "SourceActivity"] = field(default_factory=dict)  # of a cell filled down: the row printing it

    def text(self, column: int) -> str:
        """The text of a cell, empty where nothing is printed."""
        return self.cells[column].text if column in self.cells else ""


@dataclass(slots=True)
class SourceMeasure:
    """One numbered row group."""

    line_first: int
    number: int
    summary: Cell
    activities: list[SourceActivity] = field(default_factory=list)
    is_doubtful: bool = False  # a row of it was refused, so that positions of activities may be others


@dataclass(slots=True)
class SourcePlan:
    """One plan: its title and its table."""

    line_first: int
    title: list[str]
    measures: list[SourceMeasure] = field(default_factory=list)
    column_numbers: tuple[int, list[str]] | None = None  # line and cells of the first such heading


@dataclass(slots=True)
class SourceLine:
    """One line: its role, and the index of the plan that it is part of."""

    number: int
    text: str
    role: str
    plan: int | None


@dataclass(slots=True)
class GlossaryEntry:
    """One abbreviation explained."""

    line: int
    abbreviation: str
    name: str


@dataclass(slots=True)
class Continuation:
    """One line on which a row goes on that a page break cut."""

    line: int
    activity: SourceActivity
    text: str  # as printed, folded
    cut: CutRow | None  # where cuts.csv declares it


@dataclass(slots=True)
class SourceText:
    """A document taken apart."""

    lines: list[SourceLine] = field(default_factory=list)
    approval: list[tuple[int, str]] = field(default_factory=list)
    plans: list[SourcePlan] = field(default_factory=list)
    glossary: list[GlossaryEntry] = field(default_factory=list)
    joined: list[Continuation] = field(default_factory=list)
