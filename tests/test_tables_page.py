"""The examples of docs/statistics/tables.md are whole descriptions that read what they are about."""

import re
import shutil
import tomllib
from pathlib import Path

import duckdb
import pytest

from flows.statistics import csv_table, xlsx_table
from transforms.statistics.dataset import Dataset

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "statistics" / "tables.md"


@pytest.fixture(scope="module")
def examples() -> dict[str, Dataset]:
    """The descriptions that the page prints, by their dataset_id."""
    blocks = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    read = [Dataset.model_validate(tomllib.loads(block), strict=False) for block in blocks]
    return {one.dataset_id: one for one in read}


def test_a_tidy_table(examples: dict[str, Dataset], tmp_path: Path) -> None:
    path = tmp_path / "births.csv"
    path.write_bytes("Регион;Год;Число;Примечание\nХатлонская область;2019;1,5;\n".encode("cp1251"))
    dataset = examples["aos-births"]
    read = csv_table.read(duckdb.connect(), path, dataset, tmp_path)
    assert set(read.names) == set(dataset.concepts)
    assert read.relation.fetchall() == [("Хатлонская область", "2019", "1,5", None)]


def test_every_file_of_the_un(examples: dict[str, Dataset], tmp_path: Path) -> None:
    dataset = examples["unsd-sdg"]
    folder = ROOT / "raw" / "statistics" / "unsd-sdg"
    files = [path for pattern in dataset.files for path in folder.glob(pattern)]
    read = [csv_table.read(duckdb.connect(), path, dataset, tmp_path) for path in files]
    assert sum(len(one.relation.fetchall()) for one in read) == 382
    assert {one.names[-2:] for one in read} == {("SERIES", "OBS_VALUE")}


def test_a_table_made_for_people(examples: dict[str, Dataset], tmp_path: Path) -> None:
    path = Path(shutil.copy(ROOT / "tests/data/statistics/sdmx-ml-and-excel/16.9.1.xlsx", tmp_path))
    read = xlsx_table.read(duckdb.connect(), path, examples["kgz-birth-registration"], tmp_path)
    assert len(read.relation.fetchall()) == 102
