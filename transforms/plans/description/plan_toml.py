"""plan.toml: the description of a document and of how to read it."""

from calendar import month_name
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from transforms.plans.grammar.periods import PeriodWords, holds_date, read_years
from transforms.quality.text import sentence
from transforms.tables.strict_csv import Strict, Text
from transforms.text.lines import fold

_Count = Annotated[int, Field(ge=0, lt=10**9)]
_Year = Annotated[int, Field(ge=1900, lt=2200)]


class Expected(Strict):
    """Counts of a plan that a reader has verified: the guard against silent loss (contract §3)."""

    measures: _Count
    activities: _Count
    recommendation_links: _Count
    agency_links: _Count
    activity_years: _Count
    blank_periods: _Count
    blank_results: _Count


class PlanDescription(Strict):
    """One plan of the document, in the document's order."""

    instrument: Annotated[str, Field(pattern="^[A-Z]+$")]
    title_phrase: Text  # which this plan's title holds, and no other's
    years: Annotated[list[_Year], Field(min_length=2, max_length=2)] | None = None  # if the title does not state them
    expected: Expected


class Layout(Strict):
    """The words by which the document's parts are recognised, as printed (white space folded)."""

    approval_heading: Text | None = None
    plan_heading: Text
    column_headings: Annotated[list[Text], Field(min_length=6, max_length=6)]
    glossary_heading: Text | None = None
    recommendation_words: Annotated[list[Text], Field(min_length=1)]
    conjunctions: Annotated[list[Text], Field(min_length=1)]
    year_words: list[Text] = []
    fill_down: list[Literal["period_text", "agencies"]] = []  # columns whose cells are merged down


def _of_every_year(text: str) -> str:
    try:
        date.fromisoformat(f"2001-{text}")  # 29 February is no day of every year
    except ValueError:
        raise ValueError(sentence("it is no day of every year")) from None
    return text


_MonthDay = Annotated[str, Field(pattern="^[0-9]{2}-[0-9]{2}$"), AfterValidator(_of_every_year)]


class ReportingDays(Strict):
    """When a report about a period is to be made."""

    opens: _MonthDay  # month and day: the first such day from the beginning of the period on
    due: _MonthDay  # the next such day after it

    def days(self, begins_on: date) -> tuple[date, date]:
        """Return first and last day for a report about the period that begins on a day.

        >>> ReportingDays(opens="10-01", due="01-31").days(date(2018, 1, 1))
        (datetime.date(2018, 10, 1), datetime.date(2019, 1, 31))
        >>> ReportingDays(opens="01-10", due="02-10").days(date(2018, 7, 1))
        (datetime.date(2019, 1, 10), datetime.date(2019, 2, 10))
        """
        opens = _next(begins_on, self.opens)
        return opens, _next(opens + timedelta(1), self.due)

    def named_days(self) -> list[tuple[int, str]]:
        """Return day of the month and English month of both ends.

        >>> ReportingDays(opens="10-01", due="01-31").named_days()
        [(1, 'October'), (31, 'January')]
        """
        return [(int(day[3:]), month_name[int(day[:2])]) for day in (self.opens, self.due)]


def _next(day: date, month_day: str) -> date:
    """Return the first day of this month and day that is not before `day`."""
    in_year = date.fromisoformat(f"{day.year}-{month_day}")
    return in_year if in_year >= day else in_year.replace(year=day.year + 1)


@dataclass(frozen=True, slots=True)
class ReportingPeriod:
    """A period that reports are to be about, and the first and last day for them."""

    time_period: str
    opens_on: date
    due_on: date


class YearlyReporting(ReportingDays):
    """[reporting]: each responsible agency that is no collective reports on each year of an activity's window."""

    @property
    def stated(self) -> dict[str, ReportingDays]:
        """The days, by the variant of the sentence that says them."""
        return {"": self}

    def periods(self, year: int) -> list[ReportingPeriod]:
        """Return the periods of a year."""
        return [ReportingPeriod(str(year), *self.days(date(year, 1, 1)))]


class HalfYearlyReporting(Strict):
    """[reporting]: the same, on each half of those years."""

    first_half: ReportingDays
    second_half: ReportingDays

    @property
    def stated(self) -> dict[str, ReportingDays]:
        """The days, by the variant of the sentence that says them."""
        return {"first_half": self.first_half, "second_half": self.second_half}

    def periods(self, year: int) -> list[ReportingPeriod]:
        """Return the periods of a year.

        >>> first, second = {"opens": "06-15", "due": "07-31"}, {"opens": "12-15", "due": "01-31"}
        >>> for period in HalfYearlyReporting(first_half=first, second_half=second).periods(2019):
        ...     print(period.time_period, period.opens_on, period.due_on)
        2019-S1 2019-06-15 2019-07-31
        2019-S2 2019-12-15 2020-01-31
        """
        first, second = self.first_half.days(date(year, 1, 1)), self.second_half.days(date(year, 7, 1))
        return [ReportingPeriod(f"{year}-S1", *first), ReportingPeriod(f"{year}-S2", *second)]


Reporting = YearlyReporting | HalfYearlyReporting


def _reporting(value: object) -> object:
    """Return what [reporting] says, so that its faults are those of the kind that it is."""
    if not isinstance(value, dict):
        return value
    is_half_yearly = not value.keys().isdisjoint(HalfYearlyReporting.model_fields)
    return (HalfYearlyReporting if is_half_yearly else YearlyReporting).model_validate(value)


class Unit(Strict):
    """A unit of an agency that reports by units."""

    id: Annotated[Text, Field(pattern="^[A-Z0-9]+(-[A-Z0-9]+)*$")]
    names: Annotated[dict[Annotated[str, Field(pattern="^[a-z]{2}$")], Text], Field(min_length=1)]  # by language


def _without_date(phrase: str) -> str:
    if holds_date(phrase):
        remedy = (
            "Take it out: a period with years is read by rule, such as 2018 or 2018-2020. Where the print is other, "
            "correct the cell in corrections.csv."
        )
        raise PydanticCustomError("dated_phrase", "the phrase holds a year or a date", {"remedy": remedy})
    return phrase


_Phrase = Annotated[Text, AfterValidator(_without_date)]  # for a period without years


class Forms(Strict):
    """What report forms print of whoever sends them out; what is not known stays out."""

    sender: Text | None = None
    phone: Text | None = None
    return_to: Text | None = None


class Description(Strict):
    """plan.toml: the source file, the country, the layout, the phrases for periods, when reports are due, the plans."""

    source: Text
    encoding: str = "utf-8"
    language: Annotated[str, Field(pattern="^[a-z]{2}$")] | None = None  # of the text
    country: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    approved_on: date | None = None  # both if no rule reads the approval
    approved_by: Text | None = None
    layout: Layout
    reporting: Annotated[Reporting | None, BeforeValidator(_reporting)] = None  # None: no report is expected
    units: dict[Text, Annotated[list[Unit], Field(min_length=1)]] = {}  # of agencies that report by units
    forms: Forms = Forms()
    periods: dict[_Phrase, Literal["recurring", "until_resolved", "by_procedure"]] = {}
    plan: Annotated[list[PlanDescription], Field(min_length=1)]

    def identify(self, title: str) -> tuple[list[PlanDescription], tuple[int, int] | None, str | None]:
        """Return the plans whose phrase the title holds, the period, and the plan's id if both are single."""
        fitting = [plan for plan in self.plan if fold(plan.title_phrase).casefold() in title.casefold()]
        years = read_years(title)
        if len(fitting) == 1 and fitting[0].years:
            years = fitting[0].years[0], fitting[0].years[1]
        plan_id = f"{self.country}-{fitting[0].instrument}-{years[0]}" if years and len(fitting) == 1 else None
        return fitting, years, plan_id

    @cached_property
    def period_words(self) -> PeriodWords:
        """The words by which periods are read."""
        words = PeriodWords({}, tuple(fold(word).casefold() for word in self.layout.year_words))
        return replace(words, phrases={words.plain(phrase): kind for phrase, kind in self.periods.items()})
