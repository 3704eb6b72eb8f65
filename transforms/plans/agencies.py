"""Agencies: the meaning of a cell's tokens, by the glossary, then by the aliases (contract §6, rules 2 and 3)."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.enumerations import AGENCY_TYPES
from transforms.errors import InputProblem
from transforms.plans.description.document import Document
from transforms.plans.description.judgements import AgencyRow, AliasRow
from transforms.plans.parsed import Cell, GlossaryEntry
from transforms.quality.text import sentence

_ID = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")  # contract §2: ids are SDMX codes


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that a document knows; `line` is that of its glossary entry, or of its row in agencies.csv."""

    abbreviation: str
    name: str
    agency_type: str
    in_glossary: bool
    line: int

    @property
    def is_collective(self) -> bool:
        """True if the plan names several bodies in words instead of one."""
        return self.agency_type == "collective"


@dataclass(slots=True)
class AgencyBook:
    """The agencies and aliases of one document, and which of them its activities name."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    aliases: dict[str, AliasRow] = field(default_factory=dict)
    used_aliases: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    def resolve(self, token: str) -> str | None:
        """Return the canonical abbreviation of a printed token, or None if neither glossary nor aliases know it."""
        agency = self.agencies.get(token)
        abbreviation = token
        if agency is None or not agency.in_glossary:
            if token not in self.aliases:
                return None
            self.used_aliases.add(token)
            abbreviation = self.aliases[token].abbreviation
        if abbreviation not in self.agencies:
            return None
        self.used.add(abbreviation)
        return abbreviation

    def nearest(self, token: str) -> str:
        """Return a sentence with the known spelling that is nearest to an unknown token, or ""."""
        known = [a.abbreviation for a in self.agencies.values() if a.in_glossary] + list(self.aliases)
        by_case = {k.casefold(): k for k in known}
        close = difflib.get_close_matches(token.casefold(), by_case, n=1, cutoff=0.5)
        return sentence('The nearest known spelling is "{spelling}". ', spelling=by_case[close[0]]) if close else ""


def tokens(cell: Cell) -> Iterator[tuple[str, int]]:
    """Yield the bodies named in an agency cell, split at commas, each with the line that prints it."""
    start = 0
    for part in cell.text.split(","):
        offset = start + len(part) - len(part.lstrip())
        yield part.strip(), cell.line_at(offset)
        start += len(part) + 1


def agency_book(glossary: list[GlossaryEntry], document: Document) -> tuple[AgencyBook, list[InputProblem]]:
    """Bring glossary, agencies.csv and aliases.csv together; list every contradiction between them.

    An abbreviation of the glossary in other than Latin capitals is known by the one that aliases.csv gives for it."""
    aliases = document.rows(AliasRow)
    latin = {row.alias: row.abbreviation for row in aliases if not _ID.fullmatch(row.alias)}
    entries: dict[str, GlossaryEntry] = {}
    problems: list[InputProblem] = []
    for entry in glossary:
        abbreviation = latin.get(entry.abbreviation, entry.abbreviation)
        what = remedy = ""
        if not _ID.fullmatch(abbreviation):
            what = "the abbreviation holds letters that no id can have"
            remedy = "Add to {file} which abbreviation in A-Z, 0-9, - it stands for."
        elif abbreviation in entries:
            what, remedy = "the glossary explains an abbreviation twice", "Take one of the two out."
        if what:
            file = document.beside(AliasRow.file)
            problems.append(document.problem_at(entry.line, what, remedy, entry.abbreviation, file=file))
        if _ID.fullmatch(abbreviation):
            entries[abbreviation] = entry
    book = AgencyBook(used_aliases=latin.keys() & {entry.abbreviation for entry in glossary})
    problems += [*_add_agencies(book, entries, document), *_add_aliases(book, aliases, document)]
    return book, problems


def _add_agencies(book: AgencyBook, glossary: dict[str, GlossaryEntry], document: Document) -> Iterator[InputProblem]:
    """Add the agencies of agencies.csv, then those of the glossary that it does not have; yield what is wrong."""
    for row in document.rows(AgencyRow):
        entry = glossary.get(row.abbreviation)
        if row.agency_type not in AGENCY_TYPES:
            remedy, types = "Choose of {types}.", ", ".join(AGENCY_TYPES)
            yield document.problem_of(row, "unknown agency_type", remedy, row.agency_type, types=types)
        if row.abbreviation in book.agencies:
            yield document.problem_of(row, "the agency has two rows", "Keep one.", row.abbreviation)
        if entry and row.name:
            what = "the name of {abbreviation} is the glossary's to give"
            yield document.problem_of(row, what, "Leave the cell blank.", row.name, abbreviation=row.abbreviation)
        if not entry and not row.name:
            what = "the glossary does not explain the abbreviation (any more)"
            remedy = "Put its entry back, give its name here, or take the row out."
            yield document.problem_of(row, what, remedy, row.abbreviation)
        name, line = (entry.name, entry.line) if entry else (row.name, row.line)
        book.agencies[row.abbreviation] = Agency(row.abbreviation, name, row.agency_type, entry is not None, line)
    for abbreviation, entry in glossary.items():
        if abbreviation not in book.agencies:
            what = "the agency has no row in {table}, so its type is unknown"
            remedy, table = "Add it there: {abbreviation},<agency_type>,,<reason>.", document.beside(AgencyRow.file)
            yield document.problem_at(entry.line, what, remedy, abbreviation, table=table, abbreviation=abbreviation)
            book.agencies[abbreviation] = Agency(abbreviation, entry.name, "", True, entry.line)


def _add_aliases(book: AgencyBook, aliases: list[AliasRow], document: Document) -> Iterator[InputProblem]:
    """Add the aliases; yield what is wrong with them."""
    for row in aliases:
        if row.alias in book.aliases:
            yield document.problem_of(row, "the alias has two rows", "Keep one.", row.alias)
        if row.alias in book.agencies and book.agencies[row.alias].in_glossary:
            what = "the alias is an abbreviation of the glossary"
            yield document.problem_of(row, what, "Take the row out.", row.alias)
        if row.abbreviation not in book.agencies:
            what = "the alias stands for an agency that neither the glossary nor {file} has"
            remedy, file = "Put the abbreviation right, or add the agency.", document.beside(AgencyRow.file)
            yield document.problem_of(row, what, remedy, row.abbreviation, file=file)
        book.aliases[row.alias] = row


def stale(book: AgencyBook, document: Document) -> Iterator[InputProblem]:
    """Yield the rows that match nothing any more: aliases that are not printed, named agencies that nothing names."""
    for alias in book.aliases.values():
        if alias.alias not in book.used_aliases:
            what = "the document does not print the alias any more"
            yield document.problem_of(alias, what, "Take the row out, or put its spelling right.", alias.alias)
    for row in document.rows(AgencyRow):
        agency = book.agencies[row.abbreviation]
        if not agency.in_glossary and agency.name and row.abbreviation not in book.used:
            what = "no activity names the agency, and the glossary does not explain it"
            yield document.problem_of(row, what, "Take the row out, or add its alias.", row.abbreviation)
