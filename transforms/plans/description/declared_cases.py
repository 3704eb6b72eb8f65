"""Declared cases of a document, each to be met once: one that is not met any more is stale, and refused."""

from collections.abc import Iterator

from transforms.errors import InputProblem
from transforms.plans.description.document import Document
from transforms.plans.description.plan_toml import CorrectionRow, CutRow, DistinctRow, DuplicateRow, NumberingRow
from transforms.plans.grammar.second_prints import Printed
from transforms.quality.text import sentence

_Case = CorrectionRow | CutRow | DistinctRow | DuplicateRow | NumberingRow


def _place(row: _Case) -> tuple[str, str]:
    """What a case is about: one case only may be about it."""
    if isinstance(row, CorrectionRow):
        return row.id, row.column_name
    if isinstance(row, DistinctRow):
        return _pair(row.activity_id, row.distinct_from)
    return row.activity_id, row.continuation_text if isinstance(row, CutRow) else ""


def _pair(one: str, other: str) -> tuple[str, str]:
    """Two activities, in either order."""
    return min(one, other), max(one, other)


class Cases:
    """The cases that the tables of judgement of one document declare, by what they are about."""

    def __init__(self, document: Document) -> None:
        self._document = document
        judged = document.judgements
        self._corrections: dict[tuple[str, str], CorrectionRow] = {
            (row.id, row.column_name): row for _, row in judged.corrections
        }
        self._duplicates = {row.activity_id: row for _, row in judged.duplicates}
        self._distinct = {_place(row): row for _, row in judged.distinct}
        self._printed_twice = {_pair(row.activity_id, row.duplicate_of) for _, row in judged.duplicates}
        self._numbering = {row.activity_id: row for _, row in judged.numbering}
        self._met: set[tuple[str, int]] = set()
        self._printed: dict[tuple[str, str, str], str] = {}  # of a case that does not match: what stands there
        self._lines: dict[tuple[str, str, str], int] = {}
        for name, line, row in self._cases():
            self._lines[name, *_place(row)] = line

    def correction(self, owner: str, column: str, printed: str) -> CorrectionRow | None:
        """The correction of a cell whose print is the one that it expects."""
        row = self._corrections.get((owner, column))
        if row is None:
            return None
        if row.old_value != printed:
            self._printed["corrections.csv", owner, column] = printed
            return None
        self._meet("corrections.csv", owner, column)
        return row

    def duplicate(self, activity_id: str, text: str) -> str | None:
        """The activity of which this one is declared a second print, if the text is the one declared."""
        row = self._duplicates.get(activity_id)
        if row is None:
            return None
        if row.activity_text != text:
            self._printed["duplicates.csv", activity_id, ""] = text
            return None
        self._meet("duplicates.csv", activity_id, "")
        return row.duplicate_of

    def declared(self, activity_id: str) -> str | None:
        """The activity of which this one was met as a second print."""
        row = self._duplicates.get(activity_id)
        return row.duplicate_of if row and self._is_met("duplicates.csv", activity_id, "") else None

    def reason(self, activity_id: str) -> str:
        """Why an activity is declared a second print."""
        return self._duplicates[activity_id].reason

    def distinct(self, first: Printed, second: Printed) -> str | None:
        """Why two rows that seem to be one are declared two activities, if the text is the one declared."""
        pair = _pair(first.activity_id, second.activity_id)
        row = self._distinct.get(pair)
        if row is None or pair in self._printed_twice:
            return None
        text = first.activity_text if row.activity_id == first.activity_id else second.activity_text
        if row.activity_text != text:
            self._printed["distinct.csv", *pair] = text
            return None
        self._meet("distinct.csv", *pair)
        return row.reason

    def numbering(self, activity_id: str, number: int | None, *, is_exception: bool) -> str | None:
        """Why an activity's number may be other than the layout asks for, where that is declared."""
        row = self._numbering.get(activity_id)
        if row is None or not is_exception or row.number_in_source != ("" if number is None else str(number)):
            return None
        self._meet("numbering.csv", activity_id, "")
        return row.reason

    def meet_cut(self, row: CutRow) -> None:
        """Note that a page break cuts a row where cuts.csv says so."""
        self._meet("cuts.csv", *_place(row))

    def stale(self) -> Iterator[InputProblem]:
        """The cases that nothing in the document matches (any more), and those declared twice."""
        for name, line, row in self._cases():
            if (name, line) not in self._met:
                printed = self._printed.get((name, *_place(row)))
                what = self._fault(name, line, row)
                if printed is not None:
                    what = sentence("{fault}, which prints", fault=what)
                yield InputProblem(
                    what,
                    "Put the row right, or take it out.",
                    path=self._document.beside(name),
                    line=line,
                    value=printed,
                )

    def _fault(self, name: str, line: int, row: _Case) -> str:
        """Why a case is stale."""
        place = _place(row)
        if self._lines[name, *place] != line:
            return sentence(
                "the case of {activity} is declared again in line {line}",
                activity=place[0],
                line=self._lines[name, *place],
            )
        if isinstance(row, DistinctRow) and place in self._printed_twice:
            return sentence(
                "{activity} and {other_activity} are declared one row printed twice too, in duplicates.csv",
                activity=place[0],
                other_activity=place[1],
            )
        if isinstance(row, DistinctRow) and (name, *place) not in self._printed:
            return sentence(
                "{activity} and {other_activity} do not seem to be one row printed twice (any more)",
                activity=place[0],
                other_activity=place[1],
            )
        return sentence("the case of {activity} does not match the document (any more)", activity=place[0])

    def _cases(self) -> Iterator[tuple[str, int, "_Case"]]:
        judged = self._document.judgements
        for name, rows in (
            ("corrections.csv", judged.corrections),
            ("cuts.csv", judged.cuts),
            ("distinct.csv", judged.distinct),
            ("duplicates.csv", judged.duplicates),
            ("numbering.csv", judged.numbering),
        ):
            for line, row in rows:
                yield name, line, row

    def _meet(self, *place: str) -> None:
        self._met.add((place[0], self._lines[place[0], place[1], place[2]]))

    def _is_met(self, *place: str) -> bool:
        return (place[0], self._lines[place[0], place[1], place[2]]) in self._met
