"""Progress messages for a person at a terminal."""

from dataclasses import fields

from flows.refresh.stages import Stages
from flows.runtime import progress


def test_every_stage_has_a_description() -> None:
    words = dict(progress._DOING)
    words.pop("check_reports")  # only in `npa check`
    assert list(words) == [field.name for field in fields(Stages)]
    assert all(words.values())
