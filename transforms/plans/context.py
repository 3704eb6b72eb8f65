"""The state while the rows of one document, and of one of its plans, are made."""

from dataclasses import dataclass, field

from transforms.errors import InputProblem
from transforms.plans.agencies import AgencyBook
from transforms.plans.description.declared_cases import Cases
from transforms.plans.description.document import Document
from transforms.plans.description.plan_toml import Expected
from transforms.plans.grammar.print_checks import Passage
from transforms.plans.grammar.second_prints import Printed
from transforms.plans.parsed import COLUMN_NAMES, SourceActivity
from transforms.quality.catalogue import message_of
from transforms.tables.quality_issues import Issue
from transforms.tables.rows import Rows


@dataclass(slots=True)
class Context:
    """One document: the rows that are made of it, and what is noted about it."""

    document: Document
    book: AgencyBook
    rows: Rows
    is_whole: bool  # each line has a role, and each plan an id of its own; if not, cases may match nothing
    problems: list[InputProblem]
    issues: list[Issue] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)  # of measures and activities
    periods: set[str] = field(default_factory=set)  # as published, plain
    cases: Cases = field(init=False)

    def __post_init__(self) -> None:
        self.cases = Cases(self.document)

    def refuse(self, line: int, what: str, remedy: str, value: str | None = None, /, **arguments: object) -> None:
        """Note a problem with a line; `arguments` fill both sentences."""
        self.problems.append(self.document.problem_at(line, what, remedy, value, **arguments))

    def flag(
        self,
        rule: str,
        line: int | None,
        column_name: str | None = None,
        *,
        variant: str = "",
        activity_id: str | None = None,
        source_value: str | None = None,
        published_value: str | None = None,
        **arguments: str | int,
    ) -> None:
        """Note an irregularity; `arguments` fill the sentence of the rule, or of its `variant`.

        Raises CatalogueError for a rule or variant that the catalogue does not have, and for arguments other than those
        of its sentence."""
        message = message_of(rule, variant, **arguments)
        self.issues.append(Issue(rule=rule, line=line, message=message, activity_id=activity_id,
                                 column_name=column_name, source_value=source_value,
                                 published_value=published_value))  # fmt: skip

    def corrected(
        self, owner: str, column: str, printed: str, line: int, *, activity_id: str | None = None, filled_from: str = ""
    ) -> str:
        """Return a cell as printed, or as corrected: for its owner, or for the row that it is filled from."""
        correction = self.cases.correction(owner, column, printed)
        if correction is None and filled_from:
            correction = self.cases.correction(filled_from, column, printed)
        if correction is None:
            return printed
        self.flag("corrected", line, column, activity_id=activity_id, source_value=printed or None,
                  published_value=correction.new_value or None, reason=correction.reason)  # fmt: skip
        return correction.new_value

    def cell(self, source: SourceActivity, column: int) -> str:
        """Return a cell of an activity as published: as printed, filled down or corrected."""
        name, line, owner = COLUMN_NAMES[column], source.line_first, source.activity_id
        filled_from = source.filled_from[column].activity_id if column in source.filled_from else ""
        text = self.corrected(owner, name, source.text(column), line, activity_id=owner, filled_from=filled_from)
        if filled_from:
            self.flag("cell_filled_down", line, name, activity_id=owner, published_value=text or None,
                      first_line=source.cells[column].pieces[0][0], first_activity=filled_from)  # fmt: skip
        return text


@dataclass(slots=True)
class PlanScope:
    """One plan of a document; `years` are the first and last of its period."""

    context: Context
    plan_id: str
    years: tuple[int, int]
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Expected.model_fields, 0))
    printed: list[Printed] = field(default_factory=list)  # rows that may be printed twice
    cited: dict[int, int] = field(default_factory=dict)  # recommendation number: line of the first measure citing it
