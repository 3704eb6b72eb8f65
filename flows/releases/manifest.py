"""The manifest of a release: its files, their digests, the inputs. Imports nothing heavy."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flows.runtime.files import size_of

Manifest = dict[str, Any]

# Larger files are checked by their size alone, because a watchdog asks every few minutes.
_LARGEST_READ = 1 << 25


def damage(release: Path, manifest: Manifest, *, read_all: bool = False) -> Iterator[str]:
    """Yield a phrase for each damaged file of a release; `read_all` compares the digests of large files too."""
    digests = digests_of(manifest)
    for file in manifest["files"]:
        path, digest = release / file["path"], digests[file["path"]]
        try:
            size = size_of(path)
            if size is None:
                yield f"{file['path']} is missing"
            elif size != file["bytes"]:
                yield f"{file['path']} has {size} bytes, not {file['bytes']}"
            elif digest and (read_all or size <= _LARGEST_READ) and sha256_of(path) != digest:
                yield f"{file['path']} is not what was published (its SHA-256 differs)"
        except OSError as error:
            yield f"{file['path']} cannot be read ({error.strerror})"


def digests_of(manifest: Manifest) -> dict[str, str]:
    """Return the SHA-256 of each file by path; older versions of npa recorded those of Parquet files only."""
    of_tables = {output["path"]: output["sha256"] for output in manifest["outputs"]}
    return {file["path"]: file.get("sha256") or of_tables.get(file["path"], "") for file in manifest["files"]}


def input_hashes(manifest: Manifest) -> dict[str, str]:
    """Return the SHA-256 of each input file by path."""
    return {source["path"]: source["sha256"] for source in manifest["inputs"]}


def input_changes(new: Manifest, old: Manifest) -> dict[str, list[str]]:
    """Return the paths of the input files that were added, removed and changed between two releases."""
    before, after = input_hashes(old), input_hashes(new)
    return {
        "added": sorted(after.keys() - before.keys()),
        "removed": sorted(before.keys() - after.keys()),
        "changed": sorted(path for path in after.keys() & before.keys() if after[path] != before[path]),
    }


def rows_by_table(manifest: Manifest) -> dict[str, int]:
    """Return the rows of each table, of one in several files their sum."""
    rows: Counter[str] = Counter()
    for output in manifest["outputs"]:
        rows[output["table"]] += output["rows"]
    return dict(rows)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
