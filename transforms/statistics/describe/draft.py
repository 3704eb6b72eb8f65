"""A description in words, and a dataset.toml drafted from it: whole, and valid. Guesses are marked "check"; "" is to be
completed."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import PurePosixPath

from transforms.statistics.dataset.dataset_toml import NUMBERS
from transforms.statistics.describe.description import NATIONAL, Description, Entry, column_of_section
from transforms.text.toml import comment, key, quoted

_CODES = 30  # shown of a column
_CODES_SET_ASIDE = 3
_PROBLEMS = 5  # shown of those with one remedy
_CONSTANTS = {
    "statistic_id": "a code of schemas/code_lists/statistic_id.csv, or one of [define.statistic_id]",
    "ref_area": f'e.g. "{NATIONAL}"',
    "time_period": "the year that all rows are about",
}
_TITLES = {
    "[composite]": "check: codes that differ by what their groups name; all else stays in the code of the series",
    "concepts": '"" sets a column aside',
    "constants": "columns that the file does not have",
    "marks": "printed in place of a number, or (#) around it → OBS_STATUS: O missing, Q suppressed, …",
    "keep": "check: the file has many areas, and one is Tajikistan; without this all are taken",
    "layout": "check: where the header, the labels and the values stand",
    "layout.labels": 'check: columns of labels and the names they get; "" sets one aside',
    "layout.groups": 'check: headings, and the column of the rows below them; "": the rows before any heading',
}
_HINTS = {
    "unit_measure": '# unit_measure = "" # a code of schemas/code_lists/unit_measure.csv: PT, NUMBER, …',
    "reporting_type": '# reporting_type = "N" # N national, G global',
}


def report(description: Description) -> str:
    """Return format, sheets, columns with their codes, periods, values and what is still to decide, in sections."""
    sections = {
        f"# {description.file}": _format(description),
        "# Sheets": description.sheets,
        "# Data sets": _data_sets(description),
        f"# Columns ({description.rows:,} rows)": _columns(description),
        "# Codes that nothing in [[composite]] of its dataset.toml reads": description.unread,
        "# Periods": [description.periods],
        "# Values": [description.values],
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


def _data_sets(description: Description) -> Iterator[str]:
    for name, label in description.data_sets.items():
        yield f"{name}  {label}".rstrip() + (" (described here)" if [name] == description.select else "")


def _columns(description: Description) -> Iterator[str]:
    for column in description.columns:
        guess, blank = "" if column.is_sure else " (a guess)", f", {column.blank:,} blank" if column.blank else ""
        is_read = description.composite and column.name == description.composite.column
        target = "read by [[composite]]" if is_read else column.target or "set aside"
        yield f"{column.name} → {target}{guess}; {column.distinct:,} different{blank}"
        if column.target not in (*NUMBERS, "time_period"):
            shown = column.codes[: _CODES if column.target else _CODES_SET_ASIDE]
            for code, rows in shown:
                meaning = description.meanings.get(column.name, {}).get(code)
                ours = f"  | npa: {meaning[:80]}" if meaning else ""
                yield f"    {code[:60]}  {column.labels.get(code, '')[:80]}".rstrip() + f"{ours}  ×{rows:,}"
            if len(column.codes) > len(shown):
                yield f"    … and {column.distinct - len(shown):,} more"


def _to_decide(description: Description) -> Iterator[str]:
    yield from (f"- {note}" for note in description.notes)
    yield "- dataset_id, title, publisher, source_url, licence, retrieved_on: from the producer's page."
    for _, group in groupby(description.problems, lambda problem: problem.remedy):
        problems = list(group)
        yield from (f"- {problem}" for problem in problems[:_PROBLEMS])
        if len(problems) > _PROBLEMS:
            yield f"  … and {len(problems) - _PROBLEMS:,} more of this kind"
    if not description.by_target("unit_measure"):
        yield "- The unit: no column says it; [constants] unit_measure."


def draft(description: Description) -> str:
    """Return the text of dataset.toml."""
    columns, layout = description.columns, description.layout
    missing = [column for column in _CONSTANTS if columns and not description.by_target(column)]
    composite = description.composite.model_dump(include={"column", "pattern"}) if description.composite else {}
    sections: dict[str, Iterable[Entry]] = {
        "[composite]": [(name, value, "") for name, value in composite.items()],
        "concepts": [(c.name, c.target or "", "" if c.is_sure else "check") for c in columns if not c.is_ours],
        "constants": [(column, "", _CONSTANTS[column]) for column in missing],
        **description.gaps,
        "keep": [(column, codes, "") for column, codes in description.keep.items()],
        "layout": [(name, value, "") for name, value in layout.items() if not isinstance(value, dict)],
        "layout.labels": [(text, name, "") for text, name in layout.get("labels", {}).items()],
        "layout.groups": [(text, name, "") for text, name in layout.get("groups", {}).items()],
    }
    text = _head(description)
    for section, entries in sections.items():
        if lines := [*_lines(entries), *_hints(section, description)]:
            text += ["", f"[{section}]" + (f" # {_TITLES[section]}" if section in _TITLES else ""), *lines]
    return "\n".join(text) + "\n"


def _lines(entries: Iterable[Entry]) -> Iterator[str]:
    for name, value, note in entries:
        text = quoted(value) if isinstance(value, str) else str(value)
        if isinstance(value, str) and "\n" in value and "'''" not in value:
            text = f"'''{value}'''"
        if isinstance(value, list):
            text = f"[{', '.join(map(quoted, value))}]"
        yield f"{key(name)} = {text}{f' # {note}' if note else ''}"


def _head(description: Description) -> list[str]:
    stem = PurePosixPath(description.file).stem
    name = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-").upper() or "DATASET"
    entries: list[Entry] = [
        ("dataset_id", name, "check: names the data set for good"),
        ("title", stem, "check"),
        *((entry, "?", "check") for entry in ("publisher", "source_url", "licence")),
        ("retrieved_on", description.day, "check: the day of the file"),
        ("format", description.format, ""),
        ("files", [description.file], ""),
        *(
            ("select", name, "check: one of " + comment(", ".join(description.data_sets)))
            for name in description.select
        ),
        ("encoding", description.encoding, "check: look at the letters beyond a-z"),
        ("delimiter", description.delimiter, ""),
        ("decimal", description.decimal, ""),
        ("own_codes", description.own_codes, "check: these columns have npa's codes, but for those mapped below"),
    ]
    usual: list[tuple[str, object]] = [("encoding", None), ("delimiter", None), ("delimiter", ","), ("decimal", ".")]
    usual.append(("own_codes", []))
    return [
        f"# Drafted by npa dataset describe from {comment(description.file)}: {comment(description.kind)}.",
        '# Lines with "check" are guesses. What is "" must be completed. docs/guides/statistics.md explains every key.',
        *_lines(entry for entry in entries if entry[:2] not in usual),
        '# source_kind = "survey" # or census, register, model, where the producer says so'
        '; survey = "its name", field_years = "2017"',
    ]


def _hints(section: str, description: Description) -> list[str]:
    """Return what may be added to a section, as comments: constants, the definition of a code that no list has."""
    if section == "constants":
        return [hint for column, hint in _HINTS.items() if not description.by_target(column)]
    listed = {code for meanings in description.meanings.values() for code in meanings}
    gaps = [gap for gap in description.gaps.get(section, ()) if gap[0] not in listed]
    unknown = [(code, label) for code, guess, label in gaps if code and not guess]
    if not unknown or section in ("marks", "codes.time_period"):
        return []
    column, (code, label) = column_of_section(section), unknown[0]
    name = quoted(label or comment(code))
    details = {"ref_area": f'parent_ref_area = "{NATIONAL}", level = 1', "statistic_id": 'unit_measure = "PT"'}
    name = f"{{ name = {name}, {details[column]} }}" if column in details else name
    heading = f"# A code that no list has is defined, in place of its line above: [define.{column}]"
    return [heading, f"# {key(code)} = {name}"]
