"""Text files as DuckDB reads them: UTF-8."""

from pathlib import Path


def as_utf8(path: Path, encoding: str | None, folder: Path) -> Path:
    """The file, or a copy of it in UTF-8 in `folder`."""
    return path
