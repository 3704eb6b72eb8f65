"""The names of a data set's codes, from the labels of its files, its structures and dataset.toml."""

import json
from pathlib import Path

import pytest

from tests.support.one_data_set import HEAD, Load, Loaded, loader

PX = """\
CHARSET="ANSI"; AXIS-VERSION="2013"; CODEPAGE="utf-8";
LANGUAGE="sv";
LANGUAGES="sv","en";
STUB="kön","civilstånd";
STUB[en]="sex","marital status";
HEADING="år";
HEADING[en]="year";
VALUES("kön")="män","kvinnor";
VALUES[en]("sex")="men","women";
CODES("kön")="1","2";
VALUES("civilstånd")="ogifta","gifta","totalt";
VALUES[en]("marital status")="single","married","total";
CODES("civilstånd")="OG","G","T";
VALUES("år")="2019";
VALUES[en]("year")="2019";
DATA= 1 2 3 4 5 6;
"""
PX_TOML = """\
[concepts]
"kön" = "sex"
"civilstånd" = "other_breakdown"
"år" = "time_period"
[codes.sex]
1 = "M"
2 = "F"
[codes."civilstånd"]
OG = "never"
T = "_T"
[constants]
statistic_id = "SI_POV_NAHC"
ref_area = "SE"
"""
CSV = "SERIES,REF_AREA,TIME_PERIOD,Group,OBS_VALUE\nSI_POV_NAHC,TJ,2019,a;b,1\nSI_POV_NAHC,TJ,2019,x,2\n"
GROUP = '[concepts]\nGroup = "other_breakdown"\n'
DSD = """<m:Structure xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message" xmlns:s="s" xmlns:c="c">
<m:Structures><s:Codelists><s:Codelist id="CL" agencyID="A" version="1.0">
<s:Code id="x"><c:Name xml:lang="ru">Икс</c:Name><c:Name xml:lang="en-GB">The  X</c:Name></s:Code>
<s:Code id="unused"><c:Name xml:lang="en">Unused</c:Name></s:Code></s:Codelist></s:Codelists>
<s:DataStructures><s:DataStructure id="D" agencyID="A"><s:DataStructureComponents><s:DimensionList>
<s:Dimension id="Group"><s:LocalRepresentation><s:Enumeration><Ref id="CL" agencyID="A" version="1.0"/></s:Enumeration>
</s:LocalRepresentation></s:Dimension></s:DimensionList></s:DataStructureComponents></s:DataStructure></s:DataStructures>
</m:Structures></m:Structure>"""


def _head(kind: str) -> str:
    return HEAD.replace('"csv"', f'"{kind}"').replace("*.csv", "a*")


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return a function that reads one data set."""
    return loader(tmp_path)


def names(loaded: Loaded, code_list: str = "") -> set[tuple[str, ...]]:
    """Return code, language and name of a list, or of all with the list first."""
    assert not loaded.statistics.problems, loaded.faults
    rows = [name for name in loaded.statistics.names if code_list in ("", name.code_list)]
    assert len({row[:3] for row in rows}) == len(rows)
    return {row[1:4] if code_list else row[:4] for row in rows}


def test_labels_of_px_in_every_language_of_the_file(load: Load) -> None:
    loaded = load(PX_TOML, head=_head("px"), **{"a.px": PX})
    assert names(loaded) == {
        ("TEST:sex", "M", "sv", "män"),
        ("TEST:sex", "F", "sv", "kvinnor"),
        ("TEST:sex", "M", "en", "men"),
        ("TEST:sex", "F", "en", "women"),
        ("TEST:civilstånd", "never", "sv", "ogifta"),
        ("TEST:civilstånd", "never", "en", "single"),
        ("TEST:civilstånd", "G", "sv", "gifta"),
        ("TEST:civilstånd", "G", "en", "married"),
    }
    assert {name.source for name in loaded.statistics.names} == {"statistics/test/a.px"}


def test_values_of_px_without_codes_are_their_own_names(load: Load) -> None:
    text = "".join(line for line in PX.splitlines(True) if "[" not in line and "CODES" not in line)
    toml = PX_TOML.replace("1 =", '"män" =').replace("2 =", "kvinnor =").replace("OG =", "gifta =")
    toml = toml.replace("T =", "totalt =").replace('"never"', '"married"')
    loaded = load(toml, head=_head("px"), **{"a.px": text})
    assert names(loaded) == {
        ("TEST:civilstånd", "ogifta", "sv", "ogifta"),  # as the file prints it
        ("TEST:civilstånd", "married", "und", "married"),  # as dataset.toml has it
    }


@pytest.mark.parametrize("broken", [
    ('VALUES[en]("marital status")="single","married","total";', 'VALUES[en]("marital status")="single","married";'),
    ('VALUES[en]("marital status")', 'VALUES[en]("another name")'),
    ('STUB[en]="sex","marital status";', ""),
])  # fmt: skip
def test_a_language_that_does_not_name_every_value_is_left_out(load: Load, broken: tuple[str, str]) -> None:
    loaded = load(PX_TOML, head=_head("px"), **{"a.px": PX.replace(*broken)})
    assert {language for _, language, _ in names(loaded, "TEST:civilstånd")} == {"sv"}


@pytest.mark.parametrize(("extension", "language"), [
    ({"lang": "EN"}, "en"), ({"px": {"language": "no"}}, "no"), ({"lang": 5}, "und"), ({"lang": "?"}, "und"),
    (None, "und"),
])  # fmt: skip
def test_labels_of_json_stat(load: Load, extension: object, language: str) -> None:
    group = {"category": {"index": ["a", "b=;%"], "label": {"a": "Wood", "b=;%": "Straw"}}}
    time = {"category": {"index": ["2019"]}}
    cube = {"class": "dataset", "id": ["Group", "time"], "size": [2, 1], "role": {"time": ["time"]}, "value": [1, 2],
            "dimension": {"Group": group, "time": time}, "extension": extension}  # fmt: skip
    toml = GROUP + '[constants]\nstatistic_id = "SI_POV_NAHC"\nref_area = "TJ"\n'
    loaded = load(toml, head=_head("json-stat"), **{"a.json": json.dumps(cube)})
    assert names(loaded) == {("TEST:Group", "a", language, "Wood"), ("TEST:Group", "b=;%", language, "Straw")}


def test_codes_without_labels_are_their_own_names(load: Load) -> None:
    assert names(load(GROUP, a=CSV)) == {("TEST:Group", "a;b", "und", "a;b"), ("TEST:Group", "x", "und", "x")}


def test_names_of_structures_by_language(load: Load) -> None:
    loaded = load(GROUP, head=HEAD + 'structure = "dsd.xml"\n', a=CSV, **{"dsd.xml": DSD})
    assert names(loaded) == {
        ("TEST:Group", "a;b", "und", "a;b"),
        ("TEST:Group", "x", "ru", "Икс"),
        ("TEST:Group", "x", "en-gb", "The X"),
    }


def test_codes_of_a_list_of_npa_have_its_english_names(load: Load) -> None:
    data = CSV.replace("Group", "OCCUPATION").replace("a;b", "ISCO08_1").replace(",x,", ",NEW,")
    toml = '[concepts]\nOCCUPATION = "other_breakdown"\n[define.occupation]\nNEW = "Newcomers"\n'
    loaded = load(toml, a=data)
    assert names(loaded, "TEST:OCCUPATION") == {("ISCO08_1", "en", "Managers"), ("NEW", "en", "Newcomers")}
    assert names(loaded, "occupation") == {("NEW", "en", "Newcomers")}
    assert {(name.code, name.source) for name in loaded.statistics.names} == {
        ("ISCO08_1", "IAEG-SDGs:CL_OCCUPATION(1.0)"),
        ("NEW", "statistics/test/dataset.toml"),
    }


def test_definitions_name_codes_in_english(load: Load) -> None:
    toml = '[codes.age]\n"" = "_T"\n[define.age]\nY17 = "17 years old"\n[define.ref_area]\nZZ = { name = "Utopia" }\n'
    loaded = load(toml, a=CSV.replace(",Group", ",AGE").replace("a;b", "Y17").replace(",x,", ",,"))
    assert names(loaded) == {("age", "Y17", "en", "17 years old"), ("ref_area", "ZZ", "en", "Utopia")}


@pytest.mark.parametrize("entry", ['X = ""', 'X = "  "', '"" = "nobody"', 'X = { name = "" }'])
def test_a_definition_has_a_code_and_a_name(load: Load, entry: str) -> None:
    loaded = load(f"[define.age]\n{entry}\n", a=CSV.replace(",Group", ",AGE").replace("a;b", "X").replace(",x,", ",,"))
    assert "statistics/test/dataset.toml: [define.age] defines" in loaded.faults


def test_a_code_with_two_names_has_the_first_and_an_issue(load: Load) -> None:
    other = PX.replace('"gifta"', '"GIFTA"').replace("2019", "2020")
    loaded = load(PX_TOML, head=_head("px"), **{"a1.px": PX, "a2.px": other})
    assert ("G", "sv", "gifta") in names(loaded, "TEST:civilstånd")
    (issue,) = loaded.statistics.issues
    assert (issue["rule"], issue["source_file"]) == ("code_has_two_names", "statistics/test/a2.px")
    assert issue["column_name"] == "other_breakdown"
    assert issue["arguments"] == {
        "concept": "civilstånd",
        "n": 1,
        "code": "G",
        "name": "gifta",
        "other_name": "GIFTA",
    }


def test_codes_that_keep_sets_aside_are_not_named(load: Load) -> None:
    loaded = load(PX_TOML + '[keep]\nsex = ["F"]\n', head=_head("px"), **{"a.px": PX})
    assert {code for code, _, _ in names(loaded, "TEST:sex")} == {"F"}


_BOTH = """STRUCTURE;STRUCTURE_ID;SERIES;REF_AREA;TIME_PERIOD;SEX: Sex;Group: Fuel;OBS_VALUE
dataflow;A:B(1.0);SI_POV_NAHC;TJ;2019;F: Girls;w: Wood;1
dataflow;A:B(1.0);SI_POV_NAHC;TJ;2019;M: Boys;g: Gas;1
"""
_NAME = """STRUCTURE;STRUCTURE_ID;STRUCTURE_NAME;SERIES;REF_AREA;TIME_PERIOD;SEX;Sex;GROUP;Group;OBS_VALUE
dataflow;A:B(1.0);X;SI_POV_NAHC;TJ;2019;F;Girls;w;Wood;1
dataflow;A:B(1.0);X;SI_POV_NAHC;TJ;2019;M;Boys;g;Gas;1
"""


@pytest.mark.parametrize("text", [_BOTH, _NAME])
def test_labels_of_sdmx_csv(load: Load, text: str) -> None:
    name = "GROUP" if "GROUP" in text else "Group"
    loaded = load(GROUP.replace("Group", name), head=_head("sdmx-csv"), **{"a.csv": text})
    assert names(loaded) == {
        ("TEST:sex", "F", "und", "Girls"),
        ("TEST:sex", "M", "und", "Boys"),
        (f"TEST:{name}", "w", "und", "Wood"),
        (f"TEST:{name}", "g", "und", "Gas"),
    }
