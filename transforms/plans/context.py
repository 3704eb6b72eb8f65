"""What the rows of one plan are made with."""

from dataclasses import dataclass, field

from transforms.errors import InputProblem
from transforms.plans.agencies import AgencyBook
from transforms.plans.description.declared_cases import Cases
from transforms.plans.description.document import Document
from transforms.plans.description.plan_toml import Expected, Layout
from transforms.plans.grammar.periods import PeriodWords
from transforms.plans.grammar.print_checks import Passage
from transforms.plans.grammar.second_prints import Printed
from transforms.plans.parsed import COLUMN_NAMES, SourceActivity
from transforms.quality.catalogue import message_of
from transforms.tables.quality_issues import Issue
from transforms.tables.rows import Rows


@dataclass(slots=True)
class Notes:
    """The notebook of one document."""

    document: Document
    problems: list[InputProblem]
    is_whole: bool = True  # whether each line of the document has a role: where not, its cases may match nothing
    issues: list[Issue] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)  # first line of a row: activity_id
    ids: set[str] = field(default_factory=set)  # measures and activities
    periods: set[str] = field(default_factory=set)  # as published, plain
    cases: Cases = field(init=False)

    def __post_init__(self) -> None:
        self.cases = Cases(self.document)

    def refuse(self, line: int, what: str, remedy: str, value: str | None = None) -> None:
        """Note a problem of the document's text."""
        self.problems.append(InputProblem(what, remedy, path=self.document.path, line=line, value=value))

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
        """Note an irregularity; `arguments` fill the sentence of the rule, or the variant of it that is named.

        Raises CatalogueError for a rule or variant that the catalogue does not have, and for other arguments than its
        sentence asks for."""
        self.issues.append(
            Issue(
                rule=rule,
                line=line,
                message=message_of(rule, variant, **arguments),
                activity_id=activity_id,
                column_name=column_name,
                source_value=source_value,
                published_value=published_value,
            )
        )

    def corrected(
        self, owner: str, column: str, printed: str, line: int, activity_id: str | None, filled_from: str | None = None
    ) -> str:
        """The cell as printed, or as corrections.csv puts it: for its owner, or for the one that it is filled from."""
        correction = self.cases.correction(owner, column, printed)
        if correction is None and filled_from:
            correction = self.cases.correction(filled_from, column, printed)
        if correction is None:
            return printed
        self.flag("corrected", line, column, activity_id=activity_id, source_value=printed or None,
                  published_value=correction.new_value or None, reason=correction.reason)  # fmt: skip
        return correction.new_value


@dataclass(slots=True)
class PlanScope:
    """One plan while its rows are made; `years` are the first and last of its period."""

    plan_id: str
    years: tuple[int, int]
    document: Document
    book: AgencyBook
    rows: Rows
    notes: Notes
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Expected.model_fields, 0))
    printed: list[Printed] = field(default_factory=list)
    period_words: PeriodWords = field(init=False)
    cited: dict[int, int] = field(default_factory=dict)  # recommendation number: line of the first measure citing it

    def __post_init__(self) -> None:
        self.period_words = self.document.description.period_words

    @property
    def layout(self) -> Layout:
        """The words by which the document's parts are recognised."""
        return self.document.description.layout

    def cell(self, activity_id: str, source: SourceActivity, column: int) -> str:
        """Return a cell as published: as printed or filled down, or as corrections.csv puts it."""
        name, row, notes = COLUMN_NAMES[column], source.filled_from.get(column), self.notes
        filled_from = notes.places[row.line_first] if row else None
        printed, line = source.text(column), source.line_first
        text = notes.corrected(activity_id, name, printed, line, activity_id, filled_from)
        if filled_from:
            first_line = source.cells[column].pieces[0][0]
            notes.flag("cell_filled_down", line, name, activity_id=activity_id, published_value=text or None,
                       first_line=first_line, first_activity=filled_from)  # fmt: skip
        return text
