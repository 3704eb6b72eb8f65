"""Marks on single cells or slices of a PC-Axis file: DATANOTE, DATANOTECELL and ATTRIBUTES as columns."""

from collections.abc import Sequence

from flows.sources.formats.px.statements import Statement
from flows.sources.formats.px.variables import Table, Variable
from flows.sources.formats.relations.cube import Marked

_ANY = "*"
_Mask = tuple[tuple[int, int], ...]  # size and stride of each variable that a mark names
_Marks = Sequence[tuple[Statement, tuple[str, ...], str]]  # statement, a key for each variable, mark


def marked(table: Table, variables: Sequence[Variable]) -> list[Marked]:
    """Return DATANOTE, if the file has data notes, and a column for each ATTRIBUTE-ID. Raises InputProblem."""
    attributes = table["ATTRIBUTES"]
    ids = table["ATTRIBUTE-ID"][()].texts() if () in table["ATTRIBUTE-ID"] else []
    if attributes and not ids:
        raise next(iter(attributes.values())).problem("stands without ATTRIBUTE-ID")
    values = {keys: _attributes(statement, ids) for keys, statement in attributes.items()}
    default = values.pop((), [None] * len(ids))
    columns = []
    for number, name in enumerate(ids):
        texts = [(attributes[keys], keys, listed[number] or "") for keys, listed in values.items()]
        columns.append(Marked(name, _by_mask(texts, variables), default[number]))
    notes = [(s, keys, s.text()) for keys, s in table["DATANOTECELL"].items()]
    notes += [(s, _slice(s, keys, variables), s.text()) for keys, s in table["DATANOTE"].items()]
    return [Marked("DATANOTE", _by_mask(notes, variables)), *columns] if notes else columns


def _attributes(statement: Statement, ids: Sequence[str]) -> list[str | None]:
    texts = statement.texts()
    if len(texts) != len(ids):
        raise statement.problem("has {count} values where ATTRIBUTE-ID has {ids}", count=len(texts), ids=len(ids))
    return [text or None for text in texts]


def _slice(statement: Statement, keys: Sequence[str], variables: Sequence[Variable]) -> tuple[str, ...]:
    """Return the keys of DATANOTE, DATANOTE("variable") or DATANOTE("variable","value") as DATANOTECELL has them."""
    names = [variable.name for variable in variables]
    if len(keys) > 2 or (keys and keys[0] not in names):
        raise statement.problem("names no variable of STUB or HEADING")
    return tuple(keys[1] if len(keys) == 2 and name == keys[0] else _ANY for name in names)


def _by_mask(marks: _Marks, variables: Sequence[Variable]) -> dict[_Mask, dict[int, str]]:
    """Return the marks as `Marked` has them."""
    by_mask: dict[_Mask, dict[int, str]] = {}
    places = [variable.places for variable in variables]
    for statement, keys, mark in marks:
        if len(keys) != len(variables):
            what = "has {keys} keys where the file has {variables} variables"
            raise statement.problem(what, keys=len(keys), variables=len(variables))
        fixed = [number for number, key in enumerate(keys) if key != _ANY or _ANY in places[number]]
        if unknown := [keys[n] for n in fixed if keys[n] not in places[n]]:
            raise statement.problem("names a category that no CODES or VALUES have", unknown[0])
        of_mask = by_mask.setdefault(tuple((len(variables[n].texts), variables[n].stride) for n in fixed), {})
        at = sum(places[n][keys[n]] * variables[n].stride for n in fixed)
        of_mask[at] = f"{of_mask[at]} {mark}" if at in of_mask else mark
    return by_mask
