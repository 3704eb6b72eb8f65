"""Columns that dataset.toml sets aside, and whose texts say whom the figures are about: never a silent total."""

import pytest

from tests.support.one_data_set import Load

CONCEPTS = '[concepts]\nGroup = ""\n'


def _data(*groups: str, heading: str = "Group") -> str:
    rows = "".join(f"SI_POV_NAHC,TJ,{year},1,{group}\n" for year, group in enumerate(groups, 2000))
    return f"SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE,{heading}\n{rows}"


def _lost(load: Load, toml: str, data: str) -> list[tuple[str, str, str]]:
    issues = [issue for issue in load(toml, a=data).statistics.issues if issue["rule"] == "breakdown_set_aside"]
    return [(issue["arguments"]["column"], issue["arguments"]["texts"], issue["published_value"]) for issue in issues]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (("female", "female"), [("sex", '"female"', "_T")]),
        (("девочки", "мальчики"), [("sex", '"девочки", "мальчики"', "_T")]),
        (("女", "男"), [("sex", '"女", "男"', "_T")]),
        (("Total", "Rural"), [("urbanisation", '"Rural", "Total"', "_T")]),
        (("poorest", "richest"), [("income_wealth_quantile", '"poorest", "richest"', "_T")]),
        (("Total", "Total"), []),  # the total, as it is published
        (("female", "see the note"), []),  # not all of them are words for a sex
        (("F", "F"), []),  # a flag as well as a sex
        (("", ""), []),
    ],
)
def test_a_column_whose_texts_say_whom_is_reported(load: Load, groups: tuple[str, ...], expected: list[object]) -> None:
    assert _lost(load, CONCEPTS, _data(*groups)) == expected


def test_a_region_set_aside_is_not_the_country(load: Load) -> None:
    toml = '[concepts]\nREF_AREA = ""\n[constants]\nref_area = "TJ"\n'
    data = _data("x").replace(",TJ,", ",Khatlon,").replace(",Group", "").replace(",x", "")
    assert _lost(load, toml, data) == [("ref_area", '"Khatlon"', "TJ")]
    assert _lost(load, toml, data.replace("Khatlon", "Таджикистан")) == []


@pytest.mark.parametrize(
    "toml",
    [
        CONCEPTS + '[constants]\nsex = "F"\n',
        CONCEPTS + '[keep]\nGroup = ["female"]\n',
        '[concepts]\nGroup = "sex"\n[codes.sex]\nfemale = "F"\n',
    ],
    ids=["said by a constant", "chosen by its text", "a breakdown"],
)
def test_what_dataset_toml_says_is_no_loss(load: Load, toml: str) -> None:
    assert _lost(load, toml, _data("female")) == []


def test_names_beside_the_codes_of_a_breakdown_are_no_loss(load: Load) -> None:
    data = _data("female,F", heading="Group,SEX")
    assert _lost(load, CONCEPTS, data) == []


def test_rows_that_keep_does_not_take_say_nothing(load: Load) -> None:
    data = _data("Total") + "SI_POV_NAHC,UZ,2000,1,female\n"
    assert _lost(load, CONCEPTS + '[keep]\nref_area = ["TJ"]\n', data) == []
