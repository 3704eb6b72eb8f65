"""Rules and views that compare data sets, each cause said once, and the issues next to the figures."""

from tests.support.judged_figures import Find, Opened, row


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
