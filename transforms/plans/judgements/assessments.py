"""recommendation_assessments.csv: how far recommendations are implemented, as persons grade it (contract §5)."""

from typing import Any

from transforms.plans.context import Context
from transforms.plans.description.document import AssessmentRow

_PUBLISHED = {"assessor", "scale", "grade", "reason", "source"}


def add_assessments(context: Context) -> None:
    """Add to `recommendation_assessment`. Needs the paragraphs of the document, cited or not, in the rows."""
    known = {*context.rows.column("dim_recommendation", "recommendation_id")}
    known |= {*context.rows.column("uncited_paragraph", "reference")}
    place, first = {"source_file": context.document.path_of(AssessmentRow.file)}, dict[tuple[Any, ...], int]()
    for row in context.document.rows(AssessmentRow):
        line = first.setdefault((row.reference, row.assessor, row.scale, row.day), row.line)
        if fault := _fault(row, is_known=row.reference in known, is_second=line != row.line):
            context.refuse_if_whole(row, *fault, reference=row.reference, line=line)
            continue
        published = row.model_dump(include=_PUBLISHED) | {"paragraph_id": row.reference, "assessed_on": row.day}
        context.rows.add("recommendation_assessment", **published, **place, source_row=row.line)


def _fault(row: AssessmentRow, *, is_known: bool, is_second: bool) -> tuple[str, str, str] | None:
    """Return what is wrong with a row, the remedy, and the value at fault."""
    if not is_known:
        what = "no measure cites {reference}, and no row of recommendations.csv describes it"
        remedy = "Put the reference right, or describe the paragraph in recommendations.csv."
    elif is_second:
        what = "line {line} has the grade of this assessor on this scale and day already"
        remedy = "Keep one row. A grade that changes has a later day."
    else:
        return None
    return what, remedy, row.reference
