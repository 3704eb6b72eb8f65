"""Normalise: one document taken apart becomes rows of the published tables (contract §6)."""

from datetime import date

from transforms.errors import InputProblem
from transforms.plans.agencies import AgencyBook, agency_book, stale
from transforms.plans.context import Notes, PlanScope
from transforms.plans.description.document import Document
from transforms.plans.description.expected import compare_counts
from transforms.plans.description.statistic_links import add_links
from transforms.plans.grammar.approval import read_approval
from transforms.plans.grammar.print_checks import doubts
from transforms.plans.measures import add_plan
from transforms.plans.parsed import ACTIVITY, SourcePlan, SourceText
from transforms.quality.text import sentence
from transforms.tables.quality_issues import add_issues
from transforms.tables.rows import Rows


def normalise(
    document: Document, source: SourceText, rows: Rows, *, is_whole: bool
) -> tuple[dict[str, dict[str, int]], list[InputProblem]]:
    """Add one document's rows to `rows`. Returns what was counted in each plan, and every problem of the document.

    Where it is not `is_whole`, because lines of it fit no role, what follows from that is not told as a problem too:
    counts that differ, cases that match nothing, agencies that no glossary explains."""
    if not is_whole and not source.glossary:
        return {}, []
    book, problems = agency_book(source, document)
    notes = Notes(document, problems if is_whole else [], is_whole=is_whole)
    job = _Document(document, source, book, rows, notes)
    job.is_whole = is_whole
    job.run()
    return job.found, notes.problems


class _Document:
    """The rows of one document."""

    def __init__(self, document: Document, source: SourceText, book: AgencyBook, rows: Rows, notes: Notes) -> None:
        self.document = document
        self.source = source
        self.book = book
        self.rows = rows
        self.notes = notes
        self.found: dict[str, dict[str, int]] = {}  # plan_id: counts
        self.is_whole = True  # whether each of its lines has a role, and each of its plans another id

    def run(self) -> None:
        """All tables of the document."""
        self.add_document()
        plan_ids = self.add_plans()
        self.add_lines(plan_ids)
        self.add_agencies()
        self.add_translations()
        self.flag_joined()
        self.flag_doubts()
        self.flag_unused_phrases()
        links = list(add_links(self.document, self.rows))
        if self.is_whole:
            self.notes.problems += [*links, *self.notes.cases.stale(), *stale(self.book, self.document)]
        add_issues(self.rows, self.document.document_id, self.notes.issues)

    # Document, lines, plans

    def add_document(self) -> None:
        """One row of `dim_document`."""
        described = self.document.description
        approved_on, approved_by = described.approved_on, described.approved_by
        if described.layout.approval_heading and not (approved_on and approved_by):
            approval = self.source.approval
            approved_on, approved_by, faults = read_approval(approval, self.document.path)
            self.notes.problems += faults
            if approved_by:
                printed = " ".join(text for _, text in approval)
                self.notes.flag("approval_joined", approval[0][0], "approved_by", source_value=printed,
                                published_value=approved_by)  # fmt: skip
        self.rows.add(
            "dim_document",
            document_id=self.document.document_id,
            path=self.document.path,
            sha256=self.document.sha256,
            media_type="text/plain",
            line_count=len(self.document.lines),
            approved_on=approved_on,
            approved_by=approved_by,
        )

    def add_lines(self, plan_ids: list[str | None]) -> None:
        """`source_line`: every line as printed."""
        for line in self.source.lines:
            self.rows.add(
                "source_line",
                document_id=self.document.document_id,
                line_number=line.number,
                role=line.role,
                plan_id=None if line.plan is None else plan_ids[line.plan],
                text=line.text or None,
            )

    def add_plans(self) -> list[str | None]:
        """`dim_plan` and all below it; plan ids in the order of the document."""
        described = self.document.description.plan
        plans = self.source.plans
        plan_toml = self.document.beside("plan.toml")
        if len(plans) != len(described):
            self.notes.problems.append(
                InputProblem(
                    sentence(
                        "{count} [[plan]] are described, but the document holds {plans}",
                        count=len(described),
                        plans=len(plans),
                    ),
                    "Describe each plan, in the order of the document.",
                    path=plan_toml,
                )
            )
        return [self.add_plan(plan) for plan in plans]

    def add_plan(self, plan: SourcePlan) -> str | None:
        """One plan; None where it is not one of those described."""
        title = " ".join(plan.title)
        fitting, years = self.document.description.identify(title)
        if years is None or years[0] > years[1]:
            self.notes.refuse(
                plan.line_first,
                "the title does not state one period such as 2018-2022",
                "Put the period back, or state it in plan.toml: years = [2018, 2022].",
                title,
            )
        if len(fitting) != 1:
            self.notes.refuse(
                plan.line_first,
                sentence("the title holds the title_phrase of {count} [[plan]] of plan.toml", count=len(fitting)),
                "One must fit, and one only.",
                title,
            )
        plan_id = self.document.description.plan_id(title)
        if years is None or plan_id is None:
            return None
        first_print = plan_id not in self.rows.column("dim_plan", "plan_id")
        self.rows.add(
            "plan_of_document",
            plan_id=plan_id,
            first_year=years[0],
            last_year=years[1],
            path=self.document.path,
            line=plan.line_first,
            title=title,
        )
        if not first_print:
            self.is_whole = False
            return plan_id
        self.rows.add(
            "dim_plan",
            plan_id=plan_id,
            document_id=self.document.document_id,
            country_code=self.document.description.country,
            instrument=fitting[0].instrument,
            title=title,
            start_date=date(years[0], 1, 1),
            end_date=date(years[1], 12, 31),
        )
        self.flag_reporting(plan, plan_id)
        found = self.found[plan_id] = add_plan(
            PlanScope(plan_id, years, self.document, self.book, self.rows, self.notes), plan
        )
        if self.is_whole:
            toml = self.document.beside("plan.toml")
            self.notes.problems += compare_counts(plan_id, found, fitting[0].expected, toml)
        return plan_id

    def flag_reporting(self, plan: SourcePlan, plan_id: str) -> None:
        """The plan does not say when reports are due: plan.toml's answer is a judgement."""
        reporting = self.document.description.reporting
        if reporting is None:
            return
        opens, due = str(reporting.opens), str(reporting.due)
        self.notes.flag("reporting_assumed", plan.line_first, "report_due_on", published_value=f"{opens} to {due}",
                        plan_id=plan_id, opens=opens, due=due)  # fmt: skip

    # Agencies, translations

    def add_agencies(self) -> None:
        """The agencies that the document knows, and `dim_agency_alias`, with the doubts about them."""
        country = self.document.description.country
        for agency in self.book.agencies.values():
            self.rows.add(
                "agency_of_document",
                agency_id=f"{country}-{agency.abbreviation}",
                country_code=country,
                abbreviation=agency.abbreviation,
                name=agency.name,
                agency_type=agency.agency_type,
                in_glossary=agency.in_glossary,
                path=self.document.path,
                line=agency.line,
            )
            if agency.abbreviation not in self.book.used:
                self.notes.flag("glossary_entry_unused", agency.line, "abbreviation",
                                source_value=agency.abbreviation, published_value=agency.abbreviation,
                                abbreviation=agency.abbreviation, name=agency.name)  # fmt: skip
        for alias, (_, abbreviation, reason) in self.book.aliases.items():
            self.rows.add(
                "dim_agency_alias",
                document_id=self.document.document_id,
                alias=alias,
                agency_id=f"{country}-{abbreviation}",
                reason=reason,
            )

    def add_translations(self) -> None:
        """`dim_translation`; each id must be one of the document's."""
        for line, row in self.document.judgements.translations:
            if self.is_whole and row.id not in self.notes.ids:
                self.notes.problems.append(
                    InputProblem(
                        "the document has no such measure or activity",
                        "Put the id right, or take the row out.",
                        path=self.document.beside("translations.csv"),
                        line=line,
                        value=row.id,
                    )
                )
            self.rows.add("dim_translation", id=row.id, language=row.language, text=row.text)

    # Doubts

    def flag_joined(self) -> None:
        """Each line on which a row goes on that a page break cut."""
        for piece in self.source.joined:
            row = piece.activity
            variant, why = ("declared", {"reason": piece.cut.reason}) if piece.cut else ("", {})
            self.notes.flag("row_cut", piece.line, variant=variant, activity_id=self.notes.places.get(row.line_first),
                            source_value=piece.text, published_value=row.text(ACTIVITY) or None,
                            first_line=row.line_first, **why)  # fmt: skip
            if piece.cut:
                self.notes.cases.meet_cut(piece.cut)

    def flag_doubts(self) -> None:
        """Doubtful print that no rule can decide."""
        for doubt in doubts(self.notes.passages):
            passage = doubt.passage
            self.notes.flag(doubt.rule, passage.line, passage.column_name, activity_id=passage.activity_id,
                            source_value=doubt.words, published_value=doubt.words)  # fmt: skip

    def flag_unused_phrases(self) -> None:
        """Phrases of plan.toml, [periods], that are no period of the document."""
        description = self.document.description
        for phrase in description.periods:
            if description.period_words.plain(phrase) not in self.notes.periods:
                self.notes.flag("period_phrase_unused", None, "period_text", source_value=phrase)
