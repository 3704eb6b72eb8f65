"""Data sets judged by the quality rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.judged_figures import Find, Found, Opened, opened_in


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Yield a function that fills the database of a release with these data sets and opens it."""
    yield from opened_in(tmp_path)


@pytest.fixture
def find(opened: Opened) -> Find:
    """Return a function that lists what the rules find in data set A: rule → rows of its file."""

    def run(**datasets: str) -> Found:
        issues = opened(**datasets).execute(
            """SELECT rule, list(line_number ORDER BY line_number) FROM quality_issue
               WHERE source_file = 'statistics/a/data.csv' GROUP BY rule"""
        )
        return dict(issues.fetchall())

    return run
