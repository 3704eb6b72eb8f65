"""All that npa dataset describe finds out about a file; draft.py writes dataset.toml from it, told.py tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from transforms.statistics.dataset.codes import Vocabulary
from transforms.statistics.describe.profile import Column, Periods, Values
from transforms.statistics.describe.unknown_codes import Unknown

NATIONAL = "TJ"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: rows and columns of its filled part, the row in which a header seems to stand."""

    name: str
    rows: int
    columns: int
    is_hidden: bool
    header_row: int
    periods: Sequence[str]
    headings: Mapping[str, int]


@dataclass(slots=True)
class Description:
    """One file."""

    file: str
    size: int
    format: str
    kind: str  # the format in words
    day: str  # of the file, ISO
    encoding: str | None = None
    delimiter: str | None = None
    sheets: Sequence[Sheet] = ()
    series_column: str = ""  # by the file's own word
    layout: dict[str, Any] = field(default_factory=dict)
    marks_around: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    is_all: bool = True  # False: only the first rows were looked at
    columns: Sequence[Column] = ()
    words: Mapping[int, Vocabulary] = field(default_factory=dict)
    unknown: Mapping[int, Sequence[Unknown]] = field(default_factory=dict)
    values: Values = field(default_factory=Values)
    periods: Periods = field(default_factory=Periods)
    keeps: bool = False  # Tajikistan's rows are a few of very many
    unread: str = ""  # why the rows could not be read by the guessed [layout]

    def by_target(self, target: str) -> Column | None:
        """The column that becomes one of ours."""
        return next((column for column in self.columns if column.target == target), None)
