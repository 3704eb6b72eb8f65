"""The records of a CSV file, counted without DuckDB; cells and records that are too long."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.sources.formats.csv import records
from flows.sources.formats.csv.records import count_records, read_records
from flows.sources.formats.files.refusals import LONGEST_CELL, LONGEST_RECORD
from tests.support.examples import examples
from tests.support.report_books import save
from tests.support.table_files import rows, source
from transforms.errors import InputProblem


def _of_reader(text: str, delimiter: str) -> tuple[int, int]:
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    return sum(map(bool, read)), sum(not record for record in read)


@given(
    st.text(st.sampled_from('ab",;\t|\n\r Ж'), max_size=24), st.sampled_from(",;\t|"), st.integers(1, 9), st.booleans()
)
@settings(max_examples=examples(500), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_records_are_counted_as_csv_reader_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, delimiter: str, size: int, has_mark: bool
) -> None:
    """Try any text, and any place at which one piece of the file ends and the next begins."""
    data, expected = text.encode(), _of_reader(text, delimiter)
    path = save(tmp_path, b"\xef\xbb\xbf" * has_mark + data, "a.csv")
    assert count_records(path, delimiter) == expected
    with monkeypatch.context() as patch:
        patch.setattr(records, "_CHUNK", size)
        assert count_records(path, delimiter) == expected


@pytest.mark.parametrize("text", ["a,b\n1,2", "a,b\r\n\r\n1,2\r\n", "\n\n\na\r\rb\r"])
def test_a_file_without_quotation_marks_is_counted_by_line_ends_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(records, "read_records", None)
    assert count_records(save(tmp_path, text.encode(), "a.csv"), ",") == _of_reader(text, ",")


def test_a_record_in_many_pieces(tmp_path: Path) -> None:
    cell = "я" * (LONGEST_CELL - 1) + "\n"
    path = save(tmp_path, f'a,b\n"{cell}","{cell}"\n\nc,d'.encode(), "a.csv")
    assert count_records(path, ",") == (3, 1)
    with path.open(encoding="utf-8", newline="") as file:
        assert [line for line, _ in read_records(file, ",")] == [1, 4, 5, 6]
    path.write_text("a,b\n" * (LONGEST_RECORD // 3), encoding="utf-8")  # no record is long, but the file is
    with path.open(encoding="utf-8", newline="") as file:
        assert sum(1 for _ in read_records(file, ",")) == count_records(path, ",")[0] == LONGEST_RECORD // 3


@pytest.mark.parametrize("text", ["a\n1\n\n2\n", "a\n1", "a,b\n1,2\n\n\n3,4\n\n", 'a,"b\n"\n1,5" pipe\n"2\n",3'])
def test_duckdb_reads_as_many_records_as_are_counted(tmp_path: Path, text: str) -> None:
    """Try a table of one column, in which DuckDB reads blank lines as records."""
    path = save(tmp_path, text.encode(), "a.csv")
    assert source(path, 'delimiter = ","').count == len(rows(path, 'delimiter = ","'))


@pytest.mark.parametrize("cell", ["x" * (LONGEST_CELL + 1), '"' + "x\n" * LONGEST_CELL + '"'])
@pytest.mark.parametrize("before", [0, 70_000, 200_000])
def test_a_cell_that_is_too_long_is_found_in_any_place(tmp_path: Path, cell: str, before: int) -> None:
    """Read pieces of half its length, so that one of them is within it."""
    path = save(tmp_path, f"{'a,b' * (before // 3)}\nc,{cell}\n".encode(), "a.csv")
    if before > LONGEST_CELL:
        path.write_bytes(b"a,b\n" * (before // 4) + b"c," + cell.encode())
    with pytest.raises(InputProblem, match="a cell has more than 131,072 characters") as fault:
        count_records(path, ",")
    assert fault.value.line == (50_001 if before > LONGEST_CELL else 2)


def test_a_record_that_is_too_long_is_reported_with_its_first_line(tmp_path: Path) -> None:
    for record in ("x," * LONGEST_RECORD, '"\n",' * (LONGEST_RECORD // 4 + 9)):
        path = save(tmp_path, f"a,b\nc,d\n{record}\n".encode(), "a.csv")
        with pytest.raises(InputProblem, match="the record is longer than") as fault:
            count_records(path, ",")
        assert fault.value.line == 3
