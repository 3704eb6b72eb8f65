"""The cache of a warehouse: results of earlier refreshes, each under a key of all that it was computed from. It is safe
to delete, and never fails a refresh: what cannot be read or written is computed again. Imports nothing heavy."""

import hashlib
import json
import platform
import re
import shutil
import sys
import zlib
from collections.abc import Callable, Sequence
from datetime import date
from errno import ENOSPC
from importlib.metadata import requires, version
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.runtime.files import link, make_readable, replacing
from flows.sources.files import Inputs
from flows.sources.input_file import check_unchanged

if TYPE_CHECKING:
    from flows.sources.plans import Plans
    from flows.sources.statistics.datasets import Received
    from flows.sources.statistics.stage import ReadDataset, ReadDatasets

_UNUSED_BYTES = 1 << 28  # size up to which entries stay that the last refresh did not use
_FREE_BYTES = 1 << 28  # the cache leaves at least this much of the disk free, for the release
_NEW = ".new-"


class Cache:
    """A folder of entries, files called `<key>.<SHA-256 of key and content>`; without a folder, nothing is cached. The
    process that has the lock of the warehouse is the only one to use it."""

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


def read_documents(cache: Cache, inputs: Inputs, read_plans: Callable[[Any], list[Any]]) -> "Plans":
    """Return the rows of all documents. `read_plans` reads those that are not in the cache."""
    from flows.sources.plans import batches, gather

    folders, cached, parts = inputs.folders(), {}, {}
    for folder, files in folders.items():
        hashes = [f"{name} {hashlib.sha256(data).hexdigest()}" for name, data in sorted(files.items())]
        parts[folder] = ("document", folder, *hashes)
        if path := cache.get(*parts[folder]):
            cached[folder] = _unpack_document(path.read_bytes())
    read = read_plans(batches({folder: files for folder, files in folders.items() if folder not in cached}))
    for folder, document in chain.from_iterable(batch.items() for batch in read):
        if cache and not document.problems:
            cache.put(_pack_document(document), *parts[folder])
    return gather([cached, *read])


def _pack_document(document: "Plans") -> bytes:
    content = {"tables": document.rows.tables, "counts": document.counts}
    return zlib.compress(json.dumps(content, ensure_ascii=False, default=date.isoformat).encode(), level=1)


def _unpack_document(data: bytes) -> "Plans":
    from flows.sources.plans import Plans
    from schemas.tables import TABLES

    content = json.loads(zlib.decompress(data))
    document = Plans(counts=content["counts"])
    for name, columns in content["tables"].items():
        for column in TABLES[name].columns if name in TABLES else ():
            if column.sql_type == "DATE" and column.name in columns:
                columns[column.name] = [day and date.fromisoformat(day) for day in columns[column.name]]
        document.rows.tables[name].update(columns)
    return document


def cached_datasets(cache: Cache, inputs: Inputs, read_datasets: "ReadDatasets") -> "ReadDatasets":
    """Return a function that does what `read_datasets` does, but links the partitions that the cache has."""
    from flows.sources.statistics.stage import PARTITION

    def read(many: Sequence[tuple[Any, ...]]) -> "list[ReadDataset]":
        results = [_cached_dataset(cache, *arguments) for arguments in many]
        missing = [arguments for arguments, result in zip(many, results, strict=True) if result is None]
        datasets = read_datasets(missing)
        check_unchanged(inputs.statistics)  # or the key, which was made of the files first, would be wrong
        for (received, target, declared), dataset in zip(missing, datasets, strict=True):
            if not dataset.problems:
                parts, described = _parts(received, declared), received.row()
                counts = {name: count for name, count in dataset.row.items() if name not in described}
                cache.put(target / PARTITION, "partition", *parts)
                content = {"counts": counts, "issues": dataset.issues, "names": dataset.names}
                cache.put(json.dumps(content).encode(), "dataset", *parts)
        rest = iter(datasets)
        return [result or next(rest) for result in results]

    return read


def _cached_dataset(cache: Cache, received: "Received", target: Path, declared: dict[str, str]) -> "ReadDataset | None":
    from flows.sources.statistics.stage import PARTITION, ReadDataset
    from schemas.code_names import CodeName

    parts = _parts(received, declared)
    result, partition = cache.get("dataset", *parts), cache.get("partition", *parts)
    if not result or not partition:
        return None
    target.mkdir(parents=True, exist_ok=True)
    link(partition, target / PARTITION)
    content = json.loads(result.read_bytes())
    names = [CodeName(*name) for name in content["names"]]
    return ReadDataset(row=received.row() | content["counts"], issues=content["issues"], names=names)


def _parts(received: "Received", declared: dict[str, str]) -> tuple[str, str, str]:
    """Return what a reading depends on: the files, their place, the series that plans declare."""
    return received.toml, received.sha256, json.dumps(declared, sort_keys=True)
