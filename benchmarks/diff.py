"""`npa diff` of two releases with ten million observations, 1 % changed, next to a bare full outer join of the same
two files on the key, in turn, in one run. `python benchmarks/diff.py --rows 1000000` is a shorter run."""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import duckdb

NPA = str(Path(sys.executable).with_name("npa"))
SEED = 20261125
PLACE = "parquet/fact_statistic/dataset_id=BENCH/data.parquet"
KEY = ("statistic_id", "freq", "reporting_type", "ref_area", "sex", "age", "urbanisation", "income_wealth_quantile",
       "education_lev", "disability_status", "other_breakdown", "time_period")  # fmt: skip

# Row i: its place in a cube of 500 series, 100 areas, 3 sexes, 7 ages and its years; a value by hash, which depends on
# the seed only.
_ROWS = """
SELECT 'SERIES_' || lpad((i // 20000)::VARCHAR, 4, '0') AS statistic_id, 'A' AS freq, 'N' AS reporting_type,
       'TJ-' || lpad((i // 200 % 100)::VARCHAR, 2, '0') AS ref_area, ['_T', 'F', 'M'][1 + i % 3] AS sex,
       'Y' || (i // 3 % 7) AS age, '_T' AS urbanisation, '_T' AS income_wealth_quantile, '_T' AS education_lev,
       '_T' AS disability_status, CASE WHEN i % 4 = 0 THEN 'CAUSE=' || i % 16 ELSE '_T' END AS other_breakdown,
       (1900 + i % 200)::VARCHAR AS time_period,
       hash(i, {seed}) % 1000000 / 100.0 + CASE WHEN {changed} THEN 1 ELSE 0 END AS obs_value,
       'PERCENT' AS unit_measure, 0 AS unit_mult, 'A' AS obs_status, 'C' AS nature, NULL::DOUBLE AS lower_bound,
       NULL::DOUBLE AS upper_bound, 'data.csv' AS source_file, (i + 2)::INTEGER AS source_row
FROM range({rows}) AS r(i) WHERE {there} ORDER BY {key}"""


def release(home: Path, release_id: str, rows: int, changed: str, there: str) -> Path:
    """Write a release that has only observations, and return their Parquet file."""
    folder = home / "releases" / release_id
    path = folder / PLACE
    path.parent.mkdir(parents=True)
    sql = _ROWS.format(seed=SEED, rows=rows, changed=changed, there=there, key=", ".join(KEY))
    with duckdb.connect(config={"memory_limit": "6GB", "temp_directory": str(home / "spill")}) as con:
        con.execute("SET enable_progress_bar = false")
        ((count,),) = con.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)").fetchall()
    sha = hashlib.file_digest(path.open("rb"), "sha256").hexdigest()
    manifest: dict[str, object] = dict.fromkeys(
        ("published_at", "as_of", "software_version", "input_fingerprint"), "bench"
    )
    manifest |= {
        "release_id": release_id,
        "inputs": [],
        "outputs": [{"table": "fact_statistic", "path": PLACE, "rows": count, "sha256": sha}],
        "files": [{"path": PLACE, "bytes": path.stat().st_size, "sha256": sha}],
    }
    package = {"resources": [{"name": "fact_statistic", "schema": {"primaryKey": ["dataset_id", *KEY]}}]}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return path


def measured(*command: object) -> tuple[float, float]:
    """Return seconds and gigabytes (the most in memory) of one run of a command."""
    start = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1e6


def main() -> int:
    """Measure, and return exit status 1 if a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rows", type=int, default=10_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        home = Path(name)
        with get_context("spawn").Pool(1) as pool:  # a process started from here would count our own memory as its own
            old = pool.apply(release, (home, "1", options.rows, "false", "true"))
            new = pool.apply(release, (home, "2", options.rows, f"hash(i, {SEED + 1}) % 100 = 0", "i % 100000 <> 5"))
        (home / "current").symlink_to("releases/2")
        join = (
            f"SELECT count(*), count(o.obs_value), count(n.obs_value) FROM '{old}' AS o FULL JOIN '{new}' AS n "
            f"USING (dataset_id, {', '.join(KEY)})"
        )
        bare = [sys.executable, "-c", f'import duckdb; print(duckdb.sql("{join}").fetchall())']
        verdicts = [compared(form, options.runs, home, bare) for form in ("table", "csv")]
    return 0 if all(verdicts) else 1


def compared(form: str, runs: int, home: Path, bare: list[str]) -> bool:
    """Compare `npa diff` in one format with the bare join; print and judge the median ratio and the memory."""
    ours = [NPA, "diff", "1", "2", "--warehouse", home, "--format", form]
    pairs = [(measured(*ours), measured(*bare)) for _ in range(runs)]
    ratios = sorted(a[0] / b[0] for a, b in pairs)
    seconds = [statistics.median(p[side][0] for p in pairs) for side in (0, 1)]
    memory = max(a[1] for a, _ in pairs)
    is_within_limits = statistics.median(ratios) <= 3 and memory < 2
    bare_memory = max(b[1] for _, b in pairs)
    print(f"diff --format {form} / bare full outer join  {seconds[0]:.2f} s / {seconds[1]:.2f} s = "
          f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}), limit 3; memory {memory:.2f} GB, "
          f"limit 2 (bare {bare_memory:.2f} GB)  {'ok' if is_within_limits else 'TOO MUCH'}", flush=True)  # fmt: skip
    return is_within_limits


if __name__ == "__main__":
    sys.exit(main())
