"""Read one data set: files → staging tables → judged → its Parquet partition. All that is wrong is reported at once."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from flows.sources.formats.files.refusals import LARGEST_FILE, duckdb_problem, size_of
from flows.sources.formats.registry import reader_of
from flows.sources.formats.relation import Source, check_count, within_limits
from flows.sources.formats.sdmx.structures import read_structure
from flows.sources.statistics.datasets import Received
from flows.sources.statistics.stage import PARTITION, ReadDataset
from schemas.generated import ddl
from schemas.tables import TABLES
from transforms.errors import InputProblem, problem_in
from transforms.statistics.dataset.columns import columns_of
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.statistics.loading.blanks import judge_blanks
from transforms.statistics.loading.preflight import check_dataset, column_faults, idle_constants
from transforms.statistics.loading.repetition import judge_keys
from transforms.statistics.loading.staging import KEY, MEASURES, StagedFile, Staging, observe, prepare, publish, stage
from transforms.statistics.loading.unused import vanished_columns
from transforms.statistics.loading.validation import Judged, judge_rows
from transforms.statistics.quality.notes import notes, notes_on_entries

# Ten million rows fit; what does not is spilled to a file (measured, benchmarks/README.md).
MEMORY = "700MB"


def read_dataset(received: Received, target: Path, declared: Mapping[str, str]) -> ReadDataset:
    """Write the partition of a data set to the folder `target`; nothing is written where anything is wrong.

    `declared`: series that the plans' links declare, code → name."""
    work = target.with_name(f"{target.name}.work")
    for folder in (work, target):  # of an earlier attempt
        shutil.rmtree(folder, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        with database(work, MEMORY) as con:
            return _read(con, received, target, work, declared)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def database(folder: Path, memory: str) -> duckdb.DuckDBPyConnection:
    """Return a connection to a new database in a folder, where it also spills what does not fit into memory."""
    config: dict[str, Any] = {"memory_limit": memory, "temp_directory": str(folder / "spill")}
    con = duckdb.connect(str(folder / "staging.duckdb"), config=config | {"python_enable_replacements": False})
    con.execute("SET enable_progress_bar = false")  # which goes to standard output, in a pipe too
    return con


def _read(
    con: duckdb.DuckDBPyConnection, received: Received, target: Path, work: Path, declared: Mapping[str, str]
) -> ReadDataset:
    words = prepare(con, received.dataset, declared)
    judged = Judged(list(check_dataset(received.dataset, words, received.toml)))
    staging = Staging(con, received.dataset, words)
    rejected = ReadDataset(judged.problems, judged.drafts)  # what is found later is in these, too
    _stage_files(staging, received, work, judged)
    judged.problems += [*idle_constants(staging, received.toml), *vanished_columns(staging, received.toml)]
    if not staging.files:
        return rejected
    observe(staging)
    judge_rows(staging, judged)
    judge_blanks(staging, judged)
    if judged.problems:
        return rejected
    publish(staging)
    repeated = judge_keys(staging, judged)
    tables = " + ".join(f"(SELECT count(*) FROM {file.table})" for file in staging.files)
    ((read, taken),) = con.execute(f"SELECT {tables}, count(*) FROM observation").fetchall()
    if not taken:
        what, remedy = "no row is left to publish", "Look at [keep] and at the files."
        if received.dataset.keep:
            what = "no row is left to publish: [keep] takes none of {read}"
        judged.problems.append(problem_in(received.toml, 0, what, remedy, read=read))
    try:
        structure = read_structure(received.structure) if received.structure and not judged.problems else {}
    except InputProblem as problem:
        judged.problems.append(problem.at(f"{Path(received.toml).parent}/{received.dataset.structure}"))
    if judged.problems:
        return rejected
    _write(con, target, repeated)
    counts = {"rows_read": read, "rows_set_aside": read - taken, "rows_repeated": repeated}
    row = received.row() | {"observations": taken - repeated} | counts
    issues = [*notes(staging, structure, judged), *notes_on_entries(staging, received.toml)]
    return ReadDataset([], {}, row, issues)


def read_source(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
    """Return what the reader of its format makes of a file. Raises InputProblem, too for a file that is too large."""
    if path.stat().st_size > LARGEST_FILE:
        what, remedy = "the file has more than {size}", "Divide it, or take what is needed of it."
        raise problem_in("", 0, what, remedy, size=size_of(LARGEST_FILE))
    return reader_of(dataset.format).read(con, path, dataset, folder)


def _stage_files(staging: Staging, received: Received, work: Path, judged: Judged) -> None:
    """Copy every file that can be read and whose columns are all known to its staging table."""
    dataset, con = received.dataset, staging.con
    for number, (name, path) in enumerate(received.files.items()):
        try:
            source = read_source(con, path, dataset, work)
            columns = columns_of(source.names, dataset)
            if faults := list(column_faults(name, columns, source.names, dataset, judged)):
                judged.problems += faults
                continue
            file = StagedFile(f"file_{number}", name, source.first_row, columns, source.names, source.row_labels)
            within_limits(source).create_view(f"read_{file.table}")
            stage(staging, file, f"read_{file.table}", source.labels)
            check_count(con, f"FROM {file.table}", source.count)
        except InputProblem as problem:
            judged.problems.append(problem.at(name))
        except duckdb.Error as error:
            if _is_ours(error, work):
                raise
            judged.problems.append(duckdb_problem(error).at(name))


def _is_ours(error: duckdb.Error, work: Path) -> bool:
    """Return True if something around the file failed, and not the file: a full disk, no memory, a stop."""
    is_of_the_disk = isinstance(error, duckdb.IOException) and str(work) in str(error)
    return is_of_the_disk or isinstance(error, duckdb.OutOfMemoryException | duckdb.InterruptException)


def _write(con: duckdb.DuckDBPyConnection, target: Path, repeated: int) -> None:
    """Write the partition in the order of its key: the same rows are the same bytes, and a series is read at once."""
    key, rows = ", ".join(KEY), "published"
    if repeated:
        first = f"row_number() OVER (PARTITION BY {key} ORDER BY source_file, source_row) = 1"
        again = f"hash({key}) IN (FROM met_again)"
        rows = f"(FROM published WHERE NOT {again} UNION ALL (FROM published WHERE {again} QUALIFY {first}))"
    columns = f"{key}, {', '.join(MEASURES)}, source_file, source_row"
    path, options = ddl.literal(str(target / PARTITION)), ddl.as_parquet(TABLES["fact_statistic"])
    target.mkdir(parents=True, exist_ok=True)
    con.execute(f"COPY (SELECT {columns} FROM {rows} ORDER BY {key}) TO {path} {options}")
