"""The version of the software, which every release records. Imports nothing heavy."""

import hashlib
import os
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

_PACKAGES = ("flows", "schemas", "transforms")


def software_version() -> str:
    """Return the version of npa with a digest of its files, so that changed code makes a new release."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        spec = find_spec(package)
        root = Path(str(spec and spec.origin)).parent
        for path in sorted(_files(root)):
            digest.update(f"{package}/{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return f"{version('npa')}+{digest.hexdigest()[:8]}"


def _files(root: Path) -> Iterator[Path]:
    """Yield the files of a package: code, SQL, code lists, catalogues, templates, whatever their ending."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (Path(folder, name) for name in names if not name.endswith((".pyc", ".swp", "~")))
