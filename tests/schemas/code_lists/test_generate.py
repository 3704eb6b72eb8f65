"""Code lists: what is in schemas/code_lists/, and that it is generated from the sources next to it."""

import csv
from importlib.resources import files
from pathlib import Path

import pytest

from schemas.code_lists.generate import code_lists

_RAW = Path("raw")
_LISTS = Path(str(files("schemas"))) / "code_lists"
_BREAKDOWNS = ("sex", "age", "urbanisation", "income_wealth_quantile", "education_lev", "disability_status")


def _rows(column: str) -> list[dict[str, str]]:
    with (_LISTS / f"{column}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_running_the_generator_again_gives_the_committed_bytes() -> None:
    generated = {name: text.encode() for name, text in code_lists(_RAW).items()}
    assert generated == {path.name: path.read_bytes() for path in _LISTS.glob("*.csv")}


@pytest.mark.parametrize("name", sorted(path.stem for path in _LISTS.glob("*.csv")))
def test_a_code_is_listed_once_and_has_a_name_and_a_source(name: str) -> None:
    rows = _rows(name)
    key = "ref_area" if name == "ref_area" else "code"
    assert len({row[key] for row in rows}) == len(rows) > 0
    assert all(row[key] and row["name"] and row["source"] for row in rows)


@pytest.mark.parametrize("name", [*_BREAKDOWNS, "reporting_type"])
def test_every_breakdown_has_a_total(name: str) -> None:
    assert "_T" in {row["code"] for row in _rows(name)}


def test_series_have_their_indicators() -> None:
    series = {row["code"]: row for row in _rows("statistic_id")}
    assert len(series) == 465
    assert series["SH_DYN_MORT"]["sdg_indicator"] == "3.2.1"
    assert series["VC_DSR_MORT"]["sdg_indicator"] == "1.5.1;11.5.1;13.1.1"


def test_areas_of_tajikistan_are_nested() -> None:
    areas = {row["ref_area"]: row for row in _rows("ref_area")}
    country = areas["TJ"]
    assert (country["iso3"], country["m49"], country["level"], country["parent_ref_area"]) == ("TJK", "762", "0", "")
    regions = {code: row["p_code"] for code, row in areas.items() if row["parent_ref_area"] == "TJ"}
    # The P-codes of the regions, read from the P-code list itself.
    assert regions == {
        "TJ-DU": "3501000",
        "TJ-GB": "3590000",
        "TJ-KT": "3507000",
        "TJ-RA": "3509000",
        "TJ-SU": "3505000",
    }
    districts = [row for row in areas.values() if row["level"] == "2"]
    assert len(districts) == 76
    assert all(row["parent_ref_area"] in regions and row["p_code"] == row["ref_area"] for row in districts)
    # The first four digits of a P-code are its region's.
    assert all(row["ref_area"][:4] == regions[row["parent_ref_area"]][:4] for row in districts)


def test_countries_are_those_of_iso_3166_and_no_group_is_one() -> None:
    areas = {row["ref_area"]: row for row in _rows("ref_area")}
    assert (areas["NA"]["name"], areas["NA"]["iso3"], areas["NA"]["m49"]) == ("Namibia", "NAM", "516")
    assert areas["AF"]["m49"] == "004"
    countries = [row for row in areas.values() if row["level"] == "0"]
    assert len(countries) == 249
    assert "001" not in {row["m49"] for row in countries}
    assert len({row["iso3"] for row in countries} | {row["m49"] for row in countries}) == 2 * 249
