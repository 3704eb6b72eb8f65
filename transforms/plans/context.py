"""The context in which the rows of one document are made: it collects problems and irregularities."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.errors import InputProblem, problem_in
from transforms.plans.description.document import Document, Judgement
from transforms.plans.description.plan_toml import Layout
from transforms.tables.quality_issues import Issue
from transforms.tables.rows import Rows

Place = int | Judgement | str  # a line of the text, a row of a table of judgement, or the name of a file


@dataclass(slots=True)
class Context:
    """One document, the rows that are made of it, and its problems and irregularities."""

    document: Document
    rows: Rows
    problems: list[InputProblem] = field(default_factory=list)
    issues: dict[tuple[object, ...], Issue] = field(default_factory=dict)  # by all that they say
    is_whole: bool = True  # each line has a role, and each plan an id of its own

    @property
    def layout(self) -> Layout:
        """The words by which the document's parts are recognised."""
        return self.document.description.layout

    def refuse(self, place: Place, what: str, remedy: str, value: str | None = None, /, **arguments: object) -> None:
        """Note a problem with a line, a judgement, or a file next to the document; `arguments` fill both sentences."""
        if isinstance(place, int):
            path, line = self.document.path, place
        elif isinstance(place, str):
            path, line = self.document.path_of(place), 0
        else:
            path, line = self.document.path_of(place.file), place.line
        self.problems.append(problem_in(path, line, what, remedy, value, **arguments))

    def refuse_if_whole(self, place: Place, what: str, remedy: str, /, *value: str | None, **names: object) -> None:
        """Note a problem that may follow from a line without a role: only if there is no such line."""
        if self.is_whole:
            self.refuse(place, what, remedy, *value, **names)

    def flag(
        self,
        rule: str,
        lines: int | Sequence[int] | None,
        column_name: str | None = None,
        source_value: str | None = None,
        published_value: str | None = None,
        /,
        *,
        variant: str = "",
        activity_id: str | None = None,
        **arguments: str | int,
    ) -> None:
        """Note an irregularity on one line or several; `arguments` fill the sentence of the rule, or of its `variant`.

        What is said again is one irregularity in more places: of the same activity and print, or of any if the sentence
        counts them. {n} and {lines} of a sentence count and list the lines.
        Raises CatalogueError for a rule, a variant or arguments that the catalogue does not have."""
        issue = Issue(
            rule=rule,
            variant=variant,
            lines=list(lines) if isinstance(lines, Sequence) else [lines],
            arguments=arguments,
            activity_id=activity_id,
            column_name=column_name,
            source_value=source_value,
            published_value=published_value,
        )
        about = (None, None) if issue.is_counted else (activity_id, source_value)
        said = issue.message.message_id, column_name, published_value, *about, *sorted(arguments.items())
        if (first := self.issues.setdefault(said, issue)) is not issue:
            first.lines += issue.lines
            first.activity_id = about[0]
