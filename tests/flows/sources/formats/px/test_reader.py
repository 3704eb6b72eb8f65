"""PC-Axis files: official ones compared with an independent reading, the specification's rules, what is rejected."""

import re
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.sources.formats.px import reader as px
from flows.sources.formats.relation import Source
from tests.support.px_files import FILES, described, rows
from transforms.errors import InputProblem


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Return a function that reads a path, or text or bytes that it writes to a path."""
    con = duckdb.connect()

    def reading(content: Path | str | bytes, **keys: Any) -> Source:
        if not isinstance(content, Path):
            written = tmp_path / "written.px"
            written.write_bytes(content if isinstance(content, bytes) else content.encode("iso-8859-1"))
            content = written
        return px.read(con, content, described(**keys), tmp_path)

    return reading


def independently(path: Path, encoding: str) -> list[tuple[str, ...]]:
    """Return codes and cells as a few patterns find them, in the order of the cube."""
    text = path.read_bytes().decode(encoding)
    head, data = re.split(r"\nDATA=\s*\n", text)

    def listed(keyword: str) -> list[str]:
        match = re.search(rf"^{keyword}=(?:TLIST\(\w+\),)?(.*?);\r?$", head, re.DOTALL | re.MULTILINE)
        return re.findall(r'"([^"]*)"', match[1]) if match else []

    names = [*listed("STUB"), *listed("HEADING")]
    codes = [listed(rf'CODES\("{re.escape(n)}"\)') or listed(rf'VALUES\("{re.escape(n)}"\)') for n in names]
    cells = data.rstrip().rstrip(";").replace('"', "").split()
    return [(*place, cell) for place, cell in zip(product(*codes), cells, strict=True)]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("px/BE0101A1.px", "latin-1"),
        ("px/BE0101F1datasymbols.px", "latin-1"),
        ("px/EXEMPEL2.PX", "latin-1"),
        ("px/HA0201E8.px", "latin-1"),
        ("px/PR0101B3.px", "latin-1"),
        ("px/icane_1001.px", "utf-8"),
        ("derived-not-official/nahc_ru_windows-1251.px", "cp1251"),
    ],
)
def test_official_files(read: Any, name: str, encoding: str) -> None:
    source = read(FILES / name, encoding="utf-8" if encoding == "utf-8" else None)
    dimensions = [n for n in source.names if n not in ("UNITS", "CONTENTS", "DATANOTE")]
    records = [tuple(row[n] for n in dimensions) for row in rows(source)]

    def same(period: str | None) -> str:  # 2006-Q1, 2006-10 and 2013-Q4 are printed 2006K1, 2006M10 and 2013T4
        return re.sub(r"^(\d{4})[KMT-]Q?(\d+)$", r"\1\2", period or "")

    expected = independently(FILES / name, encoding)
    assert [tuple(map(same, row)) for row in records] == [tuple(map(same, row)) for row in expected]


def test_figures_read_by_a_person(read: Any) -> None:
    trade = rows(read(FILES / "px/HA0201E8.px"))
    assert trade[51] == {
        "Commodity group SITC": "3",
        "TIME_PERIOD": "2009-Q1",
        "UNITS": "index",
        "CONTENTS": "Volume of imports of goods, base year 2000=100, index",
        "OBS_VALUE": "105",
    }
    prices = rows(read(FILES / "px/PR0101B3.px"))
    assert (prices[3]["TIME_PERIOD"], prices[3]["OBS_VALUE"]) == ("2007-01", "242.00")  # the last zero stays
    source = read(FILES / "derived-not-official/nahc_ru_windows-1251.px")
    assert source.names == ("местность", "TIME_PERIOD", "UNITS", "CONTENTS", "OBS_VALUE")
    assert source.labels == {"местность": {"_T": "всего", "U": "город", "R": "село"}}
    assert [r["OBS_VALUE"] for r in rows(source) if r["местность"] == "U"] == [
        "35.2",
        "34.4",
        "33.3",
        "21.5",
        "18.4",
        "..",
    ]
    labour = read(FILES / "px/icane_1001.px", encoding="utf-8")
    assert labour.names[2] == "Periodo"  # no TIMEVAL: the name stays
    assert rows(labour)[0]["Periodo"] == "2013-Q4"
    assert labour.labels["Periodo"]["2013-Q4"] == "2013T4"


def test_units_and_notes_of_a_contents_variable(read: Any) -> None:
    source = read(FILES / "px/EXEMPEL2.PX")
    assert source.names == ("region", "age", "TIME_PERIOD", "type", "sex", "UNITS", "DATANOTE", "OBS_VALUE")
    noted = {(r["age"], r["type"], r["sex"]) for r in rows(source) if r["DATANOTE"] == "Ae"}
    assert noted == {("20", "BE0101F2", "1"), ("20", "BE0101F2", "2"), ("21", "BE0101F2", "1")}


HEAD = """CHARSET="ANSI";
LANGUAGE="en";
LANGUAGES="en","ru";
NOTE="a text; with a DATA=1; in "
"two pieces";
STUB="area","sex";
STUB[ru]="местность","пол";
HEADING="year";
VALUES("area")="town, big; and small","vill"
"age";
VALUES[ru]("местность")="город","село";
VALUES("sex")="men","women";
CODES("sex")="M","F";
VALUES("year")="2004","2005";
TIMEVAL("year")=TLIST(A1,"2004"-"2005");
"""
PLAIN = HEAD + "DATA=\n1 2\n3 4\n5 6\n7 8;\n"
UTF8 = 'CODEPAGE="utf-8";\n'


def test_main_language_pieces_and_every_separator(read: Any) -> None:
    text = HEAD.replace('LANGUAGE="en";\n', "") + 'UNITS="";DATA=1,2;3\t".." -\r\n"-" 7.50 ,\n8\n;\n\x1a'
    source = read((UTF8 + text).encode())
    assert source.names == ("area", "sex", "TIME_PERIOD", "OBS_VALUE")
    assert source.labels == {"sex": {"M": "men", "F": "women"}}
    records = rows(source)
    assert [r["OBS_VALUE"] for r in records] == ["1", "2", "3", "..", "-", "-", "7.50", "8"]
    assert records[1] == {"area": "town, big; and small", "sex": "M", "TIME_PERIOD": "2005", "OBS_VALUE": "2"}
    assert records[7]["area"] == "village"


def test_the_default_language_may_be_the_marked_one(read: Any) -> None:
    text = 'CODEPAGE="windows-1251";LANGUAGE="ru";STUB[en]="sex";STUB[ru]="пол";VALUES[ru]("пол")="муж","жен";'
    text += 'VALUES[en]("sex")="m","f";UNITS[en]="%";UNITS[ru]="процент";CONTENTS="";DATA=1 2;'
    source = read(text.encode("cp1251"))
    assert rows(source)[1] == {"пол": "жен", "UNITS": "процент", "OBS_VALUE": "2"}


def test_rows_without_keys_are_zeros(read: Any) -> None:
    keyed = HEAD + 'KEYS("area")=VALUES;\nKEYS("sex")=CODES;\nDATA=\n'
    keyed += '"village","M",5 ".."\n"town, big; and small","F",".",4;\n'
    records = rows(read((UTF8 + keyed).encode()))
    assert [r["OBS_VALUE"] for r in records] == ["0", "0", ".", "4", "5", "..", "0", "0"]
    for wrong, why in (
        (keyed.replace('"F",', '"X",'), "a key that no"),
        (keyed.replace('5 ".."', "5"), "too few cells"),
        (keyed.replace('5 ".."', "5 6 7"), "a key that no"),
        (keyed.replace('"village","M"', '"town, big; and small","F"'), "same keys"),
        (keyed.replace("4;", "4"), "truncated"),
        (keyed.replace("4;", ";"), "too few cells"),
        (keyed.replace('KEYS("sex")=CODES;', ""), "no fellow"),
        (keyed.replace("=CODES;", "=BOTH;"), "neither CODES nor VALUES"),
        (keyed.replace('KEYS("sex")', 'KEYS("year")'), "no fellow"),
        (keyed.replace("\nDATA=", 'KEYS("year")=CODES;DATA='), "not in STUB"),
    ):
        with pytest.raises(InputProblem, match=why):
            read((UTF8 + wrong).encode())


@pytest.mark.parametrize(
    ("timeval", "periods"),
    [
        ('TLIST(Q1),"20054","20061"', ["2005-Q4", "2006-Q1"]),
        ('TLIST(Q1,"20054"-"20061")', ["2005-Q4", "2006-Q1"]),
        ('TLIST(K),"2005K4","2006K1"', ["2005-Q4", "2006-Q1"]),
        ('TLIST(H1,"20052"-"20061")', ["2005-S2", "2006-S1"]),
        ('TLIST(M1,"200512"-"200601")', ["2005-12", "2006-01"]),
        ('TLIST(W1,"202053"-"202101")', ["2020-W53", "2021-W01"]),
        ('TLIST(T1,"20053"-"20061")', ["2005-T3", "2006-T1"]),
        ('TLIST(A1),"1999/2000","2000/2001"', ["1999/2000", "2000/2001"]),  # not a period: judged later, as printed
        ("TLIST(A1)", ["2004", "2005"]),
    ],
)
def test_time_scales(read: Any, timeval: str, periods: list[str]) -> None:
    text = PLAIN.replace('TLIST(A1,"2004"-"2005")', timeval)
    if periods[0] != "2004":  # words, which say no period: TIMEVAL does, in the order of VALUES
        text = text.replace('VALUES("year")="2004","2005"', 'VALUES("year")="before","after"')
    assert [r["TIME_PERIOD"] for r in rows(read((UTF8 + text).encode()))] == periods * 4


def test_attributes_and_notes_that_meet(read: Any) -> None:
    text = HEAD + 'ATTRIBUTE-ID="Status","Conf";ATTRIBUTES="A","F";ATTRIBUTES("village","F","2005")="E","";\n'
    text += 'DATANOTE("sex","women")="*";DATANOTECELL("village","F","*")="p";DATA=1 2 3 4 5 6 7 8;'
    records = rows(read((UTF8 + text).encode()))
    assert [r["DATANOTE"] for r in records] == [None, None, "*", "*", None, None, "p *", "p *"]
    assert [(r["Status"], r["Conf"]) for r in records] == [("A", "F")] * 7 + [("E", "F")]
    for wrong in (
        text.replace('","F","*"', '","X","*"'),
        text.replace('"E",""', '"E"'),
        text.replace('","F","*"', '"'),
    ):
        with pytest.raises(InputProblem):
            read((UTF8 + wrong).encode())


def test_encodings_are_stated_or_refused_never_guessed(read: Any) -> None:
    text = 'STUB="ҷинс";VALUES("ҷинс")="писар","духтар";DATA=1 2;'
    assert read(text.encode("utf-8-sig")).names[0] == "ҷинс"
    assert read(text.encode(), encoding="utf-8").names[0] == "ҷинс"
    assert read(('CODEPAGE="utf-8";' + text).encode()).names[0] == "ҷинс"
    russian = 'CODEPAGE="windows-1252";STUB="пол";VALUES("пол")="муж","жен";DATA=1 2;'
    assert read(russian.encode("cp866"), encoding="cp866").names[0] == "пол"
    for raw, keys, why in (
        (text.encode(), {}, "gives itself as iso-8859-1, but its bytes are UTF-8"),
        (('CODEPAGE="windows-1251";' + text).encode(), {}, "but its bytes are UTF-8"),
        (russian.encode("cp1251"), {"encoding": "utf-8"}, "bytes that are no utf-8"),
        (text.encode(), {"encoding": "utf-9"}, "the encoding is unknown"),
        (b'CODEPAGE="klingon";' + text.encode(), {}, "the encoding is unknown"),
        (text.encode("utf-16"), {}, "NUL bytes"),
        ('STUB="€";VALUES("€")="1";DATA=1;'.encode("cp1252"), {}, "the control character U\\+0080"),
        (UTF8.encode() + b'STUB="a";VALUES("a")="1","2";DATA=\n1\n\xff;', {}, "bytes that are no utf-8"),
    ):
        with pytest.raises(InputProblem, match=why) as refused:
            read(raw, **keys)
        assert "encoding" in refused.value.remedy or "UTF-8" in refused.value.remedy or "whole" in refused.value.remedy
    assert (refused.value.line, "encoding" in refused.value.remedy) == (4, True)


@pytest.mark.parametrize(
    ("instead", "of", "why", "line"),
    [
        ("", 'STUB="area","sex";\nHEADING="year";\n', "neither STUB nor HEADING", 0),
        ("", 'VALUES("sex")="men","women";\n', "has no VALUES", 6),
        ('VALUES("sxe")', 'VALUES("sex")', "names no variable", 10),
        ('CODES("sex")="M";', 'CODES("sex")="M","F";', "has 1 where VALUES has 2", 11),
        ('CODES("sex")="M","M";', 'CODES("sex")="M","F";', "one code or value twice", 11),
        ('VALUES("sex")="men" "women"', 'VALUES("sex")="men","women"', "has 2 where VALUES has 1", 11),
        ('VALUES("sex")="men"+"women"', 'VALUES("sex")="men","women"', "without a comma", 10),
        ('VALUES("sex")="men\n","women"', 'VALUES("sex")="men","women"', "a text over a line end", 10),
        ('VALUES("sex")="men,"women"', 'VALUES("sex")="men","women"', "no end|no statement", 10),
        ('"2004"-"2006"', '"2004"-"2005"', "has 3 where VALUES has 2", 13),
        ('"2004"-"2003"', '"2004"-"2005"', "a range that is none", 13),
        ("LIST(A1)", 'TLIST(A1,"2004"-"2005")', "is no TLIST", 13),
        ("\nsome words;DATA=", "\nDATA=", "no statement", 14),
        ('\nSTUB="x";DATA=', "\nDATA=", "says something else than in line 6", 14),
        ('\nCONTVARIABLE="x";DATA=', "\nDATA=", "is no variable", 14),
        ('\nUNITS("men")="x";DATA=', "\nDATA=", "names no value of CONTVARIABLE", 14),
        ("", "DATA=\n1 2\n3 4\n5 6\n7 8;\n", "there is no DATA", 14),
        ("DATA=\n1 2\n", "DATA=\n1 2\n3 4\n", "6 cells where the values of the variables make 8", 17),
        ("7 8 9;", "7 8;", "more cells", 18),
        ("1 2 0", "1 2", "more cells", 18),
        ('7 8;NOTE="x y";', "7 8;", "text or nothing where a cell", 18),
        ('7 "8;', "7 8;", "not closed", 18),
        ('7 "" 8;', "7 8;", "nothing where a cell", 18),
        ("1,,2", "1 2", None, 0),  # separators in a row separate nothing
        ("sex;", 'LANGUAGE="en";', "no statement", 2),
        ("OBS_VALUE", "area", "the name of another column", 6),
    ],
)
def test_refusals(read: Any, instead: str, of: str, why: str | None, line: int) -> None:
    plain = re.sub(r".*\[ru\].*\n", "", PLAIN)  # DATA= is line 14
    assert of in plain
    if why is None:
        assert len(rows(read(plain.replace(of, instead)))) == 8
        return
    with pytest.raises(InputProblem, match=why) as refused:
        read(plain.replace(of, instead))
    assert refused.value.line == line
    assert refused.value.remedy
