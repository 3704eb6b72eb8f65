"""What came of the data sets together, on its way to the database. Imports nothing heavy."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transforms.errors import InputProblem

PARTITION = "data.parquet"


@dataclass(slots=True)
class Statistics:
    """The data sets as read: rows of dim_dataset, quality_issue and what they define; their partitions stand in
    `folder`, as they will be published."""

    folder: Path
    rows: list[dict[str, Any]] = field(default_factory=list)  # of dim_dataset
    issues: list[dict[str, Any]] = field(default_factory=list)  # of quality_issue, without their ids
    series: list[dict[str, Any]] = field(default_factory=list)  # of dim_statistic, beyond npa's list
    areas: list[dict[str, Any]] = field(default_factory=list)  # of dim_area, beyond npa's list
    problems: list[InputProblem] = field(default_factory=list)

    def partitions(self) -> list[tuple[str, Path]]:
        """Each data set's id and Parquet file."""
        return [(row["dataset_id"], partition(self.folder, row["dataset_id"]) / PARTITION) for row in self.rows]


def partition(folder: Path, dataset_id: str) -> Path:
    """Folder of a data set's rows, as engines that read folders want it."""
    return folder / "fact_statistic" / f"dataset_id={dataset_id}"
