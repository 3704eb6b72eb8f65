"""withdrawn.csv, at the top of the folder of raw data. Imports nothing heavy at the top."""

from typing import TYPE_CHECKING

from flows.sources.files import Inputs
from flows.sources.root_entries import WITHDRAWN
from transforms.errors import InputProblem

if TYPE_CHECKING:
    from transforms.reports.registers.withdrawals import Withdrawal


def read_withdrawals(inputs: Inputs) -> "tuple[list[Withdrawal], list[InputProblem]]":
    """Return the rows of withdrawn.csv, none without the file, and what is wrong with it."""
    if WITHDRAWN not in inputs.tables:
        return [], []
    from transforms.reports.registers.withdrawals import read_withdrawals as read

    return read(inputs.tables[WITHDRAWN], WITHDRAWN)
