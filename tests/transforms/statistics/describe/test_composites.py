"""A guess at [[composite]]: only pieces that are known become a breakdown, in whatever order codes have them."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from transforms.statistics.describe.composites import composite_of

PIECES = {
    "sex": ("F", "M"),
    "urbanisation": ("rural", "urban"),
    "income_wealth_quantile": ("q1", "q3", "q5"),
}
STEMS = st.lists(st.from_regex(r"[a-z]{3,4}[0-9]", fullmatch=True), min_size=2, max_size=4, unique=True)


@given(STEMS, st.permutations(list(PIECES)), st.sampled_from("_.-"), st.sampled_from([(), ("zs",), ("gpia", "cp")]))
@settings(max_examples=examples(200), deadline=None)
def test_codes_are_taken_apart_as_they_were_put_together(
    stems: list[str], order: Sequence[str], mark: str, ends: tuple[str, ...]
) -> None:
    said = {}
    for stem, *pieces in product(stems, *(("", *PIECES[column]) for column in order)):
        for end in ends or ("",):
            code = mark.join(filter(None, [stem, *pieces, end]))
            said[code] = {"statistic_id": mark.join(filter(None, [stem, end])), **dict(zip(order, pieces, strict=True))}
    composite = composite_of("A", list(said))
    assert composite is not None
    assert composite.read(said) == said


@pytest.mark.parametrize(
    "codes",
    [
        ["gdp_q1", "gdp_q2", "gdp_q3", "gdp_q4", "cpi_q1", "cpi_q2"],  # quarters
        ["SH_DYN_MORT", "SH_STA_STNT", "SH_DYN_NMRT"],
        ["a_f", "b_m", "c_f", "d_m"],  # no stem has both
        ["a_f", "a_m", "b_f", "c_m"],  # one stem alone may be chance
        ["f", "m"],
        [],
    ],
)
def test_what_may_be_chance_is_not_proposed(codes: list[str]) -> None:
    assert composite_of("A", codes) is None


def test_breakdowns_that_the_file_has_are_left_in_the_code() -> None:
    codes = [f"{stem}{piece}" for stem in ("a_1", "b_1") for piece in ("", "_f", "_m", "_rur", "_urb")]
    composite = composite_of("A", codes, ["sex"])
    assert composite is not None
    assert composite.columns == ["statistic_id", "urbanisation"]
    assert composite.read(["a_1_f"]) == {"a_1_f": {"statistic_id": "a_1_f", "urbanisation": ""}}
