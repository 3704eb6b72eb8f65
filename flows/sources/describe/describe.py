"""`npa dataset describe FILE`: what a file is that nobody has described yet, and a dataset.toml drafted for it."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from flows.sources.describe.tables import look_at_table
from flows.sources.formats.files.library_errors import duckdb_problem
from flows.sources.formats.registry import recognise
from flows.sources.formats.relations.relation import check_count, select, within_limits
from flows.sources.statistics.load import read_source
from transforms.errors import InputProblem, NpaError
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.statistics.describe import profile as facts
from transforms.statistics.describe.draft import draft
from transforms.statistics.describe.guess_columns import TABLES, sort_columns
from transforms.statistics.describe.profile import Column
from transforms.statistics.describe.render import told
from transforms.statistics.describe.result import NATIONAL, Description
from transforms.statistics.describe.unknown_codes import unknown_codes, vocabularies

_PROPOSED = re.compile(r'encoding = "([^"]+)"|looks like "([^"]+)"')  # as readers propose an encoding in a remedy
ROWS = 5_000_000  # looked at, of a larger file the first
_MANY_AREAS = 20
_MEMORY = "500MB"


class Undescribed(NpaError):
    """A file that cannot be described: missing, damaged, or of no format that npa reads."""


def print_description(path: Path, *, only_toml: bool) -> None:
    """Print what a file is, and a draft of dataset.toml; the draft alone with `only_toml`."""
    found = describe(path)
    if only_toml:
        print(draft(found), end="")
    else:
        print(told(found))
        print(f"# Draft of dataset.toml (npa dataset describe {path} --toml)\n")
        print(draft(found), end="")


def describe(path: Path) -> Description:
    """Look at a file. Raises Undescribed with a sentence where that cannot be done."""
    if not path.is_file():
        raise Undescribed(
            sentence(
                "{path}: {fault}.",
                path=path,
                fault=sentence("it is a folder; name one file") if path.is_dir() else sentence("there is no such file"),
            )
        )
    with tempfile.TemporaryDirectory(prefix="npa-describe-") as name:
        folder = Path(name)
        config: dict[str, Any] = {"memory_limit": _MEMORY, "temp_directory": str(folder / "spill")}
        config["python_enable_replacements"] = False
        try:
            found = _kind(path)
            with duckdb.connect(str(folder / "looked.duckdb"), config=config) as con:
                try:
                    _look(con, path, found, folder)
                except InputProblem as fault:  # a PC-Axis file whose CODEPAGE is untrue
                    found.encoding = _other_encoding(fault, found)
                    _look(con, path, found, folder)
        except InputProblem as problem:
            raise Undescribed(str(problem.at(str(path)))) from problem
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            raise Undescribed(str(duckdb_problem(error).at(str(path)))) from error
    return found


def _other_encoding(fault: InputProblem, found: Description) -> str:
    """The encoding that a reader proposes. Raises its fault again where it proposes none, or did before."""
    proposed = _PROPOSED.search(fault.remedy)
    if proposed is None or found.encoding:
        raise fault
    return proposed[1] or proposed[2]


def _kind(path: Path) -> Description:
    kind, state = recognise(path), path.stat()
    day = datetime.fromtimestamp(state.st_mtime, UTC).date().isoformat()
    return Description(path.name, state.st_size, kind.format, kind.name, day, kind.encoding)


def _look(con: duckdb.DuckDBPyConnection, path: Path, found: Description, folder: Path) -> None:
    """Read the rows as far as they are told, and count what stands in them."""
    look_at_table(path, found, folder)
    across = found.layout.pop("across", None)  # only told once the other columns have their names
    dataset = _dataset(found, {})
    try:
        _read(con, path, dataset, found, folder)
    except InputProblem as problem:
        if not found.layout.get("labels"):
            raise
        found.unread = str(problem.at(str(path)))  # the guess at its layout is wrong: it is still a draft
        return
    for column in found.columns:
        if column.name == found.series_column:
            column.target = "statistic_id"
    sort_columns(con, found.columns, dataset)
    if found.format in TABLES and not found.by_target("obs_value"):
        dataset = _read_across(con, path, found, folder, across or "SERIES")
    _judge(con, found, dataset)


def _read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, found: Description, folder: Path) -> None:
    source = read_source(con, path, dataset, folder)
    con.execute("DROP TABLE IF EXISTS looked")
    rows = within_limits(source).select(select(source.names)).limit(ROWS + 1)
    rows.create("looked")
    ((found.rows,),) = con.execute("SELECT count(*) FROM looked").fetchall()
    if found.rows > ROWS:
        found.rows, found.is_all = ROWS, False
        con.execute(f"DELETE FROM looked WHERE rowid >= {ROWS}")
    else:
        check_count(con, "FROM looked", source.count)
    found.columns = list(facts.columns(con, source.names, source.labels))


def _read_across(con: duckdb.DuckDBPyConnection, path: Path, found: Description, folder: Path, across: str) -> Dataset:
    """Read anew, with the columns that may be values as such: their names say the series, or the period."""
    open_columns = [column for column in found.columns if column.target is None]
    is_told = across == "SERIES" and found.by_target("statistic_id")  # the series has a column: one is the value
    if not open_columns or is_told or found.format == "parquet" or found.layout.get("labels"):
        if open_columns and not found.layout.get("labels"):
            open_columns[-1].target, open_columns[-1].is_sure = "obs_value", False
        _close(found.columns)
        return _dataset(found, {})
    found.layout = {"across": across} | found.layout
    targets = {column.name: column for column in found.columns if column.target is not None}
    concepts = {name: column.target or "" for name, column in targets.items() if not column.is_ours}
    dataset = _dataset(found, concepts)
    _read(con, path, dataset, found, folder)
    for column in found.columns:
        if before := targets.get(column.name):
            column.target, column.labels = before.target, before.labels
            column.is_ours, column.is_sure = before.is_ours, before.is_sure
    rest = [column for column in found.columns if column.target is None]
    sort_columns(con, rest, _dataset(found, {}))
    return dataset


def _close(columns: Sequence[Column]) -> None:
    for column in columns:
        if column.target is None:
            column.target = ""


def _dataset(found: Description, concepts: Mapping[str, str]) -> Dataset:
    """What is known of the file so far, in the form that readers ask for."""
    said: dict[str, Any] = dict.fromkeys(("title", "publisher", "source_url", "licence"), "?")
    said |= {"dataset_id": "DRAFT", "retrieved_on": found.day, "format": found.format, "files": [found.file]}
    if found.format == "csv":
        said["delimiter"] = found.delimiter
    said |= {"encoding": found.encoding, "concepts": dict(concepts), "marks": found.marks_around}
    return Dataset.model_validate(said | ({"layout": found.layout} if found.layout else {}))


def _judge(con: duckdb.DuckDBPyConnection, found: Description, dataset: Dataset) -> None:
    """Codes, values and periods: what npa knows of them."""
    _close(found.columns)
    if any(column.names for column in found.columns):
        found.kind += ", names in columns beside their codes, as UNICEF has them"
    if column := found.by_target("obs_value"):
        prints = found.format in ("xlsx", "parquet")
        found.values = facts.values(con, column.place, prints_decimals=prints)
    if column := found.by_target("time_period"):
        found.periods = facts.periods(con, column.place)
    found.words = vocabularies(found.columns, dataset)
    kept = _kept(con, found)
    found.unknown = {}
    for column in found.columns:
        if words := found.words.get(column.place):
            seen = replace(column, codes=kept[column.place]) if kept else column
            if unknown := list(unknown_codes(seen, words)):
                found.unknown[column.place] = unknown


def _kept(con: duckdb.DuckDBPyConnection, found: Description) -> dict[int, Sequence[tuple[str, int]]]:
    """Where the file is about very many areas, what stands in Tajikistan's rows: place → codes; else nothing."""
    area = found.by_target("ref_area")
    if area is None or area.distinct <= _MANY_AREAS:
        return {}
    said = [code for code, _ in area.codes if found.words[area.place].codes.get(code) == NATIONAL]
    if not said:
        return {}
    found.keeps = True
    return {column.place: facts.codes(con, column.place, area.place, said) for column in found.columns}
