"""Read one data set: files → staging tables → judged → its Parquet partition. All that is wrong is reported at once."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from flows.sources.statistics.datasets import Received
from flows.sources.statistics.stage import PARTITION, ReadDataset
from flows.sources.statistics.staged_files import stage_files
from schemas.generated import ddl
from schemas.tables import TABLES
from transforms.errors import problem_in
from transforms.statistics.code_names import producers_names
from transforms.statistics.loading.blanks import judge_blanks
from transforms.statistics.loading.own_codes import judge_own_codes
from transforms.statistics.loading.preflight import check_dataset, idle_constants
from transforms.statistics.loading.repetition import judge_keys
from transforms.statistics.loading.staging import KEY, MEASURES, ORIGIN, Staging, observe, prepare, publish
from transforms.statistics.loading.unread_codes import judge_unread_codes
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
    files = stage_files(staging, received, work, judged)
    judged.problems += [*idle_constants(staging, received.toml), *vanished_columns(staging, received.toml)]
    if not staging.files:
        return rejected
    observe(staging)
    judge_unread_codes(staging, judged)
    judge_rows(staging, judged)
    judge_blanks(staging, judged)
    judge_own_codes(staging, judged)
    files.locate(judged, staging)
    if judged.problems:
        return rejected
    publish(staging)
    repeated = judge_keys(staging, judged)
    files.locate(judged, staging)
    tables = " + ".join(f"(SELECT count(*) FROM {file.table})" for file in staging.files)
    ((read, taken),) = con.execute(f"SELECT {tables}, count(*) FROM observation").fetchall()
    if not taken:
        what, remedy = "no row is left to publish", "Look at [keep] and at the files."
        if received.dataset.keep:
            what = "no row is left to publish: [keep] takes none of {read}"
        judged.problems.append(problem_in(received.toml, 0, what, remedy, read=read))
    if judged.problems:
        return rejected
    _write(con, target, repeated)
    names = producers_names(staging, str(target / PARTITION), files.labels, received.toml)
    counts = {"rows_read": read, "rows_set_aside": read - taken, "rows_repeated": repeated}
    row = received.row() | {"observations": taken - repeated} | counts
    issues = [*notes(staging, files.structure, judged), *notes_on_entries(staging, received.toml)]
    issues += names.issues
    return ReadDataset([], {}, row, issues, names.rows())


def _write(con: duckdb.DuckDBPyConnection, target: Path, repeated: int) -> None:
    """Write the partition in the order of its key: the same rows are the same bytes, and a series is read at once."""
    key, rows = ", ".join(KEY), "published"
    if repeated:
        first = f"row_number() OVER (PARTITION BY {key} ORDER BY source_file, source_row) = 1"
        again = f"hash({key}) IN (FROM met_again)"
        rows = f"(FROM published WHERE NOT {again} UNION ALL (FROM published WHERE {again} QUALIFY {first}))"
    columns = f"{key}, {', '.join((*MEASURES, *ORIGIN))}, source_file, source_row"
    path, options = ddl.literal(str(target / PARTITION)), ddl.as_parquet(TABLES["fact_statistic"])
    target.mkdir(parents=True, exist_ok=True)
    con.execute(f"COPY (SELECT {columns} FROM {rows} ORDER BY {key}) TO {path} {options}")
