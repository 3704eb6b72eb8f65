"""Ten million observations in SDMX-CSV: mapped, checked and written, compared with DuckDB doing so without a check.

`python benchmarks/observations.py` makes the file (fixed seed, about 580 MB), then runs the two in turn, each in a
process of its own. Ours is what a refresh does for one data set: its partition, and its rows in npa.duckdb."""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

KEY = (
    "SERIES", "FREQ", "REPORTING_TYPE", "REF_AREA", "SEX", "AGE", "URBANISATION", "INCOME_WEALTH_QUANTILE",
    "EDUCATION_LEV", "DISABILITY_STATUS", "TIME_PERIOD",
)  # fmt: skip
LIMIT, MEMORY = 1.5, 1.0  # a ratio; GB
TOML = """\
dataset_id = "BIG"
title = "Ten million observations"
publisher = "nobody"
source_url = "made by benchmarks/observations.py"
licence = "none"
retrieved_on = 2026-01-01
format = "sdmx-csv"
files = ["big.csv"]
"""


def make(path: Path, rows: int) -> None:
    """Write an SDMX-CSV 1.0 file with a unique key in every row, in an order that is not the key's."""
    from schemas.code_lists import code_list

    series = _list(sorted(code_list("statistic_id"))[:400])
    ages = _list(sorted(code_list("age"))[:50])
    duckdb.execute(
        f"""COPY (
            SELECT 'X:D(1)' AS "DATAFLOW", 'A' AS "FREQ", 'N' AS "REPORTING_TYPE", {series}[i % 400 + 1] AS "SERIES",
                   ['TJ', 'KG', 'UZ', 'KZ', 'TM', 'AF', 'PK', 'CN'][i // 400 % 8 + 1] AS "REF_AREA",
                   ['_T', 'M', 'F'][i // 3200 % 3 + 1] AS "SEX", {ages}[i // 9600 % 50 + 1] AS "AGE",
                   ['_T', 'U', 'R'][i // 480000 % 3 + 1] AS "URBANISATION", '_T' AS "INCOME_WEALTH_QUANTILE",
                   '_T' AS "EDUCATION_LEV", '_T' AS "DISABILITY_STATUS", 2000 + i // 1440000 AS "TIME_PERIOD",
                   round(30 + i % 400 % 37 + i // 1440000 + hash(i + 42) % 100 / 100.0, 2) AS "OBS_VALUE",
                   'PT' AS "UNIT_MEASURE", '0' AS "UNIT_MULT", 'A' AS "OBS_STATUS"
            FROM (SELECT n * 7919 % {rows} AS i FROM range({rows}) AS t(n))
        ) TO '{path}' (HEADER)"""
    )


def _list(codes: list[str]) -> str:
    return "[" + ", ".join(f"'{code}'" for code in codes) + "]"


def floor(source: Path, folder: Path) -> None:
    """Run read_csv (all_varchar), casts, a row number, two ordered writes; no check."""
    key = ", ".join(KEY)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": "700MB",
        "temp_directory": str(folder / "spill"),
    }
    with duckdb.connect(str(folder / "staging.duckdb"), config=config) as con:
        con.execute(
            f"""CREATE TABLE observation AS
                SELECT * REPLACE (OBS_VALUE::DOUBLE AS OBS_VALUE, UNIT_MULT::INTEGER AS UNIT_MULT),
                       row_number() OVER () AS source_row
                FROM read_csv('{source}', all_varchar = true)"""
        )
        con.execute(
            f"COPY (FROM observation ORDER BY {key}) TO '{folder / 'data.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
        )
        con.execute(f"ATTACH '{folder / 'npa.duckdb'}' AS npa (STORAGE_VERSION 'v1.4.0')")
        con.execute(f"CREATE TABLE npa.fact_statistic AS FROM observation ORDER BY {key}")


def ours(source: Path, folder: Path) -> None:
    """Read the data set as `npa refresh` does, and put its rows in the database of the release."""

    from flows.refresh.build.statistics_tables import insert_observations
    from flows.refresh.stages import in_turn, read_dataset
    from flows.sources.files import read_inputs
    from flows.sources.statistics.stage import read_statistics
    from schemas.generated import ddl
    from schemas.tables import TABLES

    raw = source.parent.parent.parent
    data = read_statistics(read_inputs(raw), {}, folder / "parquet", in_turn(read_dataset))
    if data.problems:
        raise SystemExit("\n".join(map(str, data.problems)))
    with duckdb.connect(config={"temp_directory": str(folder / "spill")}) as con:
        con.execute(f"ATTACH '{folder / 'npa.duckdb'}' AS npa (STORAGE_VERSION 'v1.4.0')")
        con.execute("USE npa")
        con.execute(ddl.create_table(TABLES["fact_statistic"]))
        insert_observations(con, data)


def run(which: str, source: Path) -> tuple[float, float]:
    """Return seconds and gigabytes of one run in a process of its own."""
    with tempfile.TemporaryDirectory(dir=source.parent.parent.parent) as folder:
        start = time.perf_counter()
        command = [sys.executable, __file__, "--only", which, "--source", str(source), "--folder", folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return time.perf_counter() - start, float(done.stdout)


def main() -> int:
    """Compare, and return exit status 1 if a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--only", choices=["ours", "floor"])
    parser.add_argument("--source", type=Path)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.only:
        (ours if options.only == "ours" else floor)(options.source, options.folder)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
        return 0
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        raw = Path(name)
        (raw / "plans").mkdir()
        (raw / "plans" / "tjk-npa-2018").symlink_to(Path(__file__).parent.parent / "raw" / "plans" / "tjk-npa-2018")
        folder = raw / "statistics" / "big"
        folder.mkdir(parents=True)
        (folder / "dataset.toml").write_text(TOML, encoding="utf-8")
        make(folder / "big.csv", options.rows)
        pairs = [(run("ours", folder / "big.csv"), run("floor", folder / "big.csv")) for _ in range(options.runs)]
    ratio = statistics.median(mine[0] / bare[0] for mine, bare in pairs)
    memory = max(mine[1] for mine, _ in pairs)
    is_within_limits = ratio <= LIMIT and memory <= MEMORY
    seconds = [statistics.median(side[n][0] for side in pairs) for n in (0, 1)]
    verdict = "ok" if is_within_limits else "TOO MUCH"
    print(f"{options.rows} observations: {seconds[0]:.1f} s / bare {seconds[1]:.1f} s = {ratio:.2f}, limit {LIMIT}")
    print(f"memory {memory:.2f} GB, limit {MEMORY}  {verdict}")
    return 0 if is_within_limits else 1


if __name__ == "__main__":
    sys.exit(main())
