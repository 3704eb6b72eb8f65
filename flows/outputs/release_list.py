"""`npa releases`: the history of the warehouse. Imports nothing heavy."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import TypeVar

from flows.outputs.files import write_csv, write_table
from flows.releases.manifest import Manifest, input_changes, rows_by_table
from flows.releases.rollback import hold_of
from flows.releases.warehouse import Warehouse
from transforms.errors import NoRelease, WarehouseFault

_Content = TypeVar("_Content")
# Input files by folder of raw/, and rows by table.
_IN = {"plan_files": "plans", "report_files": "progress", "statistics_files": "statistics"}
_OUT = {"activities": "dim_activity", "progress": "fact_progress", "observations": "fact_statistic",
        "rejected": "rejected_row", "issues": "quality_issue"}  # fmt: skip
_COLUMNS = ("release_id", "is_current", "hold", "published_at", "as_of", "inputs", *_IN, "changed", "activities",
            "second_prints", "progress", "observations", "rejected", "issues", "software_version")  # fmt: skip


def print_releases(warehouse: Warehouse, form: str) -> None:
    """Print the releases, newest first, as a table, CSV or JSON (which has the rows of every table). A release or hold
    that cannot be read is reported on standard error, and left out. Raises NoRelease."""
    reads = (partial(warehouse.manifest, warehouse.releases / release_id) for release_id in warehouse.release_ids())
    manifests = [manifest for read in reads if (manifest := _readable(read))]
    if not manifests:
        raise NoRelease(
            "{root} holds no release yet. Run npa refresh, or name another folder by --warehouse.", root=warehouse.root
        )
    hold, current = _readable(lambda: hold_of(warehouse)), warehouse.current_id()
    states = {hold.held_to: "held to"} | dict.fromkeys(hold.abandoned, "rolled back from") if hold else {}
    changes = [*(_changes(new, old) for new, old in pairwise(manifests)), ""]
    rows = []
    for manifest, changed in zip(manifests, changes, strict=True):
        release_id, counts = manifest["release_id"], rows_by_table(manifest)
        inputs = Counter(file["path"].partition("/")[0] for file in manifest["inputs"])
        values = manifest | {name: inputs[folder] for name, folder in _IN.items()}
        values |= {name: counts.get(table, 0) for name, table in _OUT.items()}
        values["second_prints"] = manifest.get("totals", {}).get("second_prints", "")  # older releases have none
        values |= {"is_current": "current" if release_id == current else "", "hold": states.get(release_id, "")}
        values |= {"inputs": inputs.total(), "changed": changed, "rows": counts}
        rows.append({column: values[column] for column in (*_COLUMNS, "rows")})
    texts = [[str(row[column]) for column in _COLUMNS] for row in rows]
    if form == "json":
        print(json.dumps(rows, indent=1))
    elif form == "csv":
        write_csv(sys.stdout, _COLUMNS, texts, [False] * len(_COLUMNS))
    else:
        write_table(sys.stdout, _COLUMNS, texts)


def _readable(read: Callable[[], _Content]) -> _Content | None:
    try:
        return read()
    except WarehouseFault as fault:
        print(f"npa: {fault}", file=sys.stderr)
        return None


def _changes(new: Manifest, old: Manifest) -> str:
    """Return the changes since the release before: files +added -removed ~changed, as_of, software."""
    files = input_changes(new, old)
    parts = [f"{sign}{len(files[kind])}" for sign, kind in zip("+-~", files, strict=True) if files[kind]]
    names = {"as_of": "as_of", "software_version": "software"}
    return " ".join([*parts, *(name for key, name in names.items() if new[key] != old[key])]) or "nothing"
