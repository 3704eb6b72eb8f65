"""The columns of a file by the column of ours that they become, by [concepts] of dataset.toml (contract §8)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.statistics.dataset.dataset_toml import TARGETS, Dataset

# What SDMX calls the concept of a series; the DSD's own name for ours.
_SERIES = ("SERIES", "INDICATOR", "series", "indicator")
_SEVERAL = "other_breakdown"


@dataclass(slots=True)
class Columns:
    """The places of a file's columns, by the column of ours that they become."""

    places: dict[str, int] = field(default_factory=dict)  # our column → place
    others: dict[str, int] = field(default_factory=dict)  # concept of its own, for other_breakdown → place
    unknown: list[str] = field(default_factory=list)  # columns that dataset.toml does not explain
    clashes: list[tuple[str, str, str]] = field(default_factory=list)  # our column, and the two that would become it


def columns_of(names: Sequence[str], dataset: Dataset) -> Columns:
    """Return the columns of a file by what they become.

    >>> toml = dict(dataset_id="A", title="a", publisher="a", source_url="a", licence="a", retrieved_on="2026-01-01",
    ...             format="csv", files=["a"], concepts={"Year": "time_period", "Note": "", "Group": "other_breakdown"})
    >>> columns_of(["Year", "SEX", "Note", "Group", "Sex"], Dataset.model_validate(toml, strict=False))
    Columns(places={'time_period': 0, 'sex': 1}, others={'Group': 3}, unknown=['Sex'], clashes=[])
    """
    columns = Columns()
    for place, name in enumerate(names):
        target = _target(name, dataset)
        if target is None:
            columns.unknown.append(name)
        elif target == _SEVERAL:
            columns.others[name] = place
        elif target in columns.places:
            columns.clashes.append((target, names[columns.places[target]], name))
        elif target:
            columns.places[target] = place
    return columns


def _target(name: str, dataset: Dataset) -> str | None:
    if name in dataset.concepts:
        return dataset.concepts[name]
    if name in _SERIES:
        return "statistic_id"
    lower = name.lower()
    return lower if lower in TARGETS and name in (lower, name.upper()) else None
