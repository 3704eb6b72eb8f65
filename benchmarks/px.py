"""Time for a PC-Axis file and for a bare split of its text, in turn, in one run; exit status 1 past a limit."""

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from flows.sources.formats.px import reader as px
from transforms.statistics.dataset.dataset_toml import Dataset

SECONDS_A_MILLION = 5
RATIO = 3
CON = duckdb.connect()
SIZES = {"region": 80, "sex": 3, "age": 21, "type": 10}
DATASET = Dataset(
    dataset_id="bench",
    title="Invented",
    publisher="npa",
    source_url="none",
    licence="CC0",
    retrieved_on=date(2026, 11, 25),
    format="px",
    files=["bench.px"],
)


def write(path: Path, cells: int) -> int:
    """Write an invented cube of about so many cells, one in twenty a mark, always the same; return their number."""
    picked = random.Random(20261125)
    years = max(1, cells // (80 * 3 * 21 * 10))
    sizes = {**SIZES, "year": years}
    lines = ['CHARSET="ANSI";', 'CODEPAGE="utf-8";', 'UNITS="persons";', 'CONTENTS="Children";']
    lines += ['STUB="region","sex","age","type";', 'HEADING="year";']
    for name, size in sizes.items():
        lines.append(f'VALUES("{name}")=' + ",".join(f'"{name} номер {n}"' for n in range(size)) + ";")
        lines.append(f'CODES("{name}")=' + ",".join(f'"{name[:1].upper()}{n:03}"' for n in range(size)) + ";")
    lines.append('TIMEVAL("year")=TLIST(A1),' + ",".join(f'"{1900 + n}"' for n in range(years)) + ";")
    with path.open("w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\nDATA=\n")
        for _ in range(80 * 3 * 21 * 10):
            row = ['".."' if picked.random() < 0.05 else f"{picked.uniform(0, 9e4):.1f}" for _ in range(years)]
            file.write(" ".join(row) + " \n")
        file.write(";\n")
    return 80 * 3 * 21 * 10 * years


def ours(path: Path) -> None:
    """Read, and compute every column of every row."""
    with tempfile.TemporaryDirectory() as folder, CON.cursor() as con:
        relation = px.read(con, path, DATASET, Path(folder)).relation
        lengths = ", ".join(f"sum(strlen({name}::VARCHAR))" for name in relation.columns)
        con.sql(f"SELECT {lengths} FROM ({relation.sql_query()})").fetchall()


def into_table(path: Path) -> None:
    """Read, and put every row into a table in memory."""
    with tempfile.TemporaryDirectory() as folder, CON.cursor() as con:
        px.read(con, path, DATASET, Path(folder)).relation.create("read")
        con.sql("DROP TABLE read")


def bare(path: Path) -> None:
    """Split the text into cells."""
    text = path.read_text(encoding="utf-8")
    text[text.index("DATA=") :].replace('"', " ").replace(",", " ").replace(";", " ").replace("\t", " ").split()


def seconds(run: Callable[[Path], None], path: Path) -> float:
    """Return the seconds of one run."""
    start = time.perf_counter()
    run(path)
    return time.perf_counter() - start


def main() -> int:
    """Print the medians, and whether the limits hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--cells", type=int, default=1_000_000)
    parser.add_argument("--memory-of", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory_of:
        ours(options.memory_of)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
        return 0
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "bench.px"
        cells = write(path, options.cells)
        # first, because a process inherits the peak of the one that starts it
        peak = subprocess.run(
            [sys.executable, __file__, "--memory-of", path], check=True, capture_output=True, text=True
        )
        runs = [[seconds(run, path) for run in (ours, bare, into_table)] for _ in range(options.runs + 1)][1:]
    mine, floor, table = (statistics.median(column) for column in zip(*runs, strict=True))
    ratio = statistics.median(a / b for a, b, _ in runs)
    is_within_limits = ratio <= RATIO and mine <= SECONDS_A_MILLION * cells / 1e6
    print(
        f"{f'{cells} cells of PC-Axis / bare split':42} {mine:6.2f} s / {floor:6.2f} s = {ratio:5.2f}  limit {RATIO}, "
        f"{SECONDS_A_MILLION} s a million  {'ok' if is_within_limits else 'TOO SLOW'}; "
        f"memory {float(peak.stdout):.2f} GB; into a table {table:.2f} s"
    )
    return 0 if is_within_limits else 1


if __name__ == "__main__":
    sys.exit(main())
