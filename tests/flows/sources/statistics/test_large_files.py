"""Data files that are too large, or have a record that is too large: rejected, and no row is lost."""

import csv
from pathlib import Path

import duckdb
import pytest

from flows.sources.formats.csv import reader as csv_table
from flows.sources.formats.files.refusals import LARGEST_FILE, LARGEST_IN_MEMORY, LONGEST_CELL
from flows.sources.formats.sdmx import csv as sdmx_csv
from flows.sources.statistics.staged_files import read_source
from tests.support.large_records import MB, SHAPES
from tests.support.one_data_set import HEAD, PLAIN, Load
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset


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
def test_its_copy_from_another_encoding_is_refused(load: Load, encoding: str) -> None:
    text = _table("of short lines", 3 * MB, "end", "\n", ",").decode().replace("xxxx", "жжжж")
    faults = load(f'encoding = "{encoding}"\n', a=text.encode(encoding)).faults
    assert faults.startswith("statistics/test/a.csv:12: a cell has more than 131,072 characters")


@pytest.mark.parametrize("layout", ["[layout]\nheader = 2\n", '[layout]\nend = "Note"\n'])
def test_records_are_counted_in_the_part_that_is_read(load: Load, layout: str) -> None:
    title = "Title\n" if "header" in layout else ""
    lines = 'SI_POV_NAHC,TJ,2019,1\n\n"SI_POV_NAHC",TJ,2020,1\n'
    end = "Note: no data\n" if "end" in layout else ""
    statistics = load(layout, a=title + PLAIN + lines + end)
    assert statistics.counts == (2, 2, 0, 0)


def test_a_table_of_which_duckdb_loses_a_record_is_refused(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "".join(f"SI_POV_NAHC,TJ,{year},1\n" for year in range(2000, 2010))
    records = csv_table._records
    with monkeypatch.context() as patch:
        patch.setattr(csv_table, "_records", lambda *arguments: records(*arguments).limit(9))
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
    """Reject the file where the records differ: DuckDB starts a cell with the mark, csv.reader does not."""
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
    head = {"dataset_id": "A", "title": "a", "publisher": "a", "source_url": "a", "licence": "a", "files": ["*"],
            "retrieved_on": "2026-01-01"}  # fmt: skip
    for kind in ("csv", "sdmx-csv", "sdmx-ml", "px", "json-stat", "xlsx", "parquet"):
        described = Dataset.model_validate(head | {"format": kind}, strict=False)
        with pytest.raises(InputProblem, match="the file has more than 8 GB"):
            read_source(duckdb.connect(), path, described, tmp_path)


def test_the_limits_are_equal(load: Load) -> None:
    assert csv.field_size_limit() == LONGEST_CELL
    assert LARGEST_IN_MEMORY < LARGEST_FILE
    cell = "x" * LONGEST_CELL
    head = PLAIN.strip() + ",NOTE\n"
    toml = '[concepts]\nNOTE = ""\n'
    assert load(toml, a=f"{head}SI_POV_NAHC,TJ,2019,1,{cell}\n").faults == ""
    assert "a.csv:2: a cell has more" in load(toml, a=f"{head}SI_POV_NAHC,TJ,2019,1,{cell}x\n").faults
