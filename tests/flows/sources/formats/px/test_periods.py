"""Periods of PC-Axis files: by the code of each category; TIMEVAL that contradicts, and periods that npa has not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.sources.formats.px.periods import periods
from flows.sources.formats.px.statements import Statement
from tests.support.one_data_set import loader
from tests.support.px_files import head
from transforms.errors import InputProblem

TOML = """
[constants]
statistic_id = "SP_DYN_BRTH"
ref_area = "TJ"
unit_measure = "NUMBER"
[define.statistic_id]
SP_DYN_BRTH = "Live births"
"""


def file(values: str, more: str) -> str:
    """Return a PC-Axis file of one variable, time, with as many cells as `values` has."""
    cells = " ".join(map(str, range(1, values.count('"') // 2 + 1)))
    return f'CODEPAGE="utf-8";\nHEADING="time";\nVALUES("time")={values};\n{more}\nDATA=\n{cells};\n'


@pytest.mark.parametrize(
    ("values", "more", "expected"),
    [
        ('"2021","2020"', 'TIMEVAL("time")=TLIST(A1),"2020","2021";', {"2021": 1, "2020": 2}),
        ('"2021","2020"', 'TIMEVAL("time")=TLIST(A1,"2020"-"2021");', {"2021": 1, "2020": 2}),
        ('"2021","2020"', 'CODES("time")="1","0";TIMEVAL("time")=TLIST(A1),"2020","2021";', {"2021": 1, "2020": 2}),
        ('"2020M02","2020M01"', 'TIMEVAL("time")=TLIST(M1),"202001","202002";', {"2020-02": 1, "2020-01": 2}),
        ('"February","January"', 'CODES("time")="202002","202001";TIMEVAL("time")=TLIST(M1),"202001","202002";',
         {"2020-02": 1, "2020-01": 2}),
        ('"February 2020","January 2020"', 'TIMEVAL("time")=TLIST(M1),"202002","202001";',
         {"2020-02": 1, "2020-01": 2}),
        ('"I квартал 2020 г.","II квартал 2020 г."', 'TIMEVAL("time")=TLIST(Q1),"20201","20202";',
         {"2020-Q1": 1, "2020-Q2": 2}),
        ('"late","early"', 'CODES("time")="b","a";TIMEVAL("time")=TLIST(A1),"2021","2020";', {"2021": 1, "2020": 2}),
        ('"2020*","2021"', 'CODES("time")="2020","2021";', None),  # without TIMEVAL dataset.toml says it
    ],
)  # fmt: skip
def test_each_category_has_the_period_of_its_code(
    tmp_path: Path, values: str, more: str, expected: dict[str, int] | None
) -> None:
    concepts = '[concepts]\ntime = "time_period"\n' if expected is None else ""
    loaded = loader(tmp_path)(concepts + TOML, head(), **{"a.px": file(values, more)})
    assert dict(loaded.rows("time_period, obs_value")) == (expected or {"2020": 1, "2021": 2})


@pytest.mark.parametrize(
    ("values", "more", "fault"),
    [
        ('"2021","2020"', 'TIMEVAL("time")=TLIST(A1),"2020","2022";', '2020 to the category that VALUES calls "2021"'),
        ('"2021","2020"', 'TIMEVAL("time")=TLIST(A1),"2020";', "has 1 where VALUES has 2"),
        ('"2021","2020"', 'TIMEVAL("time")=TLIST(A1,"2019"-"2021");', "has 3 where VALUES has 2"),
        (
            '"2021","2020"',
            'CODES("time")="2020","2021";TIMEVAL("time")=TLIST(A1);',
            'CODES("time") gives the period 2020',
        ),
        ('"2021","old"', 'TIMEVAL("time")=TLIST(A1),"2020","2021";', '2020 to the category that VALUES calls "2021"'),
        ('"in 2021","in 2020"', 'TIMEVAL("time")=TLIST(A1),"2020","2021";', 'calls "in 2021"'),
        ('"March 2020","February 2020"', 'TIMEVAL("time")=TLIST(M1),"202002","202003";', 'calls "March 2020"'),
        ('"март 2020 г.","февраль 2020 г."', 'TIMEVAL("time")=TLIST(M1),"202002","202003";', 'calls "март 2020 г."'),
        ('"2 кв. 2020","1 кв. 2020"', 'TIMEVAL("time")=TLIST(Q1),"20201","20202";', 'calls "2 кв. 2020"'),
        ('"янв.20","фев.20"', 'TIMEVAL("time")=TLIST(M1),"202002","202001";', 'calls "янв.20"'),
        ('"januari 2020","februari 2020"', 'TIMEVAL("time")=TLIST(M1),"202002","202001";', 'calls "januari 2020"'),
        ('"I полугодие 2020","II полугодие 2020"', 'TIMEVAL("time")=TLIST(H1),"20202","20201";', 'calls "I полугодие'),
        ('"31.12.2019","31.12.2020"', 'TIMEVAL("time")=TLIST(A1),"2020","2019";', 'calls "31.12.2019"'),
        ('"a","b"', 'TIMEVAL("time")=TLIST(M1),"2020","2021";', "not of its time scale M"),
        ('"a","b"', 'TIMEVAL("time")=TLIST(D1,"20200101"-"20200102");', "has a range of days"),
    ],
)
def test_what_contradicts_is_refused_with_its_line(tmp_path: Path, values: str, more: str, fault: str) -> None:
    faults = loader(tmp_path)(TOML, head(), **{"a.px": file(values, more)}).faults
    assert fault in faults
    assert "a.px:4: " in faults


@pytest.mark.parametrize(
    ("values", "more", "kind"),
    [
        (
            '"202405","202406"',
            'TIMEVAL("time")=TLIST(W1),"202405","202406";',
            'a week, which npa does not have: "2024-W',
        ),
        ('"2024W05","2024W06"', 'TIMEVAL("time")=TLIST(W1,"202405"-"202406");', "a week"),
        ('"20240101","20240102"', 'TIMEVAL("time")=TLIST(D1),"20240101","20240102";', "a day, which npa does not have"),
        ('"2001-2005","2006-2010"', 'TIMEVAL("time")=TLIST(A1),"2001-2005","2006-2010";', "a range, which"),
        ('"2019/2020","2020/2021"', 'TIMEVAL("time")=TLIST(A1),"2019/2020","2020/2021";', "a range, which"),
        ('"a","b"', 'TIMEVAL("time")=TLIST(T1),"20191","20193";', "T is a quarter or a third of a year"),
        ('"2010-11","2011-12"', 'TIMEVAL("time")=TLIST(A1),"2010-11","2011-12";', "a range, which"),
        ('"2010-11","2011-12"', 'TIMEVAL("time")=TLIST(A1);', "a range, which"),
    ],
)
def test_weeks_days_and_ranges_are_refused_by_name_unless_they_are_mapped(
    tmp_path: Path, values: str, more: str, kind: str
) -> None:
    load = loader(tmp_path)
    refused = load(TOML, head(), **{"a.px": file(values, more)})
    assert kind in refused.faults
    asked = [line for line in refused.faults.splitlines() if line.endswith(' = ""')]
    mapped = "[codes.time_period]\n" + "\n".join(
        line.replace('""', f'"200{number}"') for number, line in enumerate(asked)
    )
    assert {row for (row,) in load(TOML + mapped, head(), **{"a.px": file(values, more)}).rows("time_period")} == {
        "2000", "2001",
    }  # fmt: skip


def test_months_that_may_be_pairs_of_years_are_refused_until_they_are_mapped(tmp_path: Path) -> None:
    toml, load = '[concepts]\ntime = "time_period"\n' + TOML, loader(tmp_path)
    text = file('"2010-11","2011-12"', "")
    assert "a.px:3: the periods may be months or pairs of years" in load(toml, head(), **{"a.px": text}).faults
    months = '[codes.time_period]\n"2010-11" = "2010-11"\n"2011-12" = "2011-12"\n'
    assert load(toml + months, head(), **{"a.px": text}).rows("time_period") == [("2010-11",), ("2011-12",)]
    stated = toml.replace("[constants]", '[constants]\nfreq = "M"')
    assert load(stated, head(), **{"a.px": text}).rows("time_period") == [("2010-11",), ("2011-12",)]
    other = text.replace('"2011-12"', '"2011-11"')
    assert load(toml, head(), **{"a.px": other}).rows("time_period") == [("2010-11",), ("2011-11",)]


def test_a_variable_that_is_not_the_time_may_have_years_as_values_and_as_codes(tmp_path: Path) -> None:
    more = 'STUB="area";VALUES("area")="1010","1020";CODES("area")="1001","1002";TIMEVAL("time")=TLIST(A1),"2020";'
    text = file('"2020"', more).replace("\n1;", "\n1 2;")
    toml = '[concepts]\narea = "other_breakdown"\n' + TOML
    assert loader(tmp_path)(toml, head(), **{"a.px": text}).rows("other_breakdown, obs_value")


@given(st.permutations(range(2000, 2008)), st.permutations(range(2000, 2008)), st.sampled_from(["values", "codes"]))
def test_any_order_gives_each_category_its_own_year(order: list[int], listed: list[int], where: str) -> None:
    years = tuple(map(str, order))
    words = tuple(f"category {number}" for number in range(8))
    time = Statement("TIMEVAL", "", ("time",), "TLIST(A1)," + ",".join(f'"{year}"' for year in listed), 1)
    coded = Statement("CODES", "", ("time",), "", 1)
    values, codes = (years, None) if where == "values" else (words, years)
    result = periods(values, codes, coded, time)
    assert result == years


@given(st.permutations(range(1, 7)))
def test_months_in_words_are_of_the_order_that_timeval_says_or_refused(order: list[int]) -> None:
    names = ["", "January", "февраль", "март", "April", "май", "June"]
    values = tuple(f"{names[month]} 2020" for month in order)
    time = Statement("TIMEVAL", "", ("time",), 'TLIST(M1,"202001"-"202006")', 1)
    if order == sorted(order):
        assert periods(values, None, None, time) == tuple(f"2020-{month:02}" for month in order)
    else:
        with pytest.raises(InputProblem, match="gives the period"):
            periods(values, None, None, time)
