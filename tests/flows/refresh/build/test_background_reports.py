"""Reports are read aside: many workbooks by processes of their own, with what reading them one by one gives."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import duckdb
import pytest
from openpyxl import Workbook

from flows.refresh.build.background_reports import ReportsAside
from flows.refresh.build.connection import in_memory
from flows.sources.files import InputFile, read_inputs
from flows.sources.reports import load as report_reading
from flows.sources.reports import workers
from flows.sources.reports.load import read_reports
from tests.support.command import Run
from tests.support.report_lines import GOOD, HEADINGS
from transforms.errors import WarehouseFault

TABLES = "report_sheet", "report_line", "unreadable"


@pytest.fixture
def reports(raw: Path) -> dict[str, InputFile]:
    """As many workbooks as two processes read, no two alike; some cannot be read, and a CSV file stands among them."""
    folder = raw / "progress"
    folder.mkdir(exist_ok=True)
    for number in range(2 * workers._ENOUGH):
        book = Workbook()
        (sheet,) = book.worksheets
        sheet.append(HEADINGS.split(","))
        sheet.append([*GOOD.replace("01-20", f"01-{number % 31 + 1:02d}").split(",")[:5], None, None, f"Work {number}"])
        book.save(folder / f"{number:03d}.xlsx")
    (folder / "017.xlsx").write_bytes((folder / "017.xlsx").read_bytes()[:900])
    (folder / "030.xlsx").write_bytes(b"")
    (folder / "041.csv").write_text(f"{HEADINGS}\n{GOOD}\n", encoding="utf-8")
    return read_inputs(raw).reports


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that are started."""
    processes: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def start(*arguments: object, **options: object) -> subprocess.Popen[bytes]:
        processes.append(real(*arguments, **options))  # type: ignore[call-overload]
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    return processes


def _read(reports: dict[str, InputFile]) -> list[list[tuple[object, ...]]]:
    with in_memory() as con:
        read_reports(con, reports, threading.Event())
        return [con.execute(f"FROM {table} ORDER BY rowid").fetchall() for table in TABLES]


def test_processes_give_what_reading_one_by_one_gives(
    reports: dict[str, InputFile], started: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = _read(reports)
    assert len(started) == min(2, os.cpu_count() or 1)
    monkeypatch.setattr(workers, "_ENOUGH", 1_000_000)
    assert aside == _read(reports)
    assert len(started) == min(2, os.cpu_count() or 1)
    sheets, lines, unreadable = aside
    assert (len(sheets), len(lines)) == (len(reports) - 2, len(reports) - 2)
    assert [(row[0], row[3]) for row in unreadable] == [
        ("progress/017.xlsx", "file_damaged"), ("progress/030.xlsx", "file_empty"),
    ]  # fmt: skip


def test_a_night_with_many_workbooks(refresh: Run, reports: dict[str, InputFile], tmp_path: Path) -> None:
    done = refresh()
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(tmp_path / "warehouse" / "current" / "npa.duckdb"), read_only=True) as con:
        ((files, rejected),) = con.execute("""
            SELECT (SELECT count(*) FROM dim_progress_file),
                   (SELECT count(*) FROM rejected_row WHERE source_row IS NULL)""").fetchall()
    assert (files, rejected) == (len(reports) - 2, 2)


def test_a_process_that_ends_over_a_workbook(reports: dict[str, InputFile], monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
import os, pickle, sys
for path in pickle.load(sys.stdin.buffer):
    if path.name == "120.xlsx":
        os.abort()
    pickle.dump([], sys.stdout.buffer)
    sys.stdout.buffer.flush()
"""
    monkeypatch.setattr(workers, "_COMMAND", [sys.executable, "-c", code])
    with pytest.raises(WarehouseFault, match=r"120\.xlsx: the process that was reading it ended"):
        _read(reports)


def test_no_room_for_what_is_read(reports: dict[str, InputFile], monkeypatch: pytest.MonkeyPatch) -> None:
    real = tempfile.TemporaryFile
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    files = iter([real(), full.open("r+b", buffering=0), real(), full.open("r+b", buffering=0)])
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: next(files))
    with pytest.raises(WarehouseFault, match="does not take what is read of the workbooks"):
        _read(reports)
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: full.open("r+b", buffering=0))
    with pytest.raises(WarehouseFault, match="No space left on device"):
        _read(reports)


def test_processes_end_when_they_are_not_needed(
    reports: dict[str, InputFile], started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_COMMAND", [sys.executable, "-c", "import time; time.sleep(600)"])
    with ReportsAside(reports):
        while not started:
            time.sleep(0.01)
    assert all(process.poll() is not None for process in started)


@pytest.mark.parametrize(("line", "is_bulk", "read"), [
    (GOOD, True, 3),
    (HEADINGS, False, 3),  # repeated, they are blank
    (GOOD + ",,,", True, 3),
    (GOOD + ",,,more", False, 3),
    (GOOD.replace("40,,", '40,,"a ""word"""'), False, 3),
    ("", False, 3),
])  # fmt: skip
def test_a_large_file_is_read_by_duckdb_where_both_count_alike(
    raw: Path, monkeypatch: pytest.MonkeyPatch, line: str, is_bulk: bool, read: int
) -> None:
    monkeypatch.setattr(report_reading, "_BULK_BYTES", 0)
    (raw / "progress").mkdir(exist_ok=True)
    (raw / "progress" / "a.csv").write_text(f"{HEADINGS}\n{GOOD}\n{line}\n{GOOD}\n", encoding="utf-8")
    with in_memory() as con:
        read_reports(con, read_inputs(raw).reports, threading.Event())
        rows = con.execute("SELECT source_row IS NULL FROM report_line").fetchall()
        assert rows == [(is_bulk,)] * read
        assert con.execute("SELECT count(*) FROM report_line WHERE activity_id = 'activity_id'").fetchall() == [(0,)]


def test_another_try_reads_anew(reports: dict[str, InputFile]) -> None:
    with ReportsAside({"progress/041.csv": reports["progress/041.csv"]}) as aside:
        for _ in range(2):
            with aside.database():
                assert aside.read
                con = aside.read()
                assert con.execute("SELECT count(*) FROM report_line").fetchall() == [(1,)]
                con.execute("DROP TABLE report_line")


def test_the_database_does_not_wait_for_the_reports(
    reports: dict[str, InputFile],
    started: list[subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    held = tmp_path / "held"
    wait = f"""
import pathlib, time
end = time.time() + 20
while not pathlib.Path({str(held)!r}).exists() and time.time() < end:
    time.sleep(0.01)
"""
    real = Path(workers.__file__).read_text(encoding="utf-8")
    monkeypatch.setattr(workers, "_COMMAND", [sys.executable, "-c", wait + real])
    with ReportsAside(reports) as aside, aside.database(tmp_path / "npa.duckdb") as con:
        con.execute("CREATE TABLE made (n INTEGER); INSERT INTO made VALUES (1)")
        while not started:
            time.sleep(0.01)
        assert all(process.poll() is None for process in started)  # nothing has been read yet
        held.touch()
        assert aside.read
        reader = aside.read()
        assert reader.execute("SELECT count(*) FROM report_line, made").fetchall() == [(len(reports) - 2,)]
    with duckdb.connect(str(tmp_path / "npa.duckdb")) as con:  # closed, and the reports are not in it
        assert con.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("made",)]


def test_a_fault_while_plans_are_written_ends_the_reading(
    reports: dict[str, InputFile], started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        while not started:
            time.sleep(0.01)
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(workers, "_COMMAND", [sys.executable, "-c", "import time; time.sleep(600)"])
    with ReportsAside(reports) as aside:
        with pytest.raises(RuntimeError, match="full"), aside.database():
            fail()
        assert all(process.poll() is not None for process in started)
