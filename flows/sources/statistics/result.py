"""All data sets as read, on their way to the database. Imports nothing heavy."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transforms.errors import InputProblem

PARTITION = "data.parquet"


@dataclass(slots=True)
class Statistics:
    """Rows and problems of all data sets; their partitions are in `folder`, as they will be published."""

    folder: Path
    rows: list[dict[str, Any]] = field(default_factory=list)  # of dim_dataset
    issues: list[dict[str, Any]] = field(default_factory=list)  # of quality_issue, without their ids
    series: list[dict[str, Any]] = field(default_factory=list)  # of dim_statistic, beyond npa's list
    areas: list[dict[str, Any]] = field(default_factory=list)  # of dim_area, beyond npa's list
    problems: list[InputProblem] = field(default_factory=list)

    def partitions(self) -> list[tuple[str, Path]]:
        """Return the id and the Parquet file of each data set."""
        return [(row["dataset_id"], partition(self.folder, row["dataset_id"]) / PARTITION) for row in self.rows]


def partition(folder: Path, dataset_id: str) -> Path:
    """Return the folder of a data set's rows, as engines that read folders expect it."""
    return folder / "fact_statistic" / f"dataset_id={dataset_id}"
