"""Links from activities to official series (statistics.csv): the real ones, and those that are rejected."""

import csv
import shutil
from pathlib import Path

import pytest

from flows.sources.files import read_inputs
from flows.sources.plans import Plans, gather, read_plans
from schemas.code_lists import code_list
from tests.support.paths import ROOT
from transforms.errors import InputProblem
from transforms.plans.judgements.statistic_links import declared_series, unknown_series
from transforms.quality.text import in_language

_FOLDER = Path("plans", "tjk-npa-2018")
_HEADER = "activity_id,activity_excerpt,statistic_id,relevance,rationale,name,code_list\n"
_GOOD = "TJK-CRC-2018-21-03,perinatal centres,SH_DYN_NMRT,contextual,Why.,,\n"


def _read(raw: Path) -> Plans:
    return gather([read_plans(read_inputs(raw).folders())])


def _linked(tmp_path: Path, rows: str) -> Plans:
    """Return the real plan with other links."""
    shutil.copytree(ROOT / "raw" / _FOLDER, tmp_path / _FOLDER)
    (tmp_path / _FOLDER / "statistics.csv").write_text(_HEADER + rows, encoding="utf-8")
    return _read(tmp_path)


def _unknown(plans: Plans, *defined: str) -> list[InputProblem]:
    return list(unknown_series(plans.rows, code_list("statistic_id"), defined))


def test_all_real_links_are_valid() -> None:
    plans = _read(ROOT / "raw")
    with (ROOT / "raw" / _FOLDER / "statistics.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert plans.problems == []
    assert _unknown(plans) == []
    bridge = plans.rows.tables["bridge_activity_statistic"]
    pairs = list(zip(bridge["activity_id"], bridge["statistic_id"], strict=True))
    assert pairs == [(row["activity_id"], row["statistic_id"]) for row in written]
    assert set(bridge["relevance"]) == {"direct", "contextual"}
    assert len(set(bridge["rationale"])) == len(written)  # each link has its own reason


def test_every_candidate_is_linked_or_listed_as_rejected() -> None:
    candidates = ROOT.parent / "shared" / "statistics" / "activity_series_links.csv"
    if not candidates.exists():
        pytest.skip("the list of candidates lies beside the repository, not in it")
    linked = set(_read(ROOT / "raw").rows.column("bridge_activity_statistic", "statistic_id"))
    decisions = (ROOT / "docs" / "decisions" / "2026-11-25-links-to-series.md").read_text(encoding="utf-8")
    with candidates.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["series_code"] in linked or f"`{row['series_code']}`" in decisions


def test_links_do_not_depend_on_lines(tmp_path: Path) -> None:
    """Find links by activity and words, because a re-export moves lines."""
    shutil.copytree(ROOT / "raw" / _FOLDER, tmp_path / _FOLDER)
    (text,) = (tmp_path / _FOLDER).glob("*.txt")
    text.write_bytes(text.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n\r\n"))
    assert _read(tmp_path).problems == []


REFUSED = {
    "unknown activity": (_GOOD.replace("21-03", "21-09"), ["no such activity", '"TJK-CRC-2018-21-09"']),
    "words not printed": (
        _GOOD.replace("perinatal centres", "perinatal homes"),
        ["does not print the words of the row", "establishment of perinatal centres", '"perinatal homes"'],
    ),
    "second print": (
        "TJK-OPAC-2018-09-02,Exploration,SH_DYN_NMRT,direct,Why.,,\n",
        ["a second print", "TJK-OPAC-2018-09-01"],
    ),
    "twice": (_GOOD + _GOOD, ["statistics.csv:3", "linked to the series twice"]),
    "bad relevance": (_GOOD.replace("contextual", "causal"), ["relevance", '"causal"']),
    "no rationale": (_GOOD.replace("Why.", " "), ["rationale"]),
    "no excerpt": (_GOOD.replace("perinatal centres", ""), ["activity_excerpt"]),
    "a code with a blank": (_GOOD.replace("SH_DYN_NMRT", "SH DYN"), ["statistic_id", '"SH DYN"']),
    "name without list": (_GOOD.replace("Why.,,", "Why.,A name,"), ["name and code_list stand together"]),
    "a column too few": (_GOOD.replace("Why.,,", "Why.,"), ["6 cells, not 7"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_place_and_remedy(tmp_path: Path, case: str) -> None:
    rows, expected = REFUSED[case]
    (problem,) = _linked(tmp_path, rows).problems
    assert problem.path == "plans/tjk-npa-2018/statistics.csv"
    assert problem.line >= 2
    assert problem.remedy
    for words in expected:
        assert words in str(problem)


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    cases = ("unknown activity", "words not printed", "second print", "name without list", "twice")
    problems = _linked(tmp_path, "".join(REFUSED[case][0] for case in cases)).problems
    assert [problem.line for problem in problems] == [2, 3, 4, 5, 6, 7]
    for sentence in (text for problem in problems for text in (problem.what, problem.remedy)):
        assert in_language(sentence, "ru") != sentence


def test_a_series_must_be_listed_declared_or_defined_by_a_data_set(tmp_path: Path) -> None:
    strange = "TJK-CRC-2018-21-03,perinatal centres,AOS_BIRTHS,direct,Why.,,\n"
    plans = _linked(tmp_path, _GOOD + strange)
    assert plans.problems == []
    (problem,) = _unknown(plans)
    assert (problem.line, problem.value) == (3, "AOS_BIRTHS")
    assert "no list of npa, and no data set defines it" in problem.what
    assert _unknown(plans, "AOS_BIRTHS") == []
    assert declared_series(plans.rows) == []


def test_a_series_is_declared_once_for_all_its_links(tmp_path: Path) -> None:
    declared = "TJK-CRC-2018-21-03,perinatal centres,AOS_BIRTHS,direct,Why.,Births in centres,AOS\n"
    again = "TJK-CRC-2018-21-02,neonatologists,AOS_BIRTHS,direct,Why.,,\n"
    plans = _linked(tmp_path, again + declared)
    assert _unknown(plans) == []
    row = {
        "statistic_id": "AOS_BIRTHS",
        "name": "Births in centres",
        "unit_measure": None,
        "code_list": "AOS",
        "sdg_indicator": None,
    }
    assert declared_series(plans.rows) == [row]
    assert declared_series(plans.rows, {"AOS_BIRTHS"}) == []  # a data set's definition comes first


def test_declarations_that_differ_or_are_not_needed(tmp_path: Path) -> None:
    first_row = "TJK-CRC-2018-21-03,perinatal centres,AOS_BIRTHS,direct,Why.,Births in centres,AOS\n"
    other = "TJK-CRC-2018-21-02,neonatologists,AOS_BIRTHS,direct,Why.,Births,AOS\n"
    listed = _GOOD.replace("Why.,,", "Why.,Neonatal mortality,AOS")
    differs, needless = _unknown(_linked(tmp_path, first_row + other + listed))
    assert "declared otherwise in plans/tjk-npa-2018/statistics.csv:2" in differs.what
    assert (needless.line, needless.value) == (4, "SH_DYN_NMRT")
    assert "npa's own list has the series" in needless.what
