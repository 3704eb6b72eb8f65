"""Each quality rule over statistics: what it finds in figures made for it, and that it is silent about correct ones."""

from collections.abc import Callable, Iterator
from pathlib import Path
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

HEAD = "SERIES,REF_AREA,SEX,URBANISATION,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,LOWER_BOUND,UPPER_BOUND\n"
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

Found = dict[str, list[int]]
Find = Callable[..., Found]


def row(value: object, period: object = 2019, *, series: str = "SI_POV_NAHC", area: str = "TJ", sex: str = "_T",
        urban: str = "_T", unit: str = "PT", low: object = "", high: object = "") -> str:  # fmt: skip
    """Return a line of a data set."""
    return ",".join(map(str, (series, area, sex, urban, period, value, unit, low, high))) + "\n"


def parts(total: object, men: object, women: object, period: object = 2019, **columns: Any) -> str:
    """Return the lines of a total, of men and of women."""
    return row(total, period, **columns) + row(men, period, sex="M", **columns) + row(women, period, sex="F", **columns)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., duckdb.DuckDBPyConnection]]:
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
def find(opened: Callable[..., duckdb.DuckDBPyConnection]) -> Find:
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
    assert find(A=a) == {"total_outside_parts": [2, 5, 8, 11, 14]}


def test_values_lie_within_what_unit_and_bounds_allow(find: Find) -> None:
    a = row(101) + row(-1, 2018) + row(100, 2017) + row(0, 2016)
    a += row(1001, series="SH_DYN_MORT", unit="PER_1000_LIVE_BIRTHS")
    a += row(12, 2015, low=13, high=14) + row(15, 2014, low=13, high=14) + row(13.5, 2012, low=14, high=13)
    a += row("", 2011, low=14, high=13)
    issues = find(A=a)
    assert issues["rate_out_of_range"] == [2, 3, 6]
    assert issues["bounds_out_of_order"] == [7, 8, 9]


def test_units_fit_the_series_and_are_stated(find: Find) -> None:
    a = row(5, series="SH_STA_SCIDEN", unit="PER_100000_POP") + row(5, series="SH_DYN_NMRT")
    a += row(5, series="SH_DYN_IMRTN", unit="NUMBER") + row(5, series="SI_POV_DAY1", unit="")
    assert find(A=a) == {"unit_contradicts_series": [2, 3], "unit_missing": [5]}


def test_a_jump_is_reported_and_a_lively_series_is_not(find: Find) -> None:
    jump = "".join(row(value, 2010 + n) for n, value in enumerate((20, 21, 20, 21, 40, 41, 40)))
    lively = "".join(row(v, 2010 + n, series="SI_POV_DAY1") for n, v in enumerate((20, 30, 19, 31, 20, 33, 21)))
    short = "".join(row(value, 2010 + n, series="SI_COV_CHLD") for n, value in enumerate((20, 20.1, 40, 40.1)))
    assert find(A=jump + lively + short) == {"jump_between_periods": [6]}


def test_data_sets_are_compared_with_each_other(find: Find) -> None:
    rate = {"series": "SH_DYN_MORT", "unit": "PER_1000_LIVE_BIRTHS"}
    a = row(10, **rate) + row(10, sex="M", **rate) + row(95, 2017) + row(3, 2016) + row(1.2, 2015)
    b = row(16, **rate) + row(14, sex="M", **rate) + row(84, 2017) + row(5, 2016) + row(0.5, 2015)
    balance = {"series": "NY_GDP_PCAP", "unit": "IX"}  # zero and the other sign: no factor can be found
    a += row(5, **balance) + row(5, sex="M", **balance) + row(0, sex="F", **balance) + row(5, urban="U")
    b += row(0, **balance) + row(-5, sex="M", **balance) + row(5, sex="F", **balance) + row(0, urban="U")
    assert find(A=a, B=b) == {"datasets_disagree": [2, 4, 7, 8, 9, 10]}


def test_exchanged_parts_and_differing_units(find: Find) -> None:
    a = row(35, urban="U") + row(23, urban="R") + row(35, 2018, urban="U") + row(23, 2018, urban="R")
    a += row(5, series="SH_DYN_MORT", unit="PER_1000_LIVE_BIRTHS")
    b = row(23.1, urban="U") + row(35.2, urban="R") + row(34, 2018, urban="U") + row(24, 2018, urban="R")
    b += row(0.5, series="SH_DYN_MORT", unit="PER_100_LIVE_BIRTHS")
    issues = find(A=a, B=b)
    assert issues["parts_exchanged"] == [2]
    assert issues["units_differ"] == [6]


def test_views_show_breakdowns_gaps_and_periods(opened: Callable[..., duckdb.DuckDBPyConnection]) -> None:
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
               INSERT INTO dim_statistic SELECT 'SI_POV_NAHC', 'n', NULL, 'IAEG-SDGs', NULL;
               INSERT INTO dim_dataset
               SELECT 'A', 't', 'p', 'u', 'l', DATE '2026-01-01', 'csv', repeat('0', 64), 1, 1, 0, 0"""
        )
        with pytest.raises(BrokenRelease, match=r"ref_area is not in dim_area\.ref_area: ATLANTIS"):
            fill_statistics(con, Statistics(tmp_path, rows=[{"dataset_id": "A"}]))
