"""SDMX-ML Generic: a million observations, and a bare lxml.iterparse of the same file; CPU time, in one run."""

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
DIMENSIONS = (
    *("FREQ", "REPORTING_TYPE", "SERIES", "REF_AREA", "SEX", "AGE", "URBANISATION", "INCOME_WEALTH_QUANTILE"),
    *("EDUCATION_LEV", "OCCUPATION", "CUST_BREAKDOWN", "COMPOSITE_BREAKDOWN", "DISABILITY_STATUS", "ACTIVITY"),
    "PRODUCT",
)  # as the file of AOS has them
NEWER = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
FIRST_YEAR, YEARS = 2000, 20

BARE = """
import sys
from lxml import etree
for _, element in etree.iterparse(sys.argv[1]):
    element.clear()
"""
OURS = """
import sys, datetime, pathlib, duckdb
from flows.sources.formats.sdmx.ml import read
from transforms.statistics.dataset.dataset_toml import Dataset
described = Dataset.model_validate({
    **dict.fromkeys(("dataset_id", "title", "publisher", "source_url", "licence"), "x"),
    "retrieved_on": datetime.date(2026, 1, 1), "format": "sdmx-ml", "files": ["x"]})
with duckdb.connect(config={"memory_limit": "300MB"}) as con:
    source = read(con, pathlib.Path(sys.argv[1]), described, pathlib.Path(sys.argv[2]))
    if len(sys.argv) > 3:
        print(source.relation.aggregate("count(*)").fetchall())
"""


def generic_20(series: list[tuple[str, str]], observations: list[tuple[int, str, str]]) -> str:
    """Return one series as SDMX Converter 7 writes it (the file of AOS)."""
    key = "".join(f'      <generic:Value concept="{n}" value="{v}"></generic:Value>\n' for n, v in series)
    obs = "".join(
        f"    <generic:Obs>\n      <generic:Time>{year}</generic:Time>\n"
        f'      <generic:ObsValue value="{value}"></generic:ObsValue>\n      <generic:Attributes>\n'
        f'        <generic:Value concept="OBS_STATUS" value="{status}"></generic:Value>\n'
        '        <generic:Value concept="UNIT_MULT" value="0"></generic:Value>\n'
        '        <generic:Value concept="NATURE" value="C"></generic:Value>\n'
        "      </generic:Attributes>\n    </generic:Obs>\n"
        for year, value, status in observations
    )
    return (
        f"  <generic:Series>\n    <generic:SeriesKey>\n{key}    </generic:SeriesKey>\n    <generic:Attributes>\n"
        '      <generic:Value concept="UNIT_MEASURE" value="PT"></generic:Value>\n    </generic:Attributes>\n'
        f"{obs}  </generic:Series>\n"
    )


def generic_21(series: list[tuple[str, str]], observations: list[tuple[int, str, str]]) -> str:
    """Return the same in 2.1, as the services of offices write it."""
    return (
        generic_20(series, observations)
        .replace("concept=", "id=")
        .replace("<generic:Time>", '<generic:ObsDimension value="')
        .replace("</generic:Time>", '"/>')
        .replace("></generic:Value>", "/>")
        .replace("></generic:ObsValue>", "/>")
    )


def write(path: Path, rows: int, version: str, series: Callable[..., str]) -> None:
    """Write a message of about `rows` observations, always the same."""
    drawn = random.Random(2026)
    base = "http://www.SDMX.org/resources/SDMXML/schemas/v2_0" if version == "v2_0" else NEWER
    generic = f"{base}/generic" if version == "v2_0" else f"{base}/data/generic"
    with path.open("w", encoding="utf-8") as file:
        file.write(f'<message:GenericData xmlns:generic="{generic}" xmlns:message="{base}/message">\n')
        file.write('<message:Header><message:Structure dimensionAtObservation="TIME_PERIOD"/></message:Header>\n')
        file.write("<message:DataSet>\n")
        for number in range(rows // YEARS):
            key = [(name, drawn.choice(("A", "_T", "F", "M"))) for name in DIMENSIONS]
            key[2] = ("SERIES", f"S{number}")
            file.write(
                series(
                    key,
                    [
                        (FIRST_YEAR + year, f"{drawn.uniform(0, 100):.2f}", drawn.choice("AAAE"))
                        for year in range(YEARS)
                    ],
                )
            )
        file.write("</message:DataSet>\n</message:GenericData>\n")


def cpu(code: str, *arguments: object) -> float:
    """Return the CPU seconds of a Python process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code, *map(str, arguments)], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peak(code: str, *arguments: object) -> float:
    """Return the megabytes that a Python process needs at most."""
    measured_code = code + "\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run(
        [sys.executable, "-c", measured_code, *map(str, arguments)], check=True, cwd=ROOT, capture_output=True
    )
    return int(done.stdout.split()[-1]) / 1024


def main() -> int:
    """Measure, and return exit status 1 if a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    verdicts = []
    for version, series in (("v2_0", generic_20), ("v2_1", generic_21)):
        with tempfile.TemporaryDirectory() as name:
            path, small = Path(name) / "large.xml", Path(name) / "small.xml"
            write(path, options.rows, version, series)
            write(small, options.rows // 10, version, series)
            pairs = []
            for _ in range(options.runs):
                with tempfile.TemporaryDirectory() as folder:
                    pairs.append((cpu(OURS, path, folder, "count"), cpu(BARE, path)))
            ratio = statistics.median(ours / bare for ours, bare in pairs)
            with tempfile.TemporaryDirectory() as folder:
                tenth, whole = peak(OURS, small, folder), peak(OURS, path, folder)
            ours, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
            verdicts += [ratio <= 2, whole <= 1.2 * tenth]
            print(
                f"SDMX-ML {version} Generic, {options.rows} observations, {path.stat().st_size / 1e6:.0f} MB: "
                f"{ours:.2f} s / {bare:.2f} s = {ratio:.2f} (limit 2); {whole:.0f} MB, for a tenth {tenth:.0f} MB",
                flush=True,
            )
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
