"""The database of the last release, made that of this one: rows of documents that changed or went are taken out, what
spans documents is brought up to date, what is computed is made anew. In a copy, never in the published file itself."""

from collections.abc import Mapping

import duckdb
import pandas as pd

from flows.sources.previous import Kept
from flows.sources.statistics.result import Statistics
from schemas.generated import ddl
from schemas.model import Table
from schemas.tables import TABLES

# The column by which a row belongs to a document: the document's id, or one of its plans, measures or activities.
OF_DOCUMENTS = {
    "dim_document": "document_id",
    "dim_plan": "plan_id",
    "source_line": "document_id",
    "dim_measure": "plan_id",
    "dim_recommendation": "plan_id",
    "dim_activity": "plan_id",
    "dim_agency_alias": "document_id",
    "dim_translation": "id",
    "bridge_measure_recommendation": "measure_id",
    "bridge_activity_agency": "activity_id",
    "fact_activity_year": "plan_id",
    "bridge_activity_statistic": "activity_id",
    "quality_issue": "document_id",
}
# What the inputs say together; rows of documents that stay refer to it.
SHARED = ("dim_agency", "dim_time_period", "dim_statistic")
# Made anew every time.
REMADE = (
    "dim_progress_file", "fact_progress", "fact_reporting_slot", "rejected_row", "fact_indicator", "dim_dataset",
    "dim_area", "release",
)  # fmt: skip
# The same as long as the software is; `fact_statistic` goes by data set.
SAME = ("dim_quality_rule", "dim_indicator", "data_dictionary", "fact_statistic")


def show_kept(con: duckdb.DuckDBPyConnection, kept: Kept) -> tuple[str, ...]:
    """Views `kept_<table>` of the rows of documents that are taken over; returns the tables."""
    if not (path := kept.database()):
        return ()
    con.execute(f"ATTACH {ddl.literal(str(path))} AS last (READ_ONLY)")
    _list_gone(con, kept, "last")
    for name, owner in OF_DOCUMENTS.items():
        con.execute(f"CREATE TEMP VIEW kept_{name} AS FROM last.{name} WHERE {owner} NOT IN (FROM gone)")
    return tuple(OF_DOCUMENTS)


def take_out(con: duckdb.DuckDBPyConnection, kept: Kept, statistics: Statistics) -> None:
    """Leave in the current database of `con`, a copy of the last one, the rows that are taken over.

    Statement by statement: DuckDB lets go of a row only after those that refer to it are gone for good."""
    for name in reversed(REMADE):
        con.execute(f"DROP TABLE {name}")
    _list_gone(con, kept, "npa")
    con.execute("DELETE FROM quality_issue WHERE document_id IS NULL")
    for name in reversed(TABLES):
        if owner := OF_DOCUMENTS.get(name):
            for which in ("duplicate_of IS NOT NULL", "true") if name == "dim_activity" else ("true",):
                con.execute(f"DELETE FROM {name} WHERE {owner} IN (FROM gone) AND {which}")
    con.execute("DROP TABLE gone")
    con.execute(
        "DELETE FROM fact_statistic WHERE dataset_id NOT IN (SELECT unnest($kept::VARCHAR[]))",
        {"kept": sorted(statistics.taken_over)},
    )
    remade = [table for name, table in TABLES.items() if name in REMADE]
    con.execute(";".join(ddl.create_table(table, is_keyed=not table.is_bulk) for table in remade))
    con.execute(";".join(comment for table in remade for comment in ddl.comments(table)))


def renew_shared(con: duckdb.DuckDBPyConnection, frames: Mapping[str, pd.DataFrame]) -> None:
    """Make the tables that documents share those of `frames`."""
    for name in SHARED:
        con.register("incoming", frames[name])
        _renew(con, TABLES[name])
        con.unregister("incoming")


def _renew(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    (key,), names = table.key, ", ".join(table.column_names)
    con.execute(f"DELETE FROM {table.name} WHERE {key} NOT IN (SELECT {key} FROM incoming)")
    changed = ", ".join(f"{c} = excluded.{c}" for c in table.column_names if c != key)
    con.execute(
        f"""INSERT INTO {table.name}
            FROM (SELECT {names} FROM incoming EXCEPT SELECT {names} FROM {table.name}) ORDER BY {key}
            ON CONFLICT ({key}) DO UPDATE SET {changed}"""
    )


def _list_gone(con: duckdb.DuckDBPyConnection, kept: Kept, database: str) -> None:
    """Table `gone`: the ids of documents that are not taken over, and of their plans, measures and activities."""
    con.execute(
        f"""CREATE TEMP TABLE gone AS
            WITH document AS (SELECT unnest($gone::VARCHAR[]) AS document_id),
                 plan AS (SELECT plan_id FROM {database}.dim_plan SEMI JOIN document USING (document_id))
            FROM document
            UNION ALL FROM plan
            UNION ALL SELECT measure_id FROM {database}.dim_measure SEMI JOIN plan USING (plan_id)
            UNION ALL SELECT activity_id FROM {database}.dim_activity SEMI JOIN plan USING (plan_id)""",
        {"gone": list(kept.gone)},
    )
