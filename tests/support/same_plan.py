"""A comparison of two readings of a plan."""

from collections.abc import Callable

import pandas as pd

Frames = dict[str, pd.DataFrame]
Read = Callable[[str | bytes], Frames]


# What a re-export of the same plan may change: places in the file, and the bytes.
_PLACES = {"line_first", "line_last", "line_number", "line_count", "sha256", "issue_id"}


def same_plan(first_reading: Frames, second_reading: Frames) -> None:
    """Assert that two readings publish the same tables, apart from places in the file."""
    for name in first_reading:
        if name == "source_line":
            continue
        first, second = (
            frames[name][[c for c in frames[name].columns if c not in _PLACES]]
            for frames in (first_reading, second_reading)
        )
        if name == "quality_issue":
            first, second = (_issues(frame) for frame in (first, second))
        pd.testing.assert_frame_equal(first, second, obj=name)


def _issues(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the issues without those about page breaks, in an order that does not depend on lines."""
    issues = frame[frame["rule"] != "row_cut"].drop(columns=["message", "arguments"])  # texts that may name lines
    return issues.sort_values(list(issues.columns), ignore_index=True)
