"""A document as read from its folder: text, description, and the tables of judgement, a row for each decision."""

from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field

from transforms.plans.description.plan_toml import Description
from transforms.tables.strict_csv import Cell, TableRow, Text


def _is_given(text: str) -> str:
    if text.startswith("<") and text.endswith(">"):
        raise ValueError("write the reason in place of the words in angle brackets")
    return text


_Reason = Annotated[Text, AfterValidator(_is_given)]
CellName = Literal["summary", "activity_text", "period_text", "agencies", "expected_result"]


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
    column_name: CellName
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


class BreakdownRow(Judgement):
    """A breakdown of statistics that an activity asks for."""

    file = "breakdowns.csv"
    activity_id: Text
    activity_excerpt: Text  # words of its text that ask for it
    breakdown: Literal["age", "sex", "region", "residence", "wealth", "education", "ethnicity", "disability"]
    reason: _Reason


class DoubtRow(Judgement):
    """A printed cell that a reader doubts, and that is published as printed; `id` is a measure's or an activity's."""

    file = "doubts.csv"
    id: Text
    column_name: CellName
    printed_value: Text
    reason: _Reason


class RecommendationRow(Judgement):
    """A paragraph of the treaty body's document: what a plan cites by `reference`, or one that no measure cites."""

    file = "recommendations.csv"
    reference: Annotated[str, Field(pattern="^[A-Z0-9-]+-R(0[1-9]|[1-9][0-9]+)$")]  # TJK-CRC-2018-R09
    symbol: Annotated[Text, Field(pattern="^[A-Z][A-Za-z0-9.]*(/[A-Za-z0-9.()-]+)+$")]  # CRC/C/TJK/CO/3-5
    document_version: Literal["advance", "final", "corrigendum", ""]  # blank: unknown
    paragraph: Annotated[Text, Field(pattern=r"^[1-9][0-9]*(\.[1-9][0-9]*)*( \([a-z]+\))*$")]  # 9, 9 (b), 118.12
    kind: Literal["recommendation", "concern", "introductory", "procedural", ""]  # blank: unknown
    text: Cell  # only the document's own
    language: Annotated[Cell, Field(pattern="^([a-z]{2})?$")]
    source_url: Annotated[Cell, Field(pattern=r"^(https?://[^\s/]+\.\S+)?$")]
    uhri_id: Annotated[Cell, Field(pattern="^[A-Za-z0-9-]*$")]
    reason: _Reason

    def columns(self) -> dict[str, str | None]:
        """Return what the row says of the paragraph: columns of `dim_recommendation`, NULL for a blank cell."""
        return {name: value or None for name, value in self.model_dump(exclude={"line", "reference"}).items()}


class ThemeRow(Judgement):
    """A theme of a measure; `name` is in one row of a theme that npa does not list, and in no other."""

    file = "themes.csv"
    measure_id: Text
    measure_excerpt: Text  # words of its summary that were read
    scheme: Annotated[str, Field(pattern="^[A-Z0-9-]+$")]
    theme: Annotated[str, Field(pattern="^[A-Z0-9-]+$")]
    is_main: Literal["true", "false"]
    basis: Literal["published", "judgement"]
    reason: _Reason
    name: Cell


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
