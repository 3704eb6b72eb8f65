"""T in a period: a quarter if the file says so, else neither a quarter nor a third of a year."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.statistics.quarters import with_quarters
from transforms.statistics.values import read_period, sdmx_period, sdmx_periods

YEARS = st.integers(1900, 2099)
SEPARATORS = st.sampled_from(["", "-", " "])


@given(st.lists(YEARS, min_size=1, max_size=4, unique=True), SEPARATORS, st.booleans())
def test_thirds_are_never_quarters_and_a_fourth_makes_all_of_them_quarters(
    years: list[int], separator: str, has_fourth: bool
) -> None:
    texts = [f"{year}{separator}T{part}" for year in years for part in (1, 2, 3)]
    if has_fourth:
        texts.append(f"{years[0]}{separator}T4")
        expected = [f"{year}-Q{part}" for year in years for part in (1, 2, 3)] + [f"{years[0]}-Q4"]
        assert sdmx_periods(texts) == tuple(expected)
    else:
        assert sdmx_periods(texts) is None
        assert with_quarters(texts) == texts
        assert all(sdmx_period(text) is None for text in texts)


@pytest.mark.parametrize(
    "words",
    ["Trimestre", "trimestre", "kvartal", "Quartal", "1er trimestre 2020", "Q1 2020", "1 кв. 2020", "квартал",
     "семоҳаи якум", "I чоряк", "Third quarter 2020", "третий квартал", "vuosineljännes"],
)  # fmt: skip
def test_words_around_say_quarter(words: str) -> None:
    assert sdmx_periods(["2020T1", "2020T2"], words=[words]) == ("2020-Q1", "2020-Q2")


@pytest.mark.parametrize(
    "words",
    ["tertial", "Tertial 1, quarter figures", "cuatrimestre", "quadrimestre", "trimester", "thirds of the year",
     "треть года", "year", ""],
)  # fmt: skip
def test_words_around_do_not_say_quarter(words: str) -> None:
    assert sdmx_periods(["2020T1", "2020T2"], words=[words]) is None


@given(st.text(max_size=12))
def test_what_is_read_is_a_period_of_ours_or_a_week_or_third(text: str) -> None:
    for scale in ("", "A", "Q", "H", "M", "T", "W"):
        period = sdmx_period(text, scale)
        assert period is None or read_period(period) or period[4:6] in ("-W", "-T")


def test_a_stated_scale_decides() -> None:
    assert sdmx_periods(["2020T1", "2020T3"], "Q") == ("2020-Q1", "2020-Q3")
    assert sdmx_periods(["2020T1", "2020T3"], "T") == ("2020-T1", "2020-T3")
    assert sdmx_periods(["2020T4"], "T") is None
