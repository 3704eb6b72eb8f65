"""What measures answer to: the paragraphs of the treaty body's document that they cite, and their themes."""

from schemas.enumerations import DOCUMENT_VERSIONS, PARAGRAPH_KINDS, THEME_BASES
from schemas.model import FREE_TEXT, NAMES, Flag, Integer, Model, Moment, column

_ID = "[A-Z0-9-]+"

# A paragraph of a treaty body's document, as recommendations.csv describes it: cited by a plan, or not.
_SYMBOL = column(
    "Symbol of the treaty body's document: CRC/C/TJK/CO/3-5; NULL where it is not established.", nullable=True
)
_VERSION = column(
    "Version of the document that numbers the paragraph so: advance (unedited), final, corrigendum; NULL where it is "
    "not established.",
    nullable=True,
    codes=DOCUMENT_VERSIONS,
)
_PARAGRAPH = column(
    "Number of the paragraph in that document: 9, 9 (b); NULL where it is not established.", nullable=True
)
_KIND = column(
    "What the paragraph holds: recommendation (with or without a concern), concern (without a recommendation), "
    "introductory, procedural; NULL where it is not established.",
    nullable=True,
    codes=PARAGRAPH_KINDS,
)
_TEXT = column("The paragraph in the document's own words; NULL where nobody has given it.", nullable=True)
_LANGUAGE = column("Language of the text, ISO 639-1; NULL without a text.", nullable=True, pattern="[a-z]{2}")
_SOURCE_URL = column(
    "Where the text, or else what is said of the paragraph, was read; NULL where no address is given.", nullable=True
)
_UHRI_ID = column(
    "Id in the Universal Human Rights Index of the United Nations; NULL where none is given.", nullable=True
)
_REASON = column("How all this is known, and what of it is inferred; NULL where nothing is established.", nullable=True)


class DimRecommendation(Model, row_checks=("(text IS NULL) = (language IS NULL)",)):
    """One row per cited paragraph: a number that a plan cites, and calls a recommendation, of the treaty body's
    document. The paragraph may hold none: see `kind`."""

    recommendation_id: str = column("Cited paragraph: plan, R, number.", key=True, pattern=_ID)
    plan_id: str = column("Plan that cites the paragraph.", references="dim_plan")
    recommendation_number: Integer = column("Number that the plan cites.", at_least=1)
    symbol: str = _SYMBOL
    document_version: str = _VERSION
    paragraph: str = _PARAGRAPH
    kind: str = _KIND
    text: str = _TEXT
    language: str = _LANGUAGE
    source_url: str = _SOURCE_URL
    uhri_id: str = _UHRI_ID
    reason: str = _REASON


class UncitedParagraph(Model, row_checks=("(text IS NULL) = (language IS NULL)",)):
    """One row per paragraph that no measure of a plan cites, although the plan cites others of the same document: those
    that recommendations.csv describes."""

    reference: str = column("What its recommendation_id would be: plan, R, number.", key=True, pattern=_ID)
    plan_id: str = column("Plan that cites other paragraphs of the document.", references="dim_plan")
    symbol: str = _SYMBOL
    document_version: str = _VERSION
    paragraph: str = _PARAGRAPH
    kind: str = _KIND
    text: str = _TEXT
    language: str = _LANGUAGE
    source_url: str = _SOURCE_URL
    uhri_id: str = _UHRI_ID
    reason: str = _REASON


class RecommendationAssessment(Model):
    """One row per paragraph × assessor × scale × day: how far a person or body judges that the recommendation is
    implemented, by recommendation_assessments.csv. npa computes no such grade."""

    paragraph_id: str = column(
        "Paragraph: dim_recommendation.recommendation_id, or uncited_paragraph.reference.", key=True, pattern=_ID
    )
    assessor: str = column("Person or body who judged.", key=True, personal=NAMES)
    scale: str = column("Scale that the grade belongs to.", key=True)
    assessed_on: Moment = column("Day of the assessment; the latest of an assessor is in force.", key=True)
    grade: str = column("Grade on the scale.")
    reason: str = column("Why the assessor gave it.", personal=FREE_TEXT)
    source: str = column("Document or address that has the assessment.")
    source_file: str = column("Table that states the assessment, by its path inside raw/.")
    source_row: Integer = column("Line of the table, from 1.", at_least=1)


class BridgeMeasureRecommendation(Model):
    """One row per measure × paragraph that it cites."""

    measure_id: str = column("Measure.", key=True, references="dim_measure")
    recommendation_id: str = column("Paragraph that the measure cites.", key=True, references="dim_recommendation")


class DimTheme(Model):
    """One row per theme: those of npa's list, used or not, and those that themes.csv of a plan names."""

    theme: str = column("Theme: its code, which no other scheme has.", key=True, pattern=_ID)
    scheme: str = column("Classification that has the theme: CRC-CLUSTER, the Committee's clusters, ….", pattern=_ID)
    name: str = column("Name of the theme in English.")


class BridgeMeasureTheme(Model):
    """One row per measure × theme, by themes.csv. Count by main theme: a measure has one of a scheme at most."""

    measure_id: str = column("Measure.", key=True, references="dim_measure")
    theme: str = column("Theme of the measure.", key=True, references="dim_theme")
    scheme: str = column("Classification that has the theme.", pattern=_ID)
    is_main: Flag = column("Whether the measure counts under this theme.")
    basis: str = column(
        "published: a published classification has the cited paragraph under this theme; judgement: it is a reader's.",
        codes=THEME_BASES,
    )
    reason: str = column("Why the measure has the theme.")
