"""CSV: tidy tables of any size, read lazily by DuckDB, and tables laid out for people, by [layout]."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import duckdb

from flows.sources.formats.csv.delimiters import delimiter_of, heading, opened
from flows.sources.formats.csv.records import counted, read_records
from flows.sources.formats.files.head import Head, Kind
from flows.sources.formats.files.limits import LARGEST_IN_MEMORY, size_of
from flows.sources.formats.files.text_file import as_utf8
from flows.sources.formats.relations.relation import Source, check_count, select
from flows.sources.formats.relations.tables import across_names, named, source_of
from schemas.generated import ddl
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.statistics.dataset.layout import Layout
from transforms.statistics.layouts.grid import grid
from transforms.statistics.layouts.tidy import tidy_names, value_columns
from transforms.text.lines import fold


def handles(head: Head) -> Kind | None:
    """Return what a text is that is of no other format."""
    return None if head.binary else Kind("csv", "CSV", head.encoding)


def read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
    """A CSV file. The rows of a tidy one are numbered by their records, the heading being `header` (1), blank lines
    not counted; of one that is laid out, by its records, blank lines counted, as a spreadsheet shows them.

    Raises InputProblem for what is no text in its encoding, has no heading, or is not as [layout] says; reading the
    relation, duckdb.Error for ragged records and quotation marks that are not closed (`library_errors.csv_problem`)."""
    layout = dataset.layout or Layout()
    text = as_utf8(path, dataset.encoding, folder)
    delimiter = dataset.delimiter or delimiter_of(text, layout)
    if layout.is_laid_out:
        return _laid_out(con, path, text, delimiter, dataset, folder)
    cells, row, line = heading(text, delimiter, layout)
    names = tidy_names(cells, row)
    places = value_columns(names, dataset) if layout.across else []
    if is_below := row > 1 or layout.end is not None:
        text = _below(text, line, layout.end, folder)
    count = counted(text, delimiter, len(cells), has_heading=not is_below)
    records = _records(con, text, delimiter, len(cells), len(names))
    if not layout.across:
        return named(Source(names, records, first_row=row + 1, count=count), layout, path)
    if len(places) == 1:
        return named(_unpivoted(records, names, places, layout.across, row, count), layout, path)
    check_count(con, records.sql_query(), count)  # of values across there are more or fewer than of records
    return named(_unpivoted(records, names, places, layout.across, row), layout, path)


def _lines(text: Path) -> Iterator[str]:
    with opened(text) as file:
        yield from file


def _below(text: Path, line: int, end: str | None, folder: Path) -> Path:
    """A copy of what stands below a line, and above the next that begins with `end`; blank lines stand for those above.

    DuckDB could skip lines, but counts them otherwise than csv where there are quotation marks."""
    copy = folder / f"below-{len(list(folder.glob('below-*')))}-{text.name}"
    with copy.open("w", encoding="utf-8", newline="") as file:
        first = next(_lines(text))
        file.write(first[len(first.rstrip("\r\n")) :] * line)
        for one in islice(_lines(text), line, None):
            if end and fold(one).lstrip(' "').startswith(fold(end)):
                return copy
            file.write(one)
    if end:
        what = "no line begins with the text that [layout] end names"
        raise InputProblem(what, "Correct it, or take it away.", value=end)
    return copy


def _records(
    con: duckdb.DuckDBPyConnection, text: Path, delimiter: str, width: int, named_width: int
) -> duckdb.DuckDBPyRelation:
    """The records of a file below its first, in columns c0, c1, …; where the heading has no name there must be none."""
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    nameless = [f"c{place} IS NOT NULL" for place in range(named_width, width)]
    cells = ", ".join(f"c{place}" for place in range(width))
    told = f"error('npa: a record has a cell in a column that the heading does not name: ' || concat_ws(',', {cells}))"
    where = f"WHERE CASE WHEN {' OR '.join(nameless)} THEN {told} ELSE true END" if nameless else ""
    return con.sql(
        f"""SELECT {select([""] * named_width)}
            FROM read_csv({ddl.literal(str(text))}, header = false, skip = 1, auto_detect = false, nullstr = '',
                          delim = {ddl.literal(delimiter)}, quote = '"', escape = '"', columns = {{{columns}}})
            {where}"""
    )


def _unpivoted(
    records: duckdb.DuckDBPyRelation,
    names: tuple[str, ...],
    places: list[int],
    across: str,
    heading: int,
    count: int | None = None,
) -> Source:
    """Each value of a record as a row. One column of values needs no numbers, which DuckDB gives in one thread."""
    others = [f"c{place}" for place in range(len(names)) if place not in places]
    kept = ", ".join([*(f"{column} AS c{n}" for n, column in enumerate(others)), ""])
    name, value = f"c{len(others)}", f"c{len(others) + 1}"
    columns = across_names(names, places, across)
    if len(places) == 1:
        relation = records.select(f"{kept}{ddl.literal(names[places[0]])} AS {name}, c{places[0]} AS {value}")
        return Source(columns, relation, first_row=heading + 1, count=count)
    said = ", ".join(ddl.literal(names[place]) for place in places)
    values = ", ".join(f"c{place}" for place in places)
    relation = records.select(f"*, {heading} + row_number() OVER () AS source_row")
    relation = relation.select(f"{kept}unnest([{said}]) AS {name}, unnest([{values}]) AS {value}, source_row")
    return Source(columns, relation.filter(f"{value} IS NOT NULL"))


def _laid_out(
    con: duckdb.DuckDBPyConnection, path: Path, text: Path, delimiter: str, dataset: Dataset, folder: Path
) -> Source:
    if text.stat().st_size > LARGEST_IN_MEMORY:
        what = sentence("a table that [layout.labels] describes has more than {size}", size=size_of(LARGEST_IN_MEMORY))
        raise InputProblem(what, "Divide it, or describe it as a tidy table: [layout] across.")
    with opened(text) as file:
        rows = [cells for _, cells in read_records(file, delimiter, strict=True)]
    return source_of(con, folder, path, grid(rows), dataset, "")
