"""Whether two readings of a plan are the same."""

from collections.abc import Callable

import pandas as pd

Frames = dict[str, pd.DataFrame]
Read = Callable[[str | bytes], Frames]


# What a re-export of the same plan may change: where things stand, and the bytes.
_PLACES = {"line_first", "line_last", "line_number", "line_count", "sha256", "issue_id"}


def same_plan(one: Frames, other: Frames) -> None:
    """Assert that two readings publish the same tables, but for the places of things in the file."""
    for name in one:
        if name == "source_line":
            continue
        first, second = (frames[name][[c for c in frames[name].columns if c not in _PLACES]] for frames in (one, other))
        if name == "quality_issue":
            first, second = (_issues(frame) for frame in (first, second))
        pd.testing.assert_frame_equal(first, second, obj=name)


def _issues(frame: pd.DataFrame) -> pd.DataFrame:
    """Judgements without those about page breaks, in an order that does not depend on lines."""
    kept = frame[frame["rule"] != "row_cut"].drop(columns=["message", "arguments"])  # which may name lines
    return kept.sort_values(list(kept.columns), ignore_index=True)
