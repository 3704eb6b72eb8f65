"""A dataset.toml drafted from a description: whole, and valid. Guesses are marked "check"; "" is to be completed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from transforms.quality.text import sentences
from transforms.statistics.describe import guess_codes
from transforms.statistics.describe.profile import Column
from transforms.statistics.describe.result import NATIONAL, Description
from transforms.statistics.describe.unknown_codes import Unknown
from transforms.text.toml import comment, key, quoted

COMPULSORY = ("statistic_id", "ref_area")
_CHECK = "# check"


def draft(found: Description) -> str:
    """The text of dataset.toml."""
    blocks = [
        _head(found),
        _concepts(found.columns),
        _constants(found),
        *_codes(found),
        _marks(found),
        _keep(found),
        *_layout(found.layout),
    ]
    return "\n\n".join("\n".join(lines) for block in blocks if (lines := list(block))) + "\n"


def _head(found: Description) -> Iterator[str]:
    stem = PurePosixPath(found.file).stem
    name = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-").upper() or "DATASET"
    yield f"# Drafted by npa dataset describe from {comment(found.file)}: {comment(found.kind)}."
    yield '# Lines with "check" are guesses. What is "" must be completed. docs/statistics.md explains every key.'
    yield f"dataset_id = {quoted(name)} {_CHECK}: names the data set for good"
    yield f"title = {quoted(stem)} {_CHECK}"
    for entry in ("publisher", "source_url", "licence"):
        yield f'{entry} = "?" {_CHECK}'
    yield f"retrieved_on = {found.day} {_CHECK}: the day of the file"
    yield f"format = {quoted(found.format)}"
    yield f"files = [{quoted(found.file)}]"
    if found.encoding:
        yield f"encoding = {quoted(found.encoding)} {_CHECK}: look at the letters beyond a-z"
    if found.delimiter and found.delimiter != ",":
        yield f"delimiter = {quoted(found.delimiter)}"
    if found.values.decimal == ",":
        yield 'decimal = ","'


def _concepts(columns: Sequence[Column]) -> Iterator[str]:
    listed = [column for column in columns if not column.is_ours]
    if listed:
        yield '[concepts] # "" sets a column aside'
    for column in listed:
        sure = "" if column.is_sure else f" {_CHECK}"
        yield f"{key(column.name)} = {quoted(column.target or '')}{sure}"


def missing(found: Description) -> list[str]:
    """Columns that must be there and are not."""
    needed = (*COMPULSORY, "time_period")
    return [column for column in needed if not found.by_target(column)] if found.columns else []


def _constants(found: Description) -> Iterator[str]:
    yield "[constants] # columns that the file does not have"
    for column in missing(found):
        near = f' # e.g. "{NATIONAL}"' if column == "ref_area" else f" # {_EXPLAINED[column]}"
        yield f'{column} = ""{near}'
    if not found.by_target("unit_measure"):
        yield '# unit_measure = "" # a code of schemas/code_lists/unit_measure.csv: PT, NUMBER, …'
    if not found.by_target("reporting_type"):
        yield '# reporting_type = "N" # N national, G global'


_EXPLAINED = {"statistic_id": "a code of schemas/code_lists/statistic_id.csv, or one of [define.statistic_id]",
              "time_period": "the year that all rows are about"}  # fmt: skip


def _codes(found: Description) -> Iterator[Iterator[str]]:
    for column in found.columns:
        if unknown := found.unknown.get(column.place):
            words = found.words[column.place]
            section = "series" if words.column == "statistic_id" else f"codes.{words.column}"
            yield _unknown(section, words.column, unknown)
    if found.periods.odd:
        yield _odd_periods(found.periods.odd)


def _unknown(section: str, column: str, unknown: Sequence[Unknown]) -> Iterator[str]:
    yield f"[{section}]"
    for one in unknown:
        check = f"{_CHECK}: " if one.near else "# "
        label = f"{comment(one.label)}; " if one.label else ""
        rows = sentences("{rows} row", "{rows} rows", n=one.rows, rows=f"{one.rows:,}")
        yield f"{key(one.code) if one.code else quoted('')} = {quoted(one.near)} {check}{label}{rows}"
    first = next((one for one in unknown if not one.near and one.code), None)
    if first:
        name = quoted(comment(first.label or first.code))
        yield f"# A code that no list has is defined, in place of its line above: [define.{column}]"
        yield f"# {key(first.code)} = {_defined(column, name)}"


def _defined(column: str, name: str) -> str:
    if column == "ref_area":
        return f'{{ name = {name}, parent_ref_area = "{NATIONAL}", level = 1 }}'
    return f'{{ name = {name}, unit_measure = "PT" }}' if column == "statistic_id" else name


def _odd_periods(odd: Mapping[str, str]) -> Iterator[str]:
    yield "[codes.time_period]"
    for text, near in odd.items():
        yield f"{key(text) if text else quoted('')} = {quoted(near)}{f' {_CHECK}' if near else ''}"


def _marks(found: Description) -> Iterator[str]:
    marks = {**dict.fromkeys(mark for mark, _ in found.values.marks), **found.marks_around}
    rows = dict(found.values.marks)
    if marks:
        yield "[marks] # printed in place of a number, or (#) around it → OBS_STATUS: O missing, Q suppressed, …"
    for mark in marks:
        status = found.marks_around.get(mark) or guess_codes.mark(mark)
        told = f"; {rows[mark]:,} cells" if mark in rows else ""
        yield f"{quoted(mark)} = {quoted(status)} {_CHECK}: the producer's legend{told}"


def _keep(found: Description) -> Iterator[str]:
    if found.keeps:
        yield f"[keep] {_CHECK}: the file has many areas, and one is Tajikistan; without this all are taken"
        yield f'ref_area = ["{NATIONAL}"]'


def _layout(layout: Mapping[str, Any]) -> Iterator[Iterator[str]]:
    if layout:
        yield _layout_head(layout)
    for name in ("labels", "groups"):
        if entries := layout.get(name):
            yield _layout_part(name, entries)


def _layout_head(layout: Mapping[str, Any]) -> Iterator[str]:
    yield f"[layout] {_CHECK}: where the header, the labels and the values stand"
    for name, value in layout.items():
        if not isinstance(value, Mapping):
            yield f"{name} = {_value(value)}"


def _value(value: int | str | Sequence[str]) -> str:
    if isinstance(value, int):
        return str(value)
    return quoted(value) if isinstance(value, str) else f"[{', '.join(map(quoted, value))}]"


_TOLD = {
    "labels": 'columns of labels and the names they get; "" sets one aside',
    "groups": 'headings, and the column that the rows below them belong to; "": the rows before any heading',
}


def _layout_part(name: str, entries: Mapping[str, str]) -> Iterator[str]:
    yield f"[layout.{name}] {_CHECK}: {_TOLD[name]}"
    for text, column in entries.items():
        yield f"{key(text) if text else quoted('')} = {quoted(column)}"
