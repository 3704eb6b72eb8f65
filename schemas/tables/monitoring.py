"""The rules that judge sources, progress reports, and the indicators computed from them."""

from schemas.enumerations import (
    ACTIONS,
    DIRECTIONS,
    EVIDENCE_KINDS,
    INDICATOR_BASES,
    INDICATOR_PERIODS,
    PROGRESS_STATUSES,
    REJECTION_STATES,
    RULE_SUBJECTS,
    SEVERITIES,
)
from schemas.model import FREE_TEXT, NAMES, Count, Flag, Integer, Model, Moment, Number, column

_COUNTED = "what dim_indicator.{} says"


class DimQualityRule(Model):
    """One row per rule that may find an irregularity in a source, or reject a row or file of a report."""

    rule: str = column("Name of the rule.", key=True)
    subject: str = column("What the rule judges: source is any file or folder of raw/.", codes=RULE_SUBJECTS)
    looks_for: str = column("What the rule looks for.")
    severity: str = column(
        "info: nothing to do; warning: worth a look at the source; error: to be put right and sent again.",
        codes=SEVERITIES,
    )
    action: str = column("What is done with what the rule finds.", codes=ACTIONS)
    message_id: str = column(
        "Sentence of the rule, by its id in the message catalogues of npa; its variants have ids that go on "
        "after a full stop."
    )
    message: str = column("The sentence in English, with {placeholders}: the msgid of the message catalogues.")
    message_plural: str = column(
        "The sentence in English where the number {n} is not 1; NULL where no number decides.", nullable=True
    )


class DimProgressFile(Model, row_checks=("rows_read = rows_accepted + rows_repeated + rows_rejected + rows_blank",)):
    """One row per sheet of a file under raw/progress: every row of it is accepted, repeated, rejected or blank."""

    source_file: str = column("File, by its path inside raw/.", key=True, personal=NAMES)
    sheet_number: Integer = column("Position of the sheet in the file, from 1.", key=True, at_least=1)
    source_sheet: str = column("Name of the sheet; NULL where the file has none.", nullable=True, personal=NAMES)
    is_report: Flag = column("Whether the sheet has the headings of a report; if not, it was set aside or refused.")
    heading_row: Integer = column(
        "Row of the headings in the sheet, from 1; NULL where there are none.", nullable=True, at_least=1
    )
    rows_read: Count = column("Rows below the headings.", unit="rows", at_least=0)
    rows_accepted: Count = column("Of these, rows of fact_progress.", unit="rows", at_least=0)
    rows_repeated: Count = column("Of these, rows that repeat another row.", unit="rows", at_least=0)
    rows_rejected: Count = column("Of these, rows of rejected_row.", unit="rows", at_least=0)
    rows_blank: Count = column("Of these, rows in which nothing is filled in.", unit="rows", at_least=0)
    language: str = column(
        "Language that most headings of its columns are in, ISO 639-1; NULL where they are in none.",
        nullable=True,
        pattern="[a-z]{2}",
    )


class DimReportReceipt(Model):
    """One row per file of raw/received.csv: when a report was received, whatever became of its rows."""

    source_file: str = column("File, by its path inside raw/.", key=True, personal=NAMES)
    received_on: Moment = column("Day on which the file was received.")
    registry_number: str = column(
        "Number under which it was registered; NULL where there is none.", nullable=True, personal=NAMES
    )


class FactProgress(
    Model,
    through=(("activity_id", "agency_id"), "bridge_activity_agency"),
    is_bulk=True,
    # On a million rows, a pattern takes six times as long.
    row_checks=(
        "evidence_url ILIKE 'http://_%' OR evidence_url ILIKE 'https://_%'",
        "(evidence_kind IS NOT DISTINCT FROM 'web') = (evidence_url IS NOT NULL)",
        "evidence_kind IS NOT NULL OR evidence_text IS NULL",
    ),
):
    """One row per accepted line of a progress report; activity and agency are together a row of
    bridge_activity_agency."""

    activity_id: str = column("Activity reported on.", key=True, references="dim_activity")
    agency_id: str = column("Agency that reports.", key=True, references="dim_agency")
    reporting_unit: str = column(
        "Unit of the agency that reports, a row of dim_reporting_unit; _T where the agency has no units.", key=True
    )
    time_period: str = column(
        "Year that the report is about, or half-year (2019-S1) where the plan is reported on by half-years.",
        key=True,
        references="dim_time_period",
    )
    reported_on: Moment = column("Day of the report, as the agency states it.", key=True)
    effective_on: Moment = column(
        "Day from which the report counts: completed_on where it reports completion with a date, else the earlier of "
        "reported_on and the last day of the period that it is about."
    )
    received_on: Moment = column(
        "Day on which the file was received, by raw/received.csv; NULL where that does not say. The report is known "
        "from this day, or else from reported_on.",
        nullable=True,
    )
    registry_number: str = column(
        "Number under which the file was registered, by raw/received.csv; NULL where that does not say.",
        nullable=True,
        personal=NAMES,
    )
    status: str = column("Status reported.", codes=PROGRESS_STATUSES)
    percent_complete: Number = column(
        "How much of the activity is done; NULL where the agency does not say.",
        nullable=True,
        unit="percent",
        at_least=0,
        at_most=100,
    )
    completed_on: Moment = column("Day of completion reported; NULL where none is.", nullable=True)
    result_text: str = column(
        "Result reported, in the agency's words; NULL where none is.", nullable=True, personal=FREE_TEXT
    )
    evidence_kind: str = column(
        "What the agency cites as evidence: web, an address; file, one below raw/evidence; reference, anything that it "
        "names in words; NULL where it cites nothing.",
        nullable=True,
        codes=EVIDENCE_KINDS,
    )
    evidence_url: str = column(
        "Address of the evidence on the web; NULL where the agency gives none.", nullable=True, personal=FREE_TEXT
    )
    evidence_text: str = column(
        "The file cited, by its path inside raw/; a reference in the agency's words; what it writes next to an "
        "address; NULL where it writes nothing else.",
        nullable=True,
        personal=FREE_TEXT,
    )
    source_file: str = column("File that the line was read from, by its path inside raw/.", personal=NAMES)
    source_sheet: str = column("Sheet of the file; NULL where it has none.", nullable=True, personal=NAMES)
    source_row: Integer = column("Row of the sheet, or of a file without sheets, from 1.", at_least=1)


class PublicResult(Model):
    """One row per line of raw/public.csv: a result of fact_progress that the public may read; the first five columns
    are the key of that report line."""

    activity_id: str = column("Activity reported on.", key=True, references="dim_activity")
    agency_id: str = column("Agency that reports.", key=True, references="dim_agency")
    reporting_unit: str = column("Unit of the agency; _T where the agency has no units.", key=True)
    time_period: str = column("Year or half-year that the report is about.", key=True, references="dim_time_period")
    reported_on: Moment = column("Day of the report, as the agency states it.", key=True)
    result_text: str = column("The result, as fact_progress has it.")
    source_row: Integer = column("Line of raw/public.csv.", at_least=1)


class FactReportingSlot(Model):
    """One row per activity × agency × unit × period about which a report is expected, as known at the release's as_of.
    Second prints and collective agencies have none."""

    activity_id: str = column("Activity.", key=True, references="dim_activity")
    agency_id: str = column("Agency from which the report is expected.", key=True, references="dim_agency")
    reporting_unit: str = column(
        "Unit of the agency from which the report is expected; _T where the agency has no units.", key=True
    )
    time_period: str = column(
        "Year or half-year that the report is to be about.", key=True, references="dim_time_period"
    )
    plan_id: str = column("Plan that the activity belongs to.", references="dim_plan")
    opens_on: Moment = column("First day of the time for reports about the period.")
    due_on: Moment = column("Last day on which a report is on time.")
    filled_on: Moment = column(
        "Day from which the first report that fills the slot is known, one made from opens_on on, or one that reports "
        "completed or cancelled: the day of its receipt where raw/received.csv says it, else that of the report. NULL "
        "where there is none.",
        nullable=True,
    )
    is_self_dated: Flag = column(
        "Whether filled_on is the day that the agency itself states, because raw/received.csv says no day of receipt; "
        "NULL where no report fills the slot.",
        nullable=True,
    )
    is_filled: Flag = column("Whether a report fills the slot.")
    is_on_time: Flag = column("Whether the slot was filled on due_on or before.")


class RejectedRow(Model):
    """One row per input row refused (or, with no row number, per whole file or sheet)."""

    rejection_id: str = column("Rejection: R, number in the order of files and rows.", key=True)
    source_file: str = column("File that was refused or holds the row.", personal=NAMES)
    source_sheet: str = column("Sheet; NULL where there is none.", nullable=True, personal=NAMES)
    source_row: Integer = column("Row; NULL where the whole file is refused.", nullable=True, at_least=1)
    agency_id: str = column(
        "Agency that the row names, or else the form; NULL where it is legible in neither.",
        nullable=True,
        references="dim_agency",
    )
    column_name: str = column("First column at fault; NULL where it is the row.", nullable=True)
    columns_at_fault: str = column("All columns at fault, by name, a comma and a blank between two.", nullable=True)
    row_text: str = column(
        "The whole row, as JSON: heading → cell; NULL for a file.", nullable=True, personal=FREE_TEXT
    )
    rule: str = column("First rule broken.", references="dim_quality_rule")
    message: str = column("All that is wrong, and what to do about it.", personal=FREE_TEXT)
    arguments: str = column(
        "The sentences of `message`, as JSON: a list, in their order, of objects with rule, message_id (id "
        "in the message catalogues of npa) and arguments (an object: placeholder → text or whole number).",
        personal=FREE_TEXT,
    )
    state: str = column(
        "open: to be put right; corrected: another row takes its place; withdrawn: raw/withdrawn.csv says that it no "
        "longer counts.",
        codes=REJECTION_STATES,
    )
    corrected_by_file: str = column(
        "File of the row that takes its place; NULL where none does.", nullable=True, personal=NAMES
    )
    corrected_by_sheet: str = column("Sheet of that row; NULL where there is none.", nullable=True, personal=NAMES)
    corrected_by_row: Integer = column("Row of that row; NULL where there is none.", nullable=True, at_least=1)
    withdrawn_reason: str = column("Why it was withdrawn; NULL where it was not.", nullable=True, personal=FREE_TEXT)


class DimIndicator(Model):
    """One row per monitoring indicator."""

    indicator_id: str = column("Indicator.", key=True, pattern="[A-Z0-9_]+")
    name: str = column("Name of the indicator, in English.")
    definition: str = column("Definition in words, in English.")
    numerator: str = column("What fact_indicator.numerator counts; NULL where there is none.", nullable=True)
    denominator: str = column("What fact_indicator.denominator counts; NULL where there is none.", nullable=True)
    exclusions: str = column(
        "What is taken out of both, counted by fact_indicator.excluded; NULL where nothing is.", nullable=True
    )
    unit: str = column("Unit of fact_indicator.value; numerator and denominator have their own.")
    direction: str = column("Whether a higher or a lower value is better.", codes=DIRECTIONS)
    basis: str = column("plan: the plan alone goes in; reports: progress reports too.", codes=INDICATOR_BASES)
    periods: str = column("A: years; AQ: years and quarters.", codes=INDICATOR_PERIODS)
    source: str = column("Where the definition comes from; NULL where it is npa's own.", nullable=True)
    version: Integer = column("Number of the definition, from 1: a changed definition has the next.", at_least=1)
    valid_from: Moment = column("Day on which this version of the definition was adopted.")


class FactIndicator(Model):
    """One row per indicator × plan × agency × period. Agencies share activities, so their rows do not add up to that
    of `_T`."""

    indicator_id: str = column("Indicator.", key=True, references="dim_indicator")
    plan_id: str = column("Plan; _T is all plans together.", key=True)
    agency_id: str = column("Agency; _T is all agencies together.", key=True)
    time_period: str = column("Year or quarter.", key=True, references="dim_time_period")
    as_of: Moment = column("Day as at whose end the period is judged: its last day, or the release's as_of if earlier.")
    numerator: Count = column(
        "How many dim_indicator.numerator counts; NULL where the indicator has none.",
        nullable=True,
        unit=_COUNTED.format("numerator"),
        at_least=0,
    )
    denominator: Count = column(
        "How many dim_indicator.denominator counts; NULL where the indicator has none.",
        nullable=True,
        unit=_COUNTED.format("denominator"),
        at_least=0,
    )
    excluded: Count = column(
        "How many were taken out of both counts; NULL where the indicator is a plain count or a mean of plans.",
        nullable=True,
        unit=_COUNTED.format("exclusions"),
    )
    without_evidence: Count = column(
        "Activities of the denominator on which nothing is reported; NULL where it does not count activities.",
        nullable=True,
        unit="activities",
    )
    stale: Count = column(
        "Activities of the denominator whose state is stale: their latest report is about an earlier year than one for "
        "which a report is overdue; NULL where it does not count activities.",
        nullable=True,
        unit="activities",
        at_least=0,
    )
    self_dated: Count = column(
        "Of the numerator, reports whose day of receipt nobody registered, so that the agency's own day of report "
        "counts; NULL where no day of receipt counts.",
        nullable=True,
        unit=_COUNTED.format("numerator"),
        at_least=0,
    )
    value: Number = column(
        "Value, not rounded: of a rate, the numerator as a percentage of the denominator; NULL where that is zero.",
        nullable=True,
        unit="what dim_indicator.unit says",
    )
    obs_status: str = column(
        "P (provisional): the period is not over, or reports about it may still arrive in time; else A (final but for "
        "late reports).",
        pattern="[AP]",
    )
