"""plan.toml and the tables of judgement beside a document: what it is and how to read it."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from transforms.plans.grammar.approval import read_years
from transforms.plans.grammar.dated_phrases import holds_date
from transforms.plans.grammar.periods import PeriodWords
from transforms.text.lines import clean, fold

_Cell = Annotated[str, BeforeValidator(lambda text: clean(text) if isinstance(text, str) else text)]
_Text = Annotated[_Cell, Field(min_length=1)]


def _is_given(text: str) -> str:
    if text.startswith("<") and text.endswith(">"):
        raise ValueError("write the reason in place of the words in angle brackets")
    return text


_Reason = Annotated[_Text, AfterValidator(_is_given)]
_Count = Annotated[int, Field(ge=0, lt=10**9)]
_Year = Annotated[int, Field(ge=1900, lt=2200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Expected(_Strict):
    """Counts of a plan that a reader has verified: the guard against silent loss (contract §3)."""

    measures: _Count
    activities: _Count
    recommendation_links: _Count
    agency_links: _Count
    activity_years: _Count
    blank_periods: _Count
    blank_results: _Count


class PlanDescription(_Strict):
    """One plan of the document, in the document's order."""

    instrument: Annotated[str, Field(pattern="^[A-Z]+$")]
    title_phrase: _Text  # stands in this plan's title and in no other's
    years: Annotated[list[_Year], Field(min_length=2, max_length=2)] | None = None  # where the title does not say them
    expected: Expected


class Layout(_Strict):
    """The words by which the document's parts are recognised, as printed (white space folded)."""

    approval_heading: _Text | None = None
    plan_heading: _Text
    column_headings: Annotated[list[_Text], Field(min_length=6, max_length=6)]
    glossary_heading: _Text | None = None
    recommendation_words: Annotated[list[_Text], Field(min_length=1)]
    conjunctions: Annotated[list[_Text], Field(min_length=1)]
    year_words: list[_Text] = []
    fill_down: list[Literal["period_text", "agencies"]] = []  # columns whose cells are merged down


def _of_every_year(text: str) -> str:
    date.fromisoformat(f"2001-{text}")  # ValueError says what is wrong; 29 February is no day of every year
    return text


_MonthDay = Annotated[str, Field(pattern="^[0-9]{2}-[0-9]{2}$"), AfterValidator(_of_every_year)]


class Reporting(_Strict):
    """When each responsible agency that is no collective is to report on each year of an activity's window."""

    opens: _MonthDay  # month and day in that year
    due: _MonthDay  # the next such day after it

    def days(self, year: int) -> tuple[date, date]:
        """First and last day for a report about `year`.

        >>> Reporting(opens="10-01", due="01-31").days(2018)
        (datetime.date(2018, 10, 1), datetime.date(2019, 1, 31))
        """
        opens, due = (date.fromisoformat(f"{year}-{day}") for day in (self.opens, self.due))
        return opens, due if due > opens else due.replace(year=year + 1)


def _without_date(phrase: str) -> str:
    if holds_date(phrase):
        remedy = (
            "Take it out: a period with years is read by rule, such as 2018 or 2018-2020. Where the print is other, "
            "correct the cell in corrections.csv."
        )
        raise PydanticCustomError("dated_phrase", "the phrase holds a year or a date", {"remedy": remedy})
    return phrase


_Phrase = Annotated[_Text, AfterValidator(_without_date)]  # that stands for a period without years


class Description(_Strict):
    """plan.toml: the source file, the country, the layout, the phrases for periods, when reports are due, the plans."""

    source: _Text
    encoding: str = "utf-8"
    country: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    approved_on: date | None = None  # both where no rule reads the approval
    approved_by: _Text | None = None
    layout: Layout
    reporting: Reporting | None = None  # where it is missing, no report is expected
    periods: dict[_Phrase, Literal["recurring", "until_resolved", "by_procedure"]] = {}
    plan: Annotated[list[PlanDescription], Field(min_length=1)]

    def identify(self, title: str) -> tuple[list[PlanDescription], tuple[int, int] | None]:
        """Return the plans whose phrase the title holds, and the period: as plan.toml has it, or else the title."""
        fitting = [plan for plan in self.plan if fold(plan.title_phrase).casefold() in title.casefold()]
        if len(fitting) == 1 and fitting[0].years:
            return fitting, (fitting[0].years[0], fitting[0].years[1])
        return fitting, read_years(title)

    def plan_id(self, title: str) -> str | None:
        """Return the id of the plan with this title, or None where it is not one of those described."""
        fitting, years = self.identify(title)
        if years is None or len(fitting) != 1:
            return None
        return f"{self.country}-{fitting[0].instrument}-{years[0]}"

    @property
    def period_words(self) -> PeriodWords:
        """The words by which periods are read."""
        words = PeriodWords({}, tuple(fold(word).casefold() for word in self.layout.year_words))
        return replace(words, phrases={words.plain(phrase): kind for phrase, kind in self.periods.items()})


class AgencyRow(_Strict):
    """agencies.csv: the type of each agency, and the name of those that the glossary does not explain."""

    abbreviation: Annotated[str, Field(pattern="^[A-Z0-9-]+$")]
    agency_type: _Text
    name: _Cell
    reason: _Reason


class AliasRow(_Strict):
    """aliases.csv: a spelling of the document, and the abbreviation that it means."""

    alias: _Text
    abbreviation: _Text
    reason: _Reason


class DuplicateRow(_Strict):
    """duplicates.csv: an activity that is a second print of another."""

    activity_id: _Text
    duplicate_of: _Text
    activity_text: _Text
    reason: _Reason


class DistinctRow(_Strict):
    """distinct.csv: two activities that seem to be one row printed twice; `activity_text` is that of `activity_id`."""

    activity_id: _Text
    distinct_from: _Text
    activity_text: _Text
    reason: _Reason


class CutRow(_Strict):
    """cuts.csv: a row that a page break cuts between sentences; `continuation_text` is the piece of the activity's cell
    after the page break."""

    activity_id: _Text
    continuation_text: _Text
    reason: _Reason


class NumberingRow(_Strict):
    """numbering.csv: an activity whose printed number (blank: none) is not the one that the layout asks for."""

    activity_id: _Text
    number_in_source: _Cell
    reason: _Reason


class CorrectionRow(_Strict):
    """corrections.csv: a printed cell that is published otherwise; `id` is a measure's or an activity's."""

    id: _Text
    column_name: Literal["summary", "activity_text", "period_text", "agencies", "expected_result"]
    old_value: _Cell
    new_value: _Cell
    reason: _Reason


class TranslationRow(_Strict):
    """translations.csv: a text in another language."""

    id: _Text
    language: Annotated[str, Field(pattern="^[a-z]{2}$")]
    text: _Text


class StatisticRow(_Strict):
    """statistics.csv: an official series that shows the effect of an activity, or what it is about.

    `activity_excerpt`: words of the activity's text that were read; `name` and `code_list` only where no list of npa
    has the series."""

    activity_id: _Text
    activity_excerpt: _Text
    statistic_id: Annotated[str, Field(pattern="^[A-Za-z0-9_@$-]+$")]  # an SDMX id
    relevance: Literal["direct", "contextual"]
    rationale: _Text
    name: _Cell
    code_list: _Cell


JUDGEMENTS: dict[str, type[BaseModel]] = {
    "agencies.csv": AgencyRow,
    "aliases.csv": AliasRow,
    "duplicates.csv": DuplicateRow,
    "distinct.csv": DistinctRow,
    "numbering.csv": NumberingRow,
    "cuts.csv": CutRow,
    "corrections.csv": CorrectionRow,
    "translations.csv": TranslationRow,
    "statistics.csv": StatisticRow,
}


def heading(model: type[BaseModel]) -> str:
    """Return the first line of a table of judgement."""
    return ",".join(model.model_fields)
