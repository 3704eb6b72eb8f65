"""plausible_ranges.csv, next to the folders of the data sets. Imports nothing heavy at the top."""

from collections.abc import Sequence
from typing import Any

from flows.sources.files import RANGES, Inputs
from flows.sources.statistics.datasets import Received, file_problems
from schemas.code_lists import code_list
from transforms.errors import InputProblem
from transforms.statistics.quality.plausible_ranges import read_ranges

_CODES = ("statistic_id", "ref_area", "unit_measure")


def receive_ranges(
    inputs: Inputs, received: Sequence[Received] | None, declared: Sequence[str]
) -> tuple[list[dict[str, Any]], list[InputProblem]]:
    """Return the rows of dim_plausible_range, none without the file, and what is wrong with it.

    Codes may be npa's, of the data sets `received`, or series that plans have `declared`; where `received` is None,
    they are not checked."""
    file = inputs.statistics.get(RANGES)
    if file is None:
        return [], []
    if problems := list(file_problems(file, file.path.parent, RANGES)):
        return [], problems
    if received is None:
        return read_ranges(file.path.read_bytes(), RANGES, {})
    known = {
        column: {*code_list(column), *(code for source in received for code, _ in source.dataset.defined(column))}
        for column in _CODES
    }
    known["statistic_id"] |= {*declared}
    return read_ranges(file.path.read_bytes(), RANGES, known)
