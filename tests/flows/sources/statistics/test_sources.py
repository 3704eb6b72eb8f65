"""What figures come from: source_kind, survey and field_years of dataset.toml, [[source]], a column of the file."""

import pytest

from tests.support.one_data_set import Load

ROWS = """\
SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE
SI_POV_NAHC,TJ,2012,4
SI_POV_NAHC,TJ,2017,5
SI_POV_DAY1,TJ,2017,6
SH_DYN_MORT,TJ,2017,7
"""
NAMED = """\
SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE,DATA_SOURCE
SI_POV_NAHC,TJ,2012,4,DHS  2012
SI_POV_NAHC,TJ,2017,5,
"""
ORIGIN = "obs_value, source_kind, survey, field_years"


def test_nothing_is_guessed(load: Load) -> None:
    assert {row[1:] for row in load(data=ROWS).rows(ORIGIN)} == {(None, None, None)}


def test_a_whole_data_set_has_one_source(load: Load) -> None:
    toml = 'source_kind = "survey"\nsurvey = "Living standards survey"\nfield_years = "2016-2017"\n'
    loaded = load(toml, data=ROWS)
    stated = ("survey", "Living standards survey", "2016-2017")
    assert {row[1:] for row in loaded.rows(ORIGIN)} == {stated}
    (row,) = loaded.statistics.rows
    assert (row["source_kind"], row["survey"], row["field_years"]) == stated


def test_the_first_source_that_a_figure_fits_is_about_it(load: Load) -> None:
    toml = """
source_kind = "register"
[[source]]
where = { statistic_id = ["SI_POV_*"], time_period = ["2017"] }
source_kind = "survey"
survey = "Living standards survey"
field_years = "2017"
[[source]]
where = { statistic_id = ["SI_POV_*"] }
source_kind = "survey"
"""
    loaded = load(toml, data=ROWS)
    survey = ("survey", "Living standards survey", "2017")
    assert sorted(loaded.rows(ORIGIN)) == [
        (4, "survey", None, None), (5, *survey), (6, *survey), (7, "register", None, None),
    ]  # fmt: skip
    assert loaded.statistics.issues == []


def test_the_file_names_the_survey(load: Load) -> None:
    toml = """
[concepts]
DATA_SOURCE = "survey"
[codes.survey]
"DHS 2012" = "Demographic and Health Survey 2012"
[[source]]
where = { survey = ["Demographic and Health Survey *"] }
source_kind = "survey"
"""
    assert sorted(load(toml, data=NAMED).rows(ORIGIN)) == [
        (4, "survey", "Demographic and Health Survey 2012", None), (5, None, None, None),
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["SI%", "SI_POV_NAH_", "SI_POV_N?HC", "SI.POV.NAHC", "si_pov_nahc"])
def test_only_a_star_is_any_text(load: Load, code: str) -> None:
    loaded = load(f'[[source]]\nwhere = {{ statistic_id = ["{code}"] }}\nsource_kind = "survey"\n', data=ROWS)
    assert {row[1] for row in loaded.rows(ORIGIN)} == {None}


def test_entries_that_are_about_no_figure_are_reported(load: Load) -> None:
    toml = """
[[source]]
where = { statistic_id = ["SI_POV_NAHC", "GONE"] }
source_kind = "survey"
[[source]]
where = { statistic_id = ["SI_POV_NAHC"], time_period = ["2012"] }
source_kind = "census"
[codes.survey]
gone = "Gone"
"""
    issues = load(toml, data=ROWS).statistics.issues
    found = {issue["arguments"]["section"]: issue["arguments"]["entries"] for issue in issues}
    assert found == {"codes.survey": '"gone"', "source.1": '"GONE"', "source.2": '"SI_POV_NAHC", "2012"'}


@pytest.mark.parametrize(
    ("toml", "fault"),
    [
        ('source_kind = "poll"\n', "source_kind: Input should be 'survey', 'census', 'register' or 'model'"),
        *(
            (f'field_years = "{years}"\n', "field_years: Value error, write the year of the field work, 2017, or")
            for years in ("in 2017", "2016-17", "2017/18", "2018-2016", "2017-2017", "")
        ),
        ('[[source]]\nwhere = { sex = ["F"] }\n', "source.0: Value error, say one of source_kind, survey, field_years"),
        ('[[source]]\nsource_kind = "survey"\n', 'the key is missing: "source.0.where"'),
        ('[[source]]\nwhere = {}\nsource_kind = "survey"\n', "source.0.where: Dictionary should have at least 1 item"),
        ('[[source]]\nwhere = { a = ["A"] }\nsurvey = "A"\n', '[[source]] where names no column of ours: "a"'),
        ('[constants]\nsurvey = "A"\n', '[constants] names no column of ours: "survey"'),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_rejected(load: Load, toml: str, fault: str) -> None:
    assert fault in load(toml, data=ROWS).faults
