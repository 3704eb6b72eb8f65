"""`npa releases`: the history of the warehouse. Imports nothing heavy."""

import csv
import json
import sys
from collections import Counter
from itertools import pairwise
from typing import Any

from flows.outputs.files import write_table
from flows.releases.hold import hold_of
from flows.releases.manifest import Manifest, input_changes, rows_by_table
from flows.releases.warehouse import Warehouse
from transforms.errors import NoRelease, WarehouseFault
from transforms.quality.text import sentence

# What went in, by folder of raw/, and what came out, by table.
_IN = {"plan_files": "plans", "report_files": "progress", "statistics_files": "statistics"}
_OUT = {
    "activities": "dim_activity",
    "progress": "fact_progress",
    "observations": "fact_statistic",
    "rejected": "rejected_row",
    "issues": "quality_issue",
}
_COLUMNS = ("release_id", "is_current", "hold", "published_at", "as_of", "inputs", *_IN, "changed", *_OUT,
            "software_version")  # fmt: skip


def print_releases(warehouse: Warehouse, form: str) -> None:
    """The releases, newest first, as a table, CSV or JSON (which has the rows of every table)."""
    manifests = [m for release_id in warehouse.release_ids() if (m := _manifest(warehouse, release_id))]
    if not manifests:
        raise NoRelease(
            sentence(
                "{root} holds no release yet. Run npa refresh, or name another folder by --warehouse.",
                root=warehouse.root,
            )
        )
    changes = [*(_changed(new, old) for new, old in pairwise(manifests)), ""]
    states = _states(warehouse)
    rows = [_row(m, changed, states) for m, changed in zip(manifests, changes, strict=True)]
    for row in rows:
        row["is_current"] = "current" if row["release_id"] == warehouse.current_id() else ""
    if form == "json":
        print(json.dumps([row | {"rows": rows_by_table(m)} for row, m in zip(rows, manifests, strict=True)], indent=1))
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        write_table(sys.stdout, _COLUMNS, ([str(row[c]) for c in _COLUMNS] for row in rows))


def _manifest(warehouse: Warehouse, release_id: str) -> Manifest | None:
    try:
        return warehouse.manifest(warehouse.releases / release_id)
    except WarehouseFault as fault:
        print(f"npa: {fault}", file=sys.stderr)
        return None


def _states(warehouse: Warehouse) -> dict[str, str]:
    """What a rollback has to say of releases, by id."""
    try:
        hold = hold_of(warehouse)
    except WarehouseFault as fault:
        print(f"npa: {fault}", file=sys.stderr)
        return {}
    return {hold.held_to: "held to"} | dict.fromkeys(hold.left, "rolled back from") if hold else {}


def _row(manifest: Manifest, changed: str, states: dict[str, str]) -> dict[str, Any]:
    release_id, rows = manifest["release_id"], rows_by_table(manifest)
    inputs = Counter(given["path"].partition("/")[0] for given in manifest["inputs"])
    return {
        "release_id": release_id,
        "is_current": "",
        "hold": states.get(release_id, ""),
        "published_at": manifest["published_at"],
        "as_of": manifest["as_of"],
        "inputs": len(manifest["inputs"]),
        **{name: inputs[folder] for name, folder in _IN.items()},
        "changed": changed,
        **{name: rows.get(table, 0) for name, table in _OUT.items()},
        "software_version": manifest["software_version"],
    }


def _changed(new: Manifest, old: Manifest) -> str:
    """What of all that goes in differs from the release before: files +added -removed ~changed, as_of, software."""
    files = input_changes(new, old)
    parts = [f"{sign}{len(files[kind])}" for sign, kind in zip("+-~", files, strict=True) if files[kind]]
    parts += ["as_of"] if new["as_of"] != old["as_of"] else []
    parts += ["software"] if new["software_version"] != old["software_version"] else []
    return " ".join(parts) or "nothing"
