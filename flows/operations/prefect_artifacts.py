"""The artifacts that Prefect shows of a release: its counts, its judgements, its differences from the one before."""

import json
import sys

import duckdb

from flows.outputs.diff.compare import differences, side
from flows.refresh.attempt import Outcome
from flows.releases.warehouse import Warehouse
from transforms.errors import NpaError

_SEVERITIES = ("error", "warning", "info")
_COLUMNS = ("severity", "rule", "action", "document_id", "issues", "first_line", "example")


def show(warehouse: Warehouse, outcome: Outcome, before: str | None) -> None:
    """Create the artifacts of a new release; `before` is the id of the one that was current. Print a failure: the
    release is published."""
    import httpx
    from prefect.artifacts import create_markdown_artifact, create_table_artifact
    from prefect.exceptions import PrefectException

    new = outcome.release_id
    try:
        counts = [{"what": name, "rows": rows} for name, rows in outcome.rows.items()]
        issues = [{"what": f"issues: {severity}", "rows": n} for severity, n in outcome.issues.items()]
        create_table_artifact(key="npa-release", table=counts + issues, description=f"Release {new}")
        create_markdown_artifact(key="npa-quality", markdown=_quality(warehouse, outcome))
        if before and before != new:
            described = f"What differs between {before} and {new}. Rows: npa diff {before} {new}"
            create_table_artifact(key="npa-diff", table=_diff(warehouse, before, new), description=described)
    except (NpaError, OSError, ValueError, LookupError, duckdb.Error, httpx.HTTPError, PrefectException) as fault:
        print(f"npa: {new} is published, but Prefect does not show all of it: {fault}", file=sys.stderr)


def _quality(warehouse: Warehouse, outcome: Outcome) -> str:
    """Return the quality report of the release in Markdown: one line for each document and kind of judgement."""
    path = warehouse.releases / outcome.release_id / "quality_report.json"
    issues = json.loads(path.read_text(encoding="utf-8"))["issues"]
    issues.sort(key=lambda issue: _SEVERITIES.index(issue["severity"]))
    lines = [[_cell(issue[column]) for column in _COLUMNS] for issue in issues]
    rows = "\n".join(f"| {' | '.join(row)} |" for row in [_COLUMNS, ["---"] * len(_COLUMNS), *lines])
    return f"# Judgements about the sources of {outcome.release_id}\n\n{rows}\n\n{outcome.reports}\n"


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).replace("|", "\\|").split())


def _diff(warehouse: Warehouse, before: str, after: str) -> list[dict[str, object]]:
    """Return one row for each table that differs, and one for all that do not."""
    with duckdb.connect(config={"memory_limit": "1GB"}) as con:
        tables = list(differences(con, side(warehouse, before), side(warehouse, after)))
    rows: list[dict[str, object]] = [
        {"table": table.name, "added": table.added, "removed": table.removed, "changed": table.changed,
         "rows": table.rows_after, "notes": "; ".join(table.notes)}
        for table in tables if table.differing or table.notes
    ]  # fmt: skip
    same = len(tables) - len(rows)
    return [*rows, {"table": f"{same} tables are the same", "added": 0, "removed": 0, "changed": 0, "notes": ""}]
