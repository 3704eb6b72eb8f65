"""Rules over totals and their parts, by sex and by place of residence."""

import json

import pytest

from tests.support.judged_figures import Find, Opened, parts, residence, residences, row


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


def test_poorest_of_both_are_not_those_of_town_and_country(find: Find) -> None:
    """Quintiles are drawn anew within town and country in some surveys; by sex they are of the same households."""
    a = residence(20.4, 0.3, 19.8, 2019, quantile="Q1") + residence(20.4, 0.3, 19.8, 2018)
    a += parts(20.4, 0.3, 19.8, 2017, quantile="Q1")
    a += "".join(residence(*values, 2015 + n, quantile="Q2") for n, values in enumerate(TOWN_FIRST))
    assert find(A=a) == {"total_outside_parts": [5, 8]}


TOWN_FIRST = ((31.0, 35.2, 23.2), (30.3, 34.4, 24.3), (29.5, 33.3, 21.6), (27.4, 21.5, 30.2), (26.3, 18.4, 30.1))
STEADY = ((34.3, 27.8, 37.4), (32.0, 23.5, 36.1), (31.3, 23.2, 35.2))


@pytest.mark.parametrize("other", ["", residences(STEADY, 2013)])
def test_parts_that_change_places_between_periods(opened: Opened, other: str) -> None:
    con = opened(A=residences(TOWN_FIRST, 2015), **({"B": other} if other else {}))
    ((rule, places, arguments),) = con.execute(
        "SELECT rule, places, arguments FROM quality_issue WHERE source_file LIKE 'statistics/%'"
    ).fetchall()
    said = json.loads(arguments)
    assert (rule, places) == ("parts_exchanged_between_periods", 1)
    assert (said["periods"], said["weights"]) == ("2015, 2016, 2017", "0.65, 0.59, 0.68")
    assert (said["other_periods"], said["other_weights"]) == ("2018, 2019", "0.32, 0.32")
    assert said.get("other_dataset_id") == ("B" if other else None)
    doubted = con.execute("SELECT DISTINCT time_period FROM bridge_statistic_issue ORDER BY ALL").fetchall()
    assert [period for (period,) in doubted] == ["2015", "2016", "2017", *(() if other else ("2018", "2019"))]


def test_another_data_set_shows_which_periods_are_wrong(opened: Opened) -> None:
    a, other = residences(TOWN_FIRST, 2015), tuple((whole, rural, urban) for whole, urban, rural in STEADY)
    ((arguments,),) = (
        opened(A=a, B=residences(other, 2010))
        .execute("SELECT arguments FROM quality_issue WHERE dataset_id = 'A'")
        .fetchall()
    )
    assert json.loads(arguments)["periods"] == "2018, 2019"


def test_steady_and_uncertain_weights_are_no_exchange(find: Find) -> None:
    weights = {
        "SI_POV_NAHC": STEADY,
        "SI_POV_DAY1": ((30, 20, 40), (31, 21, 41), (30, 28, 31.8)),  # about a half
        "SI_COV_CHLD": ((30.5, 30, 31), (30.6, 30, 31), (30.4, 30.1, 31)),  # parts too near to each other
        "SI_COV_DISAB": ((30, 20, 40), (26, 20, 40), (34, 20, 40), (37, 20, 40)),  # no weight is usual
        "SI_COV_LMKT": ((34, 20, 40), (26, 20, 40)),  # two years
        "SI_COV_PENSN": ((34, 20, 40), (35, 20, 40), (36, 20, 40)),
    }
    assert find(A="".join(residences(values, 2015, series=series) for series, values in weights.items())) == {}
