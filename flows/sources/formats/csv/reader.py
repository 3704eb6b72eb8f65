"""CSV: tidy tables of any size, read lazily by DuckDB, and tables laid out for people, by [layout]."""

from dataclasses import replace
from itertools import islice
from pathlib import Path

import duckdb

from flows.sources.formats.csv.eurostat import begins_so, is_of, tidy
from flows.sources.formats.csv.records import counted, delimiter_of, heading, opened, read_records
from flows.sources.formats.files.refusals import LARGEST_IN_MEMORY, LONGEST_RECORD, NAMELESS, size_of
from flows.sources.formats.files.text_file import Head, Kind, as_utf8, new_file
from flows.sources.formats.relation import Source, across_names, check_count, named, read_csv, source_of
from schemas.generated import ddl
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Dataset, Layout
from transforms.statistics.layouts.grid import Grid, grid
from transforms.statistics.layouts.headings import Headings
from transforms.statistics.layouts.tidy import fill_places, tidy_names, value_columns
from transforms.text.lines import fold

EUROSTAT = "Eurostat's TSV"
_HEADINGS = 100_000  # looked at, of a table with values across


def handles(head: Head) -> Kind | None:
    """Return that a text of no other format is CSV."""
    return None if head.binary else Kind("csv", EUROSTAT if begins_so(head.text) else "CSV", head.encoding)


def read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
    """Return a CSV file; one with the heading of Eurostat's TSV is read as that. The rows of a tidy one are numbered by
    their records, the heading being `header` (1), blank lines not counted; of one that is laid out, by its records,
    blank lines counted, as a spreadsheet shows them.

    Raises InputProblem for a file that is no text in its encoding, has no heading, or is not as [layout] says; reading
    the relation, duckdb.Error for ragged records and quotation marks that are not closed
    (`refusals.duckdb_problem`)."""
    layout = dataset.layout or Layout()
    text = as_utf8(path, dataset.encoding, folder)
    delimiter = dataset.delimiter or _delimiter(text, layout)
    if layout.is_laid_out:
        return source_of(con, folder, path, _grid(text, delimiter), dataset, "")
    cells, row, line = heading(text, delimiter, layout)
    names = tidy_names(cells, row)
    is_eurostat = is_of(cells, dataset)
    places = value_columns(names, dataset) if layout.across and not is_eurostat else []
    if is_below := row > 1 or layout.end is not None:
        text = _below(text, line, layout.end, folder)
    count = counted(text, delimiter, len(cells), has_heading=not is_below)
    records = _records(con, text, delimiter, len(cells), len(names))
    source = Source(names, records, first_row=row + 1, count=count)
    if len(places) > 1 or is_eurostat:  # then there are more or fewer values than records
        check_count(con, records.sql_query(), count)
    if layout.fill:
        source = _filled(source, fill_places(names, layout))
    if is_eurostat:
        source = tidy(source, cells, dataset)
    elif layout.across:
        if len(places) > 1:
            _check_headings(source, places, dataset)
        source = _unpivoted(source, places, layout.across)
    return named(source, layout, path)


def _delimiter(text: Path, layout: Layout) -> str:
    with opened(text) as file:
        is_eurostat = begins_so(file.readline(LONGEST_RECORD))
    return "\t" if is_eurostat else delimiter_of(text, layout)


def _grid(text: Path, delimiter: str) -> Grid:
    """Return the cells of a table that is laid out for people. Raises InputProblem if it is too large for memory."""
    if text.stat().st_size > LARGEST_IN_MEMORY:
        what = sentence("a table that [layout.labels] describes has more than {size}", size=size_of(LARGEST_IN_MEMORY))
        raise InputProblem(what, "Divide it, or describe it as a tidy table: [layout] across.")
    with opened(text) as file:
        return grid([cells for _, cells in read_records(file, delimiter, strict=True)])


def _below(text: Path, line: int, end: str | None, folder: Path) -> Path:
    """Return a copy of the lines below `line`, above the next that begins with `end`; blank lines replace those above.

    DuckDB could skip lines, but counts them otherwise than csv where there are quotation marks."""
    copy = new_file(folder)
    with opened(text) as file, copy.open("w", encoding="utf-8", newline="") as below:
        first = next(file)
        below.write(first[len(first.rstrip("\r\n")) :] * line)
        for row in islice(file, line - 1, None):
            if end and fold(row).lstrip(' "').startswith(fold(end)):
                return copy
            below.write(row)
    if end:
        what = "no line begins with the text that [layout] end names"
        raise InputProblem(what, "Correct it, or take it away.", value=end)
    return copy


def _records(
    con: duckdb.DuckDBPyConnection, text: Path, delimiter: str, width: int, named_width: int
) -> duckdb.DuckDBPyRelation:
    """Return the records of a file below its first line. Cells in columns without a name in the heading are errors."""
    cells = [f"c{place}" for place in range(width)]
    error = f"error('npa: {NAMELESS}: ' || concat_ws(',', {', '.join(cells)}))"
    nameless = " OR ".join(f"{cell} IS NOT NULL" for cell in cells[named_width:]) or "false"
    table = read_csv(text, dict.fromkeys(cells, "VARCHAR"), delimiter, "skip = 1")
    listed = ", ".join(cells[:named_width])
    return con.sql(f"SELECT {listed} FROM {table} WHERE CASE WHEN {nameless} THEN {error} ELSE true END")


def _filled(source: Source, places: list[int]) -> Source:
    """Return the records with blank cells of some columns filled by the cell above."""
    text = r"CASE WHEN regexp_matches({0}, '[^\s\p{{Z}}]') THEN {0} END"
    above = f"last_value({text} IGNORE NULLS) OVER (ORDER BY source_row ROWS UNBOUNDED PRECEDING) AS {{0}}"
    cells = (f"c{place}" for place in range(len(source.names)))
    listed = ", ".join(above.format(cell) if cell in {f"c{place}" for place in places} else cell for cell in cells)
    relation = _numbered(source).select(f"{listed}, source_row").order("source_row")
    return replace(source, relation=relation, first_row=None)


def _numbered(source: Source) -> duckdb.DuckDBPyRelation:
    """Return the rows of a source with their source_row."""
    if source.first_row is None:
        return source.relation
    return source.relation.select(f"*, {source.first_row} - 1 + row_number() OVER () AS source_row")


def _check_headings(source: Source, places: list[int], dataset: Dataset) -> None:
    """Raise InputProblem for rows without values that are headings, above the last row with values."""
    has_values = " OR ".join(f"c{place} IS NOT NULL" for place in places)
    numbered, headings = _numbered(source), Headings(source.names, places, dataset)
    is_labelled = " OR ".join(f"c{place} IS NOT NULL" for place in headings.keys) or "false"
    leaves_out = " OR ".join(f"trim(coalesce(c{place}, '')) = ''" for place in headings.unexplained) or "false"
    if len(headings.unexplained) == 1:
        leaves_out = "true"  # the only text may be no code
    alone = numbered.filter(f"NOT ({has_values}) AND ({is_labelled}) AND ({leaves_out})").limit(_HEADINGS).fetchall()
    if not alone:
        return
    ((last,),) = numbered.filter(has_values).max("source_row").fetchall()
    for *cells, row in alone:
        if last and row < last:
            headings.note(row, cells)
    headings.refuse()


def _unpivoted(source: Source, places: list[int], across: str) -> Source:
    """Return each value of a record as a row. DuckDB numbers rows in one thread only: one column needs no numbers."""
    others = [f"c{place}" for place in range(len(source.names)) if place not in places]
    listed = "".join(f"{column} AS c{n}, " for n, column in enumerate(others))
    name, value = f"c{len(others)}", f"c{len(others) + 1}"
    columns = across_names(source.names, places, across)
    if len(places) == 1:
        only = ddl.literal(source.names[places[0]])
        relation = source.relation.select(f"{listed}{only} AS {name}, c{places[0]} AS {value}")
        return replace(source, names=columns, relation=relation)
    headings = ", ".join(ddl.literal(source.names[place]) for place in places)
    values = ", ".join(f"c{place}" for place in places)
    listed += f"unnest([{headings}]) AS {name}, unnest([{values}]) AS {value}, source_row"
    return Source(columns, _numbered(source).select(listed).filter(f"{value} IS NOT NULL"))
