"""Code lists of the contract: the only values that the columns named here may have."""

TIMEFRAME_OF = {
    "single_year": "dated",
    "year_range": "dated",
    "recurring": "continuous",
    "until_resolved": "continuous",
    "by_procedure": "undated",
    "unspecified": "undated",
}
SCHEDULE_KINDS = tuple(TIMEFRAME_OF)
TIMEFRAMES = ("dated", "continuous", "undated")
# The meanings that a phrase of a plan (plan.toml, [periods]) may have: the kinds without years that are not blank.
PHRASE_KINDS = ("recurring", "until_resolved", "by_procedure")
WINDOW_SOURCES = ("stated", "plan_period")
AGENCY_TYPES = (
    "ministry", "committee", "state_agency", "court", "prosecution", "ombudsman", "local_authority",
    "executive_office", "state_enterprise", "centre", "service", "commission", "working_group", "collective",
)  # fmt: skip
FREQUENCIES = ("A", "Q", "S", "M")
PROGRESS_STATUSES = (
    "not_started", "in_progress", "substantially_completed", "completed", "delivered", "suspended", "cancelled",
)  # fmt: skip
DECISION_KINDS = ("cancelled", "extended")
SEVERITIES = ("info", "warning", "error")
# The last three are not in the contract: `corrected`, a value replaced by corrections.csv; `filled`, a blank cell with
# the value of the merged cell above; `rejected`, a row or file of a report.
ACTIONS = ("kept", "joined", "aliased", "deduplicated", "flagged", "left_null", "corrected", "filled", "rejected")
RULE_SUBJECTS = ("plan", "report", "statistic", "source")
LINE_ROLES = (
    "blank", "approval", "title", "column_heading", "column_number", "measure_row", "activity_row", "continuation",
    "glossary_heading", "glossary_entry",
)  # fmt: skip
INDICATOR_BASES = ("plan", "reports")
DIRECTIONS = ("higher_is_better", "lower_is_better", "neither")
INDICATOR_PERIODS = ("A", "AQ")
DATASET_FORMATS = ("sdmx-ml", "sdmx-csv", "px", "json-stat", "csv", "xlsx", "parquet")
RELEVANCES = ("direct", "contextual")
DOCUMENT_VERSIONS = ("advance", "final", "corrigendum")
PARAGRAPH_KINDS = ("recommendation", "concern", "introductory", "procedural")
THEME_BASES = ("published", "judgement")
RANGE_KINDS = ("observed", "defined")
# What a figure comes from; `register`: any administrative record.
SOURCE_KINDS = ("survey", "census", "register", "model")
# Whom a series is about: children (under 18), a younger or older group of them, people of about 15 to 24, …
POPULATIONS = (
    "children", "younger_children", "older_children", "youth", "adults", "all_ages", "institutions", "other",
)  # fmt: skip
BREAKDOWNS = ("age", "sex", "region", "residence", "wealth", "education", "ethnicity", "disability")
