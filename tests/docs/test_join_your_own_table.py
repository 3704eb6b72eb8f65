"""docs/guides/join-your-own-table.md: every SQL and Python example runs on the tables of the page, and gives what an
independent reading finds."""

import csv
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "guides" / "join-your-own-table.md").read_text(encoding="utf-8")
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SECTIONS = {text.splitlines()[0]: text for text in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]}
UN = ROOT / "raw" / "statistics" / "unsd-sdg"


@pytest.fixture
def working_folder(tmp_path: Path, warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepare a working folder with the page's tables, and `warehouse` next to them."""
    (tmp_path / "warehouse").symlink_to(warehouse)
    for section in _SECTIONS.values():
        for table in re.findall(r"`(\w+\.csv)`[^\n]*:.*?^```csv\n(.*?)^```$", section, re.DOTALL | re.MULTILINE):
            (tmp_path / table[0]).write_text(table[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def _blocks(section: str, language: str) -> list[str]:
    return [code for kind, code in _FENCE.findall(_SECTIONS[section]) if kind == language]


def _ask(section: str, number: int = 0) -> list[Any]:
    with duckdb.connect("warehouse/current/npa.duckdb", read_only=True) as con:
        return con.sql(_blocks(section, "sql")[number]).fetchall()


def _un(series: str, **where: str) -> dict[str, float]:
    """Return year → value of a series, as the UN's file has it."""
    path = next(UN.glob(f"*--{series}--*"))
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if all(row[name] == code for name, code in where.items())]
    return {row["year"]: float(row[series]) for row in rows}


@pytest.mark.usefixtures("working_folder")
def test_by_area_and_year() -> None:
    mortality = _un("sh_dyn_mort", sex="bothsex")
    expected = [("TJ", 2018, 100, mortality["2018"]), ("TJ", 2019, 120, mortality.get("2019"))]
    assert _ask("By area and year") == expected


@pytest.mark.usefixtures("working_folder")
def test_by_p_code() -> None:
    with (ROOT / "raw/areas/ocha-pcodes/tjk_pcodes_adm_1_2.csv").open(encoding="utf-8-sig", newline="") as file:
        text = file.read()
    rows = _ask("By P-code")
    assert [schools for _, _, schools in rows] == [12, 41, 38]
    assert all(district in text for district, _, _ in rows)
    assert _ask("By P-code", 1) == [("TJ-DU", "Dushanbe", 12), ("TJ-SU", "Sughd", 79)]


@pytest.mark.usefixtures("working_folder")
def test_by_m49() -> None:
    afghanistan, tajikistan = _ask("By M49")
    assert (afghanistan[0], afghanistan[4]) == ("AF", None)
    assert tajikistan == ("TJ", "Tajikistan", 2015, 12.5, _un("sh_sta_mmr")["2015"])


@pytest.mark.usefixtures("working_folder")
def test_the_series_of_an_activity() -> None:
    rows = _ask("The series of an activity")
    assert {row[0] for row in rows} == {"TJK-CRC-2018-06-01"}
    assert len([row for row in rows if "UNSD-SDG" in row]) == len(_un("sg_nhr_intexstn"))


@pytest.mark.usefixtures("working_folder")
def test_attached_and_from_folders() -> None:
    with duckdb.connect() as con:
        *before, last = con.extract_statements(_blocks("From DuckDB, attached to your own database", "sql")[0])
        for statement in before:
            con.execute(statement)
        assert [row[:2] for row in con.execute(last).fetchall()] == [(2018, 100), (2019, 120)]
        figures = con.sql(_blocks("From Parquet folders", "sql")[0]).fetchall()
    assert len(figures) == len(list(UN.glob("ddf--datapoints--*")))
    assert {dataset for dataset, _, _ in figures} == {"UNSD-SDG"}


@pytest.mark.usefixtures("working_folder")
def test_from_python() -> None:
    names: dict[str, Any] = {}
    exec(_blocks("From Python", "python")[0], names)
    assert names["joined"]["obs_value"].tolist()[0] == _un("sh_dyn_mort", sex="bothsex")["2018"]


def test_every_example_is_run_here() -> None:
    assert sum(kind == "sql" for kind, _ in _FENCE.findall(PAGE)) == 7
    assert [name for name in _SECTIONS if "```r\n" in _SECTIONS[name]] == ["From R"]
