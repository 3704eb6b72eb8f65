"""docs/guides/statistics.md: every key is explained, every example is valid, and the worked examples load
with the values that an independent reading of the files finds."""

import csv
import itertools
import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.code_lists import code_list
from tests.support.command import npa
from tests.support.paths import AS_OF, DATA, ROOT
from transforms.statistics.dataset.columns import vocabulary
from transforms.statistics.dataset.dataset_toml import CODED, TARGETS, Dataset, Defined, Layout
from transforms.statistics.loading.preflight import check_dataset
from transforms.statistics.quality.plausible_ranges import RangeRow, read_ranges

PAGE = ROOT / "docs" / "guides" / "statistics.md"
TEXT = PAGE.read_text(encoding="utf-8")
_TOML = re.compile(r"^```toml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_WORKED = re.split(r"^## Worked example: ", TEXT, flags=re.MULTILINE)[1:]
_HEAD: dict[str, Any] = {"dataset_id": "A", "title": "a", "publisher": "a", "source_url": "a", "licence": "a",
                         "retrieved_on": "2026-01-01", "format": "sdmx-csv", "files": ["a"]}  # fmt: skip


def _examples() -> Iterator[str]:
    yield from _TOML.findall(TEXT)
    part = TEXT[TEXT.index("| key | what it says") : TEXT.index("### [concepts]")]
    yield from re.findall(r"\| `([a-z_]+ = .*)` \|$", part, re.MULTILINE)


@pytest.mark.parametrize("example", list(_examples()))
def test_every_example_is_valid(example: str) -> None:
    only_of_px = {"format": "px"} if example.startswith("language") else {}
    dataset = Dataset.model_validate(_HEAD | only_of_px | tomllib.loads(example))
    others = {name.lower() for name, target in dataset.concepts.items() if target == "other_breakdown"}
    words = {column: vocabulary(column, dataset, {}) for column in (*CODED, *others)}
    listed = {column: known for column, known in words.items() if known.names}
    assert list(check_dataset(dataset, listed, "dataset.toml")) == []


def test_every_key_is_explained_and_no_other() -> None:
    part = TEXT[TEXT.index("| key | what it says") : TEXT.index("### [concepts]")]
    assert sorted(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)) == sorted(Dataset.model_fields)
    part = TEXT[TEXT.index("### [define]") : TEXT.index("### [layout]")]
    assert all(f"`{name}`" in part for name in Defined.model_fields)
    for name, field in Layout.model_fields.items():
        assert f"| `{name}` | {' '.join(str(field.description).split())} |" in TEXT
    part = TEXT[TEXT.index("## Our columns") : TEXT.index("## dataset.toml")]
    assert set(TARGETS) <= set(re.findall(r"`(\w+)`", part))


def test_every_format_is_explained_and_every_link_leads_somewhere() -> None:
    part = TEXT[TEXT.index("## What each format gives") : TEXT.index("## What is rejected")]
    formats = re.findall(r"^\| `([\w-]+)` \|", part, re.MULTILINE)
    assert sorted(formats) == sorted(Dataset.model_fields["format"].annotation.__args__)  # type: ignore[union-attr]
    for page in (PAGE, ROOT / "docs" / "guides" / "join-your-own-table.md"):
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert link.startswith("https://") or (page.parent / link).exists(), link
    for name in re.findall(r"`(?:schemas/code_lists/)?(\w+)\.csv`", TEXT):
        assert (ROOT / "schemas" / "code_lists" / f"{name}.csv").exists(), name


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a release of the plan and the worked examples, each made from only the page and the file it links."""
    raw = Path(shutil.copytree(ROOT / "raw", tmp_path_factory.mktemp("docs") / "raw"))
    shutil.rmtree(raw / "statistics", ignore_errors=True)
    for number, section in enumerate(_WORKED):
        folder = raw / "statistics" / f"example-{number}"
        folder.mkdir(parents=True)
        (folder / "dataset.toml").write_text(_TOML.findall(section)[0], encoding="utf-8")
        if link := re.search(r"\]\(((?:../../)(?:tests/data|raw)/[^)]+)\)", section):
            shutil.copy(PAGE.parent / link[1], folder)
        else:
            (folder / "births.json").write_text(_json(section), encoding="utf-8")
    warehouse = raw.parent / "warehouse"
    done = npa("refresh", "--raw", raw, "--warehouse", warehouse, "--as-of", AS_OF, "--runner", "direct")
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(warehouse / "current" / "npa.duckdb"), read_only=True) as con:
        yield con


def _json(section: str) -> str:
    match = re.search(r"^```json\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    assert match
    return match[1]


def _rows(con: duckdb.DuckDBPyConnection, dataset_id: str, columns: str) -> set[tuple[Any, ...]]:
    values = con.execute(f"SELECT {columns} FROM fact_statistic WHERE dataset_id = $id", {"id": dataset_id}).fetchall()
    assert len(values) == len(set(values)) > 0
    return set(values)


def _worked(name: str) -> dict[str, Any]:
    return next(tomllib.loads(_TOML.findall(section)[0]) for section in _WORKED if section.startswith(name))


def test_the_px_file(loaded: duckdb.DuckDBPyConnection) -> None:
    codes = list(_worked("PC-Axis")["define"]["ref_area"])
    text = (DATA / "px" / "BE0101A1.px").read_text(encoding="latin-1")
    numbers = [float(cell) for cell in text[text.index("DATA=") + 5 :].rstrip().rstrip(";").split()]
    expected = {
        (area, sex, f"marital status={marital}", period, numbers[(((a * 4 + m) * 101 + 100) * 2 + s) * 2 + p])
        for (a, area), (m, marital), (s, sex), (p, period) in itertools.product(
            enumerate(codes), enumerate(["single", "married", "widowed", "divorced"]), enumerate("MF"),
            enumerate(["2004", "2005"]),
        )
    }  # fmt: skip
    values = _rows(loaded, "SCB-BE0101A1", "ref_area, sex, other_breakdown, time_period, obs_value")
    assert values == expected
    assert len(values) == 336


def test_the_sdmx_csv_file(loaded: duckdb.DuckDBPyConnection) -> None:
    with (DATA / "derived-not-official" / "tajstat_sdmx-csv-1.0.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = sorted((row["TIME_PERIOD"], float(row["OBS_VALUE"].replace("\u00a0", ""))) for row in rows)
    assert (
        sorted(
            loaded.sql("SELECT time_period, obs_value FROM fact_statistic WHERE dataset_id = 'DERIVED-AOS'").fetchall()
        )
        == expected
    )


def test_the_json_stat_file(loaded: duckdb.DuckDBPyConnection) -> None:
    section = next(section for section in _WORKED if section.startswith("JSON-stat"))
    values = json.loads(_json(section))["value"]
    places = itertools.product(["TJ-KT", "TJ-SU"], "MF", ["2018", "2019"])
    expected = {(*place, value, "Q" if value is None else None) for place, value in zip(places, values, strict=True)}
    assert _rows(loaded, "BIRTHS", "ref_area, sex, time_period, obs_value, obs_status") == expected


def test_the_excel_table(loaded: duckdb.DuckDBPyConnection) -> None:
    from openpyxl import load_workbook

    sheet = load_workbook(DATA / "sdmx-ml-and-excel" / "16.9.1.xlsx").active
    assert sheet is not None
    statuses = {"-": "M", "(*)": "Q"}
    expected: list[tuple[str, float | None, str | None]] = []
    for row in sheet.iter_rows(min_row=5, values_only=True):
        for year, cell in zip(["2014", "2018", "2023"], row[3:6], strict=True):
            text = "" if cell is None else str(cell).replace(",", ".")
            if text in statuses:
                expected.append((year, None, statuses[text]))
            elif text:
                expected.append((year, float(text.strip("()")), "U" if text.startswith("(") else None))
    result = loaded.sql("SELECT time_period, obs_value, obs_status FROM fact_statistic WHERE dataset_id = 'KGZ-16-9-1'")
    assert sorted(result.fetchall(), key=str) == sorted(expected, key=str)
    men = "SELECT obs_value FROM fact_statistic WHERE dataset_id = 'KGZ-16-9-1' AND sex = 'M' AND time_period = '2018'"
    assert loaded.sql(men).fetchall() == [(99.5,)]
    whole = "ref_area = 'KG' AND sex = '_T' AND age = '_T' AND urbanisation = '_T' AND other_breakdown = '_T'"
    whole += " AND income_wealth_quantile = '_T' AND time_period = '2014' AND dataset_id = 'KGZ-16-9-1'"
    assert loaded.sql(f"SELECT obs_value FROM fact_statistic WHERE {whole}").fetchall() == [(97.7,)]


def test_the_un_series(loaded: duckdb.DuckDBPyConnection) -> None:
    path = next((ROOT / "raw" / "statistics" / "unsd-sdg").glob("*--sh_dyn_mort--*"))
    sexes = {"bothsex": "_T", "female": "F", "male": "M"}
    with path.open(encoding="utf-8", newline="") as file:
        expected = {(sexes[row["sex"]], row["year"], float(row["sh_dyn_mort"])) for row in csv.DictReader(file)}
    assert _rows(loaded, "UN-SH-DYN-MORT", "sex, time_period, obs_value") == expected


def test_the_example_of_plausible_ranges_is_read() -> None:
    part = TEXT[TEXT.index("## Plausible ranges") : TEXT.index("## Whom a series is about")]
    (example,) = re.findall(r"^```csv\n(.*?)^```$", part, re.DOTALL | re.MULTILINE)
    known = {column: set(code_list(column)) for column in ("statistic_id", "ref_area", "unit_measure")}
    rows, problems = read_ranges(example.encode(), "statistics/plausible_ranges.csv", known)
    assert problems == []
    assert [row["least"] for row in rows] == [0, 0, None]
    assert all(f"`{column}`" in part for column in RangeRow.heading().split(","))
