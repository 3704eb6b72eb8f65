"""The source documents, line by line."""

from schemas.enumerations import LINE_ROLES
from schemas.model import Integer, Model, Moment, column


class DimDocument(Model):
    """One row per document: a source file as received, with its metadata; it may hold several plans."""

    document_id: str = column("Document: the name of its folder in upper case.", key=True, pattern="[A-Z0-9-]+")
    path: str = column("Path of the source file inside the folder of raw data.")
    sha256: str = column("SHA-256 of the source file's bytes.", pattern="[0-9a-f]{64}")
    media_type: str = column("IANA media type of the source file.")
    line_count: Integer = column("Lines of the document.", unit="lines", at_least=1)
    approved_on: Moment = column("Day of approval that the document prints; NULL where it prints none.", nullable=True)
    approved_by: str = column("Office and name of who approved, as printed; NULL where none is.", nullable=True)


class SourceLine(Model):
    """One row per line of a document; every line has exactly one role, so nothing of the source is lost unseen."""

    document_id: str = column("Document that the line stands in.", key=True, references="dim_document")
    line_number: Integer = column("Number of the line, from 1.", key=True, at_least=1)
    role: str = column("What the line is in the document.", codes=LINE_ROLES)
    plan_id: str = column(
        "Plan whose part the line is; NULL before, between and after the plans.", nullable=True, references="dim_plan"
    )
    text: str = column(
        "The line as printed, tabs included, without its end; NULL where nothing is printed.", nullable=True
    )
