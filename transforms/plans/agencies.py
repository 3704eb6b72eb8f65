"""Agencies: the tokens of a cell by glossary and aliases, and who is responsible (contract §6, rules 2, 3, 5)."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.enumerations import AGENCY_TYPES
from transforms.plans.context import Context
from transforms.plans.description.document import AgencyRow, AliasRow, LeadRow
from transforms.plans.lines.parsed import Cell, GlossaryEntry, SourceActivity
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


class AgencyBook:
    """The agencies and aliases of one document: glossary, agencies.csv and aliases.csv, without contradictions.

    An abbreviation of the glossary in other than Latin capitals is known by the one that aliases.csv gives for it."""

    def __init__(self, context: Context, glossary: list[GlossaryEntry]) -> None:
        self._context = context
        self.agencies: dict[str, Agency] = {}
        self.aliases: dict[str, AliasRow] = {}
        self.used: set[str] = set()  # abbreviations that activities name
        self._leads = {(row.activity_id, row.agency_id): row.document for row in context.document.rows(LeadRow)}
        aliases = context.document.rows(AliasRow)
        latin = {row.alias: row.abbreviation for row in aliases if not _ID.fullmatch(row.alias)}
        self._used_aliases = latin.keys() & {entry.abbreviation for entry in glossary}
        entries: dict[str, GlossaryEntry] = {}
        for entry in glossary:
            self._add_entry(entries, latin.get(entry.abbreviation, entry.abbreviation), entry)
        for row in context.document.rows(AgencyRow):
            self._add_agency(row, entries.get(row.abbreviation))
        what = "the agency has no row in {table}, so its type is unknown"
        remedy = "Add it there: {abbreviation},<agency_type>,,<reason>."
        for abbreviation, entry in entries.items():
            if abbreviation not in self.agencies:
                names = {"table": context.document.path_of(AgencyRow.file), "abbreviation": abbreviation}
                context.refuse_if_whole(entry.line, what, remedy, abbreviation, **names)
                self.agencies[abbreviation] = Agency(abbreviation, entry.name, "", True, entry.line)
        for alias in aliases:
            self._add_alias(alias)

    def _add_entry(self, entries: dict[str, GlossaryEntry], abbreviation: str, entry: GlossaryEntry) -> None:
        refuse, path = self._context.refuse_if_whole, self._context.document.path_of(AliasRow.file)
        if not _ID.fullmatch(abbreviation):
            what = "the abbreviation holds letters that no id can have"
            remedy = "Add to {file} which abbreviation in A-Z, 0-9, - it stands for."
            refuse(entry.line, what, remedy, entry.abbreviation, file=path)
        else:
            if abbreviation in entries:
                what = "the glossary explains an abbreviation twice"
                refuse(entry.line, what, "Take one of the two out.", entry.abbreviation)
            entries[abbreviation] = entry

    def _add_agency(self, row: AgencyRow, entry: GlossaryEntry | None) -> None:
        refuse, abbreviation = self._context.refuse_if_whole, row.abbreviation
        if row.agency_type not in AGENCY_TYPES:
            refuse(row, "unknown agency_type", "Choose of {types}.", row.agency_type, types=", ".join(AGENCY_TYPES))
        if abbreviation in self.agencies:
            refuse(row, "the agency has two rows", "Keep one.", abbreviation)
        if entry and row.name:
            what = "the name of {abbreviation} is the glossary's to give"
            refuse(row, what, "Leave the cell blank.", row.name, abbreviation=abbreviation)
        if not entry and not row.name:
            what = "the glossary does not explain the abbreviation (any more)"
            remedy = "Put its entry back, give its name here, or take the row out."
            refuse(row, what, remedy, abbreviation)
        name, line = (entry.name, entry.line) if entry else (row.name, row.line)
        self.agencies[abbreviation] = Agency(abbreviation, name, row.agency_type, entry is not None, line)

    def _add_alias(self, row: AliasRow) -> None:
        refuse = self._context.refuse_if_whole
        if row.alias in self.aliases:
            refuse(row, "the alias has two rows", "Keep one.", row.alias)
        if row.alias in self.agencies and self.agencies[row.alias].in_glossary:
            refuse(row, "the alias is an abbreviation of the glossary", "Take the row out.", row.alias)
        if row.abbreviation not in self.agencies:
            what = "the alias stands for an agency that neither the glossary nor {file} has"
            path = self._context.document.path_of(AgencyRow.file)
            refuse(row, what, "Put the abbreviation right, or add the agency.", row.abbreviation, file=path)
        self.aliases[row.alias] = row

    def refuse_stale(self) -> None:
        """Refuse the rows that match nothing any more: aliases not printed, named agencies that nothing names."""
        refuse = self._context.refuse_if_whole
        for alias in self.aliases.values():
            if alias.alias not in self._used_aliases:
                what = "the document does not print the alias any more"
                refuse(alias, what, "Take the row out, or put its spelling right.", alias.alias)
        for row in self._context.document.rows(AgencyRow):
            agency = self.agencies[row.abbreviation]
            if not agency.in_glossary and agency.name and row.abbreviation not in self.used:
                what = "no activity names the agency, and the glossary does not explain it"
                refuse(row, what, "Take the row out, or add its alias.", row.abbreviation)

    def add_responsible(self, source: SourceActivity, text: str) -> list[str]:
        """Add the agencies of a published cell to `bridge_activity_agency`, each once; return their abbreviations."""
        context, activity_id, line_first = self._context, source.activity_id, source.line_first
        if not text:
            what, toml = "activity {activity_id} has no agency", context.document.path_of("plan.toml")
            remedy = (
                'Put it back; is a tab lost? If cells are merged down, name "agencies" in {toml}, [layout] fill_down.'
            )
            context.refuse(line_first, what, remedy, source.text("activity_text"), activity_id=activity_id, toml=toml)
            return []
        is_as_printed = text == source.text("agencies")
        printed: dict[str, str] = {}  # abbreviation: token
        for token, line in _tokens(source.cells["agencies"] if is_as_printed else Cell([(line_first, text)])):
            if not token:
                what = "a place between commas, or after the last, is empty: an agency may be lost"
                context.refuse(line, what, "Put the agency back, or take the comma out.", text)
                continue
            abbreviation = self._read_token(token, line, activity_id)
            if abbreviation in printed:
                names = {"activity_id": activity_id, "abbreviation": abbreviation}
                context.flag("agency_repeated", line, "agency_id", token, printed[abbreviation], **names)
            elif abbreviation:
                printed[abbreviation] = token
                agency_id = f"{context.document.description.country}-{abbreviation}"
                link = {"activity_id": activity_id, "position": len(printed), "token": token, "agency_id": agency_id}
                document = self._leads.get((activity_id, agency_id))
                link |= {"is_lead": document is not None, "lead_document": document}
                context.rows.add("bridge_activity_agency", **link)
        return list(printed)

    def _read_token(self, printed: str, line: int, activity_id: str) -> str | None:
        """Return the canonical abbreviation of a token, read with or without full stops around it, or None."""
        token = printed if self._resolve(printed) else printed.strip(". ")
        abbreviation = self._resolve(token)
        if abbreviation is None:
            remedy = "{hint}Put the print right, or add an alias with its reason to {file}."
            names = {"hint": self._nearest(token), "file": self._context.document.path_of(AliasRow.file)}
            self._context.refuse(line, "unknown agency", remedy, printed, **names)
            return None
        agency, context = self.agencies[abbreviation], self._context
        has_glossary, is_collective = context.layout.glossary_heading, agency.agency_type == "collective"
        if has_glossary and not agency.in_glossary and not is_collective:  # of those `is_collective` says it
            place, names = (line, "agency_id", printed, abbreviation), {"abbreviation": abbreviation}
            context.flag("agency_not_in_glossary", *place, activity_id=activity_id, **names, name=agency.name)
        return abbreviation

    def _resolve(self, token: str) -> str | None:
        """Return the canonical abbreviation of a token, or None if neither glossary nor aliases know it."""
        agency = self.agencies.get(token)
        if agency is None or not agency.in_glossary:
            if token not in self.aliases:
                return None
            self._used_aliases.add(token)
            token = self.aliases[token].abbreviation
        if token not in self.agencies:
            return None
        self.used.add(token)
        return token

    def _nearest(self, token: str) -> str:
        """Return a sentence with the known spelling that is nearest to an unknown token, or ""."""
        known = [a.abbreviation for a in self.agencies.values() if a.in_glossary] + list(self.aliases)
        by_case = {k.casefold(): k for k in known}
        close = difflib.get_close_matches(token.casefold(), by_case, n=1, cutoff=0.5)
        return sentence('The nearest known spelling is "{spelling}". ', spelling=by_case[close[0]]) if close else ""


def _tokens(cell: Cell) -> Iterator[tuple[str, int]]:
    """Yield the bodies named in an agency cell, split at commas, each with the line that prints it."""
    start = 0
    for part in cell.text.split(","):
        yield part.strip(), cell.line_at(start + len(part) - len(part.lstrip()))
        start += len(part) + 1
