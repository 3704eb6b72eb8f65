"""`npa diff`: the differences between two releases."""

import csv
import hashlib
import io
import itertools
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from flows.outputs.diff import compare as diff
from flows.outputs.diff.compare import pairs
from flows.releases.warehouse import Warehouse
from tests.support.command import Run, npa
from tests.support.history import answer, release_ids
from tests.support.paths import FOLDER
from tests.support.small_country import Small, make_raw
from tests.support.warm_process import Warm


def test_diff_of_the_last_two(refresh: Run, plan: Path, home: Path) -> None:
    text = plan.read_text(encoding="utf-8")
    before, after = "Develop unified national programme", "Develop a unified national programme"
    assert before in text
    plan.write_text(text.replace(before, after, 1), encoding="utf-8")
    done = refresh()
    assert done.returncode == 0, done.stderr
    differences = answer(home, "diff")
    assert differences["inputs"] == {"added": [], "removed": [], "changed": [f"{FOLDER}/{plan.name}"]}
    assert [differences[side]["release_id"] for side in ("old", "new")] == release_ids(home)
    tables = {table["table_name"]: table for table in differences["tables"] if table["rows"] or table["notes"]}
    assert set(tables) == {"dim_activity", "dim_document", "source_line"}
    assert {key: tables["dim_activity"][key] for key in ("added", "removed", "changed", "notes")} == {
        "added": 0, "removed": 0, "changed": 1, "notes": [],
    }  # fmt: skip
    (row,) = tables["dim_activity"]["rows"]
    assert (row["change"], list(row["key"])) == ("changed", ["activity_id"])
    assert row["new"] == {"activity_text": row["old"]["activity_text"].replace(before, after)}

    listed = list(csv.DictReader(io.StringIO(npa("diff", "--warehouse", home, "--format", "csv").stdout)))
    of_text = next(line for line in listed if line["column_name"] == "activity_text")
    assert json.loads(of_text["key"]) == row["key"]
    assert (of_text["old_value"], of_text["new_value"]) == (row["old"]["activity_text"], row["new"]["activity_text"])
    shown = npa("diff", "--warehouse", home).stdout
    assert f"~ {row['key']['activity_id']}  activity_text: {row['old']['activity_text']} →" in shown
    assert "release, which says when, is left out" in shown


def test_diff_names_releases_and_is_capped(nights: Callable[[int], list[str]], home: Path, tmp_path: Path) -> None:
    first, second, third = nights(2)
    shown = npa("diff", "--warehouse", home, first, second, "--limit", "3").stdout
    assert f"all rows: npa diff {first} {second} --format csv --output diff.csv" in shown
    assert shown.count("\n  ~ ") + shown.count("\n  - ") < 40
    output = tmp_path / "diff.csv"
    assert npa("diff", "--warehouse", home, first, "current", "--format", "csv", "--output", output).stdout == ""
    rows = list(csv.DictReader(io.StringIO(output.read_text(encoding="utf-8"))))
    counts = {t["table_name"]: t["removed"] for t in answer(home, "diff", first, third)["tables"]}
    assert counts["fact_indicator"] == sum(
        r["change"] == "removed" and r["table_name"] == "fact_indicator" for r in rows
    )
    assert not any(table["rows"] for table in answer(home, "diff", third)["tables"])  # the current one, with itself
    for wrong, reason in ((["2"], "3 releases begin with"), (["nothing"], "no release is called, or begins with")):
        bad = npa("diff", "--warehouse", home, *wrong)
        assert (bad.returncode, reason in bad.stderr) == (1, True), bad.stderr
    bad = npa("diff", "--warehouse", home, "--format", "csv", "--output", home / "x.csv")
    assert (bad.returncode, "inside the warehouse" in bad.stderr) == (1, True)


def test_diff_of_one_release(warehouse: Path) -> None:
    bad = npa("diff", "--warehouse", warehouse)
    assert (bad.returncode, "holds 1 release; two can be compared" in bad.stderr) == (1, True)


_COLUMNS = "SELECT c0::VARCHAR AS statistic_id, c1::VARCHAR AS time_period, c2 AS obs_value, c3 AS obs_status"


def _release(home: Path, release_id: str, files: Mapping[str, str], keys: Mapping[str, list[str]]) -> None:
    """Write a small release: Parquet files by path, each by a query; keys by table."""
    folder = home / "releases" / release_id
    outputs = []
    with duckdb.connect() as con:
        for name, sql in files.items():
            path = folder / "parquet" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            ((rows,),) = con.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)").fetchall()
            sha = hashlib.sha256(path.read_bytes()).hexdigest()
            outputs.append({"table": name.partition("/")[0].removesuffix(".parquet"), "path": f"parquet/{name}",
                            "rows": rows, "sha256": sha})  # fmt: skip
    manifest = dict.fromkeys(("published_at", "as_of", "software_version", "input_fingerprint"), "x")
    listed = [{"path": output["path"], "bytes": 1} for output in outputs]
    (folder / "manifest.json").write_text(
        json.dumps(manifest | {"release_id": release_id, "inputs": [], "outputs": outputs, "files": listed})
    )
    resources = [{"name": name, "schema": {"primaryKey": key}} for name, key in keys.items()]
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}))


def _values(*rows: tuple[object, ...]) -> str:
    literals = ", ".join("(" + ", ".join("NULL" if v is None else repr(v) for v in row) + ")" for row in rows)
    return f"{_COLUMNS} FROM (VALUES {literals}) AS t(c0, c1, c2, c3)"


def test_diff_of_partitions(tmp_path: Path) -> None:
    key = {"fact_statistic": ["dataset_id", "statistic_id", "time_period"]}
    same, removed, moved, added = (
        f"fact_statistic/dataset_id={name}/data.parquet" for name in ("007", "GONE", "M", "NEW")
    )
    untouched = _values(("A", "2018", 1.0, "A"))
    _release(tmp_path, "1", {
        same: untouched, removed: untouched,
        moved: _values(("A", "2018", 1.5, "A"), ("A", "2019", None, None), ("B", "2018", 2.5, 'a "quote", =1'),
                       ("C", "2018", 0.5, "A")),
    }, key)  # fmt: skip
    _release(tmp_path, "2", {
        same: untouched, added: untouched,
        moved: _values(("A", "2018", 1.5, "A"), ("A", "2019", 7.5, None), ("B", "2018", 2.5, "new"),
                       ("B", "2019", 0.5, "A")),
    }, key)  # fmt: skip
    for release_id in "12":  # files that are the same by the manifests are not even opened
        (tmp_path / "releases" / release_id / "parquet" / same).write_bytes(b"")
    warehouse = Warehouse(tmp_path)
    with duckdb.connect() as con:
        (differences,) = diff.differences(con, diff.side(warehouse, "1"), diff.side(warehouse, "2"))
        rows = [(change, *json.loads(k).values(), old and json.loads(old), new and json.loads(new))
                for change, k, old, new in pairs(con)]  # fmt: skip
    whole = {"obs_value": 1.0, "obs_status": "A"}
    assert rows == [
        ("removed", "GONE", "A", "2018", whole, None),
        ("changed", "M", "A", "2019", {"obs_value": None}, {"obs_value": 7.5}),
        ("changed", "M", "B", "2018", {"obs_status": 'a "quote", =1'}, {"obs_status": "new"}),
        ("added", "M", "B", "2019", None, {"obs_value": 0.5, "obs_status": "A"}),
        ("removed", "M", "C", "2018", {"obs_value": 0.5, "obs_status": "A"}, None),
        ("added", "NEW", "A", "2018", None, whole),
    ]
    assert (differences.added, differences.removed, differences.changed, differences.notes) == (2, 2, 2, [])


def test_diff_of_large_tables_finds_what_python_finds(tmp_path: Path) -> None:
    text = "CASE WHEN i % 5 = {b} THEN NULL ELSE 'x' || i % 11 END"
    sql = f"SELECT i AS id, (i * {{a}}) % 7 AS n, {text} AS t FROM range(3000) AS r(i)"
    before_sql, after_sql = sql.format(a=1, b=1) + " WHERE i % 13 <> 1", sql.format(a=8, b=2) + " WHERE i % 17 <> 1"
    _release(tmp_path, "1", {"t.parquet": before_sql}, {"t": ["id"]})
    _release(tmp_path, "2", {"t.parquet": after_sql}, {"t": ["id"]})
    warehouse = Warehouse(tmp_path)
    with duckdb.connect() as con:
        before, after = ({row[0]: row[1:] for row in con.execute(q).fetchall()} for q in (before_sql, after_sql))
        (differences,) = diff.differences(con, diff.side(warehouse, "1"), diff.side(warehouse, "2"))
        keys = [(change, json.loads(k)["id"]) for change, k, _, _ in pairs(con)]
    expected = [("added", k) for k in after.keys() - before.keys()] + [
        ("removed", k) for k in before.keys() - after.keys()
    ]
    expected += [("changed", k) for k in before.keys() & after.keys() if before[k] != after[k]]
    assert keys == sorted(expected, key=lambda pair: pair[1])
    assert differences.differing == len(expected)


def test_diff_says_which_table_or_column_is_missing(tmp_path: Path) -> None:
    key = {"t": ["id"], "gone": ["id"], "keyless": ["other"]}
    old, new = "SELECT 1 AS id, 2 AS n, 'a' AS old", "SELECT 1 AS id, 2.5::DOUBLE AS n, 'a' AS new"
    _release(tmp_path, "1", {"t.parquet": old, "gone.parquet": old, "keyless.parquet": old, "what.parquet": old}, key)
    _release(tmp_path, "2", {"t.parquet": new, "keyless.parquet": new, "what.parquet": new}, key)
    tables = {t["table_name"]: t for t in answer(tmp_path, "diff", "1", "2")["tables"]}
    lacking = ["the older release lacks column new", "the newer release lacks column old"]
    assert sorted(tables["t"]["notes"]) == sorted(lacking)
    assert tables["t"]["rows"] == [{"change": "changed", "key": {"id": 1}, "old": {"n": "2"}, "new": {"n": "2.5"}}]
    assert (tables["gone"]["removed"], tables["gone"]["notes"]) == (1, ["the newer release lacks this table"])
    assert tables["keyless"]["notes"][0] == "not compared: a column of the key is missing in one"
    assert tables["what"]["notes"][0] == "not compared: no key is known"


def test_diff_of_a_damaged_release(nights: Callable[[int], list[str]], home: Path) -> None:
    first, _ = nights(1)
    (home / "releases" / first / "parquet" / "fact_indicator.parquet").write_bytes(b"no Parquet")
    bad = npa("diff", "--warehouse", home)
    assert (bad.returncode, "cannot be compared" in bad.stderr, "Traceback" in bad.stderr) == (3, True, False)


def test_diff_leaves_out_what_only_a_later_day_adds(process: Warm, tmp_path: Path) -> None:
    """A year begins, a day passes, and the day passes on which reports about a year are due."""
    small = Small(make_raw(tmp_path / "raw"), tmp_path / "warehouse", process)
    for as_of in ("2020-12-31", "2021-01-01", "2021-02-01"):
        assert small.refresh(as_of=as_of).returncode == 0
    for old, new in itertools.pairwise(release_ids(small.home)):
        tables = {t["table_name"]: t for t in answer(small.home, "diff", old, new)["tables"] if t["rows"] or t["notes"]}
        whole = {t["table_name"]: t for t in answer(small.home, "diff", old, new, "--all")["tables"]}
        shown = tables["fact_indicator"]
        (note,) = shown["notes"]
        sentence, _, left_out = note.rpartition(" ")
        assert sentence == "left out, --all shows them: rows that only the later as_of adds or dates again:"
        assert len(shown["rows"]) + int(left_out) == len(whole["fact_indicator"]["rows"])
        assert not whole["fact_indicator"]["notes"]
        for row in shown["rows"]:  # a figure that is another one, not only a later one
            assert row["change"] == "changed"
            assert set(row["new"]) - {"as_of", "obs_status"}, row
    unchanged = answer(small.home, "diff", old, old)
    assert not any(table["notes"] for table in unchanged["tables"])


def test_diff_names_changed_definitions(tmp_path: Path) -> None:
    columns = "indicator_id, version, definition, numerator, denominator, exclusions, unit"
    versions = "('A', 1, 'x', 'n', 'd', 'e', 'u'), ('B', {}, 'x', 'n', 'd', 'e', 'u')"
    key = {"dim_indicator": ["indicator_id"]}
    for release_id, sql in (
        ("1", f"SELECT * EXCLUDE (version) FROM (VALUES {versions.format(1)}) AS t({columns})"),
        ("2", f"SELECT * FROM (VALUES {versions.format(1)}) AS t({columns})"),
        ("3", f"SELECT * FROM (VALUES {versions.format(2)}) AS t({columns})"),
    ):
        _release(tmp_path, release_id, {"dim_indicator.parquet": sql}, key)
    assert answer(tmp_path, "diff", "1", "2")["definitions"] == []  # the words are the same
    changed = {"indicator_id": "B", "old_version": 1, "new_version": 2}
    assert answer(tmp_path, "diff", "2", "3")["definitions"] == [changed]
    sentence = "definitions changed, version 1 to 2, so that figures are not to be compared: B"
    assert sentence in npa("diff", "--warehouse", tmp_path, "2", "3").stdout
    assert sentence in npa("diff", "--warehouse", tmp_path, "2", "3", "--format", "csv").stdout
