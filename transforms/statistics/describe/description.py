"""A file as `npa dataset describe` sees it: guesses, and what the loader's own checks say of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from transforms.errors import InputProblem
from transforms.statistics.dataset.codes import Vocabulary
from transforms.statistics.dataset.columns import columns_of
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.statistics.describe import codes as guesses
from transforms.statistics.describe.columns import MOST_CODES, Column
from transforms.statistics.loading.observations import publish
from transforms.statistics.loading.preflight import COMPULSORY, column_faults
from transforms.statistics.loading.staging import StagedFile, Staging, by_label, prepare, stage
from transforms.statistics.loading.validation import Judged, judge_keys, judge_rows
from transforms.text.lines import fold
from transforms.text.toml import comment, key

NATIONAL = "TJ"
# In place of compulsory columns that a file lacks: the other checks need them.
_STAND_INS: dict[str, str | int] = dict(zip(COMPULSORY, ("SH_DYN_MORT", NATIONAL, "2000", 0), strict=True))
_MANY_AREAS = 20
_FREQUENCIES = {"A": "years", "S": "half-years", "Q": "quarters", "M": "months"}

Entry = tuple[str, object, str]  # key, value and comment in dataset.toml


@dataclass(slots=True)
class Description:
    """One file. `gaps`: what dataset.toml lacks, by section, "" for a value that nobody can guess."""

    file: str
    size: int
    format: str
    kind: str  # the format in words
    day: date  # of the file
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str = "."
    series_column: str = ""  # as a PC-Axis file says
    sheets: Sequence[str] = ()  # a line for each
    layout: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)  # around numbers
    rows: int = 0
    is_all: bool = True  # False: only the first rows were looked at
    columns: Sequence[Column] = ()
    keep: dict[str, list[str]] = field(default_factory=dict)
    problems: Sequence[InputProblem] = ()
    gaps: dict[str, list[Entry]] = field(default_factory=dict)
    periods: str = ""
    values: str = ""

    def by_target(self, target: str) -> Column | None:
        """Return the column that becomes one of ours."""
        return next((column for column in self.columns if column.target == target), None)

    def missing(self) -> list[str]:
        """Return the compulsory columns that the file does not have."""
        return [column for column in COMPULSORY if self.columns and not self.by_target(column)]

    def dataset(self) -> Dataset:
        """Return what is known of the file, as a reader and the loader take it."""
        toml: dict[str, Any] = dict.fromkeys(("title", "publisher", "source_url", "licence"), "?")
        toml |= {"dataset_id": "DRAFT", "retrieved_on": self.day, "format": self.format, "files": [self.file]}
        toml |= {"encoding": self.encoding, "decimal": self.decimal, "keep": self.keep, "marks": self.marks}
        toml["delimiter"] = self.delimiter if self.format == "csv" else None
        toml["concepts"] = {self.series_column: "statistic_id"} if self.series_column else {}
        toml["concepts"] |= {c.name: c.target for c in self.columns if c.target is not None and not c.is_ours}
        return Dataset.model_validate(toml | ({"layout": self.layout} if self.layout else {}))


def check(
    con: duckdb.DuckDBPyConnection,
    description: Description,
    labels: Mapping[str, Mapping[str, str]],
    first_row: int | None,
) -> None:
    """Run the loader's checks on the table `looked`, by what was guessed, and note what they say."""
    names, dataset = [column.name for column in description.columns], description.dataset()
    words, area = prepare(con, dataset, {}), description.by_target("ref_area")
    areas = {words["ref_area"].codes.get(code) for code, _ in area.codes} if area else set()
    if area and area.distinct > _MANY_AREAS and NATIONAL in areas:
        description.keep = {"ref_area": [NATIONAL]}
    judged = Judged(most=MOST_CODES)
    columns = columns_of(names, dataset)
    judged.problems += column_faults(description.file, columns, names, dataset, judged)
    constants = {column: code for column, code in _STAND_INS.items() if column not in columns.places}
    staging = Staging(con, dataset.model_copy(update={"constants": constants, "keep": description.keep}), words)
    file = StagedFile("file_0", description.file, first_row, columns, names)
    con.execute(f"CREATE VIEW source_file_0 AS {by_label(file, 'looked', labels, words)}")
    stage(staging, file)
    judge_rows(staging, judged)
    publish(staging)
    if not judged.problems:
        judge_keys(con, judged)
    description.problems = judged.problems
    description.gaps = _gaps(description, judged, staging)
    description.periods = _periods(con)
    if description.by_target("obs_value"):
        description.values = _values(con) + (", decimal comma" if description.decimal == "," else "")


def _gaps(description: Description, judged: Judged, staging: Staging) -> dict[str, list[Entry]]:
    """Return what the loader asks for, with guesses."""
    columns = {
        "series" if c.target == "statistic_id" else f"codes.{c.target}": c for c in description.columns if c.target
    }
    columns |= {
        f"codes.{key(column.name)}": column for column in description.columns if column.target == "other_breakdown"
    }
    marks = {fold(mark): guesses.mark(fold(mark)) for mark in judged.drafts.pop("marks", ())} | description.marks
    gaps: dict[str, list[Entry]] = {}
    for section, entries in judged.drafts.items():
        if section == "codes.time_period":
            near = {text: guesses.period(text) for text in entries}
            gaps[section] = [(text, guess, "check" if guess else "") for text, guess in near.items()]
        else:
            words = staging.words[column_of_section(section)]
            gaps[section] = [_gap(entry, columns[section], words) for entry in entries]
    if marks:
        gaps["marks"] = [(mark, status, "check: the producer's legend") for mark, status in marks.items()]
    return gaps


def _gap(code: str, column: Column, words: Vocabulary) -> Entry:
    label = comment(column.labels.get(code, "")) if code else "rows without a code"
    guess = guesses.code(words, code, column.labels.get(code, ""), column.name)
    return code, guess, ": ".join(filter(None, ("check" if guess else "", label)))


def column_of_section(section: str) -> str:
    """Return the coded column that a section of dataset.toml is about.

    >>> column_of_section("series"), column_of_section("codes.OCCUPATION")
    ('statistic_id', 'occupation')
    """
    return "statistic_id" if section == "series" else section.removeprefix("codes.").strip('"').lower()


def _periods(con: duckdb.DuckDBPyConnection) -> str:
    ((first, last, count, frequencies),) = con.execute(
        """SELECT min(time_period), max(time_period), count(DISTINCT time_period), list(DISTINCT freq ORDER BY freq)
           FROM read_period WHERE time_period IS NOT NULL"""
    ).fetchall()
    names = ", ".join(_FREQUENCIES[frequency] for frequency in frequencies or ())
    return f"{first} to {last}, {count:,} different ({names})" if count else ""


def _values(con: duckdb.DuckDBPyConnection) -> str:
    ((count, lowest, highest, rest),) = con.execute(
        "SELECT count(obs_value), min(obs_value), max(obs_value), count(*) - count(obs_value) FROM published"
    ).fetchall()
    bounds = f", from {lowest:.15g} to {highest:.15g}" if count else ""
    return f"{count:,} numbers{bounds}; {rest:,} without a number"
