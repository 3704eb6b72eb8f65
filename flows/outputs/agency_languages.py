"""In which language an agency is written to, where nobody says another, and what its units are called there."""

import duckdb

from flows.outputs.connection import fetch
from flows.runtime.settings import language

_OF_REPORTS = """
SELECT r.agency_id, arg_max(f.language, (r.rows, r.last_on, f.language)) AS language
FROM (
    SELECT agency_id, source_file, source_sheet, count(*) AS rows, max(reported_on) AS last_on
    FROM fact_progress GROUP BY ALL
    UNION ALL SELECT agency_id, source_file, source_sheet, count(*), NULL FROM rejected_row GROUP BY ALL
) AS r
JOIN dim_progress_file AS f ON f.source_file = r.source_file AND f.source_sheet IS NOT DISTINCT FROM r.source_sheet
WHERE f.language IS NOT NULL GROUP BY r.agency_id"""
_UNITS = """
SELECT u.agency_id, u.reporting_unit, coalesce(n.name, u.name) AS name
FROM dim_reporting_unit AS u
LEFT JOIN dim_reporting_unit_name AS n
  ON n.agency_id = u.agency_id AND n.reporting_unit = u.reporting_unit AND n.language = $language"""


def agency_languages(con: duckdb.DuckDBPyConnection) -> "_Languages":
    """Return the language of each agency by its id (None: of rows that name no agency): that of the headings of the
    sheet with most of its rows, accepted or refused; of one that has sent none, NPA_LANGUAGE."""
    return _Languages({row["agency_id"]: row["language"] for row in fetch(con, _OF_REPORTS)})


def unit_names(con: duckdb.DuckDBPyConnection, language: str) -> dict[tuple[str, str], str]:
    """Return the name of each unit by agency and unit: in a language, or else its usual one."""
    return {(row["agency_id"], row["reporting_unit"]): row["name"] for row in fetch(con, _UNITS, language=language)}


class _Languages(dict[str | None, str]):
    def __missing__(self, agency_id: str | None) -> str:
        return language()
