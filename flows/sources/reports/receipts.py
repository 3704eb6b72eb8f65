"""received.csv, next to the folders of the raw data. Imports nothing heavy at the top."""

from typing import TYPE_CHECKING

from flows.sources.files import Inputs
from flows.sources.root_entries import RECEIVED

if TYPE_CHECKING:
    from flows.sources.plans import Plans


def add_receipts(plans: "Plans", inputs: Inputs) -> None:
    """Add to `plans` the days of receipt that received.csv states, and what is wrong with it, so that all problems are
    reported together."""
    if RECEIVED not in inputs.tables:
        return
    from transforms.reports.registers.receipts import read_receipts

    receipts, problems = read_receipts(inputs.tables[RECEIVED], RECEIVED, inputs.reports)
    plans.rows.add_all("dim_report_receipt", receipts)
    plans.problems += problems
