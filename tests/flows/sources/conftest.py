"""What tests of sources share."""

from pathlib import Path

import pytest

from tests.support.one_data_set import Load, loader


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Read one data set from its files, `toml` added to the compulsory keys."""
    return loader(tmp_path)
