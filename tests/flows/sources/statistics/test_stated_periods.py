"""What a file says of its periods: TIME_FORMAT, REPORTING_YEAR_START_DAY, and T of a quarter or a third of a year."""

import json

import pytest

from tests.support.one_data_set import HEAD, Load

SDMX = HEAD.replace('format = "csv"', 'format = "sdmx-csv"')
JSON = HEAD.replace('format = "csv"', 'format = "json-stat"').replace("*.csv", "a.json")
SET_ASIDE = '[concepts]\nTIME_FORMAT = ""\nREPORTING_YEAR_START_DAY = ""\n'


def sdmx(heading: str, *rows: str) -> str:
    """Return SDMX-CSV whose last columns are `heading` and TIME_PERIOD; the values are 1, 2, …"""
    lines = (f"A:B(1.0),SI_POV_NAHC,TJ,{number},{row}" for number, row in enumerate(rows, 1))
    return "\n".join([f"DATAFLOW,SERIES,REF_AREA,OBS_VALUE,{heading},TIME_PERIOD", *lines, ""])


@pytest.mark.parametrize("toml", ["", SET_ASIDE])
def test_time_format_is_the_frequency_where_nothing_else_says_it(load: Load, toml: str) -> None:
    rows = ("P1Y,2019", "602,2018", "P3M,2019-Q2", "608,2019-Q3", "P6M,2019-S1", "P1M,2019-01", ",2017-Q1", "#N/A,2016")
    loaded = load(toml, SDMX, a=sdmx("TIME_FORMAT", *rows))
    assert sorted(loaded.rows("obs_value, freq")) == list(enumerate("AAQQSMQA", 1))


@pytest.mark.parametrize("toml", ["", SET_ASIDE])
@pytest.mark.parametrize(
    ("time_format", "period", "freq"),
    [("P3M", "2019-01", "Q"), ("608", "2019-01", "Q"), ("P1Y", "2019-Q1", "A"), ("P1M", "2019", "M")],
)
def test_a_period_of_another_length_than_time_format_is_refused(
    load: Load, toml: str, time_format: str, period: str, freq: str
) -> None:
    data = sdmx("TIME_FORMAT", "P1Y,2018", f"{time_format},{period}")
    faults = load(toml, SDMX, a=data).faults
    assert f'a.csv:3: the period is not one of frequency {freq}: "{period}"' in faults
    assert "map the period in dataset.toml [codes.time_period]" in faults
    if period == "2019-01":  # as the remedy says
        mapped = load(f'{toml}[codes.time_period]\n"2019-01" = "2019-Q1"\n', SDMX, a=data)
        assert mapped.rows("time_period, freq") == [("2018", "A"), ("2019-Q1", "Q")]


@pytest.mark.parametrize("time_format", ["P7D", "P1D", "616", "P4M", "soon"])
def test_an_unknown_time_format_is_a_frequency_that_nobody_explains(load: Load, time_format: str) -> None:
    data = sdmx("TIME_FORMAT", f"{time_format},2019")
    assert f'freq has a code that no list of npa has, in 1 rows: "{time_format}"' in load("", SDMX, a=data).faults
    assert load('[constants]\nfreq = "A"\n', SDMX, a=sdmx("TIME_FORMAT", "soon,2019")).rows("freq") == [("A",)]


@pytest.mark.parametrize("toml", ["", SET_ASIDE])
@pytest.mark.parametrize(
    ("row", "stated", "freq"),
    [("P1M,A,2019", "M", "A"), ("P7D,A,2019", "W", "A"), ("P4M,Q,2019-Q1", "T", "Q"), ("P3M,,2019", "Q", "A")],
)
def test_a_time_format_that_contradicts_the_frequency_is_refused(
    load: Load, toml: str, row: str, stated: str, freq: str
) -> None:
    data = sdmx("TIME_FORMAT,FREQ", "P1Y,A,2018", row)
    time_format = row.split(",")[0]
    message = f'a.csv:3: TIME_FORMAT says frequency {stated}, and the frequency is {freq}, in 1 rows: "{time_format}"'
    faults = load(toml, SDMX, a=data).faults
    assert message in faults
    assert f'"{time_format}" = "{freq}"' in faults
    corrected = load(f'{toml}[codes.freq]\n"{time_format}" = "{freq}"\n', SDMX, a=data)
    assert corrected.rows("freq")[1:] == [(freq,)]
    assert load('[keep]\nfreq = ["M"]\n', SDMX, a=sdmx("TIME_FORMAT,FREQ", "P1M,M,2018-01", row)).counts == (2, 1, 1, 0)


def test_a_constant_frequency_is_compared_with_time_format(load: Load) -> None:
    faults = load('[constants]\nfreq = "A"\n', SDMX, a=sdmx("TIME_FORMAT", "P3M,2019")).faults
    assert "TIME_FORMAT says frequency Q, and the frequency is A" in faults


@pytest.mark.parametrize("toml", ["", SET_ASIDE])
def test_periods_of_a_reporting_year_are_refused_until_they_are_mapped(load: Load, toml: str) -> None:
    data = sdmx("REPORTING_YEAR_START_DAY", "--07-01,2019-Q1", "--01-01,2018-Q1", ",2017-Q1", "--04-06,2015-A1")
    loaded = load(toml, SDMX, a=data)
    what = "the period is one of a reporting year that begins on {day}, not of the calendar, in 1 rows"
    assert f'a.csv:2: {what.format(day="--07-01")}: "2019-Q1"' in loaded.faults
    assert f'a.csv:5: {what.format(day="--04-06")}: "2015-A1"' in loaded.faults
    assert len(loaded.statistics.problems) == 3  # the third is the draft of these two
    mapped = load(f'{toml}[codes.time_period]\n"2019-Q1" = "2019-Q3"\n"2015-A1" = "2015"\n', SDMX, a=data)
    assert mapped.rows("time_period") == [("2015",), ("2017-Q1",), ("2018-Q1",), ("2019-Q3",)]


def test_periods_of_the_calendar_in_another_reporting_year_are_reported(load: Load) -> None:
    data = sdmx("REPORTING_YEAR_START_DAY", "--07-01,2019", "--07-01,2019-01", "--01-01Z,2018")
    loaded = load("", SDMX, a=data)
    assert loaded.counts == (3, 3, 0, 0)
    (issue,) = loaded.statistics.issues
    assert (issue["rule"], issue["source_file"], issue["line_number"]) == ("reporting_year", "statistics/test/a.csv", 2)
    assert (issue["source_value"], issue["places"]) == ("2019", 2)


@pytest.mark.parametrize("name", ["REPORTING_YEAR_START_DAY", "s:REPORTING_YEAR_START_DAY"])
def test_the_start_of_the_reporting_year_of_a_data_set_counts(load: Load, name: str) -> None:
    v21 = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
    content = (
        f'<m:StructureSpecificData xmlns:m="{v21}/message" xmlns:s="{v21}/data/structurespecific"><m:Header/>'
        f'<m:DataSet {name}="--04-01"><Series SERIES="SI_POV_NAHC" REF_AREA="TJ" TIME_FORMAT="P3M">'
        '<Obs TIME_PERIOD="2019-Q1" OBS_VALUE="1"/></Series></m:DataSet></m:StructureSpecificData>'
    )
    head = HEAD.replace('format = "csv"', 'format = "sdmx-ml"').replace("*.csv", "a.xml")
    assert "a reporting year that begins on --04-01" in load("", head, **{"a.xml": content}).faults
    mapped = load('[codes.time_period]\n"2019-Q1" = "2019-Q2"\n', head, **{"a.xml": content})
    assert mapped.rows("freq, time_period") == [("Q", "2019-Q2")]


def test_t_is_a_third_of_a_year_in_sdmx(load: Load) -> None:
    faults = load("", SDMX, a=sdmx("FREQ", "Q,2010-T1", "Q,2010-T4")).faults
    assert 'a.csv:2: the period is a third of a year (T in SDMX), which npa does not publish: "2010-T1"' in faults
    assert "a.csv:3: " in faults


CONSTANTS = '[constants]\nstatistic_id = "SI_POV_NAHC"\nref_area = "TJ"\n'


def cube(*periods: str, label: str = "year", freq: str = "") -> str:
    """Return JSON-stat with one value a period."""
    dimension = {"year": {"label": label, "category": {"index": list(periods)}}}
    ids = ["year"]
    if freq:
        ids, dimension["FREQ"] = ["FREQ", "year"], {"label": "frequency", "category": {"index": [freq]}}
    sizes = [len(periods) if name == "year" else 1 for name in ids]
    return json.dumps(
        {"version": "2.0", "class": "dataset", "id": ids, "size": sizes, "role": {"time": ["year"]},
         "dimension": dimension, "value": list(range(len(periods)))}
    )  # fmt: skip


THIRDS = tuple(f"{year}T{part}" for year in (2020, 2021) for part in (1, 2, 3))


def test_thirds_of_a_year_in_json_stat_are_refused_by_name(load: Load) -> None:
    faults = load(CONSTANTS, JSON, **{"a.json": cube(*THIRDS)}).faults
    for period in THIRDS:
        assert (
            f'T is a quarter or a third of a year, and nothing in the file says that it is a quarter: "{period}"'
            in faults
        )
    assert 'freq = "Q" in dataset.toml [constants]' in faults
    quarters = load(f'{CONSTANTS}freq = "Q"\n', JSON, **{"a.json": cube(*THIRDS)})
    assert quarters.rows("time_period")[:3] == [("2020-Q1",), ("2020-Q2",), ("2020-Q3",)]


def test_quarters_that_are_stated_stay_quarters(load: Load) -> None:
    for content in (
        cube(*THIRDS, "2021T4"),
        cube(*THIRDS, label="Trimestre"),
        cube(*THIRDS, freq="Q"),
        cube(*(f"{period[:4]}-{period[4:]}" for period in THIRDS), freq="Q"),
    ):
        loaded = load(CONSTANTS, JSON, **{"a.json": content})
        assert loaded.rows("time_period, freq")[:2] == [("2020-Q1", "Q"), ("2020-Q2", "Q")]


def test_with_another_frequency_t_is_none(load: Load) -> None:
    faults = load(CONSTANTS, JSON, **{"a.json": cube("2020T1", freq="A")}).faults
    assert "a quarter or a third" in faults
    assert '"2020T1" = "2020-Q1" if' not in faults
    assert 'say in dataset.toml [codes.time_period]: "2020T1" = "2020-Q1"' in faults  # [constants] freq would be idle
