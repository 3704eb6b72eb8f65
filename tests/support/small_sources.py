"""Small documents, data sets and reports, each written into a folder of sources."""

from pathlib import Path

from flows.releases.warehouse import Warehouse
from tests.support.kyrgyz_plan import AGENCIES, ALIASES, TEXT, TOML

AS_OF = "2022-03-04"


REPORTING = '[reporting]\nopens = "10-01"\ndue = "01-31"\n[periods]\n'


DATASET = """title = "t"
publisher = "p"
source_url = "https://example.org"
licence = "CC0"
retrieved_on = 2026-01-01
format = "csv"
files = ["*.csv"]
"""


OBSERVATIONS = """SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE
SH_DYN_MORT,TJ,2019,35.1,PER_1000_LIVE_BIRTHS
SH_DYN_MORT,TJ,2020-Q1,34.0 ,PER_1000_LIVE_BIRTHS
"""


REPORT = """Activity ID;Agency ID;Year;Date of report;Status;% complete;Date of completion;Result achieved;Evidence
KGZ-CRC-2019-01-01;KGZ-MOES;2020;15.01.2021;In progress;45;;;
KGZ-CRC-2019-01-01;NOBODY;2020;15.01.2021;In progress;45;;;
"""


def plan(
    raw: Path,
    name: str,
    country: str,
    instrument: str = "CRC",
    text: str = TEXT,
    years: int = 8,
    *,
    reporting: bool = True,
) -> None:
    """Write a small document in a folder of its own."""
    folder = raw / "plans" / name
    folder.mkdir(parents=True, exist_ok=True)
    toml = TOML.replace("KGZ", country).replace('"CRC"', f'"{instrument}"')
    toml = toml.replace("[periods]\n", REPORTING) if reporting else toml
    toml = toml.replace("activity_years = 8", f"activity_years = {years}")
    files = {"plan.txt": text.replace("|", "\t"), "plan.toml": toml, "agencies.csv": AGENCIES, "aliases.csv": ALIASES}
    for file, content in files.items():
        (folder / file).write_text(content, encoding="utf-8")


def data_set(raw: Path, name: str, observations: str = OBSERVATIONS, toml: str = "") -> None:
    """Write a small data set in a folder of its own."""
    folder = raw / "statistics" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dataset.toml").write_text(f'dataset_id = "{name.upper()}"\n{DATASET}{toml}', encoding="utf-8")
    (folder / "data.csv").write_text(observations, encoding="utf-8")


def parquet(warehouse: Warehouse) -> dict[str, bytes]:
    """Return the Parquet files of the current release by their paths, except `release`, which has the time."""
    folder = warehouse.current / "parquet"
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}
    assert files.pop("release.parquet")
    return files
