"""Children in numbers: who publishes what, by which breakdowns, from which survey; and what nobody publishes."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.support.command import npa
from tests.support.paths import AS_OF, ROOT
from tests.support.published_messages import check_messages
from transforms.sql import statement
from transforms.statistics.quality.plausible_ranges import RangeRow
from transforms.statistics.series_table import read_series

TOML = """\
dataset_id = "{name}"
title = "t"
publisher = "Producer {name}"
source_url = "https://example.org"
licence = "CC0"
retrieved_on = 2026-01-01
format = "csv"
files = ["data.csv"]
[concepts]
ETHNIC_GROUP = "other_breakdown"
[constants]
unit_measure = "PT"
[[source]]
where = {{ survey = ["*"] }}
source_kind = "survey"
"""
HEAD = ("SERIES,REF_AREA,SEX,AGE,URBANISATION,INCOME_WEALTH_QUANTILE,DISABILITY_STATUS,ETHNIC_GROUP,TIME_PERIOD,"
        "OBS_VALUE,SURVEY\n")  # fmt: skip
SERIES = """\
statistic_id,theme,population,source_kind,reason
SH_STA_STNT,CRC-7,younger_children,survey,Children under five are measured.
SL_TLF_CHLDEC,CRC-9,children,survey,Children of 5 to 17.
SP_DYN_MRBF18,CRC-2,adults,survey,Women of 20 to 24.
"""


def figure(value: object, series: str = "SH_STA_STNT", area: str = "TJ", sex: str = "_T", age: str = "Y0T4",
           urban: str = "_T", wealth: str = "_T", disability: str = "_T", ethnic: str = "_T", period: int = 2017,
           survey: str = "DHS 2017") -> str:  # fmt: skip
    """Return a line of a data set."""
    return f"{series},{area},{sex},{age},{urban},{wealth},{disability},{ethnic},{period},{value},{survey}\n"


A = (
    figure(20) + figure(32.1, wealth="Q1") + figure(20.9, wealth="Q5") + figure(21, area="TJ-SU") + figure(19, sex="F")
    + figure(30, "SL_TLF_CHLDEC", age="Y5T17") + figure(40, "SP_DYN_MRBF18", sex="F", age="Y20T24")
)  # fmt: skip
B = (
    figure(20) + figure("", urban="U") + figure(18, ethnic="a") + figure(25, disability="PD", period=2018)
    + figure(41, "SL_TLF_CHLDEC", age="Y5T17", survey="")
)  # fmt: skip


def publish(folder: Path, series: str = SERIES, **datasets: str) -> tuple[int, str]:
    """Publish a release of data sets; return the exit status and what is printed of faults."""
    statistics = folder / "raw" / "statistics"
    statistics.mkdir(parents=True, exist_ok=True)
    (folder / "raw" / "plans").symlink_to(ROOT / "raw" / "plans")
    (statistics / "series.csv").write_text(series, encoding="utf-8")
    for name, lines in datasets.items():
        (statistics / name).mkdir()
        (statistics / name / "dataset.toml").write_text(TOML.format(name=name), encoding="utf-8")
        (statistics / name / "data.csv").write_text(HEAD + lines, encoding="utf-8")
    options = ["--raw", folder / "raw", "--warehouse", folder / "warehouse", "--as-of", AS_OF, "--runner", "direct"]
    done = npa("refresh", *options)
    return done.returncode, done.stderr


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a release of the data sets A and B."""
    folder = tmp_path_factory.mktemp("children")
    assert publish(folder, A=A, B=B) == (0, "")
    path = folder / "warehouse" / "current" / "npa.duckdb"
    with duckdb.connect(str(path), read_only=True) as con:
        check_messages(con)
        yield con


def test_coverage_is_by_series_and_producer(children: duckdb.DuckDBPyConnection) -> None:
    flags = ["age", "sex", "area_below_national", "urbanisation", "wealth", "ethnicity", "disability"]
    rows = children.execute(f"""SELECT statistic_id, dataset_id, {", ".join(f"has_{flag}" for flag in flags)}
                                FROM disaggregation_coverage ORDER BY ALL""").fetchall()
    found = {row[:2]: {flag for flag, has in zip(flags, row[2:], strict=True) if has} for row in rows}
    assert found == {
        ("SH_STA_STNT", "A"): {"sex", "area_below_national", "wealth"},
        ("SH_STA_STNT", "B"): {"ethnicity", "disability"},  # a blank value for town is none
        ("SL_TLF_CHLDEC", "A"): set(),
        ("SL_TLF_CHLDEC", "B"): set(),
        ("SP_DYN_MRBF18", "A"): set(),  # women of one age: neither by sex nor by age
    }


@pytest.mark.parametrize(
    ("others", "flags"),
    [
        ("DHSMICSGEOREGION=TJKDHS201201", (True, False)),  # WHO's regions have no names
        ("Область=Хатлон;Note=a", (True, False)),
        ("Вилоят=Хатлон;Миллат=a", (True, True)),
        ("Note=in this region", (False, False)),
        ("_T", (False, False)),
    ],
)
def test_other_breakdowns_are_known_by_the_names_of_their_concepts(others: str, flags: tuple[bool, bool]) -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE dim_area AS SELECT 'TJ' AS ref_area, 0 AS level")
        con.execute("CREATE TABLE dim_dataset AS SELECT 'A' AS dataset_id, 'P' AS publisher")
        con.execute(
            """CREATE TABLE fact_statistic AS
               SELECT 'S' AS statistic_id, 'A' AS dataset_id, 'TJ' AS ref_area, '2017' AS time_period, 1.0 AS obs_value,
                      '_T' AS sex, '_T' AS age, '_T' AS urbanisation, '_T' AS income_wealth_quantile,
                      '_T' AS education_lev, '_T' AS disability_status, ? AS other_breakdown""",
            [others],
        )
        sql = statement("statistics/coverage").sql
        assert con.execute(f"SELECT has_area_below_national, has_ethnicity FROM ({sql})").fetchall() == [flags]


def test_what_is_asked_for_and_nobody_publishes_is_listed(children: duckdb.DuckDBPyConnection) -> None:
    rows = children.execute("""SELECT statistic_id, breakdown, only_group, publishers, activity_ids
                               FROM breakdowns_missing ORDER BY ALL""").fetchall()
    both = ("Producer A; Producer B", "TJK-CRC-2018-05-02")
    asked = ["age", "disability", "ethnicity", "region", "residence", "sex", "wealth"]
    assert rows == [
        ("SH_STA_STNT", "age", "Y0T4", *both),
        ("SH_STA_STNT", "residence", None, *both),
        *(("SL_TLF_CHLDEC", name, "Y5T17" if name == "age" else None, *both) for name in asked),
    ]  # SP_DYN_MRBF18 is about adults


def test_an_observation_is_read_with_producer_theme_and_survey(children: duckdb.DuckDBPyConnection) -> None:
    rows = children.execute("""
        SELECT publisher, theme, population, area_name, source_kind, survey, obs_value FROM observations
        WHERE income_wealth_quantile = 'Q1' OR (statistic_id = 'SL_TLF_CHLDEC' AND dataset_id = 'B') ORDER BY ALL
    """).fetchall()
    assert rows == [
        ("Producer A", "CRC-7", "younger_children", "Tajikistan", "survey", "DHS 2017", 32.1),
        ("Producer B", "CRC-9", "children", "Tajikistan", None, None, 41),
    ]


def test_producers_stand_side_by_side(children: duckdb.DuckDBPyConnection) -> None:
    rows = children.execute("""
        SELECT statistic_id, publisher, publisher_other, survey, survey_other, source_kind, source_kind_other,
               difference
        FROM statistic_comparison ORDER BY ALL""").fetchall()
    both = ("Producer A", "Producer B")
    assert rows == [
        ("SH_STA_STNT", *both, "DHS 2017", "DHS 2017", "survey", "survey", 0),
        ("SL_TLF_CHLDEC", *both, "DHS 2017", None, "survey", None, 11),
    ]


# area → value and survey in A and B, and the rule that finds them
PAIRS: dict[str, tuple[tuple[float, str], tuple[float, str], str | None]] = {
    "TJ": ((66.11, "DHS 2017"), (63, "dhs 2017"), "same_survey_differs"),
    "TJ-SU": ((32.1, "DHS 2017"), (32.3, "DHS 2017"), "same_survey_differs"),
    "TJ-KT": ((50, "DHS 2017"), (90, "DHS 2017"), "same_survey_differs"),  # and not datasets_disagree, too
    "TJ-GB": ((37.28805923, "DHS 2017"), (37.3, "DHS 2017"), None),
    "TJ-DU": ((63.8, "DHS 2017"), (63, "DHS 2017"), None),  # cut off
    "TJ-RA": ((32.1, "DHS 2017"), (32.2, "DHS 2017"), None),  # rounded twice
    "UZ": ((66.11, "DHS 2017"), (63, "MICS 2017"), None),
    "KG": ((66.11, "DHS 2017"), (63, ""), None),
    "KZ": ((50, ""), (90, ""), "datasets_disagree"),
}


def test_figures_of_one_survey_differ_by_rounding_at_most(tmp_path: Path) -> None:
    first = "".join(figure(a[0], area=area, survey=a[1]) for area, (a, _, _) in PAIRS.items())
    second = "".join(figure(b[0], area=area, survey=b[1]) for area, (_, b, _) in PAIRS.items())
    assert publish(tmp_path, A=first, B=second) == (0, "")
    with duckdb.connect(str(tmp_path / "warehouse" / "current" / "npa.duckdb"), read_only=True) as con:
        found = con.execute("""SELECT DISTINCT ref_area, rule
                               FROM bridge_statistic_issue JOIN quality_issue USING (issue_id)
                               WHERE rule <> 'value_implausible'""").fetchall()
        ((message,),) = con.execute("SELECT message FROM quality_issue WHERE rule = 'same_survey_differs'").fetchall()
    assert dict(found) == {area: rule for area, (*_, rule) in PAIRS.items() if rule}
    assert message == (
        "SH_STA_STNT of TJ-KT, 2017, Y0T4: A has 50.0, and B 90.0, both from one survey: DHS 2017. Rounding does not "
        "explain it. Such figures: 3; these are farthest apart."
    )


@pytest.mark.parametrize(
    ("years", "found"),
    [(("2012", "2012"), 1), (("2012", None), 1), ((None, None), 1), (("2012", "2017"), 0)],
)
def test_one_name_of_two_field_works_is_two_surveys(years: tuple[str | None, str | None], found: int) -> None:
    with duckdb.connect() as con:
        con.execute("CREATE MACRO tolerated(of_rule, of_name) AS 1")
        con.execute(
            """CREATE TABLE fact_statistic AS
               SELECT *, 'S' AS statistic_id, 'TJ' AS ref_area, 'A' AS freq, '2012' AS time_period, '_T' AS sex,
                      '_T' AS age, '_T' AS urbanisation, '_T' AS income_wealth_quantile, '_T' AS education_lev,
                      '_T' AS disability_status, '_T' AS other_breakdown, 'PT' AS unit_measure, 0 AS unit_mult,
                      'MICS' AS survey
               FROM (VALUES ('A', 50.0::DOUBLE, ?::VARCHAR), ('B', 90, ?)) AS f(dataset_id, obs_value, field_years)""",
            list(years),
        )
        sql = statement("statistics/quality/rules/figures/same_survey_differs").sql
        assert con.execute(f"SELECT count(*) FROM ({sql})").fetchall() == [(found,)]


def test_series_of_a_rejected_data_set_are_not_called_unknown(tmp_path: Path) -> None:
    """Its definitions are not known: to take the rows out would be wrong."""
    ranges = RangeRow.heading() + "\nOWN,TJ,,,,,,,,none found: nowhere\n"
    (tmp_path / "raw" / "statistics").mkdir(parents=True)
    (tmp_path / "raw" / "statistics" / "plausible_ranges.csv").write_text(ranges, encoding="utf-8")
    status, message = publish(tmp_path, SERIES + "OWN,,children,survey,r\n", **{"A B": A})
    assert (status, message.count("\n"), "statistics/A B/dataset.toml" in message) == (1, 2, True), message


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("GONE,CRC-7,children,survey,r", "series.csv:5: the series is in no list of npa"),
        ("SH_STA_STNT,CRC-7,children,survey,r", "series.csv:5: the series is in line 2 already"),
        ("SI_COV_CHLD,CRC-7,pupils,survey,r", "series.csv:5: population: it is none of"),
        ("SI_COV_CHLD,CRC-7,children,poll,r", "series.csv:5: source_kind: it is none of"),
        ("SI_COV_CHLD,CRC-7,children,survey,", "series.csv:5: reason: "),
        ("SI_COV_CHLD,Crc 7,children,survey,r", "series.csv:5: theme: "),
    ],
)
def test_rows_of_series_that_cannot_be_meant_are_rejected(line: str, fault: str) -> None:
    known = {"SH_STA_STNT", "SL_TLF_CHLDEC", "SP_DYN_MRBF18", "SI_COV_CHLD"}
    (problem,) = read_series(f"{SERIES}{line}\n".encode(), "series.csv", known)[1]
    assert str(problem).startswith(fault)


def test_a_theme_is_one_that_npa_or_a_plan_names(tmp_path: Path) -> None:
    status, message = publish(tmp_path, SERIES.replace("CRC-9", "CRC-10"), A=A)
    assert (status, "theme is not in dim_theme.theme" in message) == (1, True), message


def test_every_series_of_the_repository_is_judged(con: duckdb.DuckDBPyConnection) -> None:
    """Each that a data set publishes or an activity is linked to, and no other."""
    used = "SELECT statistic_id FROM fact_statistic UNION SELECT statistic_id FROM bridge_activity_statistic"
    judged = "SELECT statistic_id FROM dim_statistic WHERE population IS NOT NULL"
    assert con.execute(f"({used}) EXCEPT ({judged}) ORDER BY 1").fetchall() == []
    assert con.execute(f"({judged}) EXCEPT ({used}) ORDER BY 1").fetchall() == []
