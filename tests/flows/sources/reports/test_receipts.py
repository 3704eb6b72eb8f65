"""received.csv as an input: hashed, in the manifest, and published again when it changes."""

import json
from pathlib import Path

import duckdb
import pytest

from flows.refresh.attempt import Job
from flows.refresh.pipeline import refresh
from flows.releases.warehouse import Warehouse
from flows.sources.files import read_inputs
from tests.support.small_country import AS_OF, REPORT, make_raw
from transforms.errors import InputRejected

_HEADING = "file,received_on,registry_number\n"


def test_a_change_of_the_day_of_receipt_is_published(tmp_path: Path) -> None:
    raw, warehouse = make_raw(tmp_path / "raw"), Warehouse(tmp_path / "warehouse")
    published = []
    for day in ("2021-01-12", "2021-01-12", "2021-02-01"):
        (raw / "received.csv").write_text(f"{_HEADING}{REPORT},{day},7\n", encoding="utf-8")
        outcome = refresh(Job(raw, warehouse, AS_OF))
        release = warehouse.releases / outcome.release_id
        manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
        assert "received.csv" in {file["path"] for file in manifest["inputs"]}
        with duckdb.connect(str(release / "npa.duckdb"), read_only=True) as con:
            published.append(
                (outcome.state, *con.execute("SELECT received_on::VARCHAR FROM fact_progress").fetchall()[0])
            )
    assert published == [("published", "2021-01-12"), ("up_to_date", "2021-01-12"), ("published", "2021-02-01")]


def test_a_link_out_of_the_sources_is_refused(tmp_path: Path) -> None:
    raw = make_raw(tmp_path / "raw")
    (tmp_path / "elsewhere.csv").write_text(_HEADING, encoding="utf-8")
    (raw / "received.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(InputRejected, match=r"received\.csv: the link leads out of its folder"):
        read_inputs(raw)
