"""The scope of one plan: the state that its measures and activities share while their rows are made."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from transforms.plans.agencies import AgencyBook
from transforms.plans.context import Context
from transforms.plans.declared_cases import Cases
from transforms.plans.description.document import DuplicateRow
from transforms.plans.description.plan_toml import Expected
from transforms.plans.lines.parsed import Column, SourceActivity


class PrintedRow(NamedTuple):
    """A row of the table by what its second print repeats; `period` is its years, or its text if it names none."""

    activity_id: str
    line: int
    activity_text: str
    period: tuple[int, int] | str
    agencies: frozenset[str]
    duplicate: DuplicateRow | None = None  # the case by which it is a second print


@dataclass(slots=True)
class PlanScope:
    """One plan of a document; `years` are the first and last of its period."""

    context: Context
    book: AgencyBook
    cases: Cases
    plan_id: str
    years: tuple[int, int]
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Expected.model_fields, 0))
    printed: list[PrintedRow] = field(default_factory=list)
    cited: dict[int, int] = field(default_factory=dict)  # recommendation number: line of the first measure citing it

    def corrected(self, owner: str, column: str, printed: str, line: int, *, filled_from: str = "") -> str:
        """Return a cell as printed, or as corrected: for its owner, or for the activity that it is filled from."""
        correction = self.cases.correction(owner, column, printed)
        if correction is None and filled_from:
            correction = self.cases.correction(filled_from, column, printed)
        activity_id = None if column == "summary" else owner
        if correction is None:
            self._flag_doubt(owner, column, printed, line, activity_id)
            return printed
        place, published = (line, column, printed or None), correction.new_value
        self.context.flag("corrected", *place, published or None, activity_id=activity_id, reason=correction.reason)
        return published

    def _flag_doubt(self, owner: str, column: str, printed: str, line: int, activity_id: str | None) -> None:
        if doubt := self.cases.doubt(owner, column, printed):
            place = line, column, printed, printed
            self.context.flag("print_doubted", *place, activity_id=activity_id, reason=doubt.reason)

    def cell(self, source: SourceActivity, column: Column) -> str:
        """Return a cell of an activity as published: as printed, filled down or corrected."""
        line, activity_id = source.line_first, source.activity_id
        filled_from = source.filled_from[column].activity_id if column in source.filled_from else ""
        text = self.corrected(activity_id, column, source.text(column), line, filled_from=filled_from)
        if filled_from:
            names: dict[str, Any] = {"first_line": source.cells[column].pieces[0][0], "first_activity": filled_from}
            self.context.flag("cell_filled_down", line, column, None, text or None, activity_id=activity_id, **names)
        return text
