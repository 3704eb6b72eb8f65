"""The duration of npa's commands (`make bench`), as ratios to the bare floor, measured side by side in one run."""

import argparse
import os
import pickle
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ROOT = Path(__file__).parent.parent
NPA = str(Path(sys.executable).with_name("npa"))
AS_OF = "2026-11-24"


def timed(*command: object) -> float:
    """Return the seconds of one run of a command."""
    start = time.perf_counter()
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    return time.perf_counter() - start


def ratio(
    name: str, limit: float, runs: int, ours: list[object], floor: list[object], fresh: Path | None = None
) -> bool:
    """Run the two in turn; print the median of the pairwise ratios, their spread, and whether the limit holds."""
    pairs = []
    for _ in range(runs + 1):
        if fresh:
            shutil.rmtree(fresh, ignore_errors=True)
        pairs.append((timed(*ours), timed(*floor)))
    pairs = pairs[1:]  # the first fills the caches
    ratios = sorted(a / b for a, b in pairs)
    median = statistics.median(ratios)
    seconds = [statistics.median(column) for column in zip(*pairs, strict=True)]
    verdict = "ok" if median <= limit else "TOO SLOW"
    print(f"{name:42} {seconds[0]:6.2f} s / {seconds[1]:6.2f} s = {median:5.2f}  ({ratios[0]:.2f} to {ratios[-1]:.2f})"
          f"  limit {limit}  {verdict}", flush=True)  # fmt: skip
    return median <= limit


def prepare_floor(path: Path, release: Path) -> None:
    """Store ready frames of a release's tables, with their DDL, for the floor."""
    from schemas.generated import ddl
    from schemas.tables import TABLES

    with duckdb.connect(str(release / "npa.duckdb"), read_only=True) as con:
        tables = [
            (t.name, ddl.create_table(t), ", ".join(t.key), con.execute(f"FROM {t.name}").df()) for t in TABLES.values()
        ]
    path.write_bytes(pickle.dumps(tables))


def copies(raw: Path, count: int) -> None:
    """Write `count` copies of the plan, each of a country of its own: AAA, AAB, …, on which no reports are due."""
    source = ROOT / "raw" / "plans" / "tjk-npa-2018"
    texts = {path.name: path.read_text(encoding="utf-8") for path in source.iterdir()}
    texts["plan.toml"] = re.sub(r"\[reporting\][^\[]*", "", texts["plan.toml"])
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for number in range(count):
        country = letters[number // 676] + letters[number // 26 % 26] + letters[number % 26]
        folder = raw / "plans" / f"{country.lower()}-npa-2018"
        folder.mkdir(parents=True)
        for name, text in texts.items():
            (folder / name).write_text(text.replace("TJK", country), encoding="utf-8")


def main() -> int:
    """Run all benchmarks, and return exit status 1 if a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        work = Path(name)
        shutil.copytree(ROOT / "raw" / "plans", work / "alone" / "plans")
        options_of_refresh: list[object] = ["--runner", "direct", "--as-of", AS_OF, "--warehouse", work / "warehouse"]
        refresh: list[object] = [NPA, "refresh", *options_of_refresh, "--raw", work / "alone"]
        timed(*refresh)
        prepare_floor(work / "frames.pickle", work / "warehouse" / "current")
        bare: list[object] = [sys.executable, "-c", "import duckdb"]
        floor: list[object] = [sys.executable, ROOT / "benchmarks" / "floor.py", work / "frames.pickle", work / "floor"]
        verdicts = [ratio("refresh / floor", 2.0, options.runs, [*refresh, "--force"], floor, work / "floor")]
        verdicts.append(ratio("up to date / import duckdb", 2, options.runs, refresh, bare))
        query: list[object] = [NPA, "query", "--warehouse", work / "warehouse", "select 1"]
        verdicts.append(ratio("query 'select 1' / import duckdb", 2, options.runs, query, bare))
        verdicts.append(ratio("--help / import duckdb", 2, options.runs, [NPA, "--help"], bare))
        status: list[object] = [NPA, "status", "--warehouse", work / "warehouse"]
        verdicts.append(ratio("status / import duckdb", 2, options.runs, status, bare))
        for watched in ("health", "releases"):
            command: list[object] = [NPA, watched, "--warehouse", work / "warehouse"]
            verdicts.append(ratio(f"{watched} / import duckdb", 2, options.runs, command, bare))
        verdicts += reports(work, refresh, options.runs, options.rows)
        verdicts.append(many(work, refresh, options.documents))
    return 0 if all(verdicts) else 1


def reports(work: Path, without: list[object], runs: int, rows: int) -> list[bool]:
    """Measure what reports add to a refresh, compared with the bare reading of the same files: a million rows of CSV,
    and 20 workbooks of each of 40 agencies."""
    from reports import write_csv, write_workbooks

    release, verdicts = work / "warehouse" / "current", []
    table, books = work / "table" / "progress" / "rows.csv", work / "books" / "progress"
    write_csv(release, table, rows)
    write_workbooks(release, books, 800)
    into = f"'{work / 'rows.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
    copied = f"COPY (FROM read_csv('{table}', all_varchar = true)) TO {into}"
    calamine = (
        "import sys, pathlib, python_calamine as c\nfor p in pathlib.Path(sys.argv[1]).rglob('*.xlsx'):\n"
        "    b = c.CalamineWorkbook.from_path(p)\n    [b.get_sheet_by_name(n).to_python() for n in b.sheet_names]"
    )
    for name, limit, raw, floor in (
        (
            f"{rows} report rows / bare read and write",
            10,
            work / "table",
            ["-c", f'import duckdb; duckdb.execute("{copied}")'],
        ),
        ("800 workbooks / calamine", 10, work / "books", ["-c", calamine, books]),
    ):
        shutil.copytree(ROOT / "raw" / "plans", raw / "plans")
        added, bare = [], []
        for _ in range(max(3, runs // 2)):
            alone = [*without, "--force", "--accept-removals"]  # of the reports of the run before
            added.append(timed(*alone, "--raw", raw) - timed(*alone))
            bare.append(timed(sys.executable, *floor))
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
        verdicts.append(
            print_ratio(name, statistics.median(added), statistics.median(bare), limit, f"memory {memory:.2f} GB")
        )
    return verdicts


def print_ratio(name: str, ours: float, floor: float, limit: float, memory: str) -> bool:
    """Print one ratio, and whether its limit holds."""
    verdict = "ok" if ours <= limit * floor else "TOO SLOW"
    print(
        f"{name:42} {ours:6.2f} s / {floor:6.2f} s = {ours / floor:5.2f}  {memory}  limit {limit}  {verdict}",
        flush=True,
    )
    return ours <= limit * floor


def many(work: Path, refresh: list[object], count: int) -> bool:
    """Compare a thousand documents with one, in seconds and memory: only the plans, before anything is monitored."""
    copies(work / "raw", count)
    before = ["--as-of", "2017-12-31"]
    alone = statistics.median(timed(*refresh, "--force", *before) for _ in range(5))
    together = timed(NPA, "refresh", "--runner", "direct", *before, "--raw", work / "raw", "--warehouse", work / "many")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    is_within_limits = together <= 25 * alone and memory < 1.5
    print(f"{f'{count} documents / one':42} {together:6.2f} s / {alone:6.2f} s = {together / alone:5.2f}  limit 25, "
          f"{together / count * 1000:.0f} ms a document, memory {memory:.2f} GB, limit 1.5"
          f"  {'ok' if is_within_limits else 'TOO MUCH'}", flush=True)  # fmt: skip
    return is_within_limits


if __name__ == "__main__":
    sys.exit(main())
