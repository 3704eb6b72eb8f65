"""A plan that is rejected: the series that only its links declare are not unknown to the statistics."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.refresh import stages
from flows.sources.files import read_inputs
from flows.sources.plans import gather, read_plans
from tests.support.one_data_set import HEAD, PLAIN
from tests.support.paths import ROOT
from transforms.errors import InputProblem, InputRejected

FOLDER = "plans/tjk-npa-2018"
DECLARED = "HT_REG_CHLD_DISAB"  # by a link of the plan, and by nothing else
RANGES = (
    "statistic_id,ref_area,unit_measure,unit_mult,range_kind,least,most,source,source_url,reason\n"
    f"{DECLARED},TJ,NUMBER,0,observed,1,2,s,https://example.org,r\n"
)
SERIES = f"statistic_id,theme,population,source_kind,reason\n{DECLARED},,children,,r\n"
TOML = HEAD + '[keep]\nref_area = ["TJ"]\n'


def _problems(raw: Path) -> list[InputProblem]:
    inputs = read_inputs(raw)
    plans = gather([read_plans(inputs.folders())])
    try:
        stages.validate(plans, stages.read_statistics(inputs, raw / "work"))
    except InputRejected as rejected:
        return rejected.problems
    return []


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Return a folder with the real plan, and statistics of a series that its links declare."""
    shutil.copytree(ROOT / "raw" / FOLDER, tmp_path / FOLDER)
    folder = tmp_path / "statistics" / "test"
    folder.mkdir(parents=True)
    (folder / "dataset.toml").write_text(TOML, encoding="utf-8")
    (folder / "a.csv").write_text(f"{PLAIN}{DECLARED},TJ,2017,1\n", encoding="utf-8")
    (tmp_path / "statistics" / "series.csv").write_text(SERIES, encoding="utf-8")
    (tmp_path / "statistics" / "plausible_ranges.csv").write_text(RANGES, encoding="utf-8")
    return tmp_path


def test_a_series_that_only_links_declare_is_known(raw: Path) -> None:
    assert _problems(raw) == []


Change = Callable[[bytes], bytes]
CHANGES: dict[str, tuple[str, Change]] = {
    "a key of plan.toml": ("plan.toml", lambda data: data.replace(b"\ntitle_phrase", b"\ntitel_phrase", 1)),
    "the encoding": ("national-plan-of-action-2018-2022.txt", lambda data: data + b"\xff"),
    "a line": (
        "national-plan-of-action-2018-2022.txt",
        lambda data: data.replace(b"2. Improve the mechanism for registration of", b"Improve registration of"),
    ),
    "a count": ("plan.toml", lambda data: data.replace(b"measures = 35", b"measures = 99")),
    "another table": ("themes.csv", lambda data: data + b"wrong\n"),
    "a link": ("statistics.csv", lambda data: data.replace(b",contextual,", b",wrong,", 1)),
    "the declaration itself": (
        "statistics.csv",
        lambda data: data.replace(f"{DECLARED},contextual".encode(), f"{DECLARED},wrong".encode()).replace(
            f"{DECLARED},direct".encode(), f"{DECLARED},wrong".encode()
        ),
    ),
    "the heading of links": ("statistics.csv", lambda data: data.replace(b"statistic_id", b"series", 1)),
    "the quotes of links": ("statistics.csv", lambda data: data.replace(b'"', b'""', 1)),
    "the encoding of links": ("statistics.csv", lambda data: data.decode().encode("utf-16")),
    "the commas of links": ("statistics.csv", lambda data: data.replace(b",", b";")),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_rejected_plan_makes_no_data_set_wrong(raw: Path, what: str) -> None:
    name, change = CHANGES[what]
    path = raw / FOLDER / name
    data = path.read_bytes()
    assert change(data) != data
    path.write_bytes(change(data))
    problems = _problems(raw)
    assert problems
    assert not [str(problem) for problem in problems if not problem.path.startswith(FOLDER)]
    assert not [str(problem) for problem in problems if "no list of npa" in problem.what]


def test_what_is_wrong_with_a_data_set_is_said_next_to_a_rejected_plan(raw: Path) -> None:
    path = raw / FOLDER / "plan.toml"
    path.write_bytes(CHANGES["a key of plan.toml"][1](path.read_bytes()))
    data = raw / "statistics" / "test" / "a.csv"
    data.write_text(data.read_text() + "UNKNOWN_SERIES,TJ,2017,1\n")
    series = raw / "statistics" / "series.csv"
    series.write_text(series.read_text() + "ANOTHER,,children,,r\n")
    problems = "\n".join(map(str, _problems(raw)))
    assert (
        'statistics/test/a.csv:3: statistic_id has a code that no list of npa has, in 1 rows: "UNKNOWN_SERIES"'
        in problems
    )
    assert "statistics/series.csv:3: the series is in no list of npa" in problems
    assert f'"{DECLARED}".' not in problems
