"""Breakdowns of statistics that activities ask for (breakdowns.csv): the real ones, and those that are rejected."""

import shutil
from pathlib import Path

import pytest

from flows.sources.files import read_inputs
from flows.sources.plans import Plans, gather, read_plans
from schemas.enumerations import BREAKDOWNS
from tests.support.paths import ROOT
from transforms.quality.text import in_language

_FOLDER = Path("plans", "tjk-npa-2018")
_HEADER = "activity_id,activity_excerpt,breakdown,reason\n"
_GOOD = "TJK-CRC-2018-05-02,gender,sex,Why.\n"


def _asked(tmp_path: Path, rows: str) -> Plans:
    """Return the real plan with these breakdowns."""
    shutil.copytree(ROOT / "raw" / _FOLDER, tmp_path / _FOLDER)
    (tmp_path / _FOLDER / "breakdowns.csv").write_text(_HEADER + rows, encoding="utf-8")
    return gather([read_plans(read_inputs(tmp_path).folders())])


def test_the_real_plan_asks_for_what_its_activity_prints() -> None:
    plans = gather([read_plans(read_inputs(ROOT / "raw").folders())])
    assert plans.problems == []
    asked = plans.rows.tables["bridge_activity_breakdown"]
    assert set(asked["activity_id"]) == {"TJK-CRC-2018-05-02"}
    assert set(asked["breakdown"]) == {*BREAKDOWNS} - {"education"}


@pytest.mark.parametrize("breakdown", BREAKDOWNS)
def test_every_breakdown_can_be_asked_for(tmp_path: Path, breakdown: str) -> None:
    plans = _asked(tmp_path, _GOOD.replace(",sex,", f",{breakdown},"))
    assert (plans.problems, plans.rows.column("bridge_activity_breakdown", "breakdown")) == ([], [breakdown])


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (_GOOD + _GOOD, "breakdowns.csv:3: the activity asks for the breakdown twice"),
        (_GOOD.replace("05-02", "05-09"), "breakdowns.csv:2: the document has no such activity"),
        (_GOOD.replace("gender", "gendre"), "breakdowns.csv:2: activity TJK-CRC-2018-05-02 does not print the words"),
        (_GOOD.replace("sex", "colour"), "breakdowns.csv:2: breakdown: it is none of"),
        (_GOOD.replace("Why.", ""), "breakdowns.csv:2: reason:"),
    ],
)
def test_what_the_plan_does_not_ask_for_is_rejected(tmp_path: Path, rows: str, fault: str) -> None:
    (problem,) = _asked(tmp_path, rows).problems
    assert fault in str(problem)
    if "Input" not in fault and "reason" not in fault:
        assert {in_language(problem.what, language) for language in ("ru", "tg")}.isdisjoint({str(problem.what)})


def test_a_plan_without_the_table_asks_for_nothing(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "raw" / _FOLDER, tmp_path / _FOLDER)
    (tmp_path / _FOLDER / "breakdowns.csv").unlink()
    plans = gather([read_plans(read_inputs(tmp_path).folders())])
    assert (plans.problems, [*plans.rows.of("bridge_activity_breakdown")]) == ([], [])
