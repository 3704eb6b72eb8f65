"""Marks for some of the cases of a test."""

from collections.abc import Collection, Iterable
from typing import Any

import pytest
from _pytest.mark import ParameterSet


def but(mark: pytest.MarkDecorator, cases: Iterable[Any], quick: Collection[Any]) -> list[ParameterSet]:
    """Return the cases of one parameter with a mark, except those that `make test` tries too."""
    missing = [case for case in quick if case not in (cases := list(cases))]
    assert not missing, missing
    return [pytest.param(case, marks=() if case in quick else mark) for case in cases]
