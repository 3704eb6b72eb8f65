"""What is taken over from the current release: documents and data sets that have not changed, if the software has not.

`reading.json` of a release keeps what the tables do not say of a reading: by which bytes and settings it was read, what
spans documents, what was noted of data sets. Imports nothing heavy."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.releases.manifest import damage
from flows.releases.warehouse import Warehouse
from flows.sources.files import Inputs
from flows.sources.previous import NOTHING, Kept, document_id, libraries, marks
from transforms.errors import NpaError

FILE = "reading.json"


def take_over(warehouse: Warehouse, inputs: Inputs, software: str) -> Kept:
    """What the current release has of these inputs. Nothing, where it is not whole or other software made it."""
    try:
        release = warehouse.current_release()
        manifest = warehouse.manifest(release)
        if manifest["software_version"] != software or any(damage(release, manifest, read_all=True)):
            return NOTHING
        reading = json.loads((release / FILE).read_text(encoding="utf-8"))
    except (NpaError, OSError):  # no release, one that is not whole, one of a version that kept no reading
        return NOTHING
    if reading["libraries"] != libraries():
        return NOTHING
    now, then = marks(inputs), reading["documents"]
    same = {folder: one["spanning"] for folder, one in then.items() if now.get(folder) == one["mark"]}
    gone = tuple(document_id(folder) for folder in then if folder not in same)
    return Kept(release, same, gone, reading["datasets"])


def write_reading(folder: Path, inputs: Inputs, spanning: Mapping[str, Any], datasets: Mapping[str, Any]) -> None:
    """Keep, beside a release that is being made, what its reading found."""
    of_documents = marks(inputs)
    documents = {name: {"mark": of_documents[name], "spanning": spanning[name]} for name in sorted(spanning)}
    content = {"libraries": libraries(), "documents": documents, "datasets": datasets}
    (folder / FILE).write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")
