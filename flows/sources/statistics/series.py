"""series.csv, next to the folders of the data sets. Imports nothing heavy at the top."""

from collections.abc import Sequence
from typing import Any

from flows.sources.files import SERIES, Inputs
from flows.sources.statistics.datasets import Received, file_problems
from schemas.code_lists import code_list
from transforms.errors import InputProblem
from transforms.statistics.series_table import read_series


def receive_series(
    inputs: Inputs, received: Sequence[Received] | None, declared: Sequence[str]
) -> tuple[list[dict[str, Any]], list[InputProblem]]:
    """Return what series.csv says of series, nothing without the file, and what is wrong with it.

    A series may be npa's, of the data sets `received`, or one that plans have `declared`; where `received` is None,
    this is not checked."""
    file = inputs.statistics.get(SERIES)
    if file is None:
        return [], []
    if problems := list(file_problems(file, file.path.parent, SERIES)):
        return [], problems
    if received is None:
        return read_series(file.path.read_bytes(), SERIES, None)
    defined = (code for source in received for code, _ in source.dataset.defined("statistic_id"))
    return read_series(file.path.read_bytes(), SERIES, {*code_list("statistic_id"), *defined, *declared})
