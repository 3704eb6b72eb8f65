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

BREAKDOWN = "Code of the breakdown; _T is the total."
_YEARS = r"\d{4}(-\d{4})?"


class DimDataset(Model, row_checks=("rows_read = observations + rows_set_aside + rows_repeated",)):
    """One row per data set received."""

    dataset_id: str = column("Data set: the name of its folder.", key=True)
    title: str = column("Title.")
    publisher: str = column("Who published it.")
    source_url: str = column("Where it was published.")
    licence: str = column("Terms of use.")
    retrieved_on: Moment = column("Day on which it was retrieved.")
    source_kind: str = column(
        "What all figures come from that no [[source]] is about; NULL where dataset.toml does not say.",
        nullable=True,
        codes=SOURCE_KINDS,
    )
    survey: str = column("The survey or census that they come from; NULL where not stated.", nullable=True)
    field_years: str = column("Year or years of its field work; NULL where not stated.", nullable=True, pattern=_YEARS)
    format: str = column("Format of the files.", codes=DATASET_FORMATS)
    sha256: str = column("SHA-256 over the files.", pattern="[0-9a-f]{64}")
    observations: Count = column("Observations published.", unit="observations", at_least=0)
    rows_read: Count = column("Rows read: published, set aside and repeated together.", unit="rows", at_least=0)
    rows_set_aside: Count = column("Rows that [keep] of dataset.toml does not take.", unit="rows", at_least=0)
    rows_repeated: Count = column("Rows that repeat another word for word, counted once.", unit="rows", at_least=0)


class DimStatistic(Model):
    """One row per statistical series (concept), whoever publishes it."""

    statistic_id: str = column("Series code.", key=True)
    name: str = column("Name.")
    unit_measure: str = column("Unit in which the series is defined.", nullable=True)
    code_list: str = column("Code list that has the code.")
    sdg_indicator: str = column("SDG indicator; NULL where it is none.", nullable=True)
    theme: str = column(
        "Theme of the series, by series.csv; NULL where it has none.", nullable=True, references="dim_theme"
    )
    population: str = column(
        "Whom it is about, by series.csv; NULL where nobody said.", nullable=True, codes=POPULATIONS
    )
    source_kind: str = column(
        "What its figures come from, whoever publishes them, by series.csv; NULL where that depends on the producer.",
        nullable=True,
        codes=SOURCE_KINDS,
    )
    reason: str = column("Why series.csv says so.", nullable=True)


class DimArea(Model):
    """One row per geographic area: countries, Tajikistan's regions and districts."""

    ref_area: str = column("Area: ISO 3166-1 alpha-2, 3166-2, below that P-code.", key=True)
    name: str = column("Name.")
    parent_ref_area: str = column("Area that it lies in.", nullable=True, references="dim_area.ref_area")
    level: Integer = column("0 country, 1 region, 2 district.", at_least=0)
    iso3: str = column("ISO 3166-1 alpha-3.", nullable=True)
    m49: str = column("UN M49 code.", nullable=True)
    p_code: str = column("OCHA P-code.", nullable=True)


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


# Millions of rows: an index over this key costs gigabytes, so keys are checked by query before publishing.
class FactStatistic(Model, is_constrained=False, is_partitioned=True):
    """One row per observation: data set × series × frequency × reporting type × area × breakdowns × period."""

    dataset_id: str = column("Data set.", key=True, references="dim_dataset")
    statistic_id: str = column("Series.", key=True, references="dim_statistic")
    freq: str = column("SDMX frequency.", key=True, codes=FREQUENCIES)
    reporting_type: str = column("Reporting type (N national, G global).", key=True)
    ref_area: str = column("Area.", key=True, references="dim_area")
    sex: str = column(BREAKDOWN, key=True)
    age: str = column(BREAKDOWN, key=True)
    urbanisation: str = column(BREAKDOWN, key=True)
    income_wealth_quantile: str = column(BREAKDOWN, key=True)
    education_lev: str = column(BREAKDOWN, key=True)
    disability_status: str = column(BREAKDOWN, key=True)
    other_breakdown: str = column(
        "Breakdowns with no column of their own, CONCEPT=CODE, sorted, joined by ;. In both, %, ; and = are %25, %3B "
        "and %3D; breakdown_parts() gives the parts.",
        key=True,
    )
    time_period: str = column("Period.", key=True, references="dim_time_period")
    obs_value: Number = column("Value as published, never rescaled.", nullable=True, unit="unit_measure, unit_mult")
    unit_measure: str = column("Unit.", nullable=True)
    unit_mult: Integer = column("Power of ten by which the value is to be multiplied.", nullable=True)
    obs_status: str = column("SDMX observation status.", nullable=True)
    nature: str = column("Nature of the data point.", nullable=True)
    lower_bound: Number = column("Lower bound of the value.", nullable=True, unit="unit_measure, unit_mult")
    upper_bound: Number = column("Upper bound of the value.", nullable=True, unit="unit_measure, unit_mult")
    source_kind: str = column(
        "What the figure comes from, where dataset.toml says so.", nullable=True, codes=SOURCE_KINDS
    )
    survey: str = column("The survey or census that it comes from, where the source names it.", nullable=True)
    field_years: str = column("Year or years of the survey's field work, where stated.", nullable=True, pattern=_YEARS)
    source_file: str = column("File that the observation was read from.")
    source_row: Integer = column("Row, or position, in the file.", at_least=1)


class BridgeActivityStatistic(Model):
    """One row per activity × series that shows its effect."""

    activity_id: str = column("Activity.", key=True, references="dim_activity")
    statistic_id: str = column("Series.", key=True, references="dim_statistic")
    relevance: str = column("direct or contextual.", codes=RELEVANCES)
    rationale: str = column("Why the series is linked.")


class BridgeActivityBreakdown(Model):
    """One row per activity × breakdown of statistics that it asks for, by breakdowns.csv."""

    activity_id: str = column("Activity.", key=True, references="dim_activity")
    breakdown: str = column("Breakdown that it asks for.", key=True, codes=BREAKDOWNS)
    reason: str = column("Why its words ask for this.")
