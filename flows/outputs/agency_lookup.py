"""Which agency a user means: by its id or its abbreviation."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from transforms.errors import NpaError
from transforms.quality.text import sentence

Agency = Mapping[str, Any]  # a row with agency_id, abbreviation, name


class UnknownAgency(NpaError):
    """No agency has this name, or several have."""


def find_agency(agencies: Sequence[Agency], asked: str) -> Agency:
    """The one agency that `asked` names, in any case of letters. Raises UnknownAgency with the nearest known one."""
    name = asked.strip().casefold()
    found = [one for one in agencies if name in (one["agency_id"].casefold(), one["abbreviation"].casefold())]
    if not found:
        spellings = {one[key].casefold(): one for one in agencies for key in ("agency_id", "abbreviation", "name")}
        close = difflib.get_close_matches(name, spellings, n=1, cutoff=0.6)
        hint = (
            sentence(" The nearest known agency is {agency_id}.", agency_id=spellings[close[0]]["agency_id"])
            if close
            else ""
        )
        raise UnknownAgency(
            sentence(
                'no agency is called "{asked}".{hint} npa query "FROM dim_agency" lists them all.',
                asked=asked,
                hint=hint,
            )
        )
    if len(found) > 1:
        ids = ", ".join(one["agency_id"] for one in found)
        raise UnknownAgency(
            sentence('several agencies are called "{asked}": {ids}. Name one by its id.', asked=asked, ids=ids)
        )
    return found[0]


def agency_id_of(con: duckdb.DuckDBPyConnection, asked: str) -> str:
    """Id of the agency that `asked` names in a release."""
    rows = con.execute("SELECT agency_id, abbreviation, name FROM dim_agency ORDER BY agency_id").fetchall()
    names = ("agency_id", "abbreviation", "name")
    return str(find_agency([dict(zip(names, row, strict=True)) for row in rows], asked)["agency_id"])
