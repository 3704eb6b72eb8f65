"""Rows of SDMX-CSV 2.x with attributes of partial keys, and `#N/A`: the order of rows and the level do not matter."""

import random
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.sources.formats.sdmx.csv import read
from tests.support.examples import examples
from tests.support.one_data_set import HEAD, Load
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset

SDMX = HEAD.replace('format = "csv"', 'format = "sdmx-csv"')
HEADING = "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,SERIES,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,OBS_STATUS,NATURE"
COLUMNS = "sex, time_period, obs_value, unit_measure, obs_status, nature, source_row"


def dataset() -> Dataset:
    """Return a description of an SDMX-CSV file."""
    texts = dict.fromkeys(("dataset_id", "title", "publisher", "source_url", "licence"), "x")
    return Dataset.model_validate({**texts, "retrieved_on": "2026-01-01", "format": "sdmx-csv", "files": ["a.csv"]})


def written(*rows: str, heading: str = HEADING) -> str:
    """Return a file of rows, each without its first three cells."""
    return "\n".join([heading, *(f"dataflow,AOS:DF(1.0),M,{row}" for row in rows), ""])


def test_the_case(load: Load) -> None:
    series = "A,SI_POV_NAHC,TJ,F,,,NUMBER,,"
    loaded = load("", SDMX, a=written(series, "A,SI_POV_NAHC,TJ,F,2019,12.5,,A,", "A,SI_POV_NAHC,TJ,F,2020,13.5,,A,"))
    assert loaded.rows(COLUMNS) == [
        ("F", "2019", 12.5, "NUMBER", "A", None, 3),
        ("F", "2020", 13.5, "NUMBER", "A", None, 4),
    ]
    assert loaded.counts == (2, 2, 0, 0)
    assert loaded.statistics.issues == []


LEVELS = {
    "of all": "~,~,~,~,~,,NUMBER,,",
    "of all, blank": ",,,,,,NUMBER,,",
    "of a group": ",,,F,,,NUMBER,,",
    "of a group with time": ",,TJ,~,2019,,NUMBER,,",
    "of a series": "A,SI_POV_NAHC,TJ,F,,,NUMBER,,",
    "of a series, switched off": "A,SI_POV_NAHC,TJ,F,~,,NUMBER,,",
}


@pytest.mark.parametrize("row", LEVELS.values(), ids=LEVELS)
@pytest.mark.parametrize("is_last", [True, False])
def test_every_level_in_every_place(load: Load, row: str, is_last: bool) -> None:
    observations = ["A,SI_POV_NAHC,TJ,F,2019,1,,A,C", "A,SI_POV_NAHC,UZ,M,2020,2,PT,,"]
    rows = [*observations, row] if is_last else [row, *observations]
    if row.startswith(("~", ",,,,,")):
        rows = [text.replace(",PT,", ",,") for text in rows]
    loaded = load("", SDMX, a=written(*rows))
    number = 2 if is_last else 3
    unit = "NUMBER" if row.startswith(("~", ",,,,,")) else "PT"
    assert loaded.rows(COLUMNS) == [
        ("F", "2019", 1, "NUMBER", "A", "C", number),
        ("M", "2020", 2, unit, None, None, number + 1),
    ]


@pytest.mark.parametrize("other", ["A,SI_POV_NAHC,TJ,F,2020,2,PT,,", ",,TJ,,,,PT,,", "A,SI_POV_NAHC,TJ,F,,,PT,,"])
def test_two_values_of_one_attribute_are_refused(load: Load, other: str) -> None:
    rows = ["A,SI_POV_NAHC,TJ,F,2019,1,,A,", "A,SI_POV_NAHC,TJ,F,,,NUMBER,,", other]
    for order in (rows, rows[::-1]):
        loaded = load("", SDMX, a=written(*order))
        assert "UNIT_MEASURE has two values for one observation" in loaded.faults
        assert "'NUMBER', 'PT'" in loaded.faults


def test_a_replicated_value_is_no_second_value(load: Load) -> None:
    loaded = load("", SDMX, a=written("A,SI_POV_NAHC,TJ,F,2019,1,NUMBER,A,", "A,SI_POV_NAHC,TJ,F,,,NUMBER,,"))
    assert loaded.rows("unit_measure, source_row") == [("NUMBER", 2)]


def test_what_is_set_aside_may_differ_between_levels(load: Load) -> None:
    rows = ("A,SI_POV_NAHC,TJ,F,2019,1,,A,one", "A,SI_POV_NAHC,TJ,F,,,PT,,another", ",,,,,,,,a third",
            "A,SI_POV_NAHC,TJ,F,2020,2,,A,")  # fmt: skip
    loaded = load('[concepts]\nNOTE = ""\n', SDMX, a=written(*rows, heading=HEADING.replace("NATURE", "NOTE")))
    assert loaded.rows("unit_measure") == [("PT",), ("PT",)]


def test_attributes_without_observation_are_reported(load: Load) -> None:
    loaded = load("", SDMX, a=written("A,SI_POV_NAHC,TJ,F,2019,1,PT,A,", "A,SI_POV_NAHC,UZ,F,,,PT,,", ",,,M,,,PT,,"))
    assert loaded.counts == (1, 1, 0, 0)
    (issue,) = loaded.statistics.issues
    assert (issue["rule"], issue["line_number"], issue["arguments"]) == ("attributes_without_observation", 3, {"n": 2})


def test_an_observation_without_a_value_stays_one(load: Load) -> None:
    rows = ("A,SI_POV_NAHC,TJ,F,2019,,PT,M,", "A,SI_POV_NAHC,TJ,F,2020,1,PT,,", "A,SI_POV_NAHC,TJ,,2021,3,PT,,")
    loaded = load('[codes.sex]\n"" = "_T"\n', SDMX, a=written(*rows))  # a blank SEX of a row with a value
    assert loaded.rows("sex, obs_value, obs_status") == [("F", None, "M"), ("F", 1, None), ("_T", 3, None)]


def test_not_available_is_no_value_of_an_attribute(load: Load) -> None:
    rows = (
        "A,SI_POV_NAHC,TJ,F,2019,1,#N/A,#N/A,#N/A",
        "A,SI_POV_NAHC,TJ,F,2020,#N/A,PT,#N/A,",
        "A,SI_POV_NAHC,TJ,F,2021,NaN,PT,A,",
    )
    assert load("", SDMX, a=written(*rows)).rows(COLUMNS) == [
        ("F", "2019", 1, None, None, None, 2),
        ("F", "2020", None, "PT", "O", None, 3),
        ("F", "2021", None, "PT", "A", None, 4),
    ]
    faults = load("", SDMX, a=written("A,SI_POV_NAHC,TJ,#N/A,2019,1,PT,,")).faults
    assert 'sex has a code that no list of npa has, in 1 rows: "#N/A"' in faults  # a dimension is never missing


def test_partial_keys_of_version_1_are_no_rows_of_it(load: Load) -> None:
    heading = "DATAFLOW,SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE\n"
    data = heading + "A:B(1),SI_POV_NAHC,TJ,,,PT\nA:B(1),SI_POV_NAHC,TJ,2019,1,\n"
    assert "the period is none that is known" in load("", SDMX, a=data).faults


def test_attributes_stay_within_their_dataflow(load: Load) -> None:
    rows = written("A,SI_POV_NAHC,TJ,F,2019,1,,,", ",,,F,,,PT,,")
    other = "dataflow,AOS:DG(1.0),M,A,SI_POV_NAHC,TJ,F,2020,2,,,\n"
    assert '2 dataflows in one file: "AOS:DF, AOS:DG"' in load("", SDMX, a=rows + other).faults
    one = load("", SDMX + 'select = "AOS:DG"\n', a=rows + other)
    assert one.rows(COLUMNS) == [("F", "2020", 2, None, None, None, 4)]
    both = load("", SDMX + 'select = ["AOS:DG(1.0)", "AOS:DF"]\n', a=rows + other)
    assert both.rows("time_period, unit_measure") == [("2019", "PT"), ("2020", None)]


def test_records_without_a_dataflow_among_others_are_refused(load: Load) -> None:
    data = written("A,SI_POV_NAHC,TJ,F,2019,1,,,") + "dataflow,,M,A,SI_POV_NAHC,TJ,F,2020,2,,,\n"
    assert "some records name a dataflow and some do not" in load("", SDMX, a=data).faults


def test_a_frequency_may_be_an_attribute_of_the_series(load: Load) -> None:
    rows = ("A,SI_POV_NAHC,TJ,F,,,PT,,", ",SI_POV_NAHC,TJ,F,2019,1,,,", ",SI_POV_NAHC,TJ,F,2020,2,,,")
    assert load("", SDMX, a=written(*rows)).rows("freq, unit_measure") == [("A", "PT"), ("A", "PT")]
    faults = load("", SDMX, a=written(rows[0], rows[1].replace("2019", "2019-Q1"))).faults
    assert "the period is not one of frequency A" in faults


def test_time_format_and_reporting_year_may_be_attributes_of_the_series(load: Load) -> None:
    heading = HEADING.replace("FREQ,", "").replace("NATURE", "TIME_FORMAT,REPORTING_YEAR_START_DAY")
    rows = ("SI_POV_NAHC,TJ,F,2019-Q1,1,,,,", "SI_POV_NAHC,TJ,F,,,PT,,P3M,--07-01")
    faults = load("", SDMX, a=written(*rows, heading=heading)).faults
    assert "a reporting year that begins on --07-01" in faults
    rows = (rows[0], "SI_POV_NAHC,TJ,F,,,PT,,P1Y,--01-01")
    assert "the period is not one of frequency A" in load("", SDMX, a=written(*rows, heading=heading)).faults


AREAS, SEXES, YEARS = ("TJ", "UZ"), ("F", "M"), ("2018", "2019")
# An attribute, and the dimensions of the partial key that it belongs to.
LEVEL = st.sets(st.sampled_from(["REF_AREA", "SEX", "TIME_PERIOD"]))
BLANKS = st.sampled_from(["", "~"])


@settings(max_examples=examples(30))
@given(st.lists(LEVEL, min_size=3, max_size=3), BLANKS, st.randoms(use_true_random=False), st.data())
def test_attributes_of_any_level_in_any_order(
    tmp_path_factory: pytest.TempPathFactory,
    levels: list[set[str]],
    blank: str,
    order: random.Random,
    data: st.DataObject,
) -> None:
    names, attributes = ("REF_AREA", "SEX", "TIME_PERIOD"), ("UNIT_MEASURE", "OBS_STATUS", "NATURE")
    keys = [dict(zip(names, key, strict=True)) for key in product(AREAS, SEXES, YEARS)]
    rows: list[dict[str, str]] = []
    expected: list[dict[str, str | None]] = [{**key, "OBS_VALUE": str(n)} for n, key in enumerate(keys)]
    for attribute, level in zip(attributes, levels, strict=True):
        parts = {tuple(key[name] for name in sorted(level)) for key in keys}
        values = {part: data.draw(st.sampled_from([None, "x", "y"])) for part in sorted(parts)}
        for key in expected:
            key[attribute] = values[tuple(str(key[name]) for name in sorted(level))]
        if len(level) < len(names):
            filled = [(dict(zip(sorted(level), part, strict=True)), value) for part, value in values.items() if value]
            rows += [{**dict.fromkeys(names, blank), **part, attribute: value} for part, value in filled]
        else:
            expected_values = [key[attribute] for key in expected]
            keys = [{**key, attribute: value or ""} for key, value in zip(keys, expected_values, strict=True)]
    rows += [{**key, "OBS_VALUE": str(n)} for n, key in enumerate(keys)]
    order.shuffle(rows)
    folder: Path = tmp_path_factory.mktemp("partial")
    heading = [*names, "OBS_VALUE", *attributes]
    lines = (",".join(["dataflow", "A:B(1.0)", "M", *(row.get(name, "") for name in heading)]) for row in rows)
    path = folder / "a.csv"
    path.write_text(
        "\n".join([",".join(["STRUCTURE", "STRUCTURE_ID", "ACTION", *heading]), *lines, ""]), encoding="utf-8"
    )
    with duckdb.connect() as con:
        source = read(con, path, dataset(), folder)
        found: list[dict[str, Any]] = [dict(zip(source.names, row, strict=False)) for row in source.relation.fetchall()]
    assert sorted(found, key=lambda row: int(row["OBS_VALUE"])) == expected


def test_too_many_partial_keys_are_refused(tmp_path: Path) -> None:
    names = [f"D{number}" for number in range(60)]
    heading = ",".join(["STRUCTURE", "STRUCTURE_ID", *names, "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE"])
    partial = ("," * number + "x" + "," * (60 - number) + ",,PT" for number in range(60))
    lines = [heading, *(f"dataflow,A:B(1),{row}" for row in ("x," * 60 + "2019,1,", *partial)), ""]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with duckdb.connect() as con, pytest.raises(InputProblem, match="more than 50 different partial keys"):
        read(con, path, dataset(), tmp_path)
