"""Regions by name and P-code, quantiles, levels of education: each in its column; a draft knows their common names."""

from pathlib import Path

from flows.sources.describe.describe import describe
from tests.support.one_data_set import HEAD, Load
from transforms.statistics.describe.draft import draft

HEADING = "Indicator,Region,Wealth quintile,Education level,Year,Value\n"
SAID = [
    ("Khatlon", "Lowest", "Primary", "TJ-KT", "Q1", "ISCED11_1"),
    ("Sughd", "Second", "Lower secondary", "TJ-SU", "Q2", "ISCED11_2"),
    ("GBAO", "Middle", "Upper secondary", "TJ-GB", "Q3", "ISCED11_3"),
    ("DRS", "Fourth", "Pre-primary", "TJ-RA", "Q4", "ISCED11_02"),
    ("Dushanbe", "Highest", "Secondary", "TJ-DU", "Q5", "AGG_2_3"),
    ("Gorno-Badakhshan (GBAO)", "Poorest", "Basic", "TJ-GB", "Q1", "AGG_1_2"),
    ("Districts under Republican Subordination", "Richest", "Higher", "TJ-RA", "Q5", "AGG_5T8"),
    ("Хатлонская область", "Беднейший", "Начальное", "TJ-KT", "Q1", "ISCED11_1"),
    ("Вилояти Суғд", "wq5", "L2", "TJ-SU", "Q5", "ISCED11_2"),
]
COLUMNS = "ref_area, income_wealth_quantile, education_lev"


def test_a_draft_knows_names_of_regions_quintiles_and_levels_of_education(load: Load, tmp_path: Path) -> None:
    data = HEADING + "".join(f"SH_STA_STNT,{a},{b},{c},{2010 + n},{n}\n" for n, (a, b, c, *_) in enumerate(SAID))
    path = tmp_path / "data.csv"
    path.write_text(data, encoding="utf-8")
    rows = load("", draft(describe(path)), data=data).rows(f"obs_value, {COLUMNS}")
    assert sorted(rows) == [(n, *ours) for n, (_, _, _, *ours) in enumerate(SAID)]


def test_ages_in_months_are_not_taken_for_years(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("SERIES,REF_AREA,AGE,TIME_PERIOD,OBS_VALUE\nSH_STA_STNT,TJ,6-23 (months),2017,1\n")
    assert '"6-23 (months)" = ""' in draft(describe(path))


def test_p_codes_and_npas_own_codes_need_no_entry(load: Load) -> None:
    data = "SERIES,REF_AREA,EDUCATION_LEV,INCOME_WEALTH_QUANTILE,TIME_PERIOD,OBS_VALUE\n"
    data += "SH_STA_STNT,3505000,ISCED11_1,Q1,2017,1\nSH_STA_STNT,3590000,ISCED11_3,B40,2017,2\n"
    data += "SH_STA_STNT,3507000,AGG_1T3,_T,2017,3\nSH_STA_STNT,TJK,_T,Q5,2017,4\n"
    assert sorted(load(a=data).rows(COLUMNS)) == [
        ("TJ", "Q5", "_T"),
        ("TJ-GB", "B40", "ISCED11_3"),
        ("TJ-KT", "_T", "AGG_1T3"),
        ("TJ-SU", "Q1", "ISCED11_1"),
    ]


def test_the_names_may_be_labels_of_numbered_codes(load: Load) -> None:
    head = HEAD.replace('"csv"', '"json-stat"').replace("*.csv", "*.json")
    cube = """{"version": "2.0", "class": "dataset", "id": ["region", "wealth", "year"], "size": [2, 2, 1],
      "role": {"time": ["year"]}, "dimension": {
       "region": {"category": {"index": ["1", "2"], "label": {"1": "DRS", "2": "GBAO"}}},
       "wealth": {"category": {"index": ["1", "5"], "label": {"1": "Poorest", "5": "Richest"}}},
       "year": {"category": {"index": ["2017"]}}}, "value": [1, 2, 3, 4]}"""
    toml = """
[concepts]
region = "ref_area"
wealth = "income_wealth_quantile"
[codes.ref_area]
DRS = "TJ-RA"
GBAO = "TJ-GB"
[codes.income_wealth_quantile]
Poorest = "Q1"
Richest = "Q5"
[constants]
statistic_id = "SH_STA_STNT"
"""
    loaded = load(toml, head, **{"a.json": cube})
    assert sorted(loaded.rows(f"obs_value, {COLUMNS}")) == [
        (1, "TJ-RA", "Q1", "_T"), (2, "TJ-RA", "Q5", "_T"), (3, "TJ-GB", "Q1", "_T"), (4, "TJ-GB", "Q5", "_T"),
    ]  # fmt: skip
    assert loaded.statistics.issues == []


def test_a_breakdown_without_a_column_has_its_place(load: Load) -> None:
    toml = '[concepts]\nEthnicity = "other_breakdown"\n"Education of mother" = "other_breakdown"\n'
    data = "SERIES,REF_AREA,Ethnicity,Education of mother,TIME_PERIOD,OBS_VALUE\n"
    data += "SH_STA_STNT,TJ,Tajik,None,2017,1\nSH_STA_STNT,TJ,Uzbek,Higher,2017,2\n"
    assert load(toml, a=data).rows("other_breakdown") == [
        ("Education of mother=Higher;Ethnicity=Uzbek",), ("Education of mother=None;Ethnicity=Tajik",),
    ]  # fmt: skip
