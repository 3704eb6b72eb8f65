"""SDMX-CSV 1.0 and 2.x, in the variants that the standards allow, compared with a simple reading of the same file."""

import csv
import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.sources.formats.files.refusals import duckdb_problem
from flows.sources.formats.relation import select
from flows.sources.formats.sdmx.csv import read
from tests.support.examples import examples
from tests.support.paths import DATA
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset


def dataset(**keys: object) -> Dataset:
    """Return a description of an SDMX-CSV file."""
    head = {"dataset_id": "T", "title": "t", "publisher": "p", "source_url": "u", "licence": "l",
            "retrieved_on": "2026-01-01", "format": "sdmx-csv", "files": ["a.csv"]}  # fmt: skip
    return Dataset.model_validate(head | keys)


def rows(path: Path, folder: Path, **keys: object) -> list[dict[str, str | None]]:
    """Return the rows of the reader, by the names of their columns."""
    with duckdb.connect() as con:
        source = read(con, path, dataset(**keys), folder)
        assert source.first_row == 2
        listed = source.relation.project(select(source.names))
        return [dict(zip(source.names, row, strict=True)) for row in listed.fetchall()]


def plainly(path: Path) -> list[dict[str, str | None]]:
    """Return the same rows by the csv module."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("derived-not-official/tajstat_sdmx-csv-1.0.csv", {"DATAFLOW"}),
        ("sdmx-csv/pysdmx_sdmx10_data_v1.csv", {"DATAFLOW"}),
        ("sdmx-csv/pysdmx_sdmx20_data_v2.csv", {"STRUCTURE", "STRUCTURE_ID"}),
    ],
)
def test_published_files(tmp_path: Path, name: str, about: set[str]) -> None:
    path = DATA / name
    expected = [{key: value for key, value in row.items() if key not in about} for row in plainly(path)]
    assert rows(path, tmp_path) == expected


def test_labels_both_is_taken_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "STRUCTURE,STRUCTURE_ID,ACTION,SEX: Sex,TIME_PERIOD: Time,OBS_VALUE: Value\n"
        "dataflow,A:B(1.0): Flow,I: Information,F: Female,2019: 2019,12.4\n",
        encoding="utf-8",
    )
    assert rows(path, tmp_path) == [{"SEX": "F", "TIME_PERIOD": "2019", "OBS_VALUE": "12.4"}]


def test_labels_name_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,SEX,Sex,TIME_PERIOD,Time,OBS_VALUE,Value\n"
        "dataflow,A:B(1.0),Flow,I,F,Female,2019,2019,12.4,12.4\n",
        encoding="utf-8",
    )
    assert rows(path, tmp_path) == [{"SEX": "F", "TIME_PERIOD": "2019", "OBS_VALUE": "12.4"}]


def test_sub_fields_keys_and_a_locale_of_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        "\ufeffSTRUCTURE[,];STRUCTURE_ID;ACTION;SERIES_KEY;SEX;TIME_PERIOD;OBS_VALUE;COMMENT[]\r\n"
        'dataflow;A:B(1.0);I;F;F;2019;12,4;"a,b"\r\n'.encode()
    )
    assert rows(path, tmp_path) == [{"SEX": "F", "TIME_PERIOD": "2019", "OBS_VALUE": "12,4", "COMMENT": "a,b"}]


def test_delete_is_never_data(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "STRUCTURE,STRUCTURE_ID,ACTION,SEX,TIME_PERIOD,OBS_VALUE\n"
        "dataflow,A:B(1.0),I,F,2019,1\ndataflow,A:B(1.0),D,F,2020,\n",
        encoding="utf-8",
    )
    with pytest.raises(duckdb.Error) as fault:
        rows(path, tmp_path)
    problem = duckdb_problem(fault.value)
    assert "the record deletes (ACTION D)" in problem.what
    assert problem.value == "dataflow,A:B(1.0),D,F,2020"


@pytest.mark.parametrize("action", ["d", "E", "D: Delete", "Delete"])
def test_an_unknown_action_is_never_data(tmp_path: Path, action: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"STRUCTURE,STRUCTURE_ID,ACTION,SEX,TIME_PERIOD,OBS_VALUE\ndataflow,A:B(1.0),{action},F,2020,1\n")
    with pytest.raises(duckdb.Error, match="npa: the record"):
        rows(path, tmp_path)


@pytest.mark.parametrize("text", ["", "one column\n1\n"])
def test_a_file_without_a_heading_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputProblem):
        rows(path, tmp_path)


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=10), st.sampled_from(",;\t|"))
def test_what_is_printed_is_read(tmp_path: Path, records: list[tuple[str, str, str]], delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["DATAFLOW", "SEX", "TIME_PERIOD", "OBS_VALUE"])
    writer.writerows(["A:B(1)", *record] for record in records)
    path = tmp_path / "a.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    expected = [dict(zip(("SEX", "TIME_PERIOD", "OBS_VALUE"), (c or None for c in r), strict=True)) for r in records]
    assert rows(path, tmp_path) == expected
