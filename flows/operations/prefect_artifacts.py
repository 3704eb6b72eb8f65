"""What Prefect shows of a release: its counts, the judgements in short, what differs from the release before."""

import json
import sys

import duckdb

from flows.outputs.diff.compare import differences, side
from flows.refresh.request import Outcome
from flows.releases.warehouse import Warehouse
from transforms.errors import NpaError

_SEVERITIES = ("error", "warning", "info")


def show(warehouse: Warehouse, outcome: Outcome, before: str | None) -> None:
    """Publish the artifacts of a new release; `before` is the id of the one that was current. That a picture of it
    cannot be had is said: the release stands."""
    import httpx
    from prefect.artifacts import create_markdown_artifact, create_table_artifact
    from prefect.exceptions import PrefectException

    try:
        counts = [{"what": name, "rows": rows} for name, rows in outcome.rows.items()]
        issues = [{"what": f"issues: {severity}", "rows": n} for severity, n in outcome.issues.items()]
        create_table_artifact(key="npa-release", table=counts + issues, description=f"Release {outcome.release_id}")
        create_markdown_artifact(key="npa-quality", markdown=_quality(warehouse, outcome))
        if before and before != outcome.release_id:
            described = (
                f"What differs between {before} and {outcome.release_id}. Rows: npa diff {before} {outcome.release_id}"
            )
            create_table_artifact(key="npa-diff", table=_diff(warehouse, before, outcome), description=described)
    except (NpaError, OSError, ValueError, LookupError, duckdb.Error, httpx.HTTPError, PrefectException) as fault:
        print(f"npa: {outcome.release_id} is published, but Prefect does not show all of it: {fault}", file=sys.stderr)


def _quality(warehouse: Warehouse, outcome: Outcome) -> str:
    """The quality report of the release as a page: one line a document and kind of judgement."""
    path = warehouse.releases / outcome.release_id / "quality_report.json"
    issues = json.loads(path.read_text(encoding="utf-8"))["issues"]
    columns = ("severity", "rule", "action", "document_id", "issues", "first_line", "example")
    issues.sort(key=lambda issue: _SEVERITIES.index(issue["severity"]))
    lines = [[_cell(issue[column]) for column in columns] for issue in issues]
    table = [columns, ["---"] * len(columns), *lines]
    rows = "\n".join(f"| {' | '.join(row)} |" for row in table)
    return f"# Judgements about the sources of {outcome.release_id}\n\n{rows}\n\n{outcome.reports}\n"


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).replace("|", "\\|").split())


def _diff(warehouse: Warehouse, before: str, outcome: Outcome) -> list[dict[str, object]]:
    """One row a table that differs, and one for those that do not."""
    with duckdb.connect(config={"memory_limit": "1GB"}) as con:
        found = list(differences(con, side(warehouse, before), side(warehouse, outcome.release_id)))
    told: list[dict[str, object]] = [
        {"table": one.name, "added": one.added, "removed": one.removed, "changed": one.changed,
         "rows": one.rows_after, "notes": "; ".join(one.notes)}
        for one in found if one.differing or one.notes
    ]  # fmt: skip
    same = sum(not (one.differing or one.notes) for one in found)
    return [*told, {"table": f"{same} tables are the same", "added": 0, "removed": 0, "changed": 0, "notes": ""}]
