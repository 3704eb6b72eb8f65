"""What `npa check` prints of reports and statistics."""

import pandas as pd

from flows.refresh.attempt import new_release
from flows.refresh.build.database import balance, count_sources, fill, open_release
from flows.refresh.missing_sources import Guard
from flows.refresh.stages import database_faults
from flows.sources.files import Inputs
from flows.sources.statistics.stage import Statistics
from transforms.printable import printable

_DATASETS = """
SELECT concat(dataset_id, ': ', rows_read, ' rows read = ', observations, ' published + ', rows_set_aside,
              ' set aside + ', rows_repeated, ' repeated')
FROM dim_dataset ORDER BY dataset_id"""
# Heading of a list, and its lines.
_LISTS = {
    "published as they are, and flagged:": """
        SELECT concat_ws(' row ', source_file, line_number) || ': ' || message
        FROM quality_issue WHERE source_file LIKE 'statistics/%' ORDER BY issue_id""",
    "refused, and open:": """
        SELECT concat_ws(' ', source_file, source_sheet, 'row ' || source_row) || ': ' || message
        FROM rejected_row WHERE state = 'open' ORDER BY rejection_id""",
    "accepted, but worth a look:": """
        SELECT concat_ws(' row ', source_file, line_number) || ': ' || message
        FROM quality_issue WHERE source_file LIKE 'progress/%' OR source_file LIKE 'evidence%' ORDER BY issue_id""",
}


def check_reports(
    frames: dict[str, pd.DataFrame], statistics: Statistics, inputs: Inputs, as_of: str, guard: Guard
) -> None:
    """Read reports and judge statistics as a refresh does, in memory, and print what it would find. Raises
    InputRejected where sources have lost rows."""
    release = new_release(as_of, "check", "0" * 64)
    with database_faults(), open_release() as con:
        fill(con, frames, statistics, release, inputs)
        print(balance(con), *(line for (line,) in con.execute(_DATASETS).fetchall()), sep="\n")
        for heading, query in _LISTS.items():
            if lines := con.execute(query).fetchall():
                print(heading, *(f"  {printable(line)}" for (line,) in lines), sep="\n")
        guard.check_rows(count_sources(con))
