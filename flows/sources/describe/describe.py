"""`npa dataset describe FILE`: what a file is that nobody has described yet, and a dataset.toml drafted for it."""

import re
import tempfile
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import duckdb

from flows.sources.describe.unread import unread_lines
from flows.sources.formats.csv.reader import EUROSTAT
from flows.sources.formats.csv.records import delimiter_by_records, opened, read_records
from flows.sources.formats.files.packed import packing, unpacked
from flows.sources.formats.files.refusals import duckdb_problem
from flows.sources.formats.files.text_file import as_utf8
from flows.sources.formats.json_stat import reader as json_stat
from flows.sources.formats.px import statements as px_statements
from flows.sources.formats.registry import recognise
from flows.sources.formats.relation import Source, check_count, within_limits
from flows.sources.formats.sdmx import csv as sdmx_csv
from flows.sources.formats.workbook import reader as xlsx_table
from flows.sources.statistics.load import database
from flows.sources.statistics.staged_files import read_source
from transforms.errors import InputProblem, NpaError
from transforms.quality.text import sentence
from transforms.statistics.composites.composed import Composed, compose
from transforms.statistics.dataset.columns import vocabulary
from transforms.statistics.describe.columns import decimal_mark, guess_columns, guess_composite, read_columns
from transforms.statistics.describe.description import Description, check
from transforms.statistics.describe.draft import draft, report
from transforms.statistics.describe.layout import guess_table
from transforms.statistics.layouts.grid import grid
from transforms.statistics.loading.label_columns import printed_labels
from transforms.statistics.loading.staging import Labels

_PROPOSED = re.compile(r'encoding = "([^"]+)"|looks like "([^"]+)"')  # as readers propose an encoding in a remedy
ROWS = 5_000_000  # looked at; of a larger file, the first
_RECORDS = 500  # of a CSV file by which its layout is guessed
_MEMORY = "500MB"


class Undescribed(NpaError):
    """A file that cannot be described: missing, damaged, or of no format that npa reads."""


def print_description(path: Path, *, only_toml: bool) -> None:
    """Print what a file is, and a draft of dataset.toml; the draft alone with `only_toml`."""
    description = describe(path)
    description.unread = unread_lines(path)
    if not only_toml:
        print(report(description))
        print(f"# Draft of dataset.toml (npa dataset describe {path} --toml)\n")
    print(draft(description), end="")


def describe(path: Path) -> Description:
    """Return what a file seems to be. Raises Undescribed with a sentence for a file that cannot be read."""
    if not path.is_file():
        fault = sentence("it is a folder; name one file") if path.is_dir() else sentence("there is no such file")
        raise Undescribed(sentence("{path}: {fault}.", path=path, fault=fault))
    with tempfile.TemporaryDirectory(prefix="npa-describe-") as name:
        folder = Path(name)
        try:
            state, packed_by, inner = path.stat(), packing(path), unpacked(path, folder)
            kind = recognise(inner)
            name = f"{kind.name}, packed ({packed_by})" if packed_by else kind.name
            day = datetime.fromtimestamp(state.st_mtime, UTC).date()
            description = Description(path.name, state.st_size, kind.format, name, day, kind.encoding)
            with database(folder, _MEMORY) as con:
                try:
                    _look(con, inner, description, folder)
                except InputProblem as problem:  # a file whose CODEPAGE is untrue, or a wrong guess
                    proposed = _PROPOSED.search(problem.remedy)
                    encoding = proposed and (proposed[1] or proposed[2])
                    if encoding in (None, description.encoding):
                        raise
                    description.encoding = encoding
                    _look(con, inner, description, folder)
        except InputProblem as problem:
            raise Undescribed(str(problem.at(str(path)))) from problem
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            raise Undescribed(str(duckdb_problem(error).at(str(path)))) from error
    return description


def _look(con: duckdb.DuckDBPyConnection, path: Path, description: Description, folder: Path) -> None:
    """Guess layout and columns, and run the loader's checks on the rows that these give."""
    _look_at_choice(con, path, description, folder)
    _look_at_table(path, description, folder)
    across = description.layout.pop("across", "SERIES")  # read only when the other columns have their names
    try:
        source = _read(con, path, description, folder)
    except InputProblem as problem:
        if not description.layout.get("labels"):
            raise
        description.problems = [problem.at(description.file)]  # of the guess at the layout: there is still a draft
        return
    _guess_columns(con, description, source)
    values = [column for column in description.columns if column.target is None]
    if values and not description.by_target("obs_value") and not description.layout.get("labels"):
        if description.format == "parquet" or (across == "SERIES" and description.by_target("statistic_id")):
            values[-1].target, values[-1].is_sure = "obs_value", False
        else:  # names of columns say the series, or the period
            description.layout = {"across": across} | description.layout
            source = _read(con, path, description, folder)
            _guess_columns(con, description, source)
    for column in description.columns:
        column.target = column.target or ""
    if value := description.by_target("obs_value"):
        is_workbook = description.format == "xlsx"
        description.decimal = decimal_mark(con, value, is_workbook=is_workbook)
        if description.decimal == "," and is_workbook:  # its numbers are printed with the decimal mark
            source = _read(con, path, description, folder)
    check(con, description, _labels(con, source), source.first_row)


def _look_at_choice(con: duckdb.DuckDBPyConnection, path: Path, description: Description, folder: Path) -> None:
    """Note the data sets of a file that has several, and choose the first."""
    if description.format == "json-stat":
        description.data_sets = json_stat.data_sets(path, description.dataset())
    elif description.format == "sdmx-csv":
        description.data_sets = sdmx_csv.data_sets(con, path, description.dataset(), folder)
    description.select = list(description.data_sets)[:1]


def _look_at_table(path: Path, description: Description, folder: Path) -> None:
    """Note sheets, delimiter and layout, and which column a PC-Axis file says is the series."""
    if description.format == "xlsx":
        _look_at_sheets(path, description)
    elif description.format == "csv" and not description.kind.startswith(EUROSTAT):
        text = as_utf8(path, description.encoding, folder)
        description.delimiter = delimiter_by_records(text)
        with opened(text) as file:
            records = islice(read_records(file, description.delimiter), _RECORDS)
            guess = guess_table(grid([cells for _, cells in records]))
        description.layout, description.marks = guess.layout, guess.marks
    elif description.format == "px":
        stated = px_statements.header(path, description.encoding).statements
        series = (s.text() for s in stated if s.keyword == "CONTVARIABLE" and not s.language)
        description.series_column = next(series, "")


def _look_at_sheets(path: Path, description: Description) -> None:
    """Choose the visible sheet with periods in its header, of several the largest."""
    lines, filled = [], []
    for sheet in xlsx_table.read_sheets(path):
        table = grid(sheet.rows, sheet.first_row, sheet.repeated)
        guess, rows = guess_table(table), len(sheet.rows)
        hidden = ", hidden" if sheet.is_hidden else ""
        lines.append(f"{sheet.name}: {rows:,} rows × {table.width:,} columns{hidden}{guess.text}")
        if rows and not sheet.is_hidden:
            filled.append(((bool(guess.text), rows * table.width), sheet.name, guess))
    if not filled:
        raise InputProblem("the workbook has no filled visible sheet", "Show or fill the sheet with the table.")
    _, name, guess = max(filled, key=lambda sheet: sheet[0])
    description.sheets, description.marks = lines, guess.marks
    description.layout = ({"sheet": name} if len(filled) > 1 else {}) | guess.layout


def _read(con: duckdb.DuckDBPyConnection, path: Path, description: Description, folder: Path) -> Source:
    """Fill the table `looked` with the first rows of a file."""
    source = read_source(con, path, description.dataset(), folder)
    con.execute("DROP TABLE IF EXISTS looked")
    within_limits(source).limit(ROWS + 1).create("looked")
    ((rows,),) = con.execute("SELECT count(*) FROM looked").fetchall()
    description.notes = [str(remark.message()) for remark in source.remarks if remark.rows is None]
    description.rows, description.is_all = min(rows, ROWS), rows <= ROWS
    if description.is_all:
        check_count(con, "FROM looked", source.count)
    con.execute(f"DELETE FROM looked WHERE rowid >= {ROWS}")
    return source


def _guess_columns(con: duckdb.DuckDBPyConnection, description: Description, source: Source) -> None:
    labels, description.composite = _labels(con, source), None
    description.table = Composed(source.names, "looked")
    columns = description.columns = read_columns(con, description.table, labels)
    composite = description.composite = guess_composite(columns, description.dataset())
    guess_columns(con, columns, description.dataset())
    if composite:
        column = columns[source.names.index(composite.column)]
        column.target, column.is_ours = "", True  # it needs no entry in [concepts]
        dataset = description.dataset()
        series = vocabulary("statistic_id", dataset, {})
        description.table = compose(con, description.table, dataset, series, labels)
        composed = read_columns(con, description.table, labels)[len(columns) :]
        for part in composed:
            part.target, part.is_ours, part.is_sure = part.name, True, False
            part.labels = column.labels if part.name == "statistic_id" else {}  # of whole codes
        description.columns = [*columns, *composed]


def _labels(con: duckdb.DuckDBPyConnection, source: Source) -> Labels:
    """Return what a file's own labels say, column → code → label."""
    labels: dict[str, dict[str, str]] = {column: dict(named) for column, named in source.labels.items()}
    pairs = [(source.names[place], (f"c{place}", f"l{place}")) for place in source.labelled]
    for column, code, label in printed_labels(con, "looked", pairs):
        labels.setdefault(column, {})[code] = label
    return labels
