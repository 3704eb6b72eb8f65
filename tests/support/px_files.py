"""PC-Axis files: the official ones, and their description."""

from datetime import date
from typing import Any

from flows.sources.formats.relation import Source
from tests.support.paths import DATA
from transforms.statistics.dataset.dataset_toml import Dataset

FILES = DATA


def described(**keys: Any) -> Dataset:
    """Return a dataset.toml of a PC-Axis file."""
    head: dict[str, Any] = {"dataset_id": "x", "title": "x", "publisher": "x", "source_url": "x", "licence": "x"}
    return Dataset(**head, format="px", retrieved_on=date(2026, 11, 25), files=["x.px"], **keys)


def rows(source: Source) -> list[dict[str, str | None]]:
    """Return the rows by column name; source_row counts them."""
    fetched = source.relation.order("source_row").fetchall()
    assert [row[-1] for row in fetched] == list(range(1, len(fetched) + 1))
    return [dict(zip(source.names, row[:-1], strict=True)) for row in fetched]


def head(more: str = "") -> str:
    """Return the compulsory keys of a dataset.toml of PC-Axis files."""
    keys = {"dataset_id": "PX", "title": "t", "publisher": "p", "source_url": "s", "licence": "l", "format": "px"}
    listed = [f'{key} = "{value}"' for key, value in keys.items()]
    return "\n".join([*listed, "retrieved_on = 2026-01-01", 'files = ["*.px"]', more, ""])
