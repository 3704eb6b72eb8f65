"""The rows and cells of a sheet of .xlsx, as far as they show something else than calamine's values.

The XML is only read where a search of its bytes finds something unusual. Cells and rows need not say where they are."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from xml.etree import ElementTree

from flows.sources.formats.workbook.rich_text import RichText, rich_text
from flows.sources.formats.workbook.sheet import Appearance, CellStyle, Place, place_of
from flows.sources.formats.workbook.xlsx.strings import runs_of
from transforms.text.cell_notes import CellNote

_NO_VALUE = re.compile(rb"f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v><|</(?:\w+:)?c>)|[<:]f\s[^>]*/></")  # </f><v/></c>
# Bytes that are only in sheets with something unusual, or with a text that looks so. Searching for each is quicker than
# for a pattern of all.
_ODD = (b't="e"', b"t='e'", b" vm=", b"superscript", b"strike", b"hidden", b' ht="0', b" ht='0", b"HYPERLINK(",
        b"Hyperlink(", b"hyperlink(", b"DISPIMG(", b"IMAGE(")  # fmt: skip
_STYLE = re.compile(rb"""[<:]c\s[^>]*?\bs=["']([0-9]+)["']""")
_HYPERLINK = re.compile(r'\s*(?:_xlfn\.)?HYPERLINK\(\s*"((?:[^"]|"")*)"\s*[,;)]', re.IGNORECASE)
_PICTURE = re.compile(r"(?:_xlfn\.)?(?:DISPIMG|(?:_xlws\.)?IMAGE)\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Book:
    """What all sheets of a workbook have in common."""

    styles: Mapping[str, CellStyle]
    strings: Mapping[str, RichText]
    decimal: str
    day_zero: int


def is_unusual(xml: bytes, book: Book) -> bool:
    """Return True if the rows of a sheet may show something else than calamine's values."""
    if any(mark in xml for mark in _ODD) or "0" in book.styles:
        return True
    if book.styles and any(match[1].decode() in book.styles for match in _STYLE.finditer(xml)):
        return True
    if any(f">{place}<".encode() in xml for place in book.strings):
        return True
    return (b"<f" in xml or b":f" in xml) and _NO_VALUE.search(xml) is not None


def read_cells(xml: bytes, book: Book, sheet: Appearance, filtered: range) -> None:
    """Add what the rows of a sheet show; `filtered`: the rows, from 0, of a table with a filter."""
    reader = _Cells(book, sheet)
    for index, row in _rows(xml):
        if row.get("hidden") in ("1", "true") or _is_zero(row.get("ht")):
            kind = "filtered_row" if index in filtered else "hidden_row"
            sheet.notes.append(CellNote(kind, index + 1, None))
        column = -1
        for cell in row:
            place = place_of(cell.get("r", ""))
            column = place[1] if place else column + 1
            reader.read(cell, (index, column))


def _is_zero(size: str | None) -> bool:
    return size is not None and float(size) == 0


def _rows(xml: bytes) -> Iterator[tuple[int, ElementTree.Element]]:
    """Yield each row with its place, and empty it afterwards."""
    index = -1
    for _, element in ElementTree.iterparse(BytesIO(xml)):  # noqa: S314
        if element.tag.endswith("}row") or element.tag == "row":
            index = int(element.get("r", index + 2)) - 1
            yield index, element
            element.clear()


class _Cells:
    """A reader of single cells into the appearance of their sheet."""

    def __init__(self, book: Book, sheet: Appearance) -> None:
        self._book, self._sheet = book, sheet

    def read(self, cell: ElementTree.Element, place: Place) -> None:
        """Add what a cell shows, if it is not its value."""
        kind, style = cell.get("t", "n"), self._book.styles.get(cell.get("s", "0"))
        if style is None and kind == "n" and len(cell) == 1 and cell[0].tag.endswith("}v"):
            return  # most cells
        parts = {part.tag.rpartition("}")[2]: part for part in cell}
        value = parts["v"].text if "v" in parts else None
        formula = (parts["f"].text or "") if "f" in parts else None
        if (formula and _PICTURE.match(formula)) or (kind == "e" and cell.get("vm")):
            self._sheet.texts[place] = ""
            self._sheet.note("picture", place)
            return
        if formula and (match := _HYPERLINK.match(formula)):
            self._sheet.links[place] = match[1].replace('""', '"')
        if kind == "e":
            self._sheet.texts[place] = value or ""
        elif not value and "is" not in parts:
            if formula is not None:  # from a program that does not calculate
                self._sheet.texts[place] = f"={formula}"
        elif kind == "n":
            self._number(place, value or "", style)
        else:
            self._text(place, kind, value, parts.get("is"), style)

    def _number(self, place: Place, value: str, style: CellStyle | None) -> None:
        if style is None:
            return
        if style.number_format:
            shown = style.number_format.of_number(float(value), self._book.decimal, self._book.day_zero)
            if shown.text is not None:
                self._sheet.texts[place] = shown.text
            for kind, text in shown.notes:
                if kind != "invisible" or not style.has_fill:
                    self._sheet.note(kind, place, text)
        self._style(place, style)
        if style.is_raised:  # a number of its own, next to what it is a footnote of
            self._sheet.texts[place] = ""
            self._sheet.note("superscript", place, value)

    def _text(
        self, place: Place, kind: str, value: str | None, inline: ElementTree.Element | None, style: CellStyle | None
    ) -> None:
        rich = self._book.strings.get(value or "") if kind == "s" else None
        if inline is not None and len(inline):
            rich = rich_text(runs_of(inline))
        if rich:
            self._sheet.texts[place] = rich.text
            for note, text in rich.notes:
                self._sheet.note(note, place, text)
        if style is None or kind == "b":
            return
        if style.number_format:
            shown = style.number_format.of_text("\0")
            if shown.text is not None:
                self._sheet.texts[place] = shown.text
            for note, text in shown.notes:
                self._sheet.note(note, place, text)
        self._style(place, style)

    def _style(self, place: Place, style: CellStyle) -> None:
        if style.is_struck_out:
            self._sheet.note("struck_out", place)
        if style.is_invisible:
            self._sheet.note("invisible", place)
