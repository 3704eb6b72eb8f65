"""What the cells of a report do not say by their text, and how it is reported: hidden rows, struck out, comments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from flows.sources.formats.workbook.sheet import Sheet
from transforms.quality.catalogue import Message, message_of
from transforms.statistics.layouts.grid import letters
from transforms.text.cell_notes import CellNote

_LISTED = 9  # places that a sentence names
# By kind of a note.
RULES = {
    "hidden_row": "report_rows_hidden",
    "filtered_row": "report_rows_hidden",
    "hidden_column": "report_columns_hidden",
    "struck_out": "cells_struck_out",
    "scaled": "cells_shown_otherwise",
    "sign_hidden": "cells_shown_otherwise",
    "part_of_date": "cells_shown_otherwise",
    "zeros_hidden": "cells_shown_otherwise",
    "invisible": "cells_shown_otherwise",
    "conditional": "cells_shown_otherwise",
    "superscript": "cells_with_raised_text",
    "masked": "cells_masked",
    "comment": "cells_with_comment",
    "picture": "cells_with_picture",
}


@dataclass(frozen=True, slots=True)
class SheetNote:
    """A row of `quality_issue` about a sheet: `row` is the first that it is about."""

    row: int
    rule: str
    message: Message


def notes_of(
    sheet: Sheet, columns: Mapping[str, int], filled_rows: Iterable[int], *, is_sent_back: bool
) -> list[SheetNote]:
    """Return a note for each kind of thing in the rows and columns of a report that their text does not say.

    `columns` are the places of ours; nobody reads the others, nor what is above the headings. A workbook of rejected
    rows that is sent back has our own comments."""
    rows, ours, cells_of = set(filled_rows), set(columns.values()), dict[tuple[str, str], list[CellNote]]()
    for note in dict.fromkeys(sheet.notes):
        is_ours = (note.column is None or note.column in ours) and not (is_sent_back and note.kind == "comment")
        if is_ours and (note.row in rows or not note.row) and (rule := RULES.get(note.kind)):
            variant = "part" if note.kind == "struck_out" and note.text else ""
            cells_of.setdefault((rule, variant), []).append(note)
    return [
        SheetNote(min(note.row for note in notes), rule, _message(rule, variant, notes, sheet.name))
        for (rule, variant), notes in cells_of.items()
    ]


def _message(rule: str, variant: str, notes: list[CellNote], sheet: str) -> Message:
    places = _runs(sorted({note.row for note in notes})) if rule == "report_rows_hidden" else [*map(_place, notes)]
    listed = ", ".join(places[:_LISTED] + ["…"] * (len(places) > _LISTED))
    return message_of(rule, variant, n=len(notes), places=listed, sheet=sheet)


def _place(note: CellNote) -> str:
    """Return a cell or column as a spreadsheet shows it, with the text of the note.

    >>> _place(CellNote("comment", 3, 5, "see file")), _place(CellNote("hidden_column", 0, 2))
    ('F3 (“see file”)', 'C')
    """
    text = " ".join(note.text.split())
    shown = f" (“{text if len(text) <= 60 else text[:59] + '…'}”)" if text else ""
    column = letters(note.column + 1) if note.column is not None else ""
    return f"{column}{note.row or ''}{shown}".strip()


def _runs(numbers: list[int]) -> list[str]:
    """Return ascending numbers with runs as ranges.

    >>> _runs([3, 5, 6, 7])
    ['3', '5–7']
    """
    runs = [[n for _, n in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    return [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
