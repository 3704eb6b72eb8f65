"""A dataset.toml drafted from a description: whole, and valid. Guesses are marked "check"; "" is to be completed."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from transforms.statistics.describe.description import NATIONAL, Description, Entry, column_of_section
from transforms.text.toml import comment, key, quoted

_CONSTANTS = {
    "statistic_id": "a code of schemas/code_lists/statistic_id.csv, or one of [define.statistic_id]",
    "ref_area": f'e.g. "{NATIONAL}"',
    "time_period": "the year that all rows are about",
}
_TITLES = {
    "concepts": '"" sets a column aside',
    "constants": "columns that the file does not have",
    "marks": "printed in place of a number, or (#) around it → OBS_STATUS: O missing, Q suppressed, …",
    "keep": "check: the file has many areas, and one is Tajikistan; without this all are taken",
    "layout": "check: where the header, the labels and the values stand",
    "layout.labels": 'check: columns of labels and the names they get; "" sets one aside',
    "layout.groups": 'check: headings, and the column of the rows below them; "": the rows before any heading',
}


def draft(description: Description) -> str:
    """Return the text of dataset.toml."""
    columns, layout = description.columns, description.layout
    sections: dict[str, Iterable[Entry]] = {
        "concepts": [(c.name, c.target or "", "" if c.is_sure else "check") for c in columns if not c.is_ours],
        "constants": [(column, "", _CONSTANTS[column]) for column in description.missing() if column in _CONSTANTS],
        **description.gaps,
        "keep": [(column, codes, "") for column, codes in description.keep.items()],
        "layout": [(name, value, "") for name, value in layout.items() if not isinstance(value, dict)],
        **{f"layout.{part}": [(text, name, "") for text, name in layout.get(part, {}).items()]
           for part in ("labels", "groups")},
    }  # fmt: skip
    parts = [_head(description)]
    for section, entries in sections.items():
        lines = [*_lines(entries), *_hints(section, description)]
        if lines:
            title = f" # {_TITLES[section]}" if section in _TITLES else ""
            parts.append([f"[{section}]{title}", *lines])
    return "\n\n".join(map("\n".join, parts)) + "\n"


def _lines(entries: Iterable[Entry]) -> list[str]:
    return [f"{key(name)} = {_value(value)}{f' # {note}' if note else ''}" for name, value, note in entries]


def _value(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(quoted, value))}]"
    return quoted(value) if isinstance(value, str) else str(value)


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
    ]
    if description.encoding:
        entries.append(("encoding", description.encoding, "check: look at the letters beyond a-z"))
    if description.delimiter and description.delimiter != ",":
        entries.append(("delimiter", description.delimiter, ""))
    if description.decimal != ".":
        entries.append(("decimal", description.decimal, ""))
    return [
        f"# Drafted by npa dataset describe from {comment(description.file)}: {comment(description.kind)}.",
        '# Lines with "check" are guesses. What is "" must be completed. docs/guides/statistics.md explains every key.',
        *_lines(entries),
    ]


def _hints(section: str, description: Description) -> list[str]:
    """Return what may be added to a section, as comments: constants, the definition of a code that no list has."""
    hints = {
        "unit_measure": '# unit_measure = "" # a code of schemas/code_lists/unit_measure.csv: PT, NUMBER, …',
        "reporting_type": '# reporting_type = "N" # N national, G global',
    }
    if section == "constants":
        return [hint for column, hint in hints.items() if not description.by_target(column)]
    unknown = [(code, label) for code, guess, label in description.gaps.get(section, ()) if code and not guess]
    if not unknown or section in ("marks", "codes.time_period"):
        return []
    column, (code, label) = column_of_section(section), unknown[0]
    name = quoted(label or comment(code))
    if column == "ref_area":
        name = f'{{ name = {name}, parent_ref_area = "{NATIONAL}", level = 1 }}'
    elif column == "statistic_id":
        name = f'{{ name = {name}, unit_measure = "PT" }}'
    return [
        f"# A code that no list has is defined, in place of its line above: [define.{column}]",
        f"# {key(code)} = {name}",
    ]
