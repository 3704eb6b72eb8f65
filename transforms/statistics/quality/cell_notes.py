"""What the cells of a workbook show beyond their texts, as rows of quality_issue: one for each kind and mark."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from transforms.quality.catalogue import Message, message_of
from transforms.statistics.layouts.grid import letters
from transforms.text.cell_notes import CellNote

_MOST = 20  # cells that one message lists
# Kind of a note → rule, variant with a text and without, and the argument that its text is. Rows of one kind with the
# same text are one issue.
RULES = {
    "masked": ("cell_masked", "", "nothing", "mark"),
    "invisible": ("cell_invisible", "", "", ""),
    "conditional": ("format_conditional", "", "", "range"),
    "zeros_hidden": ("zeros_hidden", "", "", ""),
    "scaled": ("number_scaled", "", "", "divisor"),
    "text_of_format": ("text_around_number", "", "", "text"),
    "sign_hidden": ("sign_not_shown", "", "", ""),
    "part_of_date": ("year_not_shown", "", "", ""),
    "superscript": ("mark_raised", "", "", "mark"),
    "struck_out": ("text_struck_out", "part", "", "text"),
    "merged_values": ("value_merged", "", "", ""),
    "comment": ("cell_comment", "", "", "text"),
    "picture": ("cell_picture", "text", "", "text"),
    "hidden_row": ("rows_hidden", "", "", ""),
    "filtered_row": ("rows_hidden", "filtered", "filtered", ""),
    "hidden_column": ("columns_hidden", "", "", ""),
    "hidden_sheet": ("sheet_hidden", "", "", "sheet"),
    "hidden_sheet_read": ("sheet_hidden", "read", "read", "sheet"),
}
_LISTS = {"hidden_row": "rows", "filtered_row": "rows", "hidden_column": "columns"}


def cell_issues(notes: Iterable[CellNote]) -> Iterator[tuple[str, Message, dict[str, Any]]]:
    """Yield rule, message and other columns of quality_issue for each kind and text of the notes of one file."""
    groups: dict[tuple[str, str], list[CellNote]] = {}
    for note in notes:
        groups.setdefault((note.kind, note.text if RULES[note.kind][3] else ""), []).append(note)
    for (kind, text), group in groups.items():
        rule, with_text, without, argument = RULES[kind]
        arguments = {} if kind == "zeros_hidden" else {_LISTS.get(kind, "cells"): _listed(group)}
        if kind.startswith("hidden_sheet"):
            arguments = {}
        if argument and text:
            arguments[argument] = text
        variant = with_text if text else without
        place: dict[str, Any] = {"source_value": text or None} if argument in ("mark", "text") else {}
        if group[0].row:
            place["line_number"] = group[0].row
        yield rule, message_of(rule, variant, **arguments), place


def _listed(notes: Sequence[CellNote]) -> str:
    """Return where notes are, in one line, of very many the first: B2, B3, 7 (a row), C (a column)."""
    places = dict.fromkeys(
        note.text if note.kind == "merged_values"
        else f"{'' if note.column is None else letters(note.column + 1)}{note.row or ''}"
        for note in notes
    )  # fmt: skip
    shown = ", ".join(list(places)[:_MOST])
    return f"{shown}, …" if len(places) > _MOST else shown
