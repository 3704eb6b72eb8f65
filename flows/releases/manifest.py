"""What two manifests say of the inputs of their releases."""

from collections import Counter
from typing import Any

Manifest = dict[str, Any]


def _rows_of(manifest: Manifest) -> dict[str, int]:
    """Rows by table; of one in several files, their sum."""
    rows: Counter[str] = Counter()
    for output in manifest["outputs"]:
        rows[output["table"]] += output["rows"]
    return dict(rows)


def input_changes(new: Manifest, old: Manifest) -> dict[str, list[str]]:
    """Paths of the input files that were added, removed and changed between two releases."""
    before, after = ({given["path"]: given["sha256"] for given in m["inputs"]} for m in (old, new))
    return {
        "added": sorted(after.keys() - before.keys()),
        "removed": sorted(before.keys() - after.keys()),
        "changed": sorted(path for path in after.keys() & before.keys() if after[path] != before[path]),
    }
