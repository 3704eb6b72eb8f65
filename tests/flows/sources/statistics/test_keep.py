"""[keep] by a column that is set aside, and the units of series that dataset.toml defines."""

import pytest

from tests.support.one_data_set import Load

WORLD = "Country,Region,SERIES,TIME_PERIOD,OBS_VALUE\nTJK,,SI_POV_NAHC,2017,1\nTJK,Sughd,SI_POV_NAHC,2017,2\n"
OTHERS = "AFG,,SI_POV_NAHC,2017,3\nAFG,Kabul,SI_POV_NAHC,long ago,much\n"
TOML = """[concepts]
Country = ""
Region = "ref_area"
[keep]
Country = ["TJK"]
[codes.ref_area]
"" = "TJ"
Sughd = "TJ-SU"
"""


def test_keep_takes_rows_by_a_column_that_is_set_aside(load: Load) -> None:
    loaded = load(TOML, a=WORLD + OTHERS)
    assert not loaded.faults
    assert sorted(loaded.rows("ref_area, obs_value")) == [("TJ", 1.0), ("TJ-SU", 2.0)]
    ((row,),) = [loaded.statistics.rows]
    assert (row["rows_read"], row["rows_set_aside"]) == (4, 2)


@pytest.mark.parametrize("printed", ["TJK", " TJK ", "T J K"])
def test_texts_of_keep_are_compared_without_white_space_around_them(load: Load, printed: str) -> None:
    loaded = load(TOML.replace('["TJK"]', f'["{" ".join(printed.split())}"]'), a=WORLD.replace("TJK", printed) + OTHERS)
    assert len(loaded.rows("ref_area")) == 2


@pytest.mark.parametrize(
    ("toml", "fault"),
    [
        ('[keep]\nCountry = ["TJK"]\n', "[keep] names no coded column, and none that [concepts] sets aside"),
        (
            '[concepts]\nLand = ""\n[keep]\nLand = ["TJK"]\n',
            "[keep] takes rows by a column that the file does not have",
        ),
    ],
)
def test_a_column_of_keep_must_be_set_aside_and_there(load: Load, toml: str, fault: str) -> None:
    assert fault in load(toml, a=WORLD).faults


def test_a_text_of_keep_that_no_row_has_is_reported(load: Load) -> None:
    loaded = load(TOML.replace('["TJK"]', '["TJK", "TJ"]'), a=WORLD)
    unused = [issue for issue in loaded.statistics.issues if issue["rule"] == "dataset_entry_unused"]
    assert [issue["arguments"]["section"] for issue in unused] == ["keep.Country"]
    assert [issue["arguments"]["entries"] for issue in unused] == ['"TJ"']


def test_the_unit_of_a_defined_series_is_that_of_its_rows(load: Load) -> None:
    define = '[define.statistic_id]\nA = { name = "a", unit_measure = "IX" }\nB = { name = "b" }\n'
    plain = "SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE\nA,TJ,2017,1\nB,TJ,2017,1\n"
    assert sorted(load(define, a=plain).rows("statistic_id, unit_measure")) == [("A", "IX"), ("B", None)]
    stated = "SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE\nA,TJ,2017,1,PT\nA,TJ,2018,1,\n"
    assert sorted(load(define, a=stated).rows("time_period, unit_measure")) == [("2017", "PT"), ("2018", "IX")]


def test_the_unit_of_a_defined_series_is_one_of_the_list(load: Load) -> None:
    define = '[define.statistic_id]\nA = { name = "a", unit_measure = "PERCENT" }\n'
    loaded = load(define, a="SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE\nA,TJ,2017,1\n")
    assert "unit_measure has no such code in npa's lists" in loaded.faults
