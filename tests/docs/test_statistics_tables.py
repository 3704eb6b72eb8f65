"""The examples of docs/guides/statistics-tables.md, which are whole descriptions and read their files."""

import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest

from flows.sources.formats.csv import reader as csv_table
from flows.sources.statistics.datasets import Received
from flows.sources.statistics.load import read_dataset
from tests.support.paths import DATA, ROOT
from transforms.statistics.dataset.dataset_toml import Dataset

KYRGYZ = DATA / "sdmx-ml-and-excel" / "16.9.1.xlsx"
KEY = ("SEX", "AGE", "URBANISATION", "INCOME_WEALTH_QUANTILE")
PAGE = ROOT / "docs" / "guides" / "statistics-tables.md"


@pytest.fixture(scope="module")
def examples() -> dict[str, Dataset]:
    """Return the descriptions that the page prints, by their dataset_id."""
    blocks = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    descriptions = [Dataset.model_validate(tomllib.loads(block), strict=False) for block in blocks]
    return {description.dataset_id: description for description in descriptions}


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
    sources = [csv_table.read(duckdb.connect(), path, dataset, tmp_path) for path in files]
    assert sum(len(file.relation.fetchall()) for file in sources) == 382
    assert {file.names[-2:] for file in sources} == {("SERIES", "OBS_VALUE")}


def _of_the_producer(path: Path) -> dict[tuple[str, ...], float]:
    """Return the figures of the whole country in the producer's SDMX-ML, for breakdowns that are columns of ours."""
    figures = {}
    for series in ElementTree.parse(path).iter("Series"):
        attributes = series.attrib
        if attributes["REF_AREA"] == "KG" and all(
            attributes[name] == "_T" for name in ("EDUCATION_LEV", "CUST_BREAKDOWN", "DISABILITY_STATUS")
        ):
            for observation in series.iter("Obs"):
                key = (*(attributes[name] for name in KEY), observation.attrib["TIME_PERIOD"])
                figures[key] = float(observation.attrib["OBS_VALUE"])
    return figures


def test_a_table_made_for_people_is_published_as_its_producer_publishes_it(
    examples: dict[str, Dataset], tmp_path: Path
) -> None:
    name = "statistics/kgz/16.9.1.xlsx"
    received = Received(examples["kgz-birth-registration"], "dataset.toml", {name: KYRGYZ}, None, "0" * 64, ())
    read = read_dataset(received, tmp_path / "out", {})
    assert [str(problem) for problem in read.problems] == []
    assert read.row["observations"] == 102
    columns = ", ".join(name.lower() for name in KEY)
    rows = (
        duckdb.connect()
        .execute(f"""SELECT {columns}, time_period, obs_value, ref_area FROM '{tmp_path}/out/data.parquet'
                          WHERE other_breakdown = '_T'""")
        .fetchall()
    )
    national = {row[:-2]: row[-2] for row in rows if row[-1] == "KG"}
    assert national == _of_the_producer(KYRGYZ.with_suffix(".xml"))
    assert len(national) == 45


def test_statuses_are_published(examples: dict[str, Dataset], tmp_path: Path) -> None:
    received = Received(examples["kgz-birth-registration"], "dataset.toml", {"a.xlsx": KYRGYZ}, None, "0" * 64, ())
    read_dataset(received, tmp_path / "out", {})
    counted = (
        duckdb.connect()
        .execute(f"""SELECT obs_status, count(*), count(obs_value) FROM '{tmp_path}/out/data.parquet'
                             GROUP BY ALL ORDER BY ALL NULLS LAST""")
        .fetchall()
    )
    assert counted == [("M", 6, 0), ("Q", 2, 0), ("U", 3, 3), (None, 91, 91)]
