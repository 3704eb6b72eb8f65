"""A document as read from its folder: text, description, and the tables of judgement, a row for each decision."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from transforms.plans.description.plan_toml import Description
from transforms.quality.text import sentence
from transforms.tables.strict_csv import Cell, TableRow, Text


def _is_given(text: str) -> str:
    remedy = "Write why."
    if not text:
        raise PydanticCustomError("no_reason", "it is blank", {"remedy": remedy})
    if text.startswith("<") and text.endswith(">"):
        raise ValueError(sentence("write the reason in place of the words in angle brackets"))
    return text


_Reason = Annotated[Cell, AfterValidator(_is_given)]


def _like(example: str, pattern: str) -> AfterValidator:
    """Return the check that a cell, unless it is blank, is written like an example."""

    def check(text: str) -> str:
        if text and not re.fullmatch(pattern, text):
            remedy = "Write it like {example}."
            raise PydanticCustomError("form", "it has another form", {"remedy": remedy, "example": example})
        return text

    return AfterValidator(check)


def _day(text: str) -> date:
    iso = re.sub(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})", r"\3-\2-\1", text.strip())  # a spreadsheet writes 01.03.2020
    if re.fullmatch(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", iso):
        with suppress(ValueError):  # 2020-02-30
            return date.fromisoformat(iso)
    example = {"example": "2020-03-01"}
    raise PydanticCustomError("form", "it is no day", {"remedy": "Write it like {example}."} | example)


_Day = Annotated[date, BeforeValidator(_day)]
_DayOrBlank = Annotated[date | None, BeforeValidator(lambda text: _day(text) if text.strip() else None)]


CellName = Literal["summary", "activity_text", "period_text", "agencies", "expected_result"]


class Judgement(TableRow):
    """A row of one of the tables."""


class AgencyRow(Judgement):
    """The type of an agency, and its name if the glossary does not explain it."""

    file = "agencies.csv"
    abbreviation: Annotated[Text, _like("MOE", "[A-Z0-9-]+")]
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
    """A text of the document in another language; `id` is that of a plan, measure, activity, agency, cited paragraph or
    of the document."""

    file = "translations.csv"
    id: Text
    language: Annotated[Text, _like("ru", "[a-z]{2}")]
    text: Text
    column_name: Cell = ""  # blank: the summary of a measure, the text of an activity, the name of an agency …


class StatisticRow(Judgement):
    """An official series that describes the field of an activity."""

    file = "statistics.csv"
    activity_id: Text
    activity_excerpt: Text  # words of its text that were read
    statistic_id: Annotated[Text, _like("SH_STA_WAST", "[A-Za-z0-9_@$-]+")]  # an SDMX id
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
    reference: Annotated[Text, _like("TJK-CRC-2018-R09", "[A-Z0-9-]+-R(0[1-9]|[1-9][0-9]+)")]
    symbol: Annotated[Text, _like("CRC/C/TJK/CO/3-5", "[A-Z][A-Za-z0-9.]*(/[A-Za-z0-9.()-]+)+")]
    document_version: Literal["advance", "final", "corrigendum", ""]  # blank: unknown
    paragraph: Annotated[Text, _like("9, 9 (b) or 118.12", r"[1-9][0-9]*(\.[1-9][0-9]*)*( \([a-z]+\))*")]
    kind: Literal["recommendation", "concern", "introductory", "procedural", ""]  # blank: unknown
    text: Cell  # only the document's own
    language: Annotated[Cell, _like("en", "[a-z]{2}")]
    source_url: Annotated[Cell, _like("https://undocs.org/CRC/C/TJK/CO/3-5", r"https?://[^\s/]+\.\S+")]
    uhri_id: Cell
    reason: _Reason

    def columns(self) -> dict[str, str | None]:
        """Return what the row says of the paragraph: columns of `dim_recommendation`, NULL for a blank cell."""
        return {name: value or None for name, value in self.model_dump(exclude={"line", "reference"}).items()}


class AssessmentRow(Judgement):
    """How far a recommendation is implemented, as a person grades it; `reference` is that of recommendations.csv."""

    file = "recommendation_assessments.csv"
    reference: Text
    assessor: Text
    day: _Day
    scale: Text
    grade: Text
    reason: _Reason
    source: Text


class ThemeRow(Judgement):
    """A theme of a measure; `name` is in one row of a theme that npa does not list, and in no other."""

    file = "themes.csv"
    measure_id: Text
    measure_excerpt: Text  # words of its summary that were read
    scheme: Annotated[Text, _like("CRC-CLUSTER", "[A-Z0-9-]+")]
    theme: Annotated[Text, _like("CRC-1", "[A-Z0-9-]+")]
    is_main: Literal["true", "false"]
    basis: Literal["published", "judgement"]
    reason: _Reason
    name: Cell


class LeadRow(Judgement):
    """The agency that leads an activity, by a document that says so: the plan does not."""

    file = "leads.csv"
    activity_id: Text
    agency_id: Text
    document: _Reason  # which is why


class DecisionRow(Judgement):
    """What the approving body decided about an activity after the plan."""

    file = "decisions.csv"
    activity_id: Text
    day: _Day
    body: Text
    kind: Literal["cancelled", "extended"]
    new_end: _DayOrBlank  # of what is extended
    document: Text
    reason: _Reason


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
