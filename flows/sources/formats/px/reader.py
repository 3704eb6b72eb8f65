"""PC-Axis files (.px), by the specification of Statistics Sweden, AXIS-VERSION 2013
(www.pxtools.net/px-file-format/px-2013). No library keeps both codes and encodings: pyaxis 0.4 loses them."""

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import duckdb

from flows.sources.formats.files.text_file import Head, Kind
from flows.sources.formats.px.cells import cells, lines_of_cells
from flows.sources.formats.px.languages import main_language_code, translations
from flows.sources.formats.px.notes import FOOTNOTES, marked, remarks
from flows.sources.formats.px.statements import Header, Statement, header
from flows.sources.formats.px.variables import Table, Variable, in_language, translated, variables
from flows.sources.formats.relation import Column, LineOf, Marked, Source, language_code, source_of_cells
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset

_STATEMENT = re.compile(r'\s*[A-Z][A-Z0-9-]*(?:\[\w+\])?(?:\("[^"]*"(?:,"[^"]*")*\))?\s*=')  # CHARSET="ANSI";
_KEYWORDS = re.compile(r"\b(?:AXIS-VERSION|MATRIX|STUB|HEADING|VALUES\(|TITLE|CHARSET|SUBJECT-AREA)")


def handles(head: Head) -> Kind | None:
    """Return what a PC-Axis file is: it begins with a statement. Its encoding is in CODEPAGE."""
    is_px = _STATEMENT.match(head.text) and _KEYWORDS.search(head.text)
    return Kind("px", "PC-Axis") if is_px else None


def read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
    """Return one row a cell, in the file's order (STUB before HEADING, the last varying fastest); for its columns see
    docs/guides/statistics.md. UNITS is of the file, or of each value of CONTVARIABLE; CONTENTS is what a table without
    CONTVARIABLE is about.

    Names and labels are in the main language, or in dataset.language. Footnotes are remarks on their rows.
    OBS_VALUE has marks (".", "..", "-") without their quotation marks; DATASYMBOL1 to 6 and DATASYMBOLNIL only say how
    a program shows them. Rows that a file with KEYS leaves out are "0", as the specification says. Sources and
    unknown keywords change no cell and are not read. Encoding: dataset.encoding, a byte order mark, CODEPAGE,
    iso-8859-1, in this order; a wrong one is refused where that shows. Raises InputProblem, OSError."""
    before_data = header(path, dataset.encoding)
    main, chosen = in_language(before_data.statements, dataset.language)
    listed, in_stub = variables(main, [name for name, ours in dataset.concepts.items() if ours == "time_period"])
    keys = _keys(main, listed[:in_stub])
    table = main
    if chosen:
        listed = translated(listed, chosen)
        table = defaultdict(dict, main | {word: statements for word, statements in chosen.items() if statements})
    columns: list[Column | Marked] = [
        *(Column(v.column, v.texts, v.stride, v.labels) for v in listed),
        *_described(table, _contents_variable(table, listed)),
        *marked(table, listed),
    ]
    query = cells(path, folder, before_data, [len(variable.texts) for variable in listed], keys)
    try:
        source = source_of_cells(con, query, columns, ["OBS_VALUE"])
    except InputProblem as fault:  # of the names
        raise replace(fault, line=(table["STUB"] or table["HEADING"])[()].line) from fault
    notes = [*remarks(_footnotes(before_data.statements, table), listed), *before_data.remarks]
    statements, stated = before_data.statements, main_language_code(before_data.statements)
    language = language_code(dataset.language) if dataset.language else stated
    other = stated if language != stated else ""
    source = replace(source, language=language, translations=translations(statements, listed, other))
    return replace(source, remarks=notes, line_of=_lines(path, before_data, table, listed, has_keys=bool(keys)))


def _lines(path: Path, header: Header, table: Table, listed: Sequence[Variable], *, has_keys: bool) -> LineOf:
    """Return a function that gives the line of a variable's CODES or VALUES, of UNITS or CONTENTS, or of a cell."""
    stated = {word: next(iter(statements.values())).line for word, statements in table.items() if statements}
    for variable in listed:
        of_names = [table[word].get((name,)) for word in ("TIMEVAL", "CODES", "VALUES") for name in variable.names]
        stated[variable.column] = next((statement.line for statement in of_names if statement), header.data_line)

    @cache
    def starts() -> list[int]:
        return [0] if has_keys else lines_of_cells(path, header)

    return lambda column, row: stated.get(column) or header.data_line + bisect(starts(), row - 1) - 1


def _footnotes(statements: Sequence[Statement], table: Table) -> list[Statement]:
    """Return the footnotes of the language of `table`: one statement may be there several times, with several notes."""
    languages = {word: {s.language for s in table[word].values()} for word in FOOTNOTES}
    return [s for s in statements if s.language in languages.get(s.keyword, ())]


def _contents_variable(table: Table, listed: Sequence[Variable]) -> Variable | None:
    """Return the variable whose values have units of their own."""
    stated = table["CONTVARIABLE"].get(())
    if not stated:
        return None
    for variable in listed:
        if stated.text() in variable.names:
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
