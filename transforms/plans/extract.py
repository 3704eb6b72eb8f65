"""Extract: give every line of a document one role, and join the rows that page breaks cut (contract §6, rule 1)."""

import re

from transforms.errors import InputProblem
from transforms.plans.description.document import Document
from transforms.plans.description.plan_toml import CutRow, heading
from transforms.plans.grammar.cells import split_entry, split_number
from transforms.plans.grammar.periods import is_cut_period
from transforms.plans.grammar.recommendations import split_summary
from transforms.plans.grammar.sentences import begins_list, begins_sentence, is_finished, is_finished_list
from transforms.plans.merged_cells import fill_down
from transforms.plans.parsed import (
    ACTIVITY,
    AGENCIES,
    COLUMN_NAMES,
    NUMBER,
    PERIOD,
    RESULT,
    SUMMARY,
    Cell,
    Continuation,
    GlossaryEntry,
    SourceActivity,
    SourceLine,
    SourceMeasure,
    SourcePlan,
    SourceText,
)
from transforms.quality.text import sentence
from transforms.text.lines import csv_line, fold, hyphenate

_MEASURE_NUMBER = re.compile(r"([1-9][0-9]{0,3})\.?")  # 1.


def extract(document: Document) -> tuple[SourceText, list[InputProblem]]:
    """Take a document apart. Lists every line that fits no role, and every row that may be one or the rest of one."""
    reader = _Reader(document)
    for number, text in enumerate(document.lines, 1):
        reader.read(number, text)
    reader.finish()
    return reader.found, reader.problems


class _Reader:
    """Reads a document from top to bottom; `part` is where it stands: front, approval, title, table, glossary."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.layout = document.description.layout
        self.period_words = document.description.period_words
        self.headings = [fold(h).casefold() for h in self.layout.column_headings]
        self.found = SourceText()
        self.problems: list[InputProblem] = []
        self.part = "front"
        self.plan: int | None = None
        self.columns = list(range(len(self.headings)))  # where the heading's cells stand
        self.row = SourceActivity(0, 0, {})  # the row that a continuation goes on with
        # Part and plan before the title that is being read, and the lines before it.
        self.before_title: tuple[str, int | None, int] = (self.part, None, 0)

    def read(self, number: int, text: str) -> None:
        """Give one line its role."""
        role = "blank" if not text.strip() else self._role(number, text)
        if role is not None:
            self.found.lines.append(SourceLine(number, text, role, self.plan))

    def finish(self) -> None:
        """Fill merged cells, and check what a complete document must have."""
        for plan in self.found.plans:
            fill_down(plan.measures, self.layout.fill_down)
        if not self.found.plans:
            self._refuse(
                0,
                sentence(
                    'no line reads "{plan_heading}": the document has no plan heading',
                    plan_heading=self.layout.plan_heading,
                ),
                "Put the heading back, or state the one that is printed in plan.toml, [layout] plan_heading.",
            )
        elif self.part == "title":
            self._refuse(
                self.found.plans[-1].line_first,
                "the plan has a heading but no table",
                "Put the table's column headings and rows back.",
            )
        elif self.layout.glossary_heading and self.part != "glossary":
            self._refuse(
                len(self.found.lines),
                sentence(
                    'the document ends without "{glossary_heading}"', glossary_heading=self.layout.glossary_heading
                ),
                "Is it cut off? Put the rest of the document back.",
            )

    def _role(self, number: int, text: str) -> str | None:
        cells = [fold(cell) for cell in text.split("\t")]
        folded = cells[0]
        is_heading = folded in (self.layout.plan_heading, self.layout.glossary_heading)
        if any(cells[1:]) or (self.part == "table" and len(cells) > 1 and not is_heading):
            return self._table_line(number, text, cells)
        if folded == self.layout.plan_heading and self.part != "title":
            return self._plan_heading(number, folded)
        if folded == self.layout.glossary_heading and self.part in ("table", "glossary"):
            self.part, self.plan = "glossary", None
            return "glossary_heading"
        if self.part == "front" and folded == self.layout.approval_heading:
            self.part = "approval"
            return "approval"
        if self.part == "approval" and folded != self.layout.approval_heading:
            self.found.approval.append((number, folded))
            return "approval"
        if self.part == "title" and folded != self.layout.plan_heading:
            return self._title_line(number, folded)
        if self.part == "glossary":
            return self._glossary_line(number, folded)
        self._no_role(number, text)
        return None

    def _no_role(self, number: int, text: str) -> None:
        where = {
            "front": sentence("before the first plan"),
            "approval": sentence("in the approval"),
            "title": sentence("in a plan's title"),
            "table": sentence("in a plan's table"),
            "glossary": sentence("in the glossary"),
        }[self.part]
        self._refuse(
            number,
            sentence("the line fits no role {where}", where=where),
            "Put it right by the printed document, or describe it in plan.toml, [layout].",
            text,
        )

    def _plan_heading(self, number: int, folded: str) -> str:
        self.before_title = (self.part, self.plan, len(self.found.lines))
        self.found.plans.append(SourcePlan(number, [folded]))
        self.part, self.plan = "title", len(self.found.plans) - 1
        return "title"

    def _title_line(self, number: int, folded: str) -> str | None:
        """A title goes on until the table; one printed again on a page of the glossary, until it is whole."""
        title = self.found.plans[-1].title
        in_glossary = self.before_title[0] == "glossary"
        if in_glossary and split_entry(folded) and self._is_printed_again():
            self._resume()
            return self._glossary_line(number, folded)
        title.append(folded)
        if in_glossary and self._is_printed_again():
            self._resume()
        return "title"

    def _glossary_line(self, number: int, folded: str) -> str | None:
        entry = split_entry(folded)
        if entry is None:
            self._no_role(number, folded)
            return None
        self.found.glossary.append(GlossaryEntry(number, *entry))
        return "glossary_entry"

    def _table_line(self, number: int, text: str, cells: list[str]) -> str | None:
        filled = [cell for cell in cells if cell]
        if [cell.casefold() for cell in filled] == self.headings:
            self.columns = [column for column, cell in enumerate(cells) if cell]
            return self._column_heading(number, text)
        if self.part == "title" and self._is_printed_again():
            self._resume()
        is_numbers = all(cell.isdecimal() for cell in filled)
        if is_numbers and len(filled) == len(self.headings) and self.part in ("table", "glossary"):
            plan = self.found.plans[-1]
            plan.column_numbers = plan.column_numbers or (number, filled)
            return "column_number"
        if self.part != "table":
            self._no_role(number, text)
            return None
        if is_numbers and len(filled) > len(self.headings) / 2:
            what = sentence(
                "the heading that numbers the columns has {count} numbers, not {columns}",
                count=len(filled),
                columns=len(self.headings),
            )
            self._refuse(number, what, "Put it right by the printed document.", text)
            return None
        if any(cell for column, cell in enumerate(cells) if column not in self.columns):
            what = sentence("the row has more than {columns} columns filled", columns=len(self.headings))
            self._refuse(number, what, "Take out the tab that is too many.", text)
        return self._row(number, text, [cells[c] if c < len(cells) else "" for c in self.columns])

    def _column_heading(self, number: int, text: str) -> str | None:
        if self.part == "title":
            if self._is_printed_again():
                self._resume()
            else:
                self.part = "table"
        elif self.part not in ("table", "glossary"):
            self._no_role(number, text)
            return None
        return "column_heading"

    def _is_printed_again(self) -> bool:
        """Whether the title is that of the plan before, or its heading alone, at the head of a later page."""
        plans = self.found.plans
        if len(plans) < 2:
            return False
        now, before = (hyphenate(" ".join(plan.title)).casefold() for plan in plans[-1:-3:-1])
        return now in (before, self.layout.plan_heading.casefold())

    def _resume(self) -> None:
        """A title printed again begins no plan: what stood before it goes on."""
        self.found.plans.pop()
        self.part, self.plan, lines = self.before_title
        for line in self.found.lines[lines:]:
            line.plan = self.plan

    def _row(self, number: int, text: str, cells: list[str]) -> str | None:
        if cells[NUMBER]:
            return self._measure(number, text, cells)
        measures = self.found.plans[-1].measures
        if not measures or not measures[-1].activities:
            self._refuse(
                number,
                "the row stands before any measure number",
                "Put the measure's number back into the first column.",
                text,
            )
            return None
        measure = measures[-1]
        if cells[SUMMARY]:
            self._summary_piece(number, measure, cells[SUMMARY])
        if self._begins_activity(measure, cells):
            measure.activities.append(self._activity(number, cells))
            return "activity_row"
        cut = self._declared_cut(measure, cells[ACTIVITY])
        if cut is None and self._may_be_activity(cells):
            if self.layout.fill_down:
                measure.activities.append(self._activity(number, cells))
                return "activity_row"
            self._refuse_doubtful(number, text, measure, cells)
            return None
        return self._continue(number, text, cells, cut)

    def _measure(self, number: int, text: str, cells: list[str]) -> str | None:
        match = _MEASURE_NUMBER.fullmatch(cells[NUMBER])
        if match is None:
            self._refuse(
                number,
                "the first column holds no measure number",
                "Measures are numbered 1., 2., 3. …; is a tab lost?",
                cells[NUMBER],
            )
            return None
        measures = self.found.plans[-1].measures
        expected = measures[-1].number + 1 if measures else 1
        if int(match[1]) != expected:
            fault = (
                sentence("stands twice")
                if int(match[1]) in {m.number for m in measures}
                else sentence("is out of order")
            )
            self._refuse(
                number,
                sentence("the measure number {fault}; {expected} would be next", fault=fault, expected=expected),
                "Put the number right.",
                cells[NUMBER],
            )
        if not cells[SUMMARY]:
            self._refuse(number, "the measure has no summary", "Put the summary back; is a tab too many?", text)
        measures.append(SourceMeasure(number, int(match[1]), Cell([(number, cells[SUMMARY])])))
        measures[-1].activities.append(self._activity(number, cells))
        return "measure_row"

    def _summary_piece(self, number: int, measure: SourceMeasure, piece: str) -> None:
        if split_summary(measure.summary.text, self.layout.recommendation_words):
            self._refuse(
                number,
                sentence(
                    "a summary is printed, but that of measure {number} is complete and no new measure number is there",
                    number=measure.number,
                ),
                "Put the measure's number back, or take the summary out.",
                piece,
            )
        else:
            measure.summary.pieces.append((number, piece))

    def _begins_activity(self, measure: SourceMeasure, cells: list[str]) -> bool:
        if cells[PERIOD] and not is_cut_period(self.row.text(PERIOD), cells[PERIOD], self.period_words):
            return True
        return split_number(cells[ACTIVITY])[0] == len(measure.activities) + 1

    def _activity(self, number: int, cells: list[str]) -> SourceActivity:
        filled = {c: Cell([(number, cells[c])]) for c in (ACTIVITY, PERIOD, AGENCIES, RESULT) if cells[c]}
        self.row = SourceActivity(number, number, filled)
        return self.row

    def _activity_id(self, measure: SourceMeasure) -> str | None:
        """The id of the last activity of `measure`; None where the plan's title does not say which plan it is."""
        plan_id = self.document.description.plan_id(" ".join(self.found.plans[-1].title))
        return plan_id and f"{plan_id}-{measure.number:02d}-{len(measure.activities):02d}"

    def _declared_cut(self, measure: SourceMeasure, piece: str) -> CutRow | None:
        """The row of cuts.csv that says that `piece` goes on with the last activity; by the text alone where the title
        is at fault, which is told itself."""
        cuts = [row for _, row in self.document.judgements.cuts if piece and row.continuation_text == piece]
        activity_id = self._activity_id(measure) if cuts else None
        return next((row for row in cuts if activity_id in (row.activity_id, None)), None)

    def _may_be_activity(self, cells: list[str]) -> bool:
        """Whether a row without number and period may be an activity, because no cell of it is the rest of a sentence.

        One cell alone is not enough: a text of two sentences may be cut between them. The summary is the measure's."""
        filled = [column for column in (ACTIVITY, AGENCIES, RESULT) if cells[column]]
        if cells[PERIOD] or not cells[ACTIVITY] or len(filled) < 2:  # a period here goes on with a period that was cut
            return False
        return all(self._begins_anew(column, cells[column]) for column in filled)

    def _begins_anew(self, column: int, piece: str) -> bool:
        """Whether nothing is open in the column of the row above, and `piece` may be a beginning."""
        above = self.row.text(column)
        if column == ACTIVITY:
            return is_finished(split_number(above)[1]) and begins_sentence(piece)
        if column == AGENCIES:
            words = self.layout.conjunctions
            return is_finished_list(above, words) and begins_list(piece, words)
        return (not above or is_finished(above)) and begins_sentence(piece)

    def _refuse_doubtful(self, number: int, text: str, measure: SourceMeasure, cells: list[str]) -> None:
        """Refuse a row that may be an activity of its own, and keep it apart so that no other fault follows."""
        toml, blank = self.document.beside("plan.toml"), [c for c in (PERIOD, AGENCIES) if not cells[c]]
        columns = ", ".join(f'"{COLUMN_NAMES[column]}"' for column in blank)
        merged = sentence(
            "If cells are merged down, name their columns in {toml}, [layout]: fill_down = [{columns}].",
            toml=toml,
            columns=columns,
        )
        nothing = [c for c in (AGENCIES, RESULT) if cells[c] and c not in self.row.cells]
        if nothing:
            self._refuse_fill(number, nothing[0], cells[nothing[0]], merged)
        else:
            line = csv_line(self._activity_id(measure) or "<activity_id>", cells[ACTIVITY], "<reason>")
            self._refuse(
                number,
                sentence(
                    "the row has neither number nor period, but each of its cells begins a new sentence "
                    "after the row of line {line_first} is finished: it may be the rest of that row, or an "
                    "activity of its own",
                    line_first=self.row.line_first,
                ),
                sentence(
                    "If a page break cuts the row of line {line_first}, add to {file}, below the heading "
                    "{heading}: {line}. {merged}",
                    line_first=self.row.line_first,
                    file=self.document.beside("cuts.csv"),
                    heading=heading(CutRow),
                    line=line,
                    merged=merged,
                ),
                fold(text),
            )
        measure.is_doubtful = True
        self._activity(number, cells)

    def _refuse_fill(self, number: int, column: int, value: str, remedy: str = "") -> None:
        self._refuse(
            number,
            sentence(
                "the row continues that of line {line_first}, but fills its column {column}, of which "
                "nothing stands there",
                line_first=self.row.line_first,
                column=COLUMN_NAMES[column],
            ),
            "The first word of a cell stays on the first page: is a tab lost, or a number?"
            if not remedy
            else sentence(
                "The first word of a cell stays on the first page: is a tab lost, or a number? {remedy}", remedy=remedy
            ),
            value,
        )

    def _continue(self, number: int, text: str, cells: list[str], cut: CutRow | None) -> str:
        activity = self.row
        for column in (ACTIVITY, PERIOD, AGENCIES, RESULT):
            if not cells[column]:
                continue
            if column not in activity.cells:
                self._refuse_fill(number, column, cells[column])
            else:
                activity.cells[column].pieces.append((number, cells[column]))
        activity.line_last = number
        self.found.joined.append(Continuation(number, activity, fold(text), cut))
        return "continuation"

    def _refuse(self, line: int, what: str, remedy: str, value: str | None = None) -> None:
        self.problems.append(InputProblem(what, remedy, path=self.document.path, line=line, value=value))
