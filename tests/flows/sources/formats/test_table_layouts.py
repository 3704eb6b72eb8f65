"""Tables laid out for people, by [layout]: periods across, headings between rows, marks, several headers."""

import csv
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.support.examples import examples
from tests.support.paths import DATA
from tests.support.table_files import Cells, dataset, observations, refusal, rows, source, workbook

KYRGYZ = DATA / "sdmx-ml-and-excel" / "16.9.1.xlsx"
GROUPS = {
    "By sex": "SEX",
    "Urbanisation": "URBANISATION",
    "By territory": "REF_AREA",
    "By age (in month)": "AGE",
    "Education of mother": "MOTHER_EDUCATION",
    "Functional difficulties in a child (age: 2-4 years)": "CHILD_DISABILITY",
    "Functional difficulties in a child (age: 18-49 years)": "MOTHER_DISABILITY",
    "Wealth quintile": "INCOME_WEALTH_QUANTILE",
}
MARKS = """
decimal = ","
[marks]
"-" = "M"
"(*)" = "Q"
"(#)" = "U"
"""
HEAD = """
[layout]
header = 4
labels = { A = "", B = "", C = "" }
label = "C"
[layout.groups]
"" = ""
"""
LAYOUT = MARKS + HEAD + "".join(f'"{heading}" = "{column}"\n' for heading, column in GROUPS.items())
SIMPLE = """
[layout]
labels = { A = "REF_AREA" }
"""


@pytest.fixture
def kyrgyz(tmp_path: Path) -> Path:
    """Return a copy of the real file, so that streams can be written next to it."""
    return Path(shutil.copy(KYRGYZ, tmp_path))


def independent() -> list[tuple[str | None, str | None, str, float | str, bool, int | None]]:
    """Return column and label, period, number or mark, whether in parentheses, and row, as openpyxl reads them."""
    book = openpyxl.load_workbook(KYRGYZ)
    sheet = book.active
    assert sheet is not None
    values, heading = [], None
    for row in sheet.iter_rows(min_row=5, max_row=46):
        label = " ".join(str(row[2].value).split())
        if all(cell.value is None for cell in row[3:6]):
            heading = GROUPS[label]
            continue
        for cell, year in zip(row[3:6], ("2014", "2018", "2023"), strict=True):
            inner = re.fullmatch(r"\(([0-9,]+)\)", str(cell.value))
            text = inner[1] if inner else cell.value
            number = float(str(text).replace(",", ".")) if text not in ("-", "(*)") else str(text)
            values.append((heading, label if heading else None, year, number, bool(inner), cell.row))
    return values


def test_the_real_table_has_the_values_that_openpyxl_sees(kyrgyz: Path) -> None:
    read = source(kyrgyz, LAYOUT)
    assert read.names == (*GROUPS.values(), "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS")
    values = []
    for *labels, year, value, status, row in rows(kyrgyz, LAYOUT):
        filled = [(name, label) for name, label in zip(GROUPS.values(), labels, strict=True) if label is not None]
        heading, label = filled[0] if filled else (None, None)
        assert len(filled) <= 1
        number = float(str(value).replace(",", ".")) if value not in ("-", "(*)") else value
        values.append((heading, label, year, number, status == "U", row))
    assert values == independent()
    assert len(values) == 102
    assert ("MOTHER_EDUCATION", "Preschool or not /primary", "2014", 68.6, True, 29) in values


def test_one_layout_for_files_whose_header_is_found_by_its_text(kyrgyz: Path) -> None:
    by_text = LAYOUT.replace("header = 4", 'header = "Items"')
    assert rows(kyrgyz, by_text) == rows(kyrgyz, LAYOUT)


def test_all_headings_that_the_layout_does_not_name_are_reported_at_once(kyrgyz: Path) -> None:
    short = "\n".join(line for line in LAYOUT.split("\n") if "territory" not in line and "Wealth" not in line)
    fault = refusal(kyrgyz, short)
    assert "C12 'By territory', C41 'Wealth quintile'" in fault.what
    assert fault.cell == "Лист1!C12"
    assert "[layout.groups]" in fault.remedy


def test_rows_before_any_heading_have_to_be_explained(kyrgyz: Path) -> None:
    fault = refusal(kyrgyz, LAYOUT.replace('"" = ""\n', ""))
    assert "before any heading: C5 'Percentage of children" in fault.what


def test_columns_of_other_languages_must_be_excluded(kyrgyz: Path) -> None:
    fault = refusal(kyrgyz, LAYOUT.replace('A = "", B = "", C', "C"))
    assert (fault.what, fault.cell) == ("the column has no number", "Лист1!A5")


def test_numbers_in_parentheses_stay_as_printed_without_a_mark_that_says_what_they_mean(kyrgyz: Path) -> None:
    read = source(kyrgyz, LAYOUT.replace('"(#)" = "U"\n', ""))
    assert read.names[-1] == "OBS_VALUE"
    assert "(68,6)" in {row[-2] for row in read.relation.fetchall()}


def test_two_header_rows_name_two_dimensions(tmp_path: Path) -> None:
    cells: Cells = [
        ["Title"], ["Region", "2018", None, "2019 г.", None], [None, "Men", "Women", "Men", "Women"],
        ["Batken", 1.5, 2, 3, 4], ["Osh", 5, 6, 7, "…"], [], ["* a note with 5 words"],
    ]  # fmt: skip
    toml = '[layout]\nheader = 2\nlevels = ["TIME_PERIOD", "SEX"]\nlabels = { A = "REF_AREA" }'
    merged = workbook(tmp_path / "a.xlsx", cells, ["A2:A3", "B2:C2", "D2:E2"])
    expected = [
        ("Batken", "2018", "Men", "1.5", 4), ("Batken", "2018", "Women", "2", 4),
        ("Batken", "2019 г.", "Men", "3", 4), ("Batken", "2019 г.", "Women", "4", 4),
        ("Osh", "2018", "Men", "5", 5), ("Osh", "2018", "Women", "6", 5),
        ("Osh", "2019 г.", "Men", "7", 5), ("Osh", "2019 г.", "Women", "…", 5),
    ]  # fmt: skip
    assert rows(merged, toml) == expected
    assert rows(workbook(tmp_path / "b.xlsx", cells), toml) == expected
    with (tmp_path / "c.csv").open("w", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows(cells)
    assert rows(tmp_path / "c.csv", toml) == expected


def test_a_header_cell_merged_downwards_has_no_lower_level(tmp_path: Path) -> None:
    cells: Cells = [["Region", "2018", "2019", None], [None, None, "Total", "Men"], ["Osh", 1, 2, 3]]
    path = workbook(tmp_path / "a.xlsx", cells, ["A1:A2", "B1:B2", "C1:D1"])
    toml = '[layout]\nlevels = ["TIME_PERIOD", "SEX"]\nlabels = { A = "REF_AREA" }'
    assert [row[1:4] for row in rows(path, toml)] == [("2018", None, "1"), ("2019", "Total", "2"), ("2019", "Men", "3")]


def test_rows_nested_below_regions_keep_the_region(tmp_path: Path) -> None:
    cells: Cells = [
        ["", 2020],
        ["Republic", 1],
        [" men", 2],
        ["women", 3],
        ["By territory", None],
        ["Osh", 4],
        [" men", 5],
    ]
    toml = (
        SIMPLE.replace("REF_AREA", "")
        + """
        [layout.groups]
        "" = "REF_AREA"
        "By territory" = "REF_AREA"
        [layout.nested]
        men = "SEX"
        women = "SEX"
    """
    )
    assert rows(workbook(tmp_path / "a.xlsx", cells), toml) == [
        ("Republic", None, "2020", "1", 2), ("Republic", "men", "2020", "2", 3), ("Republic", "women", "2020", "3", 4),
        ("Osh", None, "2020", "4", 6), ("Osh", "men", "2020", "5", 7),
    ]  # fmt: skip


def test_sections_name_the_series_of_the_rows_below(tmp_path: Path) -> None:
    cells: Cells = [
        ["Items", 2020], ["Primary", 90], ["By sex", None], ["Men", 91], ["Secondary", 80], ["By sex", None],
        ["Men", 81], ["Rates", None], ["Osh", 7],
    ]  # fmt: skip
    toml = (
        SIMPLE.replace("REF_AREA", "")
        + """
        [layout.groups]
        "" = "REF_AREA"
        "By sex" = "SEX"
        [layout.sections]
        Primary = "SERIES"
        Secondary = "SERIES"
        Rates = "SERIES"
    """
    )
    assert rows(workbook(tmp_path / "a.xlsx", cells), toml) == [
        ("Primary", None, None, "2020", "90", 2), ("Primary", None, "Men", "2020", "91", 4),
        ("Secondary", None, None, "2020", "80", 5), ("Secondary", None, "Men", "2020", "81", 7),
        ("Rates", "Osh", None, "2020", "7", 9),
    ]  # fmt: skip


def test_a_section_ends_the_sections_within_the_one_before(tmp_path: Path) -> None:
    cells: Cells = [["", 2020], ["Osh", None], ["Births", None], ["Men", 1], ["Batken", None], ["Men", 2]]
    toml = (
        SIMPLE.replace("REF_AREA", "")
        + """
        [layout.groups]
        "" = "SEX"
        [layout.sections]
        Osh = "REF_AREA"
        Batken = "REF_AREA"
        Births = "SERIES"
    """
    )
    assert rows(workbook(tmp_path / "a.xlsx", cells), toml)[-1] == ("Batken", None, "Men", "2020", "2", 6)


def test_years_down_with_regions_across_and_a_column_filled_down(tmp_path: Path) -> None:
    cells: Cells = [
        ["Series", "Year", "Batken", "Osh"],
        ["Births", 2019, 1, 2],
        [None, 2020, 3, None],
        ["Deaths", 2019, 5, 6],
    ]
    toml = '[layout]\nlevels = ["REF_AREA"]\nlabels = { A = "SERIES", B = "TIME_PERIOD" }\nfill = ["SERIES"]'
    assert rows(workbook(tmp_path / "a.xlsx", cells), toml) == [
        ("Births", "2019", "Batken", "1", 2), ("Births", "2019", "Osh", "2", 2), ("Births", "2020", "Batken", "3", 3),
        ("Deaths", "2019", "Batken", "5", 4), ("Deaths", "2019", "Osh", "6", 4),
    ]  # fmt: skip


def test_a_heading_merged_over_the_columns_of_values_is_a_heading(tmp_path: Path) -> None:
    cells: Cells = [["", 2019, 2020], ["By sex"], ["Men", 1, 2]]
    toml = SIMPLE.replace("REF_AREA", "") + '[layout.groups]\n"By sex" = "SEX"'
    path = workbook(tmp_path / "a.xlsx", cells, ["A2:C2"])
    assert rows(path, toml) == [("Men", "2019", "1", 3), ("Men", "2020", "2", 3)]


@pytest.mark.parametrize(
    ("marks", "cell", "expected"),
    [
        ('"#*" = "P"', "12,4*", ("12,4", "P")),
        ('"# e" = "E"', "12,4 e", ("12,4", "E")),
        ('"(#)" = "U"', "( 1 234,5 )", ("1 234,5", "U")),
        ('"(#)" = "U"', "-3,5", ("-3,5", None)),
        ('"" = "O"', None, (None, "O")),
    ],
)
def test_marks_around_a_number_give_its_status(
    tmp_path: Path, marks: str, cell: str | None, expected: tuple[str | None, str | None]
) -> None:
    path = workbook(tmp_path / "a.xlsx", [["", 2019, 2020], ["Osh", cell, 7]])
    read = rows(path, f"[marks]\n{marks}\n{SIMPLE}")
    assert read[0][2:4] == expected
    assert read[1][2:4] == ("7", None)


def test_a_percent_sign_is_taken_off_only_if_the_layout_says_so(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["", 2019, 2020], ["Osh", 0.29, "7,5 %"]])
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["B2"].number_format = "0%"
    book.save(path)
    assert [row[2] for row in rows(path, SIMPLE)] == ["29%", "7,5 %"]
    assert [row[2] for row in rows(path, SIMPLE + "percent_sign = true")] == ["29", "7,5"]


@pytest.mark.parametrize(
    ("cells", "toml", "what", "cell"),
    [
        ([["", 2019], ["Osh", "#REF!"], ["Batken", "#DIV/0!"]], SIMPLE, "B2 '#REF!', B3 '#DIV/0!'", "Sheet!B2"),
        ([["", 2019], ["Osh", "=A1+A2"]], SIMPLE, "B2 '=A1+A2'", "Sheet!B2"),
        ([["", 2019], ["Osh", 1]], SIMPLE + "header = 9", "row 9, which is blank: the table has rows up to 2", ""),
        ([["", 2019], ["Osh", 1]], SIMPLE + 'header = "Items"', "no row has the cell", ""),
        ([["", 2019], ["Osh", 1]], SIMPLE + 'sheet = "Лист1"', "only 'Sheet'", ""),
        ([["", 2019], ["Osh", 1]], SIMPLE + 'end = "Source"', "no row begins with the text", ""),
        ([["", 2019, 2019], ["Osh", 1, 2]], SIMPLE, "says the same of column B", "Sheet!C1"),
        ([["", 2019], ["Osh", None]], SIMPLE, "no row below the header", ""),
        ([["", 2019, None], ["Osh", 1, 2]], SIMPLE, "the header says nothing of it", "Sheet!C1"),
        ([["", 2019], [None, 1], ["Osh", 2]], SIMPLE, "rows with values have no label: A2", "Sheet!A2"),
        (
            [["", 2019], ["By sex", 3], ["Men", 1]],
            SIMPLE + '[layout.groups]\n"By sex" = "SEX"',
            "have values",
            "Sheet!A2",
        ),
        ([["", 2019], ["Osh", 1]], SIMPLE.replace("A =", "H ="), "no column H", ""),
    ],
)
def test_tables_that_the_layout_does_not_explain_are_refused(
    tmp_path: Path, cells: list[list[object]], toml: str, what: str, cell: str
) -> None:
    fault = refusal(workbook(tmp_path / "a.xlsx", cells), toml)
    assert what in fault.what
    assert fault.cell == cell


@pytest.mark.parametrize(
    ("toml", "what"),
    [
        ('labels = { A = "SEX" }\nlevels = ["SEX"]', "more than one part"),
        ('levels = ["SEX"]', "ask for"),
        ('labels = { A = "" }\nacross = "SERIES"', "tidy tables"),
        ('labels = { A = "", B = "" }\ngroups = { "By sex" = "SEX" }', "several columns of labels"),
        ('labels = { A = "" }\nlabel = "B"', "no column"),
        ('labels = { a = "" }', "match pattern"),
        ('years = "D:F"', "Extra inputs"),
        ("header = 0", "greater than or equal to 1"),
    ],
)
def test_a_layout_that_contradicts_itself_is_refused(toml: str, what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        dataset("[layout]\n" + toml, "xlsx")


label = st.text("АБВабв -xyz", min_size=1, max_size=6).map(lambda text: "r" + " ".join(text.split()))
value = st.decimals(-(10**6), 10**6, places=2).map(str) | st.sampled_from(["-", "…"])


@settings(max_examples=examples(40))  # each writes a workbook
@given(
    groups=st.dictionaries(st.sampled_from(["By sex", "By age", "Other"]), st.lists(label, min_size=1, max_size=4)),
    years=st.lists(st.integers(1990, 2030), min_size=1, max_size=4, unique=True),
    data=st.data(),
    title=st.lists(st.just(["A title"]) | st.just([]), max_size=3),
)
def test_what_is_printed_as_a_table_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    groups: dict[str, list[str]], years: list[int], data: st.DataObject, title: list[list[str]],
) -> None:  # fmt: skip
    cells: list[Sequence[object]] = [*title, ["Items", *years]]
    expected = []
    for heading, labels in {"": ["Total"], **groups}.items():
        if heading:
            cells.append([heading])
        for item in labels:
            values = [data.draw(value) for _ in years]
            cells.append([item, *values])
            group = {heading: item} if heading else {}
            expected += [{**group, "TIME_PERIOD": str(y), "OBS_VALUE": v} for y, v in zip(years, values, strict=True)]
    cells += [[], ["A note, with 3 words"]]
    path = tmp_path_factory.mktemp("table") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(cells)
    toml = f"""
        [marks]
        "-" = "M"
        "…" = "O"
        [layout]
        header = {len(title) + 1}
        labels = {{ A = "" }}
        groups = {{ "" = "", "By sex" = "By sex", "By age" = "By age", "Other" = "Other" }}
    """
    assert observations(path, toml) == expected
    assert observations(workbook(path.with_suffix(".xlsx"), cells), toml) == expected
