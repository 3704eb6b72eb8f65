"""Each quality rule over statistics: what it finds in figures made for it, and that it is silent about correct ones."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from flows.refresh.build.database import create
from flows.refresh.build.statistics_tables import fill_statistics
from flows.sources.statistics.stage import Statistics
from tests.support.command import npa
from tests.support.paths import AS_OF, ROOT
from tests.support.published_messages import check_messages
from transforms.errors import BrokenRelease

HEAD = "SERIES,REF_AREA,SEX,URBANISATION,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,LOWER_BOUND,UPPER_BOUND,NATURE\n"
TOML = """\
dataset_id = "{name}"
title = "t"
publisher = "p"
source_url = "https://example.org"
licence = "CC0"
retrieved_on = 2026-01-01
format = "csv"
files = ["data.csv"]
"""

Found = dict[str, list[int]]  # rule → the row of the worst place of each issue
Find = Callable[..., Found]
Opened = Callable[..., duckdb.DuckDBPyConnection]


def row(value: object, period: object = 2019, *, series: str = "SI_POV_NAHC", area: str = "TJ", sex: str = "_T",
        urban: str = "_T", unit: str = "PT", low: object = "", high: object = "", nature: str = "") -> str:  # fmt: skip
    """Return a line of a data set."""
    return ",".join(map(str, (series, area, sex, urban, period, value, unit, low, high, nature))) + "\n"


def parts(total: object, men: object, women: object, period: object = 2019, **columns: Any) -> str:
    """Return the lines of a total, of men and of women."""
    return row(total, period, **columns) + row(men, period, sex="M", **columns) + row(women, period, sex="F", **columns)


def residence(total: object, town: object, country: object, period: object, **columns: Any) -> str:
    """Return the lines of a total, of town and of country."""
    lines = row(total, period, **columns) + row(town, period, urban="U", **columns)
    return lines + row(country, period, urban="R", **columns)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Yield a function that publishes a release with these data sets and opens it."""
    connections = []

    def run(**datasets: str) -> duckdb.DuckDBPyConnection:
        raw = tmp_path / "raw"
        (raw / "statistics").mkdir(parents=True)
        (raw / "plans").symlink_to(ROOT / "raw" / "plans")
        for name, lines in datasets.items():
            folder = raw / "statistics" / name.lower()
            folder.mkdir()
            (folder / "dataset.toml").write_text(TOML.format(name=name), encoding="utf-8")
            (folder / "data.csv").write_text(HEAD + lines, encoding="utf-8")
        options = ["--raw", raw, "--warehouse", tmp_path / "warehouse", "--as-of", AS_OF, "--runner", "direct"]
        done = npa("refresh", *options)
        assert done.returncode == 0, done.stderr
        check_messages(tmp_path / "warehouse" / "current" / "npa.duckdb")
        connections.append(duckdb.connect(str(tmp_path / "warehouse" / "current" / "npa.duckdb"), read_only=True))
        return connections[-1]

    yield run
    for con in connections:
        con.close()


@pytest.fixture
def find(opened: Opened) -> Find:
    """Return a function that lists what the rules find in data set A: rule → rows of its file."""

    def run(**datasets: str) -> Found:
        issues = opened(**datasets).execute(
            """SELECT rule, list(line_number ORDER BY line_number) FROM quality_issue
               WHERE source_file = 'statistics/a/data.csv' GROUP BY rule"""
        )
        return dict(issues.fetchall())

    return run


def test_sound_figures_raise_no_alarm(find: Find) -> None:
    steady = "".join(row(round(20 * 1.05**n, 2), 2010 + n, series="SI_POV_DAY1") for n in range(8))
    number = {"series": "SH_DYN_MORTN", "unit": "NUMBER"}
    a = parts(30.04, 30, 10) + parts(9.96, 30, 10, 2018) + parts(60, 40, 20, **number) + steady
    a += row(10, series="SH_DYN_MORT", unit="PER_1000_LIVE_BIRTHS", low=9, high=11)
    assert find(A=a, B=parts(30.5, 30.6, 10.2)) == {}


def test_totals_lie_between_their_parts(find: Find) -> None:
    a = parts(31, 30, 10) + parts(9, 30, 10, 2018) + parts(40, 30, 10, 2017)
    a += parts(35, 30, 10, series="SH_DYN_MORTN", unit="NUMBER")
    a += row(5, 2016) + row(20, 2016, urban="U") + row(10, 2016, urban="R")
    assert find(A=a) == {"total_outside_parts": [8, 11, 14]}  # of three by sex the worst, a number, one by residence


def test_the_sum_of_parts_is_judged_by_what_the_unit_is(find: Find) -> None:
    a = parts(100, 60, 40, series="SI_POV_DAY1")  # a rate that is a sum
    a += parts(100, 60, 40, series="NY_GDP_PCAP", unit="USD")  # a sum or a rate: either fits
    a += parts(50, 60, 40, series="NY_GDP_PCAP", unit="USD", period=2018)
    a += parts(30, 60, 40, series="NY_GDP_PCAP", unit="USD", period=2017)  # neither
    a += parts(100, 60, 40, series="SE_ADT_EDUCTRN", unit="PER_100000_POP")  # a wrong unit, and no second cause
    a += parts(30, 60, 40, series="SE_ADT_EDUCTRN", unit="PER_100000_POP", period=2018)
    assert find(A=a) == {"total_outside_parts": [2, 11, 17], "unit_contradicts_series": [14]}


def test_values_lie_within_what_unit_and_bounds_allow(find: Find) -> None:
    a = row(101) + row(-2, 2018) + row(100, 2017) + row(0, 2016)
    a += row(1001, series="SH_DYN_MORT", unit="PER_1000_LIVE_BIRTHS")
    a += row(12, 2015, low=13, high=14) + row(15, 2014, low=13, high=14) + row(13.5, 2012, low=14, high=13)
    a += row("", 2011, low=14, high=13)
    issues = find(A=a)
    assert issues["rate_out_of_range"] == [3, 6]
    assert issues["bounds_out_of_order"] == [7]


def test_percentages_that_are_no_shares_may_exceed_a_hundred(find: Find) -> None:
    a = row(103.5, series="NY_GDP_PCAP") + row(-4, 2018, series="NY_GDP_PCAP")  # a growth rate
    a += row(101.1, series="DT_TDS_DECT")  # debt as a proportion of exports, which it is no part of
    a += row(104, series="SI_COV_CHLD") + row(105, series="SG_GEN_PARL")  # proportions of children, of seats
    assert find(A=a) == {"rate_out_of_range": [5, 6]}


def test_units_fit_the_series_and_are_stated(find: Find) -> None:
    a = row(5, series="SH_STA_SCIDEN", unit="PER_100000_POP") + row(5, series="SH_DYN_NMRT")
    a += row(5, series="SH_DYN_IMRTN", unit="NUMBER") + row(5, series="SI_POV_DAY1", unit="")
    assert find(A=a) == {"unit_contradicts_series": [2, 3], "unit_missing": [5]}


def _series(*values: float, first: int = 2010, **columns: Any) -> str:
    return "".join(row(value, first + n, **columns) for n, value in enumerate(values))


def test_a_jump_is_reported_and_a_lively_series_is_not(find: Find) -> None:
    a = _series(20, 21, 20, 21, 40, 41, 40)
    a += _series(20, 30, 19, 31, 20, 33, 21, series="SI_POV_DAY1")
    a += _series(20, 20.1, 40, 40.1, series="SI_COV_CHLD")  # too short to say what is usual
    a += _series(1.6, 1.4, 1.2, 1, 0.8, 0.6, 0.4, 0.2, 0, 0, series="SI_COV_DISAB")  # evenly to zero
    a += row(20, 2000, series="SI_COV_LMKT") + _series(20, 21, 20, 21, 20, 21, series="SI_COV_LMKT", first=2001)
    a += row(40, 2020, series="SI_COV_LMKT")  # after a gap
    assert find(A=a) == {"jump_between_periods": [6]}


@pytest.mark.parametrize(
    ("values", "places"),
    [
        ((20, 21, 20, 40, 20, 21, 20), 1),  # there and back
        ((20, 21, 20, 40, 41, 40, 20, 21, 20), 1),  # back later
        ((20, 21, 20, 21, 40, 41, 40, 41, 80, 81, 80), 2),  # two steps up
        ((20, 21, 20, 21, 2, 21, 20), 1),
        ((20, 20, 20, 20, 20, 40, 40), 1),
    ],
)
def test_a_jump_and_its_return_count_once(opened: Opened, values: tuple[float, ...], places: int) -> None:
    assert opened(A=_series(*values)).execute(
        "SELECT rule, places FROM quality_issue WHERE dataset_id = 'A'"
    ).fetchall() == [("jump_between_periods", places)]


def test_data_sets_are_compared_with_each_other(find: Find) -> None:
    rate = {"series": "SH_DYN_MORT", "unit": "PER_1000_LIVE_BIRTHS"}
    a = row(10, **rate) + row(10, sex="M", **rate) + row(95, 2017) + row(3, 2016) + row(1.2, 2015)
    b = row(16, **rate) + row(14, sex="M", **rate) + row(84, 2017) + row(5, 2016) + row(0.5, 2015)
    balance = {"series": "NY_GDP_PCAP", "unit": "IX"}  # zero and the other sign: no factor can be found
    a += row(5, **balance) + row(5, sex="M", **balance) + row(0, sex="F", **balance) + row(5, urban="U")
    b += row(0, **balance) + row(-5, sex="M", **balance) + row(5, sex="F", **balance) + row(0, urban="U")
    assert find(A=a, B=b) == {"datasets_disagree": [2, 4, 7, 9, 10]}


def test_only_like_disagrees_with_like(find: Find) -> None:
    a, b = "", ""
    for period, (kind, other) in enumerate(
        (("C", "E"), ("C", "M"), ("CA", "G"), ("C", "CA"), ("E", "M"), ("", "E")), 2010
    ):
        series = {"series": "SI_POV_DAY1" if period < 2013 else "SI_COV_CHLD"}
        a += row(10, period, nature=kind, **series)
        b += row(30, period, nature=other, **series)
    a += row(10, low=8, high=12, series="SI_COV_DISAB", nature="E") + row(
        10, 2018, low=8, series="SI_COV_DISAB", nature="E"
    )
    b += row(22, low=11, high=33, series="SI_COV_DISAB", nature="E") + row(
        22, 2018, low=9, series="SI_COV_DISAB", nature="M"
    )
    a += row(10, low=8, high=12, series="SI_COV_LMKT", nature="E")
    b += row(22, low=13, high=33, series="SI_COV_LMKT", nature="E")
    assert find(A=a, B=b) == {"datasets_disagree": [5, 10]}


def test_exchanged_parts_and_differing_units(find: Find) -> None:
    a = row(35, urban="U") + row(23, urban="R") + row(35, 2018, urban="U") + row(23, 2018, urban="R")
    a += row(5, series="SH_DYN_MORT", unit="PER_1000_LIVE_BIRTHS")
    b = row(23.1, urban="U") + row(35.2, urban="R") + row(34, 2018, urban="U") + row(24, 2018, urban="R")
    b += row(0.5, series="SH_DYN_MORT", unit="PER_100_LIVE_BIRTHS")
    assert find(A=a, B=b) == {"parts_exchanged": [2], "units_differ": [6]}


def test_each_cause_is_said_once(opened: Opened) -> None:
    neonatal = {"series": "SH_DYN_NMRT"}
    a = row(35, urban="U") + row(23, urban="R") + row(35, 2018, urban="U") + row(23, 2018, urban="R")
    b = row(23, urban="U") + row(35, urban="R") + row(23, 2018, urban="U") + row(35.1, 2018, urban="R")
    a += row(19, **neonatal)  # in PT
    b += row(16, unit="PER_1000_LIVE_BIRTHS", **neonatal)
    a += row(140, series="SI_COV_CHLD")  # out of range, so no wonder that it differs
    b += row(14, series="SI_COV_CHLD")
    issues = opened(A=a, B=b).execute(
        """SELECT rule, dataset_id, statistic_id, places FROM quality_issue
           WHERE source_file LIKE 'statistics/%' ORDER BY rule"""
    )
    assert issues.fetchall() == [
        ("parts_exchanged", "A", "SI_POV_NAHC", 2),
        ("rate_out_of_range", "A", "SI_COV_CHLD", 1),
        ("unit_contradicts_series", "A", "SH_DYN_NMRT", 1),
    ]


TOWN_FIRST = ((31.0, 35.2, 23.2), (30.3, 34.4, 24.3), (29.5, 33.3, 21.6), (27.4, 21.5, 30.2), (26.3, 18.4, 30.1))
STEADY = ((34.3, 27.8, 37.4), (32.0, 23.5, 36.1), (31.3, 23.2, 35.2))


def _residence(values: tuple[tuple[float, float, float], ...], first: int, **columns: Any) -> str:
    return "".join(residence(*of_year, first + n, **columns) for n, of_year in enumerate(values))


@pytest.mark.parametrize("other", ["", _residence(STEADY, 2013)])
def test_parts_that_change_places_between_periods(opened: Opened, other: str) -> None:
    con = opened(A=_residence(TOWN_FIRST, 2015), **({"B": other} if other else {}))
    ((rule, places, arguments),) = con.execute(
        "SELECT rule, places, arguments FROM quality_issue WHERE source_file LIKE 'statistics/%'"
    ).fetchall()
    said = json.loads(arguments)
    assert (rule, places) == ("parts_exchanged_between_periods", 1)
    assert (said["periods"], said["weights"]) == ("2015, 2016, 2017", "0.65, 0.59, 0.68")
    assert (said["other_periods"], said["other_weights"]) == ("2018, 2019", "0.32, 0.32")
    assert said.get("other_dataset_id") == ("B" if other else None)
    assert con.execute("SELECT count(*) FROM bridge_statistic_issue").fetchone() == (10,)


def test_another_data_set_shows_which_periods_are_wrong(opened: Opened) -> None:
    a, other = _residence(TOWN_FIRST, 2015), tuple((whole, rural, urban) for whole, urban, rural in STEADY)
    ((arguments,),) = (
        opened(A=a, B=_residence(other, 2010))
        .execute("SELECT arguments FROM quality_issue WHERE dataset_id = 'A'")
        .fetchall()
    )
    assert json.loads(arguments)["periods"] == "2018, 2019"


@pytest.mark.parametrize(
    "values",
    [
        STEADY,
        ((30, 20, 40), (31, 21, 41), (30, 28, 31.8)),  # a slow change
        ((30.5, 30, 31), (30.6, 30, 31), (30.4, 30.1, 31)),  # too near to each other
        ((30, 20, 40), (26, 20, 40), (34, 20, 40)),  # no weight is usual
        ((32, 20, 40), (28, 20, 40)),  # two periods
    ],
)
def test_steady_and_uncertain_weights_are_no_exchange(
    find: Find, values: tuple[tuple[float, float, float], ...]
) -> None:
    assert find(A=_residence(values, 2015)) == {}


def test_issues_are_next_to_the_figures(opened: Opened) -> None:
    """Rules over figures doubt those that they name; a rule about a unit doubts all figures in that unit."""
    a = row(104, series="SI_COV_CHLD") + row(105, 2018, series="SI_COV_CHLD") + row(5, 2017, series="SI_COV_CHLD")
    a += row(5, series="SH_DYN_NMRT") + row(5, 2018, series="SH_DYN_NMRT", unit="PER_1000_LIVE_BIRTHS")
    b = row(5, 2017, series="SI_COV_CHLD") + row(14, 2018, series="SI_COV_CHLD") + row(6, series="SH_DYN_NMRT")
    con = opened(A=a, B=b)
    compared = con.execute(
        """SELECT c.statistic_id, c.time_period, list(q.rule ORDER BY q.rule), list(q.dataset_id ORDER BY q.dataset_id)
           FROM (SELECT *, unnest(issue_ids) AS issue_id FROM statistic_comparison) AS c
           JOIN quality_issue AS q USING (issue_id)
           GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    assert compared == [
        ("SH_DYN_NMRT", "2019", ["unit_contradicts_series", "unit_contradicts_series"], ["A", "B"]),
        ("SI_COV_CHLD", "2018", ["rate_out_of_range"], ["A"]),
    ]
    assert con.execute("SELECT issue_ids FROM statistic_comparison WHERE time_period = '2017'").fetchall() == [([],)]
    doubted = con.execute(
        """SELECT time_period, places FROM bridge_statistic_issue JOIN quality_issue USING (issue_id)
           WHERE quality_issue.dataset_id = 'A' ORDER BY ALL"""
    ).fetchall()
    assert doubted == [("2018", 2), ("2019", 2)]


def test_no_difference_is_given_in_different_units(opened: Opened) -> None:
    rate = {"series": "SH_DYN_MORT"}
    a = row(10, unit="PER_1000_LIVE_BIRTHS", **rate) + row(10, 2018, unit="PER_1000_LIVE_BIRTHS", nature="C", **rate)
    b = row(1, unit="PER_100_LIVE_BIRTHS", **rate)
    b += row(11, 2018, unit="PER_1000_LIVE_BIRTHS", low=9, high=12, nature="E", **rate)
    columns = "difference, ratio, nature, nature_other, lower_bound, upper_bound_other"
    rows = opened(A=a, B=b).execute(f"SELECT {columns} FROM statistic_comparison ORDER BY time_period").fetchall()
    assert rows == [(1, 1.1, "C", "E", None, 12), (None, None, None, None, None, None)]


def test_random_values_give_a_row_a_series_at_most(opened: Opened) -> None:
    """Noise has no jumps, and whatever else it has is one row per rule, series and breakdown."""
    random = Random(1)
    lines = "".join(
        row(round(random.uniform(0, 100), 1), 2000 + year, series=series, area=area, sex=sex, urban=urban)
        for series in ("SI_POV_NAHC", "SI_POV_DAY1", "SI_COV_CHLD") for area in ("TJ", "TJ-KT", "TJ-SU", "KG")
        for sex in ("_T", "M", "F") for urban in ("_T", "U", "R") for year in range(12)
    )  # fmt: skip
    counts = opened(A=lines).execute(
        """SELECT rule, count(*), count(DISTINCT statistic_id) FROM quality_issue
           WHERE dataset_id = 'A' GROUP BY rule ORDER BY rule"""
    )
    rules = {rule: (rows, series) for rule, rows, series in counts.fetchall()}
    assert "jump_between_periods" not in rules
    assert all(rows <= 4 * series for rows, series in rules.values()), rules


def test_views_show_breakdowns_gaps_and_periods(opened: Opened) -> None:
    con = opened(
        A=row(95, 1999, series="SG_REG_BRTH", area="TJ-SU") + row(94, "2001-S2", series="SG_REG_BRTH", sex="F")
    )
    coverage = con.execute(
        """SELECT has_sex, has_age, has_area_below_national, first_period, last_period, observations
           FROM disaggregation_coverage"""
    ).fetchall()
    assert coverage == [(False, False, True, "1999", "2001-S2", 2)]
    missing = {name for (name,) in con.execute("SELECT statistic_id FROM statistics_not_published").fetchall()}
    assert "SG_REG_BRTH" not in missing
    assert "PT_CHLD_INRESIDENTIAL" in missing
    periods = con.execute(
        "SELECT * FROM dim_time_period WHERE time_period IN ('1999', '2001-S2') ORDER BY time_period"
    ).fetchall()
    assert [(p, f, str(start), str(end)) for p, f, start, end in periods] == [
        ("1999", "A", "1999-01-01", "1999-12-31"),
        ("2001-S2", "S", "2001-07-01", "2001-12-31"),
    ]


def test_an_observation_with_an_unknown_code_is_never_published(tmp_path: Path) -> None:
    partition = tmp_path / "fact_statistic" / "dataset_id=A" / "data.parquet"
    partition.parent.mkdir(parents=True)
    values = ", ".join(f"'_T' AS {name}" for name in ("sex", "age", "urbanisation", "income_wealth_quantile"))
    with duckdb.connect() as con:
        create(con)
        con.execute(
            f"""COPY (SELECT 'SI_POV_NAHC' AS statistic_id, 'A' AS freq, '_T' AS reporting_type, 'ATLANTIS' AS ref_area,
                             {values}, '_T' AS education_lev, '_T' AS disability_status, '_T' AS other_breakdown,
                             '2019' AS time_period, 1.0 AS obs_value, 'f' AS source_file, 1 AS source_row)
                TO '{partition}' (FORMAT parquet)"""
        )
        with pytest.raises(BrokenRelease, match="dataset_id is not in dim_dataset"):
            fill_statistics(con, Statistics(tmp_path, rows=[{"dataset_id": "A"}]))
        con.execute(
            """DELETE FROM fact_statistic;
               INSERT INTO dim_statistic BY NAME
               SELECT 'SI_POV_NAHC' AS statistic_id, 'n' AS name, 'IAEG-SDGs' AS code_list;
               INSERT INTO dim_dataset
               SELECT 'A', 't', 'p', 'u', 'l', DATE '2026-01-01', NULL, NULL, NULL, 'csv', repeat('0', 64),
                      1, 1, 0, 0"""
        )
        with pytest.raises(BrokenRelease, match=r"ref_area is not in dim_area\.ref_area: ATLANTIS"):
            fill_statistics(con, Statistics(tmp_path, rows=[{"dataset_id": "A"}]))
