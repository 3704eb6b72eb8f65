"""Agencies that an activity's text or result names, but not its cell of agencies."""

import re
from collections import defaultdict
from collections.abc import Iterable

from transforms.plans.agencies import AgencyBook
from transforms.plans.context import Context

_OF_MANY = ("collective", "local_authority", "working_group")  # a name of these types is that of no single body


class _Names:
    """The names by which a document calls its agencies: abbreviations, also in the plural, and names in full."""

    def __init__(self, book: AgencyBook) -> None:
        self._abbreviations: dict[str, str] = {}
        self._names: dict[str, str] = {}  # folded: abbreviation of the agency
        for abbreviation, agency in book.agencies.items():
            self._add(abbreviation, abbreviation, agency.agency_type)
            self._add(agency.name, abbreviation, agency.agency_type)
        for alias, row in book.aliases.items():
            if row.abbreviation in book.agencies:
                self._add(alias, row.abbreviation, book.agencies[row.abbreviation].agency_type)
        self._abbreviation = _pattern(self._abbreviations, r"(?:['’]?s)?")
        self._name = _pattern(self._names, flags=re.IGNORECASE)

    def _add(self, spelling: str, abbreviation: str, agency_type: str) -> None:
        if spelling.isupper():
            self._abbreviations[spelling] = abbreviation
        elif " " in spelling and agency_type not in _OF_MANY:
            self._names[spelling.casefold()] = abbreviation

    def has(self, printed: str) -> bool:
        """Return True if an agency is spelled so, without an ending."""
        return printed in self._abbreviations or printed.casefold() in self._names

    def named_in(self, text: str) -> dict[str, str]:
        """Return the agencies that a text names, by abbreviation, with what is printed."""
        named: dict[str, str] = {}
        for match in self._abbreviation.finditer(text):
            named.setdefault(self._abbreviations[match[1]], match[0])
        for match in self._name.finditer(text):
            if abbreviation := self._names.get(match[1].casefold()):  # the pattern takes ı for i, as casefold does not
                named.setdefault(abbreviation, match[0])
        return named


def _pattern(spellings: Iterable[str], ending: str = "", flags: int = 0) -> re.Pattern[str]:
    """Return the pattern of any of these words, the longest first; it fits nothing if there is none."""
    longest_first = sorted(spellings, key=len, reverse=True)
    words = "|".join(map(re.escape, longest_first)) or r"(?!)"
    return re.compile(rf"(?<!\w)({words}){ending}(?!\w)", flags)


def flag_agencies_of_texts(context: Context, book: AgencyBook) -> None:
    """Flag each agency that the text or result of an activity names, and that is not among its agencies.

    Not of a second print, and not where a collective is responsible, which may include the agency."""
    names, responsible = _Names(book), defaultdict(set)
    prefix = f"{context.document.description.country}-"
    for link in context.rows.of("bridge_activity_agency"):
        responsible[link["activity_id"]].add(link["agency_id"].removeprefix(prefix))
    collectives = {agency.abbreviation for agency in book.agencies.values() if agency.agency_type == "collective"}
    for row in context.rows.of("dim_activity"):
        of_activity = responsible[row["activity_id"]]
        if row["duplicate_of"] or of_activity & collectives:
            continue
        named = names.named_in(f"{row['activity_text']}\n{row['expected_result'] or ''}")
        for abbreviation in named.keys() - of_activity:
            printed, variant = named[abbreviation], ""
            place = row["line_first"], "agency_id", printed
            arguments = {"abbreviation": abbreviation, "name": book.agencies[abbreviation].name}
            if not names.has(printed):
                variant, arguments["printed"] = "inflected", printed
            context.flag("agency_only_in_text", *place, variant=variant, activity_id=row["activity_id"], **arguments)
