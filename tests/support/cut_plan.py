"""A few activities of the real plan, with agencies and windows of one's own: small enough to count by hand."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import duckdb

from tests.support import oracle
from tests.support.histories import CRC, Release
from transforms.indicators.registry import macros

AGENCIES = {"A": "TJK-MOES", "B": "TJK-MOJ", "C": "TJK-MOF"}
_TABLES = (*oracle.NAMES, "fact_activity_year")


def cut_plan(
    warehouse: Path, responsible: Mapping[str, str], last_year: int = 2018, timeframe: str = "dated"
) -> Release:
    """Return a release of one plan with these activities only, in force from 2018 to the last year.

    `responsible` are letters of `AGENCIES` by activity. The tables have no constraints."""
    con = duckdb.connect()
    con.execute(f"ATTACH '{warehouse / 'current' / 'npa.duckdb'}' AS npa (READ_ONLY)")
    for table in _TABLES:
        con.execute(f"CREATE TABLE {table} AS FROM npa.{table}")
    for macro in macros():
        con.execute(f"CREATE MACRO {macro.name}({macro.columns['parameters']}) AS TABLE {macro.sql}")
    con.execute("DELETE FROM dim_activity WHERE activity_id NOT IN $ids", {"ids": list(responsible)})
    con.execute(
        "UPDATE dim_activity SET timeframe = ?, window_start = '2018-01-01', window_end = ?, duplicate_of = NULL",
        [timeframe, dt.date(last_year, 12, 31)],
    )
    con.execute("DELETE FROM bridge_activity_agency")
    for activity_id, letters in responsible.items():
        for position, letter in enumerate(letters, 1):
            link = [activity_id, AGENCIES[letter], position, letter]
            con.execute("INSERT INTO bridge_activity_agency VALUES (?, ?, ?, ?, false, NULL)", link)
    return Release(con)


# Activities of the plan that can be cut out: of one measure each, all with a cited paragraph.
W, X, Y, Z = (f"{CRC}-{measure}" for measure in ("01-01", "03-01", "04-01", "09-01"))
