"""What is noted about a document while it is normalised: problems, judgements, text to look at again."""

from dataclasses import dataclass, field

from transforms.errors import Problem
from transforms.plans.description.declared_cases import Cases
from transforms.plans.description.document import Document
from transforms.plans.grammar.print_checks import Passage
from transforms.tables.quality_issues import Issue


@dataclass(slots=True)
class Notes:
    """The notebook of one document."""

    document: Document
    problems: list[Problem]
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
        self.problems.append(Problem(self.document.path, line, what, remedy, value))

    def corrected(
        self, owner: str, column: str, printed: str, line: int, activity_id: str | None, filled_from: str | None = None
    ) -> str:
        """The cell as printed, or as corrections.csv puts it: for its owner, or for the one that it is filled from."""
        correction = self.cases.correction(owner, column, printed)
        if correction is None and filled_from:
            correction = self.cases.correction(filled_from, column, printed)
        if correction is None:
            return printed
        self.issues.append(
            Issue(
                rule="corrected",
                line=line,
                action="corrected",
                severity="warning",
                activity_id=activity_id,
                column_name=column,
                source_value=printed or None,
                published_value=correction.new_value or None,
                message=f"The printed cell is published otherwise: {correction.reason}",
            )
        )
        return correction.new_value
