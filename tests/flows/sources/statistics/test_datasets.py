"""The data sets in raw/statistics: as received, described by dataset.toml, and read to the last value."""

import csv
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.sources.files import read_inputs
from flows.sources.statistics.datasets import Received, receive
from flows.sources.statistics.load import read_dataset
from tests.support.paths import ROOT

_RAW = ROOT / "raw"
# Counted in the files by other means; those of UIS and OPHI by test_children_in_numbers.py too.
_OBSERVATIONS = {
    "AOS-SDG": 188, "OPHI-MPI": 30, "OPHI-MPI-TRENDS": 60, "UIS-SDG4": 3201, "UNICEF-CME": 3, "UNSD-SDG": 382,
}  # fmt: skip
# Folder → that of the file as received, where it has another name.
_RECEIVED_AS = {"ophi-mpi-trends-2024": "ophi-global-mpi-2024"}


def _received() -> dict[str, Received]:
    received, problems = receive(read_inputs(_RAW))
    assert problems == []
    return {data_set.dataset.dataset_id: data_set for data_set in received}


def _rows(tmp_path: Path, dataset_id: str) -> list[tuple[Any, ...]]:
    """Return the published values of a data set, as text."""
    read = read_dataset(_received()[dataset_id], tmp_path / "partition", {})
    assert read.problems == []
    assert read.row["observations"] == _OBSERVATIONS[dataset_id]
    with duckdb.connect() as con:
        return con.execute(f"""
            SELECT statistic_id, sex, age, urbanisation, time_period, nature, unit_measure, obs_value, ref_area,
                   reporting_type, source_file
            FROM read_parquet('{tmp_path}/partition/*.parquet') ORDER BY ALL""").fetchall()


def test_files_are_those_received() -> None:
    shared = ROOT.parent / "shared" / "statistics"
    if not shared.exists():
        pytest.skip("the files as received lie beside the repository, not in it")
    for folder in filter(Path.is_dir, (_RAW / "statistics").iterdir()):
        for path in folder.iterdir():
            if path.name != "dataset.toml":
                received = shared / _RECEIVED_AS.get(folder.name, folder.name) / path.name
                assert path.read_bytes() == received.read_bytes()


def test_git_never_changes_a_line_end() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this copy of the repository is no git clone")
    listed = subprocess.run(["git", "ls-files", "-z", "raw"], cwd=ROOT, capture_output=True, check=True).stdout
    checked = subprocess.run(
        ["git", "check-attr", "--stdin", "-z", "text"], input=listed, cwd=ROOT, capture_output=True, check=True
    ).stdout.split(b"\0")
    assert set(checked[2::3]) == {b"unset"}


def test_all_data_sets_exist() -> None:
    assert _received().keys() == _OBSERVATIONS.keys()


@pytest.mark.parametrize("dataset_id", _OBSERVATIONS)
def test_every_observation_is_read(tmp_path: Path, dataset_id: str) -> None:
    rows = _rows(tmp_path, dataset_id)
    assert len(rows) == _OBSERVATIONS[dataset_id]
    areas = {row[8] for row in rows}
    assert areas == ({"TJ"} if "OPHI" not in dataset_id else {"TJ", "TJ-DU", "TJ-GB", "TJ-KT", "TJ-RA", "TJ-SU"})


def test_un_values_by_a_second_reading(tmp_path: Path) -> None:
    """Read the UN's files naively, with the codes written by hand from the SDG code lists."""
    codes = {"": "_T", "bothsex": "_T", "female": "F", "male": "M", "allarea": "_T", "urban": "U", "rural": "R",
             "lt1m": "M0", "lt1y": "Y0", "lt5y": "Y0T4", "notspec": "_X", "percent": "PT", "per_pop_u5": "PT",
             "per_marw_20t24y": "PT"}  # fmt: skip
    series = {"SH_STA_MMR": "SH_STA_MORT", "SH_STA_STUNT": "SH_STA_STNT", "SH_STA_OVRWGT": "SN_STA_OVWGT"}
    expected = []
    for path in (_RAW / "statistics" / "unsd-sdg").glob("ddf--datapoints--*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                code = list(row)[-1].upper()
                age = row.get("age", "")
                ages = codes.get(age) or "Y" + age.replace("_", "T")
                sex, place = codes[row.get("sex", "")], codes[row.get("location", "")]
                nature = codes.get(row["nature"], row["nature"].upper())
                unit = codes.get(row["units"], row["units"].upper())
                value = float(row[code.lower()])
                expected.append((series.get(code, code), sex, ages, place, row["year"], nature, unit, value))
    assert [row[:8] for row in _rows(tmp_path, "UNSD-SDG")] == sorted(expected)


def test_aos_keeps_its_faults(tmp_path: Path) -> None:
    """Publish values and units as they are, even impossible ones; only codes that are in no list are mapped."""
    rows = {(row[0], row[1], row[3], row[4]): (row[7], row[6]) for row in _rows(tmp_path, "AOS-SDG")}
    assert rows["SH_STA_SCIDEN", "_T", "_T", "2015"] == (2.6, "PER_100000_POP")
    assert rows["SH_HIV_INCD", "_T", "_T", "2015"] == (13.6, "PER_1000_UNINFECTED_POP")
    assert rows["SH_DYN_MORT", "_T", "_T", "2015"] == (43.0, "PER_100_LIVE_BIRTHS")
    assert rows["SI_POV_NAHC", "_T", "U", "2015"] == (35.2, "PT")
    assert rows["SH_PRV_SMOK", "_T", "_T", "2017"] == (0.5, None)
    assert rows["AG_PRD_ORTIND", "_T", "_T", "2015"] == (0.1, "IX")
    assert rows["SL_TLF_CHLDEC", "F", "_T", "2016"] == (12.0, "PT")


def test_unicef_publishes_tajikistan_only(tmp_path: Path) -> None:
    rows = _rows(tmp_path, "UNICEF-CME")
    assert [(row[0], row[1], row[2], row[9]) for row in rows] == [
        ("SH_DYN_MORT", sex, "Y0T4", "G") for sex in ("F", "M", "_T")
    ]
    assert [row[7] for row in rows] == [24.3955921542892, 31.3672067212528, 27.9883920241564]
