"""Agencies: the tokens of a cell by glossary and aliases, and who is responsible (contract §6, rules 2, 3, 5)."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.enumerations import AGENCY_TYPES
from transforms.plans.context import Context
from transforms.plans.description.judgements import AgencyRow, AliasRow
from transforms.plans.lines.parsed import ACTIVITY, AGENCIES, Cell, GlossaryEntry, SourceActivity
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


def agency_book(context: Context, glossary: list[GlossaryEntry]) -> AgencyBook:
    """Bring glossary, agencies.csv and aliases.csv together; refuse every contradiction between them.

    An abbreviation of the glossary in other than Latin capitals is known by the one that aliases.csv gives for it."""
    aliases = context.document.rows(AliasRow)
    latin = {row.alias: row.abbreviation for row in aliases if not _ID.fullmatch(row.alias)}
    entries: dict[str, GlossaryEntry] = {}
    for entry in glossary:
        abbreviation = latin.get(entry.abbreviation, entry.abbreviation)
        if not _ID.fullmatch(abbreviation):
            what = "the abbreviation holds letters that no id can have"
            remedy = "Add to {file} which abbreviation in A-Z, 0-9, - it stands for."
            file = context.document.path_of(AliasRow.file)
            context.refuse_if_whole(entry.line, what, remedy, entry.abbreviation, file=file)
            continue
        if abbreviation in entries:
            what, remedy = "the glossary explains an abbreviation twice", "Take one of the two out."
            context.refuse_if_whole(entry.line, what, remedy, entry.abbreviation)
        entries[abbreviation] = entry
    book = AgencyBook(used_aliases=latin.keys() & {entry.abbreviation for entry in glossary})
    for row in context.document.rows(AgencyRow):
        _add_agency(context, book, row, entries.get(row.abbreviation))
    for abbreviation, entry in entries.items():
        if abbreviation not in book.agencies:
            what = "the agency has no row in {table}, so its type is unknown"
            remedy = "Add it there: {abbreviation},<agency_type>,,<reason>."
            names = {"table": context.document.path_of(AgencyRow.file), "abbreviation": abbreviation}
            context.refuse_if_whole(entry.line, what, remedy, abbreviation, **names)
            book.agencies[abbreviation] = Agency(abbreviation, entry.name, "", True, entry.line)
    for alias in aliases:
        _add_alias(context, book, alias)
    return book


def _add_agency(context: Context, book: AgencyBook, row: AgencyRow, entry: GlossaryEntry | None) -> None:
    if row.agency_type not in AGENCY_TYPES:
        remedy, types = "Choose of {types}.", ", ".join(AGENCY_TYPES)
        context.refuse_if_whole(row, "unknown agency_type", remedy, row.agency_type, types=types)
    if row.abbreviation in book.agencies:
        context.refuse_if_whole(row, "the agency has two rows", "Keep one.", row.abbreviation)
    if entry and row.name:
        what = "the name of {abbreviation} is the glossary's to give"
        context.refuse_if_whole(row, what, "Leave the cell blank.", row.name, abbreviation=row.abbreviation)
    if not entry and not row.name:
        what = "the glossary does not explain the abbreviation (any more)"
        remedy = "Put its entry back, give its name here, or take the row out."
        context.refuse_if_whole(row, what, remedy, row.abbreviation)
    name, line = (entry.name, entry.line) if entry else (row.name, row.line)
    book.agencies[row.abbreviation] = Agency(row.abbreviation, name, row.agency_type, entry is not None, line)


def _add_alias(context: Context, book: AgencyBook, row: AliasRow) -> None:
    if row.alias in book.aliases:
        context.refuse_if_whole(row, "the alias has two rows", "Keep one.", row.alias)
    if row.alias in book.agencies and book.agencies[row.alias].in_glossary:
        what = "the alias is an abbreviation of the glossary"
        context.refuse_if_whole(row, what, "Take the row out.", row.alias)
    if row.abbreviation not in book.agencies:
        what = "the alias stands for an agency that neither the glossary nor {file} has"
        remedy, file = "Put the abbreviation right, or add the agency.", context.document.path_of(AgencyRow.file)
        context.refuse_if_whole(row, what, remedy, row.abbreviation, file=file)
    book.aliases[row.alias] = row


def refuse_stale(context: Context, book: AgencyBook) -> None:
    """Refuse the rows that match nothing any more: aliases that are not printed, named agencies that nothing names."""
    for alias in book.aliases.values():
        if alias.alias not in book.used_aliases:
            what = "the document does not print the alias any more"
            context.refuse_if_whole(alias, what, "Take the row out, or put its spelling right.", alias.alias)
    for row in context.document.rows(AgencyRow):
        agency = book.agencies[row.abbreviation]
        if not agency.in_glossary and agency.name and row.abbreviation not in book.used:
            what = "no activity names the agency, and the glossary does not explain it"
            context.refuse_if_whole(row, what, "Take the row out, or add its alias.", row.abbreviation)


def add_agencies(context: Context, book: AgencyBook, source: SourceActivity, text: str) -> list[str]:
    """Add to `bridge_activity_agency` who is responsible, by the cell as published; return the abbreviations.

    Each agency once, in the order of first print."""
    activity_id, line_first = source.activity_id, source.line_first
    if not text:
        what = "activity {activity_id} has no agency"
        remedy = 'Put it back; is a tab lost? If cells are merged down, name "agencies" in {toml}, [layout] fill_down.'
        names = {"activity_id": activity_id, "toml": context.document.path_of("plan.toml")}
        context.refuse(line_first, what, remedy, source.text(ACTIVITY), **names)
        return []
    is_as_printed = text == source.text(AGENCIES)
    printed: dict[str, str] = {}  # abbreviation: token
    for token, line in _tokens(source.cells[AGENCIES] if is_as_printed else Cell([(line_first, text)])):
        if not token:
            what = "a place between commas, or after the last, is empty: an agency may be lost"
            context.refuse(line, what, "Put the agency back, or take the comma out.", text)
            continue
        abbreviation = _resolve(context, book, token, line, activity_id)
        if abbreviation in printed:
            context.flag("agency_repeated", line, "agency_id", activity_id=activity_id, source_value=token,
                         published_value=printed[abbreviation], abbreviation=abbreviation)  # fmt: skip
        elif abbreviation:
            printed[abbreviation] = token
            context.rows.add(
                "bridge_activity_agency",
                activity_id=activity_id,
                position=len(printed),
                token=token,
                agency_id=f"{context.document.description.country}-{abbreviation}",
            )
    return list(printed)


def _tokens(cell: Cell) -> Iterator[tuple[str, int]]:
    """Yield the bodies named in an agency cell, split at commas, each with the line that prints it."""
    start = 0
    for part in cell.text.split(","):
        offset = start + len(part) - len(part.lstrip())
        yield part.strip(), cell.line_at(offset)
        start += len(part) + 1


def _resolve(context: Context, book: AgencyBook, printed: str, line: int, activity_id: str) -> str | None:
    """Return the canonical abbreviation of a token, or None; flag each judgement on the way."""
    token = printed if book.resolve(printed) else printed.strip(". ")
    abbreviation = book.resolve(token)
    if abbreviation is None:
        remedy = "{hint}Put the print right, or add an alias with its reason to {file}."
        file = context.document.path_of(AliasRow.file)
        context.refuse(line, "unknown agency", remedy, printed, hint=book.nearest(token), file=file)
        return None
    values = {"activity_id": activity_id, "source_value": printed, "published_value": abbreviation}
    agency = book.agencies[abbreviation]
    if agency.agency_type == "collective":  # several bodies, named in words
        context.flag("agency_collective", line, "agency_id", **values)
    elif not agency.in_glossary:
        context.flag("agency_not_in_glossary", line, "agency_id", **values, abbreviation=abbreviation)
    elif token in book.aliases:
        reason = book.aliases[token].reason
        context.flag("agency_alias", line, "agency_id", **values, abbreviation=abbreviation, reason=reason)
    if token != printed:
        context.flag("stray_punctuation", line, "agency_id", **values)
    return abbreviation
