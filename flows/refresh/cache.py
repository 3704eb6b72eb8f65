"""The cache of a warehouse: results of earlier refreshes, each under a key of all that it was computed from.

It is safe to delete, and it never fails a refresh: what cannot be read or written is computed again. Imports nothing
heavy."""

import hashlib
import json
import platform
import re
import shutil
import sys
from errno import ENOSPC
from importlib.metadata import requires, version
from io import BytesIO
from pathlib import Path

from flows.runtime.files import link, make_readable, replacing

_UNUSED_BYTES = 1 << 28  # size up to which entries stay that the last refresh did not use
_FREE_BYTES = 1 << 28  # the cache leaves at least this much of the disk free, for the release
_NEW = ".new-"


class Cache:
    """A folder of entries, files called `<key>.<SHA-256 of key and content>`; without a folder, nothing is cached.

    The process that has the lock of the warehouse is the only one to use it."""

    def __init__(self, folder: Path | None = None, software: str = "", *, is_read: bool = True) -> None:
        self._folder, self._is_read = folder, is_read
        self._versions = [software, platform.python_version(), *libraries()] if folder else []
        self._used: set[Path] = set()
        self._has_fault = False
        self._entries = {path.name.partition(".")[0]: path for path in self._files()}

    def __bool__(self) -> bool:
        """Return True if results can be cached."""
        return self._folder is not None and not self._has_fault

    def get(self, *parts: str) -> Path | None:
        """Return the file of the entry for these parts, or None. An entry that is not what was written is removed."""
        path = self._entries.get(self._key(parts)) if self._is_read else None
        if path is None:
            return None
        try:
            if path.name == _name(self._key(parts), path):
                self._used.add(path)
                return path
            path.unlink()
        except OSError as error:
            self.report(error.strerror)
        return None

    def put(self, content: bytes | Path, *parts: str) -> None:
        """Add or replace the entry for these parts: bytes, or a file that nobody writes to again, which is linked."""
        if not self or not self._folder:
            return
        key = self._key(parts)
        path, new = self._folder / _name(key, content), self._folder / f"{_NEW}{key}"
        try:
            self._folder.mkdir(exist_ok=True)
            make_readable(self._folder)
            if (old := self._entries.pop(key, path)) != path:
                old.unlink(missing_ok=True)
            if shutil.disk_usage(self._folder).free < _FREE_BYTES:
                raise OSError(ENOSPC, "the disk is nearly full")
            with replacing(path, new):
                if isinstance(content, bytes):
                    new.write_bytes(content)
                else:
                    link(content, new)
                make_readable(new)
        except OSError as error:
            self.report(error.strerror)
        else:
            self._used.add(path)
            self._entries[key] = path

    def trim(self) -> None:
        """Remove what this refresh has not used, but for the newest up to a size, and files that were not completed."""
        size = 0
        try:
            unused = [(path.stat(), path) for path in self._files() if path not in self._used]
            for state, path in sorted(unused, key=lambda file: -file[0].st_mtime):
                size += state.st_size
                if size > _UNUSED_BYTES or path.name.startswith(_NEW):
                    path.unlink()
        except OSError as error:
            self.report(error.strerror)

    def _files(self) -> list[Path]:
        try:
            paths = self._folder.iterdir() if self._folder and self._folder.exists() else ()
            return [path for path in paths if path.is_file() and not path.is_symlink()]
        except OSError as error:
            self.report(error.strerror)
            return []

    def _key(self, parts: tuple[str, ...]) -> str:
        return hashlib.sha256(json.dumps([*self._versions, *parts]).encode()).hexdigest()

    def report(self, reason: object) -> None:
        """Say the first fault on standard error, and cache nothing more."""
        if not self._has_fault:
            print(f"the cache {self._folder} cannot be used: {reason}. Its entries are computed again; "
                  "the release is not affected", file=sys.stderr)  # fmt: skip
        self._has_fault = True


NO_CACHE = Cache()


def libraries() -> list[str]:
    """Return the versions of the libraries that npa requires: with another one, results may have other bytes."""
    names = [re.split(r"[^\w.-]", line)[0] for line in requires("npa") or () if "extra ==" not in line]
    return [f"{name} {version(name)}" for name in sorted(names)]


def _name(key: str, content: bytes | Path) -> str:
    with BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.sha256(key.encode()))
    return f"{key}.{digest.hexdigest()}"
