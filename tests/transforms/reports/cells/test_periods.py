"""The period that a report is about: a year or a half-year, in the forms that agencies write."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.reports.cells.periods import read_period
from transforms.reports.vocabulary import rows

_WORDS = {
    part: [word for p, _, word in rows("half_years") if p == part] for part in ("half", "first", "second", "filler")
}


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2019-S1", "2019-S1"), ("2019-s2", "2019-S2"), ("2019S1", "2019-S1"), ("2019-H2", "2019-S2"),
        ("H1 2019", "2019-S1"), ("2019 H1", "2019-S1"), ("1H2019", "2019-S1"), ("first half of 2019", "2019-S1"),
        ("2nd half-year 2019", "2019-S2"), ("1 полугодие 2019", "2019-S1"), ("1-е полугодие 2019 г.", "2019-S1"),
        ("I полугодие 2019 года", "2019-S1"), ("ІІ полугодие 2019", "2019-S2"), ("II ПОЛУГОДИЕ 2019", "2019-S2"),
        ("за первое полугодие 2019 года", "2019-S1"), ("2019 год, второе полугодие", "2019-S2"),
        ("2 полуг. 2019", "2019-S2"), ("1 п/г 2019", "2019-S1"), ("I нимсолаи соли 2019", "2019-S1"),
        ("нимсолаи якуми соли 2019", "2019-S1"), ("нимсолаи дуюм, 2019", "2019-S2"),
        ("2019, нимсолаи аввал", "2019-S1"),
    ],
)  # fmt: skip
def test_half_years(text: str, period: str) -> None:
    assert read_period(text) == (period, None)


@pytest.mark.parametrize(
    "text",
    [
        "2019-S3", "S1", "1 полугодие", "полугодие 2019", "1 и 2 полугодие 2019", "1 полугодие 2019 и 2020", "2019-1",
        "2019-01", "2019-06-30", "1 квартал 2019", "11 полугодие 2019", "3 полугодие 2019", "1 полугодие 19",
        "1 полугодие 2019 не представлено", "2019-S1-S2", "2019?", "H1 2019 or so", "1 2019", "2019 I",
    ],
)  # fmt: skip
def test_anything_else_is_no_half_year(text: str) -> None:
    value, fault = read_period(text)
    assert value is None
    assert str(fault).startswith(f'"{text}" is no year')


@given(
    year=st.integers(1900, 2099),
    half=st.sampled_from(_WORDS["half"]),
    which=st.sampled_from([(1, word) for word in _WORDS["first"]] + [(2, word) for word in _WORDS["second"]]),
    filler=st.sampled_from(_WORDS["filler"]),
    order=st.sampled_from([*permutations(range(4))]),
    mark=st.sampled_from([" ", "-", ", ", " / ", "\u00a0"]),
)
def test_words_in_any_order_name_one_half_year(
    year: int, half: str, which: tuple[int, str], filler: str, order: tuple[int, ...], mark: str
) -> None:
    words = (str(year), half, which[1], filler)
    assert read_period(mark.join(words[place] for place in order)) == (f"{year}-S{which[0]}", None)
