"""The result of every reader: a relation in DuckDB, of the cells of a table or a cube, and the checks of its rows.

Of a cube, DuckDB works out the codes of each cell from its place."""

import csv
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from math import prod
from pathlib import Path

import duckdb

from flows.sources.formats.files.refusals import LONGEST_CELL, SHORTEN, TOO_LONG, problem
from flows.sources.formats.files.text_file import new_file
from schemas.code_names import UNSTATED
from schemas.generated import ddl
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset, Layout
from transforms.statistics.layouts.grid import Grid
from transforms.statistics.layouts.headings import Headings
from transforms.statistics.layouts.laid_out import RowLabels, laid_out_table, row_labels
from transforms.statistics.layouts.tidy import fill_places, filled, tidy_table, unpivoted, value_columns
from transforms.statistics.loading.remarks import Remark
from transforms.text.cell_notes import CellNote

Row = tuple[int, Sequence[str | None]]  # source_row, cells
Labels = Mapping[str, Mapping[str, str]]  # column → code → the producer's label
_LANGUAGE = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*")
LineOf = Callable[[str, int], int]  # a column and a row → the line of the file that says them
_BATCH = 1_000  # rows


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read: every value as it is printed, nothing judged yet.

    `relation` has a column c0, c1, … VARCHAR for each of `names` (the producer's, in order; names that differ only in
    case are two), NULL where the file has nothing, and then `source_row` BIGINT: the record of a CSV file (the heading
    is 1), the row of a sheet, else the observation's place, from 1. With `first_row` there is no such column, and rows
    are numbered from it: DuckDB numbers rows in one thread only. `labelled` are the places of columns whose labels the
    file prints in the same cell or beside it: the relation has them in l<place>. Reading it may raise duckdb.Error or
    InputProblem."""

    names: tuple[str, ...]
    relation: duckdb.DuckDBPyRelation
    labels: Labels = field(default_factory=dict)
    first_row: int | None = None
    count: int | None = None  # of rows that there must be, if it is known without DuckDB
    row_labels: RowLabels = field(default_factory=dict)  # of a table laid out for people
    notes: Sequence[CellNote] = ()  # of a sheet: what is to be reported of its cells
    remarks: Sequence[Remark] = ()
    line_of: LineOf | None = None  # of files whose rows are no lines
    labelled: tuple[int, ...] = ()
    language: str = UNSTATED  # of the labels
    translations: Mapping[str, Labels] = field(default_factory=dict)  # other language → labels

    @property
    def labels_by_language(self) -> Mapping[str, Labels]:
        """Return the labels in every language that the file has, its main one first."""
        return {self.language: self.labels, **self.translations}


def language_code(stated: object) -> str:
    """Return the language that a file states, as dim_code has it: BCP 47 in lower case, und if it is none.

    >>> language_code("en-GB"), language_code("pt_BR"), language_code(""), language_code(None)
    ('en-gb', 'pt-br', 'und', 'und')
    """
    code = str(stated).strip().lower().replace("_", "-")
    return code if isinstance(stated, str) and _LANGUAGE.fullmatch(code) else UNSTATED


def select(names: Collection[str]) -> str:
    """Return SQL that lists the columns of a relation: c0, c1, …"""
    return ", ".join(f"c{place}" for place in range(len(names)))


def streamed(
    con: duckdb.DuckDBPyConnection, folder: Path, names: Collection[str], rows: Iterable[Row]
) -> duckdb.DuckDBPyRelation:
    """Return a relation of rows, each with its source_row, that are written to `folder` so that memory stays flat.

    `names` may grow while the rows come: a row has NULL in the columns that came later. Each file has the columns that
    are known after a batch of rows. Raises InputProblem for a cell that is too long."""
    files: dict[int, Path] = {}  # by number of columns
    numbered = iter(rows)
    while (batch := list(islice(numbered, _BATCH))) or not files:
        width = len(names)
        files[width] = files.get(width) or new_file(folder)
        with files[width].open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            for number, row in batch:
                length = writer.writerow((number, *row, *[None] * (width - len(row))))
                if length > LONGEST_CELL and (text := max(map(str, row), key=len)) and len(text) > LONGEST_CELL:
                    raise InputProblem(TOO_LONG, SHORTEN, value=text[:60])
    parts = []
    for width, path in files.items():
        columns = {"source_row": "BIGINT", **{f"c{place}": "VARCHAR" for place in range(width)}}
        parts.append("FROM " + read_csv(path, columns, ",", r"new_line = '\r\n'"))
    return con.sql(f"SELECT {select(names)}, source_row FROM ({' UNION ALL BY NAME '.join(parts)})")


def read_csv(path: Path, columns: Mapping[str, str], delimiter: str, options: str) -> str:
    """Return SQL that reads a CSV file with the types of its columns, of which DuckDB guesses nothing: not even by a
    name that ends in .gz that the file is packed."""
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    return f"""read_csv({ddl.literal(str(path))}, header = false, auto_detect = false, delim = {ddl.literal(delimiter)},
                     compression = 'none', quote = '"', escape = '"', nullstr = '', columns = {{{types}}}, {options})"""


def within_limits(source: Source) -> duckdb.DuckDBPyRelation:
    """Return the rows of a source; reading them raises duckdb.Error for a cell of more than LONGEST_CELL characters."""
    too_long = "WHEN strlen({0}) > {1} AND length({0}) > {1} THEN error('npa: {2}: ' || left({0}, 60))"
    cells = (too_long.format(f"c{place}", LONGEST_CELL, TOO_LONG) for place in range(len(source.names)))
    return source.relation.filter(f"CASE {' '.join(cells)} ELSE true END")


def check_count(con: duckdb.DuckDBPyConnection, rows: str, count: int | None) -> None:
    """Raise InputProblem if the query `rows` gives more or fewer rows than `count`: DuckDB may lose one silently."""
    ((read,),) = con.execute(f"SELECT count(*) FROM ({rows})").fetchall()
    if count is not None and read != count:
        what = "the file has {count} records below its heading, and {read} of them can be read"
        remedy = "Look for a very long record, or for quotation marks that do not begin and end a cell."
        raise problem(what, None, remedy, count=f"{count:,}", read=f"{read:,}")


def source_of(
    con: duckdb.DuckDBPyConnection, folder: Path, path: Path, table: Grid, dataset: Dataset, sheet: str
) -> Source:
    """Return the observations of a table; `sheet` is its name, "" for a CSV file.

    Raises InputProblem if the table is not as [layout] says."""
    layout = dataset.layout or Layout()
    labels: RowLabels = {}
    try:
        if layout.is_laid_out:
            names, rows = laid_out_table(table, layout, dataset.marks)
            labels = row_labels(table, layout)
        else:
            names, rows = tidy_table(table, layout)
            rows = filled(rows, fill_places(names, layout))
            if layout.across:
                places = value_columns(names, dataset)
                rows = unpivoted(Headings(names, places, dataset).checked(rows, places), names, places)
                names = across_names(names, places, layout.across)
        relation = streamed(con, folder, names, rows)
    except InputProblem as fault:
        raise fault.in_sheet(sheet) from fault
    return named(Source(names, relation, row_labels=labels), layout, path)


def across_names(names: tuple[str, ...], places: list[int], across: str) -> tuple[str, ...]:
    """Return the columns of a table after its values, which stood across in the columns `places`, became rows."""
    return (*(name for place, name in enumerate(names) if place not in places), across, "OBS_VALUE")


def named(source: Source, layout: Layout, path: Path) -> Source:
    """Return the source with the columns that the file's name gives.

    Raises InputProblem for a name that does not match [layout] file_name."""
    if layout.file_name is None:
        return source
    parts = layout.file_values(path.name)
    if parts is None:
        what = "the file's name is not of the pattern that [layout] file_name gives"
        raise InputProblem(what, "Correct file_name or files in dataset.toml, or rename the file.", value=path.name)
    values = ", ".join(f"{ddl.literal(value)} AS c{n}" for n, value in enumerate(parts.values(), len(source.names)))
    row = "" if source.first_row else ", source_row"
    relation = source.relation.select(f"{select(source.names)}, {values}{row}")
    return replace(source, names=(*source.names, *parts), relation=relation)


@dataclass(frozen=True, slots=True)
class Column:
    """A column whose text follows from a cell's place (from 0): texts[place // stride % len(texts)]."""

    name: str
    texts: Sequence[str | None]
    stride: int = 1
    labels: Mapping[str, str] = field(default_factory=dict)  # text → the producer's label, if it is another text

    def sql(self, _alias: str) -> str:
        """Return SQL of the text of the cell `place`."""
        if len(self.texts) == 1:
            return f"{_literal(self.texts[0])}::VARCHAR"
        return f"[{', '.join(map(_literal, self.texts))}][place // {self.stride} % {len(self.texts)} + 1]"


@dataclass(frozen=True, slots=True)
class Marked:
    """A column of marks on single cells or slices. `by_mask`: the dimensions (size, stride) that a mark fixes → the
    sum of index × stride over these → mark. A blank joins marks on one cell; a cell without a mark has the default."""

    name: str
    by_mask: Mapping[tuple[tuple[int, int], ...], Mapping[int, str]]
    default: str | None = None

    def joins(self, alias: str) -> str:
        """Return SQL of one join for each mask."""
        joins = ""
        for number, (mask, marks) in enumerate(self.by_mask.items()):
            fixed = " + ".join(f"place // {stride} % {size} * {stride}" for size, stride in mask) or 0
            joins += f""" LEFT JOIN (SELECT unnest([{", ".join(map(str, marks))}]) AS at,
                unnest([{", ".join(map(_literal, marks.values()))}]) AS mark) AS {alias}_{number}
                ON {fixed} = {alias}_{number}.at"""
        return joins

    def sql(self, alias: str) -> str:
        """Return SQL of the marks of the cell `place`."""
        marks = ", ".join(f"{alias}_{number}.mark" for number in range(len(self.by_mask)))
        return f"coalesce(nullif(concat_ws(' ', {marks or 'NULL'}), ''), {_literal(self.default)})"


def source_of_cells(
    con: duckdb.DuckDBPyConnection, cells: str, columns: Sequence[Column | Marked], values: Sequence[str]
) -> Source:
    """Return a Source with `columns` and then the columns `values`.

    `cells` is a query with place (BIGINT, from 0), and c0, c1, … for `values`. Raises InputProblem if two columns have
    one name."""
    names = (*(column.name for column in columns), *values)
    if name := repeated(names):
        remedy = "rename the variable in a copy of the file, or ask the producer to"
        raise InputProblem("a variable has the name of another column that this reader gives", remedy, value=name)
    texts = [*(column.sql(f"m{n}") for n, column in enumerate(columns)), *(f"cells.c{n}" for n in range(len(values)))]
    listed = ", ".join(f"{text} AS c{n}" for n, text in enumerate(texts))
    joins = "".join(column.joins(f"m{n}") for n, column in enumerate(columns) if isinstance(column, Marked))
    relation = con.sql(f"SELECT {listed}, place + 1 AS source_row FROM ({cells}) AS cells{joins}")
    return Source(names, relation, {c.name: c.labels for c in columns if isinstance(c, Column) and c.labels})


def repeated(names: Sequence[str]) -> str | None:
    """Return the first name that is there twice, or None."""
    return next((name for name in names if names.count(name) > 1), None)


def strides(sizes: Sequence[int]) -> list[int]:
    """Return how many cells lie between two categories of each dimension; the last dimension varies fastest.

    >>> strides([80, 3, 21])
    [63, 21, 1]
    """
    return [prod(sizes[place:]) for place in range(1, len(sizes) + 1)]


def _literal(text: str | None) -> str:
    return "NULL" if text is None else ddl.literal(text)
