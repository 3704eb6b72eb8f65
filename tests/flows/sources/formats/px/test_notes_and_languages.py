"""Footnotes of PC-Axis files, the language that dataset.toml chooses, and the lines that faults name."""

from pathlib import Path

import pytest

from tests.support.one_data_set import Loaded, loader
from tests.support.px_files import head
from transforms.quality.catalogue import message

FILE = """CODEPAGE="utf-8";
LANGUAGE="en";
LANGUAGES="en","ru","tg";
NOTE="Provisional figures.";
NOTE="The second note.";
NOTE[ru]="Предварительные данные.";
STUB="region","sex";
STUB[ru]="регион","пол";
HEADING="year";
HEADING[ru]="год";
VALUES("region")="Khatlon","Sughd";
VALUES[ru]("регион")="Хатлон","Согд";
CODES("region")="KT","SU";
VALUES("sex")="men","women";
VALUES[ru]("пол")="мужчины","женщины";
VALUES("year")="2019","2020";
VALUES[ru]("год")="2019 г.","2020 г.";
TIMEVAL("year")=TLIST(A1),"2019","2020";
UNITS="number";
UNITS[ru]="единиц";
VALUENOTE("region","Sughd")="Without Panjakent.";
VALUENOTE[ru]("регион","Согд")="Без Пенджикента.";
CELLNOTEX("Khatlon","men","2020")="Estimate.";
CELLNOTE("Khatlon","*","2019")="Revised, "
"twice.";
VALUENOTE("region","Dushanbe")="Left over.";
DATA=
1 2
3 4
5 6
7 8;
"""
CONSTANTS = """
[constants]
statistic_id = "SP_DYN_BRTH"
[define.statistic_id]
SP_DYN_BRTH = "Live births"
"""
ENGLISH = """
[concepts]
region = "ref_area"
UNITS = "unit_measure"
[codes.ref_area]
KT = "TJ-KT"
Sughd = "TJ-SU"
[codes.sex]
men = "M"
women = "F"
[codes.unit_measure]
number = "NUMBER"
"""
RUSSIAN = """
[concepts]
"регион" = "ref_area"
"пол" = "sex"
UNITS = "unit_measure"
[codes.ref_area]
"Хатлон" = "TJ-KT"
SU = "TJ-SU"
[codes.sex]
"мужчины" = "M"
"женщины" = "F"
[codes.unit_measure]
"единиц" = "NUMBER"
"""
ROWS = "ref_area, sex, time_period, obs_value, unit_measure"


def read(tmp_path: Path, toml: str, more: str = "", file: str = FILE) -> Loaded:
    return loader(tmp_path)(CONSTANTS + toml, head(more), **{"a.px": file})


def notes(loaded: Loaded) -> dict[str, tuple[int, str]]:
    """Return text → line and sentence of the producer's notes."""
    assert not loaded.statistics.problems, loaded.faults
    issues = [i for i in loaded.statistics.issues if i["rule"] == "producer_note"]
    assert {i["source_file"] for i in issues} <= {"statistics/test/a.px"}
    return {i["source_value"]: (i["line_number"], str(message(i["message_id"], **i["arguments"]))) for i in issues}


def test_footnotes_become_quality_issues_with_their_line_and_rows(tmp_path: Path) -> None:
    assert notes(read(tmp_path, ENGLISH)) == {
        "Provisional figures.": (4, "The producer notes on the table: Provisional figures."),
        "The second note.": (5, "The producer notes on the table: The second note."),
        "Without Panjakent.": (21, "The producer notes on region, Sughd, 4 observations: Without Panjakent."),
        "Estimate.": (23, "The producer notes on Khatlon, men, 2020, 1 observation: Estimate."),
        "Revised, twice.": (24, "The producer notes on Khatlon, *, 2019, 2 observations: Revised, twice."),
        "Left over.": (26, "The producer notes on region, Dushanbe, which the table does not have: Left over."),
    }


def test_notes_on_rows_that_keep_does_not_take_are_left_out(tmp_path: Path) -> None:
    kept = notes(read(tmp_path, ENGLISH + '[keep]\nsex = ["F"]\n'))
    assert "Estimate." not in kept
    assert kept["Without Panjakent."][1].startswith("The producer notes on region, Sughd, 2 observations")


def test_a_chosen_language_gives_names_labels_units_and_notes(tmp_path: Path) -> None:
    russian = read(tmp_path, RUSSIAN, 'language = "ru"')
    assert set(notes(russian)) >= {"Предварительные данные.", "Без Пенджикента.", "Estimate."}
    assert "Provisional figures." not in notes(russian)
    rows = sorted(russian.rows(ROWS))
    assert rows == sorted(read(tmp_path, ENGLISH, 'language = "en"').rows(ROWS))
    assert rows == sorted(read(tmp_path, ENGLISH).rows(ROWS))
    assert rows[0] == ("TJ-KT", "F", "2019", 3.0, "NUMBER")


def test_a_language_that_the_file_does_not_have_is_refused_with_those_that_it_has(tmp_path: Path) -> None:
    faults = read(tmp_path, RUSSIAN, 'language = "de"').faults
    assert 'a.px:2: the file has no texts in the language that dataset.toml names: "de"' in faults
    assert "Say language = one of en, ru." in faults
    assert "one of en, ru." in read(tmp_path, RUSSIAN, 'language = "tg"').faults  # announced, and without a text
    silent = 'CODEPAGE="utf-8";\nHEADING="year";VALUES("year")="2020";DATA=1;'
    assert "Take language out" in read(tmp_path, "", 'language = "ru"', silent).faults
    assert "only PC-Axis files have languages" in loader(tmp_path)("", language_of_csv(), a="x\n1\n").faults


def language_of_csv() -> str:
    """Return a dataset.toml that names a language of a CSV file."""
    return head('language = "ru"').replace('"px"', '"csv"').replace("*.px", "*.csv")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('STUB[ru]="регион","пол"', 'STUB[ru]="регион"', "a.px:8: STUB names 2 variables"),
        ('"Хатлон","Согд"', '"Хатлон"', "has 1 where VALUES of the main language has 2"),
        ('"мужчины","женщины"', '"люди","люди"', "has one code or value twice"),
    ],
)
def test_lists_of_a_language_are_as_long_as_those_of_the_main_one(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    assert fault in read(tmp_path, RUSSIAN, 'language = "ru"', FILE.replace(old, new)).faults


@pytest.mark.parametrize(
    ("old", "new", "toml", "line"),
    [
        ("\n5 6\n", "\n5 x\n", ENGLISH, 30),  # a cell that is no number
        ("7 8;", '7 ":";', ENGLISH, 31),
        ('"men","women"', '"boys","women"', ENGLISH, 14),  # a code that nobody knows
        ("", "", ENGLISH.replace('KT = "TJ-KT"', ""), 13),
        ("", "", ENGLISH.replace('number = "NUMBER"', ""), 19),
        ('TLIST(A1),"2019","2020"', 'TLIST(W1),"201901","202001"', ENGLISH, 18),
    ],
)
def test_faults_of_rows_name_a_line_of_the_file(tmp_path: Path, old: str, new: str, toml: str, line: int) -> None:
    file = FILE.replace(old, new) if old else FILE
    if "W1" in new:
        file = file.replace('="2019","2020"', '="one","two"')
    faults = read(tmp_path, toml, "", file).faults
    assert f"a.px:{line}: " in faults, faults


def test_faults_of_a_file_with_keys_name_the_line_of_data(tmp_path: Path) -> None:
    keyed = FILE.split("DATA=")[0] + 'KEYS("region")=CODES;\nKEYS("sex")=VALUES;\nDATA=\n"KT","men",1 x\n;'
    assert "a.px:29: obs_value is no number" in read(tmp_path, ENGLISH, "", keyed).faults


def test_a_footnote_of_windows_1252_in_a_file_of_iso_8859_1_is_read(tmp_path: Path) -> None:
    file = 'NOTE="The producer’s – note";\nHEADING="TIME_PERIOD";\nVALUES("TIME_PERIOD")="2020";\nDATA=\n1;\n'
    toml = '[constants]\nstatistic_id = "SH_DYN_MORT"\nref_area = "TJ"\n'
    loaded = loader(tmp_path)(toml, head(), **{"a.px": file.encode("cp1252")})
    assert list(notes(loaded)) == ["The producer’s – note"]
    codes = file.replace('"TIME_PERIOD"', '"it’s"').encode("cp1252")
    refused = loader(tmp_path)(toml, head(), **{"a.px": codes}).faults
    assert 'Say encoding = "cp1252" in dataset.toml.' in refused
