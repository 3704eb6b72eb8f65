"""The records of a CSV file are counted without DuckDB, and whatever is too large is refused and never left out."""

# ruff: noqa: F401, F811  # `load` is a fixture

import csv
import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from threading import Event

import duckdb
import pytest
from conftest import Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables import rows, source
from test_report_files import GOOD, ROW, SHEET, _one, _refused, _rezipped, _saved
from test_statistics import HEAD, PLAIN, Load, load

from flows.sources.changes import file_state
from flows.sources.files import InputFile
from flows.sources.formats.csv import reader as csv_table
from flows.sources.formats.csv.records import _Count, count_records, read_records
from flows.sources.formats.limits import LARGEST_FILE, LARGEST_IN_MEMORY, LONGEST_CELL, LONGEST_RECORD
from flows.sources.formats.sdmx import csv as sdmx_csv
from flows.sources.reports import csv_report
from flows.sources.reports import load as report_reading
from flows.sources.reports.load import read_reports
from flows.sources.statistics.load import read_source
from transforms.errors import InputProblem
from transforms.reports.vocabulary import COLUMNS
from transforms.statistics.dataset.dataset_toml import Dataset

MB = 1 << 20
# A record of `size` bytes, as it may be written. DuckDB leaves out the bare one where it is the last and has 32 MB.
SHAPES: dict[str, Callable[[int, str], bytes]] = {
    "bare": lambda size, _: b"x" * size,
    "in quotation marks": lambda size, _: b'"' + b"x" * size + b'"',
    "of short lines": lambda size, end: b'"' + (b"x" * 9 + end.encode()) * (size // 10) + b'"',
    "of short lines with quotation marks": lambda size, end: b'"' + (b'x""y' + end.encode()) * (size // 5) + b'"',
}  # fmt: skip


# The count


def _of_reader(text: str, delimiter: str) -> tuple[int, int]:
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    return sum(map(bool, records)), sum(not record for record in records)


@given(
    st.text(st.sampled_from('ab",;\t|\n\r Ж'), max_size=24), st.sampled_from(",;\t|"), st.integers(1, 9), st.booleans()
)
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_records_are_counted_as_csv_reader_does(
    tmp_path: Path, text: str, delimiter: str, size: int, has_mark: bool
) -> None:
    """Whatever stands in the file, and wherever one piece of it ends and the next begins."""
    data, expected = text.encode(), _of_reader(text, delimiter)
    path = _saved(tmp_path, b"\xef\xbb\xbf" * has_mark + data, "a.csv")
    assert count_records(path, delimiter) == expected
    count = _Count(delimiter)
    for start in range(0, len(data), size):
        if count.is_sure:
            count.add(data[start : start + size])
    assert not count.is_sure or count.result() == expected


@given(st.lists(st.lists(st.text(st.sampled_from('a",\n\r '), max_size=4), min_size=2, max_size=3), max_size=6))
@settings(max_examples=200, deadline=None)
def test_whatever_a_program_writes_is_counted_by_line_ends_alone(records: list[list[str]]) -> None:
    file = io.StringIO()
    csv.writer(file).writerows(records)
    count = _Count(",")
    count.add(file.getvalue().encode())
    assert (count.is_sure, count.result()) == (True, _of_reader(file.getvalue(), ","))


def test_a_record_in_many_pieces(tmp_path: Path) -> None:
    cell = "я" * (LONGEST_CELL - 1) + "\n"
    path = _saved(tmp_path, f'a,b\n"{cell}","{cell}"\n\nc,d'.encode(), "a.csv")
    assert count_records(path, ",") == (3, 1)
    with path.open(encoding="utf-8", newline="") as file:
        assert [line for line, _ in read_records(file, ",")] == [1, 4, 5, 6]
    path.write_text("a,b\n" * (LONGEST_RECORD // 3), encoding="utf-8")  # no record is long, but all together
    with path.open(encoding="utf-8", newline="") as file:
        assert sum(1 for _ in read_records(file, ",")) == count_records(path, ",")[0] == LONGEST_RECORD // 3


@pytest.mark.parametrize("text", ["a\n1\n\n2\n", "a\n1", "a,b\n1,2\n\n\n3,4\n\n", 'a,"b\n"\n1,5" pipe\n"2\n",3'])
def test_duckdb_reads_as_many_records_as_are_counted(tmp_path: Path, text: str) -> None:
    """Of a table of one column it takes blank lines for records."""
    path = _saved(tmp_path, text.encode(), "a.csv")
    assert source(path, 'delimiter = ","').count == len(rows(path, 'delimiter = ","'))


@pytest.mark.parametrize("cell", ["x" * (LONGEST_CELL + 1), '"' + "x\n" * LONGEST_CELL + '"'])
@pytest.mark.parametrize("before", [0, 70_000, 200_000])
def test_a_cell_that_is_too_long_is_found_wherever_it_stands(tmp_path: Path, cell: str, before: int) -> None:
    """For pieces of half its length one lies within it."""
    path = _saved(tmp_path, f"{'a,b' * (before // 3)}\nc,{cell}\n".encode(), "a.csv")
    if before > LONGEST_CELL:
        path.write_bytes(b"a,b\n" * (before // 4) + b"c," + cell.encode())
    with pytest.raises(InputProblem, match="a cell has more than 131,072 characters") as fault:
        count_records(path, ",")
    assert fault.value.line == (50_001 if before > LONGEST_CELL else 2)


def test_a_record_that_is_too_long_is_told_by_the_line_that_it_begins_in(tmp_path: Path) -> None:
    for record in ("x," * LONGEST_RECORD, '"\n",' * (LONGEST_RECORD // 4 + 9)):
        path = _saved(tmp_path, f"a,b\nc,d\n{record}\n".encode(), "a.csv")
        with pytest.raises(InputProblem, match="the record is longer than") as fault:
            count_records(path, ",")
        assert fault.value.line == 3


# Reports


Read = Callable[[bytes], tuple[list[str], int]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a report as a refresh does: why it is refused, and how many of its lines are to be judged."""

    def run(data: bytes) -> tuple[list[str], int]:
        path = _saved(tmp_path, data, "report.csv")
        con = duckdb.connect()
        read_reports(con, {"progress/report.csv": InputFile(path, "", None, file_state(path))}, Event())
        ((lines,),) = con.execute("SELECT count(*) FROM report_line").fetchall()
        refused = con.execute("SELECT rule || ': ' || message FROM unreadable").fetchall()
        return [message for (message,) in refused], lines

    return run


def _report(shape: str, size: int, where: str, end: str, delimiter: str) -> bytes:
    """A report of 9,000 lines, larger than what Python reads itself, with one record that is too large."""
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
def test_so_it_is_in_other_encodings(read: Read, shape: str, encoding: str) -> None:
    text = _report(shape, 9 * MB, "end", "\n", ",").decode().replace("Done", "Выполнено")
    (message,), lines = read(text.encode(encoding))
    assert (lines, "2,000,000 characters" in message or "131,072 characters" in message) == (0, True)


def test_a_report_of_which_duckdb_loses_a_record_is_read_by_our_own_reader(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (",".join(COLUMNS) + "\n").encode() + (",".join(ROW) + "\n").encode() * 15_000
    assert read(whole) == ([], 15_000)
    insert = report_reading._bulk_insert
    monkeypatch.setattr(report_reading, "_bulk_insert", lambda *given: insert(*given) + " LIMIT 14999")
    assert read(whole) == ([], 15_000)
    broken = whole + (",".join(ROW) + ',"').encode()
    assert read(broken)[0][0].startswith("csv_damaged: report.csv has a quotation mark near line 15002")


def test_a_line_without_end_is_not_taken_into_memory(tmp_path: Path) -> None:
    path = _saved(tmp_path, ",".join(COLUMNS).encode() + b"\n" + b"x," * (32 * MB), "report.csv")
    tracemalloc.start()
    try:
        assert _refused(path).rule == "csv_damaged"
        assert tracemalloc.get_traced_memory()[1] < 40 * MB
    finally:
        tracemalloc.stop()


def test_reports_that_are_too_large_are_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _saved(tmp_path, b"", "report.csv")
    with path.open("r+b") as file:
        file.truncate(LARGEST_FILE + 1)  # takes no room on the disk
    fault = _refused(path)
    assert (fault.rule, fault.what) == ("file_too_large", "report.csv is larger than 8 GB")
    path = _saved(tmp_path, (",".join(COLUMNS) + "\n" + ",".join(ROW)).encode(), "report.csv")
    assert _one(path).cells == [ROW]
    monkeypatch.setattr(csv_report, "LARGEST_IN_MEMORY", 100)
    assert _refused(path).rule == "file_too_large"


def test_a_workbook_with_a_cell_that_is_too_long_is_refused(tmp_path: Path) -> None:
    for count, rule in ((LONGEST_CELL, None), (LONGEST_CELL + 1, "cell_too_long")):
        long = b"x" * count
        book = _rezipped(GOOD, SHEET, lambda xml: xml.replace(b"Done", long))  # noqa: B023
        path = _saved(tmp_path, book)
        if rule is None:
            assert _one(path).cells[0][7] == "x" * count
        else:
            assert _refused(path).rule == rule
            assert "more than 131,072 characters in row 2 of the sheet “Sheet”" in _refused(path).what


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


# Statistics


def _table(shape: str, size: int, where: str, end: str, delimiter: str) -> bytes:
    heading = PLAIN.strip().replace(",", delimiter) + end
    few = "".join(delimiter.join(("SI_POV_NAHC", "TJ", str(year), "1")) + end for year in range(2000, 2010))
    mark = delimiter.encode()
    large = mark.join((b"SI_POV_NAHC", b"TJ", b"2019", SHAPES[shape](size, end)))
    last = {"middle": end.encode() + few.encode(), "end": end.encode(), "end of file": b""}[where]
    return (heading + few).encode() + large + last


@pytest.mark.parametrize("where", ["middle", "end", "end of file"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("kind", "size", "end", "delimiter"),
    [("csv", 33 * MB, "\n", ","), ("sdmx-csv", 2 * MB, "\r\n", ";"), ("csv", 3 * MB, "\r\n", "|"),
     ("sdmx-csv", 200_000, "\n", ",")],
)  # fmt: skip
def test_a_table_with_a_record_that_is_too_large_is_refused(
    load: Load,
    shape: str,
    where: str,
    kind: str,
    size: int,
    end: str,
    delimiter: str,
) -> None:
    faults = load(head=HEAD.replace('"csv"', f'"{kind}"'), a=_table(shape, size, where, end, delimiter)).faults
    assert faults.startswith("statistics/test/a.csv:12: ")
    assert "2,000,000" in faults or "a cell has more than 131,072 characters" in faults
    assert "quotation mark" in faults or "Is it a table?" in faults
    assert faults.count("\n") == 0


@pytest.mark.parametrize("encoding", ["utf-16-le", "cp1251"])
def test_so_is_its_copy_from_another_encoding(load: Load, encoding: str) -> None:
    text = _table("of short lines", 3 * MB, "end", "\n", ",").decode().replace("xxxx", "жжжж")
    faults = load(f'encoding = "{encoding}"\n', a=text.encode(encoding)).faults
    assert faults.startswith("statistics/test/a.csv:12: a cell has more than 131,072 characters")


@pytest.mark.parametrize("layout", ["[layout]\nheader = 2\n", '[layout]\nend = "Note"\n'])
def test_records_are_counted_in_the_part_that_is_read(load: Load, layout: str) -> None:
    title = "Title\n" if "header" in layout else ""
    lines = 'SI_POV_NAHC,TJ,2019,1\n\n"SI_POV_NAHC",TJ,2020,1\n'
    end = "Note: no data\n" if "end" in layout else ""
    found = load(layout, a=title + PLAIN + lines + end)
    assert found.counts == (2, 2, 0, 0)


def test_a_table_of_which_duckdb_loses_a_record_is_refused(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "".join(f"SI_POV_NAHC,TJ,{year},1\n" for year in range(2000, 2010))
    records = csv_table._records
    with monkeypatch.context() as patch:
        patch.setattr(csv_table, "_records", lambda *given: records(*given).limit(9))
        lost = "a.csv: the file has 10 records below its heading, and 9 of them can be read"
        assert lost in load(a=PLAIN + lines).faults
        across = '[constants]\nstatistic_id = "SI_POV_NAHC"\n[layout]\nacross = "TIME_PERIOD"\n'
        for years in ("2019", "2019,2020"):
            line = "TJ" + ",1" * len(years.split(",")) + "\n"
            assert lost in load(across, a=f"REF_AREA,{years}\n" + line * 10).faults
    monkeypatch.setattr(sdmx_csv, "counted", lambda *_: 11)
    assert (
        "11 records below its heading, and 10" in load(head=HEAD.replace('"csv"', '"sdmx-csv"'), a=PLAIN + lines).faults
    )


def test_a_mark_after_a_blank_may_mean_two_things(load: Load) -> None:
    """DuckDB has it begin a cell, csv.reader does not: where that makes other records, nobody guesses."""
    row = 'SI_POV_NAHC,TJ,2019,1, "a, b"\n'
    assert load('[concepts]\nNOTE = ""\n', a=PLAIN.strip() + ",NOTE\n" + row).faults == ""
    faults = load('[concepts]\nNOTE = ""\n', a=PLAIN.strip() + ",NOTE\n" + row.replace(", b", "\nb")).faults
    assert "the file has 2 records below its heading, and 1 of them can be read" in faults


@pytest.mark.parametrize("kind", ["parquet", "json-stat", "sdmx-ml", "px"])
def test_a_cell_that_is_too_long_is_refused_in_every_format(load: Load, kind: str, tmp_path: Path) -> None:
    long = "x" * (LONGEST_CELL + 1)
    if kind == "parquet":
        path = tmp_path / "a.parquet"
        duckdb.execute(f"COPY (SELECT 'SI_POV_NAHC' AS SERIES, 'TJ' AS REF_AREA, '2019' AS TIME_PERIOD, '{long}' AS "
                       f"OBS_VALUE) TO '{path}'")  # fmt: skip
        data = path.read_bytes()
    elif kind == "json-stat":
        data = (f'{{"class": "dataset", "id": ["REF_AREA"], "size": [1], "dimension": {{"REF_AREA": {{"category": '
                f'{{"index": ["TJ"]}}}}}}, "value": ["{long}"]}}').encode()  # fmt: skip
    elif kind == "px":
        data = (f'STUB="REF_AREA";HEADING="TIME_PERIOD";VALUES("REF_AREA")="{long}";VALUES("TIME_PERIOD")="2019";'
                f'DATA=\n1;\n').encode()  # fmt: skip
    else:
        space = "http://www.SDMX.org/resources/SDMXML/schemas/v2_0"
        data = (f'<m:GenericData xmlns:m="{space}/message" xmlns:g="{space}/generic"><m:Header/><m:DataSet><g:Series>'
                f'<g:SeriesKey><g:Value '
                f'concept="REF_AREA" value="TJ"/></g:SeriesKey><g:Obs><g:Time>2019</g:Time><g:ObsValue value="{long}"/>'
                f'</g:Obs></g:Series></m:DataSet></m:GenericData>').encode()  # fmt: skip
    name = {"parquet": "a.parquet", "json-stat": "a.json", "sdmx-ml": "a.xml", "px": "a.px"}[kind]
    period = 'time_period = "2019"\n' if kind == "json-stat" else ""
    toml = "" if kind == "parquet" else f'[constants]\nstatistic_id = "SI_POV_NAHC"\n{period}'
    head = HEAD.replace('"csv"', f'"{kind}"').replace("*.csv", name)
    faults = load(toml, head=head, **{name: data}).faults
    assert f"{name}: a cell has more than 131,072 characters" in faults
    assert len(faults) < 1_000


def test_a_file_of_any_format_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    said = {"dataset_id": "A", "title": "a", "publisher": "a", "source_url": "a", "licence": "a", "files": ["*"],
            "retrieved_on": "2026-01-01"}  # fmt: skip
    for kind in ("csv", "sdmx-csv", "sdmx-ml", "px", "json-stat", "xlsx", "parquet"):
        described = Dataset.model_validate(said | {"format": kind}, strict=False)
        with pytest.raises(InputProblem, match="the file has more than 8 GB"):
            read_source(duckdb.connect(), path, described, tmp_path)


def test_the_limits_are_one(load: Load) -> None:
    assert csv.field_size_limit() == LONGEST_CELL
    assert LARGEST_IN_MEMORY < LARGEST_FILE
    cell = "x" * LONGEST_CELL
    head = PLAIN.strip() + ",NOTE\n"
    toml = '[concepts]\nNOTE = ""\n'
    assert load(toml, a=f"{head}SI_POV_NAHC,TJ,2019,1,{cell}\n").faults == ""
    assert "a.csv:2: a cell has more" in load(toml, a=f"{head}SI_POV_NAHC,TJ,2019,1,{cell}x\n").faults
