"""`npa export`: the files for SDMX and Open SDG tools have the values of the release, to the last bit.

sdg-build itself is on no package index, and needs pandas 1 and pydantic 1, which conflict with npa. So the Open
SDG files are checked against the documented format (open-sdg.readthedocs.io: "Data format", "Indicator configuration"),
and read as sdg-build 2.3 reads them: InputCsvData by pandas.read_csv, InputYamlMeta by PyYAML's FullLoader. Once, in an
environment of its own, sdg-build has read, checked, validated and built both exports
(docs/decisions/2026-11-25-open-sdg-export.md)."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from importlib import import_module
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from pysdmx.io import read_sdmx
from pysdmx.model import Codelist, Components

from tests.support.command import npa
from tests.support.paths import LOCKS, ROOT

Rows = list[dict[str, str]]
_DIMENSIONS = ["FREQ", "INDICATOR", "PLAN", "AGENCY", "TIME_PERIOD"]
_COUNTS = ["NUMERATOR", "DENOMINATOR", "EXCLUDED", "WITHOUT_EVIDENCE", "STALE", "SELF_DATED"]
_FACTS = """
SELECT frequency, indicator_id, plan_id, agency_id, time_period, value, numerator, denominator, excluded,
       without_evidence, stale, self_dated, as_of
FROM fact_indicator JOIN dim_time_period USING (time_period)"""


@pytest.fixture(params=["warehouse", "example"])
def released(request: pytest.FixtureRequest) -> Path:
    """Return the real plan without reports, then the plan with invented reports."""
    return Path(request.getfixturevalue(request.param))


def _export(form: str, warehouse: Path, folder: Path) -> Path:
    done = npa("export", form, "--warehouse", warehouse, "--output", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert str(folder) in done.stdout
    return folder


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _ask(warehouse: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(warehouse / "current" / "npa.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- SDMX


def test_sdmx_data_equal_the_release(released: Path, tmp_path: Path) -> None:
    rows = _rows(_export("sdmx", released, tmp_path) / "data.csv")
    columns = [*_DIMENSIONS, "OBS_VALUE", *_COUNTS, "UNIT_MEASURE", "OBS_STATUS", "AS_OF"]
    assert list(rows[0]) == ["STRUCTURE", "STRUCTURE_ID", "ACTION", *columns]
    assert {(r["STRUCTURE"], r["STRUCTURE_ID"], r["ACTION"]) for r in rows} == {
        ("dataflow", "NPA:DF_INDICATORS(1.1.0)", "R")
    }
    assert all((r["OBS_VALUE"] == "NaN") == (r["OBS_STATUS"] == "M") for r in rows)
    exported = [
        (
            *(r[name] for name in _DIMENSIONS),
            None if r["OBS_VALUE"] == "NaN" else float(r["OBS_VALUE"]),
            *(int(r[name]) if r[name] else None for name in _COUNTS),
            date.fromisoformat(r["AS_OF"]),
        )
        for r in rows
    ]
    assert sorted(exported, key=str) == sorted(_ask(released, _FACTS), key=str)
    assert exported == sorted(exported, key=lambda row: row[1:5])
    assert any(r["OBS_STATUS"] == "M" for r in rows)


def test_sdmx_structures_fit_the_data(released: Path, tmp_path: Path) -> None:
    folder = _export("sdmx", released, tmp_path)
    message = read_sdmx(folder / "structures.xml", validate=True)  # by the schemas of SDMX-ML 2.1 too
    (flow,), (dsd,) = message.get_dataflows(), message.get_data_structure_definitions()
    (concepts,) = message.get_concept_schemes()
    rows = _rows(folder / "data.csv")
    assert {f"Dataflow={row['STRUCTURE_ID']}" for row in rows} == {flow.short_urn}
    assert flow.structure == dsd.short_urn
    assert [c.id for c in dsd.components.dimensions] == _DIMENSIONS
    assert [c.id for c in dsd.components.measures] == ["OBS_VALUE"]
    assert {c.id for c in dsd.components.attributes} == {*_COUNTS, "UNIT_MEASURE", "OBS_STATUS", "AS_OF"}
    assert {c.id for c in concepts.items} == {c.id for c in dsd.components}
    (agencies,) = message.get_agency_schemes()
    assert {c.agency for c in (flow, dsd, concepts)} <= {agency.id for agency in agencies.items}
    _check_components(dsd.components, rows)
    assert len({tuple(row[name] for name in _DIMENSIONS) for row in rows}) == len(rows)


def _check_components(components: Components, rows: Rows) -> None:
    """Check that every column is a component, that codes are in its code list, and that mandatory values are there."""
    assert set(rows[0]) == {c.id for c in components} | {"STRUCTURE", "STRUCTURE_ID", "ACTION"}
    coded = set()
    for component in components:
        values = {row[component.id] for row in rows}
        assert not component.required or "" not in values, component.id
        if isinstance(component.local_codes, Codelist):
            codes = [code.id for code in component.local_codes.items]
            assert values <= set(codes), component.id
            assert len(codes) == len(set(codes))
            assert all(re.fullmatch(r"[A-Za-z0-9_@$\-]+", code) for code in codes)
            coded.add(component.id)
    assert coded == {"FREQ", "INDICATOR", "PLAN", "AGENCY", "UNIT_MEASURE", "OBS_STATUS"}


@pytest.mark.client
def test_pysdmx_reads_data_and_structures_together(example: Path, tmp_path: Path) -> None:
    """Install pyarrow for pysdmx, which reads data with it only; npa does without."""
    lock = LOCKS / "pysdmx-data.lock"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "--target", str(tmp_path / "lib"), "-r", str(lock)], check=True, capture_output=True)
    folder = _export("sdmx", example, tmp_path / "out")
    code = f"""
import json
from pysdmx.io import get_datasets
(data,) = get_datasets("data.csv", "structures.xml")
assert type(data.structure).__name__ == "Schema", data.structure
assert data.action.name == "Replace", data.action
assert set(data.data.columns) == {{c.id for c in data.structure.components}}, data.data.columns
rows = data.data[{[*_DIMENSIONS, "OBS_VALUE"]}].to_numpy(dtype=object).tolist()
print(json.dumps([[*map(str, key), None if value != value else float(value)] for *key, value in rows]))
"""
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "lib")}
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    facts = [list(row[:6]) for row in _ask(example, _FACTS)]
    assert sorted(json.loads(done.stdout), key=str) == sorted(facts, key=str)


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("CL_INDICATOR", "SELECT indicator_id, name FROM dim_indicator"),
        ("CL_PLAN", "SELECT plan_id, title FROM dim_plan UNION ALL SELECT '_T', 'Total'"),
        ("CL_AGENCY", "SELECT agency_id, name FROM dim_agency UNION ALL SELECT '_T', 'Total'"),
    ],
)
def test_sdmx_codes_have_the_names_of_the_release(name: str, sql: str, warehouse: Path, tmp_path: Path) -> None:
    message = read_sdmx(_export("sdmx", warehouse, tmp_path) / "structures.xml")
    codes = message.get_codelist(f"Codelist=NPA:{name}(1.1.0)").items
    assert sorted((code.id, code.name) for code in codes) == sorted(_ask(warehouse, sql), key=str)
    assert codes[0].id == "_T" or name == "CL_INDICATOR"


# --- Open SDG


def test_open_sdg_data_are_the_years_of_the_release(released: Path, tmp_path: Path) -> None:
    folder = _export("open-sdg", released, tmp_path) / "data"
    indicators = {str(row[0]) for row in _ask(released, "SELECT indicator_id FROM dim_indicator")}
    assert {path.name for path in folder.iterdir()} == {f"indicator_{name}.csv" for name in indicators}
    exported = []
    for path in folder.iterdir():
        records = _rows(path)
        assert path.read_bytes().splitlines()[0] == b"Year,PLAN,AGENCY,Value"
        assert any((row["PLAN"], row["AGENCY"]) == ("", "") for row in records)  # what a page shows first
        indicator = path.stem.removeprefix("indicator_")
        exported += [(indicator, r["Year"], r["PLAN"] or "_T", r["AGENCY"] or "_T", r["Value"]) for r in records]
    facts = (
        "SELECT indicator_id, time_period, plan_id, agency_id, value FROM fact_indicator WHERE length(time_period) = 4"
    )
    # A blank means "aggregated over" in a column of breakdown, and "missing" in Value.
    values = [(*row[:4], None if row[4] == "" else float(row[4])) for row in exported]
    assert sorted(values, key=str) == sorted(_ask(released, facts), key=str)
    assert any(value is None for *_, value in values)


def test_open_sdg_data_as_sdg_build_reads_them(released: Path, tmp_path: Path) -> None:
    """Make the checks of sdg-build's check_csv: Year first, Value last, both numbers, no blanks around texts."""
    for path in (_export("open-sdg", released, tmp_path) / "data").iterdir():
        frame = pd.read_csv(path)
        assert list(frame.columns) == ["Year", "PLAN", "AGENCY", "Value"]
        assert frame["Year"].dtype.kind == "i"
        assert frame["Value"].dtype.kind in "if"
        assert not frame.isna().all(axis=1).any()
        for column in ("PLAN", "AGENCY"):
            texts = frame[column].dropna().astype(str)
            assert (texts == texts.str.strip()).all()


def _metadata(path: Path) -> dict[str, object]:
    yaml = import_module("yaml")  # PyYAML comes with prefect
    metadata: dict[str, object] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.FullLoader)
    return metadata


def test_open_sdg_metadata(released: Path, tmp_path: Path) -> None:
    """Check that the fields that Open SDG requires of a statistical indicator are there, with the release's values."""
    folder = _export("open-sdg", released, tmp_path)
    (as_of,) = _ask(released, "SELECT as_of::VARCHAR FROM release")[0]
    rows = _ask(released, "SELECT indicator_id, name, unit, definition FROM dim_indicator")
    assert {path.stem for path in (folder / "meta").iterdir()} == {row[0] for row in rows}
    for indicator, name, unit, definition in rows:
        metadata = _metadata(folder / "meta" / f"{indicator}.yml")
        assert (metadata["indicator_number"], metadata["indicator_name"], metadata["graph_title"]) == (
            indicator,
            name,
            name,
        )
        assert (metadata["computation_units"], metadata["STAT_CONC_DEF"]) == (unit, definition)
        assert (metadata["standalone"], metadata["data_non_statistical"], metadata["graph_type"]) == (
            True,
            False,
            "line",
        )
        assert metadata["national_geographical_coverage"]
        assert str(as_of) in str(metadata["data_footnote"])
        has_values = any(row["Value"] for row in _rows(folder / "data" / f"indicator_{indicator}.csv"))
        assert metadata["reporting_status"] == ("complete" if has_values else "notstarted")


def test_open_sdg_indicator_without_a_value(warehouse: Path, tmp_path: Path) -> None:
    """Draw no chart and claim no zero: nobody has reported, so no delay is known."""
    folder = _export("open-sdg", warehouse, tmp_path)
    assert _metadata(folder / "meta" / "MEDIAN_DELAY_DAYS.yml")["reporting_status"] == "notstarted"
    assert {row["Value"] for row in _rows(folder / "data" / "indicator_MEDIAN_DELAY_DAYS.csv")} == {""}


# --- Both


@pytest.mark.parametrize("form", ["sdmx", "open-sdg"])
def test_one_release_is_one_export(form: str, released: Path, tmp_path: Path) -> None:
    first, second = (_bytes(_export(form, released, tmp_path / name)) for name in ("a", "b"))
    assert first == second
    assert first


@pytest.mark.parametrize("form", ["sdmx", "open-sdg"])
def test_the_order_of_rows_does_not_depend_on_the_store(form: str, warehouse: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(warehouse, tmp_path / "warehouse", symlinks=True))
    with duckdb.connect(str(copy / "current" / "npa.duckdb")) as con:
        con.execute("CREATE TEMP TABLE shuffled AS FROM fact_indicator ORDER BY hash(fact_indicator)")
        con.execute("DELETE FROM fact_indicator")
        con.execute("INSERT INTO fact_indicator FROM shuffled")
    assert _bytes(_export(form, copy, tmp_path / "a")) == _bytes(_export(form, warehouse, tmp_path / "b"))


@pytest.fixture
def changed(warehouse: Path, tmp_path: Path) -> Path:
    """Return a release with names that have special characters of markup, and an indicator that has no row."""
    copy = Path(shutil.copytree(warehouse, tmp_path / "warehouse", symlinks=True))
    with duckdb.connect(str(copy / "current" / "npa.duckdb")) as con:
        con.execute("UPDATE dim_agency SET name = 'A & B <c> \"d\" ''e'' # f: ҳ' WHERE agency_id = 'TJK-AOS'")
        con.execute(
            "UPDATE dim_indicator SET name = '- \"a\": {b}, # c & <d> ҳ \\n' WHERE indicator_id = 'OVERDUE_RATE'"
        )
        con.execute("DELETE FROM fact_indicator WHERE indicator_id = 'OVERDUE_RATE'")
    return copy


def test_names_with_special_characters_of_markup(changed: Path, tmp_path: Path) -> None:
    message = read_sdmx(_export("sdmx", changed, tmp_path / "a") / "structures.xml", validate=True)
    names = {code.id: code.name for code in message.get_codelist("Codelist=NPA:CL_AGENCY(1.1.0)").items}
    assert names["TJK-AOS"] == "A & B <c> \"d\" 'e' # f: ҳ"
    folder = _export("open-sdg", changed, tmp_path / "b")
    metadata = _metadata(folder / "meta" / "OVERDUE_RATE.yml")
    assert (metadata["indicator_name"], metadata["reporting_status"]) == ('- "a": {b}, # c & <d> ҳ \\n', "notstarted")
    assert (folder / "data" / "indicator_OVERDUE_RATE.csv").read_text(encoding="utf-8") == "Year,PLAN,AGENCY,Value\n"


@pytest.mark.parametrize(("form", "name"), [("sdmx", "data.csv"), ("open-sdg", "meta/OVERDUE_RATE.yml")])
def test_other_files_in_the_folder_stay(form: str, name: str, warehouse: Path, tmp_path: Path) -> None:
    fresh = _bytes(_export(form, warehouse, tmp_path / "fresh"))
    folder = tmp_path / "site"
    for path, text in (
        (name, "of an export before"),
        ("data/indicator_1-1-1.csv", "of others"),
        ("README", "of others"),
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    others = {"data/indicator_1-1-1.csv": b"of others", "README": b"of others"}
    assert _bytes(_export(form, warehouse, folder)) == fresh | others


@pytest.mark.parametrize(
    ("form", "name"), [("sdmx", "structures.xml"), ("open-sdg", "meta/STATUS_SHARE_SUSPENDED.yml")]
)
def test_all_files_or_no_file(form: str, name: str, warehouse: Path, tmp_path: Path) -> None:
    (tmp_path / name).mkdir(parents=True)
    (tmp_path / "data.csv").write_text("old", encoding="utf-8")
    done = npa("export", form, "--warehouse", warehouse, "--output", tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert f"{name} is a folder" in done.stderr
    assert _bytes(tmp_path) == {"data.csv": b"old"}
    assert not list(tmp_path.glob(".npa-*"))


@pytest.mark.parametrize("form", ["sdmx", "open-sdg"])
def test_impossible_outputs(form: str, warehouse: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / ("data" if form == "open-sdg" else "data.csv")).symlink_to(warehouse / "current" / "parquet")
    for output, status, reason in (
        (tmp_path / "file", 3, "it is a file; name a folder"),
        (tmp_path / "file" / "below", 3, "cannot be written"),
        (Path("/proc/npa"), 3, "cannot be written"),
        (warehouse / "current", 1, "inside the warehouse"),
        (tmp_path / "site", 1, "inside the warehouse"),
    ):
        before = sorted(warehouse.rglob("*"))
        done = npa("export", form, "--warehouse", warehouse, "--output", output)
        assert (done.returncode, done.stdout) == (status, ""), done.stderr
        assert reason in done.stderr
        assert str(output) in done.stderr
        assert "Traceback" not in done.stderr
        assert sorted(warehouse.rglob("*")) == before
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
    assert not list(tmp_path.rglob(".npa-*"))


def test_no_release_yet(tmp_path: Path) -> None:
    for form in ("sdmx", "open-sdg"):
        done = npa("export", form, "--warehouse", tmp_path / "none", "--output", tmp_path / "out")
        assert (done.returncode, done.stdout) == (1, "")
        assert "holds no release yet" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_broken_release(changed: Path, tmp_path: Path) -> None:
    (changed / "current" / "npa.duckdb").write_bytes(b"no database")
    done = npa("export", "sdmx", "--warehouse", changed, "--output", tmp_path / "out")
    assert (done.returncode, done.stdout) == (3, "")
    assert "npa refresh --force" in done.stderr
    assert not (tmp_path / "out").exists()


def test_wrong_usage(warehouse: Path, tmp_path: Path) -> None:
    for arguments in (["excel", "--output", tmp_path], ["sdmx"], ["--output", tmp_path], ["sdmx", "open-sdg"]):
        assert npa("export", "--warehouse", warehouse, *arguments).returncode == 2, arguments
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--help"], ["open-sdg", "--output", "out"], ["sdmx", "--output", "out"]])
def test_imports_only_what_it_needs(arguments: list[str], warehouse: Path, tmp_path: Path) -> None:
    heavy = {"pandas", "pandera", "prefect"} | (set() if "sdmx" in arguments else {"pysdmx", "lxml"})
    code = (
        "import atexit, sys; from flows.cli import main\n"
        f"try: main(sys.argv[1:])\nfinally: print(sorted({heavy!r} & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "export", *arguments, "--warehouse", str(warehouse)]
    env = {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "[]\n")
