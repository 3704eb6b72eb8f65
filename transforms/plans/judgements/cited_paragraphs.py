"""recommendations.csv: paragraphs of the treaty body's document, those that a plan cites and those that it does not.

The cited ones are in `dim_recommendation` (transforms/plans/rows/measures.py); here all are checked."""

from collections.abc import Iterable
from typing import Any

from transforms.plans.context import Context
from transforms.plans.description.document import DoubtRow, RecommendationRow

_Rows = list[dict[str, Any]]


def add_paragraphs(context: Context) -> None:
    """Check each row, add those of paragraphs that no measure cites to `uncited_paragraph`, and flag what both show.

    Needs the document's plans, measures and cited paragraphs in the rows."""
    cited = {row["recommendation_id"]: row for row in context.rows.of("dim_recommendation")}
    seen: set[str] = set()
    of_paragraph: dict[tuple[str, str, str], str] = {}  # plan, symbol and paragraph: the first reference that is cited
    for row in context.document.rows(RecommendationRow):
        plan_id, is_cited = row.reference.rpartition("-R")[0], row.reference in cited
        key = plan_id, row.symbol, row.paragraph
        other = of_paragraph.setdefault(key, row.reference) if is_cited else row.reference
        fault = _fault(row, is_second=row.reference in seen, other=other)
        if not fault and not is_cited:
            fault = _uncited_fault(context, row, _of(plan_id, cited.values()))
        seen.add(row.reference)
        if fault:
            names = {"reference": row.reference, "symbol": row.symbol, "paragraph": row.paragraph, "other": other}
            context.refuse_if_whole(row, *fault, **names)
        elif not is_cited:
            context.rows.add("uncited_paragraph", reference=row.reference, plan_id=plan_id, **row.columns())
    uncited = list(context.rows.of("uncited_paragraph"))
    for plan in context.rows.of("plan_of_document"):
        plan_id = plan["plan_id"]
        _flag_without_recommendation(context, plan_id, _of(plan_id, cited.values()))
        _flag_without_measure(context, plan_id, plan["line"], _of(plan_id, uncited))


def _fault(row: RecommendationRow, *, is_second: bool, other: str) -> tuple[str, str, str] | None:
    """Return what is wrong with a row, the remedy, and the value at fault; `other`: what cites its paragraph first."""
    value = row.reference
    if is_second:
        what, remedy = "the reference has two rows", "Keep one."
    elif bool(row.text) != bool(row.language):
        what, remedy, value = "text and language stand together", "Fill both, or none.", row.text or row.language
    elif row.text and not (row.document_version and row.source_url):
        what, value = "the text of the paragraph has no source", row.text
        remedy = (
            "Fill document_version and source_url with those of the treaty body's own document, where the text was "
            "read, or leave the text out."
        )
    elif other != row.reference:
        what = "{reference} is paragraph {paragraph} of {symbol}, but so is {other}, which a measure cites too"
        remedy = "Put one of the two paragraphs right."
    else:
        return None
    return what, remedy, value


def _uncited_fault(context: Context, row: RecommendationRow, cited: _Rows) -> tuple[str, str, str] | None:
    """Return what is wrong with a row whose reference no measure cites, the remedy, and the value at fault; `cited`:
    the paragraphs that its plan cites."""
    paragraphs = {other["paragraph"] for other in cited if other["symbol"] == row.symbol}
    if row.reference.rpartition("-R")[0] not in context.rows.column("dim_plan", "plan_id"):
        what, remedy = "the document has no such plan", "Put the reference right, or take the row out."
    elif not paragraphs:
        what = "no measure cites {reference} (any more), and the plan cites no other paragraph of {symbol}"
        remedy = "Put reference or symbol right, or take the row out."
    elif row.paragraph in paragraphs:
        what = (
            "no measure cites {reference}, but another row says that the plan cites paragraph {paragraph} of {symbol}"
        )
        remedy = "Put reference or paragraph right, or take the row out."
    else:
        return None
    return what, remedy, row.reference


def _flag_without_recommendation(context: Context, plan_id: str, cited: _Rows) -> None:
    """Flag, once, the cited paragraphs of a plan that hold no recommendation."""
    known = [row for row in cited if row["kind"]]
    without = [row for row in known if row["kind"] != "recommendation"]
    if without:
        lines = _lines(context)
        place = sorted(lines[row["recommendation_id"]] for row in without), "kind"
        names = {"plan_id": plan_id, "paragraphs": _listed(without)}
        variant = _variant(context, plan_id)
        context.flag("cited_paragraph_without_recommendation", *place, variant=variant, total=len(known), **names)


def _flag_without_measure(context: Context, plan_id: str, line: int, uncited: _Rows) -> None:
    """Flag, once for each document, the paragraphs that hold a recommendation and that no measure of a plan cites."""
    open_ones = [row for row in uncited if row["kind"] == "recommendation"]
    for symbol in dict.fromkeys(row["symbol"] for row in open_ones):
        rows = [row for row in open_ones if row["symbol"] == symbol]
        names = {"plan_id": plan_id, "symbol": symbol, "paragraphs": _listed(rows)}
        place, variant = ([line] * len(rows), "recommendation_id"), _variant(context, plan_id)
        context.flag("recommendation_without_measure", *place, variant=variant, **names)


def _variant(context: Context, plan_id: str) -> str:
    """Return the variant of a sentence that names `print_doubted`, if a reader doubts the summary of a measure.

    A number that is probably a misprint makes one paragraph too many cited, and another one too few."""
    doubted = [row.id for row in context.document.rows(DoubtRow) if row.column_name == "summary"]
    return "doubted" if any(measure_id.rpartition("-")[0] == plan_id for measure_id in doubted) else ""


def _lines(context: Context) -> dict[str, int]:
    """Return recommendation_id → line of the first measure that cites the paragraph."""
    measures = {row["measure_id"]: row["line_first"] for row in context.rows.of("dim_measure")}
    links = reversed(list(context.rows.of("bridge_measure_recommendation")))
    return {link["recommendation_id"]: measures[link["measure_id"]] for link in links}


def _of(plan_id: str, rows: Iterable[dict[str, Any]]) -> _Rows:
    return [row for row in rows if row["plan_id"] == plan_id]


def _listed(rows: _Rows) -> str:
    return ", ".join(row["paragraph"] for row in rows)
