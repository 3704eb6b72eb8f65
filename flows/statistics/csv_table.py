"""CSV: tidy tables of any size, read lazily by DuckDB, and tables laid out for people, by [layout]."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import duckdb

from flows.statistics.source import Malformed, Source, select
from flows.statistics.tables import across_names, malformed, named, source_of
from flows.statistics.text_file import as_utf8
from schemas import ddl
from transforms.statistics.dataset import Dataset
from transforms.statistics.grid import grid, tidy_names
from transforms.statistics.layout import Layout
from transforms.statistics.no_table import NoTable
from transforms.statistics.tidy_grid import value_columns
from transforms.text import fold

_DELIMITERS = ",;\t|"
_SEARCHED = 1000  # records in which a heading is looked for
_TRIED = 20  # records by which the delimiter is told
LARGEST_LAID_OUT = 100 << 20  # bytes of a table that a person laid out, which is held in memory


def read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
    """A CSV file. The rows of a tidy one are numbered by their records, the heading being `header` (1), blank lines
    not counted; of one that is laid out, by its records, blank lines counted, as a spreadsheet shows them.

    Raises Malformed for what is no text in its encoding, has no heading, or is not as [layout] says; reading the
    relation, duckdb.Error for ragged records and quotation marks that are not closed (`text_file.csv_fault`)."""
    layout = dataset.layout or Layout()
    text = as_utf8(path, dataset.encoding, folder)
    delimiter = dataset.delimiter or delimiter_of(text, layout)
    if layout.is_laid_out:
        return _laid_out(con, path, text, delimiter, dataset, folder)
    try:
        cells, row, line = _heading(text, delimiter, layout)
        names = tidy_names(cells, row)
        places = value_columns(names, dataset.concepts) if layout.across else []
    except NoTable as fault:
        raise malformed(fault, "") from fault
    if layout.end:
        text = _cut(text, layout.end, line, folder)
    records = _records(con, text, delimiter, len(cells), len(names), line)
    if not layout.across:
        return named(Source(names, records, first_row=row + 1), layout, path)
    return named(_unpivoted(records, names, places, layout.across, row), layout, path)


def _open(text: Path) -> Iterator[str]:
    with text.open(encoding="utf-8-sig", newline="") as file:
        yield from file


def delimiter_of(text: Path, layout: Layout) -> str:
    """The one of , ; tab | that divides each of the first records into the same number of cells, at least two."""
    start = layout.header if isinstance(layout.header, int) and not layout.is_laid_out else 1
    found = {}
    for delimiter in _DELIMITERS:
        records = islice(csv.reader(_open(text), delimiter=delimiter), start - 1, start - 1 + _TRIED)
        try:
            widths = [len(record) for record in records if record]
        except csv.Error:
            continue
        found[delimiter] = (
            widths if len(set(widths)) == 1 or layout.is_laid_out or start != layout.header else widths[:1]
        )
    best = max(found, key=lambda one: (_agreed(found[one]), max(found[one], default=0)), default=None)
    if best is None or max(found[best], default=0) < 2:
        what = "no record is divided by comma, semicolon, tab or |"
        raise Malformed(what, "Say delimiter = … in dataset.toml, or where the heading is: [layout] header = …", line=1)
    return best


def _agreed(widths: list[int]) -> int:
    return sum(width > 1 for width in widths)


def _heading(text: Path, delimiter: str, layout: Layout) -> tuple[list[str], int, int]:
    """The cells of the heading, the number of its record, and the line that it ends in."""
    reader = csv.reader(_open(text), delimiter=delimiter)
    wanted = fold(layout.header) if isinstance(layout.header, str) else None
    try:
        for number, cells in enumerate(islice(reader, _SEARCHED), 1):
            if number == layout.header or (wanted is not None and wanted in map(fold, cells)):
                return cells, number, reader.line_num
    except csv.Error as error:
        what = "a quotation mark in the first records is not closed"
        raise Malformed(what, "Correct the quotation marks.", line=reader.line_num) from error
    what = f"the heading is not among the first {_SEARCHED} records"
    raise NoTable(what, "Correct [layout] header.", value=str(layout.header))


def _cut(text: Path, end: str, line: int, folder: Path) -> Path:
    """A copy of the file that ends above the first line which begins with `end`."""
    copy = folder / f"cut-{len(list(folder.glob('cut-*')))}-{text.name}"
    with copy.open("w", encoding="utf-8", newline="") as file:
        for number, one in enumerate(_open(text), 1):
            if number > line and fold(one).lstrip(' "').startswith(fold(end)):
                return copy
            file.write(one)
    what = "no line begins with the text that [layout] end names"
    raise Malformed(what, "Correct it, or take it away.", value=end)


def _records(
    con: duckdb.DuckDBPyConnection, text: Path, delimiter: str, width: int, named_width: int, line: int
) -> duckdb.DuckDBPyRelation:
    """The records below the heading, which ends in `line`; below blank names at its end there must be no cells."""
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    nameless = [f"c{place} IS NOT NULL" for place in range(named_width, width)]
    told = "error('npa: a record has a cell in a column that the heading does not name')"
    where = f"WHERE CASE WHEN {' OR '.join(nameless)} THEN {told} ELSE true END" if nameless else ""
    return con.sql(
        f"""SELECT {select([""] * named_width)}
            FROM read_csv({ddl.literal(str(text))}, header = false, skip = {line}, auto_detect = false, nullstr = '',
                          delim = {ddl.literal(delimiter)}, quote = '"', escape = '"', columns = {{{columns}}})
            {where}"""
    )


def _unpivoted(
    records: duckdb.DuckDBPyRelation, names: tuple[str, ...], places: list[int], across: str, heading: int
) -> Source:
    """Each value of a record as a row. One column of values needs no numbers, which DuckDB gives in one thread."""
    others = [f"c{place}" for place in range(len(names)) if place not in places]
    kept = ", ".join([*(f"{column} AS c{n}" for n, column in enumerate(others)), ""])
    name, value = f"c{len(others)}", f"c{len(others) + 1}"
    columns = across_names(names, places, across)
    if len(places) == 1:
        relation = records.select(f"{kept}{ddl.literal(names[places[0]])} AS {name}, c{places[0]} AS {value}")
        return Source(columns, relation, first_row=heading + 1)
    said = ", ".join(ddl.literal(names[place]) for place in places)
    values = ", ".join(f"c{place}" for place in places)
    relation = records.select(f"*, {heading} + row_number() OVER () AS source_row")
    relation = relation.select(f"{kept}unnest([{said}]) AS {name}, unnest([{values}]) AS {value}, source_row")
    return Source(columns, relation.filter(f"{value} IS NOT NULL"))


def _laid_out(
    con: duckdb.DuckDBPyConnection, path: Path, text: Path, delimiter: str, dataset: Dataset, folder: Path
) -> Source:
    if text.stat().st_size > LARGEST_LAID_OUT:
        what = f"a table that [layout.labels] describes has more than {LARGEST_LAID_OUT >> 20} MB"
        raise Malformed(what, "Divide it, or describe it as a tidy table: [layout] across.")
    reader = csv.reader(_open(text), delimiter=delimiter, strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        what = "a quotation mark is not closed, or not doubled within a cell"
        raise Malformed(what, "Correct the quotation marks.", line=reader.line_num) from error
    return source_of(con, folder, path, grid(rows), dataset, "")
