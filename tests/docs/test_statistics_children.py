"""docs/guides/statistics-children.md: each description loads a small invented file of the shape of the producer's."""

import re
import tomllib
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support.one_data_set import Load, loader
from tests.support.paths import ROOT

TEXT = (ROOT / "docs" / "guides" / "statistics-children.md").read_text(encoding="utf-8")
DESCRIPTIONS = {tomllib.loads(block)["dataset_id"]: block
                for block in re.findall(r"^```toml\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)}  # fmt: skip
KEY = "statistic_id, ref_area, sex, age, urbanisation, income_wealth_quantile, other_breakdown, time_period"

WHO = """\
"GHO","DATASOURCE","PUBLISHSTATE","YEAR","REGION","COUNTRY","EDUCATIONLEVEL","SEX","RESIDENCEAREATYPE","WEALTHQUINTILE",\
"DHSMICSGEOREGION","Display Value","Numeric","Low","High","Comments"
"stunt5","EQ_RHS","PUBLISHED","2002","EUR","ALB","","","URB","","","No data","","","","Not available."
"stunt5","EQ_DHS","PUBLISHED","2012","EUR","TJK","","","","WQ1","","30.0","30.00000","28.00000","36.00000",""
"stunt5","EQ_MICS","PUBLISHED","2005","EUR","TJK","NHLM","","","","","40.0","40.00000","28.00000","62.00000",\
"Attention - Estimate is based on 25-49 cases."
"""
SOWC = """\
#sheet: adolescents,Countries and areas,indicator,year,value,notes
adolescents,Tajikistan,Births by age 18 (%),2011-2016,2.0,a
#sheet: child protection,Countries and areas,indicator,year,value,notes
child protection,Tajikistan,"Birth registration (%), total",2010–2016,80.0,"a, y"
child protection,Tajikistan,"Child labour (%), male",2010–2016,9.0,"a, x, b,d"
#sheet: disparities by wealth,Countries and areas,indicator,year,value,notes
disparities by wealth,Tajikistan,"Birth registration (%), poorest 20%",2016.0,70.0,"a, y"
disparities by wealth,Tajikistan,"Birth registration (%), richest 20%",2010–2016,–,"a, y"
disparities by wealth,Tajikistan,"Birth registration (%), Ratio of richest to poorest",2010–2016,1.04,"a, y"
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
    for iso3, stratifier, level, value in (
        ("AFG", "National", "National", 1),
        ("TJK", "National", "National", 70),
        ("TJK", "Area", "Urban", 80.5),
        ("TJK", "WIQ", "Poorest", 60),
        ("TJK", "Age", "15-19", 75),
    ):
        sheet.append([iso3, "", "", "", "", "2012", 2012, "DHS 2012", "", "ANC1", stratifier, level, value])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


CASES: dict[str, tuple[dict[str, str | bytes], set[tuple[Any, ...]]]] = {
    "WHO-STUNTING": (
        {"stunt5.csv": WHO},
        {
            ("SH_STA_STNT", "TJ", "_T", "Y0T4", "_T", "Q1", "_T", "2012", 30.0, 28.0, "A"),
            ("SH_STA_STNT", "TJ", "_T", "Y0T4", "_T", "_T", "EDUCATIONLEVEL=NHLM", "2005", 40.0, 28.0, "U"),
        },
    ),
    "UNICEF-MNCH": (
        {"mnch.xlsx": _workbook()},
        {
            ("ANC1", "TJ", "_T", "_T", "_T", "_T", "_T", "2012", 70.0, None, None),
            ("ANC1", "TJ", "_T", "_T", "U", "_T", "_T", "2012", 80.5, None, None),
            ("ANC1", "TJ", "_T", "_T", "_T", "Q1", "_T", "2012", 60.0, None, None),
            ("ANC1", "TJ", "_T", "Y15T19", "_T", "_T", "_T", "2012", 75.0, None, None),
        },
    ),
    "UNICEF-SOWC-2017": (
        {"tajikistan-rows.csv": SOWC},
        {
            ("SG_REG_BRTH", "TJ", "_T", "_T", "_T", "_T", "YEARS=2010–2016", "2016", 80.0, None, "A"),
            ("SOWC_CHILD_LABOUR", "TJ", "M", "_T", "_T", "_T", "YEARS=2010–2016", "2016", 9.0, None, "D"),
            ("SG_REG_BRTH", "TJ", "_T", "_T", "_T", "Q1", "_T", "2016", 70.0, None, "A"),
            ("SG_REG_BRTH", "TJ", "_T", "_T", "_T", "Q5", "YEARS=2010–2016", "2016", None, None, "O"),
        },
    ),
    "JMP-WATER": (
        {"jmp_inequality_water_source.csv": JMP_SOURCE, "jmp_inequality_water_region.csv": JMP_REGION},
        {
            ("JMP_WATER_BASIC", "TJ", "_T", "_T", "_T", "Q1", "_T", "2000", 35.5, None, None),
            ("JMP_WATER_BASIC", "TJ", "_T", "_T", "U", "Q1", "_T", "2000", 45.5, None, None),
            ("JMP_WATER_BASIC", "TJ-SU", "_T", "_T", "_T", "_T", "_T", "2000", 60.5, None, None),
        },
    ),
}


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return a function that reads one data set from its files."""
    return loader(tmp_path)


def test_every_description_of_the_page_has_a_case() -> None:
    assert DESCRIPTIONS.keys() == CASES.keys()


@pytest.mark.parametrize("dataset_id", CASES)
def test_a_description_loads_a_file_of_its_shape(load: Load, dataset_id: str) -> None:
    files, expected = CASES[dataset_id]
    description = DESCRIPTIONS[dataset_id].replace('licence = ""', 'licence = "of a test"')
    loaded = load("", description, **files)
    assert set(loaded.rows(f"{KEY}, obs_value, lower_bound, obs_status")) == expected


@pytest.mark.parametrize("dataset_id", CASES)
def test_a_description_asks_for_the_licence(load: Load, dataset_id: str) -> None:
    assert "licence" in load("", DESCRIPTIONS[dataset_id], **CASES[dataset_id][0]).faults
