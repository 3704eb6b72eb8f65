"""One composite code, as [[composite]] reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.errors import problem_in
from transforms.statistics.dataset.columns import UNKNOWN
from transforms.statistics.dataset.composite import Composite, Parts
from transforms.text.lines import fold


@dataclass(frozen=True, slots=True)
class Read:
    """A code as the file has it, None if the cell is blank; `said`: the text that was read, the code or its label."""

    text: str | None
    said: str
    parts: Parts | None  # None: nothing reads it


def readings(codes: Sequence[tuple[str | None, str]], composites: Sequence[Composite]) -> list[Read]:
    """Return what codes say, each next to the label that the file has for it, which is read if nothing reads the code.

    A list of codes counts before patterns. Raises InputProblem if two lists, or two patterns, read it differently."""
    texts = dict.fromkeys(fold(text or "") for code in codes for text in code)
    read = [composite.read(texts) for composite in composites]
    listed = [composite.listed for composite in composites]
    return [_reading(*code, listed, read) for code in codes]


def _reading(text: str | None, label: str, *readers: Sequence[Mapping[str, Parts]]) -> Read:
    """Return what a code says by the first of `readers` that have it: lists of codes, then patterns."""
    for said in dict.fromkeys((fold(text or ""), fold(label))):
        parts = next(filter(None, ([read[said] for read in of_kind if said in read] for of_kind in readers)), [])
        if other := next((other for other in parts if _filled(other) != _filled(parts[0])), None):
            what = "two entries of [[composite]] read the code differently: as {first}, and as {second}"
            remedy = "Make one of the patterns narrower, or say in [composite.codes] what the code means."
            raise problem_in("", 0, what, remedy, said, first=_printed(parts[0]), second=_printed(other))
        if parts and UNKNOWN not in parts[0].values():
            return Read(text, said, parts[0])
    return Read(text, fold(text or ""), None)


def _filled(parts: Parts) -> dict[str, str]:
    return {column: text for column, text in parts.items() if text}


def _printed(parts: Parts) -> str:
    """Return what a code says, for a message."""
    return ", ".join(f"{column} = {text}" for column, text in _filled(parts).items()) or "—"
