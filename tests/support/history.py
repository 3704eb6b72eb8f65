"""The history of a warehouse, as its folders and its commands show it."""

import json
from pathlib import Path
from typing import Any

from tests.support.command import npa


def release_ids(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "releases").iterdir())


def current_id(home: Path) -> str:
    return (home / "current").readlink().name


def answer(home: Path, *arguments: object) -> Any:
    done = npa(*arguments, "--warehouse", home, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


Told = dict[str, Any]
