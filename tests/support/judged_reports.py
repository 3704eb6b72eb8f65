"""Reports on a plan that a test writes inline, judged in this process: a release in memory."""

import contextlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import duckdb

from flows.refresh import stages
from flows.refresh.attempt import new_release
from flows.refresh.build.database import open_release
from flows.sources.files import Inputs
from flows.sources.input_file import InputFile, file_state
from flows.sources.plans import gather, read_plans
from flows.sources.reports.receipts import add_receipts
from flows.sources.root_entries import RECEIVED
from flows.sources.statistics.stage import Statistics
from tests.support.inline_plan import FOLDER, InlinePlan
from tests.support.small_release import fill_without_figures

# A plan of one activity of two agencies, whether it is reported on by years, and a report of one of them.
ROWS = """
1|On water (recommendation 1)|Dig wells.|2019-2020|MOE, MOH|Wells dug.
"""
DAYS = '[reporting]\nopens = "10-01"\ndue = "01-31"\n'
HEADINGS = "activity_id,agency_id,time_period,reported_on,status,result_text"
MOE = "XKX-CRC-2019-01-01,XKX-MOE,2019,2020-01-10,in_progress,"


@contextlib.contextmanager
def judged(
    plan: InlinePlan, folder: Path, files: Mapping[str, str], as_of: str = "2021-06-30", received: str = ""
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield the release of a plan and of CSV files under progress/, by name, with the content of received.csv, and
    without figures. Raises InputRejected."""
    inputs = Inputs({}, _written(folder, files), tables={RECEIVED: received.encode()} if received else {})
    plans = gather([read_plans({FOLDER: plan.files()})])
    add_receipts(plans, inputs)
    statistics = Statistics(Path())
    frames = stages.validate(plans, statistics)
    with open_release() as con:
        fill_without_figures(con, frames, statistics, new_release(as_of, "test", "0" * 64), inputs)
        yield con


def _written(folder: Path, files: Mapping[str, str]) -> dict[str, InputFile]:
    reports = {}
    for name, content in sorted(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        digest = sha256(path.read_bytes()).hexdigest()
        reports[f"progress/{name}"] = InputFile(path, digest, None, file_state(path))
    return reports
