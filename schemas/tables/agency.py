"""The bodies made responsible for activities."""

from schemas.enumerations import AGENCY_TYPES
from schemas.model import Flag, Model, column


class DimAgency(Model):
    """One row per agency, those that no activity names included."""

    agency_id: str = column("Agency: country, canonical abbreviation.", key=True, pattern="[A-Z0-9-]+")
    country_code: str = column("Country, ISO 3166-1 alpha-3.", pattern="[A-Z]{3}")
    abbreviation: str = column("Canonical abbreviation.", pattern="[A-Z0-9-]+")
    name: str = column("Name, from the glossary or, where that has none, from the table of agencies.")
    agency_type: str = column("Kind of body: a judgement, kept beside the document.", codes=AGENCY_TYPES)
    in_glossary: Flag = column("Whether a document's glossary explains the abbreviation.")
    is_collective: Flag = column("Whether the plan names several bodies in words instead of one.")

    class Config:
        metadata = {"row_checks": ("is_collective = (agency_type = 'collective')",)}


class DimAgencyAlias(Model):
    """One row per document × spelling of an agency that is not the canonical one."""

    document_id: str = column("Document that prints the spelling.", key=True, references="dim_document")
    alias: str = column("Spelling as printed.", key=True)
    agency_id: str = column("Agency that is meant.", references="dim_agency")
    reason: str = column("Why the spelling is read as this agency.")
