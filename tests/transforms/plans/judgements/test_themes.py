"""themes.csv: the themes of measures, those that a plan names itself, and rows that are rejected."""

import csv
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.sources.plans import gather, read_plans
from schemas.themes import themes
from tests.support.command import npa
from tests.support.inline_plan import InlinePlan
from tests.support.paths import ROOT
from transforms.plans.description.document import ThemeRow
from transforms.quality.text import in_language
from transforms.tables.frames import tabulate
from transforms.tables.rows import Rows

_HEADING = f"{ThemeRow.heading()}\n"
_ROWS = """1|Data on children (recommendation 1)|Build a database.|2019|AOS|Works.
2|Schools (recommendation 4)|Build schools.|2020|MOE|Built.
||2. Paint schools.|2020|MOE|Painted."""
_PLAN = _ROWS.replace("|Build schools", "|1. Build schools")
_DATA = "XKX-CRC-2019-01,Data,CRC-CLUSTER,CRC-1,true,published,Why.,\n"
_SCHOOLS = "XKX-CRC-2019-02,Schools,CRC-CLUSTER,CRC-8,true,judgement,Why.,\n"
_OWN = "XKX-CRC-2019-02,Schools,XKX-GOALS,GOAL-2,true,judgement,Why.,Every child learns\n"


def _plan(rows: str) -> InlinePlan:
    return InlinePlan(_PLAN, tables={"themes.csv": _HEADING + rows})


def _links(rows: str) -> list[tuple[Any, ...]]:
    frame = _plan(rows).read()["bridge_measure_theme"]
    return list(frame[["measure_id", "theme", "scheme", "is_main", "basis"]].itertuples(index=False, name=None))


def test_a_measure_has_a_main_theme_and_others() -> None:
    other = _DATA.replace("CRC-1,true", "CRC-8,false")
    assert _links(_DATA + other) == [
        ("XKX-CRC-2019-01", "CRC-1", "CRC-CLUSTER", True, "published"),
        ("XKX-CRC-2019-01", "CRC-8", "CRC-CLUSTER", False, "published"),
    ]


def test_a_measure_has_a_main_theme_of_each_scheme() -> None:
    assert [link[1] for link in _links(_SCHOOLS + _OWN)] == ["CRC-8", "GOAL-2"]


def test_a_theme_that_npa_does_not_list_is_named_once_and_has_its_name_in_dim_theme_and_dim_code() -> None:
    again = _OWN.replace("Every child learns", "").replace("02,Schools", "01,Data")
    frames = _plan(again + _OWN).read()
    own = frames["dim_theme"].set_index("theme").loc["GOAL-2"]
    assert (own["scheme"], own["name"]) == ("XKX-GOALS", "Every child learns")
    codes = frames["dim_code"]
    assert codes[(codes["code_list"] == "theme") & (codes["code"] == "GOAL-2")]["name"].tolist() == [
        "Every child learns"
    ]


def test_without_the_table_there_are_the_themes_of_the_list_and_no_links() -> None:
    frames = InlinePlan(_PLAN).read()
    assert len(frames["bridge_measure_theme"]) == 0
    assert frames["dim_theme"]["theme"].tolist() == list(themes())


REFUSED = {
    "unknown measure": (_DATA.replace("2019-01", "2019-07"), ["no such measure", '"XKX-CRC-2019-07"']),
    "words not printed": (
        _DATA.replace("Data", "Numbers"),
        ["does not print the words of the row (any more)", "Data on children", '"Numbers"'],
    ),
    "twice": (_DATA + _DATA.replace("true", "false"), ["themes.csv:3", "in line 2 already"]),
    "two main themes": (_DATA + _DATA.replace("CRC-1,", "CRC-2,"), ["themes.csv:3", "CRC-1 (line 2)", '"CRC-2"']),
    "theme nobody knows": (_DATA.replace("CRC-1,", "CRC-10,"), ["in no list of npa", '"CRC-10"']),
    "name of a listed theme": (_DATA.replace("Why.,", "Why.,General"), ["npa's own list has the theme", '"General"']),
    "listed theme in another scheme": (
        _DATA.replace("CRC-CLUSTER", "XKX-GOALS"),
        ["CRC-1 is one of the scheme CRC-CLUSTER", '"XKX-GOALS"'],
    ),
    "named twice": (_OWN + _OWN.replace("02,Schools", "01,Data"), ["themes.csv:3", "is named in line 2 too"]),
    "named theme in another scheme": (
        _OWN + _OWN.replace("02,Schools", "01,Data").replace("XKX-GOALS", "XKX-AIMS").replace("Every child learns", ""),
        ["themes.csv:3", "GOAL-2 is one of the scheme XKX-GOALS", '"XKX-AIMS"'],
    ),
    "is_main in other words": (_DATA.replace("true", "yes"), ["is_main", '"yes"']),
    "unknown basis": (_DATA.replace("published", "guess"), ["basis", '"guess"']),
    "no reason": (_DATA.replace("Why.", ""), ["reason"]),
    "no excerpt": (_DATA.replace("Data", ""), ["measure_excerpt"]),
    "code with a blank": (_DATA.replace("CRC-1,", "CRC 1,"), ["theme", '"CRC 1"']),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_place_and_remedy(case: str) -> None:
    rows, expected = REFUSED[case]
    (fault,) = _plan(rows).faults()
    assert "plans/xkx-plan/themes.csv:" in fault
    assert [words for words in expected if words not in fault] == []


def test_all_faults_are_reported_at_once_and_translated() -> None:
    rows = "".join(REFUSED[case][0] for case in ("unknown measure", "words not printed", "theme nobody knows"))
    rows += "".join(REFUSED[case][0] for case in ("name of a listed theme", "named twice"))
    problems = gather([read_plans({"plans/xkx-plan": _plan(rows).files()})]).problems
    assert [problem.line for problem in problems] == [2, 3, 4, 5, 7]
    for sentence in (text for problem in problems for text in (problem.what, problem.remedy)):
        assert in_language(sentence, "ru") != sentence != in_language(sentence, "tg")


def test_two_documents_that_define_one_theme_differently_contradict_each_other() -> None:
    rows = Rows()
    for path, name in (
        ("plans/a/themes.csv", "Learning"),
        ("plans/b/themes.csv", "Learning"),
        ("plans/c/themes.csv", "X"),
    ):
        rows.add("theme_of_document", theme="GOAL-2", scheme="XKX-GOALS", name=name, path=path, line=2)
    frames, (problem,) = tabulate(rows)
    assert (problem.path, problem.value) == ("plans/c/themes.csv", "X, XKX-GOALS")
    assert "GOAL-2 is “Learning” of the scheme XKX-GOALS in plans/a/themes.csv" in problem.what
    assert frames["dim_theme"]["theme"].tolist().count("GOAL-2") == 1


def test_all_measures_of_the_crc_plan_have_the_cluster_of_the_founders(con: duckdb.DuckDBPyConnection) -> None:
    main = dict(con.execute("SELECT measure_id, theme FROM bridge_measure_theme WHERE is_main").fetchall())
    assert sorted(main) == [f"TJK-CRC-2018-{number:02}" for number in range(1, 36)]
    others = con.execute("SELECT measure_id, theme FROM bridge_measure_theme WHERE NOT is_main ORDER BY ALL").fetchall()
    assert [(measure[-2:], theme) for measure, theme in others] == [("09", "CRC-5"), ("10", "CRC-7"), ("26", "CRC-9")]
    shared = ROOT.parent / "shared" / "monitoring" / "clusters.csv"
    if shared.exists():
        names = dict(con.execute("SELECT theme, name FROM dim_theme").fetchall())
        with shared.open(encoding="utf-8", newline="") as file:
            wanted = {row["measure_id"]: row["cluster"] for row in csv.DictReader(file)}
        assert {measure: f"{theme} {names[theme]}" for measure, theme in main.items()} == wanted


def test_the_view_counts_each_measure_and_activity_once(con: duckdb.DuckDBPyConnection) -> None:
    sums = "SELECT sum(measures), sum(activities) FROM theme_status"
    of_all = "SELECT (SELECT count(*) FROM dim_measure), (SELECT count(*) FROM dim_activity WHERE duplicate_of IS NULL)"
    assert con.execute(sums).fetchall() == con.execute(of_all).fetchall()
    by_measure = """
        SELECT t.theme, sum(s.activities), sum(s.overdue), sum(s.without_evidence)
        FROM measure_status AS s JOIN bridge_measure_theme AS t USING (measure_id)
        WHERE t.is_main GROUP BY 1 ORDER BY 1"""
    by_theme = (
        "SELECT theme, activities, overdue, without_evidence FROM theme_status WHERE theme IS NOT NULL ORDER BY 1"
    )
    assert con.execute(by_theme).fetchall() == con.execute(by_measure).fetchall()
    without = con.execute(
        "SELECT plan_id, scheme, measures FROM theme_status WHERE theme IS NULL ORDER BY 1"
    ).fetchall()
    assert without == [("TJK-OPAC-2018", None, 10), ("TJK-OPSC-2018", None, 11)]


def test_measures_that_a_scheme_leaves_out_have_a_row_of_that_scheme(tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "plans" / "xkx-plan"
    folder.mkdir(parents=True)
    for name, data in _plan(_OWN + _DATA).files().items():
        (folder / name).write_bytes(data)
    places = ["--raw", tmp_path / "raw", "--warehouse", tmp_path / "warehouse"]
    assert npa("refresh", "--runner", "direct", *places).returncode == 0
    sql = "SELECT scheme, theme, measures, activities FROM theme_status ORDER BY ALL"
    run = npa("query", "--warehouse", tmp_path / "warehouse", "--format", "csv", sql)
    assert run.stdout.split() == [
        "scheme,theme,measures,activities",
        "CRC-CLUSTER,CRC-1,1,1", "CRC-CLUSTER,,1,2", "XKX-GOALS,GOAL-2,1,2", "XKX-GOALS,,1,1",
    ]  # fmt: skip
    shutil.rmtree(tmp_path / "warehouse")
