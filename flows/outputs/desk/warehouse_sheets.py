"""What the officer's workbook of the status shows of the warehouse: what came in, and who was written to."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import duckdb

from flows.outputs.connection import fetch
from flows.outputs.desk.status_sheets import Row, Sheet
from flows.outputs.reminders.ledger import Mail, mails
from flows.releases.manifest import Manifest, input_changes
from flows.releases.warehouse import Warehouse
from transforms.errors import NpaError
from transforms.quality.catalogue import message_in

_WEEK = timedelta(days=7)
_FILES = """
WITH told AS (
    SELECT DISTINCT source_file, agency_id FROM fact_progress
    UNION SELECT DISTINCT source_file, agency_id FROM rejected_row WHERE agency_id IS NOT NULL
)
SELECT f.source_file, sum(f.rows_read)::BIGINT AS rows_read, sum(f.rows_accepted)::BIGINT AS rows_accepted,
       sum(f.rows_repeated)::BIGINT AS rows_repeated,
       (SELECT count(*) FROM rejected_row AS j WHERE j.source_file = f.source_file) AS rows_rejected,
       (SELECT count(*) FROM rejected_row AS j WHERE j.corrected_by_file = f.source_file) AS closes,
       (SELECT string_agg(g.abbreviation, ', ' ORDER BY g.abbreviation) FROM told AS t
        JOIN dim_agency AS g ON g.agency_id = t.agency_id WHERE t.source_file = f.source_file) AS agencies,
       (SELECT max(r.received_on) FROM dim_report_receipt AS r WHERE r.source_file = f.source_file) AS received_on
FROM (
    SELECT source_file, rows_read, rows_accepted, rows_repeated FROM dim_progress_file
    UNION ALL SELECT source_file, 0, 0, 0 FROM rejected_row WHERE source_row IS NULL  -- files that cannot be read
) AS f GROUP BY f.source_file"""
_COLUMNS = ("source_file", "change", "agencies", "received_on", "rows_read", "rows_accepted", "rows_repeated",
            "rows_rejected", "closes")  # fmt: skip
_KINDS = {"missing": "missing", "due": "due", "refused": "refused", "contradiction": "contradictions"}


def came_in(con: duckdb.DuckDBPyConnection, warehouse: Warehouse, language: str) -> Sheet:
    """Return the files of reports that are new, changed or gone since the release of a week before, or since the oldest
    one that is there."""
    (release,) = fetch(con, "SELECT release_id FROM release")
    new = warehouse.manifest(warehouse.current_release())
    old = _a_week_before(warehouse, release["release_id"])
    changes = input_changes(new, old or new | {"inputs": []})
    read = {row["source_file"]: row for row in fetch(con, _FILES)}
    rows: list[Row] = [
        dict.fromkeys(_COLUMNS) | read.get(path, {"source_file": path})
        | {"change": message_in(language, f"desk.change.{kind}", {})}
        for kind in ("added", "changed", "removed") for path in changes[kind] if path.startswith("progress/")
    ]  # fmt: skip
    about = {"release_id": old["release_id"], "day": old["as_of"]} if old else {}
    return Sheet("came_in", _COLUMNS, rows, message_in(language, "desk.since" if old else "desk.since_ever", about))


def _a_week_before(warehouse: Warehouse, release_id: str) -> Manifest | None:
    """Return the manifest of the newest release that is a week older than this one, or else of the oldest one."""
    older = [each for each in sorted(warehouse.release_ids()) if each < release_id]
    week = [each for each in older if _moment(each) <= _moment(release_id) - _WEEK]
    for each in [*reversed(week), *older]:
        try:
            return warehouse.manifest(warehouse.root / "releases" / each)
        except NpaError:  # it is damaged: npa health says so
            continue
    return None


def _moment(release_id: str) -> datetime:
    return datetime.strptime(f"{release_id[:15]}+0000", "%Y%m%dT%H%M%S%z")


def reminded(warehouse: Warehouse, language: str) -> Sheet:
    """Return a row for each day, agency and outcome of mails, the newest first."""

    def key(mail: Mail) -> tuple[Any, ...]:
        return mail.day, mail.agency_id, mail.state, mail.why

    rows: list[Row] = []
    for (day, agency_id, state, why), group in groupby(sorted(mails(warehouse), key=key, reverse=True), key):
        same = [*group]
        causes = {cause for mail in same for cause in mail.causes}
        counts = Counter(_KINDS.get(cause.split(" ")[0], "") for cause in causes)
        sent = message_in(language, f"desk.mail.{state}", {"why": why} if state == "failed" else {})
        numbers = {kind: counts[kind] for kind in _KINDS.values()}
        rows.append({"day": day, "agency_id": agency_id, "sent": sent, "addresses": len(same), **numbers})
    return Sheet("reminders", ("day", "agency_id", "sent", "addresses", *_KINDS.values()), rows)
