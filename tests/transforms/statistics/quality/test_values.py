"""Rules over single values, their units and the steps between them."""

from random import Random

from tests.support.judged_figures import Find, Opened, parts, row, series_of


def test_sound_figures_raise_no_alarm(find: Find) -> None:
    steady = "".join(row(round(20 * 1.05**n, 2), 2010 + n, series="SI_POV_DAY1") for n in range(8))
    number = {"series": "SH_DYN_MORTN", "unit": "NUMBER"}
    a = parts(30.04, 30, 10) + parts(9.96, 30, 10, 2018) + parts(60, 40, 20, **number) + steady
    a += row(10, series="SH_DYN_MORT", unit="PER_1000_LIVE_BIRTHS", low=9, high=11)
    assert find(A=a, B=parts(30.5, 30.6, 10.2)) == {}


def test_values_lie_within_what_unit_and_bounds_allow(find: Find) -> None:
    a = row(101) + row(-2, 2018) + row(100, 2017) + row(0, 2016)
    a += row(1001, series="SH_DYN_MORT", unit="PER_1000_LIVE_BIRTHS")
    a += row(12, 2015, low=13, high=14) + row(15, 2014, low=13, high=14) + row(13.5, 2012, low=14, high=13)
    a += row("", 2011, low=14, high=13)
    issues = find(A=a)
    assert issues["rate_out_of_range"] == [3, 6]
    assert issues["bounds_out_of_order"] == [7]


def test_what_arithmetic_leaves_of_zero_and_a_hundred_is_allowed(find: Find) -> None:
    assert find(A=row(-1.6e-13) + row(100.00000000000001, 2018) + row(-0.01, 2017)) == {"rate_out_of_range": [4]}


def test_percentages_that_are_no_shares_may_exceed_a_hundred(find: Find) -> None:
    a = row(103.5, series="NY_GDP_PCAP") + row(-4, 2018, series="NY_GDP_PCAP")  # a growth rate
    a += row(101.1, series="DT_TDS_DECT")  # debt as a proportion of exports, which it is no part of
    a += row(104, series="SI_COV_CHLD") + row(105, series="SG_GEN_PARL")  # proportions of children, of seats
    a += row(106, series="SG_DSR_LGRGSR")  # a score: its name says neither
    assert find(A=a) == {"rate_out_of_range": [5, 6]}


def test_each_issue_has_its_own_figures(opened: Opened) -> None:
    a = row(104, series="SI_COV_CHLD") + row(12, 2015, series="SI_POV_DAY1", low=13, high=14)
    rows = opened(A=a).execute(
        """SELECT rule, b.statistic_id, b.time_period
           FROM bridge_statistic_issue AS b JOIN quality_issue USING (issue_id)
           ORDER BY rule"""
    )
    expected = [("bounds_out_of_order", "SI_POV_DAY1", "2015"), ("rate_out_of_range", "SI_COV_CHLD", "2019")]
    assert rows.fetchall() == expected


def test_units_fit_the_series_and_are_stated(find: Find) -> None:
    a = row(5, series="SH_STA_SCIDEN", unit="PER_100000_POP") + row(5, series="SH_DYN_NMRT")
    a += row(5, series="SH_DYN_IMRTN", unit="NUMBER") + row(5, series="SI_POV_DAY1", unit="")
    assert find(A=a) == {"unit_contradicts_series": [2, 3], "unit_missing": [5]}


def test_a_jump_is_reported_and_a_lively_series_is_not(find: Find) -> None:
    a = series_of(20, 21, 20, 21, 40, 41, 40)
    a += series_of(20, 30, 19, 31, 20, 33, 21, series="SI_POV_DAY1")
    a += series_of(20, 20.1, 40, 40.1, series="SI_COV_CHLD")  # too short to say what is usual
    a += series_of(1.6, 1.4, 1.2, 1, 0.8, 0.6, 0.4, 0.2, 0, 0, series="SI_COV_DISAB")  # evenly to zero
    a += row(20, 2000, series="SI_COV_LMKT") + series_of(20, 21, 20, 21, 20, 21, series="SI_COV_LMKT", first=2001)
    a += row(40, 2020, series="SI_COV_LMKT")  # after a gap
    a += series_of(1, 1, 1, 1, 1, 2, 1, series="SH_DYN_MORTN", unit="NUMBER")  # the last digit
    a += series_of(0, 0, 0, 0, 0, 0, 50, 0, series="SI_COV_PENSN")
    months = [f"{2010 + year}-{month:02d}" for year in range(7) for month in range(1, 13)]
    a += "".join(row(150 if p[5:] in ("06", "07") else 100, p, series="SH_DYN_IMRTN", unit="NUMBER") for p in months)
    assert find(A=a) == {"jump_between_periods": [6]}


def test_a_jump_and_its_return_count_once(opened: Opened) -> None:
    jumps = {
        "SI_POV_DAY1": (20, 21, 20, 40, 20, 21, 20),  # there and back
        "SI_COV_CHLD": (20, 21, 20, 40, 41, 40, 20, 21, 20),  # back later
        "SI_COV_DISAB": (20, 21, 20, 21, 40, 41, 40, 41, 80, 81, 80),  # two steps up
        "SI_COV_LMKT": (20, 21, 20, 21, 2, 21, 20),
        "SI_COV_PENSN": (20, 20, 20, 20, 20, 40, 40),
    }
    lines = "".join(series_of(*values, series=series) for series, values in jumps.items())
    counts = opened(A=lines).execute("SELECT statistic_id, rule, places FROM quality_issue WHERE dataset_id = 'A'")
    assert {series: (rule, places) for series, rule, places in counts.fetchall()} == {
        series: ("jump_between_periods", 2 if series == "SI_COV_DISAB" else 1) for series in jumps
    }


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
