"""What a cell of a workbook shows beyond its text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CellNote:
    """Something about a cell, row or column of a sheet that its text does not say. The kinds:

    - `hidden_row`, `filtered_row`, `hidden_column`: nobody who opens the file sees it
    - `masked`: the format shows `text` (maybe nothing) in place of the number; the cell's text is the same
    - `invisible`: the letters have the colour of the cell
    - `conditional`: conditional formatting may hide what is in the range `text`
    - `zeros_hidden`: the sheet is set to show nothing for zeros
    - `scaled`: the format shows the number, and the cell's text is it, divided by `text`
    - `text_of_format`: the format writes `text` around the number (#), which is the cell's text
    - `sign_hidden`: the format shows a negative number without its sign; so does the cell's text
    - `part_of_date`: the format shows a day without its year; the cell's text is the whole day
    - `superscript`: `text` is raised, as the mark of a footnote is, and is no part of the cell's text
    - `struck_out`: `text` is struck out and no part of the cell's text; without `text`, all of the cell's text is
    - `merged_values`: one value in a cell that is merged over several observations, the range `text`; of statistics
    - `hidden_sheet`, `hidden_sheet_read`: the sheet `text`; of statistics
    - `comment`: `text` is a comment on the cell
    - `picture`: a picture or text box lies over the cell, or is in it; `text` is that of the text box
    """

    kind: str
    row: int  # as a spreadsheet shows it; 0: a whole column, or the sheet
    column: int | None  # from 0; None: a whole row, or the sheet
    text: str = ""
