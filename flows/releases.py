"""`npa releases`: the history of the warehouse. Imports nothing heavy."""

import csv
import json
import sys

from flows.delivery import write_table
from flows.warehouse import NoRelease, Warehouse, WarehouseFault

_COLUMNS = ("release_id", "is_current", "published_at", "as_of", "activities", "inputs", "software_version")


def print_releases(warehouse: Warehouse, form: str) -> None:
    """The releases, newest first, as a table, CSV or JSON."""
    rows = list(filter(None, (_row(warehouse, release_id) for release_id in _ids(warehouse))))
    if not rows:
        raise NoRelease(
            f"{warehouse.root} holds no release yet. Run npa refresh, or name another folder by --warehouse."
        )
    if form == "json":
        print(json.dumps(rows, indent=1))
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        write_table(sys.stdout, _COLUMNS, ([str(row[c]) for c in _COLUMNS] for row in rows))


def _ids(warehouse: Warehouse) -> list[str]:
    if not warehouse.releases.is_dir():
        return []
    return sorted((p.name for p in warehouse.releases.iterdir() if (p / "manifest.json").is_file()), reverse=True)


def _row(warehouse: Warehouse, release_id: str) -> dict[str, object] | None:
    try:
        manifest = warehouse.manifest(warehouse.releases / release_id)
    except WarehouseFault as fault:
        print(f"npa: {fault}", file=sys.stderr)
        return None
    rows = {output["table"]: output["rows"] for output in manifest["outputs"]}
    current = warehouse.current.is_symlink() and warehouse.current.readlink().name == release_id
    return {
        "release_id": release_id,
        "is_current": "current" if current else "",
        "published_at": manifest["published_at"],
        "as_of": manifest["as_of"],
        "activities": rows["dim_activity"],
        "inputs": len(manifest["inputs"]),
        "software_version": manifest["software_version"],
    }
