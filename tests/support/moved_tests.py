"""Where the tests of 37e615d are now, by moved_tests.csv: one line for a test function, cases of it only where they
changed. That commit had 1,822 tests; the one that the reorganisation was planned on, 0373dd1, had 1,361.

As a program it says which new ids pytest does not collect: python -m tests.support.moved_tests"""

import ast
import csv
import subprocess
import sys
from pathlib import Path

from tests.support.paths import ROOT

_TABLE = Path(__file__).with_suffix(".csv")


def moved() -> list[dict[str, str]]:
    """Return old_id, new_id and reason of each old test; of one that is gone new_id is empty."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def faults(rows: list[dict[str, str]]) -> list[str]:
    """Return what is wrong with the table: ids twice, tests gone without a reason, functions that are not there."""
    old = [row["old_id"] for row in rows]
    found = [f"{name}: it has two lines" for name in sorted({name for name in old if old.count(name) > 1})]
    found += [f"{row['old_id']}: it is gone without a reason" for row in rows if not row["new_id"] + row["reason"]]
    for row in rows:
        path, _, name = row["new_id"].partition("::")
        if path and name.partition("[")[0] not in _functions(ROOT / path):
            found.append(f"{row['old_id']}: {row['new_id']} is not there")
    return found


def _functions(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def _uncollected() -> list[str]:
    """Return new ids that pytest does not collect."""
    collect = [sys.executable, "-m", "pytest", "--collect-only", "tests"]
    lines = subprocess.run(collect, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    collected = {line for line in lines if "::" in line} | {line.partition("[")[0] for line in lines if "::" in line}
    return [row["new_id"] for row in moved() if row["new_id"] and row["new_id"] not in collected]


if __name__ == "__main__":
    missing = _uncollected()
    print(*missing, f"{len(missing)} new ids are not collected", sep="\n")
    sys.exit(bool(missing))
