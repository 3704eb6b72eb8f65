"""plausible_ranges.csv: how it is read, and what is said of figures outside a range."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.refresh import stages
from flows.refresh.attempt import new_release
from flows.refresh.build.database import open_release
from flows.sources.files import read_inputs
from flows.sources.plans import gather, read_plans
from tests.support.paths import ROOT
from tests.support.small_release import fill_without_figures
from tests.support.small_sources import data_set, plan
from transforms.statistics.quality.plausible_ranges import RangeRow, read_ranges

PATH = "statistics/plausible_ranges.csv"
KNOWN = {
    "statistic_id": {"SH_HIV_INCD", "SI_POV_DAY1"},
    "ref_area": {"TJ", "TJ-SU", "KG"},
    "unit_measure": {"PT", "PER_1000_UNINFECTED_POP"},
}
RANGE = ",PER_1000_UNINFECTED_POP,,observed,0,0.47,a source,https://example.org/a,why\n"


def read(*lines: str) -> tuple[list[dict[str, object]], str]:
    """Return the rows of a table with these lines, and its problems as they are printed."""
    rows, problems = read_ranges("".join([RangeRow.heading() + "\n", *lines]).encode(), PATH, KNOWN)
    return rows, "\n".join(map(str, problems))


def test_a_range_and_none_found_are_read() -> None:
    rows, problems = read("SH_HIV_INCD,TJ" + RANGE, 'SI_POV_DAY1,,,,,,,,,"none found: in WDI, 2020"\n')
    assert problems == ""
    found = {
        "unit_measure": "PER_1000_UNINFECTED_POP",
        "unit_mult": 0,
        "range_kind": "observed",
        "least": 0,
        "most": 0.47,
    }
    assert rows[0].items() >= ({"range_id": "SH_HIV_INCD-TJ", "ref_area": "TJ"} | found).items()
    assert rows[1].items() >= ({"range_id": "SI_POV_DAY1", "ref_area": None} | dict.fromkeys(found)).items()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("SH_HIV_INCD,TJ,PER_1000_UNINFECTED_POP,,observed,1,0.47,s,https://example.org,r\n", "the smaller one first"),
        ("SH_HIV_INCD,TJ,PER_1000_UNINFECTED_POP,,observed,0,,s,https://example.org,r\n", "two numbers"),
        ("SH_HIV_INCD,TJ,PER_1000_UNINFECTED_POP,,observed,0,1e3,s,https://example.org,r\n", "write a plain number"),
        ("SH_HIV_INCD,TJ,PER_1000_UNINFECTED_POP,,observed,0,nan,s,https://example.org,r\n", "write a plain number"),
        ('SH_HIV_INCD,TJ,PER_1000_UNINFECTED_POP,,observed,0,"0,47",s,https://example.org,r\n', "write a plain number"),
        ("SH_HIV_INCD,TJ,,,observed,0,1,,,r\n", "a range has unit_measure, source, source_url"),
        ("SH_HIV_INCD,TJ,PT,x,observed,0,1,s,https://example.org,r\n", "unit_mult"),
        ("SH_HIV_INCD,TJ,PT,,guessed,0,1,s,https://example.org,r\n", "range_kind"),
        ("SH_HIV_INCD,TJ,PT,,observed,0,1,s,ftp://example.org,r\n", "begins with http"),
        ("SH_HIV_INCD,TJ,PT,,observed,0,1,s,https://example.org,\n", "reason"),
        ("SH_HIV_INCD,TJ,,,,,,,,in no hurry\n", 'as "none found: …"'),
        ("SH_HIV_INCD,TJ,PT,,observed,,,s,https://example.org,none found: here\n", "are blank, too"),
        ("SH_HIV_INCD,TJ,PERCENT,,observed,0,1,s,https://example.org,r\n", "unit_measure: the code is in no"),
        ("SH_HIV_INCD,XX,PT,,observed,0,1,s,https://example.org,r\n", "ref_area: the code is in no"),
        ("SH_HIV_INCDS,TJ,PT,,observed,0,1,s,https://example.org,r\n", "statistic_id: the code is in no"),
        ("SH_HIV_INCD,TJ,PT,,observed,0,1,s\n", "the row has 8 cells, not 10"),
    ],
)  # fmt: skip
def test_a_row_with_a_fault_is_rejected(line: str, fault: str) -> None:
    _, problems = read(line)
    assert fault in problems
    assert problems.startswith(f"{PATH}:2")


def test_other_columns_and_second_ranges_are_rejected() -> None:
    _, problems = read("SH_HIV_INCD,TJ" + RANGE, "SH_HIV_INCD,KG" + RANGE, "SH_HIV_INCD,TJ" + RANGE)
    assert problems.startswith(f"{PATH}:4: the series has a range for this area in line 2")
    assert len(problems.splitlines()) == 1
    (problem,) = read_ranges(b"series,least,most\n", PATH, KNOWN)[1]
    assert str(problem).startswith(f"{PATH}:1: the columns are not those expected")


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_as_they_are_written(least: float, most: float) -> None:
    rows, problems = read(f"SH_HIV_INCD,TJ,PT,,observed,{least:f},{most:f},s,https://example.org,r\n")
    if float(f"{least:f}") <= float(f"{most:f}"):
        assert (rows[0]["least"], rows[0]["most"], problems) == (float(f"{least:f}"), float(f"{most:f}"), "")
    else:
        assert "the smaller one first" in problems


@contextmanager
def built(raw: Path, work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield the database of a release of the sources in `raw`."""
    inputs = read_inputs(raw)
    plans = gather([read_plans(inputs.folders())])
    statistics = stages.read_statistics(inputs, work)
    frames = stages.validate(plans, statistics)
    with open_release() as con:
        fill_without_figures(con, frames, statistics, new_release("2022-03-04", "test", "0" * 64))
        yield con


Judge = Callable[..., dict[str, tuple[int, str]]]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Return a function that builds a release of figures of a data set (`SERIES,AREA,PERIOD,VALUE,UNIT,MULT`, then
    ranges), and lists what is said of them: rule → places, message."""

    def run(figures: str, *ranges: str) -> dict[str, tuple[int, str]]:
        raw = tmp_path / "raw"
        plan(raw, "one", "KGZ")
        data_set(raw, "one", "SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT\n" + figures)
        lines = [RangeRow.heading(), *(f"{line},a source,https://example.org,why" for line in ranges)]
        (raw / PATH).write_text("\n".join(lines) + "\n", encoding="utf-8")
        with built(raw, tmp_path) as con:
            issues = "SELECT rule, places, message FROM quality_issue WHERE source_file LIKE 'statistics/%'"
            return {rule: (places, message) for rule, places, message in con.execute(issues).fetchall()}

    return run


MMR = "SH_STA_MORT,TJ,PER_100000_LIVE_BIRTHS,,observed,7,85"
POVERTY = "SI_POV_DAY1,TJ,PT,,observed,20,60"
STUNTED = "SH_STA_STNTN,TJ,NUMBER,3,observed,200,300"  # in thousands
HIV = "SH_HIV_INCD,TJ,PER_1000_UNINFECTED_POP,,observed,0,0.47"


def test_a_unit_that_would_fit_is_named(judge: Judge) -> None:
    figures = "".join(f"SH_HIV_INCD,TJ,{y},{v},PER_1000_UNINFECTED_POP,0\n" for y, v in ((2018, 15.7), (2019, 12)))
    places, message = judge(figures + "SH_HIV_INCD,TJ,2017,0.9,PER_1000_UNINFECTED_POP,0\n", HIV)["unit_implausible"]
    assert places == 2
    assert message == (
        "SH_HIV_INCD: 2 values are not plausible. The farthest is that of TJ, 2018: 15.7 PER_1000_UNINFECTED_POP. "
        "The extremes in a source are 0 and 0.47; from 0 to 0.94 is plausible. "
        "The unit may be wrong: per 100,000 would fit."
    )


@pytest.mark.parametrize(
    ("figures", "of_range", "expected"),
    [
        ("SH_STA_MORT,TJ,2019,171,PER_100000_LIVE_BIRTHS,0", MMR, "or is it measured in another way?"),
        ("SH_STA_MORT,TJ,2019,3,PER_1000_LIVE_BIRTHS,0", MMR, "from 0.035 to 1.7 is"),
        ("SH_STA_MORT,TJ,2019,30,PER_1000_LIVE_BIRTHS,0", MMR, "per 100,000 would fit"),
        ("SI_POV_DAY1,TJ,2019,0.4,PT,0", POVERTY, "a share of 1 would fit"),
        ("SI_POV_DAY1,TJ,2019,0.001,PROB,0", POVERTY, "from 0.1 to 1.2 is"),
        ("NY_GDP_PCAP,TJ,2019,99,PT,0", "NY_GDP_PCAP,TJ,PT,,observed,-15,57", "an index would fit"),
        ("SH_STA_STNTN,TJ,2019,250,NUMBER,0", STUNTED, "thousands would fit"),
        ("SH_STA_STNTN,TJ,2019,250000,NUMBER,3", STUNTED, "single units would fit"),
        ("SG_REG_BRTH90N,TJ,2019,1.5,NUMBER,0", "SG_REG_BRTH90N,,NUMBER,,defined,0,1", "from 0 to 1 is"),
    ],
)  # fmt: skip
def test_a_value_outside_is_flagged(judge: Judge, figures: str, of_range: str, expected: str) -> None:
    ((rule, (places, message)),) = judge(figures + "\n", of_range).items()
    assert (places, expected in message) == (1, True), message
    assert rule == ("unit_implausible" if "would fit" in message else "value_implausible")


@pytest.mark.parametrize(
    ("figures", "of_range"),
    [
        ("SH_STA_MORT,TJ,2019,170,PER_100000_LIVE_BIRTHS,0", MMR),
        ("SH_STA_MORT,TJ,2019,3.5,PER_100000_LIVE_BIRTHS,", MMR),
        ("SH_STA_MORT,TJ,2019,0.28,PER_1000_LIVE_BIRTHS,0", MMR),
        ("SI_POV_DAY1,TJ,2019,0.4,PROB,0", POVERTY),
        ("SH_STA_STNTN,TJ,2019,250000,NUMBER,0", STUNTED),
        ("SH_STA_MORT,TJ,2019,,PER_100000_LIVE_BIRTHS,0", MMR),
        ("SH_STA_MORT,TJ-SU,2019,500,PER_100000_LIVE_BIRTHS,0\nSH_STA_MORT,TJ,2019,30,PER_100000_LIVE_BIRTHS,0",
         MMR),
    ],
)  # fmt: skip
def test_nothing_is_said_of_a_plausible_value(judge: Judge, figures: str, of_range: str) -> None:
    assert judge(figures + "\n", of_range) == {}


def test_the_range_of_an_area_goes_before_that_of_any(judge: Judge) -> None:
    unit = "PER_100000_LIVE_BIRTHS"
    figures = f"SH_STA_MORT,TJ,2019,200,{unit},0\nSH_STA_MORT,KG,2019,200,{unit},0\n"
    said = judge(figures, f"SH_STA_MORT,,{unit},,observed,2,2480", f"SH_STA_MORT,TJ,{unit},,observed,7,85")
    assert said.keys() == {"value_implausible"}
    assert "that of TJ, 2019" in said["value_implausible"][1]


def test_a_unit_of_another_base_is_not_compared(judge: Judge) -> None:
    figures = "SL_EMP_INJUR,TJ,2019,1.1,PER_100000_POP,0\nSL_EMP_INJUR,TJ,2018,2.1,PER_100000_POP,0\n"
    said = judge(figures, "SL_EMP_INJUR,TJ,PER_100000_EMP,,observed,8.4,221.9")
    assert said.keys() == {"unit_not_comparable"}
    assert said["unit_not_comparable"][0] == 2


@pytest.mark.parametrize(("series", "is_said"), [("SI_POV_DAY1", True), ("SI_POV_NAHC", False)])
def test_a_value_without_a_unit_is_compared_with_no_range(judge: Judge, series: str, is_said: bool) -> None:
    _, message = judge(f"{series},TJ,2019,4,,\n", POVERTY)["unit_missing"]
    assert message.endswith("so it is not compared with the plausible range.") == is_said


def test_what_another_rule_says_is_not_said_again(judge: Judge) -> None:
    figures = "SH_STA_SCIDEN,TJ,2019,2.7,PER_100000_POP,0\nFB_ATM_TOTL,TJ,2019,700,NUMBER,0\n"
    figures += "SH_STA_MORT,TJ,2019,200000,PER_100000_LIVE_BIRTHS,0\n"
    ranges = ["SH_STA_SCIDEN,TJ,NUMBER,,observed,50,218", "FB_ATM_TOTL,TJ,NUMBER,,observed,0.6,84.3"]
    said = judge(figures, *ranges, MMR)
    assert said.keys() == {"unit_contradicts_series", "rate_out_of_range"}


def test_entries_without_a_figure_are_listed(judge: Judge) -> None:
    ranges = ["SI_POV_DAY1,KG,PT,,observed,0,60", "SI_POV_NAHC,,PT,,observed,0,60"]
    places, message = judge("SI_POV_DAY1,TJ,2019,4,PT,0\n", *ranges)["range_unused"]
    assert places == 2
    assert "no data set has a figure: SI_POV_DAY1-KG, SI_POV_NAHC." in message


def test_entries_without_any_data_set_are_listed(tmp_path: Path) -> None:
    plan(raw := tmp_path / "raw", "one", "KGZ")
    (raw / "statistics").mkdir()
    text = f"{RangeRow.heading()}\n{HIV},a source,https://example.org,why\n"
    (raw / PATH).write_text(text, encoding="utf-8")
    with built(raw, tmp_path) as con:
        assert con.execute("SELECT rule FROM quality_issue WHERE rule = 'range_unused'").fetchall() == [
            ("range_unused",)
        ]


def test_every_published_series_has_a_range_or_none_was_found(con: duckdb.DuckDBPyConnection) -> None:
    missing = con.execute(
        """SELECT DISTINCT statistic_id FROM fact_statistic
           WHERE statistic_id NOT IN (SELECT statistic_id FROM dim_plausible_range)"""
    ).fetchall()
    assert missing == []
    assert con.execute("FROM quality_issue WHERE rule = 'range_unused'").fetchall() == []
    with (ROOT / "raw" / PATH).open(encoding="utf-8", newline="") as file:
        assert (
            len(list(csv.DictReader(file))) == con.execute("SELECT count(*) FROM dim_plausible_range").fetchall()[0][0]
        )


@pytest.mark.parametrize(
    ("data_sets", "source"), [("UNSD-SDG", "UN SDG database"), ("UIS-SDG4", "UIS"), ("OPHI-MPI", "OPHI")]
)
def test_the_figures_of_the_source_lie_within_its_extremes(
    con: duckdb.DuckDBPyConnection, data_sets: str, source: str
) -> None:
    compared = con.execute(
        """SELECT f.statistic_id, f.ref_area, f.obs_value, f.obs_value BETWEEN r.least AND r.most AS within
           FROM fact_statistic AS f
           JOIN dim_plausible_range AS r ON r.statistic_id = f.statistic_id AND coalesce(r.ref_area = f.ref_area, true)
           WHERE starts_with(f.dataset_id, $data_sets) AND starts_with(r.source, $source)
             AND f.unit_measure = r.unit_measure AND f.obs_value IS NOT NULL""",
        {"data_sets": data_sets, "source": source},
    ).fetchall()
    assert compared
    assert [figure for figure in compared if not figure[-1]] == []


def test_the_incidence_of_hiv_is_flagged(con: duckdb.DuckDBPyConnection) -> None:
    ((source, places, message),) = con.execute(
        """SELECT source_file, places, message FROM quality_issue
           WHERE rule = 'unit_implausible' AND statistic_id = 'SH_HIV_INCD'"""
    ).fetchall()
    assert (source, places) == ("statistics/aos-sdg/TAJSTAT_Data.xml", 5)
    assert message.endswith("The unit may be wrong: per 100,000 would fit.")
