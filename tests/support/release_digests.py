"""The digests of the Parquet files of a release, to compare it with another."""

import hashlib
from pathlib import Path


def digests(release: Path) -> dict[str, str]:
    folder = release / "parquet"
    files = sorted(folder.rglob("*.parquet"))
    result = {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return {name: digest for name, digest in result.items() if name != "release.parquet"}
