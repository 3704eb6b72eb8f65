"""Extract: give every line of a document one role, and join the rows that page breaks cut (contract §6, rule 1)."""

import re
from collections.abc import Sequence

from transforms.description import Description
from transforms.periods import is_cut_period
from transforms.problems import Problem
from transforms.recommendations import split_summary
from transforms.source_text import (
    ACTIVITY,
    AGENCIES,
    NUMBER,
    PERIOD,
    RESULT,
    SUMMARY,
    Cell,
    GlossaryEntry,
    SourceActivity,
    SourceLine,
    SourceMeasure,
    SourcePlan,
    SourceText,
)
from transforms.text import fold

_MEASURE_NUMBER = re.compile(r"(\d{1,4})\.?")  # 1.
_ACTIVITY_NUMBER = re.compile(r"(\d{1,3})[.)](?: ?(?=\D)(.+))?")  # 1. Conduct …, 2) Develop …; cut: 2.
_DASH = re.compile(r" ?[-‐‑–—] ?")
_ABBREVIATION = re.compile(r"[^\W_]+(?:-[^\W_]+)*")  # AOS, AG-SUPRT, МОН
_COLUMN_NAMES = {
    SUMMARY: "summary",
    ACTIVITY: "activity_text",
    PERIOD: "period_text",
    AGENCIES: "agencies",
    RESULT: "expected_result",
}


def split_number(text: str) -> tuple[int | None, str]:
    """The number printed at the head of an activity's text, and the text without it.

    >>> split_number("2) Develop bylaws")
    (2, 'Develop bylaws')
    """
    match = _ACTIVITY_NUMBER.fullmatch(text)
    return (int(match[1]), (match[2] or "").strip()) if match else (None, text)


def split_entry(text: str) -> tuple[str, str] | None:
    """Abbreviation and name of a glossary entry, parted by the last dash before which only capitals stand.

    >>> split_entry("AOS- Agency on Statistics")
    ('AOS', 'Agency on Statistics')
    >>> split_entry("MOC-IT - Ministry of Communications")
    ('MOC-IT', 'Ministry of Communications')
    """
    found = None
    for dash in _DASH.finditer(text):
        abbreviation, name = text[: dash.start()], text[dash.end() :]
        if not _ABBREVIATION.fullmatch(abbreviation) or abbreviation != abbreviation.upper():
            break
        found = (abbreviation, name) if name else found
    return found


def extract(lines: Sequence[str], description: Description, path: str) -> tuple[SourceText, list[Problem]]:
    """Take a document apart; `lines` as printed, without their ends. Lists every line that fits no role."""
    reader = _Reader(description, path)
    for number, text in enumerate(lines, 1):
        reader.read(number, text)
    reader.finish()
    return reader.found, reader.problems


class _Reader:
    """Reads a document from top to bottom; `part` is where it stands: front, approval, title, table, glossary."""

    def __init__(self, description: Description, path: str) -> None:
        self.layout = description.layout
        self.period_words = description.period_words
        self.headings = [fold(h).casefold() for h in self.layout.column_headings]
        self.path = path
        self.found = SourceText()
        self.problems: list[Problem] = []
        self.part = "front"
        self.plan: int | None = None

    def read(self, number: int, text: str) -> None:
        """Give one line its role."""
        role = "blank" if not text.strip() else self._role(number, text)
        if role is not None:
            self.found.lines.append(SourceLine(number, text, role, self.plan))

    def finish(self) -> None:
        """What a complete document must have."""
        if not self.found.plans:
            self._refuse(
                0,
                f'no line reads "{self.layout.plan_heading}": the document has no plan heading',
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
                f'the document ends without "{self.layout.glossary_heading}"',
                "Is it cut off? Put the rest of the document back.",
            )

    def _role(self, number: int, text: str) -> str | None:
        if "\t" in text:
            return self._table_line(number, text)
        folded = fold(text)
        if folded == self.layout.plan_heading and self.part not in ("title", "glossary"):
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
            self.found.plans[-1].title.append(folded)
            return "title"
        if self.part == "glossary":
            return self._glossary_line(number, folded)
        self._no_role(number, text)
        return None

    def _no_role(self, number: int, text: str) -> None:
        where = {
            "front": "before the first plan",
            "approval": "in the approval",
            "title": "in a plan's title",
            "table": "in a plan's table",
            "glossary": "in the glossary",
        }[self.part]
        self._refuse(
            number,
            f"the line fits no role {where}",
            "Put it right by the printed document, or describe it in plan.toml, [layout].",
            text,
        )

    def _plan_heading(self, number: int, folded: str) -> str:
        self.found.plans.append(SourcePlan(number, [folded]))
        self.part, self.plan = "title", len(self.found.plans) - 1
        return "title"

    def _glossary_line(self, number: int, folded: str) -> str | None:
        entry = split_entry(folded)
        if entry is None:
            self._no_role(number, folded)
            return None
        self.found.glossary.append(GlossaryEntry(number, *entry))
        return "glossary_entry"

    def _table_line(self, number: int, text: str) -> str | None:
        cells = [fold(cell) for cell in text.split("\t")]
        filled = [cell for cell in cells if cell]
        if [cell.casefold() for cell in filled] == self.headings:
            return self._column_heading(number, text)
        if self.part != "table":
            self._no_role(number, text)
            return None
        if len(filled) == len(self.headings) and all(cell.isdecimal() for cell in filled):
            plan = self.found.plans[-1]
            plan.column_numbers = plan.column_numbers or (number, filled)
            return "column_number"
        if any(cells[len(self.headings) :]):
            self._refuse(
                number,
                f"the row has more than {len(self.headings)} columns filled",
                "Take out the tab that is too many.",
                text,
            )
            return None
        return self._row(number, text, cells + [""] * (len(self.headings) - len(cells)))

    def _column_heading(self, number: int, text: str) -> str | None:
        if self.part == "title":
            self.part = "table"
            self._merge_repeated_title()
        elif self.part not in ("table", "glossary"):
            self._no_role(number, text)
            return None
        return "column_heading"

    def _merge_repeated_title(self) -> None:
        """A title printed again on a later page of the same plan begins no plan."""
        plans = self.found.plans
        if len(plans) > 1 and plans[-1].title == plans[-2].title:
            plans.pop()
            self.plan = len(plans) - 1
            for line in self.found.lines:
                line.plan = self.plan if line.plan == len(plans) else line.plan

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
        return self._continue(number, text, measure.activities[-1], cells)

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
            fault = "stands twice" if int(match[1]) in {m.number for m in measures} else "is out of order"
            self._refuse(
                number, f"the measure number {fault}; {expected} would be next", "Put the number right.", cells[NUMBER]
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
                f"a summary is printed, but that of measure {measure.number} is complete and no new "
                "measure number is there",
                "Put the measure's number back, or take the summary out.",
                piece,
            )
        else:
            measure.summary.pieces.append((number, piece))

    def _begins_activity(self, measure: SourceMeasure, cells: list[str]) -> bool:
        before = measure.activities[-1]
        if cells[PERIOD] and not is_cut_period(before.text(PERIOD), cells[PERIOD], self.period_words):
            return True
        return split_number(cells[ACTIVITY])[0] == len(measure.activities) + 1

    def _activity(self, number: int, cells: list[str]) -> SourceActivity:
        filled = {c: Cell([(number, cells[c])]) for c in (ACTIVITY, PERIOD, AGENCIES, RESULT) if cells[c]}
        return SourceActivity(number, number, filled)

    def _continue(self, number: int, text: str, activity: SourceActivity, cells: list[str]) -> str:
        for column in (ACTIVITY, PERIOD, AGENCIES, RESULT):
            if not cells[column]:
                continue
            if column not in activity.cells:
                self._refuse(
                    number,
                    f"the row continues that of line {activity.line_first}, but fills its column "
                    f"{_COLUMN_NAMES[column]}, of which nothing stands there",
                    "The first word of a cell stays on the first page: is a tab lost, or a number?",
                    cells[column],
                )
            else:
                activity.cells[column].pieces.append((number, cells[column]))
        activity.line_last = number
        self.found.joined.append((number, activity, fold(text)))
        return "continuation"

    def _refuse(self, line: int, what: str, remedy: str, value: str | None = None) -> None:
        self.problems.append(Problem(self.path, line, what, remedy, value))
