"""The tables of judgement next to a document: a row for each decision of a person, with its reason.

Columns are in the order of the file."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from transforms.plans.description.plan_toml import Cell, Strict, Text


def _is_given(text: str) -> str:
    if text.startswith("<") and text.endswith(">"):
        raise ValueError("write the reason in place of the words in angle brackets")
    return text


_Reason = Annotated[Text, AfterValidator(_is_given)]


class Judgement(Strict):
    """A row of one of the tables, and its line there."""

    file: ClassVar[str]
    line: int

    @classmethod
    def columns(cls) -> list[str]:
        """Return the columns of the table, in their order."""
        return [name for name in cls.model_fields if name != "line"]

    @classmethod
    def heading(cls) -> str:
        """Return the first line of the table."""
        return ",".join(cls.columns())


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
    """An official series that shows the effect of an activity, or what it is about.

    `activity_excerpt`: words of the activity's text that were read; `name` and `code_list` only if no list of npa has
    the series."""

    file = "statistics.csv"
    activity_id: Text
    activity_excerpt: Text
    statistic_id: Annotated[str, Field(pattern="^[A-Za-z0-9_@$-]+$")]  # an SDMX id
    relevance: Literal["direct", "contextual"]
    rationale: Text
    name: Cell
    code_list: Cell


JUDGEMENTS: dict[str, type[Judgement]] = {model.file: model for model in Judgement.__subclasses__()}
