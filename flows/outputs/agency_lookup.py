"""The agency that a user means: by its id or its abbreviation."""

import difflib

import duckdb

from flows.outputs.connection import fetch
from transforms.errors import NpaError
from transforms.quality.text import sentence

_NAMES = ("agency_id", "abbreviation", "name")


class UnknownAgency(NpaError):
    """A name that no agency has, or several have."""


def agency_id_of(con: duckdb.DuckDBPyConnection, name: str) -> str:
    """Return the id of the agency of a release that has this id or abbreviation, in any case of letters.

    Raises UnknownAgency with the nearest known agency."""
    agencies = fetch(con, f"SELECT {', '.join(_NAMES)} FROM dim_agency ORDER BY agency_id")
    asked = name.strip().casefold()
    ids = [row["agency_id"] for row in agencies if asked in (row[key].casefold() for key in _NAMES[:2])]
    if len(ids) > 1:
        raise UnknownAgency(
            'several agencies are called "{asked}": {ids}. Name one by its id.', asked=name, ids=", ".join(ids)
        )
    if not ids:
        spellings = {row[key].casefold(): row["agency_id"] for row in agencies for key in _NAMES}
        hint = ""
        if close := difflib.get_close_matches(asked, spellings, n=1, cutoff=0.6):
            hint = sentence(" The nearest known agency is {agency_id}.", agency_id=spellings[close[0]])
        raise UnknownAgency(
            'no agency is called "{asked}".{hint} npa query "FROM dim_agency" lists them all.', asked=name, hint=hint
        )
    return str(ids[0])
