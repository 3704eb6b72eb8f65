"""The free texts of one file: which are empty, damaged, or typed in an old Tajik font."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transforms.quality.catalogue import Message, message_of
from transforms.reports.cells.values import damage, read_text
from transforms.reports.vocabulary import is_placeholder
from transforms.text.old_tajik_fonts import tajik_texts


@dataclass(frozen=True, slots=True)
class Result:
    """What a free text says, a fault that rejects it, and what is to be reported of it."""

    value: str | None
    fault: Message | None = None
    note: Message | None = None


def read_results(texts: Iterable[str], others: Iterable[str] = ()) -> Mapping[str, Result]:
    """Return what each text of one file says; `others` are further texts of it, which show the font it was typed in.

    >>> results = read_results(["н/д", "#REF!", "Ќонун ќабул шуд", "Принято ?????"])
    >>> [result.value for result in results.values()]
    [None, None, 'Қонун қабул шуд', 'Принято ?????']
    """
    texts = list(texts)
    tajik = tajik_texts([read_text(text) or "" for text in texts], others)
    return {text: _result(text, tajik) for text in texts}


def _result(text: str, tajik: Mapping[str, str | None]) -> Result:
    value = read_text(text)
    if value is None or is_placeholder(value):
        return Result(None)
    if real := tajik.get(value):
        return Result(real, note=message_of("old_tajik_letters"))
    if found := damage(text):
        is_error = found.message_id.startswith("cell_with_error")
        return Result(None, fault=found) if is_error else Result(value, note=found)
    return Result(value, note=message_of("old_tajik_letters", "undecided") if value in tajik else None)
