"""The version of the software, which every release records. Imports nothing heavy."""

import hashlib
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
        files = (path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        for path in sorted(path for path in files if not path.name.endswith((".pyc", ".swp", "~"))):
            digest.update(f"{package}/{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return f"{version('npa')}+{digest.hexdigest()[:8]}"
