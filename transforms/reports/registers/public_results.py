"""public.csv: the results in words that the officer has read and lets the public read."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import Field

from transforms.errors import InputProblem, problem_in
from transforms.reports.cells.days import read_dates
from transforms.tables.strict_csv import Cell, TableRow, Text, read_table

# Of `marked`, rows of public_result, those of which no accepted report has this key and this text.
UNMATCHED = """
SELECT m.source_row, concat_ws(' ', m.activity_id, m.agency_id, nullif(m.reporting_unit, '_T'), m.time_period,
                               m.reported_on) AS place
FROM marked AS m
ANTI JOIN fact_progress AS f USING (activity_id, agency_id, reporting_unit, time_period, reported_on, result_text)
ORDER BY m.source_row"""


_AS_TEXT = re.compile("^'(?=[=+@＝＋－＠-])")  # what npa query --format csv writes before a text like "- done"


class PublicRow(TableRow):
    """A result that may be published: the report by its key, and the text, so that no other text is published in its
    place when a report is replaced."""

    file = "public.csv"
    activity_id: Text
    agency_id: Text
    reporting_unit: Cell = Field(description="blank: the agency has no units")
    time_period: Text
    reported_on: Text
    result_text: Text


def read_public_results(data: bytes, path: str) -> tuple[list[dict[str, Any]], list[InputProblem]]:
    """Return the rows of `public_result` that the table at `path` states, and what is wrong with it."""
    read = list(read_table(PublicRow, data, path))
    rows = [row for row in read if isinstance(row, PublicRow)]
    problems = [row for row in read if isinstance(row, InputProblem)]
    days = {text: day for text, (day, _) in read_dates({row.reported_on for row in rows}).items()}
    what, remedy = "reported_on: it is no day that can be read in one way only", "Write it like 2020-01-31."
    unread = [row for row in rows if days[row.reported_on] is None]
    problems += [problem_in(path, row.line, what, remedy, row.reported_on) for row in unread]
    keyed = [
        row.model_dump(exclude={"line"})
        | {"result_text": _AS_TEXT.sub("", row.result_text)}
        | {"reporting_unit": row.reporting_unit or "_T", "reported_on": days[row.reported_on], "source_row": row.line}
        for row in rows
    ]
    return keyed, [*problems, *_repeated(keyed, path)]


def _repeated(rows: list[dict[str, Any]], path: str) -> Iterator[InputProblem]:
    lines: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(str(value) for name, value in row.items() if name not in ("result_text", "source_row"))
        if (first := lines.setdefault(key, row["source_row"])) != row["source_row"]:
            what, remedy = "the report is in line {first} already", "Keep one of the two lines."
            yield problem_in(path, row["source_row"], what, remedy, " ".join(key), first=first)


def unmatched(line: int, place: str, path: str) -> InputProblem:
    """Return the problem of a line that no accepted report matches."""
    what = "no accepted report has this key and this result (any more)"
    remedy = "Read the result again and copy it from fact_progress.result_text as it is, or take the line out."
    return problem_in(path, line, what, remedy, place)
