"""XML from outside, element by element: nothing in it is resolved, fetched or expanded, and memory stays flat."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from transforms.errors import InputProblem
from transforms.quality.text import sentence

_CHUNK = 1 << 16
_LONGEST = 1 << 24  # bytes between two elements that are asked for: what stands there is in memory, thirty times as big
_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}
_WHOLE = "ask the producer for the file again, or download it again"


def ended(path: Path, encoding: str | None = None, tags: Sequence[str] = ()) -> Iterator[Any]:
    """The elements of a file as each ends, only those of `tags` ({*}Obs) if there are any.

    What is done with an element is to clear it (`tidy`); else it stays in memory. No `huge_tree`, though files may be
    huge: it lifts the bounds on one value (10 MB) and on depth, which only hostile files need.
    Raises InputProblem: no XML, cut off, wrong encoding, a DOCTYPE; OSError."""
    from lxml import etree

    root(path, encoding)
    try:
        with path.open("rb") as file:
            asked: dict[str, Any] = {"tag": tags or None, "encoding": encoding, **_SAFE}
            source = _Bounded(file)
            for _, element in etree.iterparse(source, events=("end",), remove_comments=True, remove_pis=True, **asked):
                source.unasked = 0
                yield element
    except etree.XMLSyntaxError as error:
        raise _syntax_problem(error) from None


def root(path: Path, encoding: str | None = None) -> str:
    """The name of the root element. Raises as `ended` does, for what comes before it."""
    from lxml import etree

    try:
        parser = etree.XMLParser(target=_Prolog(), encoding=encoding, **_SAFE)
        with path.open("rb") as file:
            while not parser.target.root and (chunk := file.read(_CHUNK)):
                parser.feed(chunk)
        if not parser.target.root:
            parser.close()
    except etree.XMLSyntaxError as error:
        raise _syntax_problem(error) from None
    except LookupError:
        raise InputProblem(
            "this encoding is unknown", "name another as encoding in dataset.toml", value=encoding
        ) from None
    return str(parser.target.root)


def local(tag: str) -> str:
    """A name without its namespace.

    >>> local("{http://www.SDMX.org/resources/SDMXML/schemas/v2_0/generic}Obs")
    'Obs'
    """
    return tag.rpartition("}")[2]


def tidy(element: Any) -> None:
    """Frees the elements before this one in its parent; those after it may already be there, and their turn comes.
    (lxml: the element itself and what is above belong to the parser.)"""
    parent = element.getparent()
    del parent[: parent.index(element)]


class _Bounded:
    """A file that tells when far more has been read than the elements asked for hold."""

    def __init__(self, file: IO[bytes]) -> None:
        self.unasked = 0  # bytes since the last element that was asked for
        self._file = file

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self.unasked += len(data)
        if self.unasked > _LONGEST:
            what = sentence("more than {size} MB of XML without an observation or code", size=_LONGEST >> 20)
            raise InputProblem(what, "Is it the file that was expected? Ask the producer.")
        return data


class _Prolog:
    """What stands before the root element: watched by a parser of its own, since entities in attributes are expanded as
    the parser meets them, before there is an element to look at."""

    root = ""

    def doctype(self, _name: str | None, _public: str | None, _system: str | None) -> None:
        raise InputProblem("the file has a DOCTYPE (DTD, entities)", "SDMX needs none: ask for the file without it")

    def start(self, tag: str, _attributes: Any) -> None:
        self.root = self.root or tag

    def end(self, _tag: str) -> None: ...

    def close(self) -> None: ...


def _syntax_problem(error: Any) -> InputProblem:
    line = max(error.lineno or 0, 0)
    if "encoding" in error.msg:
        return InputProblem(
            sentence(
                "bytes that are not of the encoding that the file states (UTF-8 if none): {reason}", reason=error.msg
            ),
            "say encoding = … in dataset.toml", line=line,
        )  # fmt: skip
    return InputProblem(sentence("the file is not XML, or is cut off: {reason}", reason=error.msg), _WHOLE, line=line)
