"""Remarks on the rows of a file: what its producer notes, and what is doubtful in its texts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from transforms.quality.catalogue import Message, message_of


@dataclass(frozen=True, slots=True)
class Remark:
    """A row of quality_issue. `rows`: SQL of the rows that it is about, by source_row; without any, it is left out."""

    rule: str
    text: str  # as printed
    line: int  # in the file
    variant: str = ""  # of the rule's sentence
    arguments: Mapping[str, str | int] = field(default_factory=dict)
    rows: str | None = None

    def message(self, n: int | None = None) -> Message:
        """Return the sentence of the rule; `n` is the number of `rows`."""
        counted = {} if n is None else {"n": n}
        return message_of(self.rule, self.variant, **self.arguments, **counted)
