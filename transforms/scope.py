"""What the rows of one plan are made with."""

from dataclasses import dataclass, field

from transforms.agencies import AgencyBook
from transforms.description import Expected, Layout
from transforms.document import Document
from transforms.duplicates import Printed
from transforms.notes import Notes
from transforms.periods import PeriodWords
from transforms.rows import Rows


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
