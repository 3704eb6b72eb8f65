"""Codes that a file has in common with npa's lists: its labels, its other codes, and dataset.toml decide."""

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.code_lists import code_list
from tests.support.examples import examples
from tests.support.one_data_set import HEAD, Load, Loaded

SERIES = '[constants]\nstatistic_id = "SI_POV_NAHC"\nunit_measure = "NUMBER"\n'
CSV = "REF_AREA,SEX,TIME_PERIOD,OBS_VALUE\n"


def head(name: str, pattern: str, toml: str = "") -> str:
    """Return the head of a dataset.toml for a format."""
    return HEAD.replace('"csv"', f'"{name}"').replace("*.csv", pattern) + toml


def cube(**columns: dict[str, str]) -> str:
    """Return a JSON-stat file with the codes and labels of some columns, and one year."""
    sizes = [len(labels) for labels in columns.values()]
    count = 1
    for size in sizes:
        count *= size
    dimensions: dict[str, Any] = {
        name: {"category": {"index": list(labels), "label": labels}} for name, labels in columns.items()
    }
    dimensions["year"] = {"category": {"index": ["2019"]}}
    return json.dumps(
        {"version": "2.0", "class": "dataset", "id": list(dimensions), "size": [*sizes, 1], "role": {"time": ["year"]},
         "dimension": dimensions, "value": list(range(count))}
    )  # fmt: skip


def of_json(load: Load, toml: str = "", own: str = "", **columns: dict[str, str]) -> Loaded:
    """Return the data set of a JSON-stat file; `own`: keys above the first section."""
    constants = "".join(f'{name} = "TJ"\n' for name in ("ref_area",) if name not in columns)
    return load(SERIES + constants + toml, head("json-stat", "*.json", own), **{"a.json": cube(**columns)})


def block(faults: str, section: str) -> dict[str, str]:
    """Return a section of the block to be completed: code → value."""
    part = faults.split(f"[{section}]\n")[1]
    return dict(re.findall(r'^"(.*?)" = "(.*?)"', part.split("\n[")[0], re.MULTILINE))


MUNICIPALITIES = {"000": "All Denmark", "101": "Copenhagen", "376": "Lolland", "840": "Rebild", "860": "Hjørring"}
DENMARK = """
[codes.ref_area]
000 = "DK"
101 = "DK-101"
[define.ref_area]
DK-101 = { name = "Copenhagen", parent_ref_area = "DK" }
"""


def test_a_municipality_is_no_country(load: Load) -> None:
    loaded = of_json(load, DENMARK, ref_area=MUNICIPALITIES)
    assert "a.json:4: ref_area: the file calls this code “Rebild”, and npa's list “United States of America”" in (
        loaded.faults
    )
    assert block(loaded.faults, "codes.ref_area") == {"376": "", "840": "", "860": ""}
    assert '"840" = "" # Rebild; npa\'s list: United States of America' in loaded.faults


def test_a_municipality_is_mapped_or_defined_by_its_own_code(load: Load) -> None:
    toml = DENMARK.replace("[define", '376 = "DK-376"\n[define')
    toml += 'DK-376 = { name = "Lolland", parent_ref_area = "DK" }\n'
    toml += '840 = { name = "Rebild", parent_ref_area = "DK" }\n860 = { name = "Hjørring", parent_ref_area = "DK" }\n'
    assert {area for (area,) in of_json(load, toml, ref_area=MUNICIPALITIES).rows("ref_area")} == {
        "DK", "DK-101", "DK-376", "840", "860",
    }  # fmt: skip


@pytest.mark.parametrize("label", ["Mujeres", "Moterys", "Mulheres", "Mná", "Women", "занон", "Mujeres de 15 años"])
def test_women_never_become_men(load: Load, label: str) -> None:
    px = f"""CHARSET="ANSI";\nAXIS-VERSION="2013";\nCODEPAGE="utf-8";\nLANGUAGE="en";\nCONTENTS="Births";\nUNITS="n";
STUB="sex";\nHEADING="year";\nVALUES("sex")="{label}","Total";\nCODES("sex")="M","T";\nVALUES("year")="2019";
TIMEVAL("year")=TLIST(A1),"2019";\nDATA=\n1\n2;\n"""
    toml = '[concepts]\nUNITS = ""\nCONTENTS = ""\n' + SERIES + 'ref_area = "ES"\n[codes.sex]\nT = "_T"\n'
    file = {"a.px": px.encode()}
    for own in ("", 'own_codes = ["sex"]\n'):  # said of the column, not of a code whose label names another
        faults = load(toml, head("px", "*.px", own), **file).faults
        assert f"sex: the file calls this code “{label}”, and npa's list “Male”" in faults
        assert "own_codes" not in faults
    for by in ("M", label):
        loaded = load(toml + f'"{by}" = "F"\n', head("px", "*.px"), **file)
        assert sorted(loaded.rows("sex, obs_value")) == [("F", 1.0), ("_T", 2.0)]
    assert load(toml + 'M = "M"\n', head("px", "*.px"), **file).rows("sex")


def test_a_label_that_nobody_can_read_is_asked_about_and_own_codes_answers(load: Load) -> None:
    labels = {"M": "Hanrei", "F": "Gweregez"}  # a language that npa does not know
    assert 'own_codes = ["sex"]' in of_json(load, sex=labels).faults
    assert len(of_json(load, own='own_codes = ["sex"]\n', sex=labels).rows()) == 2


@pytest.mark.parametrize(
    "columns",
    [
        {"sex": {"M": "Men", "F": "Women", "_T": "Total"}},
        {"sex": {"M": "мужчины", "F": "женщины"}},
        {"ref_area": {"TJ": "Тоҷикистон", "UZ": "Ўзбекистон", "KG": "Киргизия"}},
        {"ref_area": {"840": "Verenigde Staten", "376": "Israël"}},
        {"ref_area": {"TJK": "Tajikistan", "USA": "United States", "GBR": "UK"}},
        {"age": {"Y0T4": "Under 5", "Y15T49": "15–49 years"}},
        {"sex": {"M": "M", "F": "F"}},
        {"sex": {"M": "M Males", "F": "F Females"}},
    ],
)
def test_codes_whose_labels_agree_are_taken(load: Load, columns: dict[str, dict[str, str]]) -> None:
    assert of_json(load, "", "", **columns).rows()


def test_one_unknown_code_lists_all_codes_of_the_column(load: Load) -> None:
    data = CSV + "TJ,H,2019,1\nTJ,M,2019,2\nTJ,_T,2019,3\n"
    faults = load(SERIES, a=data).faults
    assert 'sex has a code that no list of npa has, in 1 rows: "H"' in faults
    assert (
        'a.csv:3: sex has codes that no list of npa has, so that 1 of the others may only be spelt like npa\'s: "M"'
        in faults
    )
    assert block(faults, "codes.sex") == {"H": "", "M": ""}
    assert '"M" = "" # npa\'s list: Male' in faults


def test_a_code_is_not_taken_because_the_others_are_mapped(load: Load) -> None:
    data = CSV + "TJ,H,2019,1\nTJ,M,2019,2\nTJ,_T,2019,3\n"
    mapped = SERIES + '[codes.sex]\nH = "M"\n'
    faults = load(mapped, a=data).faults
    assert block(faults, "codes.sex") == {"M": ""}
    assert load(mapped + 'M = "F"\n', a=data).rows("sex, obs_value") == [("F", 2.0), ("M", 1.0), ("_T", 3.0)]


def test_a_defined_code_shows_another_list_as_a_mapped_one_does(load: Load) -> None:
    toml = SERIES + '[define.ref_area]\n101 = { name = "Copenhagen", parent_ref_area = "DK" }\n'
    data = CSV + "101,_T,2019,1\n840,_T,2019,2\n"
    assert block(load(toml, a=data).faults, "codes.ref_area") == {"840": ""}
    assert load(toml, HEAD + 'own_codes = ["ref_area"]\n', a=data).rows("ref_area") == [("101",), ("US",)]


@pytest.mark.parametrize(
    ("toml", "rows"),
    [
        ('[codes.sex]\nT = "_T"\n', "TJ,T,2019,1\nTJ,M,2019,2\n"),  # every office has its own total
        ('[codes.sex]\nU = "_U"\n', "TJ,U,2019,1\nTJ,M,2019,2\n"),
        ('[codes.ref_area]\ntj = "TJ"\n', "tj,M,2019,1\nUZ,M,2019,2\n"),
        ('[define.ref_area]\nKG02 = "Batken"\n', "KG,M,2019,1\nKG02,M,2019,2\n"),
        ('[codes.sex]\n"" = "_T"\n', "TJ,M,2019,1\nTJ,F,2019,2\nTJ,,2019,3\n"),
    ],
)
def test_totals_respelt_codes_and_regions_show_no_other_list(load: Load, toml: str, rows: str) -> None:
    assert load(SERIES + toml, a=CSV + rows).rows()


def test_own_codes_leaves_only_the_unknown_codes(load: Load) -> None:
    data = CSV + "TJ,X,2019,1\nTJ,M,2019,2\n"
    faults = load(SERIES, HEAD + 'own_codes = ["sex"]\n', a=data).faults
    assert block(faults, "codes.sex") == {"X": ""}
    assert "others may only be spelt" not in faults


def test_long_codes_are_listed_with_their_meaning_and_taken(load: Load) -> None:
    data = "REF_AREA,AGE,TIME_PERIOD,OBS_VALUE\nTJ,Y15T49,2019,1\nTJ,Y17,2019,2\n"
    faults = load(SERIES, a=data).faults
    assert block(faults, "codes.age") == {"Y17": "", "Y15T49": "Y15T49"}
    assert len(load(SERIES + '[define.age]\nY17 = "17 years old"\n', a=data).rows()) == 2


def test_rows_outside_keep_are_no_evidence(load: Load) -> None:
    toml = SERIES + '[keep]\nref_area = ["TJ"]\n'
    assert load(toml, a=CSV + "TJ,M,2019,1\nZZ,H,2019,2\n101,M,2019,3\n").rows("ref_area, sex") == [("TJ", "M")]
    labels = {"376": "Lolland", "762": "Taastrup"}
    assert (
        "“Taastrup”, and npa's list “Tajikistan”"
        in of_json(load, '[keep]\nref_area = ["TJ"]\n', ref_area=labels).faults
    )


def test_breakdowns_with_a_list_are_judged_by_their_own_name(load: Load) -> None:
    data = "REF_AREA,PRODUCT,TIME_PERIOD,OBS_VALUE\nTJ,AGG_OIL,2019,1\nTJ,X,2019,2\n"
    toml = '[concepts]\nPRODUCT = "other_breakdown"\n' + SERIES
    assert block(load(toml, a=data).faults, "codes.PRODUCT") == {"X": "", "AGG_OIL": "AGG_OIL"}
    wrong = load(toml, HEAD + 'own_codes = ["product", "time_period"]\n', a=data).faults
    assert wrong.count("own_codes names no column that npa has a list of") == 2
    assert "own_codes names" not in load(toml, HEAD + 'own_codes = ["PRODUCT"]\n', a=data).faults


SDMX = "DATAFLOW,SEX,REF_AREA,TIME_PERIOD,OBS_VALUE\n"


@pytest.mark.parametrize(
    ("name", "data", "concepts"),
    [
        ("sdmx-csv", "DATAFLOW,SEX: Sex,TIME_PERIOD: Time,OBS_VALUE: Value\nA:B(1.0): C,M: Mujeres,2019,1\n", ""),
        ("sdmx-csv", "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,SEX,Sex,TIME_PERIOD,Time,OBS_VALUE,Value\n"
                     "dataflow,A:B(1.0),C,I,M,Mujeres,2019,,1,\n", ""),
        ("csv", "SEX,Sex,TIME_PERIOD,OBS_VALUE\nM,Mujeres,2019,1\n", 'Sex = ""\n'),
        ("csv", "sex_nombre,SEX,TIME_PERIOD,OBS_VALUE\nMujeres,M,2019,1\n", 'sex_nombre = ""\n'),
        ("csv", "sex_nombre,SEX,TIME_PERIOD,OBS_VALUE\nMujeres,M,2019,1\n", 'sex_nombre = "other_breakdown"\n'),
        ("csv", "SEX,sex label,TIME_PERIOD,OBS_VALUE\nM,Mujeres,2019,1\nM,mujeres,2020,1\n", '"sex label" = ""\n'),
        ("csv", "SEX,población,TIME_PERIOD,OBS_VALUE\nM,Mujeres,2019,1\nF,Hombres,2019,2\n", '"población" = ""\n'),
    ],
)  # fmt: skip
def test_labels_beside_the_codes_are_looked_at(load: Load, name: str, data: str, concepts: str) -> None:
    toml = f"[concepts]\n{concepts}" + SERIES + 'ref_area = "TJ"\n'
    faults = load(toml, head(name, "*.csv"), a=data).faults
    assert "the file calls this code “Mujeres" in faults
    agreeing = data.replace("Mujeres", "Males").replace("mujeres", "males").replace("Hombres", "Females")
    assert load(toml, head(name, "*.csv"), a=agreeing).rows()


@pytest.mark.parametrize("heading", ["kode,kommune", "kommune,kode", "kommunekode,aar,kommunenavn", "areaCode,x,area"])
def test_the_name_of_one_municipality_is_looked_at(load: Load, heading: str) -> None:
    code = next(name for name in heading.split(",") if name.lower().endswith(("kode", "code")))
    names = "".join(f'{name} = "{"ref_area" if name == code else ""}"\n' for name in heading.split(","))
    row = ",".join("840" if name == code else "Rebild" for name in heading.split(","))
    data = f"{heading},TIME_PERIOD,OBS_VALUE\n{row},2019,1\n"
    assert "“Rebild”, and npa's list “United States" in load(f"[concepts]\n{names}" + SERIES, a=data).faults


@pytest.mark.parametrize(
    ("heading", "rows"),
    [
        ("SEX,source", ["M,DHS", "F,DHS"]),
        ("SEX,remark", ["M,see note", "M,revised", "F,final"]),
        ("SEX,number", ["M,1", "F,2"]),
        ("SEX,remark", ["M,preliminary"]),
        ("SEX,data source", ["M,DHS", "F,MICS"]),
    ],
)
def test_a_neighbour_that_does_not_name_the_codes_is_no_label(load: Load, heading: str, rows: list[str]) -> None:
    lines = "".join(f"{row},{2010 + n},1\n" for n, row in enumerate(rows))
    toml = f'[concepts]\n"{heading.split(",")[1]}" = ""\n' + SERIES + 'ref_area = "TJ"\n'
    assert load(toml, a=f"{heading},TIME_PERIOD,OBS_VALUE\n{lines}").rows()


def test_names_of_structures_are_labels(load: Load) -> None:
    structure = """<Structure xmlns="http://www.sdmx.org/resources/sdmxml/schemas/v2_0/message"
      xmlns:s="http://www.sdmx.org/resources/sdmxml/schemas/v2_0/structure"><CodeLists>
      <s:CodeList id="CL_SEX" agencyID="A"><s:Code value="M"><s:Description>LABEL</s:Description></s:Code></s:CodeList>
      </CodeLists><KeyFamilies><s:KeyFamily id="K" agencyID="A"><s:Components>
      <s:Dimension conceptRef="SEX" codelist="CL_SEX"/></s:Components></s:KeyFamily></KeyFamilies></Structure>"""
    data = CSV + "TJ,M,2019,1\n"
    toml = 'structure = "DSD.xml"\n' + SERIES
    assert "“Mujeres”" in load(toml, a=data, **{"DSD.xml": structure.replace("LABEL", "Mujeres")}).faults
    assert load(toml, a=data, **{"DSD.xml": structure.replace("LABEL", "Male")}).rows("sex") == [("M",)]


_SHORT = [code for code, row in code_list("ref_area").items() if row["level"] == "0"]


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(_SHORT), st.sampled_from(_SHORT), min_size=1, max_size=6))
def test_no_country_is_published_under_the_label_of_another(load: Load, named: dict[str, str]) -> None:
    names = {code: code_list("ref_area")[code]["name"] for code in _SHORT}
    loaded = of_json(load, ref_area={code: names[other] for code, other in named.items()})
    wrong = [code for code, other in named.items() if code != other]
    assert loaded.faults.count("the file calls this code") == len(wrong)
    assert bool(loaded.statistics.problems) == bool(wrong)
