"""How the sheets of a workbook look, beyond the values that calamine reads: by the XML, and of .xlsx only by that of
sheets where a search of its bytes finds something unusual."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from flows.sources.formats.workbook.guards import tree
from flows.sources.formats.workbook.ods.cells import ods_appearances
from flows.sources.formats.workbook.sheet import Appearance
from flows.sources.formats.workbook.xlsx.cells import Book, is_unusual, read_cells
from flows.sources.formats.workbook.xlsx.objects import around_rows, filtered_rows, read_objects, relations
from flows.sources.formats.workbook.xlsx.strings import rich_strings
from flows.sources.formats.workbook.xlsx.styles import styles
from transforms.reports.cells.values import EPOCH

_FROM_1904 = re.compile(rb"""[<:]workbookPr\s[^>]*?date1904\s*=\s*["'](?:1|true|on)["']""")
_NULL_DATE = re.compile(rb""":null-date\s[^>]*?:date-value\s*=\s*["']([0-9]{4}-[0-9]{2}-[0-9]{2})""")


def appearances(parts: Mapping[str, bytes], decimal: str, day_zero: int) -> dict[str, Appearance]:
    """Return how each sheet looks, by its name; `parts` are the workbook's XML by path, `decimal` as in
    `reader.read_workbook`."""
    if xml := parts.get("content.xml"):
        return ods_appearances(xml, parts.get("styles.xml", b""), decimal or ".")
    made = styles(parts.get("xl/styles.xml", b""))
    strings = rich_strings(parts.get("xl/sharedstrings.xml", b""))
    book = Book(made.cells, strings, decimal or ".", day_zero)
    sheets = {}
    for name, path in _sheet_paths(parts):
        if b"sheetData" in (xml := parts[path]):  # a KeyError, if calamine could see what is not seen here
            sheets[name], around = Appearance(), around_rows(xml)
            if is_unusual(xml, book):
                read_cells(xml, book, sheets[name], filtered_rows(around))
            read_objects(parts, path, around, made.hiding, sheets[name])
    return sheets


def day_zero(parts: Mapping[str, bytes]) -> int:
    """Return the days from 30 December 1899 to day 0 of a workbook: 1462 if that is in 1904, as on old Macs.

    >>> day_zero({"xl/workbook.xml": b'<workbook><workbookPr date1904="1"/></workbook>'})
    1462
    """
    if match := _NULL_DATE.search(parts.get("content.xml", b"")):
        return (date.fromisoformat(match[1].decode()) - EPOCH).days
    return 1462 if _FROM_1904.search(parts.get("xl/workbook.xml", b"")) else 0


def _sheet_paths(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    related = relations(parts, "xl/workbook.xml")
    for sheet in tree(parts["xl/workbook.xml"]).iterfind("{*}sheets/{*}sheet"):
        relation = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        yield sheet.get("name", ""), related.get(relation, ("", ""))[1]
