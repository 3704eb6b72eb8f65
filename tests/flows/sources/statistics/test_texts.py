"""Text in a wrong code page is refused in every format, with its own encoding named; the remedy works."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from flows.sources.describe.describe import describe
from tests.support.one_data_set import HEAD, Load, Loaded, loader
from tests.support.px_files import head
from transforms.quality.catalogue import message
from transforms.quality.text import in_language

WORDS = ("местность", "всего", "город", "село")
CONSTANTS = """
[constants]
statistic_id = "SH_DYN_MORT"
ref_area = "TJ"
unit_measure = "PT"
[concepts]
"местность" = "other_breakdown"
UNITS = ""
"""
OTHERS = ["местность=всего", "местность=город", "местность=село"]


def px(words: tuple[str, ...] = WORDS, page: str = "") -> str:
    """Return a PC-Axis file."""
    name, *values = words
    listed = ",".join(f'"{value}"' for value in values)
    head = f'CODEPAGE="{page}";\n' if page else ""
    variables = f'STUB="{name}";\nHEADING="TIME_PERIOD";\nVALUES("{name}")={listed};\nVALUES("TIME_PERIOD")="2019";\n'
    return f'{head}LANGUAGE="ru";\n{variables}DATA=\n1\n2\n3;\n'


def csv(words: tuple[str, ...] = WORDS) -> str:
    """Return a CSV file."""
    name, *values = words
    return f"{name},TIME_PERIOD,OBS_VALUE\n" + "".join(f"{value},2019,{n}\n" for n, value in enumerate(values, 1))


def json_stat(words: tuple[str, ...] = WORDS, **options: Any) -> str:
    """Return a JSON-stat file."""
    name, *values = words
    time = {"category": {"index": ["2019"]}}
    dimension = {name: {"category": {"index": values}}, "TIME_PERIOD": time}
    cube = {"version": "2.0", "class": "dataset", "id": [name, "TIME_PERIOD"], "size": [3, 1], "dimension": dimension}
    return json.dumps({**cube, "role": {"time": ["TIME_PERIOD"]}, "value": [1, 2, 3]}, **options)


def sdmx_ml(words: tuple[str, ...] = WORDS, page: str = "utf-8") -> str:
    """Return an SDMX-ML 2.1 message, the words as values of an attribute."""
    name = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
    rows = "".join(f'<Obs PLACE="{word}" TIME_PERIOD="2019" OBS_VALUE="{n}"/>\n' for n, word in enumerate(words[1:]))
    return (
        f'<?xml version="1.0" encoding="{page}"?>\n<m:StructureSpecificData xmlns:m="{name}/message"><m:DataSet>'
        f"{rows}</m:DataSet></m:StructureSpecificData>"
    )


def wrongly(meant: str, page: str) -> tuple[str, ...]:
    """Return the words as another code page shows them."""
    return tuple(
        "".join(bytes([code]).decode(page, "ignore") or chr(code) for code in word.encode(meant)) for word in WORDS
    )


def read(tmp_path: Path, name: str, data: str | bytes, more: str = "", toml: str = CONSTANTS) -> Loaded:
    """Return a data set of one file, whose format is the one of its name."""
    kind = {"px": "px", "csv": "csv", "json": "json-stat", "xml": "sdmx-ml", "xlsx": "xlsx"}[name.split(".")[-1]]
    described = head(more).replace('"px"', f'"{kind}"').replace("*.px", name)
    concepts = (
        toml.replace('"местность" = "other_breakdown"\n', "").replace("UNITS", "PLACE") if kind == "sdmx-ml" else toml
    )
    concepts = concepts.replace('PLACE = ""', 'PLACE = "other_breakdown"')
    load: Load = loader(tmp_path)
    return load(concepts, described, **{name: data})


def others(loaded: Loaded) -> list[str]:
    return sorted(row for (row,) in loaded.rows("other_breakdown"))


@pytest.mark.parametrize("page", ["", "iso-8859-1", "windows-1252", "iso-8859-15"])
@pytest.mark.parametrize("meant", ["cp1251", "koi8-r", "cp866"])
def test_px_in_another_code_page_than_it_states(tmp_path: Path, page: str, meant: str) -> None:
    data = px(page=page).encode(meant)
    refused = read(tmp_path, "a.px", data).faults
    assert f'Say encoding = "{meant}" in dataset.toml.' in refused, refused
    assert "местность" in refused
    assert f"a.px:{3 if page else 2}: " in refused
    assert others(read(tmp_path, "a.px", data, f'encoding = "{meant}"')) == OTHERS
    for other in {"cp1252", "utf-8", "cp1251", "koi8-r"} - {meant}:  # dataset.toml is no better than CODEPAGE
        assert meant in read(tmp_path, "a.px", data, f'encoding = "{other}"').faults


def test_px_that_states_utf_8_and_is_not(tmp_path: Path) -> None:
    refused = read(tmp_path, "a.px", px(page="utf-8").encode("cp1251")).faults
    assert 'bytes that are no utf-8. Say encoding = … in dataset.toml: it looks like "cp1251"' in refused
    assert "a.px:3: " in refused


@pytest.mark.parametrize(
    ("name", "text"), [("a.csv", csv()), ("a.json", json_stat(ensure_ascii=False)), ("a.xml", sdmx_ml())]
)
@pytest.mark.parametrize("meant", ["cp1251", "koi8-r", "utf-8"])
def test_a_wrong_encoding_in_dataset_toml(tmp_path: Path, name: str, text: str, meant: str) -> None:
    wrong = "cp1252" if meant != "utf-8" else "cp1251"
    refused = read(tmp_path, name, text.encode(meant), f'encoding = "{wrong}"').faults
    assert f'encoding = "{meant}"' in refused or "UTF-8" in refused, refused
    assert not read(tmp_path, name, text.encode(meant), f'encoding = "{meant}"').faults


@pytest.mark.parametrize("declared", ["windows-1252", "iso-8859-1", "utf-8", "utf-16", "koi8-r"])
@pytest.mark.parametrize("meant", ["cp1251", "utf-8"])
def test_an_xml_declaration_that_lies(tmp_path: Path, declared: str, meant: str) -> None:
    data = sdmx_ml(page=declared).encode(meant)
    loaded = read(tmp_path, "a.xml", data)
    if declared == meant:
        assert others(loaded) == ["PLACE=всего", "PLACE=город", "PLACE=село"]
        return
    assert meant in loaded.faults, loaded.faults
    assert len(others(read(tmp_path, "a.xml", data, f'encoding = "{meant}"'))) == 3


@pytest.mark.parametrize(
    ("meant", "page"),
    [
        ("cp1251", "cp1252"), ("utf-8", "cp1252"), ("utf-8", "cp1251"), ("koi8-r", "cp1251"), ("cp866", "cp1251"),
        ("cp1251", "cp866"),
    ],
)  # fmt: skip
def test_text_that_was_damaged_before_it_was_saved(tmp_path: Path, meant: str, page: str) -> None:
    words = wrongly(meant, page)
    for name, text in (
        ("a.px", px(words, "utf-8")), ("a.csv", csv(words)), ("a.json", json_stat(words)), ("a.xml", sdmx_ml(words)),
    ):  # fmt: skip
        toml = CONSTANTS.replace(WORDS[0], words[0])  # what the file says is mapped, and refused all the same
        refused = read(tmp_path, name, text, "", toml).faults
        assert f"in {meant}" in refused, (name, refused)
        assert "damaged before it came into this file" in refused
        assert "Ask the producer" in refused


def test_a_workbook_with_damaged_text(tmp_path: Path) -> None:
    book, path = Workbook(), tmp_path / "a.xlsx"
    sheet = book.create_sheet("data", 0)
    for row in (["PLACE", "TIME_PERIOD", "OBS_VALUE"], ["Òàäæèêèñòàí", "2019", 1], ["ãîðîä", "2019", 2]):
        sheet.append(row)
    book.remove(book["Sheet"])
    book.save(path)
    toml = CONSTANTS.replace("UNITS", "PLACE").replace('PLACE = ""', 'PLACE = "other_breakdown"')
    refused = read(tmp_path, "b.xlsx", path.read_bytes(), "", toml).faults
    assert 'a word would be "Таджикистан" in cp1251: "Òàäæèêèñòàí"' in refused
    assert "b.xlsx:2: " in refused


def test_a_column_that_is_set_aside_may_be_damaged(tmp_path: Path) -> None:
    text = "REF_AREA,TIME_PERIOD,OBS_VALUE,NOTE\nTJ,2019,1,ìåñòíîñòü âñåãî\n"
    toml = '[constants]\nstatistic_id = "SH_DYN_MORT"\n[concepts]\nNOTE = "{}"\n'
    load = loader(tmp_path)
    assert load(toml.format(""), HEAD, a=text).rows()
    refused = load(toml.format("other_breakdown"), HEAD, a=text).faults
    assert "a.csv:2: the text was damaged before" in refused
    assert "местность" in in_language(
        load(toml.format("other_breakdown"), HEAD, a=text).statistics.problems[0].what, "tg"
    )


def test_utf_16_marks_are_obeyed_in_json_too(tmp_path: Path) -> None:
    text = json_stat(ensure_ascii=False)
    assert others(read(tmp_path, "a.json", text.encode("utf-16"))) == OTHERS
    assert others(read(tmp_path, "a.json", text.encode("utf-8-sig"))) == OTHERS
    refused = read(tmp_path, "a.json", text.encode("utf-16"), 'encoding = "cp1251"').faults
    assert "byte order mark of utf-16, and encoding says cp1251" in refused


def test_letters_that_are_lost_are_refused_if_none_is_left_and_else_reported(tmp_path: Path) -> None:
    refused = read(tmp_path, "a.csv", csv(("местность", "?????", "село", "город"))).faults
    assert "the letters of the text are lost" in refused
    assert "a.csv:2: " in refused
    for name, text in (
        ("a.csv", csv(("местность", "То?икистон", "село", "город"))),
        ("a.px", px(("местность", "Constru\ufffdn", "село", "город"), "utf-8")),
    ):
        issues = [i for i in read(tmp_path, name, text).statistics.issues if i["rule"] == "letters_lost"]
        assert [i["source_file"] for i in issues] == [f"statistics/test/{name}"]
        assert "1 text of the file" in str(message(issues[0]["message_id"], **issues[0]["arguments"]))
        assert issues[0]["line_number"] == (2 if name == "a.csv" else 5)


def test_a_suggestion_with_a_tajik_sentence_is_translated(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, "a.csv", csv().encode("cp1251")).statistics.problems
    assert "cp1251 has no Tajik letters" in str(problem)
    assert "в cp1251 нет таджикских букв" in problem.in_language("ru")


def test_describe_proposes_the_encoding_of_a_px_that_lies(tmp_path: Path) -> None:
    path = tmp_path / "a.px"
    path.write_bytes(px(page="iso-8859-1").encode("cp1251"))
    assert describe(path).encoding == "cp1251"
    path.write_bytes(px().encode("koi8-r"))
    assert describe(path).encoding == "koi8-r"
