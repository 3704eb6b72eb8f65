"""Declared cases of a document: a case that the document does not match (any more) is stale, and refused."""

from typing import TypeVar

from transforms.plans.context import Context
from transforms.plans.description.document import (
    CorrectionRow,
    CutRow,
    DistinctRow,
    DoubtRow,
    DuplicateRow,
    NumberingRow,
)
from transforms.quality.text import sentence

_Case = CorrectionRow | CutRow | DistinctRow | DoubtRow | DuplicateRow | NumberingRow
_Row = TypeVar("_Row", CorrectionRow, CutRow, DistinctRow, DoubtRow, DuplicateRow, NumberingRow)
_Key = tuple[type[_Case], tuple[str, ...]]  # table and subject: there may be one case about it


def _key(row: _Case) -> _Key:
    """Return what a case is about; two activities are a pair in either order."""
    if isinstance(row, CorrectionRow | DoubtRow):
        return type(row), (row.id, row.column_name)
    if isinstance(row, DistinctRow):
        return DistinctRow, tuple(sorted((row.activity_id, row.distinct_from)))
    return type(row), (row.activity_id, row.continuation_text) if isinstance(row, CutRow) else (row.activity_id,)


class Cases:
    """The cases that the tables of judgement of one document declare, by their subject."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._declared = [row for row in context.document.judgements if isinstance(row, _Case)]
        self._cases: dict[_Key, _Case] = {_key(row): row for row in self._declared}
        duplicates = context.document.rows(DuplicateRow)
        self._printed_twice = {tuple(sorted((row.activity_id, row.duplicate_of))) for row in duplicates}
        self._matched: set[_Key] = set()
        self._printed: dict[_Key, str] = {}  # of a case that does not match: the print

    def _find(self, table: type[_Row], *subject: str) -> _Row | None:
        row = self._cases.get((table, subject))
        return row if isinstance(row, table) else None

    def _matches(self, row: _Case, declared: str, printed: str) -> bool:
        """Return True if a case declares what is printed; note the match, or the print."""
        if declared == printed:
            self.match(row)
        else:
            self._printed[_key(row)] = printed
        return declared == printed

    def match(self, row: _Case) -> None:
        """Note that a case matches the document."""
        self._matched.add(_key(row))

    def correction(self, owner: str, column: str, printed: str) -> CorrectionRow | None:
        """Return the correction of a cell whose print is the one that it expects."""
        row = self._find(CorrectionRow, owner, column)
        return row if row and self._matches(row, row.old_value, printed) else None

    def doubt(self, owner: str, column: str, printed: str) -> DoubtRow | None:
        """Return the doubt about a cell that is published as printed."""
        row = self._find(DoubtRow, owner, column)
        return row if row and self._matches(row, row.printed_value, printed) else None

    def duplicate(self, activity_id: str, text: str) -> DuplicateRow | None:
        """Return the case by which this activity, with this text, is a second print."""
        row = self._find(DuplicateRow, activity_id)
        return row if row and self._matches(row, row.activity_text, text) else None

    def distinct(self, first: tuple[str, str], second: tuple[str, str]) -> DistinctRow | None:
        """Return the case by which two rows that seem to be one are two activities; rows by activity_id and text."""
        pair = tuple(sorted((first[0], second[0])))
        row = self._find(DistinctRow, *pair)
        if row is None or pair in self._printed_twice:
            return None
        text = first[1] if row.activity_id == first[0] else second[1]
        return row if self._matches(row, row.activity_text, text) else None

    def numbering(self, activity_id: str, number: int | None) -> NumberingRow | None:
        """Return the case by which an activity may print a number other than the layout asks for."""
        row = self._find(NumberingRow, activity_id)
        if row is None or row.number_in_source != ("" if number is None else str(number)):
            return None
        self.match(row)
        return row

    def refuse_stale(self) -> None:
        """Refuse the cases that nothing in the document matches (any more), and those declared twice."""
        for row in self._declared:
            key, printed = _key(row), self._printed.get(_key(row))
            if self._cases[key] is row and key in self._matched:
                continue
            fault = "the case of {activity} does not match the document (any more)"
            if self._cases[key] is not row:
                fault = "the case of {activity} is declared again in line {line}"
            elif isinstance(row, DistinctRow) and key[1] in self._printed_twice:
                fault = "{activity} and {other_activity} are declared one row printed twice too, in duplicates.csv"
            elif isinstance(row, DistinctRow) and printed is None:
                fault = "{activity} and {other_activity} do not seem to be one row printed twice (any more)"
            what = sentence(fault, activity=key[1][0], other_activity=key[1][-1], line=self._cases[key].line)
            if printed is not None:
                what = sentence("{fault}, which prints", fault=what)
            self._context.refuse_if_whole(row, what, "Put the row right, or take it out.", printed)
