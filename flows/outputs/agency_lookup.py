"""The agency that a user means: by its id or its abbreviation."""

import difflib
from collections.abc import Sequence
from typing import Any

import duckdb

from flows.outputs.connection import fetch
from transforms.errors import NpaError
from transforms.quality.text import sentence

Agency = dict[str, Any]  # a row with agency_id, abbreviation, name


class UnknownAgency(NpaError):
    """A name that no agency has, or several have."""


def find_agency(agencies: Sequence[Agency], name: str) -> Agency:
    """Return the agency that has this id or abbreviation, in any case of letters.

    Raises UnknownAgency with the nearest known agency."""
    asked = name.strip().casefold()
    matches = [
        agency for agency in agencies if asked in (agency["agency_id"].casefold(), agency["abbreviation"].casefold())
    ]
    if len(matches) > 1:
        ids = ", ".join(agency["agency_id"] for agency in matches)
        raise UnknownAgency('several agencies are called "{asked}": {ids}. Name one by its id.', asked=name, ids=ids)
    if not matches:
        keys = ("agency_id", "abbreviation", "name")
        spellings = {agency[key].casefold(): agency["agency_id"] for agency in agencies for key in keys}
        hint = ""
        if close := difflib.get_close_matches(asked, spellings, n=1, cutoff=0.6):
            hint = sentence(" The nearest known agency is {agency_id}.", agency_id=spellings[close[0]])
        raise UnknownAgency(
            'no agency is called "{asked}".{hint} npa query "FROM dim_agency" lists them all.', asked=name, hint=hint
        )
    return matches[0]


def agency_id_of(con: duckdb.DuckDBPyConnection, name: str) -> str:
    """Return the id of the agency that `name` means in a release. Raises UnknownAgency."""
    agencies = fetch(con, "SELECT agency_id, abbreviation, name FROM dim_agency ORDER BY agency_id")
    return str(find_agency(agencies, name)["agency_id"])
