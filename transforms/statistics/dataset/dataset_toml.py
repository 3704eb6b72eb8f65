"""dataset.toml: what a data set is, and how its columns and codes become ours (contract §8)."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from transforms.statistics.dataset.layout import Layout

_Text = Annotated[str, Field(min_length=1)]

# Columns of fact_statistic whose values are codes; a breakdown that a file does not have is _T.
BREAKDOWNS = ("reporting_type", "sex", "age", "urbanisation", "income_wealth_quantile", "education_lev",
              "disability_status")  # fmt: skip
CODED = ("statistic_id", "freq", "ref_area", *BREAKDOWNS, "unit_measure", "unit_mult", "obs_status", "nature")
# Every column that a file's column may become; other_breakdown takes several.
TARGETS = (*CODED, "other_breakdown", "time_period", "obs_value", "lower_bound", "upper_bound")
NUMBERS = ("obs_value", "lower_bound", "upper_bound")
TOTAL = "_T"
_Day = Annotated[date, BeforeValidator(lambda day: date.fromisoformat(day) if isinstance(day, str) else day)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Defined(_Strict):
    """A code that no list of npa has, defined by the data set: [define.<column>]."""

    name: _Text
    # of a series
    unit_measure: str | None = None
    code_list: str | None = None
    sdg_indicator: str | None = None
    # of an area
    parent_ref_area: str | None = None
    level: int | None = None
    iso3: str | None = None
    m49: str | None = None
    p_code: str | None = None


class Dataset(_Strict):
    """dataset.toml."""

    dataset_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*$")]
    title: _Text
    publisher: _Text
    source_url: _Text
    licence: _Text
    retrieved_on: _Day
    format: Literal["sdmx-ml", "sdmx-csv", "px", "json-stat", "csv", "xlsx", "parquet"]
    files: Annotated[list[_Text], Field(min_length=1), BeforeValidator(lambda x: [x] if isinstance(x, str) else x)]
    structure: _Text | None = None  # SDMX-ML structures: the producer's own code lists
    encoding: _Text | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    decimal: Annotated[str, Field(pattern="^[.,]$")] = "."
    concepts: dict[str, str] = {}
    codes: dict[str, dict[str, str]] = {}
    series: dict[str, str] = {}
    constants: dict[str, str | int] = {}
    keep: dict[str, list[str]] = {}
    marks: dict[str, str] = {}
    define: dict[str, dict[str, Defined | str]] = {}
    layout: Layout | None = None

    def defined_series(self) -> list[dict[str, str | int | None]]:
        """Return the rows of dim_statistic that the data set defines."""
        columns = {"name", "unit_measure", "sdg_indicator"}
        return [
            {
                "statistic_id": code,
                **defined.model_dump(include=columns),
                "code_list": defined.code_list or self.publisher,
            }
            for code, defined in self.defined("statistic_id")
        ]

    def defined_areas(self) -> list[dict[str, str | int | None]]:
        """Return the rows of dim_area that the data set defines; an area without a parent is a country."""
        columns = {"name", "parent_ref_area", "level", "iso3", "m49", "p_code"}
        areas = [{"ref_area": code, **area.model_dump(include=columns)} for code, area in self.defined("ref_area")]
        return [{**area, "level": int(area["parent_ref_area"] is not None)} if area["level"] is None else area
                for area in areas]  # fmt: skip

    def defined(self, column: str) -> list[tuple[str, Defined]]:
        """Return the codes that the data set defines for a column."""
        entries = self.define.get(column, {}).items()
        return [(code, Defined(name=entry) if isinstance(entry, str) else entry) for code, entry in entries]
