"""A description in words."""

from collections.abc import Iterator
from itertools import groupby

from transforms.statistics.dataset.dataset_toml import NUMBERS
from transforms.statistics.describe.description import Description

_CODES = 30  # shown of a column
_CODES_SET_ASIDE = 3
_PROBLEMS = 5  # shown of those with one remedy


def report(description: Description) -> str:
    """Return format, sheets, columns with their codes, periods, values and what is still to decide, in sections."""
    sections = {
        f"# {description.file}": _format(description),
        "# Sheets": description.sheets,
        f"# Columns ({description.rows:,} rows)": _columns(description),
        "# Periods": filter(None, [description.periods]),
        "# Values": filter(None, [description.values]),
        "# Still to decide": _to_decide(description),
    }
    texts = {title: "\n".join(lines) for title, lines in sections.items()}
    return "\n\n".join(f"{title}\n{text}" for title, text in texts.items() if text) + "\n"


def _format(description: Description) -> Iterator[str]:
    yield f'{description.kind} (format = "{description.format}"), {description.size:,} bytes'
    if description.encoding:
        yield f"encoding: not UTF-8; it looks like {description.encoding} (check the letters beyond a-z)"
    if description.delimiter:
        yield f"delimiter: {description.delimiter!r}"
    if not description.is_all:
        yield f"looked at: the first {description.rows:,} rows, not all; npa check will read the whole file"


def _columns(description: Description) -> Iterator[str]:
    for column in description.columns:
        guess, blank = "" if column.is_sure else " (a guess)", f", {column.blank:,} blank" if column.blank else ""
        yield f"{column.name} → {column.target or 'set aside'}{guess}; {column.distinct:,} different{blank}"
        if column.target not in (*NUMBERS, "time_period"):
            shown = column.codes[: _CODES if column.target else _CODES_SET_ASIDE]
            for code, rows in shown:
                yield f"    {code[:60]}  {column.labels.get(code, '')[:80]}".rstrip() + f"  ×{rows:,}"
            if len(column.codes) > len(shown):
                yield f"    … and {column.distinct - len(shown):,} more"


def _to_decide(description: Description) -> Iterator[str]:
    yield "- dataset_id, title, publisher, source_url, licence, retrieved_on: from the producer's page."
    for _, group in groupby(description.problems, lambda problem: problem.remedy):
        problems = list(group)
        yield from (f"- {problem}" for problem in problems[:_PROBLEMS])
        if len(problems) > _PROBLEMS:
            yield f"  … and {len(problems) - _PROBLEMS:,} more of this kind"
    if not description.by_target("unit_measure"):
        yield "- The unit: no column says it; [constants] unit_measure."
