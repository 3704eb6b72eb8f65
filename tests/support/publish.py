"""Reports that a test writes: in a release of their own, or judged in memory next to the plan."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import duckdb

from flows.sources.files import read_inputs
from flows.sources.reports.load import read_reports
from flows.sources.reports.withdrawals import read_withdrawals
from tests.support.command import Run
from tests.support.paths import AS_OF
from tests.support.published_messages import check_messages
from tests.support.report_lines import HEADINGS
from transforms.reports.validation import judge

Rows = list[tuple[object, ...]]


Publish = Callable[..., Callable[[str], Rows]]
Report = Callable[..., Callable[[str], Rows]]


def publisher(refresh: Run, raw: Path, tmp_path: Path) -> Publish:
    """Return a function that publishes a release with the given lines, or files by name, and answers SQL about it."""

    def run(*lines: str, **files: str | bytes) -> Callable[[str], Rows]:
        _write(raw / "progress", *lines, **files)
        done = refresh()
        assert done.returncode == 0, done.stderr
        database = tmp_path / "warehouse" / "current" / "npa.duckdb"
        with duckdb.connect(str(database), read_only=True) as con:
            _check(con)

        def ask(sql: str) -> Rows:
            with duckdb.connect(str(database), read_only=True) as con:
                return con.execute(sql).fetchall()

        return ask

    return run


def reporter(con: duckdb.DuckDBPyConnection, raw: Path) -> Iterator[Report]:
    """Yield a function that judges the given lines, or files by name, as a refresh does, next to the plan in `con`, and
    answers SQL about them until it is called again. At the end, `con` is as before."""

    def run(*lines: str, **files: str | bytes) -> Callable[[str], Rows]:
        _write(raw / "progress", *lines, **files)
        _end(con)
        con.execute("BEGIN")
        inputs = read_inputs(raw)
        read_reports(con, inputs.reports, inputs.evidence, read_withdrawals(inputs)[0])
        judge(con, f"DATE '{AS_OF}'")
        _check(con)
        return lambda sql: con.execute(sql).fetchall()

    yield run
    _end(con)


def _end(con: duckdb.DuckDBPyConnection) -> None:
    with suppress(duckdb.TransactionException):  # there is none
        con.execute("ROLLBACK")


def _write(folder: Path, *lines: str, **files: str | bytes) -> None:
    folder.mkdir(exist_ok=True)
    if lines:
        files |= {"report.csv": "\n".join([HEADINGS, *lines])}
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def _check(con: duckdb.DuckDBPyConnection) -> None:
    """Assert that every row of the reports was accepted or rejected, each for a reason of the catalogue."""
    check_messages(con)
    ((balanced,),) = con.execute("""
        SELECT coalesce(sum(rows_accepted), 0) = (SELECT count(*) FROM fact_progress)
           AND coalesce(sum(rows_rejected), 0) = (SELECT count(source_row) FROM rejected_row)
        FROM dim_progress_file""").fetchall()
    assert balanced
