"""The units of an agency that reports by units, by what reports call them."""

import duckdb

from transforms.quality.catalogue import Message
from transforms.reports.cells.values import damage, read_text
from transforms.text.labels import plain_name

NO_UNIT = "_T"  # of an agency without units, as in fact_progress


def read_unit(text: str) -> tuple[str | None, Message | None]:
    """Return the label of the unit that a report names.

    >>> read_unit("Khujand")[0], read_unit("_T")[0]
    ('khujand', None)
    """
    if found := damage(text):
        return None, found
    typed = plain_name(read_text(text) or "")
    return (typed if typed not in ("", plain_name(NO_UNIT)) else None), None


def add_labels(con: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary table `unit_label`: one row per unit × label by which a report may call it."""
    units = con.execute("""
        SELECT agency_id, reporting_unit, reporting_unit AS name FROM dim_reporting_unit
        UNION SELECT agency_id, reporting_unit, name FROM dim_reporting_unit_name""").fetchall()
    labels = sorted({(agency_id, unit, plain_name(name)) for agency_id, unit, name in units})
    con.execute("CREATE TEMP TABLE unit_label (agency_id VARCHAR, reporting_unit VARCHAR, label VARCHAR)")
    if labels:
        con.executemany("INSERT INTO unit_label VALUES (?, ?, ?)", labels)
