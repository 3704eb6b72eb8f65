"""Codes that hide several columns: read by [[composite]], listed where nothing reads them, never guessed."""

import pytest

from tests.support.one_data_set import HEAD, Load

HEADING = "indicator,REF_AREA,TIME_PERIOD,OBS_VALUE\n"
PATTERN = r"""
[[composite]]
column = "indicator"
pattern = '''(?x)            # parts of the pattern may stand below each other
(?P<statistic_id> .+? )
(_ (?P<urbanisation> rur | urb ))?
(_ (?P<income_wealth_quantile> q[1-5] ))?
(_ (?P<sex> f | m ))?
(?P<statistic_id_2> _gpia )?
'''
"""
CODES = """
[codes.sex]
f = "F"
m = "M"
[codes.urbanisation]
rur = "R"
urb = "U"
[codes.income_wealth_quantile]
q1 = "Q1"
q5 = "Q5"
[series]
cr_1 = "SE_PRE_PARTN"
cr_1_gpia = "SE_GPI_PTNPRE"
"""
COLUMNS = "statistic_id, urbanisation, income_wealth_quantile, sex, obs_value"


def _data(*codes: str) -> str:
    return HEADING + "".join(f"{code},TJ,2017,{value}\n" for value, code in enumerate(codes, 1))


def test_each_part_of_a_code_gets_its_column_and_a_part_that_is_not_there_is_the_total(load: Load) -> None:
    loaded = load(PATTERN + CODES, a=_data("cr_1", "cr_1_rur_q1_f", "cr_1_m", "cr_1_urb_gpia", "cr_1_q5"))
    assert sorted(loaded.rows(COLUMNS), key=lambda row: row[-1]) == [
        ("SE_PRE_PARTN", "_T", "_T", "_T", 1),
        ("SE_PRE_PARTN", "R", "Q1", "F", 2),
        ("SE_PRE_PARTN", "_T", "_T", "M", 3),
        ("SE_GPI_PTNPRE", "U", "_T", "_T", 4),
        ("SE_PRE_PARTN", "_T", "Q5", "_T", 5),
    ]
    assert loaded.statistics.issues == []


def test_what_a_part_that_is_not_there_means_may_be_stated(load: Load) -> None:
    toml = PATTERN + CODES.replace("[codes.sex]", '[codes.sex]\n"" = "F"')
    assert set(load(toml, a=_data("cr_1", "cr_1_m")).rows("sex, obs_value")) == {("F", 1.0), ("M", 2.0)}


def test_a_column_next_to_what_codes_give_has_no_labels_of_it(load: Load) -> None:
    toml = SERIES.replace("(?P<statistic_id>cr)(_(?P<sex>f|m))?", "(?P<sex>F|M)_(?P<statistic_id>cr)")
    data = "SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE,Grade\nF_cr,TJ,2017,1,first\nM_cr,TJ,2017,2,second\n"
    loaded = load(toml + '[concepts]\nGrade = ""\n', a=data)
    assert loaded.rows("sex, obs_value") == [("F", 1.0), ("M", 2.0)]


def test_a_code_that_nothing_reads_is_listed_once_with_its_row(load: Load) -> None:
    pattern = PATTERN.replace(".+?", "cr_[0-9]")
    faults = load(pattern + CODES, a=_data("cr_1", "lr_1_f", "cr_1_x")).faults
    assert 'a.csv:3: nothing in [[composite]] reads this code of indicator, in 1 rows: "lr_1_f"' in faults
    assert 'a.csv:4: nothing in [[composite]] reads this code of indicator, in 1 rows: "cr_1_x"' in faults
    assert faults.count("no list of npa has") == 0
    assert '[series]\n"lr_1_f" = ""\n"cr_1_x" = ""' in faults


def test_a_series_without_a_breakdown_may_be_named_as_a_whole(load: Load) -> None:
    pattern = PATTERN.replace(".+?", "cr_[0-9]")
    toml = pattern + CODES + 'lr_f_1 = "SH_DYN_MORT"\n'
    assert load(toml, a=_data("lr_f_1")).rows(COLUMNS) == [("SH_DYN_MORT", "_T", "_T", "_T", 1)]


def test_what_codes_does_not_know_is_listed_by_its_column(load: Load) -> None:
    faults = load(PATTERN + CODES, a=_data("cr_1_q2_f", "cr_2_f")).faults
    assert 'income_wealth_quantile has a code that no list of npa has, in 1 rows: "q2"' in faults
    assert 'statistic_id has a code that no list of npa has, in 1 rows: "cr_2"' in faults
    assert '[codes.income_wealth_quantile]\n"q2" = ""' in faults
    assert '[series]\n"cr_2" = ""' in faults


def test_keep_takes_rows_by_what_codes_say_and_the_others_need_not_be_known(load: Load) -> None:
    pattern, data = PATTERN.replace(".+?", "[cl]r_[0-9]"), _data("cr_1_f", "cr_1_q3", "lr_1_f", "what")
    kept = '[keep]\nstatistic_id = ["SE_PRE_PARTN"]\nsex = ["F"]\n'
    assert load(pattern + CODES + kept, a=data).counts == (4, 1, 3, 0)
    faults = load(pattern + CODES + '[keep]\nref_area = ["TJ"]\n', a=data).faults
    assert '"what"' in faults
    faults = load(pattern + CODES + '[keep]\nref_area = ["UZ"]\n', a=data).faults
    assert "no row is left to publish" in faults
    assert '"what"' not in faults


def test_codes_that_nothing_reads_in_rows_that_keep_sets_aside_are_one_row_of_kinds(load: Load) -> None:
    pattern, kept = PATTERN.replace(".+?", "cr_[0-9]"), '[keep]\nstatistic_id = ["SE_PRE_PARTN"]\nref_area = ["TJ"]\n'
    others = "".join(f"ea_{number},TJ,2017,1\nuz_{number},UZ,2017,1\n" for number in range(300))
    loaded = load(pattern + CODES + kept, a=_data("cr_1_f", "cr_2_f", "cr_1_x", "lr", "lr.x") + others, b=_data("lr"))
    assert loaded.counts == (606, 1, 605, 0)
    (note,) = (issue for issue in loaded.statistics.issues if issue["rule"] == "composite_code_unread")
    assert note["arguments"] == {"n": 303, "column": "indicator", "rows": 304, "codes": "ea_* (300), cr_1_x, lr, lr.x"}
    assert (note["source_file"], note["source_value"], note["places"]) == ("statistics/test/a.csv", "cr_1_x", 303)


def test_codes_are_not_missed_in_rows_that_keep_sets_aside_by_another_column(load: Load) -> None:
    pattern, data = PATTERN.replace(".+?", "cr_[0-9]"), _data("cr_1_f") + "lr_1,UZ,2017,1\n"
    loaded = load(pattern + CODES + '[keep]\nref_area = ["TJ"]\n', a=data)
    assert not any(issue["rule"] == "composite_code_unread" for issue in loaded.statistics.issues)


LISTED = '\n[[composite]]\ncolumn = "indicator"\ncodes = "codes.csv"\n'


def test_a_csv_file_next_to_the_data_says_what_each_code_means(load: Load) -> None:
    codes = "code,statistic_id,sex,income_wealth_quantile\nA1,cr_1,f,\nA2,cr_1,,q1\n"
    loaded = load(LISTED + CODES, **{"codes.csv": codes, "a": _data("A2", "A1")})
    assert sorted(loaded.rows(COLUMNS), key=lambda row: row[-1]) == [
        ("SE_PRE_PARTN", "_T", "Q1", "_T", 1),
        ("SE_PRE_PARTN", "_T", "_T", "F", 2),
    ]
    assert {issue["rule"] for issue in loaded.statistics.issues} == {"dataset_entry_unused"}  # of CODES
    faults = load(LISTED + CODES, **{"codes.csv": codes, "a": _data("A2", "A3")}).faults
    assert 'nothing in [[composite]] reads this code of indicator, in 1 rows: "A3"' in faults
    assert "codes.csv:1: the heading" in load(LISTED, **{"codes.csv": "code\n", "a": _data("A2")}).faults
    assert "no file is named so" in load(LISTED, a=_data("A2")).faults


def test_a_list_of_codes_counts_before_a_pattern(load: Load) -> None:
    listed = '[composite.codes]\ncr_1_f = { statistic_id = "cr_1_gpia" }\n'
    toml = PATTERN + listed + CODES
    assert load(toml, a=_data("cr_1_f")).rows(COLUMNS) == [("SE_GPI_PTNPRE", "_T", "_T", "_T", 1)]


def test_a_list_may_say_what_a_blank_code_means(load: Load) -> None:
    listed = '[composite.codes]\n"" = { statistic_id = "cr_1", sex = "f" }\n'
    loaded = load(PATTERN + listed + CODES, a=_data("cr_1", ""))
    assert set(loaded.rows("statistic_id, sex, obs_value")) == {("SE_PRE_PARTN", "_T", 1), ("SE_PRE_PARTN", "F", 2)}


def test_two_patterns_that_read_a_code_differently_are_an_error_whatever_keep_says(load: Load) -> None:
    other = PATTERN.replace("(_ (?P<sex> f | m ))?", "")
    faults = load(PATTERN + other + CODES + '[keep]\nref_area = ["UZ"]\n', a=_data("cr_1_f")).faults
    assert "read the code differently: as statistic_id = cr_1, sex = f, and as statistic_id = cr_1_f" in faults


BREAKDOWN = """
[[composite]]
column = "group"
pattern = '(?P<sex>F|M)-(?P<age>[0-9]+T[0-9]+)(-(?P<grade>G[0-9]))?'
[concepts]
grade = "other_breakdown"
[codes.age]
15T24 = "Y15T24"
"""


def test_a_breakdown_may_hide_in_a_code_and_have_no_column_of_ours(load: Load) -> None:
    data = "SERIES,group,REF_AREA,TIME_PERIOD,OBS_VALUE\nSH_DYN_MORT,{},TJ,2017,1\nSH_DYN_MORT,{},TJ,2017,2\n"
    loaded = load(BREAKDOWN, a=data.format("F-15T24-G1", "M-15T24"))
    assert loaded.rows("sex, age, other_breakdown, obs_value") == [
        ("F", "Y15T24", "grade=G1", 1),
        ("M", "Y15T24", "_T", 2),
    ]
    faults = load(BREAKDOWN, a=data.format("F-15T24-G1", "all")).faults
    assert 'a.csv:3: nothing in [[composite]] reads this code of group, in 1 rows: "all"' in faults
    assert '[composite.codes.all]\n"sex" = ""\n"age" = ""\n"grade" = ""' in faults
    faults = load(BREAKDOWN, a=data.format("F-15T24-G1", "")).faults
    assert "a.csv:3: nothing in [[composite]] reads this code of group, in 1 rows" in faults


def test_the_draft_completed_loads(load: Load) -> None:
    data = "SERIES,group,REF_AREA,TIME_PERIOD,OBS_VALUE\nSH_DYN_MORT,all,TJ,2017,1\n"
    pasted = BREAKDOWN.replace(
        "[concepts]", '[composite.codes.all]\n"sex" = "_T"\n"age" = ""\n"grade" = ""\n[concepts]'
    )
    assert load(pasted, a=data).rows("sex, age, other_breakdown") == [("_T", "_T", "_T")]
    untouched = pasted.replace('"_T"', '""')
    assert "nothing is said of the code 'all'" in load(untouched, a=data).faults


@pytest.mark.parametrize(
    ("fault", "toml"),
    [
        ('the column is none of ours: "level"', PATTERN.replace("statistic_id_2", "level")),
        ("two columns become sex", PATTERN.replace("statistic_id_2", "SEX")),
        ("gives a column that the file has", PATTERN.replace("statistic_id_2", "REF_AREA")),
        ("reads a column that no file has", CODES + PATTERN.replace('"indicator"', '"Indicator"') + PATTERN),
        ("no column is statistic_id", PATTERN.replace('"indicator"', '"Indicator"') + '[concepts]\nindicator = ""\n'),
        ("each entry has two brackets", PATTERN.replace("[[composite]]", "[composite]")),
        ("composite.0.codes.file: Input should be a valid string", PATTERN + "codes = 1\n"),
        ("the key is unknown", PATTERN + "colum = 1\n"),
        ("the pattern is no regular expression", PATTERN.replace("(?P<sex>", "(?<sex>")),
    ],
)
def test_what_an_entry_says_wrong_is_refused(load: Load, fault: str, toml: str) -> None:
    assert fault in load(toml if CODES in toml else toml + CODES, a=_data("cr_1_f")).faults


def test_entries_that_read_nothing_are_reported(load: Load) -> None:
    idle = '\n[[composite]]\ncolumn = "indicator"\npattern = \'(?P<statistic_id>zz)\'\ncodes = { zz = { sex = "f" } }\n'
    loaded = load(PATTERN + idle + CODES, a=_data("cr_1_f"))
    unused = {issue["arguments"]["section"]: issue["arguments"]["entries"] for issue in loaded.statistics.issues}
    assert unused["composite"] == '"(?P<statistic_id>zz)"'
    assert unused["composite.codes"] == '"zz"'


def test_letters_of_a_wrong_encoding_are_found_in_a_column_that_only_patterns_read(load: Load) -> None:
    toml = SERIES.replace("SERIES", "item").replace(">cr)", ">.+?)") + '[concepts]\nitem = ""\n'
    data = "item,REF_AREA,TIME_PERIOD,OBS_VALUE\nСмертность_f,TJ,2017,1\n"
    wrong = data.encode().decode("cp1251").encode()
    assert "the text was damaged" in load(toml, a=wrong).faults
    assert "the text was damaged" not in load(toml, a=data).faults


@pytest.mark.parametrize(
    ("group", "code", "lost"),
    [
        ("(_ (f | m) )?", "cr_1_f", "f"),  # girls would be both sexes
        ("(_ (?:f | m) )? (_se)?", "cr_1_m_se", "mse"),
        ("(_ (?P<sex> f | m ) (_se)? )?", "cr_1_f_se", "se"),  # a standard error would be a rate
        ("(_v (?P<version> [0-9] ))?", "cr_1_v2", "v"),
    ],
)
def test_letters_of_a_code_that_no_group_has_are_refused(load: Load, group: str, code: str, lost: str) -> None:
    pattern = f"(?x) (?P<statistic_id> cr_[0-9] ) {group}"
    toml = f"[[composite]]\ncolumn = 'indicator'\npattern = '{pattern}'\n{CODES}[concepts]\nversion = ''\n"
    faults = load(toml, a=_data("cr_1", code)).faults
    assert f'fits the code, but no named group has {lost}: what that says would be lost: "{code}"' in faults


def test_a_blank_code_of_a_list_that_no_file_has_is_reported_as_one(load: Load) -> None:
    listed = '[composite.codes]\n"" = { statistic_id = "cr_1" }\n'
    issues = load(PATTERN + listed + CODES, a=_data("cr_1")).statistics.issues
    (issue,) = [issue for issue in issues if issue["arguments"]["section"] == "composite.codes"]
    assert (issue["arguments"]["entries"], issue["source_value"]) == ('""', None)  # the column takes no blank text


def test_signs_between_the_groups_of_a_code_say_nothing(load: Load) -> None:
    toml = PATTERN.replace("(_ (?P<sex>", "([-_.\\ ]+ (?P<sex>") + CODES
    assert load(toml, a=_data("cr_1_.- f")).rows("sex") == [("F",)]


def test_two_codes_that_say_the_same_are_two_rows_of_one_key(load: Load) -> None:
    pattern = PATTERN.replace("(?P<statistic_id_2> _gpia )?", "(?P<version>_v[0-9])?")
    toml = pattern + CODES + '[concepts]\nversion = ""\n'
    faults = load(toml, a=_data("cr_1_f_v1", "cr_1_f_v2")).faults
    assert '"_v1" · "_v2"; "version" is set aside.' in faults
    repeated = load('repeats_differ_in = ["indicator", "OBS_VALUE"]\n' + toml, a=_data("cr_1_f_v1", "cr_1_f_v1"))
    assert "one key has two different rows" in repeated.faults


SERIES = """
[[composite]]
column = "SERIES"
pattern = '(?P<statistic_id>cr)(_(?P<sex>f|m))?'
[series]
cr = "SE_PRE_PARTN"
[codes.sex]
f = "F"
m = "M"
"""
BY_SEX = [("F", "2017", 2.0), ("M", "2017", 3.0), ("_T", "2017", 1.0)]


@pytest.mark.parametrize(
    ("toml", "data"),
    [
        ('[layout]\nacross = "SERIES"\n', "REF_AREA,TIME_PERIOD,cr,cr_f,cr_m\nTJ,2017,1,2,3\n"),
        ('[layout]\nacross = "TIME_PERIOD"\n', "REF_AREA,SERIES,2017\nTJ,cr,1\nTJ,cr_f,2\nTJ,cr_m,3\n"),
        (
            '[constants]\nref_area = "TJ"\n[layout]\nlabels = { A = "SERIES" }\n',
            "Item,2017\ncr,1\ncr_f,2\ncr_m,3\n",
        ),
    ],
)
def test_tables_with_values_across_have_composite_codes_too(load: Load, toml: str, data: str) -> None:
    assert load(SERIES + toml, a=data).rows("sex, time_period, obs_value") == BY_SEX


def test_a_row_without_values_that_leaves_out_a_column_is_a_heading(load: Load) -> None:
    data = "REF_AREA,SERIES,2017,2018\n,Education,,\nTJ,cr_f,1,2\n"
    assert "rows without values" in load(SERIES + '[layout]\nacross = "TIME_PERIOD"\n', a=data).faults


def test_a_code_may_say_the_period_and_the_unit(load: Load) -> None:
    pattern = "(_(?P<sex>f|m))?(?P<statistic_id_2>_(?P<unit_measure>gpia))?_(?P<time_period>[0-9]{4})"
    toml = SERIES.replace("(_(?P<sex>f|m))?", pattern).replace("[codes.sex]", 'cr_gpia = "SE_GPI_PTNPRE"\n[codes.sex]')
    toml += '[codes.unit_measure]\n"" = "PT"\ngpia = "IX"\n'
    data = "SERIES,REF_AREA,OBS_VALUE\ncr_f_2017,TJ,1\ncr_m_gpia_2018,TJ,2\n"
    assert load(toml, a=data).rows("statistic_id, sex, unit_measure, time_period") == [
        ("SE_GPI_PTNPRE", "M", "IX", "2018"),
        ("SE_PRE_PARTN", "F", "PT", "2017"),
    ]
    faults = load(toml, a=data + "cr_x,TJ,3\n").faults
    assert 'reads this code of SERIES, in 1 rows: "cr_x"' in faults
    assert "the period" not in faults
    assert "the period is none that is known" in load(toml.replace("[0-9]{4}", "[0-9]*"), a=data + "cr_,TJ,3\n").faults


def test_a_file_that_has_the_columns_itself_may_stand_next_to_one_with_composite_codes(load: Load) -> None:
    composite = "SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE\ncr_f,TJ,2017,2\n"
    plain = "statistic_id,sex,REF_AREA,TIME_PERIOD,OBS_VALUE\nSE_PRE_PARTN,M,TJ,2017,3\nSE_PRE_PARTN,_T,TJ,2017,1\n"
    assert load(SERIES, a=composite, b=plain).rows("sex, time_period, obs_value") == BY_SEX
    faults = load(SERIES, a=composite, b=plain.replace("_T", "?unknown")).faults
    assert 'sex has a code that no list of npa has, in 1 rows: "?unknown"' in faults
    plain = plain.replace("2017", "?unknown").replace(",M,", ",_T,", 1)
    assert 'the period is none that is known: "?unknown"' in load(SERIES, a=composite, b=plain).faults


def test_a_text_that_stands_for_unread_ones_is_a_code_like_others(load: Load) -> None:
    faults = load(
        SERIES.replace(">cr)", ">.+)"), a="SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE\n?unknown,TJ,2017,1\n"
    ).faults
    assert 'reads this code of SERIES, in 1 rows: "?unknown"' in faults


def test_other_files_than_csv_have_composite_codes_too(load: Load) -> None:
    head = HEAD.replace('"csv"', '"json-stat"').replace("*.csv", "*.json")
    cube = """{"version": "2.0", "class": "dataset", "id": ["item", "year"], "size": [2, 1], "role": {"time": ["year"]},
      "dimension": {"item": {"category": {"index": ["1", "2"], "label": {"1": "women, rural", "2": "men"}}},
                    "year": {"category": {"index": ["2018"]}}}, "value": [1, 2]}"""
    toml = """
[[composite]]
column = "item"
pattern = '(?P<sex>women|men)(, (?P<urbanisation>rural))?'
[codes.sex]
women = "F"
men = "M"
[codes.urbanisation]
rural = "R"
[constants]
statistic_id = "SH_DYN_MORT"
ref_area = "TJ"
"""
    loaded = load(toml, head, **{"a.json": cube})
    assert loaded.rows("sex, urbanisation, obs_value") == [("F", "R", 1), ("M", "_T", 2)]
    assert loaded.statistics.issues == []


def test_labels_of_whole_codes_are_set_aside_and_said_so(load: Load) -> None:
    head = HEAD.replace('"csv"', '"json-stat"').replace("*.csv", "*.json")
    cube = """{"version": "2.0", "class": "dataset", "id": ["SERIES", "year"], "size": [3, 1],
      "role": {"time": ["year"]},
      "dimension": {"SERIES": {"category": {"index": ["cr", "cr_f", "cr_m"],
                                            "label": {"cr": "cr", "cr_f": "Girls", "cr_m": "Boys"}}},
                    "year": {"category": {"index": ["2017"]}}}, "value": [1, 2, 3]}"""
    loaded = load(SERIES + '[constants]\nref_area = "TJ"\n', head, **{"a.json": cube})
    assert loaded.rows("sex, time_period, obs_value") == BY_SEX
    (note,) = loaded.statistics.issues
    assert (note["rule"], note["arguments"]) == (
        "code_label_unused",
        {"n": 2, "column": "SERIES", "code": "cr_f", "label": "Girls"},
    )


PX = """CHARSET="ANSI";
AXIS-VERSION="2000";
CODEPAGE="utf-8";
MATRIX="A";
SUBJECT-AREA="s";
SUBJECT-CODE="s";
TITLE="t";
CONTENTS="Completion";
UNITS="percent";
STUB="group";
HEADING="year";
VALUES("group")="Girls, rural","Boys","Other";
CODES("group")="1","2","3";
VALUES("year")="2017","2018";
TIMEVAL("year")=TLIST(A1),"2017","2018";
DATA=
1 2
3 4
5 6;
"""


def test_categories_of_a_px_file_are_read_by_their_labels_and_reported_by_their_line(load: Load) -> None:
    head = HEAD.replace('"csv"', '"px"').replace("*.csv", "*.px")
    toml = """
[[composite]]
column = "group"
pattern = '(?P<sex>Girls|Boys)(, (?P<urbanisation>rural))?'
[concepts]
CONTENTS = ""
UNITS = ""
[codes.sex]
Girls = "F"
Boys = "M"
[codes.urbanisation]
rural = "R"
[constants]
statistic_id = "SE_PRE_PARTN"
ref_area = "TJ"
"""
    faults = load(toml, head, **{"a.px": PX}).faults
    assert 'a.px:19: nothing in [[composite]] reads this code of group, in 2 rows: "3"' in faults
    assert '[composite.codes.3]\n"sex" = "" # Other' in faults
    loaded = load(toml + '[keep]\nsex = ["F"]\n', head, **{"a.px": PX})
    assert loaded.rows("urbanisation, time_period, obs_value") == [("R", "2017", 1.0), ("R", "2018", 2.0)]
    assert loaded.counts == (6, 2, 4, 0)
