"""The rows of a plan's table as measures and activities, joined where page breaks cut them (contract §6, rule 1)."""

import re
from collections.abc import Iterable, Sequence
from typing import get_args

from transforms.plans.context import Context
from transforms.plans.description.document import CutRow
from transforms.plans.grammar.cells import (
    begins_list,
    begins_sentence,
    is_finished,
    is_finished_list,
    split_number,
    split_summary,
)
from transforms.plans.grammar.periods import is_cut_period
from transforms.plans.lines.parsed import Cell, Column, SourceActivity, SourceMeasure, SourceText
from transforms.quality.text import sentence
from transforms.text.lines import csv_line, fold

_COLUMNS: tuple[Column, ...] = get_args(Column)
_MEASURE_NUMBER = re.compile(r"([1-9][0-9]{0,3})\.?")  # 1.


class TableReader:
    """Reads the table of the last plan of `source` row by row; `cells` of a row by column."""

    def __init__(self, context: Context, source: SourceText) -> None:
        self.document = context.document
        self.refuse = context.refuse
        self.source = source
        self.layout = context.layout
        self.cuts = context.document.rows(CutRow)
        self.period_words = context.document.description.period_words
        self.above = SourceActivity(0, 0, {})  # the row that a continuation continues

    def row(self, number: int, text: str, cells: dict[str, str]) -> str | None:
        """Read one row, printed as `text`; return the role of its line, or None if it is refused."""
        if cells["number"]:
            return self._measure(number, text, cells)
        measures = self.source.plans[-1].measures
        if not measures:
            what = "the row stands before any measure number"
            self.refuse(number, what, "Put the measure's number back into the first column.", text)
            return None
        measure = measures[-1]
        if cells["summary"]:
            self._summary_piece(number, measure, cells["summary"])
        cut = None
        if not self._begins_activity(measure, cells):
            cut = self._declared_cut(measure, cells["activity_text"])
            if cut or not self._may_be_activity(cells):
                self._continue(number, text, cells, cut)
                return "continuation"
            if not self.layout.fill_down:
                self._refuse_doubtful(number, text, measure, cells)
                return None
        measure.activities.append(self._activity(number, cells))
        return "activity_row"

    def _measure(self, number: int, text: str, cells: dict[str, str]) -> str | None:
        match = _MEASURE_NUMBER.fullmatch(cells["number"])
        if match is None:
            what = "the first column holds no measure number"
            self.refuse(number, what, "Measures are numbered 1., 2., 3. …; is a tab lost?", cells["number"])
            return None
        measures = self.source.plans[-1].measures
        expected = measures[-1].number + 1 if measures else 1
        if int(match[1]) != expected:
            is_second = int(match[1]) in {measure.number for measure in measures}
            fault = sentence("stands twice") if is_second else sentence("is out of order")
            what = "the measure number {fault}; {expected} would be next"
            self.refuse(number, what, "Put the number right.", cells["number"], fault=fault, expected=expected)
        if not cells["summary"]:
            self.refuse(number, "the measure has no summary", "Put the summary back; is a tab too many?", text)
        measures.append(SourceMeasure(number, int(match[1]), Cell([(number, cells["summary"])])))
        measures[-1].activities.append(self._activity(number, cells))
        return "measure_row"

    def _summary_piece(self, number: int, measure: SourceMeasure, piece: str) -> None:
        if split_summary(measure.summary.text, self.layout.recommendation_words):
            what = "a summary is printed, but that of measure {number} is complete and no new measure number is there"
            remedy = "Put the measure's number back, or take the summary out."
            self.refuse(number, what, remedy, piece, number=measure.number)
        else:
            measure.summary.pieces.append((number, piece))

    def _activity(self, number: int, cells: dict[str, str]) -> SourceActivity:
        self.above = SourceActivity(number, number, {c: Cell([(number, cells[c])]) for c in _COLUMNS if cells[c]})
        return self.above

    def _begins_activity(self, measure: SourceMeasure, cells: dict[str, str]) -> bool:
        """Return True if a row has a period of its own, or the next number of an activity."""
        period, above = cells["period_text"], self.above.text("period_text")
        if period and not is_cut_period(above, period, self.period_words):
            return True
        return split_number(cells["activity_text"])[0] == len(measure.activities) + 1

    def _activity_id(self, measure: SourceMeasure) -> str | None:
        """Return the id of the last activity of `measure`, or None if the title does not say which plan it is."""
        *_, plan_id = self.document.description.identify(" ".join(self.source.plans[-1].title))
        return plan_id and f"{plan_id}-{measure.number:02d}-{len(measure.activities):02d}"

    def _declared_cut(self, measure: SourceMeasure, piece: str) -> CutRow | None:
        """Return the row of cuts.csv by which `piece` continues the last activity.

        The text alone decides if the plan has no id: the fault of its title is reported itself."""
        cuts = [row for row in self.cuts if piece and row.continuation_text == piece]
        activity_id = self._activity_id(measure) if cuts else None
        return next((row for row in cuts if activity_id in (row.activity_id, None)), None)

    def _may_be_activity(self, cells: dict[str, str]) -> bool:
        """Return True if a row without number and period may be an activity: no cell is the rest of a sentence.

        One cell alone is not enough: a text of two sentences may be cut between them. The summary is the measure's."""
        filled = [column for column in _COLUMNS if cells[column]]
        if cells["period_text"] or not cells["activity_text"] or len(filled) < 2:  # such a period continues a cut one
            return False
        return all(self._may_begin(column, cells[column]) for column in filled)

    def _may_begin(self, column: Column, piece: str) -> bool:
        """Return True if the cell above is finished, and `piece` may be a beginning."""
        above = self.above.text(column)
        if column == "activity_text":
            return is_finished(split_number(above)[1]) and begins_sentence(piece)
        if column == "agencies":
            words = self.layout.conjunctions
            return is_finished_list(above, words) and begins_list(piece, words)
        return (not above or is_finished(above)) and begins_sentence(piece)

    def _refuse_doubtful(self, number: int, text: str, measure: SourceMeasure, cells: dict[str, str]) -> None:
        """Refuse a row that may be an activity of its own, and keep it apart so that no other fault follows."""
        blank = ", ".join(f'"{column}"' for column in ("period_text", "agencies") if not cells[column])
        remedy = "If cells are merged down, name their columns in {toml}, [layout]: fill_down = [{columns}]."
        merged = sentence(remedy, toml=self.document.path_of("plan.toml"), columns=blank)
        filled = next((c for c in _COLUMNS[2:] if cells[c] and c not in self.above.cells), None)
        if filled:
            self._refuse_fill(number, filled, cells[filled], merged)
        else:
            what = (
                "the row has neither number nor period, but each of its cells begins a new sentence after the row of "
                "line {line_first} is finished: it may be the rest of that row, or an activity of its own"
            )
            remedy = (
                "If a page break cuts the row of line {line_first}, add to {file}, below the heading "
                "{heading}: {line}. {merged}"
            )
            line = csv_line(self._activity_id(measure) or "<activity_id>", cells["activity_text"], "<reason>")
            table = {"file": self.document.path_of(CutRow.file), "heading": CutRow.heading(), "line": line}
            self.refuse(number, what, remedy, fold(text), line_first=self.above.line_first, merged=merged, **table)
        measure.is_doubtful = True
        self._activity(number, cells)

    def _refuse_fill(self, number: int, column: Column, value: str, merged: str = "") -> None:
        """Refuse a piece of a cell that the row above does not begin; `merged`: another remedy."""
        what = (
            "the row continues that of line {line_first}, but fills its column {column}, of which nothing stands there"
        )
        remedy = "The first word of a cell stays on the first page: is a tab lost, or a number?"
        if merged:
            remedy = "The first word of a cell stays on the first page: is a tab lost, or a number? {remedy}"
        names = {"column": column, "remedy": merged}
        self.refuse(number, what, remedy, value, line_first=self.above.line_first, **names)

    def _continue(self, number: int, text: str, cells: dict[str, str], cut: CutRow | None) -> None:
        """Join a row to the one above, cell by cell."""
        for column in _COLUMNS:
            if cells[column] and column in self.above.cells:
                self.above.cells[column].pieces.append((number, cells[column]))
            elif cells[column]:
                self._refuse_fill(number, column, cells[column])
        self.above.line_last = number
        if cut:
            self.source.declared_cuts.append((number, self.above, fold(text), cut))


def fill_down(measures: Iterable[SourceMeasure], columns: Sequence[str]) -> None:
    """Give each row of a measure but the first the cells of the row above where its own are blank, in `columns`.

    Needs whole measures: a piece after a page break continues print only, never a value that was filled in."""
    for measure in measures:
        for column in columns:
            above = printed_by = measure.activities[0]
            for activity in measure.activities[1:]:
                if column in activity.cells:
                    printed_by = activity
                elif column in above.cells:
                    activity.cells[column] = Cell(list(above.cells[column].pieces))
                    activity.filled_from[column] = printed_by
                above = activity
