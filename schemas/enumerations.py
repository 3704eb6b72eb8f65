"""Code lists of the contract: the only values that the columns named here may have."""

SCHEDULE_KINDS = ("single_year", "year_range", "recurring", "until_resolved", "by_procedure", "unspecified")
# What a phrase of a plan (plan.toml, [periods]) may mean: the kinds that name no years and are not blank.
PHRASE_KINDS = ("recurring", "until_resolved", "by_procedure")
TIMEFRAMES = ("dated", "continuous", "undated")
TIMEFRAME_OF = {
    "single_year": "dated",
    "year_range": "dated",
    "recurring": "continuous",
    "until_resolved": "continuous",
    "by_procedure": "undated",
    "unspecified": "undated",
}
WINDOW_SOURCES = ("stated", "plan_period")
AGENCY_TYPES = (
    "ministry",
    "committee",
    "state_agency",
    "court",
    "prosecution",
    "ombudsman",
    "local_authority",
    "executive_office",
    "state_enterprise",
    "centre",
    "service",
    "commission",
    "working_group",
    "collective",
)
FREQUENCIES = ("A", "Q", "S", "M")
PROGRESS_STATUSES = (
    "not_started",
    "in_progress",
    "substantially_completed",
    "completed",
    "delivered",
    "suspended",
    "cancelled",
)
SEVERITIES = ("info", "warning", "error")
# Three are ours, none of the contract's six: `corrected`, a value replaced by corrections.csv; `filled`, a blank cell
# published with the value of the merged cell above; `rejected`, of the rules by which rows and files of reports are.
ACTIONS = ("kept", "joined", "aliased", "deduplicated", "flagged", "left_null", "corrected", "filled", "rejected")
RULE_SUBJECTS = ("plan", "report", "statistic", "source")
LINE_ROLES = (
    "blank",
    "approval",
    "title",
    "column_heading",
    "column_number",
    "measure_row",
    "activity_row",
    "continuation",
    "glossary_heading",
    "glossary_entry",
)
INDICATOR_BASES = ("plan", "reports")
DIRECTIONS = ("higher_is_better", "lower_is_better", "neither")
INDICATOR_PERIODS = ("A", "AQ")
DATASET_FORMATS = ("sdmx-ml", "sdmx-csv", "px", "json-stat", "csv", "xlsx", "parquet")
RELEVANCES = ("direct", "contextual")
