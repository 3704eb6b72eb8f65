"""The version of the software, which every release records. Imports nothing heavy."""

import hashlib
import os
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

_PACKAGES = ("flows", "schemas", "transforms")


def software_version() -> str:
    """Return the version of npa with a digest of its files, so that changed code makes a new release."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        root = package_folder(package)
        for path in _files(root):
            digest.update(f"{package}/{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return f"{version('npa')}+{digest.hexdigest()[:8]}"


def package_folder(package: str) -> Path:
    """Return the folder of a top-level package, wherever it is installed."""
    spec = find_spec(package)
    return Path(str(spec and spec.origin)).parent


def _files(root: Path) -> list[Path]:
    """Every file of a package, whatever its ending: code, SQL, code lists, catalogues, templates."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != "__pycache__"]
        found += [Path(folder, name) for name in names if not name.endswith((".pyc", ".swp", "~"))]
    return sorted(found)
