"""Normalise: one document becomes rows of the published tables (contract §6)."""

from dataclasses import asdict
from datetime import date

from transforms.errors import InputProblem
from transforms.plans.agencies import AgencyBook
from transforms.plans.checks.whole_document import flag_doubts
from transforms.plans.context import Context
from transforms.plans.declared_cases import Cases
from transforms.plans.description.document import Document
from transforms.plans.description.plan_toml import PlanDescription
from transforms.plans.grammar.periods import read_approval
from transforms.plans.judgements.assessments import add_assessments
from transforms.plans.judgements.breakdowns import add_breakdowns
from transforms.plans.judgements.cited_paragraphs import add_paragraphs
from transforms.plans.judgements.decisions import add_decisions
from transforms.plans.judgements.leads import check_leads
from transforms.plans.judgements.statistic_links import add_links
from transforms.plans.judgements.themes import add_themes
from transforms.plans.judgements.translations import add_translations
from transforms.plans.lines.extract import extract
from transforms.plans.lines.parsed import SourcePlan, SourceText
from transforms.plans.rows.measures import add_plan
from transforms.plans.rows.reporting import add_periods, add_units
from transforms.plans.rows.scope import PlanScope
from transforms.tables.quality_issues import add_issues
from transforms.tables.rows import Rows


def normalise(document: Document, rows: Rows) -> tuple[dict[str, dict[str, int]], list[InputProblem]]:
    """Add one document's rows to `rows`. Return the counts of each plan by plan_id, and every problem of the document.

    If lines of it fit no role, what follows from that is not reported as a problem too: counts that differ, cases that
    match nothing, agencies that no glossary explains."""
    context = Context(document, rows)
    source = extract(context)
    context.is_whole = not context.problems
    if not context.is_whole and not source.glossary:
        return {}, context.problems
    book, cases = AgencyBook(context, source.glossary), Cases(context)
    _add_document(context, source)
    scopes = [_add_plan(context, book, cases, plan) for plan in source.plans]
    for line in source.lines:
        names = {"document_id": document.document_id, "plan_id": line.plan.plan_id if line.plan else None}
        rows.add("source_line", **names, line_number=line.number, role=line.role, text=line.text or None)
    _add_agencies(context, book)
    add_units(context, book)
    _flag_declared_cuts(context, cases, source)
    _flag_unused_phrases(context)
    flag_doubts(context, book)
    add_paragraphs(context)
    add_assessments(context)
    add_themes(context)
    add_links(context)
    add_breakdowns(context)
    add_translations(context)
    check_leads(context)
    add_decisions(context)
    cases.refuse_stale()
    book.refuse_stale()
    add_issues(rows, document.document_id, context.issues.values())
    return {scope.plan_id: scope.counts for scope in scopes if scope}, context.problems


def _add_document(context: Context, source: SourceText) -> None:
    """Add one row to `dim_document`; check the number of plans."""
    document, described = context.document, context.document.description
    approved_on, approved_by = described.approved_on, described.approved_by
    if described.layout.approval_heading and not (approved_on and approved_by):
        try:
            approved_on, approved_by = read_approval(source.approval)
            printed = " ".join(text for _, text in source.approval)
            context.flag("approval_joined", source.approval[0][0], "approved_by", printed, approved_by)
        except InputProblem as problem:
            approved_on = approved_by = None
            context.problems.append(problem.at(document.path))
    file = {"document_id": document.document_id, "path": document.path, "sha256": document.sha256}
    size, approval = len(document.lines), {"approved_on": approved_on, "approved_by": approved_by}
    forms = {f"form_{name}": text for name, text in described.forms.model_dump().items()}
    kind = {"media_type": "text/plain", "language": described.language}
    context.rows.add("dim_document", **file, **kind, line_count=size, **approval, **forms)
    count, plans = len(described.plan), len(source.plans)
    if count != plans:
        what = "{count} [[plan]] are described, but the document holds {plans}"
        remedy = "Describe each plan, in the order of the document."
        context.refuse("plan.toml", what, remedy, count=count, plans=plans)


def _add_plan(context: Context, book: AgencyBook, cases: Cases, plan: SourcePlan) -> PlanScope | None:
    """Add a plan and all below it; return None for a plan that is not described, or is there a second time."""
    description, title = context.document.description, " ".join(plan.title)
    fitting, years, plan.plan_id = description.identify(title)
    if years is None or years[0] > years[1]:
        what = "the title does not state one period such as 2018-2022"
        remedy = "Put the period back, or state it in plan.toml: years = [2018, 2022]."
        context.refuse(plan.line_first, what, remedy, title)
    if len(fitting) != 1:
        what = "the title holds the title_phrase of {count} [[plan]] of plan.toml"
        context.refuse(plan.line_first, what, "One must fit, and one only.", title, count=len(fitting))
    if years is None or plan.plan_id is None:
        return None
    is_second = plan.plan_id in context.rows.column("dim_plan", "plan_id")
    place = {"path": context.document.path, "line": plan.line_first, "title": title}
    context.rows.add("plan_of_document", plan_id=plan.plan_id, first_year=years[0], last_year=years[1], **place)
    if is_second:
        context.is_whole = False
        return None
    scope = PlanScope(context, book, cases, plan.plan_id, years)
    _add_first_print(scope, plan, fitting[0], title)
    return scope


def _add_first_print(scope: PlanScope, plan: SourcePlan, described: PlanDescription, title: str) -> None:
    """Add a plan to `dim_plan`, and all below it; check its counts against those that a reader verified."""
    context, (first, last), plan_id = scope.context, scope.years, scope.plan_id
    description = context.document.description
    origin = {"document_id": context.document.document_id, "country_code": description.country}
    ends = {"start_date": date(first, 1, 1), "end_date": date(last, 12, 31)}
    context.rows.add("dim_plan", plan_id=plan_id, instrument=described.instrument, title=title, **origin, **ends)
    if description.reporting:
        add_periods(scope, plan.line_first, description.reporting)
    add_plan(scope, plan)
    for name, expected in described.expected.model_dump().items():
        if scope.counts[name] != expected:
            what = "{plan_id}: the document has {count} {name}, not the {wanted} of [plan.expected]"
            remedy = "Find what was lost or added; state the new count only when you have verified it."
            counts = {"count": scope.counts[name], "name": name, "wanted": expected}
            context.refuse_if_whole("plan.toml", what, remedy, plan_id=plan_id, **counts)


def _add_agencies(context: Context, book: AgencyBook) -> None:
    """Add the agencies that the document knows, and `dim_agency_alias`; flag those that no activity names."""
    document, country = context.document, context.document.description.country
    for agency in book.agencies.values():
        printed, names = agency.abbreviation, {"abbreviation": agency.abbreviation, "name": agency.name}
        ids = {"agency_id": f"{country}-{printed}", "country_code": country}
        context.rows.add("agency_of_document", **ids, **asdict(agency), path=document.path)
        if printed not in book.used:
            context.flag("glossary_entry_unused", agency.line, "abbreviation", printed, printed, **names)
    for alias in book.aliases.values():
        names = {"document_id": document.document_id, "agency_id": f"{country}-{alias.abbreviation}"}
        context.rows.add("dim_agency_alias", **names, alias=alias.alias, reason=alias.reason)


def _flag_declared_cuts(context: Context, cases: Cases, source: SourceText) -> None:
    """Flag each line that continues a row because cuts.csv says so; of the others, `source_line.role` says it."""
    for line, row, text, cut in source.declared_cuts:
        cases.match(cut)
        place, activity_id = (line, None, text, row.text("activity_text") or None), row.activity_id or None
        context.flag("row_cut", *place, activity_id=activity_id, first_line=row.line_first, reason=cut.reason)


def _flag_unused_phrases(context: Context) -> None:
    """Flag phrases of plan.toml, [periods], that are no period of the document."""
    words = context.document.description.period_words
    periods = {words.plain(text or "") for text in context.rows.column("dim_activity", "period_text")}
    for phrase in context.document.description.periods:
        if words.plain(phrase) not in periods:
            context.flag("period_phrase_unused", None, "period_text", phrase)
