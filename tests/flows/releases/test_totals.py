"""What is announced of the plans: all that they print, and what of it counts."""

import tomllib
from pathlib import Path

import pytest

from flows.releases.totals import totals_phrase
from tests.support.command import npa

_TOTALS = {
    "plans": 3,
    "measures": 56,
    "activities": 129,
    "second_prints": 1,
    "agencies": 37,
    "responsible_agencies": 36,
}


@pytest.mark.parametrize(("totals", "phrase"), [
    ({}, "3 plans, 56 measures, 129 activities (128 without the second print), "
         "37 agencies (36 of them responsible for an activity)"),
    ({"second_prints": 4}, "3 plans, 56 measures, 129 activities (125 without the 4 second prints), "
                           "37 agencies (36 of them responsible for an activity)"),
    ({"second_prints": 0, "responsible_agencies": 37}, "3 plans, 56 measures, 129 activities, 37 agencies"),
    (dict.fromkeys(_TOTALS, 1) | {"second_prints": 0}, "1 plan, 1 measure, 1 activity, 1 agency"),
])  # fmt: skip
def test_what_does_not_count_is_said_where_there_is_any(totals: dict[str, int], phrase: str) -> None:
    assert totals_phrase(_TOTALS | totals) == phrase


def test_check_prints_counts_to_paste_and_says_which_are_second_prints(raw: Path, tmp_path: Path) -> None:
    output = npa("check", "--raw", raw, "--warehouse", tmp_path).stdout
    opac = output.partition("# TJK-OPAC-2018\n")[2].partition("\n\n")[0]
    assert tomllib.loads(opac)["plan"]["expected"]["activities"] == 17
    assert "activities = 17  # 16 without the second print\n" in opac
    assert output.count("second print") == 1
