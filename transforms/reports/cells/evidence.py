"""From the cell of evidence to an address on the web and words. Whether the words name a file, SQL judges by the files
that are there (steps/55_cited_file.sql)."""

import re
from urllib.parse import urlsplit

from transforms.quality.catalogue import Message, message
from transforms.reports.cells.values import damage, read_text, shown
from transforms.reports.vocabulary import is_placeholder

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?=\S)|=")  # https://, mailto:x, C:\, a formula; not "Order: 12"
_BETWEEN = " ,;"  # of addresses in one line

Evidence = tuple[str | None, str | None]  # an address, and what else is written


def read_evidence(text: str) -> tuple[Evidence, Message | None]:
    """Return an address on the web and the other words of a cell; an address of another kind is refused.

    A line has addresses or words: where an address with blanks in it ends, nobody can tell.

    >>> [read_evidence(text)[0] for text in (" https://example.org/a ", "javascript:alert(1)", "Приказ № 12")]
    [('https://example.org/a', None), (None, None), (None, 'Приказ № 12')]
    >>> read_evidence("https://a.tj; https://b.tj\\nПриказ № 12")[0]
    ('https://a.tj', 'https://b.tj Приказ № 12')
    """
    addresses, words = list[str](), list[str]()
    for line in filter(None, map(str.strip, text.splitlines())):
        if fault := damage(line):
            return (None, None), fault
        if _ADDRESS.match(line):
            parts = [*filter(None, (part.strip(_BETWEEN) for part in line.split()))]
            if not all(map(_is_web, parts)):
                return (None, None), message("evidence_not_http", text=shown(line))
            addresses += parts
        elif (typed := read_text(line)) and not is_placeholder(typed):
            words.append(typed)
    return (addresses[0] if addresses else None, " ".join([*addresses[1:], *words]) or None), None


def _is_web(text: str) -> bool:
    try:
        parts = urlsplit(text)
        has_host = any(c.isalnum() for c in parts.hostname or "")
        return parts.scheme in ("http", "https") and has_host and parts.port != 0 and text.isprintable()
    except ValueError:  # a port that is no number, a bracket that is not closed
        return False
