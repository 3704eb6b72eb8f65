"""The release itself: what was found in its sources, when it was published, and what codes and columns mean."""

from schemas.enumerations import ACTIONS, SEVERITIES
from schemas.model import FREE_TEXT, NAMES, Count, Flag, Integer, Model, Moment, column
from schemas.tables.statistic import FigureKey


class QualityIssue(Model):
    """One row per irregularity found in a source: where the published value is not the printed one, or the print is
    doubtful."""

    issue_id: str = column("Issue: document, or PROGRESS, STATISTICS or REMOVED, then Q and a number.", key=True)
    rule: str = column("Rule that found it.", references="dim_quality_rule")
    severity: str = column("info: nothing to do; warning: worth a look at the source.", codes=SEVERITIES)
    document_id: str = column(
        "Document concerned; NULL where another source is, see source_file.", nullable=True, references="dim_document"
    )
    line_number: Integer = column(
        "Line of the document, or row of the file, in a format without rows the position; NULL where it is not one.",
        nullable=True,
        at_least=1,
    )
    activity_id: str = column(
        "Activity concerned; NULL where it is none or more than one.", nullable=True, references="dim_activity"
    )
    dataset_id: str = column(
        "Data set concerned, the first of those compared; NULL where it is none, or all that have the series.",
        nullable=True,
        references="dim_dataset",
    )
    statistic_id: str = column(
        "Series concerned; NULL where it is none. bridge_statistic_issue has its figures; an issue about unit_measure "
        "has none there, and is about all figures of dataset_id and statistic_id whose unit is source_value.",
        nullable=True,
        references="dim_statistic",
    )
    source_file: str = column(
        "File or folder of raw/ concerned; NULL where it is a document, see document_id.", nullable=True, personal=NAMES
    )
    column_name: str = column("Published column concerned; NULL where it is none.", nullable=True)
    source_value: str = column(
        "Value as printed, or as the file has it; NULL where there is none.", nullable=True, personal=FREE_TEXT
    )
    published_value: str = column("Value as published; NULL where none is.", nullable=True, personal=FREE_TEXT)
    places: Count = column(
        "Lines, rows or values that the row is about; the other columns name the first, or the worst.",
        unit="places",
        at_least=1,
    )
    action: str = column("What was done.", codes=ACTIONS)
    message: str = column("What it means, in a sentence.", personal=FREE_TEXT)
    message_id: str = column("Sentence that `message` is, by its id in the message catalogues of npa.")
    arguments: str = column(
        "What fills the placeholders of the sentence, as JSON: an object, placeholder → text or whole number; {} where "
        "it has none.",
        personal=FREE_TEXT,
    )


# As many rows as there are doubted figures: without an index, as fact_statistic.
class BridgeStatisticIssue(FigureKey, is_constrained=False):
    """One row per figure × issue that doubts it: the key of fact_statistic, and the issue."""

    issue_id: str = column("Issue that is about the figure.", key=True, references="quality_issue")


class DimCode(Model):
    """One row per code × language: what a code means. The code list of a column has the column's name."""

    code_list: str = column(
        "Name of the column whose codes these are, such as sex. Names by a producer: <dataset_id>:<column>, or "
        "<dataset_id>:<concept> of other_breakdown.",
        key=True,
    )
    code: str = column("Code, as the column has it.", key=True)
    language: str = column(
        "Language of the name, BCP 47 in lower case; und where the source does not say it.",
        key=True,
        pattern="[a-z]{2,8}(-[a-z0-9]{1,8})*",
    )
    name: str = column("What the code means; the code itself where the source says no more.")
    source: str = column("Where the name is from: npa, a published code list, or a file below raw/.")


class Release(Model):
    """One row per release: this one."""

    release_id: str = column(
        "Release: UTC time of publication, then what tells two apart.", key=True, pattern="[0-9]{8}T[0-9]{6}Z-[0-9a-f]+"
    )
    published_at: Moment = column("When it was published, UTC.")
    as_of: Moment = column("Day for which states and indicators are computed.")
    software_version: str = column("Version of npa, with a digest of its code.")
    input_fingerprint: str = column("SHA-256 over all that goes in: inputs, as_of, software.", pattern="[0-9a-f]{64}")


class DataDictionary(Model):
    """One row per published column of a table or view."""

    table_name: str = column("Table or view.", key=True)
    column_name: str = column("Column.", key=True)
    position: Integer = column("Position in the table or view, from 1.", at_least=1)
    data_type: str = column("SQL type.")
    is_nullable: Flag = column("Whether NULL is allowed; always true in a view, whose columns nothing checks.")
    key: str = column(
        "PK: part of the primary key; FK table.column: must be found there; both joined by a comma; NULL for neither.",
        nullable=True,
    )
    description: str = column("What the column means.")
    unit: str = column(
        "What a number counts, or where that is said; NULL for text, dates, codes, years and ordinal numbers.",
        nullable=True,
    )
