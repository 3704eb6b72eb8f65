"""What calamine does not tell of a workbook: percent formats, errors, formulas without a value, spans of .ods.

It is looked up in the XML, and only in those sheets that have any."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from itertools import product
from posixpath import join, normpath
from xml.etree import ElementTree

from transforms.reports.cells import EPOCH

_PERCENT = re.compile(rb"""numFmtId=["'](?:9|10)["']""")
_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # what a number format shows as it stands: 0" %"
_NO_VALUE = re.compile(rb"f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></|</(?:\w+:)?c>)|[<:]f\s[^>]*/></")  # </f><v/></c>
_SPAN = re.compile(rb"""-spanned=["'](?!1["'])""")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_TABLE, _OFFICE = (
    "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}",
    "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}",
)
_ROWS, _COLUMNS = f"{_TABLE}number-rows-repeated", f"{_TABLE}number-columns-repeated"
_SPANNED = f"{_TABLE}number-rows-spanned", f"{_TABLE}number-columns-spanned"
_TYPE = f"{_OFFICE}value-type"
_CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_PARAGRAPH = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"

_FROM_1904 = re.compile(rb"""[<:]workbookPr\s[^>]*?date1904\s*=\s*["'](?:1|true|on)["']""")
_NULL_DATE = re.compile(rb""":null-date\s[^>]*?:date-value\s*=\s*["']([0-9]{4}-[0-9]{2}-[0-9]{2})""")

_SMALL = 4 << 20  # bytes of XML whose tree may be in memory at once

Place = tuple[int, int]  # row and column, from 0


@dataclass(slots=True)
class Marks:
    """Of one sheet: texts to put in place of calamine's values, and merged ranges (first and last cell)."""

    texts: dict[Place, str] = field(default_factory=dict)
    spans: list[tuple[Place, Place]] = field(default_factory=list)


def percent(value: float) -> str:
    """A number as a percent format shows it, with all its digits.

    >>> percent(0.5), percent(0.29)
    ('50%', '29%')
    """
    return f"{value * 100:.15g}%"


def marks(parts: dict[str, bytes]) -> dict[str, Marks]:
    """What calamine does not tell of each sheet, by the sheet's name; `parts` are the workbook's XML by path."""
    if "content.xml" in parts:
        return _ods_marks(parts["content.xml"]) if _is_odd_ods(parts["content.xml"]) else {}
    styles = _percent_styles(parts.get("xl/styles.xml", b""))
    odd = {path: xml for path, xml in parts.items() if b"sheetData" in xml and _is_odd(xml, styles)}
    if not odd:
        return {}
    return {name: Marks(dict(_texts(odd[path], styles))) for name, path in _sheet_paths(parts) if path in odd}


def day_zero(parts: dict[str, bytes]) -> int:
    """How many days after 30 December 1899 the days are counted from; 1462 where that is 1904, as on Macs of old.

    >>> day_zero({"xl/workbook.xml": b'<workbook><workbookPr date1904="1"/></workbook>'})
    1462
    """
    if match := _NULL_DATE.search(parts.get("content.xml", b"")):
        return (date.fromisoformat(match[1].decode()) - EPOCH).days
    return 1462 if _FROM_1904.search(parts.get("xl/workbook.xml", b"")) else 0


def _is_odd(xml: bytes, percent_styles: set[str]) -> bool:
    if b't="e"' in xml or b"t='e'" in xml:
        return True
    if any(f's="{style}"'.encode() in xml or f"s='{style}'".encode() in xml for style in percent_styles):
        return True
    return any(mark in xml for mark in (b"<f", b":f")) and _NO_VALUE.search(xml) is not None


def _is_odd_ods(xml: bytes) -> bool:
    return any(mark in xml for mark in (b'"percentage', b"'percentage", b'"error', b"'error")) or bool(
        _SPAN.search(xml)
    )


def _percent_styles(xml: bytes) -> set[str]:
    """The numbers of the cell styles that show percentages."""
    if b"%" not in xml and not _PERCENT.search(xml, xml.find(b"cellXfs"), xml.rfind(b"cellXfs")):
        return set()
    root = ElementTree.fromstring(xml)  # noqa: S314
    codes = {"9": "0%", "10": "0.00%"}
    codes |= {one.get("numFmtId", ""): one.get("formatCode", "") for one in root.iterfind("{*}numFmts/{*}numFmt")}
    of_percent = {number for number, code in codes.items() if "%" in _SHOWN.sub("", code)}
    cells = root.iterfind("{*}cellXfs/{*}xf")
    return {str(number) for number, style in enumerate(cells) if style.get("numFmtId") in of_percent}


def _sheet_paths(parts: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    book = ElementTree.fromstring(parts["xl/workbook.xml"])  # noqa: S314
    for sheet in book.iterfind("{*}sheets/{*}sheet"):
        relation = next((value for key, value in sheet.items() if key.endswith("}id")), None)
        yield sheet.get("name", ""), normpath(join("/xl", targets.get(relation, ""))).lstrip("/")


def _elements(xml: bytes, *tags: str) -> Iterator[tuple[str, ElementTree.Element]]:
    """The elements of these names at the end of each, emptied afterwards if the XML is large.

    The standard parser will do, and is quicker: `workbook_guards` has refused whatever declares entities."""
    if len(xml) < _SMALL:
        tree = ElementTree.fromstring(xml)  # noqa: S314
        yield from ((name, one) for one in tree.iter() if (name := one.tag.rpartition("}")[2]) in tags)
        return
    for event, one in ElementTree.iterparse(BytesIO(xml), events=("start", "end")):  # noqa: S314
        name = one.tag.rpartition("}")[2]
        if name in tags and event == ("start" if name == "table" else "end"):
            yield name, one
            if name != "table":
                one.clear()


def _texts(xml: bytes, percent_styles: set[str]) -> Iterator[tuple[Place, str]]:
    for _, row in _elements(xml, "row"):
        for cell in row:
            text = _odd_text(cell, percent_styles)
            if text and (place := _REFERENCE.fullmatch(cell.get("r", ""))):
                yield (int(place[2]) - 1, _column(place[1])), text


def _odd_text(cell: ElementTree.Element, percent_styles: set[str]) -> str | None:
    kind, value, formula = cell.get("t", "n"), None, None
    if kind not in ("n", "e"):
        return None
    if kind == "n" and len(cell) == 1 and cell.get("s") not in percent_styles and cell[0].tag.endswith("}v"):
        return None  # most numbers
    for part in cell:
        if part.tag.endswith("}v"):
            value = part.text
        elif part.tag.endswith("}f"):
            formula = f"={part.text or ''}"
    if kind == "e":
        return value
    if not value:
        return formula  # without a value, from a program that does not calculate
    return percent(float(value)) if cell.get("s") in percent_styles else None


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _ods_marks(xml: bytes) -> dict[str, Marks]:
    found: dict[str, Marks] = {}
    row = 0
    for name, element in _elements(xml, "table", "table-row"):
        if name == "table":
            row, sheet = 0, found.setdefault(element.get(f"{_TABLE}name", ""), Marks())
            continue
        height, column = int(element.get(_ROWS, 1)), 0
        for cell in element:
            column += _mark(cell, sheet, row, height, column)
        row += height
    return found


def _mark(cell: ElementTree.Element, sheet: Marks, row: int, height: int, column: int) -> int:
    """Note what is odd about a cell; how many columns it stands for."""
    width = int(cell.get(_COLUMNS, 1))
    last = row + int(cell.get(_SPANNED[0], 1)) - 1
    end = column + int(cell.get(_SPANNED[1], 1)) - 1
    if (last, end) > (row, column):
        sheet.spans.append(((row, column), (last, end)))
    text = None
    if cell.get(_TYPE) == "percentage":
        text = percent(float(cell.get(f"{_OFFICE}value", "nan")))
    elif cell.get(_CALC_TYPE) == "error":
        text = cell.findtext(_PARAGRAPH)
    if text:
        sheet.texts |= dict.fromkeys(product(range(row, row + height), range(column, column + width)), text)
    return width
