"""Official statistics from raw/statistics to `fact_statistic`: mapping, rejections, balance. The formats have tests of
their own."""

import shutil
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.command import Run, npa
from tests.support.examples import examples
from tests.support.one_data_set import HEAD, PLAIN, Load
from tests.support.paths import AS_OF, DATA, ROOT


def test_every_value_of_the_real_files_is_published(con: duckdb.DuckDBPyConnection) -> None:
    counts = con.execute("SELECT dataset_id, count(*) FROM fact_statistic GROUP BY ALL ORDER BY ALL").fetchall()
    assert counts == [
        ("AOS-SDG", 188), ("OPHI-MPI", 30), ("OPHI-MPI-TRENDS", 60), ("UIS-SDG4", 3201), ("UNICEF-CME", 3),
        ("UNSD-SDG", 382),
    ]  # fmt: skip
    read = con.execute("SELECT rows_read = observations + rows_set_aside + rows_repeated FROM dim_dataset").fetchall()
    assert read == [(True,)] * len(counts)


def test_one_figure_leads_back_to_its_file(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        """SELECT obs_value, unit_measure, sex, source_file, source_row FROM fact_statistic
           WHERE dataset_id = 'UNICEF-CME' AND sex = 'F'"""
    ).fetchall()
    ((value, unit, _, path, row),) = rows
    lines = (ROOT / "raw" / path).read_text(encoding="utf-8").splitlines()
    assert lines[row - 1].startswith("TJK,Tajikistan,CME_MRY0T4,")
    assert f",{value!r}," in lines[row - 1]
    assert unit == "PER_1000_LIVE_BIRTHS"


def test_activity_has_its_series_in_one_line(con: duckdb.DuckDBPyConnection) -> None:
    data_sets = con.execute(
        """SELECT DISTINCT dataset_id FROM activity_statistics
           WHERE statistic_id = 'SG_REG_BRTH' AND dataset_id IS NOT NULL"""
    ).fetchall()
    assert data_sets == [("UNSD-SDG",)]
    gaps = dict(con.execute("SELECT gap, count(*) FROM activities_without_statistics GROUP BY gap").fetchall())
    ((linked,),) = con.execute(
        "SELECT count(DISTINCT activity_id) FROM activity_statistics WHERE dataset_id IS NOT NULL"
    ).fetchall()
    ((activities,),) = con.execute("SELECT count(*) FROM dim_activity WHERE duplicate_of IS NULL").fetchall()
    assert sum(gaps.values()) + linked == activities


@pytest.mark.parametrize(
    ("rule", "column", "value"),
    [
        ("total_outside_parts", "obs_value", "43.0"),  # under-five mortality of 2015, not between boys and girls
        ("parts_exchanged_between_periods", "obs_value", "35.2"),  # poverty: town and country, 2015 to 2017
        ("unit_not_in_code_list", "unit_measure", "PERCENT"),
        ("code_not_in_code_list", "ref_area", "tj"),
        ("code_not_in_code_list", "statistic_id", "SL_TLF_CHD"),
        ("value_respelled", "obs_value", "211\u00a0"),
        ("unit_contradicts_series", "unit_measure", "PER_100000_POP"),
        ("unit_implausible", "unit_measure", "PER_100_LIVE_BIRTHS"),  # under-five mortality
        ("unit_missing", "unit_measure", None),
    ],
)
def test_faults_of_the_real_files_are_found(
    con: duckdb.DuckDBPyConnection, rule: str, column: str, value: str | None
) -> None:
    issues = con.execute(
        """SELECT severity, action, source_file, line_number FROM quality_issue
           WHERE rule = $rule AND column_name = $column AND source_value IS NOT DISTINCT FROM $value""",
        {"rule": rule, "column": column, "value": value},
    ).fetchall()
    assert issues
    for severity, action, path, line in issues:
        assert (severity, action) == ("warning", "flagged")
        assert (ROOT / "raw" / path).is_file()
        assert line >= 1


def test_columns_codes_and_breakdowns_become_ours(load: Load) -> None:
    toml = """
[concepts]
Year = "time_period"
Area = "ref_area"
Note = ""
Group = "other_breakdown"
Kind = "other_breakdown"
[codes.sex]
men = "M"
women = "F"
"" = "_T"
[codes.Kind]
"" = "_T"
[constants]
unit_measure = "PT"
unit_mult = 0
"""
    data = "SERIES,Area,Year,sex,Note,Kind,Group,obs_value\n"
    data += "SI_POV_NAHC,762,2018,men,x,a,b,1\nSI_POV_NAHC,762,2019,men,x,,b,1.50\nSI_POV_NAHC,TJK,2019-Q1,,y,a,_T,2\n"
    loaded = load(toml, a=data)
    assert loaded.rows("freq, ref_area, sex, age, other_breakdown, time_period, obs_value, unit_mult, source_row") == [
        ("A", "TJ", "M", "_T", "Group=b", "2019", 1.5, 0, 3),
        ("A", "TJ", "M", "_T", "Group=b;Kind=a", "2018", 1.0, 0, 2),
        ("Q", "TJ", "_T", "_T", "Kind=a", "2019-Q1", 2.0, 0, 4),
    ]


def test_codes_with_semicolons_and_equals_signs_are_keys_of_their_own(load: Load) -> None:
    toml = '[concepts]\nGROUP = "other_breakdown"\nKIND = "other_breakdown"\n'
    data = "SERIES,REF_AREA,TIME_PERIOD,GROUP,KIND,OBS_VALUE\n"
    groups = ('"wood; straw",', 'wood," straw=1"', '"a;KIND=b",', "a,b", "100%,")
    data += "".join(f"SI_POV_NAHC,TJ,2015,{group},{number}\n" for number, group in enumerate(groups))
    assert sorted(load(toml, a=data).rows("obs_value, other_breakdown")) == [
        (0, "GROUP=wood%3B straw"),
        (1, "GROUP=wood;KIND=straw%3D1"),
        (2, "GROUP=a%3BKIND%3Db"),
        (3, "GROUP=a;KIND=b"),
        (4, "GROUP=100%25"),
    ]


def test_concepts_and_mapped_codes_with_semicolons_and_equals_signs(load: Load) -> None:
    toml = '[concepts]\n"a=1;b, %" = "other_breakdown"\n[codes."a=1;b, %"]\nx = "y;z=1"\n"" = "_T"\n'
    data = 'SERIES,REF_AREA,TIME_PERIOD,"a=1;b, %",OBS_VALUE\nSI_POV_NAHC,TJ,2015,x,1\nSI_POV_NAHC,TJ,2015,,2\n'
    assert sorted(load(toml, a=data).rows("obs_value, other_breakdown")) == [
        (1, "a%3D1%3Bb, %25=y%3Bz%3D1"),
        (2, "_T"),
    ]


def test_everything_unknown_is_listed_at_once_with_a_block_to_complete(load: Load) -> None:
    data = "SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE,SEX,Sex\nNO_SUCH,XX,2019,1,Z,q\nSI_POV_NAHC,XX,20x9,n/a,M,q\n"
    loaded = load(a=data)
    assert "the column is none of ours" in loaded.faults
    loaded = load('[concepts]\nSex = ""\n', a=data)
    for expected in (
        'statistics/test/a.csv:2: statistic_id has a code that no list of npa has, in 1 rows: "NO_SUCH"',
        'ref_area has a code that no list of npa has, in 2 rows: "XX"',
        'sex has a code that no list of npa has, in 1 rows: "Z"',
        'statistics/test/a.csv:3: the period is none that is known: "20x9"',
        'statistics/test/a.csv:3: obs_value is no number and no known mark, in 1 rows: "n/a"',
        '[codes.ref_area]\n"XX" = ""',
        '[marks]\n"n/a" = ""',
    ):
        assert expected in loaded.faults


def test_keep_counts_excluded_rows_and_may_have_unknown_codes(load: Load) -> None:
    data = PLAIN + "SI_POV_NAHC,TJ,2019,1\nNO_SUCH,DE,x,y\nSI_POV_NAHC,NOWHERE,2019,3\n"
    assert load('[keep]\nref_area = ["TJ"]\n', a=data).counts == (3, 1, 2, 0)
    assert "no row is left to publish: [keep] takes none of 1" in load(
        '[keep]\nref_area = ["UZ"]\n', a=PLAIN + "SI_POV_NAHC,TJ,2019,1\n"
    ).faults  # fmt: skip


def test_same_row_twice_counts_once_and_two_values_for_a_key_are_refused(load: Load) -> None:
    row = "SI_POV_NAHC,TJ,2019,1\n"
    again = load(a=PLAIN + row, b=PLAIN + row)
    assert again.counts == (2, 1, 0, 1)
    assert again.rows("source_file, source_row") == [("statistics/test/a.csv", 2)]
    faults = load(a=PLAIN + row, b=PLAIN + "SI_POV_NAHC,TJ,2019,2\n").faults
    assert "one key has two different rows, statistic_id SI_POV_NAHC, freq A" in faults
    assert "1.0 (statistics/test/a.csv:2) and 2.0 (statistics/test/b.csv:2)" in faults
    statuses = "".join(f"SI_POV_NAHC,TJ,2019,1,{status}\n" for status in "AP")
    assert 'They differ in OBS_STATUS: "A" · "P"' in load(a=PLAIN.strip() + ",OBS_STATUS\n" + statuses).faults


def test_marks_missing_values_and_decimal_commas(load: Load) -> None:
    values = enumerate(("12,4", "…", "", "NaN", "1 234,5", "-9"), 2010)
    lines = "".join(f"SI_POV_NAHC;TJ;{year};{value}\n" for year, value in values)
    data = "SERIES;REF_AREA;TIME_PERIOD;OBS_VALUE\n" + lines
    loaded = load('[marks]\n"…" = "Q"\n"-9" = "M"\n', HEAD + 'delimiter = ";"\ndecimal = ","\n', a=data)
    assert loaded.rows("obs_value, obs_status") == [
        (12.4, None), (None, "Q"), (None, "O"), (None, "O"), (1234.5, None), (None, "M"),
    ]  # fmt: skip
    assert [issue["source_value"] for issue in loaded.statistics.issues] == ["1 234,5", "-9"]


def test_a_mark_may_be_a_blank_cell(load: Load) -> None:
    loaded = load(
        '[marks]\n"" = "Q"\n', a=PLAIN + "SI_POV_NAHC,TJ,2018,\nSI_POV_NAHC,TJ,2019,NaN\nSI_POV_NAHC,TJ,2020,1\n"
    )
    assert loaded.rows("obs_value, obs_status") == [(None, "Q"), (None, "O"), (1.0, None)]


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("value", ["68 70", "1234 567", "١٢", "0x10", "1_000", "1e400", "12%", "--5", "1.234,5", "."])
def test_what_may_be_two_numbers_or_another_number_is_refused(load: Load, decimal: str, value: str) -> None:
    data = PLAIN.replace(",", ";") + f"SI_POV_NAHC;TJ;2019;{value}\n"
    assert "no number and no known mark" in load("", HEAD + f'decimal = "{decimal}"\n', a=data).faults


def test_a_point_is_no_decimal_mark_where_the_comma_is(load: Load) -> None:
    faults = load("", HEAD + 'decimal = ","\n', a=PLAIN.replace(",", ";") + "SI_POV_NAHC;TJ;2019;1.234\n").faults
    assert "a point is none" in faults  # it may be a thousands separator


def test_thousands_and_signs_may_be_separated_by_blanks(load: Load) -> None:
    values = ("1\u00a0234\u202f567,5", "- 5", "\u22125,2", " 7 ")
    lines = "".join(f"SI_POV_NAHC;TJ;{year};{value}\n" for year, value in enumerate(values, 2010))
    loaded = load("", HEAD + 'decimal = ","\n', a=PLAIN.replace(",", ";") + lines)
    assert loaded.rows("obs_value") == [(1234567.5,), (-5,), (-5.2,), (7,)]


def test_columns_of_ours_may_be_separated_by_the_codes_of_the_producer(load: Load) -> None:
    data = "SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE,FREQ,Sex,sex\nSI_POV_NAHC,TJ,2019,1,yearly,boys,M\n"
    loaded = load('[concepts]\nFREQ = "other_breakdown"\nSex = "other_breakdown"\n', a=data)
    assert loaded.rows("freq, sex, other_breakdown") == [("A", "M", "FREQ=yearly;Sex=boys")]


def test_a_breakdown_that_npa_has_a_list_of_is_defined_as_the_message_says(load: Load) -> None:
    toml = '[concepts]\nCOMPOSITE_BREAKDOWN = "other_breakdown"\n'
    data = "SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE,COMPOSITE_BREAKDOWN\nSI_POV_NAHC,TJ,2019,1,_L_WS_NATURAL\n"
    assert "define it in [define.composite_breakdown]" in load(toml, a=data).faults
    loaded = load(toml + '[define.composite_breakdown]\n_L_WS_NATURAL = "natural water"\n', a=data)
    assert loaded.rows("other_breakdown") == [("COMPOSITE_BREAKDOWN=_L_WS_NATURAL",)]


def test_labels_may_be_mapped_where_the_file_has_codes(load: Load) -> None:
    px = DATA / "px" / "BE0101F1datasymbols.px"
    toml = """
[concepts]
region = "ref_area"
UNITS = ""
CONTENTS = ""
[constants]
statistic_id = "MOVES"
[define.statistic_id.MOVES]
name = "Persons who moved in"
[define.ref_area]
"SE-AB" = { name = "Stockholm county", parent_ref_area = "SE", level = 1 }
"SE-0114" = { name = "Upplands Väsby", parent_ref_area = "SE-AB", level = 2 }
"SE-0115" = { name = "Vallentuna", parent_ref_area = "SE-AB", level = 2 }
[define.age]
Y20 = "20 years"
Y21 = "21 years"
Y22 = "22 years"
[codes.ref_area]
"00 Sweden" = "SE"
"01" = "SE-AB"
"0114 Upplands Väsby" = "SE-0114"
"0115" = "SE-0115"
[codes.age]
"20" = "Y20"
"21" = "Y21"
"22" = "Y22"
[codes.sex]
men = "M"
"2" = "F"
"""
    head = HEAD.replace('"csv"', '"px"').replace("*.csv", "*.px")
    loaded = load(toml, head, **{"a.px": px.read_bytes()})
    rows = loaded.rows("ref_area, sex, age, obs_value")
    assert ("SE", "M", "Y20", 456.0) in rows
    assert {row[0] for row in rows} == {"SE", "SE-AB", "SE-0114", "SE-0115"}


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ('colour = "red"\n', "the key is unknown"),
        ('structure = "../../secret.xml"\n', "the path leads out of the data set's folder"),
        ('structure = "none.xml"\n', "no file is named so"),
        ('[concepts]\nX = "nothing"\n', "[concepts] X becomes no column of ours"),
        ('[codes.ref_area]\nX = "NOWHERE"\n', "ref_area has no such code in npa's lists"),
        ('[codes.colour]\nX = "Y"\n', "[codes] names no column with codes"),
        ('[keep]\nobs_value = ["1"]\n', "[keep] names no coded column"),
        ('[marks]\n"-" = "nil"\n', "obs_status has no such code"),
        ('[constants]\nsex = "X"\n', "sex has no such code"),
        ('[series]\nA = "NO_SUCH"\n', "statistic_id has no such code"),
        ("[codes\n", "the file is not TOML"),
        ('[constants]\nref_area = "TJ"\n', "[constants] is of a column that every file has"),
        ('[define.sex]\nM = "Men"\n', "[define.sex] defines what npa's own list has"),
    ],
)
def test_description_with_a_fault_is_refused(load: Load, toml: str, expected: str) -> None:
    assert expected in load(toml, a=PLAIN + "SI_POV_NAHC,TJ,2019,1\n").faults


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "the file is empty"),
        (PLAIN.encode() + b"SI_POV_NAHC,TJ\n", "the record has 2 cells, and the heading 4"),
        (PLAIN.encode() + '"Ð,TJ,2019,1'.encode("cp1251", "replace"), "a quotation mark is not closed"),
        (PLAIN.encode() + "Таджикистан,TJ,2019,1\n".encode("cp1251"), 'it looks like "cp1251"'),
        (PLAIN.encode() + b"SI_POV_NAHC,TJ,2019-Q1,1\n" * 0, "no row is left to publish"),
        (b"PK\x03\x04 a workbook", "the file begins as a zip and is cut off"),
        (b"SERIES,REF_AREA,OBS_VALUE\nSI_POV_NAHC,TJ,1\n", "no column is time_period"),
        (b"SERIES,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\n1,2,3,4,5\n", "two columns become statistic_id"),
    ],
)
def test_file_with_a_fault_is_refused(load: Load, data: bytes, expected: str) -> None:
    assert expected in load(a=data).faults


def test_one_code_in_two_data_sets_means_one_thing(raw: Path, refresh: Run) -> None:
    for name, called in (("one", "Births"), ("two", "Deaths")):
        folder = raw / "statistics" / name
        folder.mkdir(parents=True)
        toml = HEAD.replace("TEST", name.upper()) + f'[define.statistic_id.OWN]\nname = "{called}"\n'
        (folder / "dataset.toml").write_text(toml, encoding="utf-8")
        (folder / "a.csv").write_text(PLAIN + "OWN,TJ,2019,1\n", encoding="utf-8")
    done = refresh()
    assert done.returncode == 1
    assert "statistics/two/dataset.toml: statistic_id OWN is defined otherwise in statistics/one/" in done.stderr
    assert 'name is "Births" there, and "Deaths" here' in done.stderr


def test_link_out_of_the_folder_is_not_followed(load: Load, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(PLAIN + "SI_POV_NAHC,TJ,2019,1\n", encoding="utf-8")
    (link := tmp_path / "link").symlink_to(secret)
    faults = load(a=link).faults
    assert faults == "statistics/test/a.csv: the link leads out of its folder. Put the file itself there."


def test_frequency_and_period_must_agree(load: Load) -> None:
    data = "SERIES,REF_AREA,FREQ,TIME_PERIOD,OBS_VALUE\nSI_POV_NAHC,TJ,A,2019-Q1,1\n"
    assert "the period is not one of frequency A" in load(a=data).faults


def test_rejected_data_set_leaves_the_last_good_release(raw: Path, refresh: Run, tmp_path: Path) -> None:
    before = (tmp_path / "warehouse" / "current").readlink()
    shutil.copytree(ROOT / "raw" / "statistics" / "aos-sdg", raw / "statistics" / "aos-sdg")
    data = raw / "statistics" / "aos-sdg" / "TAJSTAT_Data.xml"
    data.write_bytes(data.read_bytes()[:20_000])
    done = refresh()
    assert done.returncode == 1
    assert "statistics/aos-sdg/TAJSTAT_Data.xml" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "warehouse" / "current").readlink() == before


def test_partition_is_the_table(con: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    folder = warehouse / "current" / "parquet" / "fact_statistic"
    assert sorted(path.name for path in folder.iterdir()) == [
        "dataset_id=AOS-SDG", "dataset_id=OPHI-MPI", "dataset_id=OPHI-MPI-TRENDS", "dataset_id=UIS-SDG4",
        "dataset_id=UNICEF-CME", "dataset_id=UNSD-SDG",
    ]  # fmt: skip
    names = ", ".join(name for (name, *_) in con.execute("DESCRIBE fact_statistic").fetchall())
    there = duckdb.execute(f"SELECT {names} FROM read_parquet('{folder}/*/*.parquet') ORDER BY ALL").fetchall()
    assert there == con.execute("FROM fact_statistic ORDER BY ALL").fetchall()


VALUES = st.one_of(st.none(), st.decimals(-1000, 1000, places=3).map(str))


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["SI_POV_NAHC", "SH_DYN_MORT"]), st.sampled_from(["TJ", "762", "UZ"]),
                  st.sampled_from(["M", "F", ""]), st.sampled_from(["2019", "2020-S1", "2019-12", "2018-Q4"])),
        VALUES, min_size=1, max_size=20,
    )
)  # fmt: skip
def test_what_is_printed_is_published(load: Load, cube: dict[tuple[str, str, str, str], str | None]) -> None:
    cube = {key: value for key, value in cube.items() if not (key[1] == "762" and (key[0], "TJ", *key[2:]) in cube)}
    lines = [",".join((*key, value or "")) for key, value in cube.items()]
    loaded = load('[codes.sex]\n"" = "_T"\n', a="SERIES,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE\n" + "\n".join(lines) + "\n")
    area = {"TJ": "TJ", "762": "TJ", "UZ": "UZ"}
    expected = {
        (series, area[where], sex or "_T", period, None if value is None else float(value))
        for (series, where, sex, period), value in cube.items()
    }
    assert set(loaded.rows("statistic_id, ref_area, sex, time_period, obs_value")) == expected


def test_check_reports_the_balance_and_flagged_rows(tmp_path: Path) -> None:
    done = npa("check", "--raw", ROOT / "raw", "--warehouse", tmp_path / "warehouse", "--as-of", AS_OF)
    assert done.returncode == 0, done.stderr
    assert "UNICEF-CME: 747 rows read = 3 published + 744 set aside + 0 repeated" in done.stdout
    assert "statistics/aos-sdg/TAJSTAT_Data.xml row 42: SH_DYN_MORT of TJ, 2015, Y0T4: the total 43.0" in done.stdout


def test_a_structure_that_cannot_be_read_is_reported_as_every_other_file(load: Load) -> None:
    data = {"a": PLAIN + "SI_POV_NAHC,TJ,2019,1\n", "DSD.xml": "<!DOCTYPE a><a/>"}
    faults = load('structure = "DSD.xml"\n', **data).faults
    assert faults.startswith("statistics/test/DSD.xml: the file has a DOCTYPE")


def test_a_text_of_any_length_is_shown_in_a_line(load: Load) -> None:
    faults = load(a=PLAIN + f"{'S' * 90_000},TJ,{'2' * 90_000},{'x' * 90_000}\n").faults
    assert faults.count("(90000 characters)") == 3
    assert len(faults) < 3_000


def test_an_encoding_that_asks_for_a_byte_order_mark_does_not_guess(load: Load) -> None:
    faults = load('encoding = "utf-16"\n', a=PLAIN + "SI_POV_NAHC,TJ,2019,1\n").faults
    assert "a.csv:1: the file does not begin with the byte order mark of utf-16" in faults
    assert '"utf-16-le"' in faults


@pytest.mark.parametrize("kind", ["csv", "sdmx-csv"])
@pytest.mark.parametrize("start", ["", PLAIN, '"'])
def test_an_endless_line_is_not_read_into_memory(load: Load, kind: str, start: str) -> None:
    faults = load(head=HEAD.replace('"csv"', f'"{kind}"'), a=start + "x," * 1_500_000).faults
    assert f"a.csv:{start.count(chr(10)) + 1}: the line is longer than 2,000,000 characters" in faults


def test_a_quotation_mark_that_the_heading_does_not_close_is_reported(load: Load) -> None:
    lines = "SI_POV_NAHC,TJ,2019,1\n" * 10_000
    faults = load(head=HEAD.replace('"csv"', '"sdmx-csv"'), a='DATAFLOW,"SERIES,REF_AREA\n' + lines).faults
    assert "a.csv:1: a cell has more than 131,072 characters. Close the quotation mark" in faults
