"""Blank cells of breakdowns: the total only if dataset.toml says so, or if the column says nothing in any row."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.one_data_set import HEAD, Load

HEADING = "SERIES,REF_AREA,{0},TIME_PERIOD,OBS_VALUE\n"
PIVOT = "SI_POV_NAHC,TJ-KT,{0},2018,1\nSI_POV_NAHC,TJ-SU, ,2018,2\nSI_POV_NAHC,TJ-DU,,2018,3\n"
BREAKDOWNS = [
    ("SEX", "", "sex", "M"),
    ("Sex", '[concepts]\nSex = "sex"\n', "sex", "F"),
    ("URBANISATION", "", "urbanisation", "R"),
    ("REPORTING_TYPE", "", "reporting_type", "N"),
    ("Kind", '[concepts]\nKind = "other_breakdown"\n', "Kind", "a"),
    ("Marital status", '[concepts]\n"Marital status" = "other_breakdown"\n', '"Marital status"', "a"),
    ("OCCUPATION", '[concepts]\nOCCUPATION = "other_breakdown"\n', "OCCUPATION", "_T"),
]


@pytest.mark.parametrize(("name", "toml", "section", "code"), BREAKDOWNS)
def test_a_blank_cell_below_a_label_is_refused_until_dataset_toml_says_what_it_means(
    load: Load, name: str, toml: str, section: str, code: str
) -> None:
    data = HEADING.format(name) + PIVOT.format(code)
    faults = load(toml, a=data).faults
    assert f"a.csv:3: {name} is blank in 2 rows, and says something in others" in faults
    assert f'[codes.{section}] "" = "_T"' in faults
    assert f'[layout] fill = ["{name}"]' in faults
    column = section if section.islower() else "other_breakdown"
    total = load(f'{toml}[codes.{section}]\n"" = "_T"\n', a=data).rows(f"{column}, source_row")
    filled = load(f'{toml}[layout]\nfill = ["{name}"]\n', a=data).rows(f"{column}, source_row")
    first = code if section.islower() else "_T" if code == "_T" else f"{name}={code}"
    assert sorted(total, key=lambda row: row[1]) == [(first, 2), ("_T", 3), ("_T", 4)]
    assert sorted(filled, key=lambda row: row[1]) == [(first, 2), (first, 3), (first, 4)]


def test_a_blank_cell_may_mean_another_code(load: Load) -> None:
    toml = '[concepts]\nKind = "other_breakdown"\n[codes.Kind]\n"" = "none"\n'
    data = HEADING.format("Kind") + PIVOT.format("a")
    assert {row for (row,) in load(toml, a=data).rows("other_breakdown")} == {"Kind=a", "Kind=none"}


@pytest.mark.parametrize(("name", "toml", "section", "code"), BREAKDOWNS)
def test_a_column_that_is_blank_in_every_row_is_as_one_that_is_not_there(
    load: Load, name: str, toml: str, section: str, code: str
) -> None:
    loaded = load(toml, a=HEADING.format(name) + PIVOT.format(""))
    column = section if section.islower() else "other_breakdown"
    assert set(loaded.rows(column)) == {("_T",)}
    assert [(issue["rule"], issue["arguments"]) for issue in loaded.statistics.issues] == [
        ("breakdown_blank", {"column": name, "n": 1})
    ]
    if column != "other_breakdown":  # another file says something
        filled = (HEADING.format(name) + PIVOT.format(code)).replace("2018", "2019")
        filled = filled.replace("TJ-SU, ", f"TJ-SU,{code}").replace("TJ-DU,", f"TJ-DU,{code}")
        faults = load(toml, a=filled, b=HEADING.format(name) + PIVOT.format("")).faults
        assert f"b.csv:2: {name} is blank in 3 rows" in faults


def test_rows_that_keep_does_not_take_may_be_blank(load: Load) -> None:
    data = HEADING.format("SEX") + "SI_POV_NAHC,TJ,M,2018,1\nSI_POV_NAHC,UZ,,2018,1\n"
    assert load('[keep]\nref_area = ["TJ"]\n', a=data).counts == (2, 1, 1, 0)
    assert "SEX is blank in 1 rows" in load('[keep]\nref_area = ["UZ"]\n', a=data).faults  # the label is in the file


def test_keep_of_the_total_does_not_take_what_is_blank(load: Load) -> None:
    data = HEADING.format("SEX") + PIVOT.format("_T")
    assert "SEX is blank in 2 rows" in load('[keep]\nsex = ["_T"]\n', a=data).faults


def test_rows_under_other_headings_of_a_table_are_the_total(load: Load) -> None:
    toml = """[layout]
labels = { A = "" }
[layout.groups]
"By sex" = "SEX"
"By place" = "URBANISATION"
[codes.sex]
Men = "M"
[codes.urbanisation]
Urban = "U"
[constants]
statistic_id = "SI_POV_NAHC"
ref_area = "TJ"
"""
    loaded = load(toml, a="Items,2018\nBy sex,\nMen,1\nBy place,\nUrban,2\n")
    assert loaded.rows("sex, urbanisation, obs_value") == [("M", "_T", 1.0), ("_T", "U", 2.0)]
    assert loaded.statistics.issues == []


LABELS = """[layout]
labels = {{ A = "REF_AREA", B = "SEX" }}
fill = [{}]
[constants]
statistic_id = "SI_POV_NAHC"
"""


def test_columns_of_labels_are_filled_or_refused(load: Load) -> None:
    data = "Area,Sex,2018\nTJ,M,1\nUZ,,2\n"
    assert "SEX is blank in 1 rows" in load(LABELS.format(""), a=data).faults
    assert load(LABELS.format('"SEX"'), a=data).rows("ref_area, sex") == [("TJ", "M"), ("UZ", "M")]


LEVELS = """[layout]
levels = ["TIME_PERIOD", "SEX"]
labels = { A = "REF_AREA" }
[constants]
statistic_id = "SI_POV_NAHC"
"""


def test_a_blank_level_of_a_header_is_refused_with_a_remedy_that_works(load: Load) -> None:
    data = "Area,2017,2018,\n,,M,F\nTJ,1,2,3\n"
    faults = load(LEVELS, a=data).faults
    assert "SEX is blank in 1 rows" in faults
    assert "fill" not in faults
    assert load(LEVELS + '[codes.sex]\n"" = "_T"\n', a=data).rows("time_period, sex") == [
        ("2018", "F"), ("2018", "M"), ("2017", "_T"),
    ]  # fmt: skip


def test_a_value_beside_the_table_is_not_one_of_the_last_period(load: Load) -> None:
    """Reject a column without a header; the cell on its left reaches over columns that a lower level names."""
    data = "Area,2018,,\n,M,F,\nTJ,1,2,\nUZ,3,4,99\n"
    faults = load(LEVELS + '[codes.sex]\n"" = "_T"\n', a=data).faults
    assert "the column has values, and the header says nothing of it (column D)" in faults


ACROSS = (
    '[concepts]\nRegion = "ref_area"\n[constants]\nstatistic_id = "SI_POV_NAHC"\n[layout]\nacross = "TIME_PERIOD"\n'
)
TABLE: list[list[str | None]] = [
    ["Region", "2018", "2019"],
    ["TJ", "1", "2"],
    ["KZ", None, None],
    ["Rural", None, None],
    ["UZ", "3", "4"],
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_heading_between_rows_with_values_across_is_refused(load: Load, tmp_path: Path, kind: str) -> None:
    def read(rows: list[list[str | None]], toml: str = "") -> tuple[str, int]:
        text = "".join(",".join(cell or "" for cell in row) + "\n" for row in rows)
        file: str | bytes = text
        if kind == "xlsx":
            book = openpyxl.Workbook()
            for row in rows:
                book.worksheets[0].append([int(cell) if cell and cell.isdigit() else cell for cell in row])
            book.save(path := tmp_path / "book.xlsx")
            file = path.read_bytes()
        head = HEAD.replace('"csv"', f'"{kind}"').replace("*.csv", f"*.{kind}")
        loaded = load(ACROSS + toml, head, **{f"a.{kind}": file})
        return loaded.faults, 0 if loaded.faults else loaded.counts[1]

    faults, _ = read(TABLE)
    assert "rows without values are no known codes, or leave out columns: A4 'Rural'" in faults
    without = [row for row in TABLE if row[0] != "Rural"]
    assert read(without) == ("", 4)
    assert read([*without, ["Source: AOS", None, None]]) == ("", 4)  # a note below the last row with values
    assert read(TABLE, '[keep]\nref_area = ["TJ", "UZ"]\n') == ("", 4)  # other codes need not be known
    assert read(TABLE, '[codes.ref_area]\nRural = "TJ-DU"\n') == ("", 4)  # a district without a figure


def test_a_heading_leaves_out_the_other_columns(load: Load) -> None:
    toml = ACROSS.replace("[constants]", 'Kind = "other_breakdown"\n[constants]')
    assert "B3 'Rural'" in load(toml, a="Region,Kind,2018,2019\nTJ,x,1,2\n,Rural,,\nUZ,y,3,4\n").faults
    assert "A3 'KZ'" in load(toml, a="Region,Kind,2018,2019\nTJ,x,1,2\nKZ,,,\nUZ,y,3,4\n").faults
    stated = toml.replace("[layout]", '[codes.Kind]\n"" = "_T"\n[layout]')
    assert load(stated, a="Region,Kind,2018,2019\nTJ,x,1,2\nKZ,,,\nUZ,y,3,4\n").counts == (4, 4, 0, 0)
    assert load(toml, a="Region,Kind,2018,2019\nTJ,x,1,2\nKZ,x,,\nUZ,y,3,4\n").counts == (4, 4, 0, 0)


def test_labels_in_rows_of_their_own_are_headings_or_repeated_below(load: Load) -> None:
    """Try the pivot table whose column is blank in every row that has values."""
    toml = '[constants]\nstatistic_id = "SI_POV_NAHC"\n[layout]\nacross = "TIME_PERIOD"\n'
    data = "SEX,REF_AREA,2018,2019\nM,,,\n,TJ,1,2\n,UZ,3,4\n"
    assert "A2 'M'" in load(toml, a=data).faults
    assert set(load(toml + 'fill = ["SEX"]\n', a=data).rows("sex, ref_area")) == {("M", "TJ"), ("M", "UZ")}


LABEL = st.sampled_from(["M", "F", "_T", "", " "])


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(labels=st.lists(LABEL, min_size=1, max_size=8), means=st.sampled_from(["nothing", "total", "above"]))
def test_no_blank_cell_becomes_a_code_that_nobody_stated(load: Load, labels: list[str], means: str) -> None:
    rows = "".join(f"SI_POV_NAHC,TJ,{label},{1990 + n},1\n" for n, label in enumerate(labels))
    toml = {"nothing": "", "total": '[codes.sex]\n"" = "_T"\n', "above": '[layout]\nfill = ["SEX"]\n'}[means]
    loaded = load(toml, a=HEADING.format("SEX") + rows)
    stated, above = list[str](), ""
    for label in labels:
        above = label.strip() or (above if means == "above" else "")
        stated.append(above or ("_T" if means == "total" else ""))
    if any(stated) and not all(stated):
        assert "SEX is blank" in loaded.faults
    else:
        found = loaded.rows("sex, time_period")
        assert [sex for sex, _ in sorted(found, key=lambda row: row[1])] == [code or "_T" for code in stated]


def test_a_part_that_is_blank_in_the_first_row_repeats_nothing(load: Load) -> None:
    """That row has nothing above it; of a column of our own, it may be a grand total above repeated labels."""
    rows = "SI_POV_NAHC,TJ-KT,{0},2018,1\nSI_POV_NAHC,TJ-SU,{1},2018,2\nSI_POV_NAHC,TJ-DU,{2},2018,3\n"
    loaded = load(BREAKDOWNS[4][1], a=HEADING.format("Kind") + rows.format("", "a", ""))
    assert sorted(loaded.rows("other_breakdown, source_row")) == [("Kind=a", 3), ("_T", 2), ("_T", 4)]
    assert [(issue["rule"], issue["arguments"]) for issue in loaded.statistics.issues] == [
        ("breakdown_blank", {"column": "Kind", "n": 2})
    ]
    assert "SEX is blank in 2 rows" in load("", a=HEADING.format("SEX") + rows.format("", "M", "")).faults
