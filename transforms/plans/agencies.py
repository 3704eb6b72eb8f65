"""Agencies: what a cell's tokens mean, by the glossary, then by the aliases (contract §6, rules 2 and 3)."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.enumerations import AGENCY_TYPES
from transforms.errors import InputProblem
from transforms.plans.description.document import Document
from transforms.plans.parsed import Cell, SourceText
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
        """Whether the plan names several bodies in words instead of one."""
        return self.agency_type == "collective"


@dataclass(slots=True)
class AgencyBook:
    """The agencies of one document, and which of its aliases have been met."""

    agencies: dict[str, Agency]
    aliases: dict[str, tuple[int, str, str]]  # alias: line in aliases.csv, abbreviation, reason
    used_aliases: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    def resolve(self, token: str) -> str | None:
        """Canonical abbreviation of a printed token; None where neither glossary nor aliases know it."""
        agency = self.agencies.get(token)
        abbreviation: str | None = token
        if agency is None or not agency.in_glossary:
            if token not in self.aliases:
                return None
            self.used_aliases.add(token)
            abbreviation = self.aliases[token][1]
        if abbreviation in self.agencies:
            self.used.add(abbreviation)
            return abbreviation
        return None

    def nearest(self, token: str) -> str:
        """The known spelling that is nearest to an unknown token."""
        known = [a.abbreviation for a in self.agencies.values() if a.in_glossary] + list(self.aliases)
        by_case = {k.casefold(): k for k in known}
        close = difflib.get_close_matches(token.casefold(), by_case, n=1, cutoff=0.5)
        return sentence('The nearest known spelling is "{spelling}". ', spelling=by_case[close[0]]) if close else ""


def tokens(cell: Cell) -> Iterator[tuple[str, int]]:
    """The bodies named in an agency cell, split at commas, each with the line that prints it."""
    text = cell.text
    start = 0
    for part in text.split(","):
        offset = start + len(part) - len(part.lstrip())
        yield part.strip(), cell.line_at(offset)
        start += len(part) + 1


def agency_book(source: SourceText, document: Document) -> tuple[AgencyBook, list[InputProblem]]:
    """Glossary, agencies.csv and aliases.csv brought together; lists every contradiction between them.

    An abbreviation of the glossary in other than Latin capitals is known by the one that aliases.csv gives for it."""
    problems: list[InputProblem] = []
    names: dict[str, tuple[int, str]] = {}
    latin = {row.alias: row.abbreviation for _, row in document.judgements.aliases if not _ID.fullmatch(row.alias)}
    for entry in source.glossary:
        abbreviation = latin.get(entry.abbreviation, entry.abbreviation)
        if not _ID.fullmatch(abbreviation):
            problems.append(
                InputProblem(
                    "the abbreviation holds letters that no id can have",
                    sentence(
                        "Add to {file} which abbreviation in A-Z, 0-9, - it stands for.",
                        file=document.beside("aliases.csv"),
                    ),
                    path=document.path,
                    line=entry.line,
                    value=entry.abbreviation,
                )
            )
            continue
        if abbreviation in names:
            problems.append(
                InputProblem(
                    "the glossary explains an abbreviation twice",
                    "Take one of the two out.",
                    path=document.path,
                    line=entry.line,
                    value=entry.abbreviation,
                )
            )
        names[abbreviation] = (entry.line, entry.name)
    book = AgencyBook({}, {}, used_aliases=latin.keys() & {entry.abbreviation for entry in source.glossary})
    _add_typed(book, names, document, problems)
    table = document.beside("agencies.csv")
    for abbreviation, (line, name) in names.items():
        if abbreviation not in book.agencies:
            problems.append(
                InputProblem(
                    sentence("the agency has no row in {table}, so its type is unknown", table=table),
                    sentence("Add it there: {abbreviation},<agency_type>,,<reason>.", abbreviation=abbreviation),
                    path=document.path,
                    line=line,
                    value=abbreviation,
                )
            )
            book.agencies[abbreviation] = Agency(abbreviation, name, "", True, line)
    _add_aliases(book, document, problems)
    return book, problems


def _add_typed(
    book: AgencyBook, names: dict[str, tuple[int, str]], document: Document, problems: list[InputProblem]
) -> None:
    path = document.beside("agencies.csv")
    for line, row in document.judgements.agencies:
        in_glossary = row.abbreviation in names
        if row.agency_type not in AGENCY_TYPES:
            problems.append(
                InputProblem(
                    "unknown agency_type",
                    sentence("Choose of {types}.", types=", ".join(AGENCY_TYPES)),
                    path=path,
                    line=line,
                    value=row.agency_type,
                )
            )
        if row.abbreviation in book.agencies:
            problems.append(
                InputProblem("the agency has two rows", "Keep one.", path=path, line=line, value=row.abbreviation)
            )
        if in_glossary and row.name:
            problems.append(
                InputProblem(
                    sentence("the name of {abbreviation} is the glossary's to give", abbreviation=row.abbreviation),
                    "Leave the cell blank.",
                    path=path,
                    line=line,
                    value=row.name,
                )
            )
        if not in_glossary and not row.name:
            problems.append(
                InputProblem(
                    "the glossary does not explain the abbreviation (any more)",
                    "Put its entry back, give its name here, or take the row out.",
                    path=path,
                    line=line,
                    value=row.abbreviation,
                )
            )
        glossary_line, name = names.get(row.abbreviation, (line, row.name))
        book.agencies[row.abbreviation] = Agency(row.abbreviation, name, row.agency_type, in_glossary, glossary_line)


def _add_aliases(book: AgencyBook, document: Document, problems: list[InputProblem]) -> None:
    path = document.beside("aliases.csv")
    for line, row in document.judgements.aliases:
        if row.alias in book.aliases:
            problems.append(InputProblem("the alias has two rows", "Keep one.", path=path, line=line, value=row.alias))
        if row.alias in book.agencies and book.agencies[row.alias].in_glossary:
            problems.append(
                InputProblem(
                    "the alias is an abbreviation of the glossary",
                    "Take the row out.",
                    path=path,
                    line=line,
                    value=row.alias,
                )
            )
        if row.abbreviation not in book.agencies:
            problems.append(
                InputProblem(
                    sentence(
                        "the alias stands for an agency that neither the glossary nor {file} has",
                        file=document.beside("agencies.csv"),
                    ),
                    "Put the abbreviation right, or add the agency.",
                    path=path,
                    line=line,
                    value=row.abbreviation,
                )
            )
        book.aliases[row.alias] = (line, row.abbreviation, row.reason)


def stale(book: AgencyBook, document: Document) -> Iterator[InputProblem]:
    """Cases that no longer match anything: aliases not met, named agencies that nothing leads to."""
    for alias, (line, _, _) in book.aliases.items():
        if alias not in book.used_aliases:
            yield InputProblem(
                "the document does not print the alias any more",
                "Take the row out, or put its spelling right.",
                path=document.beside("aliases.csv"),
                line=line,
                value=alias,
            )
    for line, row in document.judgements.agencies:
        agency = book.agencies[row.abbreviation]
        if not agency.in_glossary and agency.name and row.abbreviation not in book.used:
            yield InputProblem(
                "no activity names the agency, and the glossary does not explain it",
                "Take the row out, or add its alias.",
                path=document.beside("agencies.csv"),
                line=line,
                value=row.abbreviation,
            )
