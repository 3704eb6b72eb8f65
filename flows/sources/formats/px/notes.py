"""What a PC-Axis file says about single cells, values and variables: DATANOTE and ATTRIBUTES, which become columns,
and footnotes, which become remarks."""

from collections.abc import Iterator, Sequence

from flows.sources.formats.px.statements import Statement
from flows.sources.formats.px.variables import Table, Variable
from flows.sources.formats.relation import Marked
from transforms.statistics.loading.remarks import Remark

_ANY = "*"  # every category of a variable, in the keys of a mark
_Marks = Sequence[tuple[Statement, tuple[str, ...], str]]  # statement, a key for each variable, mark
FOOTNOTES = ("NOTE", "NOTEX", "VALUENOTE", "VALUENOTEX", "CELLNOTE", "CELLNOTEX")  # X: compulsory to show


def marked(table: Table, variables: Sequence[Variable]) -> list[Marked]:
    """Return DATANOTE, if the file has data notes, and a column for each ATTRIBUTE-ID. Raises InputProblem."""
    attributes = table["ATTRIBUTES"]
    ids = table["ATTRIBUTE-ID"][()].texts() if () in table["ATTRIBUTE-ID"] else []
    if attributes and not ids:
        raise next(iter(attributes.values())).problem("stands without ATTRIBUTE-ID")
    values = {keys: statement.texts() for keys, statement in attributes.items()}
    for keys, texts in values.items():
        if len(texts) != len(ids):
            what = "has {count} values where ATTRIBUTE-ID has {ids}"
            raise attributes[keys].problem(what, count=len(texts), ids=len(ids))
    default = values.pop((), [""] * len(ids))
    columns = []
    for number, name in enumerate(ids):
        marks = [(attributes[keys], keys, texts[number]) for keys, texts in values.items()]
        columns.append(Marked(name, _by_mask(marks, variables), default[number] or None))
    notes = [(s, keys, s.text()) for keys, s in table["DATANOTECELL"].items()]
    notes += [(s, _slice(s, keys, variables), s.text()) for keys, s in table["DATANOTE"].items()]
    return [Marked("DATANOTE", _by_mask(notes, variables)), *columns] if notes else columns


def remarks(statements: Sequence[Statement], variables: Sequence[Variable]) -> Iterator[Remark]:
    """Yield the footnotes of the file, each with the rows that it is about. Raises InputProblem.

    A footnote on a category that the file does not have is left over from a larger table, and is kept too."""
    for statement in statements:
        if statement.keyword in FOOTNOTES and (text := statement.note()):
            variant, arguments, rows = "table", {"note": text}, None
            if statement.keys:
                rows = _rows(_cells_of(statement, variables), variables)
                variant, arguments = "" if rows else "elsewhere", {"note": text, "about": ", ".join(statement.keys)}
            yield Remark("producer_note", text, statement.line, variant, arguments, rows)


def _cells_of(footnote: Statement, variables: Sequence[Variable]) -> tuple[str, ...]:
    """Return the keys of a footnote as those of cells, one for each variable; () if they are not of this file."""
    keys = footnote.keys
    if footnote.keyword.startswith("CELLNOTE"):
        return keys if len(keys) == len(variables) else ()
    is_known = len(keys) < 3 and any(keys[0] in variable.names for variable in variables)
    return _slice(footnote, keys, variables) if is_known else ()


def _rows(keys: Sequence[str], variables: Sequence[Variable]) -> str | None:
    """Return SQL of the rows of a key for each variable; None for no keys, and for one that the file does not have."""
    conditions = ["true"]
    if not keys:
        return None
    for key, variable in zip(keys, variables, strict=True):
        if key == _ANY and _ANY not in variable.places:
            continue
        if key not in variable.places:
            return None
        place = f"(source_row - 1) // {variable.stride} % {len(variable.texts)}"
        conditions.append(f"{place} = {variable.places[key]}")
    return " AND ".join(conditions)


def _slice(statement: Statement, keys: Sequence[str], variables: Sequence[Variable]) -> tuple[str, ...]:
    """Return the keys of DATANOTE, DATANOTE("variable") or DATANOTE("variable","value") as DATANOTECELL has them."""
    if len(keys) > 2 or (keys and not any(keys[0] in variable.names for variable in variables)):
        raise statement.problem("names no variable of STUB or HEADING")
    return tuple(keys[1] if len(keys) == 2 and keys[0] in variable.names else _ANY for variable in variables)


def _by_mask(marks: _Marks, variables: Sequence[Variable]) -> dict[tuple[tuple[int, int], ...], dict[int, str]]:
    """Return the marks as `Marked` has them."""
    by_mask: dict[tuple[tuple[int, int], ...], dict[int, str]] = {}
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
