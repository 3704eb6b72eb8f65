"""Parts of a workbook that calamine leaves out: percent formats, errors, formulas without a value, spans of .ods.

They come from the XML, and only from that of sheets that have any."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from itertools import product
from posixpath import join, normpath
from xml.etree import ElementTree

from flows.sources.formats.workbook.sheet import Place
from transforms.reports.cells import EPOCH
from transforms.statistics.layouts.grid import number

_PERCENT = re.compile(rb"""numFmtId=["'](?:9|10)["']""")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # text in a number format: 0" %"
_NO_VALUE = re.compile(rb"f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v><|</(?:\w+:)?c>)|[<:]f\s[^>]*/></")  # </f><v/></c>
_ODD_ODS = re.compile(rb"""["'](?:percentage|error)|-spanned=["'](?!1["'])""")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_PARAGRAPH = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
_FROM_1904 = re.compile(rb"""[<:]workbookPr\s[^>]*?date1904\s*=\s*["'](?:1|true|on)["']""")
_NULL_DATE = re.compile(rb""":null-date\s[^>]*?:date-value\s*=\s*["']([0-9]{4}-[0-9]{2}-[0-9]{2})""")


@dataclass(slots=True)
class Marks:
    """Texts of one sheet to put in place of calamine's values, and merged ranges (first and last cell)."""

    texts: dict[Place, str] = field(default_factory=dict)
    spans: list[tuple[Place, Place]] = field(default_factory=list)


def percent(value: float) -> str:
    """Return a number as a percent format shows it, with all its digits.

    >>> percent(0.5), percent(0.29)
    ('50%', '29%')
    """
    return f"{value * 100:.15g}%"


def marks(parts: dict[str, bytes]) -> dict[str, Marks]:
    """Return the marks of sheets that have any, by the sheet's name; `parts` are the workbook's XML by path."""
    if xml := parts.get("content.xml"):
        return _ods_marks(xml) if _ODD_ODS.search(xml) else {}
    styles = _percent_styles(parts.get("xl/styles.xml", b""))
    sheets = {path: xml for path, xml in parts.items() if b"sheetData" in xml and _is_odd(xml, styles)}
    names = _sheet_paths(parts) if sheets else ()
    return {name: Marks(dict(_texts(sheets[path], styles))) for name, path in names if path in sheets}


def day_zero(parts: dict[str, bytes]) -> int:
    """Return the days from 30 December 1899 to day 0 of a workbook: 1462 if that is in 1904, as on old Macs.

    >>> day_zero({"xl/workbook.xml": b'<workbook><workbookPr date1904="1"/></workbook>'})
    1462
    """
    if match := _NULL_DATE.search(parts.get("content.xml", b"")):
        return (date.fromisoformat(match[1].decode()) - EPOCH).days
    return 1462 if _FROM_1904.search(parts.get("xl/workbook.xml", b"")) else 0


def _is_odd(xml: bytes, percent_styles: set[str]) -> bool:
    attributes = [("t", "e"), *(("s", style) for style in percent_styles)]
    if any(f"{name}={quote}{value}{quote}".encode() in xml for name, value in attributes for quote in "\"'"):
        return True
    return (b"<f" in xml or b":f" in xml) and _NO_VALUE.search(xml) is not None


def _percent_styles(xml: bytes) -> set[str]:
    """Return the numbers of the cell styles that show percentages."""
    if b"%" not in xml and not _PERCENT.search(xml, xml.find(b"cellXfs"), xml.rfind(b"cellXfs")):
        return set()
    root, codes = _tree(xml), {"9": "0%", "10": "0.00%"}
    codes |= {code.get("numFmtId", ""): code.get("formatCode", "") for code in root.iterfind("{*}numFmts/{*}numFmt")}
    percents = {number for number, code in codes.items() if "%" in _LITERAL.sub("", code)}
    styles = root.iterfind("{*}cellXfs/{*}xf")
    return {str(number) for number, style in enumerate(styles) if style.get("numFmtId") in percents}


def _sheet_paths(parts: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    relations = _tree(parts["xl/_rels/workbook.xml.rels"])
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for sheet in _tree(parts["xl/workbook.xml"]).iterfind("{*}sheets/{*}sheet"):
        relation = next((value for key, value in sheet.items() if key.endswith("}id")), None)
        yield sheet.get("name", ""), normpath(join("/xl", targets.get(relation, ""))).lstrip("/")


def _tree(xml: bytes) -> ElementTree.Element:
    """Return the root of XML; `guards.members` has refused files that declare entities."""
    return ElementTree.fromstring(xml)  # noqa: S314


def _elements(xml: bytes, *tags: str) -> Iterator[tuple[str, ElementTree.Element]]:
    """Yield the elements of these names, a table at its start, a row at its end, and empty a row afterwards."""
    for event, element in ElementTree.iterparse(BytesIO(xml), events=("start", "end")):  # noqa: S314
        name = element.tag.rpartition("}")[2]
        if name in tags and event == ("start" if name == "table" else "end"):
            yield name, element
            if name != "table":
                element.clear()


def _texts(xml: bytes, percent_styles: set[str]) -> Iterator[tuple[Place, str]]:
    for _, row in _elements(xml, "row"):
        for cell in row:
            if (text := _odd_text(cell, percent_styles)) and (place := _REFERENCE.fullmatch(cell.get("r", ""))):
                yield (int(place[2]) - 1, number(place[1]) - 1), text


def _odd_text(cell: ElementTree.Element, percent_styles: set[str]) -> str | None:
    kind, is_percent = cell.get("t", "n"), cell.get("s") in percent_styles
    if kind not in ("n", "e") or (kind == "n" and len(cell) == 1 and not is_percent and cell[0].tag.endswith("}v")):
        return None  # most cells
    parts = {part.tag.rpartition("}")[2]: part.text for part in cell}
    value = parts.get("v")
    if kind == "e":
        return value
    if not value:  # from a program that does not calculate
        return f"={parts['f'] or ''}" if "f" in parts else None
    return percent(float(value)) if is_percent else None


def _ods_marks(xml: bytes) -> dict[str, Marks]:
    sheets: dict[str, Marks] = {}
    row = 0
    for name, element in _elements(xml, "table", "table-row"):
        if name == "table":
            row, sheet = 0, sheets.setdefault(element.get(f"{_TABLE}name", ""), Marks())
            continue
        height, column = int(element.get(f"{_TABLE}number-rows-repeated", 1)), 0
        for cell in element:
            width = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
            last = row + int(cell.get(f"{_TABLE}number-rows-spanned", 1)) - 1
            end = column + int(cell.get(f"{_TABLE}number-columns-spanned", 1)) - 1
            if (last, end) > (row, column):
                sheet.spans.append(((row, column), (last, end)))
            if text := _ods_text(cell):
                cells = product(range(row, row + height), range(column, column + width))
                sheet.texts |= dict.fromkeys(cells, text)
            column += width
        row += height
    return sheets


def _ods_text(cell: ElementTree.Element) -> str | None:
    if cell.get(f"{_OFFICE}value-type") == "percentage":
        return percent(float(cell.get(f"{_OFFICE}value", "nan")))
    return cell.findtext(_PARAGRAPH) if cell.get(_CALC_TYPE) == "error" else None
