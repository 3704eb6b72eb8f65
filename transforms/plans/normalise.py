"""Normalise: one document taken apart becomes rows of the published tables (contract §6)."""

from collections.abc import Iterator
from datetime import date

from transforms.errors import InputProblem, problem_in
from transforms.plans.agencies import agency_book, stale
from transforms.plans.context import Context, PlanScope
from transforms.plans.description.document import Document
from transforms.plans.description.judgements import TranslationRow
from transforms.plans.description.plan_toml import PlanDescription
from transforms.plans.description.statistic_links import add_links
from transforms.plans.grammar.approval import read_approval
from transforms.plans.grammar.print_checks import doubts
from transforms.plans.measures import add_plan
from transforms.plans.parsed import ACTIVITY, SourcePlan, SourceText
from transforms.tables.quality_issues import add_issues
from transforms.tables.rows import Rows


def normalise(
    document: Document, source: SourceText, rows: Rows, *, is_whole: bool
) -> tuple[dict[str, dict[str, int]], list[InputProblem]]:
    """Add one document's rows to `rows`. Return the counts of each plan, and every problem of the document.

    If it is not `is_whole`, because lines of it fit no role, what follows from that is not reported as a problem too:
    counts that differ, cases that match nothing, agencies that no glossary explains."""
    if not is_whole and not source.glossary:
        return {}, []
    book, problems = agency_book(source.glossary, document)
    context = Context(document, book, rows, is_whole, problems if is_whole else [])
    counts: dict[str, dict[str, int]] = {}
    _add_document(context, source.approval)
    _check_number_of_plans(context, len(source.plans))
    plan_ids = [_add_plan(context, plan, counts) for plan in source.plans]
    _add_lines(context, source, plan_ids)
    _add_agencies(context)
    _add_translations(context)
    _flag_continuations(context, source)
    _flag_doubts(context)
    links = list(add_links(document, rows))
    if context.is_whole:
        context.problems += [*links, *context.cases.stale(), *stale(book, document)]
    add_issues(rows, document.document_id, context.issues)
    return counts, context.problems


def _add_document(context: Context, approval: list[tuple[int, str]]) -> None:
    """Add one row to `dim_document`."""
    document, described = context.document, context.document.description
    approved_on, approved_by = described.approved_on, described.approved_by
    if described.layout.approval_heading and not (approved_on and approved_by):
        approved_on, approved_by, faults = read_approval(approval, document.path)
        context.problems += faults
        if approved_by:
            printed = " ".join(text for _, text in approval)
            context.flag("approval_joined", approval[0][0], "approved_by", source_value=printed,
                         published_value=approved_by)  # fmt: skip
    context.rows.add(
        "dim_document",
        document_id=document.document_id,
        path=document.path,
        sha256=document.sha256,
        media_type="text/plain",
        line_count=len(document.lines),
        approved_on=approved_on,
        approved_by=approved_by,
    )


def _check_number_of_plans(context: Context, number: int) -> None:
    document = context.document
    described = len(document.description.plan)
    if described != number:
        what = "{count} [[plan]] are described, but the document holds {plans}"
        remedy, toml = "Describe each plan, in the order of the document.", document.beside("plan.toml")
        context.problems.append(problem_in(toml, 0, what, remedy, count=described, plans=number))


def _add_plan(context: Context, plan: SourcePlan, counts: dict[str, dict[str, int]]) -> str | None:
    """Add a plan and all below it; return its id, or None if it is not one of those described."""
    document, title = context.document, " ".join(plan.title)
    fitting, years = document.description.identify(title)
    if years is None or years[0] > years[1]:
        what = "the title does not state one period such as 2018-2022"
        remedy = "Put the period back, or state it in plan.toml: years = [2018, 2022]."
        context.refuse(plan.line_first, what, remedy, title)
    if len(fitting) != 1:
        what = "the title holds the title_phrase of {count} [[plan]] of plan.toml"
        context.refuse(plan.line_first, what, "One must fit, and one only.", title, count=len(fitting))
    plan_id = document.description.plan_id(title)
    if years is None or plan_id is None:
        return None
    is_second = plan_id in context.rows.column("dim_plan", "plan_id")
    context.rows.add(
        "plan_of_document",
        plan_id=plan_id,
        first_year=years[0],
        last_year=years[1],
        path=document.path,
        line=plan.line_first,
        title=title,
    )
    if is_second:
        context.is_whole = False
    else:
        scope = PlanScope(context, plan_id, years)
        _add_first_print(scope, plan, fitting[0], title)
        counts[plan_id] = scope.counts
    return plan_id


def _add_first_print(scope: PlanScope, plan: SourcePlan, described: PlanDescription, title: str) -> None:
    """Add a plan to `dim_plan`, and all below it; check its counts."""
    context, (first, last) = scope.context, scope.years
    description = context.document.description
    context.rows.add(
        "dim_plan",
        plan_id=scope.plan_id,
        document_id=context.document.document_id,
        country_code=description.country,
        instrument=described.instrument,
        title=title,
        start_date=date(first, 1, 1),
        end_date=date(last, 12, 31),
    )
    if description.reporting:  # the plan does not say when reports are due: that of plan.toml is a judgement
        opens, due = description.reporting.opens, description.reporting.due
        context.flag("reporting_assumed", plan.line_first, "report_due_on", published_value=f"{opens} to {due}",
                     plan_id=scope.plan_id, opens=opens, due=due)  # fmt: skip
    add_plan(scope, plan)
    if context.is_whole:
        context.problems += _differing_counts(scope, described.expected.model_dump())


def _differing_counts(scope: PlanScope, expected: dict[str, int]) -> Iterator[InputProblem]:
    """Yield a problem for each count that is not the one that a reader verified (contract §3)."""
    toml = scope.context.document.beside("plan.toml")
    for name, count in scope.counts.items():
        if count != expected[name]:
            what = "{plan_id}: the document has {count} {name}, not the {wanted} of [plan.expected]"
            remedy = "Find what was lost or added; state the new count only when you have verified it."
            counts = {"count": count, "name": name, "wanted": expected[name]}
            yield problem_in(toml, 0, what, remedy, plan_id=scope.plan_id, **counts)


def _add_lines(context: Context, source: SourceText, plan_ids: list[str | None]) -> None:
    """Add every line as printed to `source_line`; `plan_ids` in the order of the document."""
    for line in source.lines:
        context.rows.add(
            "source_line",
            document_id=context.document.document_id,
            line_number=line.number,
            role=line.role,
            plan_id=None if line.plan is None else plan_ids[line.plan],
            text=line.text or None,
        )


def _add_agencies(context: Context) -> None:
    """Add the agencies that the document knows, and `dim_agency_alias`; flag those that no activity names."""
    document, book = context.document, context.book
    country = document.description.country
    for agency in book.agencies.values():
        abbreviation = agency.abbreviation
        context.rows.add(
            "agency_of_document",
            agency_id=f"{country}-{abbreviation}",
            country_code=country,
            abbreviation=abbreviation,
            name=agency.name,
            agency_type=agency.agency_type,
            in_glossary=agency.in_glossary,
            path=document.path,
            line=agency.line,
        )
        if abbreviation not in book.used:
            context.flag("glossary_entry_unused", agency.line, "abbreviation", source_value=abbreviation,
                         published_value=abbreviation, abbreviation=abbreviation, name=agency.name)  # fmt: skip
    for alias in book.aliases.values():
        context.rows.add(
            "dim_agency_alias",
            document_id=document.document_id,
            alias=alias.alias,
            agency_id=f"{country}-{alias.abbreviation}",
            reason=alias.reason,
        )


def _add_translations(context: Context) -> None:
    """Add to `dim_translation`; each id must be one of the document's."""
    for row in context.document.rows(TranslationRow):
        if context.is_whole and row.id not in context.ids:
            what, remedy = "the document has no such measure or activity", "Put the id right, or take the row out."
            context.problems.append(context.document.problem_of(row, what, remedy, row.id))
        context.rows.add("dim_translation", id=row.id, language=row.language, text=row.text)


def _flag_continuations(context: Context, source: SourceText) -> None:
    """Flag each line that continues a row which a page break cut."""
    for piece in source.continuations:
        row = piece.activity
        variant, reason = ("declared", {"reason": piece.cut.reason}) if piece.cut else ("", {})
        context.flag("row_cut", piece.line, variant=variant, activity_id=row.activity_id or None,
                     source_value=piece.text, published_value=row.text(ACTIVITY) or None,
                     first_line=row.line_first, **reason)  # fmt: skip
        if piece.cut:
            context.cases.meet(piece.cut)


def _flag_doubts(context: Context) -> None:
    """Flag doubtful print that no rule can decide, and phrases of plan.toml, [periods], that the document lacks."""
    for doubt in doubts(context.passages):
        passage = doubt.passage
        context.flag(doubt.rule, passage.line, passage.column_name, activity_id=passage.activity_id,
                     source_value=doubt.words, published_value=doubt.words)  # fmt: skip
    description = context.document.description
    for phrase in description.periods:
        if description.period_words.plain(phrase) not in context.periods:
            context.flag("period_phrase_unused", None, "period_text", source_value=phrase)
