"""Figures about children with breakdowns, against an independent reading of the producers' files."""

import csv
from collections import Counter
from collections.abc import Iterator
from math import fsum
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.paths import ROOT

RAW = ROOT / "raw" / "statistics"
UIS = RAW / "uis-sdg4-sept2024" / "tajikistan-rows.csv"
# Adults, universities, money, laws, whether tests were held, zeros only: dataset.toml says so in its first lines.
ASIDE = (
    "admi_", "ea_", "ev1524p_", "ger_5t8", "lr_ag15t99", "lr_ag25t64", "lr_ag65t99", "lr_galp_ag15t99",
    "lr_galp_ag25t64", "lr_galp_ag65t99", "ner_01_", "odaflow_", "prya_12mo_ag15t64", "prya_12mo_ag25t54",
    "prya_12mo_ag55t64", "resdisadvpop", "xgdp_", "xgovexp_", "xunit_", "years_fc_",
)  # fmt: skip
PARITY = {"gpia", "lpia", "wpia"}
LEVELS = {"cr_1": "ISCED11_1", "cr_2": "ISCED11_2", "cr_3": "ISCED11_3", "rofst_h_1": "ISCED11_1",
          "rofst_h_2": "ISCED11_2", "rofst_h_3": "ISCED11_3", "rofst_1_": "ISCED11_1", "rofst_1t3": "AGG_1T3",
          "ner_02": "ISCED11_02", "ner_0_": "ISCED11_0", "trtp_02": "ISCED11_02",
          "oaepg_2_gpv": "ISCED11_24", "oaepg_h_2": "ISCED11_2"}  # fmt: skip

Con = duckdb.DuckDBPyConnection


def read_uis() -> Iterator[tuple[int, str, str, float]]:
    """Yield line, code, year and value of each row of UNESCO's file."""
    with UIS.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            yield line, row["indicator_from_file_name"], row["year"], float(row["value"])


def broken_down(code: str) -> tuple[str, str, str]:
    """Return sex, residence and quintile of a code by its pieces.

    >>> broken_down("cr_1_rur_q1_f")
    ('F', 'R', 'Q1')
    """
    pieces = code.split("_")
    sex = next((name for piece, name in (("f", "F"), ("m", "M")) if piece in pieces), "_T")
    residence = next((name for piece, name in (("rur", "R"), ("urb", "U")) if piece in pieces), "_T")
    quintile = next((p.lstrip("w").upper() for p in pieces if p.lstrip("w")[:1] == "q" and p[-1:].isdigit()), "_T")
    return sex, residence, quintile


@pytest.fixture(scope="module")
def uis(con: Con) -> dict[int, dict[str, Any]]:
    """Return the published rows of UNESCO's file by line."""
    rows = con.execute("FROM fact_statistic WHERE dataset_id = 'UIS-SDG4'")
    names = [name for name, *_ in rows.description]
    return {row["source_row"]: row for row in (dict(zip(names, cells, strict=True)) for cells in rows.fetchall())}


def test_every_line_of_unesco_is_published_or_set_aside_by_the_rule(uis: dict[int, dict[str, Any]]) -> None:
    aside = {line for line, code, *_ in read_uis() if code.startswith(ASIDE)}
    assert aside.isdisjoint(uis)
    assert aside | uis.keys() == set(range(2, 4191))
    assert (len(uis), len(aside)) == (3201, 988)


def test_codes_of_unesco_that_nothing_reads_are_one_row(con: Con) -> None:
    rows = con.execute("SELECT message, places FROM quality_issue WHERE rule = 'composite_code_unread'").fetchall()
    codes = {code for _, code, *_ in read_uis() if code.startswith(ASIDE)}
    ((message, places),) = rows
    assert places == len(codes) == 273
    assert "(rows: 988): ea_* (168), lr_* (61), prya_* (11), " in message


def test_every_figure_of_unesco_has_its_columns(uis: dict[int, dict[str, Any]]) -> None:
    for line, code, year, value in read_uis():
        if (row := uis.get(line)) is None:
            continue
        is_parity = bool(PARITY & set(code.split("_")))
        assert is_parity or value != 2
        figure = (None, "O") if value in (0, 2) else (value, None)  # no figures: dataset.toml has the reason
        assert (row["time_period"], row["ref_area"]) == (year, "TJ"), code
        assert (row["obs_value"], row["obs_status"]) == figure, code
        assert (row["sex"], row["urbanisation"], row["income_wealth_quantile"]) == broken_down(code), code
        assert (row["other_breakdown"], row["disability_status"], row["freq"]) == ("_T", "_T", "A"), code
        unit = "RO" if is_parity or code.startswith("ptrhc") else "NUMBER" if code.startswith("ofst") else "PT"
        assert row["unit_measure"] == unit, code
        level = next((level for start, level in LEVELS.items() if code.startswith(start)), row["education_lev"])
        assert row["education_lev"] == level, code


def test_parity_indices_are_series_of_their_own(uis: dict[int, dict[str, Any]]) -> None:
    kinds = {(row["statistic_id"], bool(PARITY & set(code.split("_"))))
             for line, code, *_ in read_uis() if (row := uis.get(line))}  # fmt: skip
    assert not [series for series, count in Counter(series for series, _ in kinds).items() if count > 1]


def test_zeros_are_missing_and_indices_of_two_zeros_are_named(con: Con) -> None:
    values = {(code, year): value for _, code, year, value in read_uis() if not code.startswith(ASIDE)}
    notes = con.execute("SELECT source_value, places FROM quality_issue WHERE rule = 'number_marked'").fetchall()
    assert dict(notes) == {"0.0": sum(v == 0 for v in values.values()), "2.0": sum(v == 2 for v in values.values())}
    series = {"oaepg_h": "UIS_OAEPG_H_GPIA", "oaepg": "UIS_OAEPG_GPIA", "rofst_h": "UIS_ROFST_H_GPIA"}
    of_zeros = [
        next(name for stem, name in series.items() if code.startswith(stem))
        for (code, year), value in values.items()
        if value == 1 and {values.get((code.replace("gpia", sex), year)) for sex in "fm"} == {0}
    ]
    assert Counter(of_zeros) == {"UIS_OAEPG_GPIA": 9, "UIS_OAEPG_H_GPIA": 2, "UIS_ROFST_H_GPIA": 2}
    reasons = con.execute("SELECT statistic_id FROM dim_statistic WHERE reason LIKE '%two zeros%'").fetchall()
    assert {name for (name,) in reasons} == {*of_zeros}


@pytest.mark.parametrize(
    ("series", "codes"),
    [
        ("SE_TOT_CPLR", ["cr_1", "cr_2", "cr_3"]),
        ("ED_ROFST_L1", ["rofst_h_1"]), ("ED_ROFST_L2", ["rofst_h_2"]), ("ED_ROFST_L3", ["rofst_h_3"]),
        ("ED_ANAR_L02", ["nara_agm1"]),
        ("UIS_OAEPG_H", ["oaepg_h_1", "oaepg_h_2"]),
    ],
)  # fmt: skip
def test_counts_and_sums_of_series_from_surveys(con: Con, series: str, codes: list[str]) -> None:
    rows = [(code, value) for _, code, _, value in read_uis()
            if any(code == start or code.startswith(f"{start}_") for start in codes)]  # fmt: skip
    values = [value for code, value in rows if value and not PARITY & set(code.split("_"))]
    ((count, total),) = con.execute(
        """SELECT count(obs_value), fsum(obs_value) FROM fact_statistic
           WHERE dataset_id = 'UIS-SDG4' AND statistic_id = $series""",
        {"series": series},
    ).fetchall()
    assert (count, total) == (len(values), pytest.approx(fsum(values), rel=1e-12))


@pytest.mark.parametrize(
    ("statistic_id", "where", "value"),
    [
        ("ED_ROFST_L3", "time_period = '2017' AND sex = 'F' AND {}", 37.3),  # UNICEF's table has 37.3 too
        ("SE_TOT_CPLR", "time_period = '2017' AND education_lev = 'ISCED11_3' AND income_wealth_quantile = 'Q1' AND {}",
         66.1),
        ("UIS_POSTIMUENV", "time_period = '2005' AND income_wealth_quantile = 'Q1' AND {}", 55.5),
        ("UIS_POSTIMUENV", "time_period = '2005' AND income_wealth_quantile = 'Q5' AND {}", 86.3),
        ("OPHI_MPI_HEADCOUNT", "time_period = '2017' AND ref_area = 'TJ-KT' AND {}", 10.6),
    ],
)  # fmt: skip
def test_figures_read_by_hand(con: Con, statistic_id: str, where: str, value: float) -> None:
    others = [f"{column} = '_T'" for column in ("sex", "urbanisation", "income_wealth_quantile") if column not in where]
    others += ["ref_area = 'TJ'"] if "ref_area" not in where else []
    query = f"SELECT round(obs_value, 1) FROM fact_statistic WHERE statistic_id = $id AND {where}"
    found = con.execute(query.format(" AND ".join(others)), {"id": statistic_id}).fetchall()
    assert found == [(value,)]


@pytest.mark.parametrize(
    ("file", "dataset_id", "years"),
    [
        ("ophi-global-mpi-2024/global_mpi.csv", "OPHI-MPI", {"2017"}),
        ("ophi-mpi-trends-2024/global_mpi_trends.csv", "OPHI-MPI-TRENDS", {"2012", "2017"}),
    ],
)
def test_poverty_of_each_region_is_that_of_the_file(con: Con, file: str, dataset_id: str, years: set[str]) -> None:
    with Path(RAW / file).open(encoding="utf-8", newline="") as text:
        rows = [row for row in csv.DictReader(text) if row["Country ISO3"] == "TJK"]
    areas = {"": "TJ", "DRS": "TJ-RA", "Gbao": "TJ-GB", "Dushanbe": "TJ-DU", "Sughd": "TJ-SU", "Khatlon": "TJ-KT"}
    measures = {"MPI": "", "Headcount Ratio": "_HEADCOUNT", "Intensity of Deprivation": "_INTENSITY",
                "Vulnerable to Poverty": "_VULNERABLE", "In Severe Poverty": "_SEVERE"}  # fmt: skip
    stem = "OPHI_MPI" if dataset_id == "OPHI-MPI" else "OPHI_MPI_TREND"
    expected = {
        (stem + ending, areas[row["Admin 1 Name"]], row["Start Date"][:4], float(row[name]))
        for row in rows
        for name, ending in measures.items()
    }
    assert {year for _, _, year, _ in expected} == years
    found = con.execute(
        "SELECT statistic_id, ref_area, time_period, obs_value FROM fact_statistic WHERE dataset_id = $id",
        {"id": dataset_id},
    ).fetchall()
    assert len(found) == len(expected)
    assert set(found) == expected


def test_headcount_and_intensity_give_the_index(con: Con) -> None:
    rows = con.execute(
        """SELECT m.obs_value, h.obs_value * a.obs_value / 10000 FROM fact_statistic AS m
           JOIN fact_statistic AS h USING (dataset_id, ref_area, time_period)
           JOIN fact_statistic AS a USING (dataset_id, ref_area, time_period)
           WHERE m.unit_measure = 'IX' AND h.statistic_id = m.statistic_id || '_HEADCOUNT'
             AND a.statistic_id = m.statistic_id || '_INTENSITY'"""
    ).fetchall()
    assert len(rows) == 18
    assert all(abs(index - product) < 0.00006 for index, product in rows)
