"""Cell styles of an .xlsx that show a cell otherwise than by its value: number formats, struck-out and raised letters,
letters in the colour of the cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.etree import ElementTree

from flows.sources.formats.workbook.guards import tree
from flows.sources.formats.workbook.number_formats import number_format
from flows.sources.formats.workbook.sheet import CellStyle

# Formats that have no code in the file and do not show the whole number or day. Excel's others are plain.
_BUILT_IN = {"9": "0%", "10": "0.00%", "16": "d-mmm", "17": "mmm-yy"}
_WHITE = {("rgb", "FFFFFF"), ("theme", "0"), ("indexed", "1"), ("indexed", "9")}
_OFF = ("0", "false", "none")


@dataclass(frozen=True, slots=True)
class Styles:
    """The unusual cell styles by their numbers, and the numbers of conditional formats that hide what is in a cell."""

    cells: Mapping[str, CellStyle] = field(default_factory=dict)
    hiding: frozenset[str] = frozenset()


def is_on(element: ElementTree.Element | None) -> bool:
    """Return True for a property that is there and not switched off: <strike/>, <strike val="1"/>."""
    return element is not None and element.get("val", "1") not in _OFF


def is_raised(properties: ElementTree.Element) -> bool:
    """Return True for the properties of letters that are set as superscript."""
    raised = properties.find("{*}vertAlign")
    return raised is not None and raised.get("val") == "superscript"


@lru_cache(64)
def styles(xml: bytes) -> Styles:
    """Return what is unusual in a part xl/styles.xml. Workbooks of one program often have the same one."""
    if not xml:
        return Styles()
    root = tree(xml)
    codes = {code.get("numFmtId", ""): code.get("formatCode", "") for code in root.iterfind("{*}numFmts/{*}numFmt")}
    fonts, fills = root.findall("{*}fonts/{*}font"), root.findall("{*}fills/{*}fill")
    cells = {}
    for number, cell in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        style = _style(cell, {**_BUILT_IN, **codes}, fonts, fills)
        if style != CellStyle(has_fill=style.has_fill):
            cells[str(number)] = style
    conditional = enumerate(root.iterfind("{*}dxfs/{*}dxf"))
    return Styles(cells, frozenset(str(number) for number, style in conditional if _hides(style)))


def _style(
    cell: ElementTree.Element,
    codes: Mapping[str, str],
    fonts: list[ElementTree.Element],
    fills: list[ElementTree.Element],
) -> CellStyle:
    code = codes.get(cell.get("numFmtId", "0"))
    made = number_format(code) if code is not None else None
    font, fill = _at(fonts, cell.get("fontId")), _at(fills, cell.get("fillId"))
    pattern = fill.find("{*}patternFill") if fill is not None else None
    is_filled = fill is not None and (pattern is None or pattern.get("patternType", "none") != "none")
    ground = _colour(pattern.find("{*}fgColor")) if is_filled and pattern is not None else ("rgb", "FFFFFF")
    if font is None:
        return CellStyle(made, has_fill=is_filled)
    letters = _colour(font.find("{*}color"))
    is_invisible = letters is not None and (letters == ground or (letters in _WHITE and ground in _WHITE))
    return CellStyle(made, is_on(font.find("{*}strike")), is_raised(font), is_invisible, is_filled)


def _at(elements: list[ElementTree.Element], number: str | None) -> ElementTree.Element | None:
    place = int(number or 0)
    return elements[place] if place < len(elements) else None


def _colour(element: ElementTree.Element | None) -> tuple[str, ...] | None:
    """Return a colour as the file states it: RGB without its opacity, or the number in a theme or palette."""
    if element is None:
        return None
    for name in ("rgb", "theme", "indexed"):
        if value := element.get(name):
            shade = element.get("tint")
            return (name, value[-6:].upper(), *([shade] if shade and float(shade) else []))
    return None


def _hides(style: ElementTree.Element) -> bool:
    """Return True if a conditional format writes white letters on no colour, or shows something else than numbers."""
    code, letters = style.find("{*}numFmt"), _colour(style.find("{*}font/{*}color"))
    is_white = letters in _WHITE and style.find("{*}fill") is None
    return is_white or (code is not None and number_format(code.get("formatCode", "")) is not None)
