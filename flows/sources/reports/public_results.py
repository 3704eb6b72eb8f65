"""public.csv, at the top of the folder of raw data. Imports nothing heavy at the top."""

from typing import Any

from flows.sources.files import Inputs
from flows.sources.root_entries import PUBLIC
from transforms.errors import InputProblem


def read_public_results(inputs: Inputs) -> tuple[list[dict[str, Any]], list[InputProblem]]:
    """Return the rows of public_result that public.csv states, none without the file, and what is wrong with it."""
    if PUBLIC not in inputs.tables:
        return [], []
    from transforms.reports.registers.public_results import read_public_results as read

    return read(inputs.tables[PUBLIC], PUBLIC)
