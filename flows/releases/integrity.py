"""Whether a release is on the disk as it was published. Imports nothing heavy."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flows.runtime.files import size_of

# Files up to this size are read and their digests compared; of larger ones the size has to do, for a watchdog asks
# every few minutes.
_READ_UP_TO = 1 << 25


def damage(release: Path, manifest: Mapping[str, Any], *, read_all: bool = False) -> Iterator[str]:
    """What is wrong with the files of a release, a phrase each; `read_all` compares the digests of large files too."""
    digests = digests_of(manifest)
    for file in manifest["files"]:
        path = release / file["path"]
        wanted = digests[file["path"]]
        try:
            size = size_of(path)
            if size is None:
                yield f"{file['path']} is missing"
            elif size != file["bytes"]:
                yield f"{file['path']} has {size} bytes, not {file['bytes']}"
            elif wanted and (read_all or size <= _READ_UP_TO) and _sha256(path) != wanted:
                yield f"{file['path']} is not what was published (its SHA-256 differs)"
        except OSError as error:
            yield f"{file['path']} cannot be read ({error.strerror})"


def digests_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    """SHA-256 of each file by path; of releases that older versions published, empty for what is no Parquet file."""
    made = {output["path"]: output["sha256"] for output in manifest["outputs"]}
    return {file["path"]: file.get("sha256") or made.get(file["path"], "") for file in manifest["files"]}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
