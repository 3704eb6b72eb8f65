"""A document as read from its folder: text, description, and the tables of judgement, a row for each decision."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, ValidationError

from transforms.errors import InputProblem, problem_in
from transforms.plans.description.plan_toml import Description
from transforms.tables.strict_csv import Cell, TableRow, Text, invalid, read_table
from transforms.text.lines import decode


def _is_given(text: str) -> str:
    if text.startswith("<") and text.endswith(">"):
        raise ValueError("write the reason in place of the words in angle brackets")
    return text


_Reason = Annotated[Text, AfterValidator(_is_given)]


class Judgement(TableRow):
    """A row of one of the tables."""


class AgencyRow(Judgement):
    """The type of an agency, and its name if the glossary does not explain it."""

    file = "agencies.csv"
    abbreviation: Annotated[str, Field(pattern="^[A-Z0-9-]+$")]
    agency_type: Text
    name: Cell
    reason: _Reason


class AliasRow(Judgement):
    """A spelling of the document, and the abbreviation that it means."""

    file = "aliases.csv"
    alias: Text
    abbreviation: Text
    reason: _Reason


class DuplicateRow(Judgement):
    """An activity that is a second print of another."""

    file = "duplicates.csv"
    activity_id: Text
    duplicate_of: Text
    activity_text: Text
    reason: _Reason


class DistinctRow(Judgement):
    """Two activities that seem to be one row printed twice; `activity_text` is that of `activity_id`."""

    file = "distinct.csv"
    activity_id: Text
    distinct_from: Text
    activity_text: Text
    reason: _Reason


class NumberingRow(Judgement):
    """An activity whose printed number (blank: none) is not the one that the layout asks for."""

    file = "numbering.csv"
    activity_id: Text
    number_in_source: Cell
    reason: _Reason


class CutRow(Judgement):
    """A row that a page break cuts between sentences, and the piece of the activity's cell after the page break."""

    file = "cuts.csv"
    activity_id: Text
    continuation_text: Text
    reason: _Reason


class CorrectionRow(Judgement):
    """A printed cell that is published otherwise; `id` is a measure's or an activity's."""

    file = "corrections.csv"
    id: Text
    column_name: Literal["summary", "activity_text", "period_text", "agencies", "expected_result"]
    old_value: Cell
    new_value: Cell
    reason: _Reason


class TranslationRow(Judgement):
    """The text of a measure or activity in another language."""

    file = "translations.csv"
    id: Text
    language: Annotated[str, Field(pattern="^[a-z]{2}$")]
    text: Text


class StatisticRow(Judgement):
    """An official series that shows the effect of an activity, or what it is about."""

    file = "statistics.csv"
    activity_id: Text
    activity_excerpt: Text  # words of its text that were read
    statistic_id: Annotated[str, Field(pattern="^[A-Za-z0-9_@$-]+$")]  # an SDMX id
    relevance: Literal["direct", "contextual"]
    rationale: Text
    name: Cell  # this and code_list only if no list of npa has the series
    code_list: Cell


JUDGEMENTS: dict[str, type[Judgement]] = {model.file: model for model in Judgement.__subclasses__()}

Row = TypeVar("Row", bound=Judgement)


@dataclass(slots=True)
class Document:
    """One folder of `raw/plans/`; paths are relative to the folder of raw data."""

    document_id: str
    folder: str
    path: str
    sha256: str
    lines: list[str]
    description: Description
    judgements: list[Judgement]

    def path_of(self, name: str) -> str:
        """Return the path of a file of the same folder."""
        return f"{self.folder}/{name}"

    def rows(self, table: type[Row]) -> list[Row]:
        """Return the rows of a table of judgement."""
        return [row for row in self.judgements if isinstance(row, table)]


def read_description(data: bytes, path: str) -> tuple[Description | None, list[InputProblem]]:
    """Return what plan.toml says, read strictly: unknown and missing keys are listed together."""
    text, problems = decode(data, "utf-8", path)
    if problems:
        return None, problems
    try:
        return Description.model_validate(tomllib.loads(text)), []
    except ValidationError as error:
        return None, list(invalid(error, path, 0))
    except (ValueError, RecursionError) as error:
        what = "the file is not TOML: {error}"
        return None, [problem_in(path, 0, what, "See https://toml.io for its rules.", error=error)]


def read_judgements(files: Mapping[str, bytes], folder: str) -> tuple[list[Judgement], list[InputProblem]]:
    """Return the rows of all tables of judgement, each file optional; `files` by name."""
    tables = [(table, files[name], f"{folder}/{name}") for name, table in JUDGEMENTS.items() if name in files]
    rows = [row for table in tables for row in read_table(*table)]
    return [row for row in rows if isinstance(row, Judgement)], [row for row in rows if isinstance(row, InputProblem)]
