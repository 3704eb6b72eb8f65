"""docs/guides/statistics-children.md: each description loads a small invented file of the shape of the producer's."""

import csv
import re
import subprocess
import sys
import tomllib
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support.one_data_set import Load, loader
from tests.support.paths import ROOT

TEXT = (ROOT / "docs" / "guides" / "statistics-children.md").read_text(encoding="utf-8")
DESCRIPTIONS: dict[str, str] = {tomllib.loads(block)["dataset_id"]: block
                for block in re.findall(r"^```toml\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)}  # fmt: skip
(SERIES_ROWS,) = re.findall(r"^```csv\n(statistic_id,.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
(SPLIT,) = re.findall(r"^```python\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
KEY = "statistic_id, ref_area, sex, age, urbanisation, income_wealth_quantile, other_breakdown, time_period"

WHO = """\
"GHO","DATASOURCE","PUBLISHSTATE","YEAR","REGION","COUNTRY","EDUCATIONLEVEL","SEX","RESIDENCEAREATYPE","WEALTHQUINTILE",\
"DHSMICSGEOREGION","Display Value","Numeric","Low","High","Comments"
"stunt5","EQ_RHS","PUBLISHED","2002","EUR","ALB","","","URB","","","No data","","","","Not available."
"stunt5","EQ_DHS","PUBLISHED","2012","EUR","TJK","","","","WQ1","","30.0","30.00000","28.00000","36.00000",""
"stunt5","EQ_MICS","PUBLISHED","2005","EUR","TJK","NHLM","","","","","40.0","40.00000","28.00000","62.00000",\
"Attention - Estimate is based on 25-49 cases."
"""
WHO_FULLV = (
    WHO.splitlines()[0]
    + """
"fullv","EQ_MICS","PUBLISHED","2005","EUR","TJK","NHLM","","","","","No data","","","",\
"Not reported - Estimate is based on fewer than 25 cases."
"fullv","EQ_DHS","PUBLISHED","2012","EUR","TJK","","MLE","","","","90.0","90.00000","85.00000","93.00000",""
"fullv","EQ_DHS","PUBLISHED","2012","EUR","TJK","","","","","TJKDHS201201","80.0","80.00000","75.00000","83.00000",""
"""
)
WHO_MORTALITY = """\
"GHO","DATASOURCE","PUBLISHSTATE","YEAR","REGION","COUNTRY","RESIDENCEAREATYPE","WEALTHQUINTILE","Display Value",\
"Numeric","Low","High","Comments"
"EQ_U5MORT","EQ_MICS","PUBLISHED","2006","EUR","TJK","RUR","","90.1","90.10000","","",""
"EQ_U5MORT","EQ_DHS","PUBLISHED","2006","EUR","ALB","RUR","","20.1","20.10000","","",""
"""
SOWC = """\
#sheet: adolescents,Countries and areas,indicator,year,value,notes
adolescents,Tajikistan,Births by age 18 (%),2011-2016,2.0,a
#sheet: child protection,Countries and areas,indicator,year,value,notes
child protection,Tajikistan,"Birth registration (%), total",2010–2016,80.0,"a, y"
child protection,Tajikistan,"Child labour (%), male",2010–2016,9.0,"a, x, b,d"
#sheet: disparities by wealth,Countries and areas,indicator,year,value,notes
disparities by wealth,Tajikistan,"Birth registration (%), poorest 20%",2010–2016,70.0,"a, y"
disparities by wealth,Tajikistan,"Birth registration (%), Ratio of richest to poorest",2010–2016,1.04,"a, y"
disparities by wealth,Tajikistan,"Stunting prevalence in children under 5 (moderate & severe) (%), poorest 20%",\
2011–2016,31.0,"a, h"
#sheet: early childhood development,Countries and areas,indicator,year,value,notes
early childhood development,Tajikistan,"Adult support for learning, male",2005–2016,71.0,"a, y"
early childhood development,Tajikistan,"Adult support for learning, richest 20%",2005–2016,–,"a, y"
#sheet: nutrition xlsx,Countries and areas,indicator,year,value,Botep
nutrition xlsx,Tajikistan,"Stunting (%), moderate & severe",2011-2016,25.0,"a, h"
"""
JMP_SOURCE = """\
var_type,var_label,var,residence,quintile,value,main_source,main_source_code,year_code,iso3,year
Water ladder,Basic,bas,National,Poorest,35.5,MICS00,MICS,00,TJK,2000.0
Water ladder,Basic,bas,Urban,Poorest,45.5,MICS00,MICS,00,TJK,2000.0
Water,Improved,imp,Urban,Poorest,50.0,MICS00,MICS,00,TJK,2000.0
Water ladder,Basic,bas,Urban,Poorest,1.0,MICS00,MICS,00,AFG,2000.0
"""
JMP_REGION = """\
var_type,var_label,var,region,value,main_source,main_source_code,year_code,iso3,year
Water ladder,Basic,bas,leninabad,60.5,MICS00,MICS,00,TJK,2000.0
Water ladder,Basic,bas,Kabul,2.0,MICS00,MICS,00,AFG,2000.0
"""


def _quintiles() -> str:
    """Return a summary of quintiles of one survey: a figure of two digits says its quintile, then its residence."""
    heading = "iso3,year,data_source,row,var1,var2,varname,val,n,quintile,var,var_type"
    lines = [
        f"TJK,2012.0,TJK_2012_DHS,{line.format(f'{quintile}{residence}.5', quintile)},Water"
        for quintile in range(1, 6)
        for residence in range(1, 4)
        for line in ("17.0,Water,Not Improved,,99.0,,{1},", "18.0,Water ladder,Basic,w_bas,{0},,{1},bas")
    ]
    return "\n".join([heading, *lines]) + "\n"


def _split(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Run the page's program that puts each residence into a file of its own."""
    (folder / "summary.csv").write_text(text, encoding="utf-8")
    return subprocess.run([sys.executable, "-c", SPLIT, "summary.csv"], cwd=folder, capture_output=True, text=True)


def _residence(number: int) -> str:
    """Return what the program makes of the summary of quintiles for the first, second or third residence."""
    heading, *lines = _quintiles().splitlines()
    of_residence = [line for place, line in enumerate(lines) if place // 2 % 3 == number]
    return "\n".join([heading, *of_residence]) + "\n"


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    book.create_sheet("Index")
    sheet = book.create_sheet("Long")
    heading = ["ISO Code", "Countries and areas", "UNICEF Reporting Region", "UNICEF Programme Region",
               "World Bank Income Group (2024)", "Year(s) of data collection", "Latest Year", "Short Source",
               "Long Source", "Indicator", "Stratifier", "Level", "Value", "Sample Size Notes", "Notes",
               "Source Notes"]  # fmt: skip
    sheet.append(["Country data in long format"])
    sheet.append(heading)
    clear = "Cadres included align with the standard definition of: Doctor, nurse and/or midwife"
    unclear = "Unclear definition of the cadres included (Skilled health personnel)"
    for iso3, source, indicator, stratifier, level, value, note in (
        ("AFG", "DHS 2012", "ANC1", "National", "National", 1, None),
        ("TJK", "DHS 2012", "ANC1", "National", "National", 70, None),
        ("TJK", "DHS 2012", "ANC1", "Area", "Urban", 80.5, None),
        ("TJK", "DHS 2012", "ANC1", "WIQ", "Poorest", 60, None),
        ("TJK", "DHS 2012.", "ANC1", "Age", "15-19", 75, clear),
        ("TJK", "DHS microdata", "ANC4", "National", "National", 50, None),
        ("TJK", "National survey", "DEMAND_FP", "National", "National", 31, None),
        ("TJK", "TransMonEE, UNICEF; 2012.", "SAB", "National", "National", 88, unclear),
    ):
        sheet.append([iso3, "", "", "", "", "2012", 2012, source, "", indicator, stratifier, level, value, None, note])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


CASES: dict[str, tuple[dict[str, str | bytes], set[tuple[Any, ...]]]] = {
    "WHO-HEALTH-EQUITY": (
        {"stunt5.csv": WHO, "fullv.csv": WHO_FULLV, "EQ_U5MORT.csv": WHO_MORTALITY},
        {
            ("SH_STA_STNT", "TJ", "_T", "Y0T4", "_T", "Q1", "_T", "2012", 30.0, 28.0, "A", "PT"),
            ("SH_STA_STNT", "TJ", "_T", "Y0T4", "_T", "_T", "EDUCATIONLEVEL=NHLM", "2005", 40.0, 28.0, "U", "PT"),
            ("WHO_FULLV", "TJ", "_T", "M12T23", "_T", "_T", "EDUCATIONLEVEL=NHLM", "2005", None, None, "Q", "PT"),
            ("WHO_FULLV", "TJ", "M", "M12T23", "_T", "_T", "_T", "2012", 90.0, 85.0, "A", "PT"),
            (
                "WHO_FULLV",
                "TJ",
                "_T",
                "M12T23",
                "_T",
                "_T",
                "DHSMICSGEOREGION=TJKDHS201201",
                "2012",
                80.0,
                75.0,
                "A",
                "PT",
            ),
            ("SH_DYN_MORT", "TJ", "_T", "Y0T4", "R", "_T", "_T", "2006", 90.1, None, "A", "PER_1000_LIVE_BIRTHS"),
        },
    ),
    "UNICEF-MNCH": (
        {"mnch.xlsx": _workbook()},
        {
            ("ANC1", "TJ", "_T", "_T", "_T", "_T", "_T", "2012", 70.0, None, None, "PT"),
            ("ANC1", "TJ", "_T", "_T", "U", "_T", "_T", "2012", 80.5, None, None, "PT"),
            ("ANC1", "TJ", "_T", "_T", "_T", "Q1", "_T", "2012", 60.0, None, None, "PT"),
            ("ANC1", "TJ", "_T", "Y15T19", "_T", "_T", "_T", "2012", 75.0, None, "A", "PT"),
            ("ANC4", "TJ", "_T", "_T", "_T", "_T", "_T", "2012", 50.0, None, None, "PT"),
            ("DEMAND_FP", "TJ", "_T", "_T", "_T", "_T", "_T", "2012", 31.0, None, None, "PT"),
            ("SH_STA_BRTC", "TJ", "_T", "_T", "_T", "_T", "_T", "2012", 88.0, None, "D", "PT"),
        },
    ),
    "UNICEF-SOWC-2017": (
        {"tajikistan-rows.csv": SOWC},
        {
            ("SG_REG_BRTH", "TJ", "_T", "Y0T4", "_T", "_T", "year=2010-2016", "2016", 80.0, None, "A", "PT"),
            ("SG_REG_BRTH", "TJ", "_T", "Y0T4", "_T", "Q1", "year=2010-2016", "2016", 70.0, None, "A", "PT"),
            ("SH_STA_STNT", "TJ", "_T", "Y0T4", "_T", "Q1", "_T", "2012", 31.0, None, "A", "PT"),
            ("SH_STA_STNT", "TJ", "_T", "Y0T4", "_T", "_T", "_T", "2012", 25.0, None, "A", "PT"),
            ("SOWC_SUPPORT", "TJ", "M", "M36T59", "_T", "_T", "_T", "2005", 71.0, None, "A", "PT"),
            ("SOWC_SUPPORT", "TJ", "_T", "M36T59", "_T", "Q5", "_T", "2005", None, None, "O", "PT"),
        },
    ),
    "JMP-QUINTILES": (
        {f"quintiles-{name}.csv": _residence(number) for number, name in enumerate(("total", "urban", "rural"))},
        {
            (
                "JMP_WATER_BASIC",
                "TJ",
                "_T",
                "_T",
                residence,
                f"Q{quintile}",
                "_T",
                "2012",
                quintile * 10 + number + 0.5,
                None,
                None,
                "PT",
            )
            for quintile in range(1, 6)
            for number, residence in enumerate(("_T", "U", "R"), 1)
        },
    ),
    "JMP-WATER": (
        {"jmp_inequality_water_source.csv": JMP_SOURCE, "jmp_inequality_water_region.csv": JMP_REGION},
        {
            ("JMP_WATER_BASIC", "TJ", "_T", "_T", "_T", "Q1", "_T", "2000", 35.5, None, None, "PT"),
            ("JMP_WATER_BASIC", "TJ", "_T", "_T", "U", "Q1", "_T", "2000", 45.5, None, None, "PT"),
            ("JMP_WATER_BASIC", "TJ-SU", "_T", "_T", "_T", "_T", "_T", "2000", 60.5, None, None, "PT"),
        },
    ),
}


def _complete(dataset_id: str) -> str:
    """Return a description of the page with what it asks for."""
    return DESCRIPTIONS[dataset_id].replace('licence = ""', 'licence = "of a test"')


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return a function that reads one data set from its files."""
    return loader(tmp_path)


def test_every_description_of_the_page_has_a_case() -> None:
    assert DESCRIPTIONS.keys() == CASES.keys()


@pytest.mark.parametrize("dataset_id", CASES)
def test_a_description_loads_a_file_of_its_shape(load: Load, dataset_id: str) -> None:
    files, expected = CASES[dataset_id]
    loaded = load("", _complete(dataset_id), **files)
    assert set(loaded.rows(f"{KEY}, obs_value, lower_bound, obs_status, unit_measure")) == expected


@pytest.mark.parametrize("dataset_id", CASES)
def test_a_description_asks_for_the_licence(load: Load, dataset_id: str) -> None:
    assert "licence" in load("", DESCRIPTIONS[dataset_id], **CASES[dataset_id][0]).faults


@pytest.mark.parametrize("name", CASES["WHO-HEALTH-EQUITY"][0])
def test_each_file_of_who_loads_without_the_others(load: Load, name: str) -> None:
    files, _ = CASES["WHO-HEALTH-EQUITY"]
    description = re.sub(r"(?m)^files = .*", f'files = ["{name}"]', _complete("WHO-HEALTH-EQUITY"))
    for column in ("EDUCATIONLEVEL", "DHSMICSGEOREGION"):
        if column.encode() not in _bytes(files[name]):
            description = re.sub(rf'(?m)^{column} = .*\n|^\[codes\.{column}\]\n"" = "_T"\n', "", description)
    together = load("", _complete("WHO-HEALTH-EQUITY"), **files).rows("statistic_id, obs_value, unit_measure")
    alone = load("", description, **{name: files[name]}).rows("statistic_id, obs_value, unit_measure")
    assert alone
    assert set(alone) == {row for row in together if row[0] == alone[0][0]}


def _bytes(text: str | bytes) -> bytes:
    """Return the bytes of a file."""
    return text if isinstance(text, bytes) else text.encode()


def test_each_spelling_of_a_survey_is_one_name_of_one_kind(load: Load) -> None:
    loaded = load("", _complete("UNICEF-MNCH"), **CASES["UNICEF-MNCH"][0])
    assert set(loaded.rows("survey, source_kind")) == {
        ("Demographic and Health Survey", "survey"),
        ("National survey", "survey"),
        ("TransMonEE, UNICEF; 2012.", "register"),
    }


def test_a_figure_of_years_outside_its_heading_is_rejected_until_its_year_is_said(load: Load) -> None:
    text = SOWC.replace('2010–2016,80.0,"a, y"', '2010–2016,80.0,"a, b, y"')
    faults = load("", _complete("UNICEF-SOWC-2017"), **{"tajikistan-rows.csv": text}).faults
    assert "a, b, y" in faults
    added = _complete("UNICEF-SOWC-2017").replace(
        '"SOWC_SUPPORT"]', '"SOWC_SUPPORT", "Child labour (%)"]'
    ) + '"Child labour (%)" = "Children in child labour"\n'  # fmt: skip
    faults = load("", added, **{"tajikistan-rows.csv": SOWC}).faults
    assert "time_period" in faults
    assert "a, x, b,d" in faults


def test_the_program_puts_each_residence_into_a_file_of_its_own(tmp_path: Path) -> None:
    assert not _split(tmp_path, _quintiles()).stderr
    for number, name in enumerate(("total", "urban", "rural")):
        assert (tmp_path / f"quintiles-{name}.csv").read_text(encoding="utf-8") == _residence(number)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_quintiles().replace("TJK,", "AFG,", 1), "one country"),
        (_quintiles() + _quintiles().splitlines()[1] + "\n", "the parts of the file differ"),
        ("\n".join([_quintiles().splitlines()[0], *reversed(_quintiles().splitlines()[1:])]), "another order"),
    ],
)
def test_the_program_stops_at_a_file_of_another_order(tmp_path: Path, text: str, message: str) -> None:
    assert message in _split(tmp_path, text).stderr
    assert not list(tmp_path.glob("quintiles-*"))


def test_series_csv_gets_a_row_for_each_series_of_the_page() -> None:
    rows = list(csv.DictReader(SERIES_ROWS.splitlines()))
    added = {row["statistic_id"] for row in rows}
    text = (ROOT / "raw" / "statistics" / "series.csv").read_text(encoding="utf-8")
    present = {row["statistic_id"] for row in csv.DictReader(text.splitlines())}
    published = {name for block in DESCRIPTIONS.values() for name in _series(tomllib.loads(block))}
    assert not added & present
    assert added == published - present


def _series(description: dict[str, Any]) -> set[str]:
    """Return the series that a description names."""
    listed = {
        parts["statistic_id"] for entry in description.get("composite", []) for parts in entry.get("codes", {}).values()
    }
    return listed | set(description.get("series", {}).values()) | set(description["define"]["statistic_id"])
