"""Official statistics in SDMX terms, and their links to activities."""

from schemas.enumerations import (
    BREAKDOWNS,
    DATASET_FORMATS,
    FREQUENCIES,
    POPULATIONS,
    RANGE_KINDS,
    RELEVANCES,
    SOURCE_KINDS,
)
from schemas.model import Count, Integer, Model, Moment, Number, column

_TOTAL = "_T: all, or not broken down."
_UNIT = "unit_measure, times ten to the power of unit_mult"
_YEARS = r"\d{4}(-\d{4})?"


class DimDataset(Model, row_checks=("rows_read = observations + rows_set_aside + rows_repeated",)):
    """One row per data set received."""

    dataset_id: str = column("Data set: the name of its folder.", key=True)
    title: str = column("Title of the data set, by dataset.toml.")
    publisher: str = column("Who published the data set.")
    source_url: str = column("Web address at which the data set was published.")
    licence: str = column("Terms of use, as far as they are stated.")
    retrieved_on: Moment = column("Day on which the data set was retrieved.")
    source_kind: str = column(
        "What all figures come from that no [[source]] is about; NULL where dataset.toml does not say.",
        nullable=True,
        codes=SOURCE_KINDS,
    )
    survey: str = column("The survey or census that they come from; NULL where not stated.", nullable=True)
    field_years: str = column("Year or years of its field work; NULL where not stated.", nullable=True, pattern=_YEARS)
    format: str = column("Format of the files.", codes=DATASET_FORMATS)
    sha256: str = column("SHA-256 over the files.", pattern="[0-9a-f]{64}")
    observations: Count = column("Rows of fact_statistic.", unit="observations", at_least=0)
    rows_read: Count = column("Rows read: published, set aside and repeated together.", unit="rows", at_least=0)
    rows_set_aside: Count = column("Rows that [keep] of dataset.toml does not take.", unit="rows", at_least=0)
    rows_repeated: Count = column("Rows that repeat another word for word, counted once.", unit="rows", at_least=0)


class DimStatistic(Model):
    """One row per statistical series (concept), whoever publishes it."""

    statistic_id: str = column("Series code.", key=True)
    name: str = column("Name of the series, in English.")
    unit_measure: str = column(
        "Unit that [define] of a dataset.toml states for a series of its own; NULL for all others, because no other "
        "source of series states a unit. The unit of a figure is fact_statistic.unit_measure.",
        nullable=True,
    )
    code_list: str = column("Code list that the series code is from, or the publisher that defines it.")
    sdg_indicator: str = column(
        "Number of the SDG indicator, several joined by a semicolon; NULL where the source of the series names none.",
        nullable=True,
    )
    theme: str = column(
        "Theme of the series, by series.csv; NULL where it has none.", nullable=True, references="dim_theme"
    )
    population: str = column(
        "Whom the series is about, by series.csv; NULL where nobody said.", nullable=True, codes=POPULATIONS
    )
    source_kind: str = column(
        "What its figures come from, whoever publishes them, by series.csv; NULL where that depends on the producer.",
        nullable=True,
        codes=SOURCE_KINDS,
    )
    reason: str = column("Why series.csv says so; NULL where it has no row of the series.", nullable=True)


class DimArea(Model):
    """One row per geographic area: countries, Tajikistan's regions and districts."""

    ref_area: str = column("Area: ISO 3166-1 alpha-2, 3166-2, below that P-code.", key=True)
    name: str = column("Name of the area, in English.")
    parent_ref_area: str = column(
        "Area that it lies in; NULL for a country.", nullable=True, references="dim_area.ref_area"
    )
    level: Integer = column("0 country, 1 region, 2 district.", at_least=0)
    iso3: str = column("ISO 3166-1 alpha-3; NULL where it has none.", nullable=True)
    m49: str = column("UN M49 code; NULL where it has none.", nullable=True)
    p_code: str = column("OCHA P-code; NULL where it has none.", nullable=True)


class DimPlausibleRange(Model):
    """One row per series × area of plausible_ranges.csv: what its figures may be, or that no such range was found."""

    range_id: str = column("Range: the series, and the area if it is of one.", key=True)
    statistic_id: str = column("Series.", references="dim_statistic")
    ref_area: str = column(
        "Area that the range is about, without the areas in it; NULL: any area.", nullable=True, references="dim_area"
    )
    unit_measure: str = column("Unit of the range; NULL where no range was found.", nullable=True)
    unit_mult: Integer = column("Power of ten by which least and most are to be multiplied.", nullable=True)
    range_kind: str = column(
        "observed: the extremes that the source has, of which figures are plausible down to half and up to twice "
        "(unless least is negative); defined: nothing else is possible.",
        nullable=True,
        codes=RANGE_KINDS,
    )
    least: Number = column("Least value of the range.", nullable=True, unit="unit_measure, unit_mult")
    most: Number = column("Most value of the range.", nullable=True, unit="unit_measure, unit_mult")
    source: str = column("Where the range is from.", nullable=True)
    source_url: str = column("Address of the source.", nullable=True)
    reason: str = column("Which figures of the source these are; or where none was found.")


class FigureKey(Model):
    """The key of an observation: no table, but the first columns of those that have it."""

    dataset_id: str = column("Data set.", key=True, references="dim_dataset")
    statistic_id: str = column("Series.", key=True, references="dim_statistic")
    freq: str = column("SDMX frequency: A year, Q quarter, S half-year, M month.", key=True, codes=FREQUENCIES)
    reporting_type: str = column("Who reports the figure: N national, R regional, G global; _T: not stated.", key=True)
    ref_area: str = column("Area.", key=True, references="dim_area")
    sex: str = column(f"Sex. {_TOTAL}", key=True)
    age: str = column(f"Age group. {_TOTAL}", key=True)
    urbanisation: str = column(f"Town (U) or country (R). {_TOTAL}", key=True)
    income_wealth_quantile: str = column(f"Quantile of income or wealth. {_TOTAL}", key=True)
    education_lev: str = column(f"Level of education. {_TOTAL}", key=True)
    disability_status: str = column(f"Disability status. {_TOTAL}", key=True)
    other_breakdown: str = column(
        "Breakdowns with no column of their own, CONCEPT=CODE, sorted, joined by ;. In both, %, ; and = are %25, %3B "
        f"and %3D; breakdown_parts() gives the parts. {_TOTAL}",
        key=True,
    )
    time_period: str = column("Period that the figure is about.", key=True, references="dim_time_period")


# Millions of rows: an index over this key costs gigabytes, so keys are checked by query before publishing.
class FactStatistic(FigureKey, is_constrained=False, is_partitioned=True):
    """One row per observation: data set × series × frequency × reporting type × area × breakdowns × period."""

    obs_value: Number = column(
        "Value as published, never rescaled; NULL where the source has a row without a value.",
        nullable=True,
        unit=_UNIT,
    )
    unit_measure: str = column("Unit of the value; NULL where the source states none.", nullable=True)
    unit_mult: Integer = column(
        "Power of ten by which the value is to be multiplied; NULL where the source states none.", nullable=True
    )
    obs_status: str = column(
        "SDMX status of the observation: A normal, B break, E estimated, …; NULL where the source states none.",
        nullable=True,
    )
    nature: str = column(
        "Nature of the value: C from the country, CA adjusted, E estimated, G global monitoring, M modelled, _X not "
        "available; NULL where the source states none.",
        nullable=True,
    )
    lower_bound: Number = column(
        "Lower bound of the interval that the source gives for the value; NULL where it gives none.",
        nullable=True,
        unit=_UNIT,
    )
    upper_bound: Number = column(
        "Upper bound of the interval that the source gives for the value; NULL where it gives none.",
        nullable=True,
        unit=_UNIT,
    )
    source_kind: str = column(
        "What the figure comes from; NULL where dataset.toml does not say.", nullable=True, codes=SOURCE_KINDS
    )
    survey: str = column(
        "The survey or census that the figure comes from; NULL where the source names none.", nullable=True
    )
    field_years: str = column(
        "Year or years of the survey's field work; NULL where not stated.", nullable=True, pattern=_YEARS
    )
    source_file: str = column("File that the observation was read from, by its path inside raw/.")
    source_row: Integer = column(
        "Row of the observation in the file or, in a format without rows, its position; from 1.", at_least=1
    )


class BridgeActivityStatistic(Model):
    """One row per activity × official series that describes its field: a judgement, in statistics.csv."""

    activity_id: str = column("Activity.", key=True, references="dim_activity")
    statistic_id: str = column("Series.", key=True, references="dim_statistic")
    relevance: str = column(
        "direct: the series measures what the activity is to change; contextual: the conditions around it.",
        codes=RELEVANCES,
    )
    rationale: str = column("Why the series is linked to the activity.")


class BridgeActivityBreakdown(Model):
    """One row per activity × breakdown of statistics that it asks for, by breakdowns.csv."""

    activity_id: str = column("Activity.", key=True, references="dim_activity")
    breakdown: str = column("Breakdown that it asks for.", key=True, codes=BREAKDOWNS)
    reason: str = column("Why the words of the activity ask for it.")
