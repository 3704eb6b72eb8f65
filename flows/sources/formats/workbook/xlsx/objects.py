"""What lies around the rows of a sheet of .xlsx: hidden columns, filters, links, comments, pictures, conditional
formats."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from posixpath import basename, dirname, join, normpath
from xml.etree import ElementTree

from flows.sources.formats.workbook.guards import tree
from flows.sources.formats.workbook.sheet import Appearance, Place, place_of
from transforms.text.cell_notes import CellNote

Relations = Mapping[str, tuple[str, str]]  # id → kind and target
_ROWS = re.compile(rb"<(\w+:)?sheetData\s*/>|<(\w+:)?sheetData.*</(?:\w+:)?sheetData>", re.DOTALL)
_MOST_CELLS = 10_000  # of a range with one link
_MOST_COLUMNS = 1_000


def around_rows(xml: bytes) -> ElementTree.Element:
    """Return a sheet without its rows."""
    return tree(_ROWS.sub(b"", xml, count=1))


def relations(parts: Mapping[str, bytes], path: str) -> Relations:
    """Return the relations of a part: id → the last word of its kind, and the path or address of its target."""
    xml = parts.get(f"{dirname(path)}/_rels/{basename(path)}.rels")
    return {
        relation.get("Id", ""): (
            relation.get("Type", "").rpartition("/")[2],
            relation.get("Target", "")
            if relation.get("TargetMode") == "External"
            else normpath(join("/", dirname(path), relation.get("Target", "").replace("\\", "/"))).lstrip("/").lower(),
        )
        for relation in (tree(xml) if xml else ())
    }


def range_of(reference: str) -> tuple[Place, Place] | None:
    """Return the first and last cell of a range.

    >>> range_of("A2:C4"), range_of("B1")
    (((1, 0), (3, 2)), ((0, 1), (0, 1)))
    """
    first, _, last = reference.partition(":")
    start, end = place_of(first), place_of(last or first)
    return (start, end) if start and end else None


def filtered_rows(sheet: ElementTree.Element) -> range:
    """Return the rows, from 0, below the heading of a filter that hides some."""
    found = sheet.find("{*}autoFilter")
    place = range_of(found.get("ref", "")) if found is not None and len(found) else None
    return range(place[0][0] + 1, place[1][0] + 1) if place else range(0)


def read_objects(
    parts: Mapping[str, bytes], path: str, sheet: ElementTree.Element, hiding: frozenset[str], seen: Appearance
) -> None:
    """Add what lies around the rows of the sheet at `path`; `hiding`: the conditional formats that hide a cell."""
    related = relations(parts, path)
    seen.links.update(_links(sheet, related))
    seen.notes += [*_columns(sheet), *_conditions(sheet, hiding)]
    comments: dict[str, str] = {}
    for kind in ("comments", "threadedComment"):  # the second has the answers, too
        comments |= _comments(_parts_of(parts, related, kind))
    for reference, text in comments.items():
        if place := place_of(reference):
            seen.note("comment", place, text)
    for drawing in _parts_of(parts, related, "drawing"):
        for place, text in _pictures(drawing):
            seen.note("picture", place, text)


def _parts_of(parts: Mapping[str, bytes], related: Relations, kind: str) -> list[ElementTree.Element]:
    return [tree(parts[target]) for found, target in related.values() if found == kind and target in parts]


def _links(sheet: ElementTree.Element, related: Relations) -> Iterator[tuple[Place, str]]:
    for link in sheet.iterfind("{*}hyperlinks/{*}hyperlink"):
        relation = next((value for key, value in link.items() if key.endswith("}id")), "")
        _, address = related.get(relation, ("", ""))
        span = range_of(link.get("ref", ""))
        if address and span:
            (top, left), (bottom, right) = span
            if (bottom - top + 1) * (right - left + 1) > _MOST_CELLS:
                bottom, right = top, left
            location = link.get("location", "")
            address = f"{address}#{location}" if location and "#" not in address else address
            yield from ((place, address) for place in product(range(top, bottom + 1), range(left, right + 1)))


def _columns(sheet: ElementTree.Element) -> Iterator[CellNote]:
    for columns in sheet.iterfind("{*}cols/{*}col"):
        if columns.get("hidden") in ("1", "true") or float(columns.get("width", 1)) == 0:
            first, last = int(columns.get("min", 1)), int(columns.get("max", 1))
            for column in range(first, min(last, first + _MOST_COLUMNS) + 1):
                yield CellNote("hidden_column", 0, column - 1)


def _conditions(sheet: ElementTree.Element, hiding: frozenset[str]) -> Iterator[CellNote]:
    if any(view.get("showZeros") in ("0", "false") for view in sheet.iterfind("{*}sheetViews/{*}sheetView")):
        yield CellNote("zeros_hidden", 0, None)
    for formatting in sheet.iterfind("{*}conditionalFormatting") if hiding else ():
        if any(rule.get("dxfId") in hiding for rule in formatting.iterfind("{*}cfRule")):
            reference = formatting.get("sqref", "")
            row, column = (range_of(reference.split(" ")[0]) or ((0, 0),))[0]
            yield CellNote("conditional", row + 1, column, reference)


def _comments(parts: list[ElementTree.Element]) -> dict[str, str]:
    """Return the text of each comment by its cell; the parts of a thread are in the order of the file."""
    comments: dict[str, list[str]] = {}
    for root in parts:
        for comment in root.iter():
            if comment.tag.endswith(("}comment", "}threadedComment")) and (reference := comment.get("ref")):
                texts = (part.text or "" for part in comment.iter() if part.tag.endswith(("}t", "}text")))
                comments.setdefault(reference, []).append("".join(texts).strip())
    return {reference: " | ".join(filter(None, texts)) for reference, texts in comments.items()}


def _pictures(drawing: ElementTree.Element) -> Iterator[tuple[Place, str]]:
    """Yield the first cell of each picture and text box, with the text of the box."""
    for anchor in drawing:
        is_picture = any(part.tag.endswith("}pic") for part in anchor.iter())
        text = " ".join("".join(part.text or "" for part in anchor.iter() if part.tag.endswith("/main}t")).split())
        if is_picture or text:
            row, column = anchor.findtext("{*}from/{*}row"), anchor.findtext("{*}from/{*}col")
            yield (int(row or 0), int(column or 0)), text
