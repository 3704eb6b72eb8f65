"""Extract: give every line of a document one role, and hand the rows of tables on (contract §6, rule 1)."""

from transforms.plans.context import Context
from transforms.plans.grammar.cells import split_entry
from transforms.plans.lines.parsed import COLUMNS, GlossaryEntry, SourceLine, SourcePlan, SourceText
from transforms.plans.lines.table import TableReader, fill_down
from transforms.quality.text import sentence
from transforms.text.lines import fold, hyphenate


def extract(context: Context) -> SourceText:
    """Take a document apart. Refuses every line that fits no role, and every row that may be one or the rest of one."""
    reader = _Reader(context)
    for number, text in enumerate(context.document.lines, 1):
        role = "blank" if not text.strip() else reader.role(number, text)
        if role is not None:
            reader.source.lines.append(SourceLine(number, text, role, reader.plan))
    reader.finish()
    return reader.source


class _Reader:
    """Reads a document from top to bottom, part by part: front, approval, then title, table, glossary of each plan."""

    def __init__(self, context: Context) -> None:
        self.layout = context.layout
        self.refuse = context.refuse
        self.headings = [fold(heading).casefold() for heading in self.layout.column_headings]
        self.source = SourceText()
        self.table = TableReader(context, self.source)
        self.part = "front"
        self.plan: SourcePlan | None = None
        self.columns = list(range(len(self.headings)))  # where the heading has its cells
        # Part and plan before the title that is being read, and the number of lines before it.
        self.before_title: tuple[str, SourcePlan | None, int] = (self.part, None, 0)

    def finish(self) -> None:
        """Fill merged cells, and check what a complete document must have."""
        for plan in self.source.plans:
            fill_down(plan.measures, self.layout.fill_down)
        words = self.layout.model_dump(include={"plan_heading", "glossary_heading"})
        if not self.source.plans:
            what = 'no line reads "{plan_heading}": the document has no plan heading'
            remedy = "Put the heading back, or state the one that is printed in plan.toml, [layout] plan_heading."
            self.refuse(0, what, remedy, **words)
        elif self.part == "title":
            what, remedy = "the plan has a heading but no table", "Put the table's column headings and rows back."
            self.refuse(self.source.plans[-1].line_first, what, remedy)
        elif self.layout.glossary_heading and self.part != "glossary":
            what = 'the document ends without "{glossary_heading}"'
            remedy = "Is it cut off? Put the rest of the document back."
            self.refuse(len(self.source.lines), what, remedy, **words)

    def role(self, number: int, text: str) -> str | None:
        """Return the role of a line that is not blank, or None if it fits none."""
        cells = [fold(cell) for cell in text.split("\t")]
        folded = cells[0]
        is_heading = folded in (self.layout.plan_heading, self.layout.glossary_heading)
        if any(cells[1:]) or (self.part == "table" and len(cells) > 1 and not is_heading):
            return self._table_line(number, text, cells)
        if folded == self.layout.plan_heading and self.part != "title":
            self.before_title = (self.part, self.plan, len(self.source.lines))
            self.part, self.plan = "title", SourcePlan(number, [folded])
            self.source.plans.append(self.plan)
            return "title"
        if folded == self.layout.glossary_heading and self.part in ("table", "glossary"):
            self.part, self.plan = "glossary", None
            return "glossary_heading"
        if self.part == "front" and folded == self.layout.approval_heading:
            self.part = "approval"
            return "approval"
        if self.part == "approval" and folded != self.layout.approval_heading:
            self.source.approval.append((number, folded))
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
        remedy = "Put it right by the printed document, or describe it in plan.toml, [layout]."
        self.refuse(number, "the line fits no role {where}", remedy, text, where=where)

    def _title_line(self, number: int, folded: str) -> str | None:
        """Read a title until the table begins; one printed again on a page of the glossary, until it is whole."""
        in_glossary = self.before_title[0] == "glossary"
        if in_glossary and split_entry(folded) and self._is_printed_again():
            self._resume()
            return self._glossary_line(number, folded)
        self.source.plans[-1].title.append(folded)
        if in_glossary and self._is_printed_again():
            self._resume()
        return "title"

    def _glossary_line(self, number: int, folded: str) -> str | None:
        entry = split_entry(folded)
        if entry is None:
            self._no_role(number, folded)
            return None
        self.source.glossary.append(GlossaryEntry(number, *entry))
        return "glossary_entry"

    def _table_line(self, number: int, text: str, cells: list[str]) -> str | None:
        filled = [cell for cell in cells if cell]
        is_column_heading = [cell.casefold() for cell in filled] == self.headings
        if is_column_heading:
            self.columns = [column for column, cell in enumerate(cells) if cell]
        if self.part == "title" and self._is_printed_again():
            self._resume()
        if is_column_heading and self.part in ("title", "table", "glossary"):
            self.part = "table" if self.part == "title" else self.part
            return "column_heading"
        is_numbers = all(cell.isdecimal() for cell in filled)
        if is_numbers and len(filled) == len(self.headings) and self.part in ("table", "glossary"):
            plan = self.source.plans[-1]
            plan.column_numbers = plan.column_numbers or (number, filled)
            return "column_number"
        if self.part != "table":
            self._no_role(number, text)
            return None
        counts = {"count": len(filled), "columns": len(self.headings)}
        if is_numbers and len(filled) > len(self.headings) / 2:
            what = "the heading that numbers the columns has {count} numbers, not {columns}"
            self.refuse(number, what, "Put it right by the printed document.", text, **counts)
            return None
        if any(cell for column, cell in enumerate(cells) if column not in self.columns):
            what = "the row has more than {columns} columns filled"
            self.refuse(number, what, "Take out the tab that is too many.", text, **counts)
        row = [cells[c] if c < len(cells) else "" for c in self.columns]
        return self.table.row(number, text, dict(zip(COLUMNS, row, strict=True)))

    def _is_printed_again(self) -> bool:
        """Return True if the title is that of the plan before, or its heading alone, at the head of a later page."""
        plans = self.source.plans
        if len(plans) < 2:
            return False
        title, title_before = (hyphenate(" ".join(plan.title)).casefold() for plan in plans[-1:-3:-1])
        return title in (title_before, self.layout.plan_heading.casefold())

    def _resume(self) -> None:
        """Continue what was before a title that is printed again: it begins no plan."""
        self.source.plans.pop()
        self.part, self.plan, lines_before = self.before_title
        for line in self.source.lines[lines_before:]:
            line.plan = self.plan
