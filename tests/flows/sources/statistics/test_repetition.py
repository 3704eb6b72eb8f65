"""Rows of one key: repeated word for word, different, or joined by `repeats_differ_in`."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.one_data_set import HEAD, PLAIN, Load

ROW = "SI_POV_NAHC,TJ,2019,1"
ASIDE = '[concepts]\nNOTE = ""\n'
NOTED = PLAIN.strip() + ",NOTE\n"


def test_a_row_repeats_another_word_for_word_in_any_file_and_order_of_columns(load: Load) -> None:
    other = "OBS_VALUE,TIME_PERIOD,REF_AREA,SERIES\n1.0,2019, TJ ,SI_POV_NAHC\n"
    loaded = load(a=PLAIN + f"{ROW}\n{ROW}\n", b=other)
    assert loaded.counts == (3, 1, 0, 2)
    assert loaded.statistics.issues == []


@pytest.mark.parametrize(
    ("toml", "data", "shown"),
    [
        ("", PLAIN + f"{ROW}\nSI_POV_NAHC,762,2019,1\n", 'REF_AREA: "TJ" · "762"'),
        ('[codes.ref_area]\nA = "TJ-KT"\nB = "TJ-KT"\n', PLAIN + "SI_POV_NAHC,A,2019,1\nSI_POV_NAHC,B,2019,1\n",
         'REF_AREA: "A" · "B"'),
        ('[series]\nX = "SI_POV_NAHC"\n', PLAIN + f"{ROW}\nX,TJ,2019,1\n", 'SERIES: "SI_POV_NAHC" · "X"'),
        ('[codes.time_period]\n"2019/20" = "2019"\n', PLAIN + f"{ROW}\nSI_POV_NAHC,TJ,2019/20,1\n",
         'TIME_PERIOD: "2019" · "2019/20"'),
        (ASIDE, NOTED + f"{ROW},a\n{ROW},b\n", 'NOTE: "a" · "b"; "NOTE" is set aside'),
        (ASIDE, NOTED + f"{ROW},a\n{ROW},\n", 'NOTE: "a" · ""; "NOTE" is set aside'),
        (ASIDE.replace('""', '"other_breakdown"') + '[codes.NOTE]\na = "x"\nb = "x"\n', NOTED + f"{ROW},a\n{ROW},b\n",
         'NOTE: "a" · "b"'),
        ('own_codes = ["unit_measure"]\n[codes.unit_measure]\nper_cent = "PT"\n',
         PLAIN.strip() + f",UNIT_MEASURE\n{ROW},PT\n{ROW},per_cent\n", 'UNIT_MEASURE: "PT" · "per_cent"'),
        ('[codes.time_period]\n2018p = "2018"\n[layout]\nacross = "TIME_PERIOD"\n',
         "SERIES,REF_AREA,2018,2018p\nSI_POV_NAHC,TJ,1,1\n", 'TIME_PERIOD: "2018" · "2018p"'),
    ],
)  # fmt: skip
def test_equal_values_of_different_rows_are_refused_until_dataset_toml_joins_them(
    load: Load, toml: str, data: str, shown: str
) -> None:
    faults = load(toml, a=data).faults
    assert "one key has two different rows, statistic_id SI_POV_NAHC" in faults
    assert f"They differ in {shown}" in faults
    column = shown.partition(":")[0]
    remedy = f'repeats_differ_in = ["{column}"]'
    assert remedy in faults
    loaded = load(f"{remedy}\n{toml}", a=data)
    assert loaded.counts == (2, 1, 0, 1)
    ((rule, arguments),) = [(issue["rule"], issue["arguments"]) for issue in loaded.statistics.issues]
    assert (rule, arguments) == ("rows_joined", {"n": 1, "columns": f'"{column}"'})
    assert (
        "one key has"
        in load(f"{remedy}\n{toml}", a=data[: data.rindex("1")] + "2" + data[data.rindex("1") + 1 :]).faults
    )


def test_the_other_remedy_keeps_the_rows_apart(load: Load) -> None:
    data = NOTED + f"{ROW},a\nSI_POV_NAHC,TJ,2019,2,b\n"
    assert 'A key may have one value: keep "NOTE" apart: "other_breakdown" in [concepts].' in load(ASIDE, a=data).faults
    apart = load('[concepts]\nNOTE = "other_breakdown"\n', a=data)
    assert apart.rows("other_breakdown, obs_value") == [("NOTE=a", 1.0), ("NOTE=b", 2.0)]


def test_one_cause_that_meets_many_keys_is_reported_in_a_few_lines(load: Load) -> None:
    rows = "".join(f"SI_POV_NAHC,TJ,{year},1,{note}\n" for year in range(1950, 2020) for note in "ab")
    faults = load(ASIDE, a=NOTED + rows).statistics.problems
    assert len(faults) == 6
    assert 'in 65 more keys two different rows differ in "NOTE"' in str(faults[-1])


def test_rows_that_nothing_but_their_values_tells_apart_are_reported_in_a_few_lines(load: Load) -> None:
    rows = "".join(f"SI_POV_NAHC,TJ,{year},{value},\n" for year in range(1950, 2020) for value in (1, 2))
    faults = load(ASIDE, a=NOTED + rows).statistics.problems
    assert len(faults) == 6
    assert "in 65 more keys two different rows differ in nothing but their values" in str(faults[-1])
    assert "ask its producer what tells the rows apart" in str(faults[-1])


def test_rows_that_keep_does_not_take_are_not_compared(load: Load) -> None:
    data = NOTED + f"{ROW},a\nSI_POV_NAHC,UZ,2019,1,a\nSI_POV_NAHC,UZ,2019,2,b\n"
    assert load(ASIDE + '[keep]\nref_area = ["TJ"]\n', a=data).counts == (3, 1, 2, 0)


TABLE = """
[layout]
labels = { A = "" }
[layout.groups]
"By sex" = "SEX"
"By place" = "URBANISATION"
[codes.sex]
Total = "_T"
Men = "M"
[codes.urbanisation]
Total = "_T"
Urban = "U"
City = "U"
[constants]
statistic_id = "SI_POV_NAHC"
ref_area = "TJ"
"""


def test_a_total_that_is_printed_under_each_heading_of_a_table_repeats_the_first(load: Load) -> None:
    data = "Items,2018,2019\nBy sex,,\nTotal,1,2\nMen,3,4\nBy place,,\nTotal,1,2\nUrban,4,5\n"
    assert load(TABLE, a=data).counts == (8, 6, 0, 2)
    assert (
        "one key has two different rows" in load(TABLE, a=data.replace("place,,\nTotal,1", "place,,\nTotal,9")).faults
    )
    assert 'URBANISATION: "Urban" · "City"' in load(TABLE, a=data + "City,4,5\n").faults


@pytest.mark.parametrize(
    ("layout", "data"),
    [
        ('labels = { A = "", B = "REF_AREA" }', "X,Area,2018,2019\nurban,TJ,1,2\nrural,TJ,1,2\n"),
        ('labels = { A = "" }\n[layout.groups]\n"" = ""', "Item,2018,2019\nurban,1,2\nrural,1,2\n"),
    ],
)
def test_labels_that_no_column_has_tell_rows_apart(load: Load, layout: str, data: str) -> None:
    toml = f'[layout]\n{layout}\n[constants]\nstatistic_id = "SI_POV_NAHC"\n'
    toml += 'ref_area = "TJ"\n' if "groups" in layout else ""
    faults = load(toml, a=data).faults
    assert 'They differ in A: "urban" · "rural". If they are the same figure' in faults
    assert 'say what the labels in "A" are' in faults
    loaded = load('repeats_differ_in = ["A"]\n' + toml, a=data)
    assert loaded.counts == (4, 2, 0, 2)
    assert {issue["rule"] for issue in loaded.statistics.issues} == {"rows_joined"}
    assert load(toml, a=data.replace("rural", "urban")).counts == (4, 2, 0, 2)  # word for word


def test_two_codes_of_one_label_are_two_rows(load: Load) -> None:
    """The label stands for both codes in [codes]; the rows are those of two codes."""
    cube = """{"version": "2.0", "class": "dataset", "id": ["sex", "year"], "size": [2, 1], "role": {"time": ["year"]},
     "dimension": {"sex": {"category": {"index": ["1", "2"], "label": {"1": "men", "2": "men"}}},
                   "year": {"category": {"index": ["2018"]}}}, "value": [5, 5]}"""
    toml = '[codes.sex]\nmen = "M"\n[constants]\nref_area = "TJ"\nstatistic_id = "SI_POV_NAHC"\n'
    head = HEAD.replace('"csv"', '"json-stat"').replace("*.csv", "*.json")
    assert 'They differ in sex: "1" · "2"' in load(toml, head, **{"a.json": cube}).faults


CELL = st.sampled_from(["a", "b", " a", ""])


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.sampled_from(["TJ", "762"]), CELL, st.sampled_from(["1", "1.0", "2"])), min_size=1,
                     max_size=6), joined=st.booleans())  # fmt: skip
def test_rows_of_one_key_are_one_row_if_their_cells_and_values_are(
    load: Load, rows: list[tuple[str, str, str]], joined: bool
) -> None:
    data = NOTED + "".join(f"SI_POV_NAHC,{area},2019,{value},{note}\n" for area, note, value in rows)
    loaded = load('repeats_differ_in = ["REF_AREA", "NOTE"]\n' * joined + ASIDE, a=data)
    cells = {() if joined else (area, note.strip()) for area, note, _ in rows}
    is_one = len(cells) == 1 and len({float(value) for *_, value in rows}) == 1
    assert is_one == (not loaded.faults)
    if is_one:
        assert loaded.counts == (len(rows), 1, 0, len(rows) - 1)
