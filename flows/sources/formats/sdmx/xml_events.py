"""XML from outside, element by element: nothing in it is resolved, fetched or expanded, and memory stays flat."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any

from flows.sources.formats.files.refusals import problem
from flows.sources.formats.files.text_file import suggestion
from transforms.errors import InputProblem

_CHUNK = 1 << 16
_LONGEST = 1 << 24  # bytes between two elements that are asked for: all of them are in memory, thirty times as big
_WIDE = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']((?i:utf-16|utf-32)[\w-]*)""")
_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}


def ended(path: Path, encoding: str | None = None, tags: Sequence[str] = ()) -> Iterator[Any]:
    """Yield the elements of a file as each ends, only those of `tags` ({*}Obs) if there are any.

    The caller clears an element that is no longer needed (`tidy`); else it stays in memory. No `huge_tree`, though
    files may be huge: it lifts the bounds on one value (10 MB) and on depth, which only hostile files need.
    Raises InputProblem: no XML, cut off, wrong encoding, a DOCTYPE; OSError."""
    from lxml import etree

    root(path, encoding)
    try:
        with path.open("rb") as file:
            source = _Bounded(file)
            options: dict[str, Any] = {"tag": tags or None, "encoding": encoding, **_SAFE}
            for _, element in etree.iterparse(source, remove_comments=True, remove_pis=True, **options):
                source.unasked = 0
                yield element
    except etree.XMLSyntaxError as error:
        raise _syntax_problem(error, path) from None


def root(path: Path, encoding: str | None = None) -> str:
    """Return the name of the root element. Raises as `ended` does, for what comes before it."""
    from lxml import etree

    _check_declaration(path, encoding)
    try:
        parser = etree.XMLParser(target=_Prolog(), encoding=encoding, **_SAFE)
        with path.open("rb") as file:
            while not parser.target.root and (chunk := file.read(_CHUNK)):
                parser.feed(chunk)
        if not parser.target.root:
            parser.close()
    except etree.XMLSyntaxError as error:
        raise _syntax_problem(error, path) from None
    except LookupError:
        remedy = "name another as encoding in dataset.toml"
        raise InputProblem("this encoding is unknown", remedy, value=encoding) from None
    return str(parser.target.root)


def _check_declaration(path: Path, encoding: str | None) -> None:
    """Raise InputProblem for an XML declaration in bytes that says UTF-16 or UTF-32, which has two or four a letter."""
    with path.open("rb") as file:
        declared = _WIDE.match(file.read(_CHUNK))
    if declared and not encoding:
        what = "the XML declaration says {encoding}, and the file is not in it"
        remedy = suggestion(path) or 'Say encoding = "utf-8" in dataset.toml.'
        raise problem(what, None, remedy, line=1, encoding=declared[1].decode())


@cache
def local(tag: str) -> str:
    """Return a name without its namespace. Millions of elements have a handful of names.

    >>> local("{http://www.SDMX.org/resources/SDMXML/schemas/v2_0/generic}Obs")
    'Obs'
    """
    return tag.rpartition("}")[2]


def tidy(element: Any) -> None:
    """Free the elements before this one in its parent; those after it may already be there, and their turn comes.

    lxml: the element itself and those around it belong to the parser."""
    parent = element.getparent()
    del parent[: parent.index(element)]


class _Bounded:
    """A file that refuses to be read far beyond the elements that are asked for."""

    def __init__(self, file: IO[bytes]) -> None:
        self.unasked = 0  # bytes since the last element that was asked for
        self._file = file

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self.unasked += len(data)
        if self.unasked > _LONGEST:
            remedy = "Is it the file that was expected? Ask the producer."
            what = "more than {size} MB of XML without an observation or code"
            raise problem(what, None, remedy, size=_LONGEST >> 20)
        return data


class _Prolog:
    """The text before the root element, read by a parser of its own: entities in attributes are expanded as the parser
    meets them, before there is an element to look at."""

    root = ""

    def doctype(self, _name: str | None, _public: str | None, _system: str | None) -> None:
        raise InputProblem("the file has a DOCTYPE (DTD, entities)", "SDMX needs none: ask for the file without it")

    def start(self, tag: str, _attributes: Any) -> None:
        self.root = self.root or tag

    def end(self, _tag: str) -> None: ...

    def close(self) -> None: ...


def _syntax_problem(error: Any, path: Path) -> InputProblem:
    line, reason = max(error.lineno or 0, 0), error.msg
    if "encoding" in reason:
        what = "bytes that are not of the encoding that the file states (UTF-8 if none): {reason}"
        remedy = suggestion(path) or "say encoding = … in dataset.toml"
        return problem(what, None, remedy, line=line, reason=reason)
    remedy = "ask the producer for the file again, or download it again"
    return problem("the file is not XML, or is cut off: {reason}", None, remedy, line=line, reason=reason)
