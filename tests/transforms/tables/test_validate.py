"""Frames that break a rule of their tables, or one that spans tables."""

from collections.abc import Callable
from typing import Any

import duckdb
import pandas as pd
import pytest

from tests.support.same_plan import Frames
from transforms.errors import InputRejected
from transforms.tables.validate import validate


def _broken(real: Frames, change: Callable[[Frames], None]) -> list[str]:
    frames = {name: frame.copy() for name, frame in real.items()}
    change(frames)
    return [str(problem) for problem in validate(frames, duckdb.connect())]


@pytest.mark.parametrize(
    ("table", "column", "value", "expected"),
    [
        ("dim_activity", "measure_id", "TJK-CRC-2018-99", "measure_id is not in dim_measure.measure_id"),
        ("dim_activity", "activity_number", 7, "activities are numbered"),
        ("dim_activity", "window_end", "2030-12-31", "the window is"),
        ("dim_activity", "timeframe", "sometimes", "timeframe fails isin"),
        ("dim_activity", "activity_text", None, "activity_text fails not_nullable"),
        ("dim_activity", "activity_id", "TJK-CRC-2018-01-02", "unique"),
        ("bridge_activity_agency", "position", 9, "positions of agencies have gaps"),
        ("fact_activity_year", "is_due_year", True, "years of the window"),
        ("source_line", "line_number", 999, "lines: 214"),
        ("dim_agency_alias", "agency_id", "TJK-AOS", "nobody explains the agency"),
    ],
)
def test_a_broken_frame_is_refused(real: Frames, table: str, column: str, value: object, expected: str) -> None:
    def change(frames: Frames) -> None:
        frame = frames[table]
        rows = frame.index if table == "dim_agency_alias" else frame.index[:1]
        new: Any = pd.Timestamp(str(value)) if column == "window_end" else value
        frame.loc[rows, column] = new

    problems = _broken(real, change)
    assert any(expected in problem for problem in problems), problems


@pytest.mark.parametrize("numbers", [1, None])
def test_numbers_in_a_column_of_text_are_refused(real: Frames, numbers: int | None) -> None:
    def change(frames: Frames) -> None:
        texts = list(frames["dim_activity"]["activity_text"])
        frames["dim_activity"]["activity_text"] = pd.Series([*range(len(texts))[:numbers], *texts][: len(texts)])

    assert any("activity_text fails dtype('string" in problem for problem in _broken(real, change))


def test_a_measure_without_activities_is_refused(real: Frames) -> None:
    def change(frames: Frames) -> None:
        for name in ("dim_activity", "bridge_activity_agency", "fact_activity_year", "quality_issue"):
            frame = frames[name]
            frames[name] = frame[~frame["activity_id"].fillna("").str.startswith("TJK-CRC-2018-02-")]

    assert any("TJK-CRC-2018-02: the measure has no activity" in p for p in _broken(real, change))


def test_refusal_lists_problems_in_order() -> None:
    from transforms.errors import InputProblem

    refusal = InputRejected(
        [
            InputProblem("x", "y", path="b", line=2),
            InputProblem("x", "y", path="a", line=9, value="v"),
            InputProblem("x", "y", path="b", line=1),
        ]
    )
    assert str(refusal).splitlines() == ['a:9: x: "v". y', "b:1: x. y", "b:2: x. y"]
