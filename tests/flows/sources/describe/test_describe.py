"""`npa dataset describe`: files are recognised by their content, and the draft loads once it is completed."""

import csv
import inspect
import json
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.sources.describe.describe import Undescribed, describe
from flows.sources.formats.registry import READERS, reader_of, recognise
from schemas.enumerations import DATASET_FORMATS
from tests.support.command import npa
from tests.support.examples import examples
from tests.support.one_data_set import Load
from tests.support.paths import DATA, ROOT
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.statistics.describe.draft import draft, report

FILES = [
    *sorted((DATA / "px").glob("*.[pP][xX]")),
    *sorted((DATA / "derived-not-official").glob("*.[pc]*")),
    *sorted((DATA / "sdmx-csv").glob("*.csv")),
    DATA / "sdmx-ml-and-excel" / "16.9.1.xlsx",
    DATA / "sdmx-ml-and-excel" / "16.9.1.xml",
    ROOT / "raw" / "statistics" / "unicef-cme" / "CME_MRY0T4_all_2020.csv",
    *sorted((ROOT / "raw" / "statistics" / "unsd-sdg").glob("ddf--datapoints--*.csv")),
]
CUBE = {"version": "2.0", "class": "dataset", "id": ["region", "sex", "year"], "size": [2, 2, 2],
        "role": {"time": ["year"]},
        "dimension": {"region": {"category": {"index": ["KT", "SU"], "label": {"KT": "Khatlon", "SU": "Sughd"}}},
                      "sex": {"category": {"index": ["1", "2"], "label": {"1": "Men", "2": "Women"}}},
                      "year": {"category": {"index": ["2018", "2019"]}}},
        "value": [1, 2.5, 3, 4, 5, 6, None, 8], "status": {"6": "c"}}  # fmt: skip


# Lines that a draft leaves to complete.
OPEN_LINES = {
    "BE0101A1.px": 122, "EXEMPEL2.PX": 9, "icane_1001.px": 2, "nahc_ru_windows-1251.px": 2,
    "tajstat_sdmx-csv-1.0.csv": 1, "16.9.1.xlsx": 18, "16.9.1.xml": 19, "CME_MRY0T4_all_2020.csv": 1,
}  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_draft_of_every_real_file_is_a_dataset(path: Path) -> None:
    description = describe(path)
    tree = tomllib.loads(draft(description))
    dataset = Dataset.model_validate(tree)
    assert dataset.files == [path.name]
    assert set(dataset.concepts) <= {column.name for column in description.columns}
    assert description.by_target("obs_value")
    assert description.periods
    assert "layout" not in "".join(map(str, description.problems))
    for column in description.columns:
        assert f"{column.name} → " in report(description)
    sections = (*tree.get("codes", {}).values(), *(tree.get(name, {}) for name in ("series", "marks", "constants")))
    open_lines = sum(value == "" for section in sections for value in section.values())
    assert open_lines == OPEN_LINES.get(path.name, open_lines)


def _toml(tree: dict[str, Any], path: tuple[str, ...] = ()) -> str:
    """Return a tree of tables as TOML."""
    plain = {key: value for key, value in tree.items() if not isinstance(value, dict)}
    lines = [f"[{'.'.join(map(json.dumps, path))}]"] if path else []
    lines += [f"{json.dumps(key)} = {json.dumps(value) if not hasattr(value, 'isoformat') else value.isoformat()}"
              for key, value in plain.items()]  # fmt: skip
    return "\n".join([*lines, *(_toml(value, (*path, key)) for key, value in tree.items() if isinstance(value, dict))])


def _completed(text: str, **constants: str) -> str:
    """Fill every gap of a draft: unknown codes are defined as themselves, areas as regions of a country of their
    own, marks are missing values."""
    tree = tomllib.loads(text)
    define: dict[str, dict[str, Any]] = {}
    sections = {name: codes for name, codes in tree.get("codes", {}).items() if name != "time_period"}
    for column, codes in {**sections, "statistic_id": tree.get("series", {})}.items():
        for code in [code for code, ours in codes.items() if not ours]:
            if code == "":
                codes[code] = "X-T"
                define.setdefault(column, {})["X-T"] = {"name": "whole"}
            else:
                del codes[code]
                define.setdefault(column, {})[code] = {"name": code}
    tree["define"] = define
    tree["marks"] = {mark: status or "M" for mark, status in tree.get("marks", {}).items()}
    for column, value in tree.get("constants", {}).items():
        tree["constants"][column] = value or constants[column]
    return _toml(tree)


LoadByDraft = Callable[..., list[Any]]


@pytest.fixture
def load_by_draft(load: Load) -> LoadByDraft:
    """Return a function that loads a file by its completed draft and returns its rows."""

    def run(path: Path, **constants: str) -> list[Any]:
        drafted = npa("dataset", "describe", path, "--toml")
        assert (drafted.returncode, drafted.stderr) == (0, "")
        return load(head=_completed(drafted.stdout, **constants), **{path.name: path.read_bytes()}).rows()

    return run


@pytest.mark.parametrize(
    ("path", "rows", "constants"),
    [
        (DATA / "px" / "EXEMPEL2.PX", 48, {}),
        (DATA / "px" / "icane_1001.px", 504, {"ref_area": "ES"}),
        (DATA / "derived-not-official" / "nahc_ru_windows-1251.px", 18, {"ref_area": "TJ"}),
        (DATA / "derived-not-official" / "tajstat_sdmx-csv-1.0.csv", 188, {}),
        (DATA / "sdmx-ml-and-excel" / "16.9.1.xlsx", 102, {"statistic_id": "SG_REG_BRTH"}),
        (ROOT / "raw/statistics/unicef-cme/CME_MRY0T4_all_2020.csv", 3, {}),
        (next((ROOT / "raw/statistics/unsd-sdg").glob("*--sh_dyn_mort--*.csv")), 60, {}),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else "",
)  # fmt: skip
def test_a_completed_draft_loads(load_by_draft: LoadByDraft, path: Path, rows: int, constants: dict[str, str]) -> None:
    assert len(load_by_draft(path, **constants)) == rows


def test_a_json_stat_file_and_a_parquet_file_load_by_their_drafts(load_by_draft: LoadByDraft, tmp_path: Path) -> None:
    cube = tmp_path / "cube.data"
    cube.write_text(json.dumps(CUBE), encoding="utf-8")
    assert len(load_by_draft(cube, statistic_id="SH_DYN_MORT")) == 8
    table = tmp_path / "table.bin"
    duckdb.sql(f"COPY (SELECT 'TJK' AS country, 2019 AS year, 2.5 AS value) TO '{table}' (FORMAT parquet)")
    description = describe(table)
    assert (description.format, [column.target for column in description.columns]) == (
        "parquet",
        ["ref_area", "time_period", "obs_value"],
    )


def test_the_report_has_the_problems_of_the_loader_with_place_and_remedy(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "SERIES,REF_AREA,SEX,YEAR,VALUE\nSI_POV_NAHC,TJ,Z,2019,1\nSI_POV_NAHC,TJ,Z,last,-\n", encoding="utf-8"
    )
    text = report(describe(path))
    for problem in (
        '- a.csv:2: sex has a code that no list of npa has, in 2 rows: "Z". Say in dataset.toml [codes.sex]',
        '- a.csv:3: the period is none that is known: "last". npa reads 2019,',
        '- a.csv:3: obs_value is no number and no known mark, in 1 rows: "-". If it is a mark,',
    ):
        assert problem in text
    path.write_text(
        "SERIES,REF_AREA,SEX,YEAR,VALUE\n" + "SI_POV_NAHC,TJ,M,2019,1\nSI_POV_NAHC,TJ,M,2019,2\n", encoding="utf-8"
    )
    assert "one key has two different rows" in report(describe(path))
    path.write_text("REF_AREA,SEX,YEAR,VALUE\nTJ,M,2019,1\n", encoding="utf-8")
    assert "- a.csv: no column is statistic_id. Name its column" in report(describe(path))


def test_a_mark_with_blanks_around_it_is_drafted_without_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("area\tyear\tvalue\nTJ\t2019\t: \nTJ\t2020\t1\n", encoding="utf-8")
    assert tomllib.loads(draft(describe(path)))["marks"] == {":": "O"}


def test_the_first_of_many_problems_with_one_remedy_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = "".join(f"SI_POV_NAHC,TJ,x{n},2019,1\n" for n in range(8))
    path.write_text(f"SERIES,REF_AREA,SEX,YEAR,VALUE\n{lines}", encoding="utf-8")
    description = describe(path)
    assert "… and 3 more of this kind" in report(description)
    assert len(tomllib.loads(draft(description))["codes"]["sex"]) == 8


def test_guesses_are_marked_and_codes_have_their_labels() -> None:
    lines = draft(describe(DATA / "px" / "EXEMPEL2.PX")).splitlines()
    assert 'region = "ref_area" # check' in lines
    assert any(line.startswith('1 = "M" # check') and "men" in line for line in lines)
    assert any(line.startswith('0114 = "" # 0114 Upplands Väsby') for line in lines)
    assert "[marks]" not in "".join(lines)  # the loader knows the dots of PC-Axis
    assert 'type = "statistic_id"' in lines  # CONTVARIABLE says so


def test_the_column_with_known_codes_is_chosen_from_two(tmp_path: Path) -> None:
    path = tmp_path / "unsd.csv"
    path.write_text(
        "Goal,Indicator,SeriesCode,GeoAreaCode,GeoAreaName,TimePeriod,Value,[Sex]\n"
        "3,3.2.1,SH_DYN_MORT,762,Tajikistan,2019,33.8,BOTHSEX\n3,3.2.1,SH_DYN_IMRT,762,Tajikistan,2019,29.9,FEMALE\n",
        encoding="utf-8",
    )
    concepts = tomllib.loads(draft(describe(path)))["concepts"]
    assert (concepts["SeriesCode"], concepts["Indicator"]) == ("statistic_id", "")


def test_a_file_of_the_who_has_countries_next_to_regions_of_the_world(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    heading = "GHO,YEAR,REGION,COUNTRY,SEX,RESIDENCEAREATYPE,WEALTHQUINTILE,Display Value,Numeric,Low,High\n"
    rows = "stunt5,2012,EUR,TJK,,URB,,21.4,21.43576,18.6,24.6\nstunt5,2012,EUR,TJK,FMLE,,WQ1,32.1,32.05732,28.1,36.2\n"
    path.write_text(heading + rows, encoding="utf-8")
    tree = tomllib.loads(draft(describe(path)))
    assert tree["concepts"]["COUNTRY"] == "ref_area"
    assert (tree["concepts"]["Numeric"], tree["concepts"]["Display Value"]) == ("obs_value", "")
    assert {column: set(codes.values()) for column, codes in tree["codes"].items()} == {
        "sex": {"F", "_T"}, "urbanisation": {"U", "_T"}, "income_wealth_quantile": {"Q1", "_T"},
    }  # fmt: skip


def test_a_table_of_people_shows_its_sheet_and_its_layout() -> None:
    description = describe(DATA / "sdmx-ml-and-excel" / "16.9.1.xlsx")
    assert "Лист1: 47 rows × 6 columns; periods stand across in row 4: 2014 … 2023" in report(description)
    layout = tomllib.loads(draft(description))["layout"]
    assert (layout["header"], layout["labels"], layout["groups"]["By sex"]) == (4, {"A": "", "B": "", "C": ""}, "SEX")


def test_of_many_areas_only_tajikistan_is_read_and_codes_of_others_are_not_needed() -> None:
    tree = tomllib.loads(draft(describe(ROOT / "raw/statistics/unicef-cme/CME_MRY0T4_all_2020.csv")))
    assert tree["keep"] == {"ref_area": ["TJ"]}
    assert "ref_area" not in tree["codes"]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("DATAFLOW,FREQ,OBS_VALUE\nA:B(1.0),A,1\n", "x.xlsx", ("sdmx-csv", "SDMX-CSV 1.0")),
        ("STRUCTURE[;];STRUCTURE_ID;ACTION;FREQ\ndataflow;A:B(1.0);I;A\n", "x.txt", ("sdmx-csv", "SDMX-CSV 2.x")),
        ("Год;Число\n2019;5,5\n", "x.px", ("csv", "CSV")),
        ('<m:StructureSpecificData xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"/>', "x",
         ("sdmx-ml", "SDMX-ML 2.1 StructureSpecific")),
        ('<?xml version="1.0"?><!-- a --><GenericData xmlns="http://www.SDMX.org/resources/SDMXML/schemas/v2_0/">', "x",
         ("sdmx-ml", "SDMX-ML 2.0 Generic")),
        ('{"class": "dataset"}', "x.csv", ("json-stat", "JSON-stat")),
        ('CHARSET="ANSI";\nAXIS-VERSION="2006";\n', "x.csv", ("px", "PC-Axis")),
    ],
)  # fmt: skip
def test_formats_are_recognised_by_content(tmp_path: Path, text: str, name: str, expected: tuple[str, str]) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    kind = recognise(path)
    assert (kind.format, kind.name) == expected


def test_every_format_of_the_contract_has_a_reader_that_says_what_it_handles() -> None:
    assert sorted(READERS) == sorted(DATASET_FORMATS)
    for name in READERS:
        reader = reader_of(name)
        assert list(inspect.signature(reader.handles).parameters) == ["head"]
        assert list(inspect.signature(reader.read).parameters) == ["con", "path", "dataset", "folder"]


def test_readers_load_heavy_libraries_only_when_they_read() -> None:
    code = "from flows.sources.formats.registry import READERS, reader_of; list(map(reader_of, READERS)); import sys; "
    heavy = ("lxml", "python_calamine", "openpyxl", "pandas", "pandera")
    done = subprocess.run([sys.executable, "-c", f"{code}print(sorted(set({heavy}) & sys.modules.keys()))"], cwd=ROOT,
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout == "[]\n"


def test_encoding_and_delimiter_are_found_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "births.csv"
    path.write_bytes("Регион;Год;Значение\nХатлонская область;2019;12,5\nСогдийская область;2019;…\n".encode("cp1251"))
    tree = tomllib.loads(draft(describe(path)))
    assert (tree["encoding"], tree["delimiter"], tree["decimal"]) == ("cp1251", ";", ",")
    assert tree["concepts"] == {"Регион": "ref_area", "Год": "time_period", "Значение": "obs_value"}
    assert tree["marks"] == {"…": "O"}


@pytest.mark.parametrize(
    ("text", "layout", "concepts"),
    [
        ("country,1990,1991\nTJK,1,2\n", {"across": "TIME_PERIOD"}, {"country": "ref_area"}),
        ("A title\n\ncountry,year,value\nTJK,2019,2\n", {"header": 3},
         {"country": "ref_area", "year": "time_period", "value": "obs_value"}),
        ("area,year,births,deaths\nTJ,2019,2,1\n", {"across": "SERIES"}, {"area": "ref_area", "year": "time_period"}),
    ],
)  # fmt: skip
def test_layouts_of_csv_files(tmp_path: Path, text: str, layout: dict[str, Any], concepts: dict[str, str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    description = describe(path)
    tree = tomllib.loads(draft(description))
    assert (tree["layout"], tree["concepts"]) == (layout, concepts)
    assert description.by_target("obs_value")
    assert description.periods


def test_only_the_first_rows_of_a_huge_file_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.sources.describe.describe.ROWS", 10)
    path = tmp_path / "a.csv"
    path.write_text("area,year,value\n" + "".join(f"TJ,{1990 + n},{n}\n" for n in range(20)), encoding="utf-8")
    description = describe(path)
    assert (description.rows, description.is_all) == (10, False)
    assert description.columns[0].codes == [("TJ", 10)]
    assert "the first 10 rows, not all" in report(description)


def _bad_files(folder: Path) -> dict[str, tuple[bytes, str]]:
    with zipfile.ZipFile(folder / "made.zip", "w") as archive:
        archive.writestr("a.csv", "a,b")
        archive.writestr("b.csv", "a,b")
    px = (DATA / "px" / "BE0101A1.px").read_bytes()
    return {
        "empty": (b"", "is empty"),
        "a.xls": (b"\xd0\xcf\x11\xe0" + bytes(100), "old .xls"),
        "a.pdf": (b"%PDF-1.4", "PDF"),
        "a.zip": ((folder / "made.zip").read_bytes(), "2 files"),
        "a.html": (b"<!DOCTYPE html><html>", "web site"),
        "a.xml": (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>', "entities"),
        "s.xml": (b'<Structure xmlns="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message">', "structure ="),
        "sdmx.json": (b'{"data": {"dataSets": []}}', "SDMX-CSV"),
        "cut.px": (px[:100_000], "cut.px"),
        "one.csv": (b"only one column\nx\n", "divided"),
        "ragged.csv": (b"area,year,value\nTJ,2019,1\nTJ,2019,1,5\n", "cells"),
        "cut.parquet": (b"PAR1" + bytes(50), "Parquet"),
        "noise": (bytes(range(256)) * 10, "noise"),
    }  # fmt: skip


_CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(heading=st.lists(_CELL, min_size=2, max_size=4), cells=st.lists(_CELL, min_size=4, max_size=16))
def test_any_csv_file_is_drafted_or_refused(tmp_path: Path, heading: list[str], cells: list[str]) -> None:
    path = tmp_path / "a.csv"
    width = len(heading)
    rows = [heading, *(cells[n : n + width] for n in range(0, len(cells) - width + 1, width))]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with suppress(Undescribed):
        description = describe(path)
        Dataset.model_validate(tomllib.loads(draft(description)))
        assert report(description)


def test_bad_files_are_reported_in_a_sentence(tmp_path: Path) -> None:
    for name, (data, expected) in _bad_files(tmp_path).items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(Undescribed) as fault:
            describe(path)
        assert expected in str(fault.value), name
        assert str(path) in str(fault.value), name


def test_the_command_reports_and_drafts(tmp_path: Path) -> None:
    done = npa("dataset", "describe", DATA / "px" / "HA0201E8.px")
    assert (done.returncode, done.stderr) == (0, "")
    for section in ("# Columns (117 rows)", "# Periods", "2006-Q1 to 2009-Q1, 13 different (quarters)", "# Values",
                    "# Still to decide", "# Draft of dataset.toml"):  # fmt: skip
        assert section in done.stdout
    missing = npa("dataset", "describe", tmp_path / "missing.csv")
    assert (missing.returncode, "there is no such file" in missing.stderr) == (1, True)
    assert "Traceback" not in missing.stderr
    assert npa("dataset").returncode == 2


def test_recognising_a_folder_of_text_never_fails_without_a_sentence() -> None:
    for path in sorted((ROOT / "docs").glob("*")):
        if path.is_file():
            with suppress(InputProblem):
                recognise(path)


def test_years_over_sexes_are_two_levels(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Region", 2018, None, 2019, None], [None, "men", "women", "men", "women"], ["Sughd", 1, 2, 3, 4]):
        sheet.append(row)
    for cells in ("B1:C1", "D1:E1"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "a.xlsx")
    description = describe(tmp_path / "a.xlsx")
    assert description.layout == {"header": 1, "labels": {"A": "Region"}, "levels": ["TIME_PERIOD", "SEX"]}
    assert [column.target for column in description.columns] == ["ref_area", "time_period", "sex", "obs_value"]
    assert Dataset.model_validate(tomllib.loads(draft(description))).layout


def test_a_title_with_other_separators_and_utf_16_without_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Births, by region\n;;\nРегион;Год;Число\nTJ;2019;5,5\n", encoding="utf-8")
    description = describe(path)
    assert (description.delimiter, description.layout, description.rows) == (";", {"header": 3}, 1)
    path.write_bytes("area,year,value\nTJ,2019,1\n".encode("utf-16-le"))
    assert describe(path).encoding == "utf-16-le"


def test_one_of_several_number_columns_is_the_value_if_the_series_has_a_column(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("IndicatorCode,Area,When,Size\nA,TJK,2019,3.2\n", encoding="utf-8")
    description = describe(path)
    assert Dataset.model_validate(tomllib.loads(draft(description)))
    assert [column.target for column in description.columns].count("statistic_id") == 1


def test_a_file_with_several_data_sets_lists_them_and_the_draft_chooses_one(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"births": {**CUBE, "label": "Births, by sex"}, "deaths": CUBE}))
    rows = "A:BIRTHS(1.0),SI_POV_NAHC,TJ,2019,1\nA:DEATHS(1.0),SI_POV_NAHC,TJ,2019,2\n"
    (tmp_path / "a.csv").write_text("DATAFLOW,SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE\n" + rows)
    for name, select, listed, values in (
        ("a.json", "births", "births  Births, by sex (described here)\ndeaths\n", 8),
        ("a.csv", "A:BIRTHS", "A:BIRTHS (described here)\nA:DEATHS\n", 1),
    ):
        description = describe(tmp_path / name)
        assert f"# Data sets\n{listed}" in report(description)
        assert tomllib.loads(draft(description))["select"] == select
        assert description.rows == values


def test_what_a_message_says_of_itself_is_told(tmp_path: Path) -> None:
    content = (DATA / "sdmx-ml-and-excel" / "16.9.1.xml").read_text(encoding="utf-8")
    path = tmp_path / "a.xml"
    path.write_text(content.replace("Test>false<", "Test>true<").replace("Test>False<", "Test>true<"), encoding="utf-8")
    assert "- The header of the message says that it is a test" in report(describe(path))
