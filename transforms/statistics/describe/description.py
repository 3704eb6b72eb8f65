"""A file as `npa dataset describe` sees it: guesses, and what the loader's own checks say of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from transforms.errors import InputProblem
from transforms.statistics.composites.composed import Composed
from transforms.statistics.dataset.columns import columns_of
from transforms.statistics.dataset.composite import Composite
from transforms.statistics.dataset.dataset_toml import BREAKDOWNS, TOTAL, Dataset
from transforms.statistics.describe import codes as guesses
from transforms.statistics.describe.columns import MOST_CODES, Column
from transforms.statistics.loading.blanks import judge_blanks
from transforms.statistics.loading.own_codes import judge_own_codes
from transforms.statistics.loading.preflight import COMPULSORY, column_faults
from transforms.statistics.loading.repetition import judge_keys
from transforms.statistics.loading.staging import Labels, StagedFile, Staging, observe, prepare, publish, stage
from transforms.statistics.loading.unread_codes import judge_unread_codes
from transforms.statistics.loading.validation import Judged, judge_rows
from transforms.text.lines import fold
from transforms.text.toml import comment, key

NATIONAL = "TJ"
# In place of compulsory columns that a file lacks: the other checks need them.
_STAND_INS: dict[str, str | int] = dict(zip(COMPULSORY, ("SH_DYN_MORT", NATIONAL, "2000", 0), strict=True))
_MANY_AREAS = 20
_MOSTLY_OWN = 0.75  # of a column's codes: then the others are taken for additions to npa's list,
_MANY_CODES = 10  # if there are so many that no other list would have them all by chance
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
    data_sets: Mapping[str, str] = field(default_factory=dict)  # of a file with several: what `select` may be → label
    select: list[str] = field(default_factory=list)
    notes: Sequence[str] = ()  # what the file says of itself
    layout: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)  # around numbers
    rows: int = 0
    is_all: bool = True  # False: only the first rows were looked at
    columns: Sequence[Column] = ()
    composite: Composite | None = None  # how the codes of series may be read
    table: Composed = field(
        default_factory=lambda: Composed((), "looked")
    )  # the rows that were looked at, with what these codes give
    unread: Sequence[str] = ()  # lines on composite codes that the dataset.toml of the file does not read
    keep: dict[str, list[str]] = field(default_factory=dict)
    own_codes: list[str] = field(default_factory=list)
    meanings: dict[str, dict[str, str]] = field(default_factory=dict)  # column → code → what npa's list means by it
    problems: Sequence[InputProblem] = ()
    gaps: dict[str, list[Entry]] = field(default_factory=dict)
    periods: str = ""
    values: str = ""

    def by_target(self, target: str) -> Column | None:
        """Return the column that becomes one of ours."""
        return next((column for column in self.columns if column.target == target), None)

    def dataset(self) -> Dataset:
        """Return what is known of the file, as a reader and the loader take it."""
        toml: dict[str, Any] = dict.fromkeys(("title", "publisher", "source_url", "licence"), "?")
        toml |= {"dataset_id": "DRAFT", "retrieved_on": self.day, "format": self.format, "files": [self.file]}
        toml |= {name: getattr(self, name) for name in ("encoding", "delimiter", "decimal", "keep", "marks", "select")}
        toml |= {"layout": self.layout} if self.layout else {}
        toml |= {"composite": [self.composite]} if self.composite else {}
        concepts = {self.series_column: "statistic_id"} if self.series_column else {}
        concepts |= {c.name: c.target for c in self.columns if c.target is not None and not c.is_ours}
        return Dataset.model_validate(toml | {"concepts": concepts})


def check(con: duckdb.DuckDBPyConnection, description: Description, labels: Labels, first_row: int | None) -> None:
    """Run the loader's checks on the table `looked`, by what was guessed, and note what they say."""
    names, dataset = [column.name for column in description.columns], description.dataset()
    table = description.table
    words, area = prepare(con, dataset, {}), description.by_target("ref_area")
    if (
        area
        and area.distinct > _MANY_AREAS
        and NATIONAL in {words["ref_area"].codes.get(code) for code, _ in area.codes}
    ):
        description.keep = {"ref_area": [NATIONAL]}
    columns, judged = columns_of(names, dataset), Judged(most=MOST_CODES)
    judged.problems += column_faults(description.file, columns, names, dataset, judged)
    constants = {column: code for column, code in _STAND_INS.items() if column not in columns.places}
    staging = Staging(con, dataset.model_copy(update={"constants": constants, "keep": description.keep}), words)
    file = StagedFile("file_0", description.file, first_row, columns, names, {}, table.codes, table.places)
    stage(staging, file, table.rows, labels)
    file.add_labels({column.name: column.labels for column in description.columns})
    observe(staging)
    judge_unread_codes(staging, judged)
    judge_rows(staging, judged)
    judge_blanks(staging, judged)
    judge_own_codes(staging, judged)
    publish(staging)
    if not judged.problems:
        judge_keys(staging, judged)
    description.problems = judged.problems
    description.own_codes = _own_codes(judged)
    description.meanings = _meanings(description, judged, staging)
    description.gaps = _gaps(description, judged, staging)
    description.periods = _periods(con)
    if description.by_target("obs_value"):
        description.values = _values(con) + (", decimal comma" if description.decimal == "," else "")


def _gaps(description: Description, judged: Judged, staging: Staging) -> dict[str, list[Entry]]:
    """Return what the loader asks for, with guesses."""
    columns = {_section(c): c for c in description.columns}
    marks = {fold(mark): guesses.mark(fold(mark)) for mark in judged.drafts.pop("marks", ())} | description.marks
    gaps: dict[str, list[Entry]] = {}
    for section, texts in judged.drafts.items():
        gaps[section] = []
        for text, gap in texts.items():
            if section == "codes.time_period":
                guess, label = guesses.period(text), ""
            elif not text and columns[section].target in (*BREAKDOWNS, "other_breakdown"):
                guess, label = TOTAL, "a blank is the total; if it repeats the cell above, [layout] fill"
            else:
                column, words = columns[section], staging.words[column_of_section(section)]
                printed = "" if gap.is_listed else text  # a code of npa's spelling shows nothing
                guess = gap.value or guesses.code(words, printed, column.labels.get(text, ""), column.name)
                label = comment(gap.note or column.labels.get(text, "")) if text else "rows without a code"
            gaps[section].append((text, guess, ": ".join(filter(None, ("check" if guess else "", label)))))
    if marks:
        gaps["marks"] = [(mark, status, "check: the producer's legend") for mark, status in marks.items()]
    return gaps


def _section(column: Column) -> str:
    name = key(column.name) if column.target == "other_breakdown" else column.target
    return "series" if name == "statistic_id" else f"codes.{name}"


def _own_codes(judged: Judged) -> list[str]:
    """Return the columns that seem to have npa's codes, but for a few, and take these codes out of the gaps."""
    own = []
    for section, gaps in judged.drafts.items():
        listed = [gap for gap in gaps.values() if gap.is_listed]
        is_own = len(listed) >= _MOSTLY_OWN * len(gaps) and not any(gap.is_refused for gap in listed)
        if listed and is_own and (len(listed) >= _MANY_CODES or all(gap.value for gap in listed)):
            own.append("statistic_id" if section == "series" else section.removeprefix("codes.").strip('"'))
            judged.drafts[section] = {text: gap for text, gap in gaps.items() if not gap.is_listed}
    return own


def _meanings(description: Description, judged: Judged, staging: Staging) -> dict[str, dict[str, str]]:
    """Return what npa's lists mean by the codes of each column, and where the file's label says that it is another."""
    meanings: dict[str, dict[str, str]] = {}
    for column in description.columns:
        section = _section(column)
        words, gaps = staging.words.get(column_of_section(section)), judged.drafts.get(section, {})
        for code, _ in column.codes if words else ():
            if words and (ours := words.listed.get(code)):
                other = ", another meaning" if code in gaps and gaps[code].is_refused else ""
                meanings.setdefault(column.name, {})[code] = words.names[ours] + other
    return meanings


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
