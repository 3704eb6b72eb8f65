"""How the sheets of an .ods look, beyond the values that calamine reads."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from itertools import product
from xml.etree import ElementTree

from flows.sources.formats.workbook.number_formats import number_format
from flows.sources.formats.workbook.ods.styles import OdsStyles, ods_styles
from flows.sources.formats.workbook.rich_text import Run, rich_text
from flows.sources.formats.workbook.sheet import Appearance, Place, place_of
from transforms.reports.cells.values import EPOCH
from transforms.text.cell_notes import CellNote

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_HREF = "{http://www.w3.org/1999/xlink}href"
_HYPERLINK = re.compile(r'[^"]*=HYPERLINK\(\s*"((?:[^"]|"")*)"', re.IGNORECASE)
_HIDDEN = {"collapse": "hidden", "filter": "filtered"}
_MOST = 1_000  # hidden rows and columns that one element repeats
_PERCENT = number_format("0%")


def ods_appearances(content: bytes, styles: bytes, decimal: str) -> dict[str, Appearance]:
    """Return how each sheet of an .ods looks, by its name."""
    found = ods_styles(content, styles)
    sheets: dict[str, Appearance] = {}
    reader = _Reader(found, Appearance(), decimal)
    for event, element in ElementTree.iterparse(BytesIO(content), events=("start", "end")):  # noqa: S314
        if element.tag == f"{_TABLE}table" and event == "start":
            sheet = sheets.setdefault(element.get(f"{_TABLE}name", ""), Appearance())
            reader = _Reader(found, sheet, decimal)
        elif event == "end" and element.tag == f"{_TABLE}table-column":
            reader.column(element)
        elif event == "end" and element.tag == f"{_TABLE}shapes":
            for frame in element:
                if next(frame.iter(f"{_DRAW}image"), None) is not None:
                    reference = frame.get(f"{_TABLE}end-cell-address", "").rpartition(".")[2]
                    reader.sheet.note("picture", place_of(reference) or (0, 0))
        elif event == "end" and element.tag == f"{_TABLE}table-row":
            reader.row(element)
            element.clear()
    return sheets


class _Reader:
    """A reader of the rows of one sheet, from the top."""

    def __init__(self, styles: OdsStyles, sheet: Appearance, decimal: str) -> None:
        self.sheet = sheet
        self._styles, self._decimal = styles, decimal
        self._defaults: list[str] = []  # styles of columns
        self._row = 0

    def column(self, element: ElementTree.Element) -> None:
        """Add columns: their style, and whether they are hidden."""
        count = min(int(element.get(f"{_TABLE}number-columns-repeated", 1)), _MOST)
        if element.get(f"{_TABLE}visibility") in _HIDDEN:
            first = len(self._defaults)
            self.sheet.notes += [CellNote("hidden_column", 0, column) for column in range(first, first + count)]
        self._defaults += [element.get(f"{_TABLE}default-cell-style-name", "")] * count

    def row(self, element: ElementTree.Element) -> None:
        """Add what a row shows, and how often it is repeated."""
        height, column = int(element.get(f"{_TABLE}number-rows-repeated", 1)), 0
        if hidden := _HIDDEN.get(element.get(f"{_TABLE}visibility", "")):
            rows = range(self._row, self._row + min(height, _MOST))
            self.sheet.notes += [CellNote(f"{hidden}_row", row + 1, None) for row in rows]
        default = element.get(f"{_TABLE}default-cell-style-name", "")
        for cell in element:
            width = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
            last = self._row + int(cell.get(f"{_TABLE}number-rows-spanned", 1)) - 1
            end = column + int(cell.get(f"{_TABLE}number-columns-spanned", 1)) - 1
            if (last, end) > (self._row, column):
                self.sheet.spans.append(((self._row, column), (last, end)))
            if len(cell) or cell.get(f"{_OFFICE}value-type"):
                style = cell.get(f"{_TABLE}style-name") or default or "".join(self._defaults[column : column + 1])
                self._cells(
                    cell, style, list(product(range(self._row, self._row + height), range(column, column + width)))
                )
            column += width
        self._row += height

    def _cells(self, cell: ElementTree.Element, style_name: str, places: list[Place]) -> None:
        """Add what equal cells show."""
        text, notes = self._shown(cell, style_name)
        link = next((part.get(_HREF) for part in cell.iter(f"{_TEXT}a")), None)
        if match := _HYPERLINK.match(cell.get(f"{_TABLE}formula", "")):
            link = match[1].replace('""', '"')
        for place in places:
            if text is not None:
                self.sheet.texts[place] = text
            if link:
                self.sheet.links[place] = link
            for kind, said in notes:
                self.sheet.note(kind, place, said)

    def _shown(self, cell: ElementTree.Element, style_name: str) -> tuple[str | None, list[tuple[str, str]]]:
        """Return the text of a cell, None if it is calamine's, and its notes."""
        style, text, notes = self._styles.of_cell(style_name), None, [*_objects(cell)]
        if cell.get(_CALC_TYPE) == "error":
            return "\n".join(_paragraphs(cell)), notes
        value, kind = _value(cell), cell.get(f"{_OFFICE}value-type")
        made = style.number_format or (_PERCENT if kind == "percentage" else None)
        if value is None and (rich := rich_text(self._runs(cell))):
            text, notes = rich.text, [*notes, *rich.notes]
        if (made and value is not None) or (made and kind == "string"):
            shown = made.of_text("\0") if value is None else made.of_number(value, self._decimal)
            text = text if shown.text is None else shown.text
            notes += (note for note in shown.notes if note[0] != "invisible" or not style.has_fill)
        if kind and style.is_struck_out:
            notes.append(("struck_out", ""))
        if kind and style.is_invisible:
            notes.append(("invisible", ""))
        if value is not None and style.is_raised:
            text, notes = "", [*notes, ("superscript", cell.get(f"{_OFFICE}value", ""))]
        return text, notes

    def _runs(self, cell: ElementTree.Element) -> Iterator[Run]:
        for number, paragraph in enumerate(cell.iterfind(f"{_TEXT}p")):
            if number:
                yield Run("\n")
            yield from self._runs_of(paragraph, is_raised=False, is_struck_out=False)

    def _runs_of(self, element: ElementTree.Element, *, is_raised: bool, is_struck_out: bool) -> Iterator[Run]:
        style = self._styles.of_cell(element.get(f"{_TEXT}style-name", ""))
        is_raised, is_struck_out = is_raised or style.is_raised, is_struck_out or style.is_struck_out
        text = " " * int(element.get(f"{_TEXT}c", 1)) if element.tag == f"{_TEXT}s" else element.text or ""
        yield Run(text, is_raised, is_struck_out)
        for part in element:
            yield from self._runs_of(part, is_raised=is_raised, is_struck_out=is_struck_out)
            yield Run(part.tail or "", is_raised, is_struck_out)


def _value(cell: ElementTree.Element) -> float | None:
    """Return the number of a cell, of a day its serial number; None for other cells."""
    if day := cell.get(f"{_OFFICE}date-value"):
        moment = datetime.fromisoformat(day.removesuffix("Z")[:26])
        return (date(moment.year, moment.month, moment.day) - EPOCH).days + (moment.hour * 60 + moment.minute) / 1440
    if cell.get(f"{_OFFICE}value-type") in ("float", "percentage", "currency"):
        return float(cell.get(f"{_OFFICE}value", "nan"))
    return None


def _paragraphs(cell: ElementTree.Element) -> Iterator[str]:
    return ("".join(paragraph.itertext()) for paragraph in cell.iterfind(f"{_TEXT}p"))


def _objects(cell: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Yield the comment of a cell and the pictures in it, as kind and text of a note."""
    for comment in cell.iterfind(f"{_OFFICE}annotation"):
        yield "comment", " ".join(" ".join(_paragraphs(comment)).split())
    if next(cell.iter(f"{_DRAW}image"), None) is not None:
        yield "picture", ""
