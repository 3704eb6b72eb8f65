"""The history of the warehouse: what stands in it, what changed, going back and holding to it, tidying."""

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.outputs.diff import compare as diff
from flows.outputs.diff.row_pairs import pairs
from flows.releases import hold, retention
from flows.releases.warehouse import Warehouse
from tests.support.command import Run, npa
from tests.support.paths import FOLDER

Told = dict[str, Any]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The warehouse that `refresh` writes to."""
    return tmp_path / "warehouse"


@pytest.fixture(scope="session")
def five(tmp_path_factory: pytest.TempPathFactory, plain_warehouse: Path) -> Path:
    """A warehouse with the release of the real plan, and four nights after it; not to be changed."""
    home = tmp_path_factory.mktemp("five") / "warehouse"
    shutil.copytree(plain_warehouse, home, symlinks=True)
    for night in range(1, 5):
        given = [
            "--raw",
            plain_warehouse.parent / "raw",
            "--warehouse",
            home,
            "--as-of",
            f"2020-01-{night:02d}",
            "--runner",
            "direct",
        ]
        assert npa("refresh", *given).returncode == 0
    return home


@pytest.fixture
def nights(five: Path, home: Path) -> Callable[[int], list[str]]:
    """Have the warehouse be as it was so many nights after its first release; returns all ids, the oldest first."""

    def run(count: int) -> list[str]:
        shutil.rmtree(home, ignore_errors=True)  # what `refresh` has put there
        shutil.copytree(five, home, symlinks=True)
        for surplus in _ids(home)[count + 1 :]:
            shutil.rmtree(home / "releases" / surplus)
        (home / "current").unlink()
        (home / "current").symlink_to(Path("releases") / _ids(home)[-1])
        return _ids(home)

    return run


def _ids(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "releases").iterdir())


def _current(home: Path) -> str:
    return (home / "current").readlink().name


def _asked(home: Path, *arguments: object) -> Any:
    done = npa(*arguments, "--warehouse", home, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# npa releases


def test_releases_say_what_went_in_and_what_came_out(refresh: Run, raw: Path, home: Path) -> None:
    (raw / "progress").mkdir(exist_ok=True)
    (raw / "progress" / "empty.csv").write_text("activity_id,agency_id,time_period,reported_on,status\n")
    assert refresh("--as-of", "2020-01-01").returncode == 0
    new, old = _asked(home, "releases")
    assert (new["release_id"], old["release_id"]) == (_ids(home)[1], _ids(home)[0])
    assert (new["is_current"], old["is_current"]) == ("current", "")
    assert (new["inputs"] - old["inputs"], new["report_files"], new["changed"]) == (1, 1, "+1 as_of")
    assert (new["activities"], new["rows"]["dim_measure"], new["as_of"]) == (129, 56, "2020-01-01")
    told = npa("releases", "--warehouse", home, "--format", "csv").stdout
    assert [row["release_id"] for row in csv.DictReader(io.StringIO(told))] == [new["release_id"], old["release_id"]]
    assert npa("releases", "--warehouse", home).stdout.count("\n") == 3


def test_a_broken_release_does_not_hide_the_others(refresh: Run, home: Path) -> None:
    refresh("--as-of", "2020-01-01")
    (home / "releases" / _ids(home)[0] / "manifest.json").write_text('{"files": [{}]}')
    told = npa("releases", "--warehouse", home)
    assert told.returncode == 0
    assert _ids(home)[1] in told.stdout
    assert "manifest.json" in told.stderr


# npa diff


def test_diff_of_the_last_two(refresh: Run, plan: Path, home: Path) -> None:
    text = plan.read_text(encoding="utf-8")
    before, after = "Develop unified national programme", "Develop a unified national programme"
    assert before in text
    plan.write_text(text.replace(before, after, 1), encoding="utf-8")
    done = refresh()
    assert done.returncode == 0, done.stderr
    found = _asked(home, "diff")
    assert found["inputs"] == {"added": [], "removed": [], "changed": [f"{FOLDER}/{plan.name}"]}
    assert [found[side]["release_id"] for side in ("old", "new")] == _ids(home)
    tables = {table["table_name"]: table for table in found["tables"] if table["rows"] or table["notes"]}
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
    counts = {t["table_name"]: t["removed"] for t in _asked(home, "diff", first, third)["tables"]}
    assert counts["fact_indicator"] == sum(
        r["change"] == "removed" and r["table_name"] == "fact_indicator" for r in rows
    )
    assert not any(table["rows"] for table in _asked(home, "diff", third)["tables"])  # against itself, the current one
    for wrong, told in ((["2"], "3 releases begin with"), (["nothing"], "no release is called, or begins with")):
        bad = npa("diff", "--warehouse", home, *wrong)
        assert (bad.returncode, told in bad.stderr) == (1, True), bad.stderr
    bad = npa("diff", "--warehouse", home, "--format", "csv", "--output", home / "x.csv")
    assert (bad.returncode, "inside the warehouse" in bad.stderr) == (1, True)


def test_diff_of_one_release(warehouse: Path) -> None:
    bad = npa("diff", "--warehouse", warehouse)
    assert (bad.returncode, "holds 1 release; two can be compared" in bad.stderr) == (1, True)


_COLUMNS = "SELECT c0::VARCHAR AS statistic_id, c1::VARCHAR AS time_period, c2 AS obs_value, c3 AS obs_status"


def _release(home: Path, release_id: str, files: Mapping[str, str], keys: Mapping[str, list[str]]) -> None:
    """A small release: Parquet files by path, each by a query; keys by table."""
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
    listed = [{"path": made["path"], "bytes": 1} for made in outputs]
    (folder / "manifest.json").write_text(
        json.dumps(manifest | {"release_id": release_id, "inputs": [], "outputs": outputs, "files": listed})
    )
    resources = [{"name": name, "schema": {"primaryKey": key}} for name, key in keys.items()]
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}))


def _values(*rows: tuple[object, ...]) -> str:
    literals = ", ".join("(" + ", ".join("NULL" if v is None else repr(v) for v in row) + ")" for row in rows)
    return f"{_COLUMNS} FROM (VALUES {literals}) AS t(c0, c1, c2, c3)"


@pytest.mark.parametrize("hashed_from", [0, 10**9])
def test_diff_of_partitions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hashed_from: int) -> None:
    monkeypatch.setattr(diff, "_HASHED_FROM", hashed_from)
    key = {"fact_statistic": ["dataset_id", "statistic_id", "time_period"]}
    same, gone, moved, come = (f"fact_statistic/dataset_id={name}/data.parquet" for name in ("007", "GONE", "M", "NEW"))
    untouched = _values(("A", "2018", 1.0, "A"))
    _release(tmp_path, "1", {
        same: untouched, gone: untouched,
        moved: _values(("A", "2018", 1.5, "A"), ("A", "2019", None, None), ("B", "2018", 2.5, 'a "quote", =1'),
                       ("C", "2018", 0.5, "A")),
    }, key)  # fmt: skip
    _release(tmp_path, "2", {
        same: untouched, come: untouched,
        moved: _values(("A", "2018", 1.5, "A"), ("A", "2019", 7.5, None), ("B", "2018", 2.5, "new"),
                       ("B", "2019", 0.5, "A")),
    }, key)  # fmt: skip
    for release_id in "12":  # what is the same by the manifests is not even opened
        (tmp_path / "releases" / release_id / "parquet" / same).write_bytes(b"")
    warehouse = Warehouse(tmp_path)
    with duckdb.connect() as con:
        (found,) = diff.differences(con, diff.side(warehouse, "1"), diff.side(warehouse, "2"))
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
    assert (found.added, found.removed, found.changed, found.notes) == (2, 2, 2, [])


@pytest.mark.parametrize("hashed_from", [0, 10**9])
def test_diff_of_large_tables_finds_what_python_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hashed_from: int
) -> None:
    monkeypatch.setattr(diff, "_HASHED_FROM", hashed_from)
    text = "CASE WHEN i % 5 = {b} THEN NULL ELSE 'x' || i % 11 END"
    sql = f"SELECT i AS id, (i * {{a}}) % 7 AS n, {text} AS t FROM range(3000) AS r(i)"
    one, other = sql.format(a=1, b=1) + " WHERE i % 13 <> 1", sql.format(a=8, b=2) + " WHERE i % 17 <> 1"
    _release(tmp_path, "1", {"t.parquet": one}, {"t": ["id"]})
    _release(tmp_path, "2", {"t.parquet": other}, {"t": ["id"]})
    warehouse = Warehouse(tmp_path)
    with duckdb.connect() as con:
        before, after = ({row[0]: row[1:] for row in con.execute(q).fetchall()} for q in (one, other))
        (found,) = diff.differences(con, diff.side(warehouse, "1"), diff.side(warehouse, "2"))
        keys = [(change, json.loads(k)["id"]) for change, k, _, _ in pairs(con)]
    wanted = [("added", k) for k in after.keys() - before.keys()] + [
        ("removed", k) for k in before.keys() - after.keys()
    ]
    wanted += [("changed", k) for k in before.keys() & after.keys() if before[k] != after[k]]
    assert keys == sorted(wanted, key=lambda pair: pair[1])
    assert found.differing == len(wanted)


def test_diff_says_which_table_or_column_is_missing(tmp_path: Path) -> None:
    key = {"t": ["id"], "gone": ["id"], "keyless": ["other"]}
    one, other = "SELECT 1 AS id, 2 AS n, 'a' AS old", "SELECT 1 AS id, 2.5::DOUBLE AS n, 'a' AS new"
    _release(tmp_path, "1", {"t.parquet": one, "gone.parquet": one, "keyless.parquet": one, "what.parquet": one}, key)
    _release(tmp_path, "2", {"t.parquet": other, "keyless.parquet": other, "what.parquet": other}, key)
    tables = {t["table_name"]: t for t in _asked(tmp_path, "diff", "1", "2")["tables"]}
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


# npa rollback


def test_rollback_holds_until_something_new_comes(
    nights: Callable[[int], list[str]], refresh: Run, raw: Path, home: Path
) -> None:
    first, second = nights(1)
    done = npa("rollback", first, "--warehouse", home)
    assert (done.returncode, _current(home)) == (0, first), done.stderr
    assert f"publishes nothing until inputs or software are other than those of {second}" in done.stdout
    for day in ("2020-01-02", "2020-01-03"):  # as_of moves every night, and does not count
        night = refresh("--as-of", day)
        assert (night.returncode, night.stdout.startswith(f"held: {first} is held to")) == (0, True), night
        assert second in night.stdout
    assert _ids(home) == [first, second]
    assert {row["release_id"]: row["hold"] for row in _asked(home, "releases")} == {
        first: "held to", second: "rolled back from",
    }  # fmt: skip
    (raw / "progress").mkdir(exist_ok=True)
    (raw / "progress" / "new.csv").write_text("activity_id,agency_id,time_period,reported_on,status\n")
    assert "published" in refresh("--as-of", "2020-01-03").stdout
    (raw / "progress" / "new.csv").unlink()
    assert "published" in refresh("--as-of", "2020-01-04").stdout  # the hold has ended
    assert not (home / "hold.json").exists()


def test_force_ends_the_hold(nights: Callable[[int], list[str]], refresh: Run, home: Path) -> None:
    first, _ = nights(1)
    npa("rollback", first[:16], "--warehouse", home)
    assert "published" in refresh("--as-of", "2020-01-02", "--force").stdout
    assert "published" in refresh("--as-of", "2020-01-03").stdout


def test_another_version_of_the_software_ends_the_hold(nights: Callable[[int], list[str]], home: Path) -> None:
    first, second = nights(1)
    npa("rollback", first, "--warehouse", home)
    warehouse = Warehouse(home)
    manifest = warehouse.manifest(home / "releases" / second)
    found = hold.hold_of(warehouse)
    assert found
    hashes = {given["path"]: given["sha256"] for given in manifest["inputs"]}
    assert found.reason(hold.sources_digest(hashes, manifest["software_version"]))
    assert found.reason(hold.sources_digest(hashes, "0.2.0+other")) is None


def test_two_steps_back_and_one_forward(refresh: Run, raw: Path, home: Path) -> None:
    (raw / "progress").mkdir(exist_ok=True)
    (first,) = _ids(home)
    for name in ("a", "b"):  # each release has inputs of its own
        (raw / "progress" / f"{name}.csv").write_text("activity_id,agency_id,time_period,reported_on,status\n")
        refresh()
    _, second, third = _ids(home)
    for target in (second, first):
        assert npa("rollback", target, "--warehouse", home).returncode == 0
    assert refresh("--as-of", "2020-01-09").stdout.startswith(f"held: {first}")
    (raw / "progress" / "b.csv").unlink()  # back to the inputs of the second, which was left too
    assert second in refresh("--as-of", "2020-01-09").stdout
    npa("rollback", second, "--warehouse", home)  # undoes the second step: only the third is bad now
    (raw / "progress" / "b.csv").write_text("activity_id,agency_id,time_period,reported_on,status\n")
    assert third in refresh("--as-of", "2020-01-09").stdout
    assert "nothing is held back" in npa("rollback", third, "--warehouse", home).stdout
    assert "published" in refresh("--as-of", "2020-01-09").stdout


def test_rollback_that_changes_nothing(nights: Callable[[int], list[str]], home: Path) -> None:
    first, second = nights(1)
    assert "current release already" in npa("rollback", second, "--warehouse", home).stdout
    (home / "releases" / first / "parquet" / "dim_plan.parquet").write_bytes(b"x")
    bad = npa("rollback", first, "--warehouse", home)
    assert (bad.returncode, _current(home)) == (3, second)
    assert f"{first} is damaged: parquet/dim_plan.parquet has 1 bytes" in bad.stderr
    bad = npa("rollback", "20200101", "--warehouse", home)
    assert (bad.returncode, "no release is called, or begins with" in bad.stderr) == (1, True)
    assert not (home / "hold.json").exists()


def test_a_rollback_that_died_before_the_switch_did_nothing(
    nights: Callable[[int], list[str]], refresh: Run, home: Path
) -> None:
    first, second = nights(1)
    warehouse = Warehouse(home)
    digest = hold.digest_of(warehouse.manifest(home / "releases" / second))
    hold.begin(warehouse, first, (hold.Left(second, digest),))
    assert "published" in refresh("--as-of", "2020-01-02").stdout


def test_an_unreadable_hold(nights: Callable[[int], list[str]], refresh: Run, home: Path) -> None:
    first, _ = nights(1)
    npa("rollback", first, "--warehouse", home)
    (home / "hold.json").write_text('{"held_to":')
    bad = refresh("--as-of", "2020-01-02")
    assert (bad.returncode, "hold.json cannot be read" in bad.stderr, _current(home)) == (3, True, first)
    assert "hold.json" in npa("releases", "--warehouse", home).stderr
    assert "published" in refresh("--as-of", "2020-01-02", "--force").stdout
    assert "published" in refresh("--as-of", "2020-01-03").stdout


# npa prune


def test_prune_keeps_the_newest_the_current_and_the_held(nights: Callable[[int], list[str]], home: Path) -> None:
    ids = nights(4)
    npa("rollback", ids[1], "--warehouse", home)
    with duckdb.connect(str(home / "releases" / ids[0] / "npa.duckdb"), read_only=True) as reader:
        done = npa("prune", "--keep", "1", "--warehouse", home)
        assert done.stdout == f"removed 3 releases: {', '.join([ids[0], *ids[2:4]])}\n", done.stderr
        assert reader.execute("SELECT count(*) FROM fact_indicator").fetchone() != (0,)  # it has the file open
    assert _ids(home) == [ids[1], ids[4]]
    assert npa("prune", "--keep", "1", "--warehouse", home).stdout == "no release is surplus\n"
    assert npa("query", "--warehouse", home, "SELECT 1").returncode == 0
    for wrong in (["--keep", "0"], ["--keep", "many"], []):
        assert npa("prune", *wrong, "--warehouse", home).returncode == 2


def test_prune_keeps_the_last_days(nights: Callable[[int], list[str]], home: Path) -> None:
    ids = nights(2)
    old = f"{datetime.now(UTC) - timedelta(days=9):%Y%m%dT%H%M%SZ}-abc"
    shutil.move(home / "releases" / ids[0], home / "releases" / old)
    done = npa("prune", "--keep", "1", "--keep-days", "8", "--warehouse", home)
    assert done.stdout == f"removed 1 releases: {old}\n"
    assert _ids(home) == ids[1:]


def test_refresh_prunes_by_the_setting(nights: Callable[[int], list[str]], refresh: Run, home: Path) -> None:
    ids = nights(3)
    done = refresh("--as-of", "2020-02-01", env={"NPA_KEEP_RELEASES": "2"})
    assert done.returncode == 0
    assert f"removed old releases (NPA_KEEP_RELEASES=2): {', '.join(ids[:3])}" in done.stderr
    assert _ids(home) == [ids[3], _current(home)]
    refresh("--as-of", "2020-02-02", env={"NPA_KEEP_RELEASES": "1"})
    assert len(_ids(home)) == 2  # the one just replaced is left to those who were about to open it
    done = refresh("--as-of", "2020-02-03", env={"NPA_KEEP_RELEASES": "some"})
    assert (done.returncode, 'NPA_KEEP_RELEASES is "some", no whole number' in done.stderr) == (0, True)
    refresh("--as-of", "2020-02-04", env={"NPA_KEEP_RELEASES": "0"})
    assert len(_ids(home)) == 4


def test_what_cannot_be_removed_fails_no_night(
    nights: Callable[[int], list[str]], home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = nights(2)

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setenv("NPA_KEEP_RELEASES", "1")
    monkeypatch.setattr(shutil, "rmtree", refuse)
    retention.prune_after_refresh(Warehouse(home), ids[1])
    assert "old releases were not removed" in capsys.readouterr().err
    monkeypatch.undo()
    assert "cleared away" in npa("prune", "--keep", "9", "--warehouse", home).stderr
    assert _ids(home) == ids[1:]
