"""The documents and their plans: measures, activities, agencies and years."""

from schemas.enumerations import (
    AGENCY_TYPES,
    DECISION_KINDS,
    FREQUENCIES,
    LINE_ROLES,
    SCHEDULE_KINDS,
    TIMEFRAMES,
    WINDOW_SOURCES,
)
from schemas.model import NAMES, Flag, Integer, Model, Moment, column

_ID = "[A-Z0-9-]+"


class DimDocument(Model):
    """One row per document: a source file as received, with its metadata; it may hold several plans."""

    document_id: str = column("Document: the name of its folder in upper case.", key=True, pattern=_ID)
    path: str = column("Path of the source file inside raw/.")
    sha256: str = column("SHA-256 of the source file's bytes.", pattern="[0-9a-f]{64}")
    media_type: str = column("IANA media type of the source file.")
    language: str = column(
        "Language of the text, ISO 639-1, by plan.toml; NULL where that does not state it.",
        nullable=True,
        pattern="[a-z]{2}",
    )
    line_count: Integer = column("Lines of the document.", unit="lines", at_least=1)
    approved_on: Moment = column("Day of approval that the document prints; NULL where it prints none.", nullable=True)
    approved_by: str = column(
        "Office and name of who approved, as printed; NULL where none is.", nullable=True, personal=NAMES
    )
    form_sender: str = column(
        "Who sends out the report forms, by plan.toml; NULL where unknown.", nullable=True, personal=NAMES
    )
    form_phone: str = column(
        "Telephone of whoever sends them out, by plan.toml; NULL where unknown.", nullable=True, personal=NAMES
    )
    form_return_to: str = column(
        "Address to which forms are returned, by plan.toml; NULL where unknown.", nullable=True
    )


class DimPlan(Model, row_checks=("start_date <= end_date",)):
    """One row per plan: an action plan for one treaty instrument."""

    plan_id: str = column("Plan: country, instrument, first year.", key=True, pattern=_ID)
    document_id: str = column("Document that holds the plan.", references="dim_document")
    country_code: str = column("Country, ISO 3166-1 alpha-3.", pattern="[A-Z]{3}")
    instrument: str = column("Treaty instrument that the plan answers to (CRC, OPSC, OPAC, …).", pattern="[A-Z]+")
    title: str = column("Title as printed, heading included.")
    start_date: Moment = column("First day of the plan's period: 1 January of the first year in its title.")
    end_date: Moment = column("Last day of the plan's period: 31 December of the last year in its title.")


class SourceLine(Model):
    """One row per line of a document; every line has exactly one role, so nothing of the source is lost unseen."""

    document_id: str = column("Document that has the line.", key=True, references="dim_document")
    line_number: Integer = column("Number of the line, from 1.", key=True, at_least=1)
    role: str = column("What the line is in the document.", codes=LINE_ROLES)
    plan_id: str = column(
        "Plan whose part the line is; NULL before, between and after the plans.", nullable=True, references="dim_plan"
    )
    text: str = column(
        "The line as printed, tabs included, without its end; NULL where nothing is printed.", nullable=True
    )


class DimMeasure(Model):
    """One row per measure: a numbered row group of a plan's table."""

    measure_id: str = column("Measure: plan, measure number.", key=True, pattern=_ID)
    plan_id: str = column("Plan that the measure belongs to.", references="dim_plan")
    measure_number: Integer = column("Number that the plan prints for the measure.", at_least=1)
    summary: str = column("Summary as printed, without the closing bracket of recommendation numbers.")
    recommendations_text: str = column(
        "Text in the closing bracket of the summary; a dash between numbers is published as a hyphen."
    )
    line_first: Integer = column("Line of the document on which the measure begins.", at_least=1)


class DimActivity(
    Model, row_checks=("window_start <= window_end", "line_first <= line_last", "duplicate_of <> activity_id")
):
    """One row per activity: one line of work under a measure. A row printed twice is here twice: count with
    `duplicate_of IS NULL`."""

    activity_id: str = column("Activity: measure, position in the measure.", key=True, pattern=_ID)
    measure_id: str = column("Measure that the activity belongs to.", references="dim_measure")
    plan_id: str = column("Plan that the activity belongs to.", references="dim_plan")
    activity_number: Integer = column("Position of the activity in its measure, from 1.", at_least=1)
    number_in_source: Integer = column(
        "Number printed at the head of the activity's text; NULL where none is.", nullable=True, at_least=1
    )
    activity_text: str = column("What is to be done, as printed, without the number at its head.")
    expected_result: str = column("Result expected, as printed; NULL where the cell is blank.", nullable=True)
    period_text: str = column(
        "Implementation period as printed; a dash in a range is published as a hyphen; NULL where the cell is blank.",
        nullable=True,
    )
    schedule_kind: str = column(
        "Kind of period that period_text states; unspecified where it is blank.", codes=SCHEDULE_KINDS
    )
    timeframe: str = column(
        "dated: years stated; continuous: recurring or until resolved; undated: by procedure or unspecified.",
        codes=TIMEFRAMES,
    )
    window_start: Moment = column(
        "First day on which the activity is to run: 1 January of the first year stated, or the plan's first day."
    )
    window_end: Moment = column(
        "Last day on which the activity is to run: 31 December of the last year stated, or the plan's last day. Only "
        "for a dated activity is it a date to be late by."
    )
    window_source: str = column(
        "stated: the plan gives the years; plan_period: it does not, and its own period is used.", codes=WINDOW_SOURCES
    )
    duplicate_of: str = column(
        "Activity of which this one is a second print; NULL for all others.",
        nullable=True,
        references="dim_activity.activity_id",
    )
    line_first: Integer = column("First line of the activity in the document.", at_least=1)
    line_last: Integer = column("Last line of the activity in the document.", at_least=1)


class DimAgency(Model, row_checks=("is_collective = (agency_type = 'collective')",)):
    """One row per agency, those that no activity names included."""

    agency_id: str = column("Agency: country, canonical abbreviation.", key=True, pattern=_ID)
    country_code: str = column("Country, ISO 3166-1 alpha-3.", pattern="[A-Z]{3}")
    abbreviation: str = column("Abbreviation that stands for all spellings of the agency.", pattern=_ID)
    name: str = column("Name of the agency, from the glossary or, where that has none, from agencies.csv.")
    agency_type: str = column("Kind of body: a judgement, in agencies.csv next to the document.", codes=AGENCY_TYPES)
    in_glossary: Flag = column("Whether a document's glossary explains the abbreviation.")
    is_collective: Flag = column(
        "Whether the plan names several bodies in words; nobody is expected to report for them."
    )


class DimAgencyAlias(Model):
    """One row per document × spelling of an agency that is not the canonical one."""

    document_id: str = column("Document that prints the spelling.", key=True, references="dim_document")
    alias: str = column("Spelling as printed.", key=True)
    agency_id: str = column("Agency that is meant.", references="dim_agency")
    reason: str = column("Why the spelling is read as this agency.")


class DimReportingUnit(Model):
    """One row per reporting unit of an agency that reports by units, such as the districts of local authorities: each
    of them is to report on each activity of the agency. Other agencies have none."""

    agency_id: str = column("Agency that the unit belongs to.", key=True, references="dim_agency")
    reporting_unit: str = column(
        "Unit, by its id in plan.toml; another agency may use the same.", key=True, pattern=_ID
    )
    name: str = column("Name of the unit: the English one, or else the first that plan.toml gives.")


class DimReportingUnitName(Model, through=(("agency_id", "reporting_unit"), "dim_reporting_unit")):
    """One row per reporting unit × language; agency and unit are together a row of dim_reporting_unit."""

    agency_id: str = column("Agency that the unit belongs to.", key=True, references="dim_agency")
    reporting_unit: str = column("Unit.", key=True)
    language: str = column("Language of the name, ISO 639-1.", key=True, pattern="[a-z]{2}")
    name: str = column("Name of the unit in that language; reports may name it so.")


class DimTimePeriod(Model, row_checks=("start_date <= end_date",)):
    """One row per period that any fact uses."""

    time_period: str = column(
        "Period in SDMX form: 2018, 2018-Q1, 2018-S1, 2018-01.",
        key=True,
        pattern="[0-9]{4}(-(Q[1-4]|S[12]|0[1-9]|1[0-2]))?",
    )
    frequency: str = column("SDMX frequency: A year, Q quarter, S half-year, M month.", codes=FREQUENCIES)
    start_date: Moment = column("First day of the period.")
    end_date: Moment = column("Last day of the period.")


class DimReportingPeriod(Model, row_checks=("opens_on <= due_on",)):
    """One row per plan × period that reports are to be about, by [reporting] of plan.toml: the years of the plan, or
    their half-years. A plan without [reporting] has none."""

    plan_id: str = column("Plan.", key=True, references="dim_plan")
    time_period: str = column("Year or half-year.", key=True, references="dim_time_period")
    opens_on: Moment = column("First day of the time for reports about the period.")
    due_on: Moment = column("Last day on which a report is on time.")


class DimTranslation(Model):
    """One row per translated text: `translations.csv` of the documents. `text_in` gives a text in a language,
    whether it is translated or not."""

    id: str = column(
        "Document, plan, measure, activity, agency, cited paragraph, theme or unit (agency-unit) that has the text.",
        key=True,
        pattern=_ID,
    )
    column_name: str = column("Column of its table that is translated: summary, activity_text, name …", key=True)
    language: str = column("Language of the translation, ISO 639-1.", key=True, pattern="[a-z]{2}")
    text: str = column("The text in that language.")


class BridgeActivityAgency(Model):
    """One row per activity × agency responsible. The plan does not say who leads: the position is only the order of
    print, and `is_lead` is of leads.csv. Second prints are here too: see dim_activity.duplicate_of."""

    activity_id: str = column("Activity.", key=True, references="dim_activity")
    agency_id: str = column("Agency made responsible.", key=True, references="dim_agency")
    position: Integer = column(
        "Order of first print in the cell, 1 … n without gaps; it does not say who leads.", at_least=1
    )
    token: str = column("The agency as first printed in the cell.")
    is_lead: Flag = column("Whether the agency leads the activity, by a document that leads.csv names.")
    lead_document: str = column("The document that makes it the lead; NULL of other agencies.", nullable=True)


class FactActivityYear(Model):
    """One row per activity × plan year in its window. Second prints are here too: see dim_activity.duplicate_of."""

    activity_id: str = column("Activity.", key=True, references="dim_activity")
    time_period: str = column("Year that the window touches.", key=True, references="dim_time_period")
    plan_id: str = column("Plan that the activity belongs to.", references="dim_plan")
    is_first_year: Flag = column("Whether the window begins in this year.")
    is_due_year: Flag = column("Whether the window ends in this year.")
    report_opens_on: Moment = column(
        "First day of the time for reports about this year, or about its first half, by [reporting] of plan.toml; NULL "
        "where it says none.",
        nullable=True,
    )
    report_due_on: Moment = column(
        "Last day on which a report about this year, or about its second half, is on time, by [reporting] of "
        "plan.toml; NULL where it says none.",
        nullable=True,
    )


class ActivityDecision(Model, row_checks=("(new_end IS NOT NULL) = (decision_kind = 'extended')",)):
    """One row per decision of the approving body about an activity after the plan, by decisions.csv. It counts from its
    day on; dim_activity has the end that the plan prints."""

    activity_id: str = column("Activity.", key=True, references="dim_activity")
    decided_on: Moment = column("Day of the decision.", key=True)
    body: str = column("Who decided.")
    decision_kind: str = column(
        "cancelled: it is not to be done; extended: its end is moved to new_end.",
        codes=DECISION_KINDS,
    )
    new_end: Moment = column("Last day on which the activity is to run; NULL of what is cancelled.", nullable=True)
    document: str = column("Document that has the decision.")
    reason: str = column("Why it was decided.")
    source_file: str = column("Table that states the decision, by its path inside raw/.")
    source_row: Integer = column("Line of the table, from 1.", at_least=1)
