"""Fixtures for the tests of sources."""

from pathlib import Path

import pytest

from tests.support.one_data_set import Load, loader


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return a function that reads one data set from its files, with `toml` added to the compulsory keys."""
    return loader(tmp_path)
