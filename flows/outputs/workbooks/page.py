"""Sheets that people print: A4 across, at least 8 points, every row as high as its texts."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from xlsxwriter.worksheet import Worksheet

from flows.outputs.files import cell_text

if TYPE_CHECKING:
    from xlsxwriter.format import Format

# Widths are in digits of the font of every cell, which npa's workbooks have in 9 points (flows.outputs.files).
_PAGE = 150.0  # digits between the margins of A4 across, with what a printer or another font may take
_LEAST = 5.5
_PADDING = 5 / 7  # of each column, which Excel adds to its width
_MARGINS = {"left": 0.25, "right": 0.25, "top": 0.55, "bottom": 0.5}  # inches
_LINE, _HIGHEST = 12.0, 409.0  # points: a line of 9 points, and the highest row that a workbook can have
_MOST = 30  # lines of a row
_USED = 0.96  # the part of a column's width that is relied on: programs measure letters in their own ways
_WORD = re.compile(r"\s*[^\s-]*-?")  # a line ends at a blank or after a hyphen
# Characters by their widths in digits, those of the wider of Arial and DejaVu Sans; others have 1, capitals 1.25.
_WIDTHS = {0.5: " .,:;!|'’ijlI", 0.65: "()[]-/tfr", 0.93: "sczkvxyсхгзкту", 1.55: "@%MWmwШЩЖЮФМшщжюфм—…"}
_WIDTH_OF = {character: width for width, characters in _WIDTHS.items() for character in characters}


class PrintedSheet(Worksheet):
    """A sheet in which some rows, by index, grow with what is typed into them: their height is not called the user's.

    Rows of merged cells do not grow: spreadsheets do not measure these."""

    def __init__(self) -> None:
        super().__init__()
        self.growing: set[int] = set()

    def _xml_start_tag_unencoded(self, tag: Any, attributes: Any = ()) -> None:
        if tag == "row" and dict(attributes)["r"] - 1 in self.growing:
            attributes = [pair for pair in attributes if pair[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)


def set_up(sheet: Worksheet, header: str, footer: str) -> None:
    """Have a sheet print on A4 across, columns side by side on one page. `header` and `footer` are in Excel's codes.

    The columns fit if their widths are those of `shared`: fitting to the width is for a program that lacks the font."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(**_MARGINS)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(header, {"margin": 0.25})
    sheet.set_footer(footer, {"margin": 0.25})


def shared(fixed: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the width of each column: those of `weights`, such as the usual lengths of their texts, share what the
    `fixed` ones leave of the page, none of them less than `_LEAST`.

    >>> widths = shared({"id": 20, "day": 10}, {"text": 200, "result": 100, "note": 0})
    >>> {name: round(width) for name, width in widths.items()}, round(sum(widths.values()) + 5 * _PADDING) == _PAGE
    ({'id': 20, 'day': 10, 'text': 72, 'result': 39, 'note': 6}, True)
    """
    rest = _PAGE - sum(fixed.values()) - _LEAST * len(weights) - _PADDING * (len(fixed) + len(weights))
    share = rest / sum(weights.values())
    return {**fixed, **{name: _LEAST + weight * share for name, weight in weights.items()}}


def has_room(text: str, width: float) -> bool:
    """Return True if every word of a text fits into a column."""
    return all(sum(map(_width, word)) <= width for word in text.split())


def lines(text: str, width: float) -> int:
    """Return the number of lines that a text needs in a column, or a few more: fonts differ.

    >>> lines("Carry out advocacy work\\namong children", 14), lines("", 14)
    (3, 0)
    """
    return sum(_lines_of_paragraph(paragraph, width * _USED) for paragraph in text.split("\n")) if text else 0


def _lines_of_paragraph(text: str, width: float) -> int:
    count, used = 1, 0.0
    for word in _WORD.findall(text):
        size = sum(map(_width, word))
        if used and used + size > width:
            count, used, size = count + 1, 0.0, sum(map(_width, word.lstrip()))
        used += size
        while used > width:  # a word longer than the column is broken
            count, used = count + 1, used - width
    return count


def _width(character: str) -> float:
    return _WIDTH_OF.get(character) or (1.25 if character.isupper() else 1.0)


def height(cells: Iterable[tuple[str | None, float]]) -> float:
    """Return the height in points of a row with these texts in columns of these widths.

    >>> height([("2018", 6), ("one two three", 6)])
    39.0
    """
    most = max((lines(text, width) for text, width in cells if text), default=1)
    return min(_LINE * (most + most // 12) + 3, _HIGHEST)  # some lines more: a text that is cut off is worse


def pieces(text: str, width: float) -> list[str]:
    """Return a text in pieces that each fit into a row of the greatest height; one piece, if it may be blank.

    >>> [len(piece) for piece in pieces(" ".join(["word"] * 200), 20)], pieces("", 20)
    ([599, 399], [''])
    """
    if lines(text, width) <= _MOST:
        return [text]
    found, words = [], text.split(" ")
    while words:
        size = bisect_right(range(1, len(words) + 1), _MOST, key=lambda count: lines(" ".join(words[:count]), width))
        found.append(" ".join(words[: max(size, 1)]))
        del words[: max(size, 1)]
    return found


def write_row(
    sheet: PrintedSheet, index: int, texts: list[str | None], formats: list["Format"], widths: list[float]
) -> None:
    """Write the texts of a row that is high enough for them, and grows with what is typed."""
    shown = ["\n".join(map(cell_text, (text or "").split("\n"))) for text in texts]
    for column, (text, style) in enumerate(zip(shown, formats, strict=True)):
        if text:
            sheet.write_string(index, column, text, style)
        else:
            sheet.write_blank(index, column, None, style)
    sheet.set_row(index, height(zip(shown, widths, strict=True)))
    sheet.growing.add(index)
