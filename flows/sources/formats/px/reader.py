"""PC-Axis files (.px), by the specification of Statistics Sweden, AXIS-VERSION 2013
(www.pxtools.net/px-file-format/px-2013). No library keeps both codes and encodings: pyaxis 0.4 loses them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from flows.sources.formats.files.text_file import Head, Kind
from flows.sources.formats.px.cells import cells
from flows.sources.formats.px.languages import main_language_code, translations
from flows.sources.formats.px.statements import Statement, header
from flows.sources.formats.px.variables import Table, Variable, main_language, variables
from flows.sources.formats.relation import Column, Marked, Source, source_of_cells
from transforms.statistics.dataset.dataset_toml import Dataset

_STATEMENT = re.compile(r'\s*[A-Z][A-Z0-9-]*(?:\[\w+\])?(?:\("[^"]*"(?:,"[^"]*")*\))?\s*=')  # CHARSET="ANSI";
_ANY = "*"  # every category of a variable, in the keys of a mark
_Marks = Sequence[tuple[Statement, tuple[str, ...], str]]  # statement, a key for each variable, mark
_KEYWORDS = re.compile(r"\b(?:AXIS-VERSION|MATRIX|STUB|HEADING|VALUES\(|TITLE|CHARSET|SUBJECT-AREA)")


def handles(head: Head) -> Kind | None:
    """Return what a PC-Axis file is: it begins with a statement. Its encoding is in CODEPAGE."""
    is_px = _STATEMENT.match(head.text) and _KEYWORDS.search(head.text)
    return Kind("px", "PC-Axis") if is_px else None


def read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
    """Return one row a cell, in the file's order (STUB before HEADING, the last varying fastest); for its columns see
    docs/guides/statistics.md. UNITS is of the file, or of each value of CONTVARIABLE; CONTENTS is what a table without
    CONTVARIABLE is about.

    OBS_VALUE has marks (".", "..", "-") without their quotation marks; DATASYMBOL1 to 6 and DATASYMBOLNIL only say how
    a program shows them. Rows that a file with KEYS leaves out are "0", as the specification says. Footnotes, sources
    and unknown keywords change no cell and are not read. Encoding: dataset.encoding, a byte order mark, CODEPAGE,
    iso-8859-1, in this order; a wrong one is refused where that shows. Raises InputProblem, OSError."""
    before_data = header(path, dataset.encoding)
    table = main_language(before_data.statements)
    listed, in_stub = variables(table)
    columns: list[Column | Marked] = [
        *(Column(v.column, v.texts, v.stride, v.labels) for v in listed),
        *_described(table, _contents_variable(table, listed)),
        *_marked(table, listed),
    ]
    sizes = [len(variable.texts) for variable in listed]
    query = cells(path, folder, before_data, sizes, _keys(table, listed[:in_stub]))
    source = source_of_cells(con, query, columns, ["OBS_VALUE"])
    language, statements = main_language_code(before_data.statements), before_data.statements
    return replace(source, language=language, translations=translations(statements, listed))


def _contents_variable(table: Table, listed: Sequence[Variable]) -> Variable | None:
    """Return the variable whose values have units of their own."""
    stated = table["CONTVARIABLE"].get(())
    if not stated:
        return None
    for variable in listed:
        if variable.name == stated.text():
            return variable
    raise stated.problem("is no variable of STUB or HEADING", stated.text())


def _described(table: Table, variable: Variable | None) -> Iterator[Column]:
    """Yield UNITS and CONTENTS; `variable` is that of CONTVARIABLE."""
    units = table["UNITS"]
    general = units[()].text().strip() if () in units else ""
    by_value: list[str | None] = [general or None] * (len(variable.texts) if variable else 1)
    for keys, statement in units.items():
        if keys:
            place = variable.places.get(keys[0]) if variable and len(keys) == 1 else None
            if place is None:
                raise statement.problem("names no value of CONTVARIABLE")
            by_value[place] = statement.text().strip() or None
    if any(by_value):
        yield Column("UNITS", by_value, variable.stride if variable else 1)
    contents = table["CONTENTS"].get(())
    if contents and not variable and (text := contents.text().strip()):
        yield Column("CONTENTS", [text])


def _keys(table: Table, stub: Sequence[Variable]) -> list[dict[str, int]]:
    """Return the keys of rows: for each variable of STUB, key → place; an empty list if there is no KEYS."""
    stated = table["KEYS"]
    keys: list[dict[str, int]] = []
    for variable in stub if stated else ():
        statement = stated.get((variable.name,)) or next(iter(stated.values()))
        if statement.keys != (variable.name,):
            raise statement.problem("has no fellow for another variable of STUB", variable.name)
        if (kind := statement.text()) not in ("CODES", "VALUES"):
            raise statement.problem("is neither CODES nor VALUES", kind)
        names = variable.values if kind == "VALUES" else variable.codes or variable.values
        keys.append({name: place for place, name in enumerate(names)})
        if len(keys[-1]) != len(names):
            raise statement.problem("cannot tell rows apart: two values have one name", kind)
    if stated and len(stated) > len(keys):
        raise next(iter(stated.values())).problem("is for a variable that is not in STUB")
    return keys


def _marked(table: Table, variables: Sequence[Variable]) -> list[Marked]:
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


def _slice(statement: Statement, keys: Sequence[str], variables: Sequence[Variable]) -> tuple[str, ...]:
    """Return the keys of DATANOTE, DATANOTE("variable") or DATANOTE("variable","value") as DATANOTECELL has them."""
    names = [variable.name for variable in variables]
    if len(keys) > 2 or (keys and keys[0] not in names):
        raise statement.problem("names no variable of STUB or HEADING")
    return tuple(keys[1] if len(keys) == 2 and name == keys[0] else _ANY for name in names)


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
