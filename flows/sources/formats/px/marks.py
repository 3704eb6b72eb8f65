"""Marks on single cells or slices of a PC-Axis file: DATANOTE, DATANOTECELL and ATTRIBUTES as columns."""

from collections.abc import Mapping, Sequence

from flows.sources.formats.px.statements import Statement
from flows.sources.formats.px.variables import Keyword, Variable
from flows.sources.formats.relations.cube import Marked
from transforms.errors import InputProblem
from transforms.quality.text import sentence

_ANY = "*"
_Mask = tuple[tuple[int, int], ...]


def marked(table: Mapping[str, Keyword], variables: Sequence[Variable], strides: Sequence[int]) -> list[Marked]:
    """DATANOTE, if the file has data notes, and a column for each ATTRIBUTE-ID."""
    attributes = table.get("ATTRIBUTES", {})
    ids = table["ATTRIBUTE-ID"][()].texts() if () in table.get("ATTRIBUTE-ID", {}) else []
    default = _attributes(attributes[()], ids) if () in attributes else [None] * len(ids)
    columns = []
    for number, name in enumerate(ids):
        texts = [(s, keys, _attributes(s, ids)[number] or "") for keys, s in attributes.items() if keys]
        columns.append(Marked(name, _by_mask(texts, variables, strides), default[number]))
    if attributes and not ids:
        raise next(iter(attributes.values())).problem("stands without ATTRIBUTE-ID")
    notes = [(s, keys, s.text()) for keys, s in table.get("DATANOTECELL", {}).items()]
    notes += [(s, _slice(s, keys, variables), s.text()) for keys, s in table.get("DATANOTE", {}).items()]
    return [Marked("DATANOTE", _by_mask(notes, variables, strides)), *columns] if notes else columns


def _attributes(statement: Statement, ids: Sequence[str]) -> list[str | None]:
    texts = statement.texts()
    if len(texts) != len(ids):
        raise statement.problem(
            sentence("has {count} values where ATTRIBUTE-ID has {ids}", count=len(texts), ids=len(ids))
        )
    return [text or None for text in texts]


def _slice(statement: Statement, keys: Sequence[str], variables: Sequence[Variable]) -> tuple[str, ...]:
    """DATANOTE, DATANOTE("variable") and DATANOTE("variable","value"), as DATANOTECELL has them."""
    names = [variable.name for variable in variables]
    if len(keys) > 2 or (keys and keys[0] not in names):
        raise statement.problem("names no variable of STUB or HEADING")
    return tuple(keys[1] if len(keys) == 2 and name == keys[0] else _ANY for name in names)


def _by_mask(
    marks: Sequence[tuple[Statement, tuple[str, ...], str]], variables: Sequence[Variable], strides: Sequence[int]
) -> dict[_Mask, dict[int, str]]:
    by_mask: dict[_Mask, dict[int, str]] = {}
    found = [
        {key: at for names in (v.texts, v.values, v.codes or ()) for at, key in enumerate(names)} for v in variables
    ]
    for statement, keys, mark in marks:
        if len(keys) != len(variables):
            raise statement.problem(
                sentence(
                    "has {keys} keys where the file has {variables} variables", keys=len(keys), variables=len(variables)
                )
            )
        fixed = [number for number, key in enumerate(keys) if key != _ANY or _ANY in found[number]]
        if unknown := [keys[n] for n in fixed if keys[n] not in found[n]]:
            raise statement.problem("names a category that no CODES or VALUES have", unknown[0])
        mask = tuple((len(variables[n].texts), strides[n]) for n in fixed)
        at = sum(found[n][keys[n]] * strides[n] for n in fixed)
        of_mask = by_mask.setdefault(mask, {})
        of_mask[at] = f"{of_mask[at]} {mark}" if at in of_mask else mark
    return by_mask


def unique(names: Sequence[str]) -> None:
    """InputProblem, if two columns would have one name."""
    if twice := [name for name in names if names.count(name) > 1]:
        remedy = "rename the variable in a copy of the file, or ask the producer to"
        raise InputProblem("a variable has the name of another column that this reader gives", remedy, value=twice[0])
