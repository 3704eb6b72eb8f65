"""The tables of official statistics in the database of a release."""

from pathlib import Path

import duckdb
import pytest

from flows.refresh.build.database import create
from flows.refresh.build.statistics_tables import fill_statistics
from flows.sources.statistics.stage import Statistics
from transforms.errors import BrokenRelease


def test_an_observation_with_an_unknown_code_is_never_published(tmp_path: Path) -> None:
    partition = tmp_path / "fact_statistic" / "dataset_id=A" / "data.parquet"
    partition.parent.mkdir(parents=True)
    values = ", ".join(f"'_T' AS {name}" for name in ("sex", "age", "urbanisation", "income_wealth_quantile"))
    with duckdb.connect() as con:
        create(con)
        con.execute(
            f"""COPY (SELECT 'SI_POV_NAHC' AS statistic_id, 'A' AS freq, '_T' AS reporting_type, 'ATLANTIS' AS ref_area,
                             {values}, '_T' AS education_lev, '_T' AS disability_status, '_T' AS other_breakdown,
                             '2019' AS time_period, 1.0 AS obs_value, 'f' AS source_file, 1 AS source_row)
                TO '{partition}' (FORMAT parquet)"""
        )
        with pytest.raises(BrokenRelease, match="dataset_id is not in dim_dataset"):
            fill_statistics(con, Statistics(tmp_path, rows=[{"dataset_id": "A"}]))
        con.execute(
            """DELETE FROM fact_statistic;
               INSERT INTO dim_statistic BY NAME
               SELECT 'SI_POV_NAHC' AS statistic_id, 'n' AS name, 'IAEG-SDGs' AS code_list;
               INSERT INTO dim_dataset
               SELECT 'A', 't', 'p', 'u', 'l', DATE '2026-01-01', NULL, NULL, NULL, 'csv', repeat('0', 64),
                      1, 1, 0, 0"""
        )
        with pytest.raises(BrokenRelease, match=r"ref_area is not in dim_area\.ref_area: ATLANTIS"):
            fill_statistics(con, Statistics(tmp_path, rows=[{"dataset_id": "A"}]))
