"""A night in which one document of a thousand changed, and one in which only the day changed: both compared with a
build of all of them from nothing, in time, and in its Parquet files byte for byte."""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from run import NPA, copies

LIMIT = 0.7
AS_OF = "2017-12-31"  # before anything is monitored


def spent(*command: object) -> tuple[float, float]:
    """Return seconds by the clock and of the processor, of one run of a command."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def parquet(warehouse: Path) -> dict[str, bytes]:
    """Return the Parquet files of the current release, except `release`, which has the time."""
    folder = warehouse / "current" / "parquet"
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}
    del files["release.parquet"]
    return files


def main() -> int:
    """Measure all, and return exit status 1 if the limit is passed or the bytes differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        work = Path(name)
        copies(work / "raw", options.documents)
        plan = next((work / "raw" / "plans" / "aaa-npa-2018").glob("*.txt"))
        text = plan.read_text(encoding="utf-8")
        refresh: list[object] = [NPA, "refresh", "--runner", "direct", "--raw", work / "raw", "--as-of", AS_OF]
        spent(*refresh, "--warehouse", work / "nights")
        full, night, same = [], [], []
        for number in range(options.runs):
            plan.write_text(text.replace("Family Code", f"Family Code {number}"), encoding="utf-8")
            night.append(spent(*refresh, "--warehouse", work / "nights"))
            shutil.rmtree(work / "full", ignore_errors=True)
            full.append(spent(*refresh, "--warehouse", work / "full"))
            if parquet(work / "nights") != parquet(work / "full"):
                print("the release is not what a build from nothing makes")
                return 1
            day = f"2016-12-{number + 1:02d}"
            same.append(spent(*refresh, "--warehouse", work / "nights", "--as-of", day))
        size = max((path / "npa.duckdb").stat().st_size for path in (work / "nights" / "releases").iterdir())
    print(f"{options.documents} documents, medians of {options.runs}; the largest database {size / 1e6:.0f} MB")
    is_quick = compare("one document changed / from nothing", night, full)
    compare("only the day changed / from nothing", same, full)
    return 0 if is_quick else 1


def compare(what: str, ours: list[tuple[float, float]], full: list[tuple[float, float]]) -> bool:
    """Print the ratios of time by the clock and of the processor; return True if the former is within the limit."""
    a, b = (statistics.median(clock for clock, _ in times) for times in (ours, full))
    c, d = (statistics.median(cpu for _, cpu in times) for times in (ours, full))
    verdict = "ok" if a <= LIMIT * b else "TOO SLOW"
    print(f"{what:42} {a:6.2f} s / {b:6.2f} s = {a / b:5.2f}  limit {LIMIT}  {verdict}"
          f"  (processor: {c:.2f} s / {d:.2f} s = {c / d:.2f})", flush=True)  # fmt: skip
    return a <= LIMIT * b


if __name__ == "__main__":
    sys.exit(main())
