"""dataset.toml: what a data set is, and how its columns and codes are ours (contract §8)."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from schemas.codes import DATASET_FORMATS
from transforms.statistics.layout import Layout

_Text = Annotated[str, Field(min_length=1)]

# Columns of fact_statistic whose values are codes; a breakdown that a file does not have is _T.
BREAKDOWNS = (
    "reporting_type",
    "sex",
    "age",
    "urbanisation",
    "income_wealth_quantile",
    "education_lev",
    "disability_status",
)
CODED = ("statistic_id", "freq", "ref_area", *BREAKDOWNS, "unit_measure", "unit_mult", "obs_status", "nature")
# Every column that a file's column may become; other_breakdown takes several.
TARGETS = (*CODED, "other_breakdown", "time_period", "obs_value", "lower_bound", "upper_bound")
NUMBERS = ("obs_value", "lower_bound", "upper_bound")
TOTAL = "_T"


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
    retrieved_on: date
    format: Annotated[str, Field(json_schema_extra={"enum": list(DATASET_FORMATS)})]
    files: Annotated[list[_Text], Field(min_length=1)]
    structure: _Text | None = None  # SDMX-ML structures: the producer's own code lists
    encoding: _Text | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    decimal: Annotated[str, Field(pattern="^[.,]$")] = "."
    concepts: dict[str, str] = {}
    codes: dict[str, dict[str, str]] = {}
    series: dict[str, str] = {}
    constants: dict[str, Any] = {}
    keep: dict[str, list[str]] = {}
    marks: dict[str, str] = {}
    define: dict[str, dict[str, Defined | str]] = {}
    layout: Layout | None = None
