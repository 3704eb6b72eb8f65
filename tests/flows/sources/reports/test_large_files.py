"""Reports that are too large, or have a record that is too large: rejected, and no line is lost."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from flows.refresh.build.database import in_memory
from flows.sources.files import read_inputs
from flows.sources.formats.files.refusals import LARGEST_FILE, LONGEST_CELL
from flows.sources.input_file import InputFile, file_state
from flows.sources.reports import load as report_reading
from flows.sources.reports import sheets
from flows.sources.reports.load import read_reports
from tests.support.command import Run
from tests.support.large_records import MB, SHAPES
from tests.support.report_books import GOOD, ROW, SHEET, cells_of, read_one, refusal, rezip, save
from tests.support.report_lines import GOOD as GOOD_LINE
from tests.support.report_lines import HEADINGS
from transforms.reports.vocabulary import COLUMNS

Read = Callable[[bytes], tuple[list[str], int]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads a report as a refresh does: why it is rejected, and how many lines it has."""

    def run(data: bytes) -> tuple[list[str], int]:
        path = save(tmp_path, data, "report.csv")
        con = duckdb.connect()
        read_reports(con, {"progress/report.csv": InputFile(path, "", None, file_state(path))})
        ((lines,),) = con.execute("SELECT count(*) FROM report_line").fetchall()
        refused = con.execute("SELECT rule || ': ' || message FROM unreadable").fetchall()
        return [message for (message,) in refused], lines

    return run


def _report(shape: str, size: int, where: str, end: str, delimiter: str) -> bytes:
    """Return a report of 9,000 lines, larger than what Python reads itself, with one record that is too large."""
    mark = delimiter.encode()
    few = (delimiter.join(ROW) + end).encode() * (9_000 // 2)
    large = mark.join(cell.encode() for cell in ROW[:7]) + mark + SHAPES[shape](size, end) + mark + b"http://a.tj"
    last = {"middle": end.encode() + few, "end": end.encode(), "end of file": b""}[where]
    return (delimiter.join(COLUMNS) + end).encode() + few + few + large + last


@pytest.mark.parametrize("where", ["middle", "end", "end of file"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("size", "end", "delimiter"), [(33 * MB, "\n", ","), (2 * MB, "\r\n", ";"), (3 * MB, "\n", "\t")]
)
def test_a_report_with_a_record_that_is_too_large_is_refused(
    read: Read, shape: str, size: int, where: str, end: str, delimiter: str
) -> None:
    (message,), lines = read(_report(shape, size, where, end, delimiter))
    assert lines == 0
    assert "report.csv has a" in message
    assert "quotation mark" in message
    assert "line 9002" in message
    assert "2,000,000 characters" in message or "131,072 characters" in message


@pytest.mark.parametrize("encoding", ["utf-16", "cp1251", "utf-8-sig"])
@pytest.mark.parametrize("shape", ["bare", "of short lines"])
def test_a_large_record_is_refused_in_other_encodings(read: Read, shape: str, encoding: str) -> None:
    text = _report(shape, 9 * MB, "end", "\n", ",").decode().replace("Done", "Выполнено")
    (message,), lines = read(text.encode(encoding))
    assert (lines, "2,000,000 characters" in message or "131,072 characters" in message) == (0, True)


def test_a_large_file_that_is_damaged_at_its_end_leaves_no_line(read: Read) -> None:
    whole = (",".join(COLUMNS) + "\n").encode() + (",".join(ROW) + "\n").encode() * (report_reading._ROWS_AT_A_TIME + 9)
    assert read(whole) == ([], report_reading._ROWS_AT_A_TIME + 9)
    (message,), lines = read(whole + (",".join(ROW) + ',"').encode())
    assert message.startswith(
        f"csv_damaged: report.csv has a quotation mark near line {report_reading._ROWS_AT_A_TIME + 11}"
    )
    assert lines == 0


@pytest.mark.parametrize("line", [
    GOOD_LINE, HEADINGS, GOOD_LINE + ",,,", GOOD_LINE + ",,,more", GOOD_LINE.replace("40,,", '40,,"a ""word"""'), "",
])  # fmt: skip
def test_lines_of_every_shape_are_counted_in_pieces_as_in_one(
    raw: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    (raw / "progress").mkdir(exist_ok=True)
    text = f"{HEADINGS}\n{GOOD_LINE}\n{line}\n{GOOD_LINE}\n"
    (raw / "progress" / "a.csv").write_text(text, encoding="utf-8")
    for rows_at_a_time in (1, 2, 20_000):
        monkeypatch.setattr(report_reading, "_ROWS_AT_A_TIME", rows_at_a_time)
        with in_memory() as con:
            read_reports(con, read_inputs(raw).reports)
            rows = con.execute("SELECT source_row, activity_id FROM report_line ORDER BY line").fetchall()
            assert [number for number, _ in rows] == [2, 3, 4]
            assert [name for _, name in rows if name] == ["TJK-CRC-2018-01-01"] * (2 + line.startswith(GOOD_LINE[:40]))


def test_an_endless_line_is_not_read_into_memory(tmp_path: Path) -> None:
    path = save(tmp_path, ",".join(COLUMNS).encode() + b"\n" + b"x," * (32 * MB), "report.csv")
    tracemalloc.start()
    try:
        assert refusal(path).rule == "csv_damaged"
        assert tracemalloc.get_traced_memory()[1] < 40 * MB
    finally:
        tracemalloc.stop()


def test_reports_that_are_too_large_are_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path, b"", "report.csv")
    with path.open("r+b") as file:
        file.truncate(LARGEST_FILE + 1)  # takes no room on the disk
    fault = refusal(path)
    assert (fault.rule, fault.what) == ("file_too_large", "report.csv is larger than 8 GB")
    path = save(tmp_path, (",".join(COLUMNS[: len(ROW)]) + "\n" + ",".join(ROW)).encode(), "report.csv")
    assert cells_of(read_one(path)) == [ROW]
    monkeypatch.setattr(sheets, "LARGEST_FILE", 100)
    assert refusal(path).rule == "file_too_large"


def test_a_workbook_with_a_cell_that_is_too_long_is_refused(tmp_path: Path) -> None:
    for count, rule in ((LONGEST_CELL, None), (LONGEST_CELL + 1, "cell_too_long")):
        long = b"x" * count
        book = rezip(GOOD, SHEET, lambda xml: xml.replace(b"Done", long))  # noqa: B023
        path = save(tmp_path, book)
        if rule is None:
            assert cells_of(read_one(path))[0][7] == "x" * count
        else:
            assert refusal(path).rule == rule
            assert "more than 131,072 characters in row 2 of the sheet “Sheet”" in refusal(path).what


def test_the_night_goes_on(refresh: Run, raw: Path, tmp_path: Path) -> None:
    folder = raw / "progress"
    folder.mkdir(exist_ok=True)
    line = "TJK-CRC-2018-01-01,TJK-MOES,2019,2020-01-20,in_progress,40,,,\n"
    head = ",".join(COLUMNS) + "\n"
    (folder / "good.csv").write_text(head + line, encoding="utf-8")
    (folder / "large.csv").write_bytes((head + line).encode() + line.encode()[:-2] + b"x" * (33 * MB))
    done = refresh()
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(tmp_path / "warehouse" / "current" / "npa.duckdb"), read_only=True) as con:
        assert con.execute("SELECT source_file FROM fact_progress").fetchall() == [("progress/good.csv",)]
        refused = con.execute("SELECT source_file, rule FROM rejected_row").fetchall()
        assert refused == [("progress/large.csv", "csv_damaged")]
        balance = con.execute(
            "SELECT rows_read = rows_accepted + rows_repeated + rows_rejected + rows_blank FROM dim_progress_file"
        ).fetchall()
        assert all(is_even for (is_even,) in balance)
