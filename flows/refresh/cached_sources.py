"""Documents and data sets that are read only if the cache does not have them. Imports nothing heavy."""

import hashlib
import json
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.refresh.cache import Cache
from flows.refresh.stages import Many
from flows.runtime.files import link
from flows.sources.files import Inputs
from flows.sources.input_file import check_unchanged

if TYPE_CHECKING:
    from flows.sources.plans import Plans
    from flows.sources.statistics.datasets import Received
    from flows.sources.statistics.load import ReadDataset


def read_documents(cache: Cache, inputs: Inputs, read_plans: Callable[[Many], list[Any]]) -> "Plans":
    """Return the rows of all documents. `read_plans` reads those that are not in the cache."""
    from flows.sources.plans import batches, gather

    folders, cached, parts = inputs.folders(), {}, {}
    for folder, files in folders.items():
        hashes = [f"{name} {hashlib.sha256(data).hexdigest()}" for name, data in sorted(files.items())]
        parts[folder] = ("document", folder, *hashes)
        if path := cache.get(*parts[folder]):
            cached[folder] = _unpack_document(path.read_bytes())
    read = read_plans(batches({folder: files for folder, files in folders.items() if folder not in cached}))
    for folder, document in ((folder, document) for batch in read for folder, document in batch.items()):
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


def cached_datasets(
    cache: Cache, inputs: Inputs, read_datasets: Callable[[Many], "list[ReadDataset]"]
) -> "Callable[[Many], list[ReadDataset]]":
    """Return a function that does what `read_datasets` does, but links the partitions that the cache has."""

    def read(many: Many) -> "list[ReadDataset]":
        results = [_cached_dataset(cache, *arguments) for arguments in many]
        missing = [arguments for arguments, result in zip(many, results, strict=True) if result is None]
        datasets = read_datasets(missing)
        check_unchanged(inputs.statistics)  # or the key, which was made of the files first, would be wrong
        for arguments, dataset in zip(missing, datasets, strict=True):
            if not dataset.problems:
                _put_dataset(cache, dataset, *arguments)
        rest = iter(datasets)
        return [result or next(rest) for result in results]

    return read


def _cached_dataset(cache: Cache, received: "Received", target: Path, declared: dict[str, str]) -> "ReadDataset | None":
    from flows.sources.statistics.load import ReadDataset
    from flows.sources.statistics.result import PARTITION

    parts = _parts(received, declared)
    result, partition = cache.get("dataset", *parts), cache.get("partition", *parts)
    if not result or not partition:
        return None
    target.mkdir(parents=True, exist_ok=True)
    link(partition, target / PARTITION)
    content = json.loads(result.read_bytes())
    return ReadDataset(row=received.row() | content["counts"], issues=content["issues"])


def _put_dataset(
    cache: Cache, dataset: "ReadDataset", received: "Received", target: Path, declared: dict[str, str]
) -> None:
    from flows.sources.statistics.result import PARTITION

    parts, described = _parts(received, declared), received.row()
    counts = {name: count for name, count in dataset.row.items() if name not in described}
    cache.put(target / PARTITION, "partition", *parts)
    cache.put(json.dumps({"counts": counts, "issues": dataset.issues}).encode(), "dataset", *parts)


def _parts(received: "Received", declared: dict[str, str]) -> tuple[str, str, str]:
    """Return what a reading depends on: the files, their place, the series that plans declare."""
    return received.toml, received.sha256, json.dumps(declared, sort_keys=True)
