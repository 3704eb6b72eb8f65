"""Texts of an .xlsx, of which some letters may be raised or struck out."""

from collections.abc import Iterator
from functools import lru_cache
from xml.etree import ElementTree

from flows.sources.formats.workbook.guards import tree
from flows.sources.formats.workbook.rich_text import RichText, Run, rich_text
from flows.sources.formats.workbook.xlsx.styles import is_on, is_raised


@lru_cache(64)
def rich_strings(xml: bytes) -> dict[str, RichText]:
    """Return the unusual texts of a part xl/sharedStrings.xml by their numbers."""
    if b"superscript" not in xml and b"strike" not in xml:
        return {}
    found = ((str(number), rich_text(runs_of(item))) for number, item in enumerate(tree(xml).iterfind("{*}si")))
    return {number: text for number, text in found if text}


def runs_of(item: ElementTree.Element) -> Iterator[Run]:
    """Yield the runs of a shared string or of the text of a cell; phonetic ones are no part of it."""
    for part in item:
        name = part.tag.rpartition("}")[2]
        if name == "t":
            yield Run(part.text or "")
        elif name == "r":
            properties, text = part.find("{*}rPr"), part.findtext("{*}t") or ""
            if properties is None:
                yield Run(text)
            else:
                yield Run(text, is_raised(properties), is_on(properties.find("{*}strike")))
