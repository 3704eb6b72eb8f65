"""The guide of a form: what each column and status means, and texts of the plan that are too long for the table."""

from typing import TYPE_CHECKING

from flows.outputs.workbooks.form_content import IDS, Form, Row
from flows.outputs.workbooks.form_rules import STATUSES, worded
from flows.outputs.workbooks.page import PrintedSheet, pieces, shared, write_row
from transforms.reports.vocabulary import OF_FORM

if TYPE_CHECKING:
    from xlsxwriter.format import Format

_WIDTHS = shared({}, {"what": 18.0, "meaning": 75.0, "example": 50.0})


def write_guide(form: Form, cut_off: list[tuple[Row, str]], sheet: PrintedSheet, formats: dict[str, "Format"]) -> None:
    """Write a row for each column and status: in one row, their headings would make the reader take it for a form."""
    widths = [*_WIDTHS.values()]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    rows: list[tuple[str, list[str | None]]] = []
    for heading, keys in (("guide_column", form.columns), ("guide_status", STATUSES)):
        rows.append(("heading", [form.word(word) for word in (heading, "guide_meaning", "guide_example")]))
        for key in keys:
            value = form.rows[0].get(key) if key in (*IDS, *OF_FORM) else None
            meaning = form.word(worded(form, f"help.{key}"))
            example = value or form.word(worded(form, f"example.{key}"))
            rows.append(("given", [form.word(key), meaning, pieces(example, _WIDTHS["example"])[0]]))
    if cut_off:
        rows.append(("heading", [form.word("activity_id"), form.word("guide_text"), form.word("guide_column")]))
    for row, key in cut_off:
        parts = pieces(row[key], _WIDTHS["meaning"])
        rows += [("given", [row["activity_id"], part, form.word(key)]) for part in parts]
    for index, (style, texts) in enumerate(rows):
        write_row(sheet, index, texts, [formats[style]] * len(texts), widths)
